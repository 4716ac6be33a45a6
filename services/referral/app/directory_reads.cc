// Single entries of the directory, and suggestions from all of it; the lists are in
// directory_lists.cc.
#include <utility>

#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/directory_conversion.h"
#include "services/referral/app/directory_rows.h"
#include "services/referral/app/directory_verbs.h"
#include "services/referral/app/past_referrals.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/domain/access.h"
#include "services/referral/domain/routing.h"

namespace redress::referral {

Answer<v1::GetBodyResponse> DirectoryVerbs::GetBody(Caller, v1::GetBodyRequest request) {
  absl::StatusOr<BodyId> id = BodyId::Parse(request.body_id(), "body_id");
  CO_RETURN_IF_ERROR(id.status());
  absl::StatusOr<std::optional<Body>> body = co_await FindBody(parts_, *id);
  CO_RETURN_IF_ERROR(body.status());
  if (!body->has_value()) co_return NotFound("body");
  absl::StatusOr<ResponseRecord> record = co_await ResponsesOf(parts_, *id);
  CO_RETURN_IF_ERROR(record.status());
  v1::GetBodyResponse response;
  *response.mutable_body() = ToProto(**body);
  response.set_etag(std::to_string((*body)->provenance.version));
  response.set_open_referrals(record->open);
  co_return response;
}

Answer<v1::GetAgreementResponse> DirectoryVerbs::GetAgreement(Caller,
                                                              v1::GetAgreementRequest request) {
  FieldViolations violations;
  CheckAgreementId("agreement_id", request.agreement_id(), violations);
  CO_RETURN_IF_ERROR(violations.ToStatus());
  std::string id = request.agreement_id();
  absl::StatusOr<std::optional<Agreement>> agreement =
      co_await FindAgreementById(parts_, std::move(id));
  CO_RETURN_IF_ERROR(agreement.status());
  if (!agreement->has_value()) co_return NotFound("agreement");
  v1::GetAgreementResponse response;
  *response.mutable_agreement() = ToShow(**agreement, parts_.clock.Now());
  // The etag is that of this node's own half, which alone is changed here.
  for (const AgreementHalf& half : (*agreement)->halves) {
    if (half.node == parts_.node) response.set_etag(std::to_string(half.version));
  }
  co_return response;
}

Answer<v1::GetPostingResponse> DirectoryVerbs::GetPosting(Caller caller,
                                                          v1::GetPostingRequest request) {
  FieldViolations violations;
  CheckPostingId("posting_id", request.posting_id(), violations);
  CO_RETURN_IF_ERROR(violations.ToStatus());
  std::string id = request.posting_id();
  absl::StatusOr<std::optional<Posting>> posting = co_await FindPosting(parts_, std::move(id));
  CO_RETURN_IF_ERROR(posting.status());
  if (!posting->has_value() || !MaySee(*caller, **posting)) co_return NotFound("posting");
  v1::GetPostingResponse response;
  *response.mutable_posting() = ToProto(**posting);
  response.set_etag(std::to_string((*posting)->provenance.version));
  co_return response;
}

namespace {

void WriteReasons(const std::vector<RoutingReason>& from,
                  google::protobuf::RepeatedPtrField<v1::SuggestionReason>* to) {
  for (const RoutingReason& reason : from) {
    v1::SuggestionReason* written = to->Add();
    written->set_code(reason.code);
    written->set_text(reason.text);
    written->set_weight(reason.weight);
  }
}

v1::Suggestion Written(const Suggestion& from) {
  v1::Suggestion to;
  to.set_body_id(from.body_id.ToString());
  to.set_name(from.name);
  to.set_score(from.score);
  to.set_can_refer(from.can_refer);
  to.set_excluded(from.excluded);
  WriteReasons(from.reasons_for, to.mutable_reasons_for());
  WriteReasons(from.reasons_against, to.mutable_reasons_against());
  to.set_agreement_id(from.agreement_id);
  REDRESS_SET_TIME(to, as_of, from.as_of);
  return to;
}

}  // namespace

Answer<v1::SuggestRecipientsResponse> DirectoryVerbs::SuggestRecipients(
    Caller caller, v1::SuggestRecipientsRequest request) {
  FieldViolations violations;
  const CaseNumber number =
      violations.Read(CaseNumber::Parse(request.case_number(), "case_number"));
  if (!request.country().empty() && !parts_.codes.HasCountry(request.country())) {
    violations.AddValue("country", request.country(), "an ISO 3166-1 country such as MY, or empty");
  }
  if (request.limit() < 0 || request.limit() > 50) violations.Add("limit", "has to be 0 to 50");
  CO_RETURN_IF_ERROR(violations.ToStatus());
  intake::v1::GetComplaintRequest show;
  show.set_case_number(number.ToString());
  absl::StatusOr<intake::v1::GetComplaintResponse> shown =
      co_await parts_.intake.ShowCase(std::move(show));
  CO_RETURN_IF_ERROR(shown.status());
  const intake::v1::Case& complaint_case = shown->complaint_case();
  ReferralScope scope;
  scope.case_number = complaint_case.case_number();
  scope.home_node = parts_.node;
  scope.filed_by = BodyId::FromTrusted(complaint_case.filed_by().body_id());
  scope.province = complaint_case.complaint().province();
  if (!CheckMayMove("ReferComplaint", *caller, scope).ok()) co_return NotFound("case");

  RoutingQuestion question;
  question.facts = FactsOf(complaint_case);
  question.referring_body = BodyId::FromTrusted(caller->body_id);
  question.country = request.country();
  question.now = parts_.clock.Now();
  question.limit = request.limit() == 0 ? 10 : static_cast<size_t>(request.limit());
  absl::StatusOr<std::vector<PastReferral>> past =
      co_await ReferralsOfCase(parts_, complaint_case.case_number());
  CO_RETURN_IF_ERROR(past.status());
  question.past = *std::move(past);
  absl::StatusOr<std::vector<Body>> bodies = co_await AllBodies(parts_);
  CO_RETURN_IF_ERROR(bodies.status());
  const std::string country =
      question.country.empty() ? question.facts.destination : question.country;
  for (const Body& body : *bodies) {
    if (body.country != country) continue;
    AddRespondent(complaint_case, body, question.facts);
    absl::StatusOr<ResponseRecord> record = co_await ResponsesOf(parts_, body.body_id);
    CO_RETURN_IF_ERROR(record.status());
    question.records[body.body_id] = *record;
  }
  absl::StatusOr<std::vector<Agreement>> agreements = co_await AllAgreements(parts_);
  CO_RETURN_IF_ERROR(agreements.status());
  absl::StatusOr<std::vector<Posting>> postings = co_await AllPostings(parts_);
  CO_RETURN_IF_ERROR(postings.status());
  v1::SuggestRecipientsResponse response;
  for (const Suggestion& suggestion :
       redress::referral::SuggestRecipients(question, *bodies, *agreements, *postings)) {
    *response.add_suggestions() = Written(suggestion);
  }
  co_return response;
}

}  // namespace redress::referral
