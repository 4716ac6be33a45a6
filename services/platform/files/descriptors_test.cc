#include "services/platform/files/descriptors.h"

#include <sys/resource.h>

#include <algorithm>

#include "gtest/gtest.h"

namespace redress::files {
namespace {

TEST(DescriptorsTest, TheLimitIsRaisedToTheMostThereIs) {
  struct rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  struct rlimit lowered = before;
  lowered.rlim_cur = std::min<rlim_t>(before.rlim_max, 300);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &lowered), 0);
  EXPECT_EQ(GetDescriptorShares().limit, static_cast<int>(lowered.rlim_cur));

  EXPECT_EQ(RaiseDescriptorLimit().limit,
            static_cast<int>(std::min<rlim_t>(before.rlim_max, 1 << 20)));

  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST(DescriptorsTest, TheSharesLeaveTheStoreSomeOfItsOwn) {
  for (const int limit : {kFewestDescriptors, 1024, 1 << 20}) {
    const DescriptorShares shares{limit};
    EXPECT_LT(shares.connections_below(), shares.sent_files_below());
    // What opens and closes again: logs, tables being written, folders, calls to other services.
    EXPECT_LE(shares.sent_files_below() + shares.tables() + 64, limit);
  }
}

}  // namespace
}  // namespace redress::files
