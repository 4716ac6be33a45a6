#include "services/platform/auth/access_table.h"

#include <string>

#include "fmt/format.h"
#include "services/platform/status/refusal.h"

namespace redress::auth {

AccessTable::AccessTable(std::initializer_list<AccessRule> rules) {
  for (const AccessRule& rule : rules) rules_[rule.verb].push_back(rule);
}

absl::Status AccessTable::Check(std::string_view verb, const Principal& caller) const {
  RightSet missing;
  if (const auto found = rules_.find(verb); found != rules_.end()) {
    for (const AccessRule& rule : found->second) {
      if (!caller.HasAnyRole(rule.roles)) continue;
      if (caller.rights.ContainsAll(rule.rights)) return absl::OkStatus();
      missing = rule.rights.Without(caller.rights);
    }
  }
  for (const Right right : {Right::kRefer, Right::kApprove}) {
    if (!missing.Contains(right)) continue;
    return Refuse(absl::StatusCode::kPermissionDenied, "RIGHT_MISSING",
                  fmt::format("{} needs the right \"{}\"", verb, RightName(right)),
                  {{"right", std::string(RightName(right))}});
  }
  const std::string accepted = RoleNames(AcceptedRoles(verb));
  return Refuse(absl::StatusCode::kPermissionDenied, "ROLE_NOT_ALLOWED",
                fmt::format("{} is open to: {}", verb, accepted.empty() ? "no role" : accepted),
                {{"verb", std::string(verb)}, {"accepted_roles", accepted}});
}

bool AccessTable::Allows(std::string_view verb, Role role, RightSet rights) const {
  const auto found = rules_.find(verb);
  if (found == rules_.end()) return false;
  for (const AccessRule& rule : found->second) {
    if (rule.roles.Contains(role) && rights.ContainsAll(rule.rights)) return true;
  }
  return false;
}

std::vector<std::string_view> AccessTable::verbs() const {
  std::vector<std::string_view> verbs;
  for (const auto& [verb, rules] : rules_) verbs.push_back(verb);
  return verbs;
}

RoleSet AccessTable::AcceptedRoles(std::string_view verb) const {
  RoleSet accepted;
  const auto found = rules_.find(verb);
  if (found == rules_.end()) return accepted;
  for (const AccessRule& rule : found->second) accepted = accepted.Union(rule.roles);
  return accepted;
}

}  // namespace redress::auth
