// A check of the read models, over what the service's own code has written.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "redress/intake/v1/events.pb.h"
#include "redress/referral/v1/events.pb.h"
#include "services/platform/journal/commit.h"
#include "services/status/check/status_check.h"
#include "services/status/storage/keys.h"
#include "services/status/storage/row_codec.h"
#include "services/status/testing/service_fixture.h"

namespace redress::status {
namespace {

using ::testing::AllOf;
using testing::CaseStory;
using ::testing::Contains;
using testing::Day;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kCase;
using testing::Logs;
using ::testing::Not;
using testing::TestService;
using testing::WholeStory;

::testing::Matcher<const check::Difference&> In(const std::string& table,
                                                const std::string& problem) {
  return AllOf(Field(&check::Difference::table, table),
               Field(&check::Difference::problem, HasSubstr(problem)));
}

class StatusCheckTest : public ::testing::Test {
 protected:
  StatusCheckTest() {
    const Logs logs = WholeStory();
    service_.intake().Add(logs.intake);
    service_.referral().Add(logs.referral);
    CaseStory other("KH-26-0000002-2");
    other.After(service_.intake().last(), service_.referral().last());
    service_.intake().Add(other.Filed(3, 4, /*embassy=*/2));
    service_.Start();
    service_.Settle();
  }
  std::vector<check::Difference> Differences() {
    check::Report report("status");
    const absl::Status status = CheckStatus(service_.store(), std::nullopt, std::nullopt, report);
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_THAT(report.left_out(), IsEmpty());
    EXPECT_GT(report.rows(), 20u);
    return report.differences();
  }
  void Commit(kv::Mutation mutation) {
    kv::Change change;
    change.mutations.push_back(std::move(mutation));
    EXPECT_EQ(service_.Run(service_.store().Commit(std::move(change))).outcome,
              kv::CommitOutcome::kCommitted);
  }
  void Delete(std::string key) { Commit(kv::Mutation::Delete(std::move(key))); }
  void Put(std::string key, std::string value) {
    Commit(kv::Mutation::Put(std::move(key), std::move(value)));
  }
  kv::Entry First(uint8_t table) {
    kv::ScanRequest request;
    request.prefix = std::string(1, static_cast<char>(table));
    request.limit = 1;
    return service_.Run(service_.store().Scan(request)).value().entries.at(0);
  }
  TestService service_;
};

TEST_F(StatusCheckTest, WhatTheServiceHasMadeAgrees) { EXPECT_THAT(Differences(), IsEmpty()); }

TEST_F(StatusCheckTest, AListRowThatIsMissingTooManyOrOtherwiseIsFound) {
  const kv::Entry row = First(kListsTable);
  Delete(row.key);
  EXPECT_THAT(Differences(), ElementsAre(In("list", "has no row")));
  Put(row.key, EncodeList(ListRow()));
  EXPECT_THAT(Differences(), ElementsAre(In("list", "says something else")));
  Put(row.key, row.value);
  ListKey more{{ScopeKind::kDesk, "kh:nowhere"}, ListFilter::kAny, "",
               ListOrder::kUpdatedLast,          Day(1),           kCase};
  Put(ListKeyBytes(more), row.value);
  EXPECT_THAT(Differences(), ElementsAre(In("list", "no case asks for")));
}

TEST_F(StatusCheckTest, ARowThatACaseIsShownFromIsHeldAgainstTheCase) {
  const kv::Entry row = First(kHomeStatusesTable);
  Delete(row.key);
  EXPECT_THAT(Differences(), ElementsAre(In("home_status", "has no row")));
  HomeStatus other = DecodeHomeStatus(row.value).value();
  other.province = "KH-99";
  Put(row.key, EncodeHomeStatus(other));
  EXPECT_THAT(Differences(), ElementsAre(In("home_status", "says something else")));
  Put(row.key, row.value);
  Put(HomeStatusKey("KH-26-0000009-4"), row.value);
  EXPECT_THAT(Differences(), ElementsAre(In("home_status", "no case asks for")));
}

TEST_F(StatusCheckTest, ACountThatIsWrongOrMissingIsFound) {
  const kv::Entry row = First(kCellsTable);
  Cell cell = DecodeCell(row.value).value();
  ++cell.workers;
  Put(row.key, EncodeCell(cell));
  EXPECT_THAT(Differences(), ElementsAre(In("cell", "counts 2 cases and 10 workers")));
  Delete(row.key);
  EXPECT_THAT(Differences(), ElementsAre(In("cell", "is missing")));
}

TEST_F(StatusCheckTest, ATimeBandThatNobodyWatchesIsFound) {
  const kv::Entry row = First(kBandsTable);
  Delete(row.key);
  EXPECT_THAT(Differences(), ElementsAre(In("band", "has no row")));
  Put(row.key, "");
  Put(BandKey({Day(500), kCase}), "");
  EXPECT_THAT(Differences(), ElementsAre(In("band", "no case asks for")));
}

TEST_F(StatusCheckTest, AMemberWhoIsMissingIsFoundInTheTallyAndByTheCode) {
  Delete(MemberKey(kCase, CaseStory::Member(1)));
  const auto found = Differences();
  EXPECT_THAT(found, Contains(In("case", "tally is not that of its members")));
  EXPECT_THAT(found, Contains(In("case", "sums by kind")));
  EXPECT_THAT(found, Contains(In("tracking", "a member who is not there")));
}

TEST_F(StatusCheckTest, WhatBelongsToNoCaseIsFound) {
  Delete(CaseKey(kCase));
  const auto found = Differences();
  for (const char* table : {"member", "timeline"}) {
    EXPECT_THAT(found, Contains(In(table, "belongs to no case")));
  }
  EXPECT_THAT(found, Contains(In("list", "no case asks for")));
  EXPECT_THAT(found, Contains(In("change", "is of a case that is not there")));
}

TEST_F(StatusCheckTest, OfACaseThatCannotBeReadNothingIsSaidToBelongToNoCase) {
  Put(CaseKey(kCase), "\x07");
  const auto found = Differences();
  EXPECT_THAT(found, Contains(Field(&check::Difference::table, "case")));
  EXPECT_THAT(found, Not(Contains(Field(&check::Difference::problem, "belongs to no case"))));
}

TEST_F(StatusCheckTest, WhatIsOfAnEventThatWasNotTakenInIsFound) {
  Put(CursorKey(Log::kIntake), EncodeCursor({1, 0}));
  const auto found = Differences();
  EXPECT_THAT(found, Contains(In("timeline", "was not taken in")));
  EXPECT_THAT(found, Contains(In("change", "was not taken in")));
}

TEST_F(StatusCheckTest, WhatIsBeingBuiltIsNotCompared) {
  Put(BuildKey(), EncodeStage(BuildStage::kReading));
  Delete(First(kListsTable).key);
  check::Report report("status");
  ASSERT_TRUE(CheckStatus(service_.store(), std::nullopt, std::nullopt, report).ok());
  EXPECT_TRUE(report.agrees());
  EXPECT_THAT(report.left_out(), ElementsAre(HasSubstr("being built")));
}

TEST_F(StatusCheckTest, OfACaseThatIsSetAsideItIsSaidThatNothingIsCompared) {
  CaseStory large("KH-26-0000003-0");
  large.After(service_.intake().last(), service_.referral().last());
  service_.intake().Add(large.Filed(3, 4, /*embassy=*/2));
  large.dimensions().secondary_categories.assign(10'000, "UNPAID_WAGES");
  service_.intake().Add(large.Screened(4));
  service_.Settle();
  ASSERT_THAT(service_.set_aside(), ElementsAre("KH-26-0000003-0"));
  check::Report report("status");
  ASSERT_TRUE(CheckStatus(service_.store(), std::nullopt, std::nullopt, report).ok());
  EXPECT_THAT(report.differences(), IsEmpty());
  EXPECT_THAT(report.left_out(), ElementsAre(HasSubstr("KH-26-0000003-0 is set aside")));
}

// What a tracking code is found by.
constexpr char kDigest[] = "0123456789abcdef0123456789abcdef";

// Two cases filed, as intake's log says it, and what referral's says beside cases: a body, a link
// that is up, whom an attaché may follow, and whom under an agreement.
class StatusAgainstEventsTest : public ::testing::Test {
 protected:
  StatusAgainstEventsTest() {
    for (int i = 1; i <= 2; ++i) {
      intake::v1::Event event;
      event.set_case_number(i == 1 ? "KH-26-0000001-4" : "KH-26-0000002-2");
      event.mutable_occurred_at()->set_seconds(1'795'000'000 + i);
      event.set_state(intake::v1::CASE_STATE_FILED);
      intake::v1::MemberDimensions* member = event.mutable_case_filed()->add_members();
      member->set_member_id(CaseStory::Member(i));
      member->set_sex("FEMALE");
      member->set_nationality("KH");
      if (i == 1) member->set_tracking_digest(kDigest);
      event.mutable_case_filed()->mutable_dimensions()->set_destination("MY");
      event.mutable_case_filed()->mutable_dimensions()->set_member_count(1);
      journal::ChangeSet changes;
      changes.AppendEvent(event.SerializeAsString());
      EXPECT_TRUE(RunToEnd(executor_, journal::CommitChange(intake_, std::move(changes))).ok());
    }
    for (int i = 1; i <= 4; ++i) {
      referral::v1::Event event;
      if (i == 1) event.mutable_body()->set_body_id(testing::kUnion);
      if (i == 2) event.mutable_link()->set_peer_node("my");
      if (i == 3) event.mutable_posting()->mutable_posting()->set_posting_id("kh:kl-2026");
      if (i == 4) event.mutable_agreement()->set_agreement_id("ph-kh:proxy");
      journal::ChangeSet changes;
      changes.AppendEvent(event.SerializeAsString());
      EXPECT_TRUE(RunToEnd(executor_, journal::CommitChange(referral_, std::move(changes))).ok());
    }
    // A check makes the read models in its scratch store: this first one in status' own.
    WriteSet writes;
    writes.stage = BuildStage::kWhole;
    writes.cursors[Log::kIntake] = {2, 0};
    writes.cursors[Log::kReferral] = {4, 0};
    EXPECT_TRUE(RunToEnd(executor_, MakeReadModel(status_)->Commit(std::move(writes))).ok());
    check::Report report("status");
    EXPECT_TRUE(Check(status_, report).ok());
  }
  absl::Status Check(kv::Store& scratch, check::Report& report) {
    const Sources sources{"kh", intake_, referral_, scratch, executor_};
    return CheckStatus(status_, std::nullopt, sources, report);
  }
  std::vector<check::Difference> Differences() {
    kv::MemoryStore scratch(executor_);
    check::Report report("status");
    EXPECT_TRUE(Check(scratch, report).ok());
    return report.differences();
  }
  void Change(kv::Mutation mutation) {
    kv::Change change;
    change.mutations.push_back(std::move(mutation));
    RunToEnd(executor_, status_.Commit(std::move(change)));
  }

  async::ManualExecutor executor_;
  kv::MemoryStore intake_{executor_};
  kv::MemoryStore referral_{executor_};
  kv::MemoryStore status_{executor_};
};

TEST_F(StatusAgainstEventsTest, ACaseThatNoEventMakesIsFoundAndOneThatIsMissing) {
  const auto first = RunToEnd(executor_, status_.Get(CaseKey("KH-26-0000001-4"))).value();
  ASSERT_TRUE(first.has_value());
  Change(kv::Mutation::Delete(CaseKey("KH-26-0000001-4")));
  Change(kv::Mutation::Put(CaseKey("KH-26-0000003-0"), first->value));
  const auto found = Differences();
  EXPECT_THAT(found, Contains(AllOf(
                         Field(&check::Difference::subject, HasSubstr("KH-26-0000001-4")),
                         Field(&check::Difference::problem, HasSubstr("the events make such")))));
  EXPECT_THAT(
      found, Contains(AllOf(Field(&check::Difference::subject, HasSubstr("KH-26-0000003-0")),
                            Field(&check::Difference::problem, HasSubstr("that no event makes")))));
}

TEST_F(StatusAgainstEventsTest, ACaseThatSaysSomethingElseThanItsEventsIsFound) {
  const auto first = RunToEnd(executor_, status_.Get(CaseKey("KH-26-0000001-4"))).value();
  CaseRow row = DecodeCase("KH-26-0000001-4", first->value).value();
  row.screened_by_body_id = "kh:mlvt";
  Change(kv::Mutation::Put(CaseKey("KH-26-0000001-4"), EncodeCase(row)));
  EXPECT_THAT(Differences(), Contains(Field(&check::Difference::problem,
                                            HasSubstr("something else than the events"))));
}

// When a case is set aside depends on which of the logs was ahead.
TEST_F(StatusAgainstEventsTest, OfACaseThatIsSetAsideNothingIsCompared) {
  const std::string key = CaseKey("KH-26-0000001-4");
  const auto first = RunToEnd(executor_, status_.Get(key)).value();
  const CaseRow row = DecodeCase("KH-26-0000001-4", first->value).value();
  Change(kv::Mutation::Put(key, EncodeCase(SetAside(row))));
  Change(kv::Mutation::Delete(MemberKey("KH-26-0000001-4", CaseStory::Member(1))));
  Change(kv::Mutation::Delete(TrackingKey(kDigest)));
  const auto of_its_own = [](const check::Difference& one) {
    return one.table == "case" || one.table == "member" || one.table == "tracking" ||
           one.table == "timeline" || one.table == "change";
  };
  EXPECT_THAT(Differences(), Not(Contains(::testing::Truly(of_its_own))));
}

TEST_F(StatusAgainstEventsTest,
       OfACaseThatIsSetAsideOnlyWhenItIsMadeAnewItIsSaidThatNothingIsCompared) {
  intake::v1::Event event;
  event.set_case_number("KH-26-0000003-0");
  event.set_state(intake::v1::CASE_STATE_FILED);
  auto& dimensions = *event.mutable_case_filed()->mutable_dimensions();
  for (int i = 0; i < 10'000; ++i) dimensions.add_secondary_categories("UNPAID_WAGES");
  journal::ChangeSet changes;
  changes.AppendEvent(event.SerializeAsString());
  ASSERT_TRUE(RunToEnd(executor_, journal::CommitChange(intake_, std::move(changes))).ok());
  WriteSet writes;
  writes.cursors[Log::kIntake] = {3, 0};
  ASSERT_TRUE(RunToEnd(executor_, MakeReadModel(status_)->Commit(std::move(writes))).ok());
  kv::MemoryStore scratch(executor_);
  check::Report report("status");
  ASSERT_TRUE(Check(scratch, report).ok());
  EXPECT_THAT(report.left_out(), Contains(HasSubstr("KH-26-0000003-0 becomes too large")));
}

TEST_F(StatusAgainstEventsTest, ATrackingRowIsToldByItsCaseAndNotByWhatFindsAReceipt) {
  const auto row = RunToEnd(executor_, status_.Get(TrackingKey(kDigest))).value();
  ASSERT_TRUE(row.has_value());
  Change(kv::Mutation::Delete(TrackingKey(kDigest)));
  EXPECT_THAT(Differences(),
              ElementsAre(check::Difference{"tracking", "KH-26-0000001-4",
                                            "is missing: the events make such a row"}));
  Change(kv::Mutation::Put(TrackingKey(kDigest), "damaged"));
  const auto found = Differences();
  EXPECT_THAT(found, Each(Field(&check::Difference::subject, HasSubstr("of commit"))));
  EXPECT_THAT(found, Contains(Field(&check::Difference::problem, HasSubstr("than the events"))));
}

TEST_F(StatusAgainstEventsTest, AMemberWhoSaysSomethingElseThanTheEventsIsFound) {
  const std::string key = MemberKey("KH-26-0000001-4", CaseStory::Member(1));
  const auto row = RunToEnd(executor_, status_.Get(key)).value();
  ASSERT_TRUE(row.has_value());
  MemberRow member = DecodeMember(CaseStory::Member(1), row->value).value();
  member.withdrawn = !member.withdrawn;
  Change(kv::Mutation::Put(key, EncodeMember(member)));
  EXPECT_THAT(Differences(),
              Contains(AllOf(Field(&check::Difference::table, "member"),
                             Field(&check::Difference::problem, HasSubstr("than the events")))));
}

TEST_F(StatusAgainstEventsTest, WhatGivesAnAttacheTheRightIsHeldAgainstTheEvents) {
  PostingChange posting;
  posting.person_id = "somebody else";
  AgreementChange agreement;
  agreement.missions.emplace_back();
  const std::string posting_key = NameKey(kPostingsTable, "kh:kl-2026");
  Change(kv::Mutation::Put(posting_key, EncodePosting(posting)));
  EXPECT_THAT(Differences(), ElementsAre(In("posting", "than the events")));
  Change(kv::Mutation::Delete(posting_key));
  EXPECT_THAT(Differences(), ElementsAre(In("posting", "the events make such")));
  Change(kv::Mutation::Put(posting_key, EncodePosting(PostingChange())));
  EXPECT_THAT(Differences(), IsEmpty());
  Change(kv::Mutation::Put(NameKey(kPostingsTable, "kh:bkk-2026"), EncodePosting(posting)));
  Change(kv::Mutation::Put(NameKey(kAgreementsTable, "ph-kh:proxy"), EncodeAgreement(agreement)));
  EXPECT_THAT(Differences(), ElementsAre(In("posting", "that no event makes"),
                                         In("agreement", "than the events")));
}

TEST_F(StatusAgainstEventsTest, BodiesAndLinksAreHeldAgainstTheEvents) {
  Change(kv::Mutation::Delete(NameKey(kBodiesTable, testing::kUnion)));
  Change(kv::Mutation::Put(NameKey(kLinksTable, "my"), EncodeLink({"my", true, Day(1)})));
  EXPECT_THAT(Differences(),
              ElementsAre(In("body", "the events make such"), In("link", "than the events")));
}

TEST_F(StatusAgainstEventsTest, AChangeThatIsMissingOrOfAnotherCaseIsFound) {
  const std::string key = ChangeKey(Log::kIntake, 1);
  const auto row = RunToEnd(executor_, status_.Get(key)).value();
  ASSERT_TRUE(row.has_value());
  Change(kv::Mutation::Delete(key));
  EXPECT_THAT(Differences(), ElementsAre(In("change", "the events make such")));
  status::Change other = DecodeChange(1, row->value).value();
  other.case_number = "KH-26-0000002-2";
  Change(kv::Mutation::Put(key, EncodeChange(other)));
  EXPECT_THAT(Differences(), ElementsAre(In("change", "than the events")));
  other = DecodeChange(1, row->value).value();
  other.entry.reset();
  Change(kv::Mutation::Put(key, EncodeChange(other)));
  EXPECT_THAT(Differences(), ElementsAre(In("change", "than the events")));
  // How a case was seen before depends on which of the logs was ahead.
  other = DecodeChange(1, row->value).value();
  other.before.emplace_back();
  Change(kv::Mutation::Put(key, EncodeChange(other)));
  EXPECT_THAT(Differences(), IsEmpty());
}

TEST_F(StatusAgainstEventsTest, AChangeThatNoEventMakesIsFoundUnlessATimeBandMayHaveMadeIt) {
  const auto row = RunToEnd(executor_, status_.Get(ChangeKey(Log::kIntake, 1))).value();
  ASSERT_TRUE(row.has_value());
  status::Change more = DecodeChange(1, row->value).value();
  Change(kv::Mutation::Put(ChangeKey(Log::kReferral, 3), EncodeChange(more)));
  EXPECT_THAT(Differences(), ElementsAre(In("change", "that no event makes")));
  more.entry.reset();
  Change(kv::Mutation::Put(ChangeKey(Log::kReferral, 3), EncodeChange(more)));
  EXPECT_THAT(Differences(), IsEmpty());
}

TEST_F(StatusAgainstEventsTest, ALogThatEndsBeforeWhatWasTakenInIsFound) {
  Change(kv::Mutation::Put(CursorKey(Log::kIntake), EncodeCursor({7, 0})));
  EXPECT_THAT(Differences(),
              Contains(Field(&check::Difference::problem, HasSubstr("its log ends with 2"))));
}

}  // namespace
}  // namespace redress::status
