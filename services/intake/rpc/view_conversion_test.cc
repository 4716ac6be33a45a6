#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/intake/domain/testing/sample_filing.h"
#include "services/intake/rpc/answer_conversion.h"
#include "services/intake/rpc/case_conversion.h"
#include "services/intake/rpc/evidence_conversion.h"
#include "services/intake/rpc/money_conversion.h"
#include "services/intake/rpc/testing/filled_messages.h"

namespace redress::intake {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);
const Actor kDesk{"kh", "kh:lscw", "DESK", "a-subject"};
const MemberId kMember = MemberId::FromTrusted("01234567890123456789ABCDEF");
const RandomId kId = RandomId::FromTrusted("0123456789ABCDEFGHJKMNPQRS");

MoneyTotals SomeTotals() {
  MoneyTotals totals{.currency = "MYR", .owed = 300, .balance = 200, .overpaid = 100};
  totals.by_kind.fill(400);
  return totals;
}

HistoryRow SomeHistory(std::string verb) {
  HistoryRow row;
  row.number = 3;
  row.at = kNow;
  row.actor = kDesk;
  row.verb = std::move(verb);
  row.state = CaseState::kOpen;
  row.member_ids = {kMember};
  row.reason = "VOLUNTARY";
  row.paths = {"narrative"};
  row.amendment_number = 2;
  row.remedies_obtained = {"WAGES_PAID"};
  row.sanctions = {"FINE"};
  row.undo_until = kNow;
  row.state_before = CaseState::kOpen;
  row.note = "in words";
  row.previous_complaint = SampleComplaint();
  row.previous_complaint->earlier_case_number = "KH-25-0000009-A";
  row.previous_member = SampleMember();
  return row;
}

Screening SomeScreening() {
  return {.screened_at = kNow,
          .screened_by = kDesk,
          .admitted = true,
          .primary_category = "OTHER",
          .source_category_code = "WORK_FROM_HOME",
          .secondary_categories = {"WAGE_NONPAYMENT"},
          .urgency = "URGENT",
          .forced_labour_indicators = {"ISOLATION"},
          .reason = "DUPLICATE"};
}

ApprovalRow SomeApproval() {
  ApprovalRow row;
  row.approval = {
      .approval_id = kId,
      .requested_by = "a-subject",
      .decision = ApprovalDecision::kApproved,
      .member_ids = {kMember},
      .consent_override = ConsentOverride{"my:mtuc", {FieldGroup::kIdentity}, "2026-12-01"}};
  row.requested_by = kDesk;
  row.requested_at = kNow;
  row.decided_by = kDesk;
  row.decided_at = kNow;
  row.request_reason = "a life is at risk";
  return row;
}

DisclosureRow SomeDisclosure() {
  return {.referral_id = "KH-26-0000417-X/R1",
          .receiver_body_id = "my:mtuc",
          .disclosure_number = 1,
          .groups = {FieldGroup::kMoney},
          .member_count = 2,
          .by_override = true,
          .opened_at = kNow,
          .settled_at = kNow,
          .outcome = "RESOLVED"};
}

CaseView SomeView() {
  CaseView view;
  view.head.case_number = CaseNumber("KH", 26, 417);
  view.head.state = CaseState::kOpen;
  view.head.filed_at = kNow;
  view.head.updated_at = kNow;
  view.head.filed_by = kDesk;
  const SuggestionReason reason{"complaint.circumstances", "CANNOT_LEAVE", 1};
  view.head.suggestions = {{"URGENT", {reason}}, {{"ISOLATION", {reason}}}};
  view.head.screening = SomeScreening();
  view.head.evidence_count = 4;
  view.version = 17;
  view.complaint = SampleComplaint();
  view.complaint.earlier_case_number = "KH-25-0000009-A";
  view.groups_shown = FieldGroupSet::All();
  view.members = {70,           1, {{"FEMALE", 70}}, {{"KH", 70}}, 69, 68, {{"my:mtuc", 69}},
                  {{"km", 69}}, 68};
  view.respondent_body_ids = {"my:kilang-contoh"};
  view.respondent_name_digests = {std::string(32, 'd')};
  view.screening_note = "in words";
  view.withdrawal = SomeHistory("WITHDRAW");
  view.closure = SomeHistory("CLOSE");
  view.amendments = {SomeHistory("AMEND")};
  view.reopenings = {SomeHistory("CONTEST")};
  view.disclosures = {SomeDisclosure()};
  view.open_approvals = {SomeApproval()};
  return view;
}

TEST(ViewConversionTest, EveryFieldOfACaseIsShown) {
  const v1::Case proto = ToProto(SomeView(), SampleCodes());
  std::vector<std::string> unset = UnsetFields(proto);
  // What the screening keeps of a category, and what the sample complaint leaves empty, since only
  // a category OTHER has it. The parts of a member are held against the API by themselves.
  std::erase_if(unset, [](const std::string& path) {
    return path.starts_with("screening.") || path.starts_with("amendments.previous_member.") ||
           path.find("category.") != std::string::npos ||
           path.find("categories.") != std::string::npos;
  });
  EXPECT_THAT(unset, IsEmpty());
  EXPECT_EQ(proto.etag(), "17");
  EXPECT_EQ(proto.reopenings(0).kind(), "CONTEST");
  EXPECT_EQ(proto.screening().primary_category().source_category_code(), "WORK_FROM_HOME");
}

TEST(ViewConversionTest, NobodyIsShownWhoTheActorWas) {
  EXPECT_EQ(ToProto(SomeView(), SampleCodes()).DebugString().find("a-subject"), std::string::npos);
}

TEST(ViewConversionTest, AWriteOffIsShownWithItsAmounts) {
  ApprovalRow row = SomeApproval();
  row.approval.consent_override.reset();
  row.approval.write_off = {{kMember, {"MYR", 12'345}}};
  const v1::Approval proto = ToProto(row, SampleCodes());
  EXPECT_EQ(proto.write_off().amounts(0).amount().amount(), "123.45");
}

TEST(ViewConversionTest, EveryFieldOfAListRowIsShown) {
  ListRow row;
  row.case_number = CaseNumber("KH", 26, 417);
  row.state = CaseState::kOpen;
  row.filed_at = row.updated_at = kNow;
  row.filed_by_body_id = "kh:lscw";
  row.origin = "KH";
  row.transit = {"TH"};
  row.destination = "MY";
  row.sector = "MANUFACTURING";
  row.primary_category = "WAGE_UNDERPAYMENT";
  row.urgency = "URGENT";
  row.urgency_confirmed = true;
  row.member_count = 70;
  row.version = 9;
  EXPECT_THAT(UnsetFields(ToProto(row)), IsEmpty());
}

TEST(ViewConversionTest, EveryFieldOfALedgerEntryAndOfABalanceIsShown) {
  MoneyRow row;
  row.entry = {kId, kMember, MoneyKind::kReversal, {"MYR", 100}, kId};
  row.happened_on = "2026-10-01";
  row.referral_id = "KH-26-0000417-X/R1";
  row.recorded_by = kDesk;
  row.recorded_at = kNow;
  row.from_whom = "the factory";
  row.to_whom = "the worker";
  row.note = "in words";
  row.instruction = WorkerInstruction{"PHONE", "2026-10-01", "call noted"};
  EXPECT_THAT(UnsetFields(ToProto(row, SampleCodes())), IsEmpty());
  EXPECT_THAT(UnsetFields(ToProto(SomeTotals(), kMember.ToString(), SampleCodes())), IsEmpty());
}

TEST(ViewConversionTest, EveryFieldOfADisclosureIsShown) {
  DisclosurePage page;
  page.head.emplace();
  page.head->disclosure_number = 1;
  page.head->complaint = SampleComplaint();
  page.head->urgency = "NORMAL";
  page.head->forced_labour_indicators = {"ISOLATION"};
  page.head->groups = FieldGroupSet::All();
  page.head->member_count = 2;
  page.head->filed_at = kNow;
  page.head->by_override = true;
  EvidenceRow file;
  file.evidence_id = kId;
  file.kind = "PAYSLIP";
  file.size_bytes = 5;
  file.member_id = kMember;
  file.shareable = file.sensitive = true;
  file.uploaded_at = kNow;
  file.uploaded_by = kDesk;
  file.file_name = "slip.jpg";
  file.media_type = "image/jpeg";
  file.sha256 = std::string(32, 'x');
  file.description = "a pay slip";
  file.original_at = "at home";
  page.head->evidence_files = {file};
  page.members = {{SampleMember(), FieldGroupSet::All()}};
  page.next_page_token = "more";
  page.case_version = 3;
  page.commit_number = 4;
  DiscloseCommand command;
  command.referral_id = ReferralId(CaseNumber("KH", 26, 417), 1);
  command.case_number = CaseNumber("KH", 26, 417);
  EXPECT_EQ(ToProto(page, command, "kh").case_commit_number(), 3u);
  const auto unset = UnsetFields(ToProto(page, command, "kh"));
  EXPECT_THAT(unset, Not(Contains(StartsWith("complaint.evidence_files"))));
  EXPECT_THAT(unset, Not(Contains("complaint.home_node_id")));
  EXPECT_THAT(unset, Not(Contains("complaint.referral_id")));
  EXPECT_THAT(unset, Not(Contains("members.groups")));
}

VerbAnswer SomeAnswer() {
  VerbAnswer answer;
  answer.case_number = CaseNumber("KH", 26, 417);
  answer.state = CaseState::kFiled;
  answer.committed_at = kNow;
  answer.warnings = {{"POSSIBLE_DUPLICATE", "filing", "Look first."}};
  answer.version = 12;
  answer.member_ids = {kMember};
  answer.tracking_codes = {"1234-5678-9012-3456"};
  const SuggestionReason reason{"complaint.circumstances", "CANNOT_LEAVE", 1};
  answer.suggestions = Suggestions{{"URGENT", {reason}}, {{"ISOLATION", {reason}}}};
  answer.member_count = 1;
  answer.amendment_number = 1;
  answer.undo_until = kNow;
  answer.referral_ids = {"KH-26-0000417-X/R1"};
  answer.entry_ids = {kId};
  answer.totals = {SomeTotals()};
  answer.created_id = kId;
  return answer;
}

TEST(AnswerConversionTest, EveryFieldOfEveryAnswerIsFilled) {
  VerbAnswer answer = SomeAnswer();
  answer.repeated = true;
  EXPECT_THAT(UnsetFields(FiledToProto(answer, {"ref-1"})), IsEmpty());
  EXPECT_THAT(UnsetFields(AddedToProto(answer, {"ref-1"})), IsEmpty());
  EXPECT_THAT(UnsetFields(AmendedToProto(answer)), IsEmpty());
  EXPECT_THAT(UnsetFields(WithdrawnToProto(answer)), IsEmpty());
  EXPECT_THAT(UnsetFields(ConsentRecordedToProto(answer)), IsEmpty());
  EXPECT_THAT(UnsetFields(ConsentRevokedToProto(answer)), IsEmpty());
  EXPECT_THAT(UnsetFields(ApprovalRequestedToProto(answer)), IsEmpty());
  EXPECT_THAT(UnsetFields(ApprovedToProto(answer)), IsEmpty());
  EXPECT_THAT(UnsetFields(UploadedToProto(answer)), IsEmpty());
  EXPECT_THAT(UnsetFields(ImportedToProto(answer)), IsEmpty());
  EXPECT_THAT(UnsetFields(MovedToProto<v1::ScreenComplaintResponse>(answer)), IsEmpty());
  // The sums of a whole case name no member.
  EXPECT_THAT(UnsetFields(MoneyRecordedToProto(answer, SampleCodes())),
              ElementsAre("totals.member_id"));
}

TEST(AnswerConversionTest, ETagAndCommitNumberAreTheVersion) {
  const auto response = MovedToProto<v1::CloseComplaintResponse>(SomeAnswer());
  EXPECT_EQ(response.etag(), "12");
  EXPECT_EQ(response.commit_number(), 12u);
}

}  // namespace
}  // namespace redress::intake
