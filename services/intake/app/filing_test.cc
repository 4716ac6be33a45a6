#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/intake/app/testing/intake_fixture.h"

namespace redress::intake {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class FilingTest : public IntakeTest {};

TEST_F(FilingTest, AComplaintGetsANumberAReceiptPerMemberAndAnEvent) {
  const VerbAnswer filed = FileGroup(2);
  EXPECT_EQ(filed.case_number.ToString().substr(0, 13), "KH-26-0000001");
  EXPECT_EQ(filed.state, CaseState::kFiled);
  EXPECT_THAT(filed.member_ids, SizeIs(2));
  EXPECT_THAT(filed.tracking_codes, SizeIs(2));
  EXPECT_THAT(filed.own_references, ElementsAre("row 1", "row 2"));
  EXPECT_EQ(filed.suggestions->urgency.urgency, "NORMAL");

  const v1::Event event = LastEvent();
  EXPECT_EQ(event.case_number(), filed.case_number.ToString());
  EXPECT_EQ(event.state(), v1::CASE_STATE_FILED);
  EXPECT_EQ(event.actor().body_id(), "kh:battambang-mrc");
  EXPECT_EQ(event.actor().role(), "DESK");
  ASSERT_TRUE(event.has_case_filed());
  EXPECT_EQ(event.case_filed().dimensions().destination(), "MY");
  EXPECT_EQ(event.case_filed().dimensions().member_counts(0).count(), 2u);
  EXPECT_THAT(event.case_filed().members(), SizeIs(2));
  EXPECT_EQ(event.case_filed().totals(0).claimed_minor(), 2 * 720000);
  EXPECT_THAT(AuditLines(), Contains(Field(&audit::LoggedLeaf::leaf,
                                           Field(&audit::AuditLeaf::verb, "FileComplaint"))));
}

TEST_F(FilingTest, TheLastCaseOfAYearTellsWhichCommitFiledItWhateverBecameOfItSince) {
  const VerbAnswer filed = FileGroup(1);
  EXPECT_EQ(Run(cases_.LastCaseOf("KH", 26))->filed_with, filed.version);
  Admit(filed);
  EXPECT_EQ(Run(cases_.LastCaseOf("KH", 26))->filed_with, filed.version);
}

TEST_F(FilingTest, NothingPersonalLiesInTheClear) {
  FileGroup(1);
  kv::ScanRequest all;
  all.limit = 1000;
  const auto page = Run(store_.Scan(all));
  EXPECT_FALSE(page->more);
  for (const kv::Entry& row : page->entries) {
    for (const char* secret : {"Sok Dara", "mango", "450 in place", "Kilang Contoh", "N0000001"}) {
      EXPECT_EQ(row.value.find(secret), std::string::npos) << secret;
      EXPECT_EQ(row.key.find(secret), std::string::npos) << secret;
    }
  }
}

TEST_F(FilingTest, TheSameRequestAgainGetsTheSameAnswerAndHasNoOtherEffect) {
  const RequestMark mark = MarkOf("request-00000001", "a");
  const VerbAnswer first = Must(Run(app_.filing().FileComplaint(Desk(), mark, SampleFiling(2))));
  const size_t rows = store_.size();
  VerbAnswer again = Must(Run(app_.filing().FileComplaint(Desk(), mark, SampleFiling(2))));
  EXPECT_EQ(store_.size(), rows);
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.case_number, first.case_number);
  EXPECT_EQ(again.version, first.version);
  EXPECT_EQ(again.member_ids, first.member_ids);
  EXPECT_EQ(again.tracking_codes, first.tracking_codes);
  EXPECT_EQ(again.committed_at, first.committed_at);
  EXPECT_EQ(again.warnings, first.warnings);
  EXPECT_EQ(again.suggestions, first.suggestions);
}

TEST_F(FilingTest, TheSameRequestIdWithOtherContentIsRefused) {
  Must(Run(app_.filing().FileComplaint(Desk(), MarkOf("request-00000001", "a"), SampleFiling(1))));
  const auto other =
      Run(app_.filing().FileComplaint(Desk(), MarkOf("request-00000001", "b"), SampleFiling(2)));
  EXPECT_EQ(other.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(ReasonOf(other), "REQUEST_ID_REUSED");
}

TEST_F(FilingTest, TwoCallersMayUseTheSameRequestId) {
  const RequestMark mark = MarkOf("request-00000001", "a");
  const VerbAnswer one = Must(Run(app_.filing().FileComplaint(Desk(), mark, SampleFiling(1))));
  const VerbAnswer two = Must(Run(app_.filing().FileComplaint(OtherDesk(), mark, SampleFiling(1))));
  EXPECT_NE(one.case_number, two.case_number);
}

TEST_F(FilingTest, EveryWrongFieldIsNamedAtOnceAndNothingIsStored) {
  ComplaintFiling filing = SampleFiling(1);
  filing.complaint.sector = "GARDENING";
  filing.members[0].complainant.nationality = "ZZ";
  filing.members[0].claim_lines[0].claimed->amount = "-5";
  const auto refused = Run(app_.filing().FileComplaint(Desk(), Mark(), filing));
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(GetFieldViolations(refused.status()), SizeIs(3));
  EXPECT_EQ(store_.size(), 0u);
}

TEST_F(FilingTest, ADeskNeedsFilingConsentButAWorkerDoesNot) {
  ComplaintFiling filing = SmallestFiling();
  EXPECT_EQ(ReasonOf(Run(app_.filing().FileComplaint(Desk(), Mark(), filing))), "CONSENT_MISSING");
  const Caller worker = Of(Person("w", "", auth::Role::kWorker));
  EXPECT_TRUE(Run(app_.filing().FileComplaint(worker, Mark(), filing)).ok());
}

TEST_F(FilingTest, RefusedFilingsLeaveNoGapInTheNumbers) {
  EXPECT_EQ(FileGroup(1).case_number.serial(), 1u);
  ComplaintFiling wrong = SampleFiling(1);
  wrong.complaint.sector = "";
  EXPECT_FALSE(Run(app_.filing().FileComplaint(Desk(), Mark(), wrong)).ok());
  EXPECT_EQ(FileGroup(1).case_number.serial(), 2u);
}

TEST_F(FilingTest, NumbersGoOnWhereTheStoreStopped) {
  FileGroup(1);
  FileGroup(1);
  IntakeApp restarted(AppContext{NodeId::FromTrusted("kh"), clock_, random_, executor_, pool_,
                                 store_, cases_, refusals_, followers_, SampleCodes(),
                                 tracking_key_, page_tokens_, files_, floor_, LifeCycleRules()});
  const auto third = Run(restarted.filing().FileComplaint(Desk(), Mark(), SampleFiling(1)));
  EXPECT_EQ(third->case_number.serial(), 3u);
}

// Cases that were filed since the backup are not here, but their numbers are in people's hands.
TEST_F(FilingTest, ARestoredNodeLeavesNumbersOutAndOthersAfterEachRestoreOfOneBackup) {
  FileGroup(1);
  const auto file_after = [this](uint32_t new_restores, absl::Duration unseen) {
    IntakeApp restored(AppContext{NodeId::FromTrusted("kh"), clock_, random_, executor_, pool_,
                                  store_, cases_, refusals_, followers_, SampleCodes(),
                                  tracking_key_, page_tokens_, files_, floor_, LifeCycleRules(),
                                  journal::RestoredMark{.new_restores = new_restores,
                                                        .taken_at = clock_.Now() - unseen,
                                                        .restored_at = clock_.Now(),
                                                        .version = 1'000'000}});
    const auto filed = Run(restored.filing().FileComplaint(Desk(), Mark(), SampleFiling(1)));
    return filed.ok() ? filed->case_number.serial() : 0;
  };
  EXPECT_EQ(file_after(1, absl::ZeroDuration()), 1 + 10'001u);
  EXPECT_EQ(file_after(2, absl::Seconds(40)), 10'002 + 20'011u);
  EXPECT_EQ(file_after(1, absl::Hours(-1)), 30'013 + 10'001u);
  // What was before the year gave out none of its numbers: 28,108,800 seconds of it have passed.
  EXPECT_EQ(file_after(1, absl::Hours(24 * 1000)), 40'014 + 10'001 + 7'027'200u);
  EXPECT_EQ(file_after(1'000, absl::ZeroDuration()), 0u) << "the year's numbers are used up";
}

TEST_F(FilingTest, ANewYearBeginsWithOne) {
  FileGroup(1);
  clock_.Set(absl::FromUnixSeconds(1798790400));  // 2027-01-01T08:00:00Z
  const VerbAnswer filed = FileGroup(1);
  EXPECT_EQ(filed.case_number.year(), 27);
  EXPECT_EQ(filed.case_number.serial(), 1u);
}

TEST_F(FilingTest, ASecondFilingWithTheSameDocumentIsWarnedAbout) {
  const auto duplicate = Contains(Field(&Warning::code, "POSSIBLE_DUPLICATE"));
  EXPECT_THAT(FileGroup(1).warnings, Not(duplicate));
  EXPECT_THAT(FileGroup(1).warnings, duplicate);
}

TEST_F(FilingTest, AGroupOf200FitsOneCommit) {
  const VerbAnswer filed = FileGroup(200);
  EXPECT_THAT(filed.member_ids, SizeIs(200));
  EXPECT_EQ(View(Desk(), filed).members.total, 200u);
}

TEST_F(FilingTest, AGroupGrowsCallByCall) {
  const VerbAnswer filed = FileGroup(70);
  AddMembersCommand command{At(filed), {}, {SampleConsent("FILING", "")}};
  for (int i = 0; i < 200; ++i) command.members.push_back(SampleMember(100 + i));
  const VerbAnswer added =
      Must(Run(app_.filing().AddGroupMembers(Desk(), Mark(), std::move(command))));
  EXPECT_EQ(added.member_count, 270u);
  EXPECT_THAT(added.tracking_codes, SizeIs(200));
  EXPECT_NE(added.version, filed.version);
  const CaseView view = View(Desk(), filed);
  EXPECT_EQ(view.members.total, 270u);
  EXPECT_EQ(view.members.referral_consents, 70u);
  EXPECT_EQ(TotalsIn(view.head.totals, "MYR").Of(MoneyKind::kClaimed), 270 * 720000);
  EXPECT_TRUE(LastEvent().has_members_added());
  // Members of both calls are found by id.
  for (const MemberId& id : {filed.member_ids[69], added.member_ids[0], added.member_ids[199]}) {
    const auto page = Run(app_.queries().ListGroupMembers(Desk(), filed.case_number, id, {}));
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_EQ(page->members[0].member_id, id);
  }
}

TEST_F(FilingTest, AGroupGrowsToTenThousandAndNotByOneMore) {
  const VerbAnswer filed = FileGroup(200);
  VerbAnswer last = filed;
  for (int size = 200; size < 10'000; size += 200) {
    AddMembersCommand command{At(last), {}, {SampleConsent("FILING", "")}};
    for (int i = 0; i < 200; ++i) command.members.push_back(SampleMember(size + i));
    last = Must(Run(app_.filing().AddGroupMembers(Desk(), Mark(), std::move(command))));
  }
  EXPECT_EQ(last.member_count, 10'000u);
  AddMembersCommand one_more{At(last), {SampleMember(10'001)}, {SampleConsent("FILING", "")}};
  EXPECT_EQ(ReasonOf(Run(app_.filing().AddGroupMembers(Desk(), Mark(), one_more))),
            "GROUP_TOO_LARGE");
  EXPECT_EQ(View(Desk(), filed).members.total, 10'000u);
}

TEST_F(FilingTest, AStaleEtagIsRefusedWithTheCurrentOne) {
  const VerbAnswer filed = FileGroup(1);
  const VerbAnswer admitted = Admit(filed);
  AddMembersCommand command{At(filed), {SampleMember(9)}, {SampleConsent("FILING", "")}};
  const auto stale = Run(app_.filing().AddGroupMembers(Desk(), Mark(), command));
  EXPECT_EQ(stale.status().code(), absl::StatusCode::kAborted);
  EXPECT_EQ(GetRefusal(stale.status())->metadata.at("etag"), ToEtag(admitted.version));
}

TEST_F(FilingTest, AnIndividualComplaintTakesNoMembers) {
  ComplaintFiling filing = SmallestFiling();
  filing.consents = {SampleConsent("FILING", "")};
  const VerbAnswer filed = File(filing);
  AddMembersCommand command{At(filed), {SampleMember(9)}, {SampleConsent("FILING", "")}};
  EXPECT_EQ(ReasonOf(Run(app_.filing().AddGroupMembers(Desk(), Mark(), command))), "NOT_A_GROUP");
}

TEST_F(FilingTest, AnImportStoresWhatIsRightAndAnswersEveryLine) {
  std::vector<ImportLine> lines;
  for (int i = 0; i < 10; ++i) {
    lines.push_back({MarkOf("import-0000000-" + std::to_string(i), "x"), SampleFiling(1)});
  }
  lines[3].filing.complaint.sector = "GARDENING";
  const auto answers = Run(app_.importing().ImportBatch(Desk(), lines));
  ASSERT_THAT(answers, SizeIs(10));
  for (size_t i = 0; i < answers.size(); ++i) EXPECT_EQ(answers[i].ok(), i != 3) << i;
  EXPECT_EQ(GetFieldViolations(answers[3].status())[0].field, "filing.complaint.sector");
  // Again: nothing is stored twice.
  const auto again = Run(app_.importing().ImportBatch(Desk(), lines));
  EXPECT_TRUE(again[0]->repeated);
  EXPECT_EQ(again[9]->case_number, answers[9]->case_number);
  EXPECT_THAT(Events(), SizeIs(9));
}

}  // namespace
}  // namespace redress::intake
