#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/intake/app/testing/intake_fixture.h"

namespace redress::intake {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class CaseVerbsTest : public IntakeTest {
 protected:
  absl::StatusOr<VerbAnswer> Withdraw(Caller caller, const VerbAnswer& at,
                                      std::vector<std::string> members = {},
                                      std::optional<WorkerInstruction> instruction = ByPhone()) {
    WithdrawCommand command{At(at), {std::move(members), "VOLUNTARY", "", std::move(instruction)}};
    return Run(app_.cases().WithdrawComplaint(std::move(caller), Mark(), std::move(command)));
  }
  absl::StatusOr<VerbAnswer> Reopen(Caller caller, const VerbAnswer& at, ReopenKind kind,
                                    std::vector<std::string> members = {},
                                    std::optional<WorkerInstruction> instruction = ByPhone()) {
    ReopenCommand command{At(at),
                          {kind, "the worker asked", std::move(members), std::move(instruction)}};
    return Run(app_.cases().ReopenComplaint(std::move(caller), Mark(), std::move(command)));
  }
  absl::StatusOr<VerbAnswer> Close(const VerbAnswer& at) {
    CloseCommand command{At(at), {CaseState::kClosedResolved, {"WAGES_PAID"}, {"WARNING"}, "", ""}};
    return Run(app_.cases().CloseComplaint(Ministry(), Mark(), std::move(command)));
  }
  absl::StatusOr<VerbAnswer> Amend(Caller caller, const VerbAnswer& at,
                                   std::vector<std::string> paths, Complaint complaint) {
    AmendCommand command{At(at), std::move(paths), std::move(complaint), {}, "was told wrongly"};
    return Run(app_.cases().AmendComplaint(std::move(caller), Mark(), std::move(command)));
  }
};

TEST_F(CaseVerbsTest, TheMinistryAdmitsAndConfirms) {
  const VerbAnswer filed = FileGroup(2);
  const VerbAnswer admitted = Admit(filed);
  EXPECT_EQ(admitted.state, CaseState::kOpen);
  const v1::Event event = LastEvent();
  ASSERT_TRUE(event.has_case_screened());
  EXPECT_TRUE(event.case_screened().dimensions().urgency_confirmed());
  const CaseView view = View(Ministry(), filed);
  EXPECT_EQ(view.head.screening->urgency, "NORMAL");
  EXPECT_EQ(view.version, admitted.version);
}

TEST_F(CaseVerbsTest, OnlyTheMinistryScreens) {
  const VerbAnswer filed = FileGroup(1);
  ScreenCommand command{At(filed), {}};
  const auto refused = Run(app_.cases().ScreenComplaint(Desk(), Mark(), command));
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kPermissionDenied);
}

TEST_F(CaseVerbsTest, IrregularStatusIsNoReasonToTurnACaseAway) {
  const VerbAnswer filed = FileGroup(1);
  ScreenCommand command{At(filed), {}};
  command.decision.reason = "IRREGULAR_STATUS";
  EXPECT_EQ(ReasonOf(Run(app_.cases().ScreenComplaint(Ministry(), Mark(), command))),
            "IRREGULAR_STATUS_IS_NO_REASON");
}

TEST_F(CaseVerbsTest, ARefusedStepChangesNothingButLeavesALineInTheAuditLog) {
  const VerbAnswer admitted = Admit(FileGroup(1));
  const size_t lines = AuditLines().size();
  ScreenCommand command{At(admitted), {}};
  command.decision.reason = "DUPLICATE";
  EXPECT_EQ(ReasonOf(Run(app_.cases().ScreenComplaint(Ministry(), Mark(), command))),
            "TRANSITION_NOT_ALLOWED");
  ASSERT_THAT(AuditLines(), SizeIs(lines + 1));
  const audit::AuditLeaf leaf = AuditLines().back().leaf;
  EXPECT_EQ(leaf.outcome, audit::Outcome::kRefused);
  EXPECT_EQ(leaf.reason, "TRANSITION_NOT_ALLOWED");
  EXPECT_EQ(View(Ministry(), admitted).version, admitted.version);
}

TEST_F(CaseVerbsTest, AnInadmissibleCaseCanBeContested) {
  const VerbAnswer filed = FileGroup(1);
  ScreenCommand command{At(filed), {}};
  command.decision.reason = "OUT_OF_JURISDICTION";
  const VerbAnswer refused = Must(Run(app_.cases().ScreenComplaint(Ministry(), Mark(), command)));
  EXPECT_EQ(refused.state, CaseState::kInadmissible);
  const VerbAnswer contested = Must(Reopen(Desk(), refused, ReopenKind::kContest));
  EXPECT_EQ(contested.state, CaseState::kFiled);
  EXPECT_EQ(View(Ministry(), filed).reopenings[0].verb, "CONTEST");
}

TEST_F(CaseVerbsTest, AWholeCaseIsWithdrawnAndBroughtBackWithinSevenDays) {
  const VerbAnswer filed = FileGroup(2);
  const VerbAnswer withdrawn = Must(Withdraw(Desk(), filed));
  EXPECT_EQ(withdrawn.state, CaseState::kWithdrawn);
  EXPECT_EQ(*withdrawn.undo_until, clock_.Now() + absl::Hours(7 * 24));
  EXPECT_TRUE(LastEvent().has_case_withdrawn());
  clock_.Advance(absl::Hours(7 * 24));
  const VerbAnswer back = Must(Reopen(Desk(), withdrawn, ReopenKind::kUndoWithdrawal));
  EXPECT_EQ(back.state, CaseState::kFiled);
}

TEST_F(CaseVerbsTest, AfterTheCoolingOffOnlyTheMinistryBringsItBack) {
  const VerbAnswer withdrawn = Must(Withdraw(Desk(), FileGroup(2)));
  clock_.Advance(absl::Hours(7 * 24) + absl::Seconds(1));
  EXPECT_EQ(ReasonOf(Reopen(Desk(), withdrawn, ReopenKind::kUndoWithdrawal)), "COOLING_OFF_OVER");
  EXPECT_EQ(ReasonOf(Reopen(Desk(), withdrawn, ReopenKind::kReopen)), "ROLE_NOT_ALLOWED");
  EXPECT_EQ(Must(Reopen(Ministry(), withdrawn, ReopenKind::kReopen)).state, CaseState::kFiled);
}

TEST_F(CaseVerbsTest, AWithdrawnCaseIsReopenedToWhereItWasSoThatItIsScreenedBeforeItIsOpen) {
  const VerbAnswer never_screened = Must(Withdraw(Desk(), FileGroup(1)));
  const VerbAnswer filed = Must(Reopen(Ministry(), never_screened, ReopenKind::kReopen));
  EXPECT_EQ(filed.state, CaseState::kFiled);
  EXPECT_EQ(LastEvent().state(), v1::CASE_STATE_FILED);
  EXPECT_EQ(Admit(filed).state, CaseState::kOpen);

  const VerbAnswer screened = Must(Withdraw(Desk(), Admit(FileGroup(1))));
  clock_.Advance(absl::Hours(8 * 24));
  EXPECT_EQ(Must(Reopen(Ministry(), screened, ReopenKind::kReopen)).state, CaseState::kOpen);
}

TEST_F(CaseVerbsTest, WhoeverTakesACaseBackForAWorkerSaysHowTheWorkerSaidSo) {
  const VerbAnswer filed = FileGroup(1);
  const VerbAnswer withdrawn = Must(Withdraw(Desk(), filed));
  const VerbAnswer closed = Must(Close(Admit(FileGroup(1))));
  EXPECT_EQ(ReasonOf(Reopen(Ministry(), withdrawn, ReopenKind::kReopen, {}, std::nullopt)),
            "INSTRUCTION_MISSING");
  EXPECT_EQ(ReasonOf(Reopen(Ministry(), closed, ReopenKind::kReopen, {}, std::nullopt)),
            "INSTRUCTION_MISSING");
  EXPECT_EQ(ReasonOf(Reopen(Desk(), withdrawn, ReopenKind::kUndoWithdrawal, {}, std::nullopt)),
            "INSTRUCTION_MISSING");
  EXPECT_EQ(Must(Reopen(Ministry(), closed, ReopenKind::kReopen)).state, CaseState::kOpen);
  const auto key = Run(cases_.KeyOf(closed.case_number));
  const auto history = Run(cases_.ReadHistory(closed.case_number, *key, 0, 1));
  EXPECT_EQ(history->rows[0].instruction, ByPhone()) << "kept with the record";
  EXPECT_EQ(
      Must(Reopen(Worker(filed), withdrawn, ReopenKind::kUndoWithdrawal, {}, std::nullopt)).state,
      CaseState::kFiled);
}

TEST_F(CaseVerbsTest, ADeskSaysHowTheWorkerSaidSo) {
  const VerbAnswer filed = FileGroup(1);
  EXPECT_EQ(ReasonOf(Withdraw(Desk(), filed, {}, std::nullopt)), "INSTRUCTION_MISSING");
  EXPECT_TRUE(Withdraw(Worker(filed), filed, {}, std::nullopt).ok());
}

TEST_F(CaseVerbsTest, MembersWithdrawOneByOneAndTheLastTakesTheCaseAlong) {
  const VerbAnswer filed = FileGroup(2);
  const std::string first = filed.member_ids[0].ToString();
  const std::string second = filed.member_ids[1].ToString();
  const VerbAnswer one = Must(Withdraw(Desk(), filed, {first}));
  EXPECT_EQ(one.state, CaseState::kFiled);
  EXPECT_EQ(LastEvent().case_withdrawn().member_ids(0), first);
  EXPECT_EQ(LastEvent().case_withdrawn().dimensions().member_counts(0).count(), 1u);
  EXPECT_EQ(ReasonOf(Withdraw(Desk(), one, {first})), "MEMBER_WITHDRAWN");
  const VerbAnswer two = Must(Withdraw(Desk(), one, {second}));
  EXPECT_EQ(two.state, CaseState::kWithdrawn);
  // Undoing brings back the case and who went with it, not who had gone before.
  const VerbAnswer back = Must(Reopen(Desk(), two, ReopenKind::kUndoWithdrawal));
  EXPECT_EQ(back.state, CaseState::kFiled);
  EXPECT_EQ(View(Desk(), filed).members.withdrawn, 1u);
}

TEST_F(CaseVerbsTest, AWorkerOfAGroupWithdrawsTheOwnPartOnly) {
  const VerbAnswer filed = FileGroup(3);
  const VerbAnswer one = Must(Withdraw(Worker(filed, 1), filed, {}, std::nullopt));
  EXPECT_EQ(one.state, CaseState::kFiled);
  EXPECT_EQ(View(Desk(), filed).members.withdrawn, 1u);
  EXPECT_EQ(Withdraw(Worker(filed, 0), one, {filed.member_ids[2].ToString()}, std::nullopt)
                .status()
                .code(),
            absl::StatusCode::kNotFound);
}

TEST_F(CaseVerbsTest, AnOpenCaseWithNothingOwedCloses) {
  const VerbAnswer closed = Must(Close(Admit(FileGroup(1))));
  EXPECT_EQ(closed.state, CaseState::kClosedResolved);
  EXPECT_THAT(LastEvent().case_closed().remedies_obtained(), ElementsAre("WAGES_PAID"));
  EXPECT_THAT(View(Ministry(), closed).closure->sanctions, ElementsAre("WARNING"));
}

TEST_F(CaseVerbsTest, AnAwardThatIsNotReceivedKeepsTheCaseOpen) {
  const VerbAnswer filed = FileGroup(2);
  const VerbAnswer admitted = Admit(filed);
  const VerbAnswer owed = Record(Desk(), filed, {Entry(filed.member_ids[0], "AWARDED", "7200.00")});
  const auto refused = Close(owed);
  EXPECT_EQ(ReasonOf(refused), "AWARD_UNPAID");
  EXPECT_EQ(GetRefusal(refused.status())->metadata.at("balances"), "MYR 7200.00");
  const VerbAnswer paid =
      Record(Desk(), filed, {Entry(filed.member_ids[0], "RECEIVED", "7200.00")});
  EXPECT_TRUE(Close(paid).ok());
}

TEST_F(CaseVerbsTest, AnAmendmentReplacesTheNamedPartsAndKeepsWhatStoodThere) {
  const VerbAnswer filed = FileGroup(1);
  Complaint changed;
  changed.narrative = "it was 420 a month";
  changed.sector = "CONSTRUCTION";
  const VerbAnswer amended = Must(Amend(Desk(), filed, {"narrative"}, changed));
  EXPECT_EQ(amended.amendment_number, 1u);
  const CaseView view = View(Desk(), filed);
  EXPECT_EQ(view.complaint.narrative, "it was 420 a month");
  EXPECT_EQ(view.complaint.sector, "MANUFACTURING");  // Not named, so not looked at.
  ASSERT_THAT(view.amendments, SizeIs(1));
  EXPECT_EQ(view.amendments[0].previous_complaint->narrative, SampleComplaint().narrative);
  EXPECT_EQ(view.amendments[0].note, "was told wrongly");
  EXPECT_THAT(LastEvent().case_amended().paths(), ElementsAre("narrative"));
}

TEST_F(CaseVerbsTest, AnAmendmentThatMakesTheCaseUrgentSaysSo) {
  const VerbAnswer filed = FileGroup(1);
  Complaint changed;
  changed.circumstances = {"LIFE_AT_RISK"};
  const VerbAnswer amended = Must(Amend(Desk(), filed, {"circumstances"}, changed));
  EXPECT_EQ(amended.suggestions->urgency.urgency, "EMERGENCY");
  EXPECT_THAT(amended.warnings, Contains(Field(&Warning::code, "URGENCY_SUGGESTION_CHANGED")));
}

TEST_F(CaseVerbsTest, UnknownPathsAndInvalidContentAreRefused) {
  const VerbAnswer filed = FileGroup(1);
  EXPECT_THAT(GetFieldViolations(
                  Amend(Desk(), filed, {"scope", "narrative", "narrative"}, Complaint()).status()),
              SizeIs(2));
  EXPECT_EQ(GetFieldViolations(Amend(Desk(), filed, {"sector"}, Complaint()).status())[0].field,
            "complaint.sector");
}

TEST_F(CaseVerbsTest, AnAmendmentIsToldAtOnceWhatIsWrongByItselfAndBesideWhatIsStored) {
  const VerbAnswer filed = FileGroup(1);
  Complaint changed;
  changed.sector = "IT";
  AmendCommand command{At(filed), {"sector", "scope"}, changed, {}, ""};
  const auto fields = [this](AmendCommand amend) {
    const auto refused = Run(app_.cases().AmendComplaint(Desk(), Mark(), std::move(amend)));
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
    std::vector<std::string> named;
    for (const FieldViolation& one : GetFieldViolations(refused.status())) {
      named.push_back(one.field);
    }
    return named;
  };
  EXPECT_THAT(fields(command), ElementsAre("reason", "paths[1]", "complaint.sector"));
  command.target = {CaseNumber("KH", 26, 999), 1};
  EXPECT_THAT(fields(command), ElementsAre("reason", "paths[1]")) << "nothing is told of the case";
  command.complaint.reset();
  EXPECT_THAT(fields(command), ElementsAre("reason", "complaint"));
}

TEST_F(CaseVerbsTest, AmendedClaimsReplaceWhatTheLedgerSaysIsClaimed) {
  const VerbAnswer filed = FileGroup(2);
  AmendCommand command{At(filed), {"claim_lines"}, {}, SampleMember(1), "counted again"};
  command.member->member_id = filed.member_ids[0];
  command.member->claim_lines[0].claimed->amount = "7000";
  Must(Run(app_.cases().AmendComplaint(Desk(), Mark(), command)));
  const CaseView view = View(Desk(), filed);
  EXPECT_EQ(TotalsIn(view.head.totals, "MYR").Of(MoneyKind::kClaimed), 700000 + 720000);
  const auto ledger = Run(app_.money().ListMoney(Desk(), filed.case_number, {}, {}));
  ASSERT_THAT(ledger->entries, SizeIs(4));  // Two claims, a reversal and the new claim.
  EXPECT_EQ(ledger->entries[2].entry.kind, MoneyKind::kReversal);
  EXPECT_EQ(ledger->entries[0].reversed_by, ledger->entries[2].entry.entry_id);
}

TEST_F(CaseVerbsTest, WhatStoodAtAMemberBeforeIsShownToThoseWhoWorkOnTheCase) {
  const VerbAnswer filed = FileGroup(2);
  AmendCommand command{At(filed), {"claim_lines"}, {}, SampleMember(1), "counted again"};
  command.member->member_id = filed.member_ids[0];
  command.member->claim_lines[0].claimed->amount = "7000";
  Must(Run(app_.cases().AmendComplaint(Desk(), Mark(), command)));
  const CaseView shown = View(Desk(), filed);
  ASSERT_THAT(shown.amendments, SizeIs(1));
  ASSERT_TRUE(shown.amendments[0].previous_member.has_value());
  EXPECT_EQ(shown.amendments[0].previous_member->claim_lines[0].claimed->amount, "7200.00");
  EXPECT_EQ(shown.amendments[0].previous_member->complainant.name, "") << "was not amended";
  // Of another member's past a worker learns nothing.
  EXPECT_FALSE(View(Worker(filed, 1), filed).amendments[0].previous_member.has_value());
}

TEST_F(CaseVerbsTest, AWorkerAmendsTheOwnPartOnly) {
  const VerbAnswer filed = FileGroup(2);
  EXPECT_EQ(Amend(Worker(filed), filed, {"narrative"}, SampleComplaint()).status().code(),
            absl::StatusCode::kNotFound);
  AmendCommand command{At(filed), {"complainant.safe_contact"}, {}, SampleMember(1), "new number"};
  command.member->member_id = filed.member_ids[0];
  command.member->complainant.safe_contact->address = "+60 12 111 1111";
  EXPECT_TRUE(Run(app_.cases().AmendComplaint(Worker(filed), Mark(), command)).ok());
  command.target.version.reset();
  EXPECT_EQ(Run(app_.cases().AmendComplaint(Worker(filed, 1), Mark(), command)).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(CaseVerbsTest, ForeignAndAbsentAreTheSameNotFound) {
  const VerbAnswer filed = FileGroup(1);
  const auto foreign = Withdraw(OtherDesk(), filed);
  VerbAnswer nobody = filed;
  nobody.case_number = CaseNumber("KH", 26, 999);
  const auto absent = Withdraw(Desk(), nobody);
  EXPECT_EQ(foreign.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(foreign.status(), absent.status());
}

}  // namespace
}  // namespace redress::intake
