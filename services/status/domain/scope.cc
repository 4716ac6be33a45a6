#include "services/status/domain/scope.h"

#include <algorithm>

namespace redress::status {

std::vector<Scope> ScopesThatSeeAll(const std::string& province,
                                    const std::string& filed_by_body_id) {
  std::vector<Scope> scopes = {{ScopeKind::kHome, ""}};
  if (!province.empty()) scopes.push_back({ScopeKind::kProvince, province});
  if (!filed_by_body_id.empty()) scopes.push_back({ScopeKind::kDesk, filed_by_body_id});
  return scopes;
}

bool SeesAll(ScopeKind kind) {
  return kind == ScopeKind::kHome || kind == ScopeKind::kProvince || kind == ScopeKind::kDesk;
}

bool IsToldAll(ScopeKind kind) { return SeesAll(kind) || kind == ScopeKind::kIncoming; }

Scope AttacheScope(const std::string& nationality, const std::string& host) {
  return {ScopeKind::kAttache, nationality + "/" + host};
}

std::string NationalityOf(const Scope& scope) {
  return scope.value.substr(0, scope.value.find('/'));
}

std::vector<Scope> ScopesOf(const CaseRow& row) {
  std::vector<Scope> scopes;
  if (!row.known()) return scopes;
  if (row.home_here) {
    const CaseDimensions& dimensions = row.dimensions;
    scopes = ScopesThatSeeAll(dimensions.province, dimensions.filed_by_body_id);
    for (const auto& [nationality, part] : row.embassy) {
      scopes.push_back(AttacheScope(nationality, dimensions.destination));
    }
  } else {
    scopes.push_back({ScopeKind::kIncoming, ""});
  }
  for (const ReferralRow& referral : row.referrals) {
    if (referral.was_shown) scopes.push_back({ScopeKind::kReceiver, referral.receiver_body_id});
  }
  std::sort(scopes.begin(), scopes.end());
  scopes.erase(std::unique(scopes.begin(), scopes.end()), scopes.end());
  return scopes;
}

}  // namespace redress::status
