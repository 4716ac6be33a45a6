#include "services/intake/domain/case_decisions.h"

#include <functional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/intake/domain/testing/sample_filing.h"
#include "services/platform/status/refusal.h"

namespace redress::intake {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const char kMember[] = "00000000000000000000000001";
const ValidationContext& Context() {
  static const ValidationContext* const context =
      new ValidationContext{SampleCodes(), kSampleToday};
  return *context;
}

template <class Decision>
std::vector<std::string> Faults(void (*validate)(const Decision&, const ValidationContext&,
                                                 FieldViolations&),
                                const Decision& decision) {
  FieldViolations violations;
  validate(decision, Context(), violations);
  std::vector<std::string> fields;
  for (const FieldViolation& one : violations.list()) fields.push_back(one.field);
  return fields;
}

TEST(CaseDecisionsTest, AdmittingConfirmsCategoryAndUrgency) {
  ScreeningDecision decision;
  decision.admit = true;
  EXPECT_THAT(Faults(ValidateScreening, decision), ElementsAre("primary_category.code", "urgency"));
  decision.primary_category.code = "WAGE_UNDERPAYMENT";
  decision.urgency = "NORMAL";
  decision.forced_labour_indicators = {"DECEPTION"};
  EXPECT_THAT(Faults(ValidateScreening, decision), IsEmpty());
  decision.reason = "DUPLICATE";
  decision.forced_labour_indicators = {"DECEPTION", "DECEPTION"};
  EXPECT_THAT(Faults(ValidateScreening, decision),
              ElementsAre("reason", "forced_labour_indicators[1]"));
}

TEST(CaseDecisionsTest, TurningACaseAwayNeedsAReasonThatIsNeverIrregularStatus) {
  ScreeningDecision decision;
  EXPECT_THAT(Faults(ValidateScreening, decision), ElementsAre("reason"));
  decision.reason = "OTHER";
  EXPECT_THAT(Faults(ValidateScreening, decision), ElementsAre("note"));
  decision.note = "told at the desk";
  EXPECT_THAT(Faults(ValidateScreening, decision), IsEmpty());
  EXPECT_TRUE(CheckReasonPermitted("TIME_BARRED").ok());
  EXPECT_EQ(GetRefusal(CheckReasonPermitted("IRREGULAR_STATUS"))->reason,
            "IRREGULAR_STATUS_IS_NO_REASON");
}

TEST(CaseDecisionsTest, AWithdrawalSaysWhy) {
  WithdrawalDecision decision;
  EXPECT_THAT(Faults(ValidateWithdrawal, decision), ElementsAre("reason"));
  decision.reason = "PRESSURE";
  decision.member_ids = {kMember, kMember, "x"};
  decision.instruction = WorkerInstruction{"PHONE", "2026-12-24", ""};
  EXPECT_THAT(Faults(ValidateWithdrawal, decision),
              ElementsAre("member_ids[1]", "member_ids[2]", "instruction.given_on"));
}

TEST(CaseDecisionsTest, ActingForAWorkerNeedsTheWorkersWord) {
  EXPECT_TRUE(CheckInstructed(true, std::nullopt, "WithdrawComplaint").ok());
  EXPECT_TRUE(CheckInstructed(false, WorkerInstruction{"PHONE", "2026-11-01", ""}, "x").ok());
  const auto refusal = GetRefusal(CheckInstructed(false, std::nullopt, "WithdrawComplaint"));
  EXPECT_EQ(refusal->reason, "INSTRUCTION_MISSING");
  EXPECT_EQ(refusal->metadata.at("verb"), "WithdrawComplaint");
}

TEST(CaseDecisionsTest, ClosingSaysWhatWasObtainedOrWhyNot) {
  ClosingDecision decision;
  EXPECT_THAT(Faults(ValidateClosing, decision), ElementsAre("outcome"));
  decision.outcome = CaseState::kClosedResolved;
  EXPECT_THAT(Faults(ValidateClosing, decision), ElementsAre("remedies_obtained"));
  decision.remedies_obtained = {"WAGES_PAID"};
  decision.sanctions = {"NONE", "FINE"};
  EXPECT_THAT(Faults(ValidateClosing, decision), ElementsAre("sanctions"));
  decision.sanctions = {"FINE", "LICENCE_SUSPENDED"};
  EXPECT_THAT(Faults(ValidateClosing, decision), IsEmpty());
  decision.outcome = CaseState::kClosedUnresolved;
  EXPECT_THAT(Faults(ValidateClosing, decision), ElementsAre("reason"));
  decision.reason = "RESPONDENT_INSOLVENT";
  EXPECT_THAT(Faults(ValidateClosing, decision), IsEmpty());
}

TEST(CaseDecisionsTest, ReopeningSaysWhichWayAndWhy) {
  ReopeningDecision decision;
  EXPECT_THAT(Faults(ValidateReopening, decision), ElementsAre("kind", "reason"));
  decision.kind = ReopenKind::kContest;
  decision.reason = "new payslips";
  EXPECT_THAT(Faults(ValidateReopening, decision), IsEmpty());
  EXPECT_EQ(VerbOf(decision.kind), CaseVerb::kContest);
  decision.member_ids = {kMember};
  EXPECT_THAT(Faults(ValidateReopening, decision), ElementsAre("member_ids"));
  decision.kind = ReopenKind::kUndoWithdrawal;
  EXPECT_THAT(Faults(ValidateReopening, decision), IsEmpty());
}

TEST(CaseDecisionsTest, AFileIsDescribedBeforeItComes) {
  const auto faults = [](const EvidenceFile& file) {
    FieldViolations violations;
    ValidateEvidenceFile(file, "file", Context(), violations);
    std::vector<std::string> fields;
    for (const FieldViolation& one : violations.list()) fields.push_back(one.field);
    return fields;
  };
  EvidenceFile file;
  file.kind = "PAYSLIP";
  file.file_name = "payslip.jpg";
  file.media_type = "image/jpeg";
  file.size_bytes = 1;
  file.sha256 = std::string(32, '\0');
  EXPECT_THAT(faults(file), IsEmpty());
  file.kind = "SONG";
  file.file_name = "../payslip.jpg";
  file.media_type = "jpeg";
  file.size_bytes = 0;
  file.sha256 = "short";
  file.member_id = "x";
  EXPECT_THAT(faults(file), ElementsAre("file.kind", "file.file_name", "file.media_type",
                                        "file.size_bytes", "file.sha256", "file.member_id"));
  EXPECT_TRUE(CheckEvidenceSize(50 * 1024 * 1024).ok());
  const auto refusal = GetRefusal(CheckEvidenceSize(50 * 1024 * 1024 + 1));
  EXPECT_EQ(refusal->reason, "FILE_TOO_LARGE");
  EXPECT_EQ(refusal->metadata.at("limit_bytes"), "52428800");
}

MoneyEntry GoodEntry() {
  MoneyEntry entry;
  entry.member_id = kMember;
  entry.kind = "RECEIVED";
  entry.amount = WrittenMoney{"MYR", "7200"};
  entry.happened_on = "2026-11-20";
  return entry;
}

TEST(CaseDecisionsTest, AMoneyEntryIsReadExactly) {
  FieldViolations violations;
  const auto entry = ValidateMoneyEntry(GoodEntry(), FieldPath("entry"), Context(), violations);
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->kind, MoneyKind::kReceived);
  EXPECT_EQ(entry->amount, (MoneyAmount{"MYR", 720'000}));
}

TEST(CaseDecisionsTest, EachRuleOfAMoneyEntryNamesItsField) {
  const std::vector<std::pair<const char*, std::function<void(MoneyEntry&)>>> cases = {
      {"entry.entry_id", [](MoneyEntry& e) { e.entry_id = "1"; }},
      {"entry.member_id", [](MoneyEntry& e) { e.member_id = ""; }},
      {"entry.kind", [](MoneyEntry& e) { e.kind = "LOST"; }},
      {"entry.amount", [](MoneyEntry& e) { e.amount.reset(); }},
      {"entry.amount.amount", [](MoneyEntry& e) { e.amount->amount = "0"; }},
      {"entry.amount.currency_code", [](MoneyEntry& e) { e.amount->currency_code = "XAU"; }},
      {"entry.happened_on", [](MoneyEntry& e) { e.happened_on = ""; }},
      {"entry.happened_on", [](MoneyEntry& e) { e.happened_on = "2026-12-24"; }},
      {"entry.reverses_entry_id", [](MoneyEntry& e) { e.kind = "REVERSAL"; }},
      {"entry.reverses_entry_id", [](MoneyEntry& e) { e.reverses_entry_id = kMember; }},
      {"entry.referral_id", [](MoneyEntry& e) { e.referral_id = "R1"; }},
      {"entry.note", [](MoneyEntry& e) { e.note = std::string(1'001, 'n'); }},
      {"entry.instruction.how",
       [](MoneyEntry& e) { e.instruction = WorkerInstruction{"DREAM", "2026-11-20", ""}; }},
  };
  for (const auto& [field, spoil] : cases) {
    MoneyEntry entry = GoodEntry();
    spoil(entry);
    FieldViolations violations;
    EXPECT_FALSE(ValidateMoneyEntry(entry, FieldPath("entry"), Context(), violations).has_value());
    ASSERT_EQ(violations.list().size(), 1u) << field;
    EXPECT_EQ(violations.list()[0].field, field);
  }
}

TEST(CaseDecisionsTest, WhatFallsDueMayLieAheadAndWritingOffNeedsTwo) {
  MoneyEntry entry = GoodEntry();
  entry.kind = "DUE";
  entry.happened_on = "2027-03-31";
  FieldViolations violations;
  EXPECT_TRUE(ValidateMoneyEntry(entry, FieldPath("entry"), Context(), violations).has_value());
  EXPECT_TRUE(CheckPersonMayRecord(MoneyKind::kReceived).ok());
  EXPECT_EQ(GetRefusal(CheckPersonMayRecord(MoneyKind::kWrittenOff))->reason, "APPROVAL_MISSING");
}

}  // namespace
}  // namespace redress::intake
