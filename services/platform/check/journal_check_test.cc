#include "services/platform/check/journal_check.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/audit/audit_log.h"
#include "services/platform/journal/commit.h"
#include "services/platform/journal/keys.h"
#include "services/platform/kv/memory_store.h"

namespace redress::check {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr uint8_t kOwnTable = 0x10;

class JournalCheckTest : public testing::Test {
 protected:
  JournalCheckTest() {
    rules_.event = [](std::string_view bytes) {
      return bytes == "bad" ? absl::DataLossError("cannot be read") : absl::OkStatus();
    };
    rules_.request = [](const journal::RequestRow& row) {
      return row.answer == "bad" ? absl::DataLossError("cannot be read") : absl::OkStatus();
    };
    rules_.tables = {kOwnTable};
    for (int i = 0; i < 3; ++i) {
      journal::ChangeSet changes;
      changes.AppendEvent("event");
      changes.Audit(audit::AuditLeaf());
      changes.Remember({"caller", "request-" + std::to_string(i), "Verb", {}}, "a case", "answer");
      EXPECT_TRUE(
          async::RunToEnd(executor_, journal::CommitChange(store_, std::move(changes))).ok());
    }
    Put(std::string(1, kOwnTable), "a row");
  }
  void Put(std::string key, std::string value) {
    Commit(kv::Mutation::Put(std::move(key), std::move(value)));
  }
  void Delete(std::string key) { Commit(kv::Mutation::Delete(std::move(key))); }
  void Commit(kv::Mutation mutation) {
    kv::Change change;
    change.mutations.push_back(std::move(mutation));
    EXPECT_EQ(async::RunToEnd(executor_, store_.Commit(std::move(change))).outcome,
              kv::CommitOutcome::kCommitted);
  }
  std::vector<Difference> Differences() {
    StoreRows rows(store_);
    Report report("a service");
    EXPECT_TRUE(CheckJournal(rows, rules_, state_, report).ok());
    return report.differences();
  }
  static testing::Matcher<const Difference&> In(const std::string& table,
                                                const std::string& problem) {
    return AllOf(Field(&Difference::table, table), Field(&Difference::problem, HasSubstr(problem)));
  }

  async::ManualExecutor executor_;
  kv::MemoryStore store_{executor_};
  JournalRules rules_;
  std::optional<kv::StoreState> state_;
};

TEST_F(JournalCheckTest, WhatCommitsHaveLeftAgrees) { EXPECT_THAT(Differences(), IsEmpty()); }

TEST_F(JournalCheckTest, AGapInALogIsFound) {
  Delete(kv::LogKey(journal::EventLog(), 2));
  Delete(kv::LogKey(audit::AuditLog(), 1));
  EXPECT_THAT(Differences(),
              ElementsAre(In("event", "the one before it is 1"), In("audit", "before it is 0")));
}

TEST_F(JournalCheckTest, WhatIsMissingAtTheEndShowsByTheCounter) {
  state_ = kv::StoreState{4, 1, {{journal::EventLog(), 3}, {audit::AuditLog(), 3}}};
  EXPECT_THAT(Differences(), IsEmpty());
  Delete(kv::LogKey(audit::AuditLog(), 3));
  EXPECT_THAT(Differences(), ElementsAre(In("audit", "numbers up to 3 were given")));
}

TEST_F(JournalCheckTest, ARowFromACommitThatTheStoreHasNotComeToIsFound) {
  state_ = kv::StoreState{2, 1, {{journal::EventLog(), 3}, {audit::AuditLog(), 3}}};
  EXPECT_THAT(Differences(), ElementsAre(In("event", "has come to commit 2 only"),
                                         In("audit", "has come to commit 2 only")));
}

TEST_F(JournalCheckTest, AnEntryThatWasWrittenOverIsFound) {
  Put(kv::LogKey(journal::EventLog(), 1), "event");
  EXPECT_THAT(Differences(), testing::Each(In("event", "from an earlier commit")));
  EXPECT_THAT(Differences(), SizeIs(2));
}

TEST_F(JournalCheckTest, WhatCannotBeReadIsFound) {
  Put(kv::LogKey(journal::EventLog(), 4), "bad");
  Put(kv::LogKey(audit::AuditLog(), 4), "bad");
  Put(journal::RequestKey("caller", "request-9"), "bad");
  Put(journal::RequestKey("caller", "request-8"),
      journal::EncodeRequestRow({"Verb", {}, "a case", "bad"}));
  Put(std::string(1, journal::kRestoredTable), "bad");
  EXPECT_THAT(Differences(),
              ElementsAre(In("event", "cannot be read"), In("audit", ""),
                          In("request", "cannot be read"), In("request", ""), In("restored", "")));
}

TEST_F(JournalCheckTest, ATableThatNobodyKnowsIsFound) {
  Put("\x42key", "value");
  Put(journal::OutboxLog("my"), "value");
  EXPECT_THAT(Differences(), ElementsAre(In("unknown", "no table"), In("unknown", "no table")));
}

TEST(ReportTest, OfManyDifferencesTheFirstAreKeptAndAllAreCounted) {
  Report report("a service");
  for (size_t i = 0; i < Report::kMostKept + 5; ++i) report.Differs("table", "row", "differs");
  EXPECT_THAT(report.differences(), SizeIs(Report::kMostKept));
  EXPECT_EQ(report.count(), Report::kMostKept + 5);
}

TEST(ReportTest, ProgressIsToldByTheRow) {
  std::vector<std::string> told;
  Report report("intake", [&](std::string_view what) { told.emplace_back(what); });
  for (uint64_t i = 0; i < 2 * Report::kRowsBetweenTells + 1; ++i) report.Looked("table");
  EXPECT_THAT(told, ElementsAre("intake: 100000 rows", "intake: 200000 rows"));
}

}  // namespace
}  // namespace redress::check
