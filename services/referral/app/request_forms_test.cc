// One answer names every wrong field of a request, and nothing is looked up before.
#include "services/platform/status/field_violations.h"
#include "services/referral/app/testing/story_fixture.h"

namespace redress::referral {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const FieldViolation& one : GetFieldViolations(status)) fields.push_back(one.field);
  return fields;
}

class RequestFormsTest : public StoryTest {
 protected:
  // A request whose common fields are all wrong.
  template <class Request>
  static Request Wrong() {
    Request request;
    request.set_request_id("one");
    request.set_referral_id("KH-26-0000001-A/R1");
    return request;
  }
};

TEST_F(RequestFormsTest, ReferComplaintNamesAll) {
  v1::ReferComplaintRequest request;
  request.set_case_number("KH-26-0000001-A");
  request.set_receiver_body_id("mtuc");
  request.set_urgency("SOON");
  request.set_ad_hoc(true);
  request.set_agreement_id("kh-my:cuf-mtuc");
  request.set_note("\xff");
  request.add_groups(static_cast<intake::v1::FieldGroup>(11));
  request.add_member_ids("x");
  request.set_parent_referral_id("R1");
  EXPECT_THAT(
      FieldsOf(world.Run(world.kh->home.ReferComplaint(world.ministry, request)).status()),
      UnorderedElementsAre("request_id", "case_number", "case_etag", "receiver_body_id", "urgency",
                           "ad_hoc", "note", "groups[0]", "member_ids[0]", "parent_referral_id"));
}

TEST_F(RequestFormsTest, AReferralOfAnotherCaseIsNeitherParentNorPredecessor) {
  const std::string id = world.Refer();
  v1::ReferComplaintRequest request = world.ReferRequest();
  request.set_case_number(CaseNumber("KH", 26, 999).ToString());
  request.set_parent_referral_id(id);
  request.set_previous_referral_id(id);
  EXPECT_THAT(FieldsOf(world.Run(world.kh->home.ReferComplaint(world.ministry, request)).status()),
              ElementsAre("parent_referral_id", "previous_referral_id"));
}

TEST_F(RequestFormsTest, ReceiversVerbsNameTheCommonFieldsAndTheirOwn) {
  ReceiverVerbs& verbs = world.my->receiver;
  const Caller& caller = world.contact;
  auto accept = Wrong<v1::AcceptReferralRequest>();
  accept.set_note(std::string(5'000, 'a'));
  EXPECT_THAT(
      FieldsOf(world.Run(verbs.AcceptReferral(caller, accept)).status()),
      ElementsAre("request_id", "referral_id", "etag", "note", "acceptance.focal_point_id"));
  auto decline = Wrong<v1::DeclineReferralRequest>();
  decline.set_reason("LAZY");
  decline.add_suggested_body_ids("my:mtuc");
  decline.add_suggested_body_ids("mtuc");
  EXPECT_THAT(FieldsOf(world.Run(verbs.DeclineReferral(caller, decline)).status()),
              ElementsAre("request_id", "referral_id", "etag", "reason", "suggested_body_ids[1]"));
  auto ask = Wrong<v1::RequestInformationRequest>();
  ask.add_items()->set_member_id("x");
  ask.mutable_items(0)->set_field_group(static_cast<intake::v1::FieldGroup>(77));
  EXPECT_THAT(FieldsOf(world.Run(verbs.RequestInformation(caller, ask)).status()),
              ElementsAre("request_id", "referral_id", "etag", "items[0].question",
                          "items[0].field_group", "items[0].member_id"));
  auto forward = Wrong<v1::ForwardReferralRequest>();
  EXPECT_THAT(FieldsOf(world.Run(verbs.ForwardReferral(caller, forward)).status()),
              ElementsAre("request_id", "referral_id", "etag", "reason", "to_body_id"));
  auto hold = Wrong<v1::HoldReferralRequest>();
  hold.set_reason("OTHER");
  hold.set_until_date("2020-02-30");
  EXPECT_THAT(FieldsOf(world.Run(verbs.HoldReferral(caller, hold)).status()),
              ElementsAre("request_id", "referral_id", "etag", "note", "until_date"));
}

TEST_F(RequestFormsTest, StepsProposalsAndOutcomesNameThePartsOfTheirDetails) {
  ReceiverVerbs& verbs = world.my->receiver;
  auto step = Wrong<v1::RecordStepRequest>();
  step.mutable_step()->set_kind("CHAT");
  step.mutable_step()->mutable_held_at()->set_seconds(999'999'999'999'999);
  step.mutable_step()->add_notices()->set_party("NEIGHBOUR");
  EXPECT_THAT(FieldsOf(world.Run(verbs.RecordStep(world.contact, step)).status()),
              ElementsAre("request_id", "referral_id", "etag", "step.held_at", "step.kind",
                          "step.notices[0].party"));
  auto propose = Wrong<v1::ProposeSolutionRequest>();
  v1::MemberTerms* terms = propose.mutable_proposal()->mutable_for_each_other();
  terms->add_remedies("GOLD");
  terms->add_amounts()->set_currency_code("MYR");
  terms->mutable_amounts(0)->set_amount("7.505");
  EXPECT_THAT(FieldsOf(world.Run(verbs.ProposeSolution(world.contact, propose)).status()),
              ElementsAre("request_id", "referral_id", "etag", "proposal.for_each_other.amounts[0]",
                          "proposal.for_each_other.remedies[0]", "proposal.payer"));
  auto conclude = Wrong<v1::ConcludeReferralRequest>();
  conclude.mutable_outcome()->set_sanction("SHAME");
  conclude.mutable_outcome()->set_due_date("soon");
  EXPECT_THAT(FieldsOf(world.Run(verbs.ConcludeReferral(world.contact, conclude)).status()),
              ElementsAre("request_id", "referral_id", "etag", "outcome.due_date",
                          "outcome.sanction", "reason"));
  auto money = Wrong<v1::RecordReferralMoneyRequest>();
  money.add_entries()->set_kind("WRITTEN_OFF");
  EXPECT_THAT(FieldsOf(world.Run(verbs.RecordReferralMoney(world.contact, money)).status()),
              ElementsAre("request_id", "referral_id", "etag", "entries[0].kind",
                          "entries[0].member_id", "entries[0].amount", "entries[0].happened_on"));
}

TEST_F(RequestFormsTest, HomesVerbsNameTheCommonFieldsAndTheirOwn) {
  HomeVerbs& verbs = world.kh->home;
  auto provide = Wrong<v1::ProvideInformationRequest>();
  provide.add_evidence_ids("x");
  EXPECT_THAT(FieldsOf(world.Run(verbs.ProvideInformation(world.ministry, provide)).status()),
              ElementsAre("request_id", "referral_id", "etag", "answer", "evidence_ids[0]"));
  auto answer = Wrong<v1::AnswerProposalRequest>();
  answer.add_answers()->set_member_id("x");
  answer.mutable_instruction()->set_how("TELEPATHY");
  answer.mutable_instruction()->set_given_on("2099-01-01");
  EXPECT_THAT(FieldsOf(world.Run(verbs.AnswerProposal(world.desk, answer)).status()),
              ElementsAre("request_id", "referral_id", "etag", "instruction.how",
                          "instruction.given_on", "answers[0].member_id"));
  auto recall = Wrong<v1::RecallReferralRequest>();
  EXPECT_THAT(FieldsOf(world.Run(verbs.RecallReferral(world.ministry, recall)).status()),
              ElementsAre("request_id", "referral_id", "etag", "reason"));
  auto update = Wrong<v1::UpdateDisclosureRequest>();
  update.add_member_ids("x");
  EXPECT_THAT(FieldsOf(world.Run(verbs.UpdateDisclosure(world.ministry, update)).status()),
              ElementsAre("request_id", "referral_id", "etag", "member_ids[0]"));
}

TEST_F(RequestFormsTest, AFileIsDescribedWhollyBeforeItsBytesAreTaken) {
  auto header = Wrong<v1::ReferralEvidenceHeader>();
  header.mutable_file()->set_kind("SELFIE");
  header.mutable_file()->set_file_name("../x");
  const auto begun = world.Run(world.my->files.BeginUpload(world.contact, header));
  EXPECT_THAT(FieldsOf(begun.status()),
              ElementsAre("request_id", "referral_id", "file.kind", "file.size_bytes",
                          "file.sha256", "file.media_type", "file.file_name"));
}

TEST_F(RequestFormsTest, AFilterThatNothingCouldFitIsAMistakeAndNoEmptyList) {
  v1::ListReferralsRequest list;
  list.add_states(static_cast<v1::ReferralState>(99));
  list.set_receiver_body_id("mtuc");
  list.set_case_number("KH-26-0000001-A");
  list.set_direction(static_cast<v1::Direction>(9));
  list.set_order(static_cast<v1::ReferralOrder>(9));
  list.mutable_updated_since()->set_nanos(-1);
  list.set_page_size(201);
  EXPECT_THAT(FieldsOf(world.Run(world.kh->queries.ListReferrals(world.ministry, list)).status()),
              ElementsAre("states[0]", "receiver_body_id", "case_number", "direction", "order",
                          "updated_since", "page_size"));
  v1::GetReferralRequest show;
  show.set_member_page_size(-1);
  EXPECT_THAT(FieldsOf(world.Run(world.kh->queries.GetReferral(world.ministry, show)).status()),
              ElementsAre("referral_id", "member_page_size"));
}

}  // namespace
}  // namespace redress::referral
