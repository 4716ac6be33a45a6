#include "services/status/domain/reader.h"

#include <algorithm>
#include <set>

namespace redress::status {
namespace {

using auth::Principal;
using auth::Role;

bool IsInForce(const Mission& mission, const std::string& today) {
  // ISO dates compare as text.
  return (mission.from.empty() || mission.from <= today) &&
         (mission.to.empty() || today <= mission.to);
}

void AddAttacheScopes(const Principal& caller, const std::vector<Mission>& own,
                      const std::vector<Mission>& proxies, const Date& today, Reader& reader) {
  const std::string day = today.ToString();
  std::set<std::string> nationalities;
  for (const Mission& posting : own) {
    if (posting.host_country != caller.posting || !IsInForce(posting, day)) continue;
    nationalities.insert(posting.nationality);
    for (const Mission& proxy : proxies) {
      if (proxy.acting_country == posting.acting_country && proxy.host_country == caller.posting &&
          IsInForce(proxy, day)) {
        nationalities.insert(proxy.nationality);
      }
    }
  }
  for (const std::string& nationality : nationalities) {
    reader.scopes.push_back(AttacheScope(nationality, caller.posting));
  }
}

bool IsApproval(const TimelineEntry& entry) {
  return entry.what == "APPROVAL_REQUESTED" || entry.what == "APPROVAL_DECIDED";
}

bool IsShownToAttache(const TimelineEntry& entry, const std::string& nationality,
                      const CaseRow& row) {
  const auto part = row.embassy.find(nationality);
  if (part == row.embassy.end() || IsApproval(entry)) return false;
  return entry.referral_id.empty() || part->second.referrals.contains(OrdinalOf(entry.referral_id));
}

}  // namespace

Reader ReaderOf(const Principal& caller, const std::vector<Mission>& own,
                const std::vector<Mission>& proxies, const Date& today) {
  Reader reader;
  auto add = [&reader](Scope scope) {
    auto& scopes = reader.scopes;
    if (std::find(scopes.begin(), scopes.end(), scope) == scopes.end()) scopes.push_back(scope);
  };
  const bool auditor = caller.HasAnyRole({Role::kAuditor, Role::kProtectionOfficer});
  if (auditor || caller.HasRole(Role::kMinistry)) add({ScopeKind::kHome, ""});
  if (auditor) add({ScopeKind::kIncoming, ""});
  if (caller.HasRole(Role::kProvince) && !caller.province.empty()) {
    add({ScopeKind::kProvince, caller.province});
  }
  if (!caller.body_id.empty()) {
    if (caller.HasRole(Role::kDesk)) add({ScopeKind::kDesk, caller.body_id});
    if (caller.HasAnyRole({Role::kContact, Role::kLabourOffice, Role::kMinistry})) {
      add({ScopeKind::kReceiver, caller.body_id});
    }
  }
  if (caller.HasRole(Role::kAttache) && !caller.posting.empty()) {
    AddAttacheScopes(caller, own, proxies, today, reader);
  }
  if (caller.HasAnyRole({Role::kWorker, Role::kRepresentative})) {
    reader.case_number = caller.case_number;
    reader.member_id = caller.member_id;
  }
  return reader;
}

std::vector<Scope> CountScopes(const Principal& caller) {
  if (caller.HasAnyRole({Role::kAuditor, Role::kStatistics})) {
    return {{ScopeKind::kHome, ""}, {ScopeKind::kIncoming, ""}};
  }
  if (caller.HasRole(Role::kMinistry)) return {{ScopeKind::kHome, ""}};
  if (caller.HasRole(Role::kProvince) && !caller.province.empty()) {
    return {{ScopeKind::kProvince, caller.province}};
  }
  if (caller.body_id.empty()) return {};
  if (caller.HasRole(Role::kDesk)) return {{ScopeKind::kDesk, caller.body_id}};
  if (caller.HasAnyRole({Role::kContact, Role::kLabourOffice})) {
    return {{ScopeKind::kReceiver, caller.body_id}};
  }
  return {};
}

std::optional<Scope> SightOf(const Reader& reader, const CaseRow& row) {
  const std::vector<Scope> visible = ScopesOf(row);
  for (const Scope& scope : reader.scopes) {
    if (std::find(visible.begin(), visible.end(), scope) != visible.end()) return scope;
  }
  return std::nullopt;
}

bool IsShown(const TimelineEntry& entry, const Scope& scope, const CaseRow& row) {
  switch (scope.kind) {
    case ScopeKind::kReceiver: {
      const ReferralRow* referral = FindReferral(row, entry.referral_id);
      return referral != nullptr && referral->was_shown &&
             referral->receiver_body_id == scope.value;
    }
    case ScopeKind::kAttache:
      return IsShownToAttache(entry, NationalityOf(scope), row);
    default:
      return true;
  }
}

bool IsShownToMember(const TimelineEntry& entry, const MemberRow& member) {
  if (IsApproval(entry)) return false;
  const auto& ids = entry.member_ids;
  // So many that they are not named: in a referral all that are in it may know.
  if (ids.empty() && entry.member_count > 0 && entry.referral_id.empty()) return false;
  if (!ids.empty() && std::find(ids.begin(), ids.end(), member.member_id) == ids.end()) {
    return false;
  }
  if (entry.referral_id.empty()) return true;
  const auto& referrals = member.referral_ids;
  return std::find(referrals.begin(), referrals.end(), entry.referral_id) != referrals.end();
}

}  // namespace redress::status
