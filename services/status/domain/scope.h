#ifndef REDRESS_SERVICES_STATUS_DOMAIN_SCOPE_H_
#define REDRESS_SERVICES_STATUS_DOMAIN_SCOPE_H_

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "services/status/domain/case_row.h"

namespace redress::status {

// Groups of readers who see the same cases in the same way; list rows and cells are kept once for
// each. Stored by its number; never reused.
enum class ScopeKind : uint8_t {
  kHome = 1,      // Cases filed at this node: its ministry, and auditors.
  kIncoming = 2,  // Cases of other nodes, referred here: auditors.
  kProvince = 3,  // Handled by a province; value: its ISO 3166-2 code.
  kDesk = 4,      // Filed by a body; value: its id.
  kReceiver = 5,  // Referred to a body and shown to it; value: its id.
  kAttache = 6,   // With members of a nationality who agreed; value: "KH/MY", nationality and host.
};

struct Scope {
  ScopeKind kind = ScopeKind::kHome;
  std::string value;

  friend auto operator<=>(const Scope&, const Scope&) = default;
  friend bool operator==(const Scope&, const Scope&) = default;
};

// Who sees all of a case of this node, each in the same way: its ministry and auditors, the
// province that handles it, the desk that filed it.
std::vector<Scope> ScopesThatSeeAll(const std::string& province,
                                    const std::string& filed_by_body_id);
bool SeesAll(ScopeKind kind);

// Who is told of whatever happens in a case that they see: those, and auditors of a case of another
// node. The others are told of what concerns them.
bool IsToldAll(ScopeKind kind);

Scope AttacheScope(const std::string& nationality, const std::string& host);
// The nationality of an attaché's scope.
std::string NationalityOf(const Scope& scope);

// Everyone who sees the case, in order; nobody while it is not known().
//   at home    kHome, the province, the filing desk, attachés of each nationality of which a member
//              agreed, in the country of work
//   elsewhere  kIncoming
//   both       every receiver who was shown a referral of it (a recall before delivery shows none)
std::vector<Scope> ScopesOf(const CaseRow& row);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_DOMAIN_SCOPE_H_
