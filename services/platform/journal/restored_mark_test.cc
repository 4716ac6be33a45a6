#include "services/platform/journal/restored_mark.h"

#include <utility>

#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/kv/memory_store.h"
#include "services/platform/kv/record_codec.h"

namespace redress::journal {
namespace {

const RestoredMark kMark{.restores = 2,
                         .new_restores = 2,
                         .generation = 1'790'003'600,
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

TEST(RestoredMarkTest, AMarkOfAnEarlierReleaseIsReadAndItsPeersCompareHowOftenItWas) {
  const std::string bytes = kv::RecordWriter(1)
                                .Number(2)
                                .Number(4711)
                                .Signed(absl::ToUnixMicros(kMark.taken_at))
                                .Signed(absl::ToUnixMicros(kMark.restored_at))
                                .Take();
  RestoredMark expected = kMark;
  expected.new_restores = 1;
  expected.generation = 2;
  EXPECT_EQ(DecodeRestoredMark(bytes).value(), expected);
}

TEST(RestoredMarkTest, AGenerationRisesWithTheClockAndWithoutIt) {
  const absl::Time now = absl::FromUnixSeconds(1'790'000'000);
  EXPECT_EQ(NextGeneration(0, now), 1'790'000'000u);
  EXPECT_EQ(NextGeneration(2, now), 1'790'000'000u);
  EXPECT_EQ(NextGeneration(1'790'000'000, now), 1'790'000'001u);
  EXPECT_EQ(NextGeneration(1'790'000'000, absl::InfinitePast()), 1'790'000'001u);
  EXPECT_EQ(NextGeneration(UINT32_MAX, absl::InfiniteFuture()), UINT32_MAX);
}

// Two restores of one backup differ by how often it was restored, or by the clock alone.
TEST(RestoredMarkTest, NumbersGoOnAboveTheBackupAndAboveEarlierRestoresOfIt) {
  constexpr uint32_t kThen = 1'790'000'000;
  const kv::Version first = SkippedUpTo(4711, 1, kThen);
  EXPECT_EQ(first, kRestoredJump + kThen * kv::Version{1'000'000});
  EXPECT_EQ(SkippedUpTo(4711, 2, kThen), first + kRestoredJump);
  EXPECT_EQ(SkippedUpTo(4711, 1, kThen + 60), first + 60'000'000);
  EXPECT_EQ(SkippedUpTo(first + 12, 1, 2), (first / kRestoredJump + 1) * kRestoredJump);
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
