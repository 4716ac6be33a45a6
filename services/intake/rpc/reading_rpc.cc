#include "services/intake/rpc/reading_rpc.h"

#include <utility>

#include "fmt/format.h"
#include "services/intake/domain/code_lists.h"
#include "services/intake/rpc/case_conversion.h"
#include "services/intake/rpc/common_conversion.h"
#include "services/intake/rpc/complaint_conversion.h"
#include "services/intake/rpc/person_conversion.h"
#include "services/intake/rpc/request_reader.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

constexpr size_t kDefaultSimilar = 10;
constexpr int32_t kMaxSimilar = 50;

// Takes the filter, and notes codes that no case can have: an empty list would hide the mistake.
ListFilter TakeFilter(v1::ListComplaintsRequest& request, const ValidationContext& validation,
                      RequestReader& reader) {
  FieldChecker check(validation, reader.violations());
  ListFilter filter;
  for (int i = 0; i < request.states_size(); ++i) {
    filter.states.push_back(FromProto(request.states(i)));
    if (filter.states.back() == CaseState::kUnspecified) {
      reader.violations().AddValue(fmt::format("states[{}]", i), std::to_string(request.states(i)),
                                   "a state of a case");
    }
  }
  filter.category = std::move(*request.mutable_category());
  filter.destination = std::move(*request.mutable_destination());
  filter.nationality = std::move(*request.mutable_nationality());
  filter.urgency = std::move(*request.mutable_urgency());
  filter.filed_since =
      reader.Instant(request.has_filed_since(), request.filed_since(), "filed_since");
  filter.filed_by_body_id = std::move(*request.mutable_filed_by_body_id());
  filter.province = std::move(*request.mutable_province());
  filter.own_reference = std::move(*request.mutable_own_reference());
  check.Optional(FieldPath("category"), filter.category, kCategories);
  check.Country(FieldPath("destination"), filter.destination);
  check.Country(FieldPath("nationality"), filter.nationality);
  check.Optional(FieldPath("urgency"), filter.urgency, kUrgencies);
  return filter;
}

size_t LimitOf(int32_t limit, RequestReader& reader) {
  if (limit == 0) return kDefaultSimilar;
  if (limit < 0 || limit > kMaxSimilar) {
    reader.violations().AddValue("limit", std::to_string(limit),
                                 fmt::format("0 (for {}) to {}", kDefaultSimilar, kMaxSimilar));
    return kDefaultSimilar;
  }
  return static_cast<size_t>(limit);
}

}  // namespace

async::Task<absl::StatusOr<v1::GetComplaintResponse>> ReadingRpc::GetComplaint(
    rpc::CallContext& context, v1::GetComplaintRequest request) {
  RequestReader reader;
  CaseNumber number = reader.Number(request.case_number());
  if (!reader.ok()) co_return reader.ToStatus();
  Caller caller = context.shared_principal();
  const absl::StatusOr<CaseView> view =
      co_await parts_.app.queries().GetComplaint(std::move(caller), std::move(number));
  CO_RETURN_IF_ERROR(view.status());
  v1::GetComplaintResponse response;
  *response.mutable_complaint_case() = ToProto(*view, parts_.codes);
  co_return response;
}

async::Task<absl::StatusOr<v1::ListComplaintsResponse>> ReadingRpc::ListComplaints(
    rpc::CallContext& context, v1::ListComplaintsRequest request) {
  RequestReader reader;
  PageRequest page = reader.Page(request.page_size(), request.page_token());
  const ValidationContext validation = parts_.Validation();
  ListFilter filter = TakeFilter(request, validation, reader);
  if (!reader.ok()) co_return reader.ToStatus();
  Caller caller = context.shared_principal();
  const absl::StatusOr<CaseListPage> found = co_await parts_.app.queries().ListComplaints(
      std::move(caller), std::move(filter), std::move(page));
  CO_RETURN_IF_ERROR(found.status());
  v1::ListComplaintsResponse response;
  for (const ListRow& row : found->cases) *response.add_cases() = ToProto(row);
  response.set_next_page_token(found->next_page_token);
  co_return response;
}

async::Task<absl::StatusOr<v1::ListGroupMembersResponse>> ReadingRpc::ListGroupMembers(
    rpc::CallContext& context, v1::ListGroupMembersRequest request) {
  RequestReader reader;
  CaseNumber number = reader.Number(request.case_number());
  MemberId member = reader.Id(request.member_id(), "member_id", false);
  PageRequest page = reader.Page(request.page_size(), request.page_token());
  if (!reader.ok()) co_return reader.ToStatus();
  Caller caller = context.shared_principal();
  const absl::StatusOr<MemberPage> found = co_await parts_.app.queries().ListGroupMembers(
      std::move(caller), std::move(number), std::move(member), std::move(page));
  CO_RETURN_IF_ERROR(found.status());
  v1::ListGroupMembersResponse response;
  for (const GroupMember& one : found->members) *response.add_members() = ToProto(one);
  response.set_next_page_token(found->next_page_token);
  co_return response;
}

async::Task<absl::StatusOr<v1::FindSimilarResponse>> ReadingRpc::FindSimilar(
    rpc::CallContext& context, v1::FindSimilarRequest request) {
  RequestReader reader;
  const size_t limit = LimitOf(request.limit(), reader);
  const bool stored = request.has_case_number();
  CaseNumber number;
  ComplaintFiling filing;
  if (stored) {
    number = reader.Number(request.case_number());
  } else {
    reader.Require(request.has_filing(), "case_number");
    reader.CheckSize(request.filing(), "filing");
    filing = FromProto(std::move(*request.mutable_filing()));
  }
  if (!reader.ok()) co_return reader.ToStatus();
  Caller caller = context.shared_principal();
  SimilarCases& similar = parts_.app.similar();
  auto search = stored ? similar.FindSimilarTo(std::move(caller), std::move(number), limit)
                       : similar.FindSimilar(std::move(caller), std::move(filing), limit);
  const absl::StatusOr<SimilarFound> found = co_await search;
  CO_RETURN_IF_ERROR(found.status());
  v1::FindSimilarResponse response;
  for (const SimilarCase& one : found->cases) *response.add_cases() = ToProto(one);
  response.set_cut_short(found->cut_short);
  co_return response;
}

}  // namespace redress::intake
