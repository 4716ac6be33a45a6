#include "services/intake/app/member_loading.h"

#include <utility>

#include "services/intake/app/whole_reads.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {

async::Task<absl::StatusOr<std::vector<MemberRow>>> LoadMembers(const VerbCall& call,
                                                                const CaseHead& head,
                                                                std::vector<std::string> ids) {
  std::vector<MemberId> wanted;
  wanted.reserve(ids.size());
  for (std::string& id : ids) {
    CO_RETURN_IF_ERROR(CheckOwnMember(call.caller(), id));
    wanted.push_back(MemberId::FromTrusted(std::move(id)));
  }
  absl::StatusOr<std::vector<std::optional<MemberRow>>> found =
      co_await call.context().cases.FindMembers(head.case_number, head.member_count,
                                                std::move(wanted));
  CO_RETURN_IF_ERROR(found.status());
  std::vector<MemberRow> rows;
  rows.reserve(found->size());
  for (std::optional<MemberRow>& row : *found) {
    if (!row.has_value()) co_return NotFound("member");
    rows.push_back(*std::move(row));
  }
  co_return rows;
}

async::Task<absl::StatusOr<std::vector<MemberRow>>> LoadMembersOrAll(const VerbCall& call,
                                                                     const CaseHead& head,
                                                                     std::vector<std::string> ids) {
  if (ids.empty() && !CheckOwnMember(call.caller(), "").ok()) ids = {call.caller().member_id};
  if (!ids.empty()) {
    absl::StatusOr<std::vector<MemberRow>> named = co_await LoadMembers(call, head, std::move(ids));
    co_return named;
  }
  if (head.member_count > kMaxMembersPerCall) {
    co_return InvalidField("member_ids", "is required in a group of more than 200 members");
  }
  absl::StatusOr<std::vector<MemberRow>> all =
      co_await FirstMembers(call.context().cases, head.case_number, kMaxMembersPerCall);
  co_return all;
}

absl::Status CheckNotWithdrawn(const std::vector<MemberRow>& rows) {
  for (const MemberRow& row : rows) {
    if (!row.withdrawn()) continue;
    return RefusePrecondition("MEMBER_WITHDRAWN", "the member has withdrawn; undo that first",
                              {{"member_id", row.member_id.ToString()}});
  }
  return absl::OkStatus();
}

async::Task<absl::StatusOr<std::vector<std::string>>> OpenReferralsTo(
    const VerbCall& call, const CaseHead& head, std::string receiver_body_id) {
  std::vector<std::string> ids;
  for (const std::string& id : head.open_referral_ids) {
    if (receiver_body_id.empty()) {
      ids.push_back(id);
      continue;
    }
    CO_ASSIGN_OR_RETURN(ReferralId referral, ReferralId::Parse(id, "referral_id"));
    const absl::StatusOr<std::optional<DisclosureRow>> row =
        co_await call.context().cases.FindDisclosure(std::move(referral));
    CO_RETURN_IF_ERROR(row.status());
    if (row->has_value() && (*row)->receiver_body_id == receiver_body_id) ids.push_back(id);
  }
  co_return ids;
}

}  // namespace redress::intake
