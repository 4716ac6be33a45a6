#include "services/platform/journal/commit.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/audit/audit_log.h"
#include "services/platform/journal/keys.h"
#include "services/platform/kv/memory_store.h"
#include "services/platform/status/refusal.h"

namespace redress::journal {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

RequestIdentity Request(std::string id, std::string content = "content") {
  return {"kh:desk-1", std::move(id), "AcceptReferral", DigestContent(content)};
}

class CommitTest : public testing::Test {
 protected:
  absl::StatusOr<Committed> Commit(ChangeSet changes) {
    return RunToEnd(executor_, CommitChange(store_, std::move(changes), &followers_));
  }
  std::string Reason(const absl::Status& status) {
    const std::optional<Refusal> refusal = GetRefusal(status);
    return refusal.has_value() ? refusal->reason : "";
  }
  kv::Version PutHead(std::string value) {
    ChangeSet changes;
    changes.Put("head", std::move(value));
    return Commit(std::move(changes)).value().version;
  }

  async::ManualExecutor executor_;
  kv::MemoryStore store_{executor_};
  EventFollowers followers_{executor_};
};

TEST_F(CommitTest, WhoAsksForMoreThanOneCommitHoldsIsToldSo) {
  ChangeSet changes;
  for (size_t i = 0; i <= kv::kMaxOperationsPerCommit; ++i) {
    changes.Put("row " + std::to_string(i), "value");
  }
  const absl::Status status = Commit(std::move(changes)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Reason(status), "TOO_MUCH_AT_ONCE");
}

TEST_F(CommitTest, EverythingIsLeftBehindAtOnce) {
  audit::AuditLeaf leaf;
  leaf.verb = "AcceptReferral";
  ChangeSet changes;
  changes.ExpectAbsent("head").Put("head", "1").Delete("index");
  changes.AppendEvent("event 1").Audit(leaf).AppendOutbox("my", "envelope").AppendEvent("event 2");
  changes.Remember(Request("r-1"), "KH-26-0000417-X/R1", "answer");

  const absl::StatusOr<Committed> committed = Commit(std::move(changes));

  ASSERT_TRUE(committed.ok()) << committed.status();
  EXPECT_EQ(committed->version, 1u);
  EXPECT_THAT(committed->event_numbers, ElementsAre(1, 2));
  EXPECT_THAT(committed->outbox_numbers, ElementsAre(1));
  EXPECT_EQ(committed->repeated, std::nullopt);
  const auto get = [this](std::string key) {
    return RunToEnd(executor_, store_.Get(std::move(key))).value();
  };
  EXPECT_EQ(get("head")->version, 1u);
  EXPECT_EQ(get(kv::LogKey(EventLog(), 2))->value, "event 2");
  EXPECT_EQ(get(kv::LogKey(OutboxLog("my"), 1))->value, "envelope");
  EXPECT_EQ(RunToEnd(executor_, audit::ReadAuditLog(store_, 0, 10)).value()[0].leaf, leaf);
  EXPECT_EQ(get(RequestKey("kh:desk-1", "r-1"))->version, 1u);
}

TEST_F(CommitTest, AStaleVersionIsRefusedWithTheCurrentOne) {
  const kv::Version first = PutHead("1");
  const kv::Version second = PutHead("2");
  ChangeSet changes;
  changes.ExpectVersion("head", first).Put("head", "3").Remember(Request("r-1"), "", "");

  const absl::Status status = Commit(std::move(changes)).status();

  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(GetRefusal(status), (Refusal{"ETAG_STALE", {{"etag", std::to_string(second)}}}));
  EXPECT_EQ(GetConflictKey(status), "head");
}

TEST_F(CommitTest, AVersionOfSomethingGoneIsStaleToo) {
  ChangeSet changes;
  changes.ExpectVersion("head", 7);
  const absl::Status status = Commit(std::move(changes)).status();
  EXPECT_EQ(GetRefusal(status), (Refusal{"ETAG_STALE", {{"etag", ""}}}));
}

TEST_F(CommitTest, WhatHadToBeNewIsAborted) {
  PutHead("1");
  ChangeSet changes;
  changes.ExpectAbsent("head").Put("head", "2");
  const absl::Status status = Commit(std::move(changes)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(Reason(status), "");
  EXPECT_EQ(GetConflictKey(status), "head");
}

TEST_F(CommitTest, ARepeatThatWasOvertakenGetsTheFirstOnesAnswer) {
  const kv::Version head = PutHead("1");
  const auto accept = [head](std::string answer) {
    ChangeSet changes;
    changes.ExpectVersion("head", head).Put("head", "2").AppendEvent("accepted");
    changes.Remember(Request("r-1"), "id", std::move(answer));
    return changes;
  };
  const Committed first = Commit(accept("first")).value();

  // Both passed FindRequest before either committed; the etag is stale by now as well.
  const absl::StatusOr<Committed> second = Commit(accept("second"));

  ASSERT_TRUE(second.ok()) << second.status();
  ASSERT_TRUE(second->repeated.has_value());
  EXPECT_EQ(second->repeated->answer, "first");
  EXPECT_EQ(second->version, first.version);
  EXPECT_THAT(second->event_numbers, IsEmpty());
  EXPECT_EQ(RunToEnd(executor_, LastEventNumber(store_)).value(), 1u);
}

TEST_F(CommitTest, AnOvertakenRequestWithOtherContentIsRefused) {
  ChangeSet first;
  first.Remember(Request("r-1"), "", "");
  ASSERT_TRUE(Commit(std::move(first)).ok());
  ChangeSet second;
  second.Remember(Request("r-1", "other"), "", "");
  const absl::Status status = Commit(std::move(second)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Reason(status), "REQUEST_ID_REUSED");
}

TEST_F(CommitTest, ALostAnswerIsReadBack) {
  const auto changes = [](std::string id) {
    ChangeSet made;
    made.AppendEvent("event").Remember(Request(std::move(id)), "id", "answer");
    return made;
  };
  store_.AnswerNextCommit(kv::CommitOutcome::kUnknown, /*apply=*/true);
  const absl::StatusOr<Committed> done = Commit(changes("r-1"));
  ASSERT_TRUE(done.ok()) << done.status();
  EXPECT_EQ(done->repeated->answer, "answer");
  EXPECT_EQ(done->version, 1u);

  store_.AnswerNextCommit(kv::CommitOutcome::kUnknown, /*apply=*/false);
  const absl::Status not_done = Commit(changes("r-2")).status();
  EXPECT_EQ(not_done.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Reason(not_done), "COMMIT_UNKNOWN");

  store_.AnswerNextCommit(kv::CommitOutcome::kUnknown, /*apply=*/true);
  ChangeSet without_request;
  without_request.Put("a", "1");
  EXPECT_EQ(Reason(Commit(std::move(without_request)).status()), "COMMIT_UNKNOWN");
}

TEST_F(CommitTest, WhatCannotBeReadIsSaidAndNotCalledUnknown) {
  store_.AnswerNextCommit(kv::CommitOutcome::kUnread);
  ChangeSet changes;
  changes.AppendEvent("event").Remember(Request("r-1"), "id", "answer");
  EXPECT_TRUE(absl::IsDataLoss(Commit(std::move(changes)).status()));
}

TEST_F(CommitTest, FollowersHearOfEventsWhoseAnswerWasLost) {
  store_.AnswerNextCommit(kv::CommitOutcome::kUnknown, /*apply=*/true);
  ChangeSet changes;
  changes.AppendEvent("event").Remember(Request("r-1"), "id", "answer");
  ASSERT_TRUE(Commit(std::move(changes)).ok());
  async::CancellationToken never;
  const async::Wake wake = RunToEndInVirtualTime(
      executor_, followers_.WaitBeyond(0, std::move(never), absl::Seconds(1)));
  EXPECT_EQ(wake, async::Wake::kNotified);
}

TEST_F(CommitTest, EveryOtherOutcomeHasItsStatus) {
  store_.AnswerNextCommit(kv::CommitOutcome::kNoSpace);
  const absl::Status full = Commit(ChangeSet()).status();
  EXPECT_EQ(full.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(Reason(full), "STORE_FULL");

  store_.AnswerNextCommit(kv::CommitOutcome::kStopped);
  const absl::Status stopped = Commit(ChangeSet()).status();
  EXPECT_EQ(stopped.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Reason(stopped), "SHUTTING_DOWN");

  ChangeSet too_large;
  too_large.Put("a", std::string(kv::kMaxValueBytes + 1, 'x'));
  EXPECT_EQ(Commit(std::move(too_large)).status().code(), absl::StatusCode::kInvalidArgument);
  ChangeSet malformed;
  malformed.Put("", "x");
  EXPECT_EQ(Commit(std::move(malformed)).status().code(), absl::StatusCode::kInternal);
}

TEST_F(CommitTest, FollowersHearOfNewEvents) {
  async::Wake wake = async::Wake::kTimedOut;
  bool done = false;
  Spawn(executor_,
        [](EventFollowers* followers, async::Wake* wake, bool* done) -> async::Task<void> {
          async::CancellationToken never;
          *wake = co_await followers->WaitBeyond(0, std::move(never));
          *done = true;
        }(&followers_, &wake, &done));
  executor_.RunUntilIdle();
  EXPECT_FALSE(done);

  ChangeSet changes;
  changes.AppendEvent("event");
  ASSERT_TRUE(Commit(std::move(changes)).ok());
  executor_.RunUntilIdle();

  EXPECT_TRUE(done);
  EXPECT_EQ(wake, async::Wake::kNotified);
}

}  // namespace
}  // namespace redress::journal
