#include "services/platform/journal/restored_mark.h"

#include <utility>

#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/kv/memory_store.h"

namespace redress::journal {
namespace {

const RestoredMark kMark{.restores = 2,
                         .last_commit = 4711,
                         .taken_at = absl::FromUnixSeconds(1'790'000'000),
                         .restored_at = absl::FromUnixSeconds(1'790'003'600)};

TEST(RestoredMarkTest, AMarkReadsBackAsItWasWritten) {
  EXPECT_EQ(DecodeRestoredMark(EncodeRestoredMark(kMark)).value(), kMark);
}

TEST(RestoredMarkTest, ADamagedMarkIsDataLoss) {
  std::string bytes = EncodeRestoredMark(kMark);
  bytes.pop_back();
  EXPECT_EQ(DecodeRestoredMark(bytes).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(DecodeRestoredMark("").status().code(), absl::StatusCode::kDataLoss);
}

TEST(RestoredMarkTest, NumbersGoOnFromTheNextMultipleOfTheJump) {
  EXPECT_EQ(SkippedUpTo(0), kRestoredJump);
  EXPECT_EQ(SkippedUpTo(4711), kRestoredJump);
  EXPECT_EQ(SkippedUpTo(kRestoredJump - 1), kRestoredJump);
  EXPECT_EQ(SkippedUpTo(kRestoredJump), 2 * kRestoredJump);
  EXPECT_EQ(SkippedUpTo(kRestoredJump + 12), 2 * kRestoredJump);
}

TEST(RestoredMarkTest, AStoreTellsWhetherItWasRestoredAndSinceWhichCommit) {
  async::ManualExecutor executor;
  kv::MemoryStore store(executor);
  EXPECT_EQ(async::RunToEnd(executor, ReadRestoredMark(store)).value(), std::nullopt);
  kv::Change change;
  change.mutations.push_back(kv::Mutation::Put(RestoredMarkKey(), EncodeRestoredMark(kMark)));
  const kv::CommitResult written = async::RunToEnd(executor, store.Commit(std::move(change)));
  RestoredMark expected = kMark;
  expected.version = written.version;
  EXPECT_EQ(async::RunToEnd(executor, ReadRestoredMark(store)).value(), expected);
}

}  // namespace
}  // namespace redress::journal
