// The reading half of DirectoryVerbs.
#include <algorithm>
#include <utility>

#include "services/platform/codes/field_checks.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/deterministic.h"
#include "services/referral/app/directory_conversion.h"
#include "services/referral/app/directory_rows.h"
#include "services/referral/app/directory_verbs.h"
#include "services/referral/app/past_referrals.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/domain/access.h"
#include "services/referral/domain/codes.h"
#include "services/referral/domain/routing.h"

namespace redress::referral {
namespace {

v1::Agreement Shown(const Agreement& agreement, absl::Time now) {
  v1::Agreement shown;
  shown.set_agreement_id(agreement.agreement_id);
  *shown.mutable_terms() = ToProto(agreement.terms);
  for (const AgreementHalf& half : agreement.halves) *shown.add_halves() = ToProto(half);
  shown.set_halves_match(HalvesMatch(agreement));
  shown.set_in_force(StandingOf(agreement, DateOf(now)) == AgreementStanding::kInForce);
  shown.mutable_provenance()->set_owner_node(agreement.provenance.owner.ToString());
  shown.mutable_provenance()->set_version(agreement.provenance.version);
  REDRESS_SET_TIME(*shown.mutable_provenance(), changed_at, agreement.provenance.changed_at);
  SetTimestamp(now, shown.mutable_provenance()->mutable_as_of());
  return shown;
}

bool Takes(const std::vector<std::string>& list, const std::string& code) {
  return code.empty() || list.empty() || std::find(list.begin(), list.end(), code) != list.end();
}

bool Fits(const Body& body, const v1::ListBodiesRequest& request) {
  return (request.include_inactive() || body.active) &&
         (request.node_id().empty() || NodeOf(body.body_id).ToString() == request.node_id()) &&
         (request.country().empty() || body.country == request.country()) &&
         (request.kind().empty() || body.kind == request.kind()) &&
         Takes(body.categories, request.category()) && Takes(body.sectors, request.sector());
}

bool Fits(const Agreement& agreement, const v1::ListAgreementsRequest& request, absl::Time now) {
  bool party = request.party_body_id().empty();
  bool node = request.node_id().empty();
  for (const BodyId& one : agreement.terms.parties) {
    party = party || one.ToString() == request.party_body_id();
    node = node || NodeOf(one).ToString() == request.node_id();
  }
  const bool in_force = StandingOf(agreement, DateOf(now)) == AgreementStanding::kInForce;
  return party && node && (!request.in_force() || in_force);
}

// An attaché sees the own postings, the others named at the RPC all.
bool MaySee(const auth::Principal& caller, const Posting& posting) {
  return caller.HasAnyRole({auth::Role::kAdmin, auth::Role::kMinistry, auth::Role::kAuditor,
                            auth::Role::kService}) ||
         posting.person.ToString() == caller.person_id;
}

bool Fits(const Posting& posting, const v1::ListPostingsRequest& request, absl::Time now) {
  return (request.sending_country().empty() ||
          posting.sending_country == request.sending_country()) &&
         (request.host_country().empty() || posting.host_country == request.host_country()) &&
         (!request.in_office() || posting.days.Contains(DateOf(now)));
}

// Filters, all of which may be empty. One that nothing can have is a mistake and no empty list,
// which would say that there is nothing of the kind.
template <class NameType>
void CheckName(std::string_view field, const std::string& name, FieldViolations& violations) {
  if (!name.empty()) violations.Take(NameType::Parse(name, field).status());
}

void CheckCountry(std::string_view field, const std::string& code, const IsoCodes& codes,
                  FieldViolations& violations) {
  if (!code.empty() && !codes.HasCountry(code)) {
    violations.AddValue(field, code, "an ISO 3166-1 alpha-2 code");
  }
}

void CheckFilter(const v1::ListBodiesRequest& request, const IsoCodes& codes,
                 FieldViolations& violations) {
  CheckName<NodeId>("node_id", request.node_id(), violations);
  CheckCountry("country", request.country(), codes, violations);
  CheckCode("kind", request.kind(), kBodyKinds, violations);
  CheckCode("category", request.category(), kCategories, violations);
  CheckCode("sector", request.sector(), kSectors, violations);
}

void CheckFilter(const v1::ListAgreementsRequest& request, const IsoCodes&,
                 FieldViolations& violations) {
  CheckName<BodyId>("party_body_id", request.party_body_id(), violations);
  CheckName<NodeId>("node_id", request.node_id(), violations);
}

void CheckFilter(const v1::ListPostingsRequest& request, const IsoCodes& codes,
                 FieldViolations& violations) {
  CheckCountry("sending_country", request.sending_country(), codes, violations);
  CheckCountry("host_country", request.host_country(), codes, violations);
}

// A page of a list by id.
struct Page {
  std::string binding;  // The token's, to caller and filter.
  std::string after;    // The last id of the page before.
  size_t size = 0;
};

template <class Request>
absl::StatusOr<Page> ReadPage(const AppParts& parts, const char* verb, const Caller& caller,
                              Request request) {
  FieldViolations violations;
  CheckFilter(request, parts.codes, violations);
  Page page;
  page.size = ReadPageSize("page_size", request.page_size(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  const std::string token = request.page_token();
  request.clear_page_token();
  request.clear_page_size();
  page.binding = crypto::PageTokens::Binding({verb, caller->CallerKey(), Deterministic(request)});
  ASSIGN_OR_RETURN(page.after, parts.page_tokens.Open(token, page.binding));
  return page;
}

}  // namespace

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

Answer<v1::ListBodiesResponse> DirectoryVerbs::ListBodies(Caller caller,
                                                          v1::ListBodiesRequest request) {
  absl::StatusOr<Page> page = ReadPage(parts_, "ListBodies", caller, request);
  CO_RETURN_IF_ERROR(page.status());
  absl::StatusOr<std::vector<Body>> bodies = co_await AllBodies(parts_);
  CO_RETURN_IF_ERROR(bodies.status());
  v1::ListBodiesResponse response;
  for (const Body& body : *bodies) {
    if (body.body_id.ToString() <= page->after || !Fits(body, request)) continue;
    if (static_cast<size_t>(response.bodies_size()) == page->size) {
      const std::string last = response.bodies(response.bodies_size() - 1).body_id();
      response.set_next_page_token(parts_.page_tokens.Seal(last, page->binding));
      break;
    }
    *response.add_bodies() = ToProto(body);
  }
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
  *response.mutable_agreement() = Shown(**agreement, parts_.clock.Now());
  // The etag is that of this node's own half, which alone is changed here.
  for (const AgreementHalf& half : (*agreement)->halves) {
    if (half.node == parts_.node) response.set_etag(std::to_string(half.version));
  }
  co_return response;
}

Answer<v1::ListAgreementsResponse> DirectoryVerbs::ListAgreements(
    Caller caller, v1::ListAgreementsRequest request) {
  absl::StatusOr<Page> page = ReadPage(parts_, "ListAgreements", caller, request);
  CO_RETURN_IF_ERROR(page.status());
  absl::StatusOr<std::vector<Agreement>> agreements = co_await AllAgreements(parts_);
  CO_RETURN_IF_ERROR(agreements.status());
  v1::ListAgreementsResponse response;
  const absl::Time now = parts_.clock.Now();
  for (const Agreement& agreement : *agreements) {
    if (agreement.agreement_id <= page->after || !Fits(agreement, request, now)) continue;
    if (static_cast<size_t>(response.agreements_size()) == page->size) {
      const std::string last = response.agreements(response.agreements_size() - 1).agreement_id();
      response.set_next_page_token(parts_.page_tokens.Seal(last, page->binding));
      break;
    }
    *response.add_agreements() = Shown(agreement, now);
  }
  co_return response;
}

Answer<v1::GetPostingResponse> DirectoryVerbs::GetPosting(Caller caller,
                                                          v1::GetPostingRequest request) {
  FieldViolations violations;
  CheckPostingId("posting_id", request.posting_id(), violations);
  CO_RETURN_IF_ERROR(violations.ToStatus());
  absl::StatusOr<std::vector<Posting>> postings = co_await AllPostings(parts_);
  CO_RETURN_IF_ERROR(postings.status());
  for (const Posting& posting : *postings) {
    if (posting.posting_id != request.posting_id() || !MaySee(*caller, posting)) continue;
    v1::GetPostingResponse response;
    *response.mutable_posting() = ToProto(posting);
    response.set_etag(std::to_string(posting.provenance.version));
    co_return response;
  }
  co_return NotFound("posting");
}

Answer<v1::ListPostingsResponse> DirectoryVerbs::ListPostings(Caller caller,
                                                              v1::ListPostingsRequest request) {
  absl::StatusOr<Page> page = ReadPage(parts_, "ListPostings", caller, request);
  CO_RETURN_IF_ERROR(page.status());
  absl::StatusOr<std::vector<Posting>> postings = co_await AllPostings(parts_);
  CO_RETURN_IF_ERROR(postings.status());
  v1::ListPostingsResponse response;
  const absl::Time now = parts_.clock.Now();
  for (const Posting& posting : *postings) {
    if (posting.posting_id <= page->after || !MaySee(*caller, posting)) continue;
    if (!Fits(posting, request, now)) continue;
    if (static_cast<size_t>(response.postings_size()) == page->size) {
      const std::string last = response.postings(response.postings_size() - 1).posting_id();
      response.set_next_page_token(parts_.page_tokens.Seal(last, page->binding));
      break;
    }
    *response.add_postings() = ToProto(posting);
  }
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
