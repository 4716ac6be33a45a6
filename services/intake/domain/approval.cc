#include "services/intake/domain/approval.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "services/platform/status/refusal.h"

namespace redress::intake {

std::string_view ApprovalDecisionName(ApprovalDecision decision) {
  switch (decision) {
    case ApprovalDecision::kPending:
      return "PENDING";
    case ApprovalDecision::kApproved:
      return "APPROVED";
    case ApprovalDecision::kRefused:
      return "REFUSED";
  }
  return "PENDING";
}

std::string_view ApprovalKind(const Approval& approval) {
  return approval.consent_override ? "CONSENT_OVERRIDE" : "WRITE_OFF";
}

void CheckOverride(FieldChecker& check, const FieldPath& path, const ConsentOverride& requested) {
  if (!BodyId::Parse(requested.receiver_body_id, "").ok()) {
    check.WrongValue(path.Field("receiver_body_id"), requested.receiver_body_id,
                     "a body such as my:mtuc");
  }
  const FieldPath groups = path.Field("groups");
  if (requested.groups.empty()) {
    check.Wrong(groups, "needs at least one group: " + NameableFieldGroups());
  }
  FieldGroupSet seen;
  for (size_t i = 0; i < requested.groups.size(); ++i) {
    const FieldGroup group = requested.groups[i];
    if (!IsNameable(group)) {
      check.WrongValue(groups.Item(i), FieldGroupName(group), NameableFieldGroups());
    } else if (seen.Has(group)) {
      check.Wrong(groups.Item(i), "is given twice");
    }
    seen.Add(group);
  }
  const FieldPath expires_on = path.Field("expires_on");
  const Date& today = check.context().today;
  const std::string accepted = fmt::format("a date YYYY-MM-DD from {} to {}", today.ToString(),
                                           AddDays(today, kLongestOverrideDays).ToString());
  const std::optional<Date> last = Date::Parse(requested.expires_on);
  if (!last || !last->whole() || *last < today || *last > AddDays(today, kLongestOverrideDays)) {
    check.WrongValue(expires_on, requested.expires_on, accepted);
  }
}

std::vector<MemberAmount> CheckWriteOff(FieldChecker& check, const FieldPath& path,
                                        const std::vector<WrittenMemberAmount>& requested) {
  std::vector<MemberAmount> amounts;
  const FieldPath list = path.Field("amounts");
  if (requested.empty()) check.Wrong(list, "needs at least one amount");
  check.AtMost(list, requested.size(), 200);
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (size_t i = 0; i < requested.size(); ++i) {
    const FieldPath item = list.Item(i);
    const auto member = MemberId::Parse(requested[i].member_id, "");
    if (!member.ok()) {
      check.WrongValue(item.Field("member_id"), requested[i].member_id, "the id of a member");
    }
    const auto amount = check.RequiredMoney(item.Field("amount"), requested[i].amount,
                                            FieldChecker::Zero::kRefused);
    if (requested[i].amount &&
        !seen.insert({requested[i].member_id, requested[i].amount->currency_code}).second) {
      check.Wrong(item, "is a second amount for the same member and currency");
    }
    if (member.ok() && amount) amounts.push_back({*member, *amount});
  }
  return amounts;
}

absl::Status Decide(Approval& approval, ApprovalDecision decision, std::string_view person) {
  const std::string id = approval.approval_id.ToString();
  if (approval.decision != ApprovalDecision::kPending) {
    const std::string before(ApprovalDecisionName(approval.decision));
    return RefusePrecondition("APPROVAL_DECIDED", fmt::format("it was {} before", before),
                              {{"approval_id", id}, {"decision", before}});
  }
  if (decision == ApprovalDecision::kApproved && approval.requested_by == person) {
    return RefusePrecondition("SECOND_PERSON_REQUIRED",
                              "the person who asked for an approval cannot give it",
                              {{"approval_id", id}});
  }
  approval.decision = decision;
  approval.decided_by = std::string(person);
  return absl::OkStatus();
}

FieldGroupSet OverriddenGroups(const std::vector<Approval>& approvals, const MemberId& member,
                               std::string_view receiver_body_id, const Date& today) {
  FieldGroupSet groups;
  for (const Approval& approval : approvals) {
    if (approval.decision != ApprovalDecision::kApproved || !approval.consent_override) continue;
    const ConsentOverride& granted = *approval.consent_override;
    const std::optional<Date> last = Date::Parse(granted.expires_on);
    if (granted.receiver_body_id != receiver_body_id || !last || today > last->Latest()) continue;
    const auto& members = approval.member_ids;
    if (!members.empty() && std::find(members.begin(), members.end(), member) == members.end()) {
      continue;
    }
    groups = groups.Or(FieldGroupSet::Of(granted.groups));
  }
  return groups;
}

}  // namespace redress::intake
