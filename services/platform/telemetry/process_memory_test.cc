#include "services/platform/telemetry/process_memory.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/telemetry/metrics.h"

namespace redress::telemetry {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ProcessMemoryTest, WhatIsWrittenToIsResident) {
  const uint64_t before = ReadProcessMemory().resident;
  constexpr size_t kMore = size_t{64} << 20;
  const std::string more(kMore, 'x');
  ASSERT_EQ(more.back(), 'x');
  EXPECT_GE(ReadProcessMemory().resident, before + kMore * 9 / 10);
}

TEST(ProcessMemoryTest, AnotherAllocatorIsNotAsked) {
  // Tests are not linked with jemalloc; tests/e2e/memory_test.py asks services, which are.
  EXPECT_FALSE(ReadProcessMemory().heap.has_value());
}

TEST(ProcessMemoryTest, MetricsTellTheHeapWhereItIsKnown) {
  Metrics metrics("kh", "intake");
  metrics.SetMemory({.resident = 900});
  EXPECT_THAT(metrics.Text(), HasSubstr("figure=\"resident_bytes\"} 900"));
  EXPECT_THAT(metrics.Text(), Not(HasSubstr("heap_in_use_bytes")));
  metrics.SetMemory({.resident = 900, .heap = ProcessMemory::Heap{.in_use = 300, .pages = 400}});
  EXPECT_THAT(metrics.Text(), HasSubstr("figure=\"heap_in_use_bytes\"} 300"));
  EXPECT_THAT(metrics.Text(), HasSubstr("figure=\"heap_page_bytes\"} 400"));
}

}  // namespace
}  // namespace redress::telemetry
