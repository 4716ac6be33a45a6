#ifndef REDRESS_SERVICES_PLATFORM_AUTH_PRINCIPAL_H_
#define REDRESS_SERVICES_PLATFORM_AUTH_PRINCIPAL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "services/platform/auth/enum_set.h"

namespace redress::auth {

// What a caller is. One person may hold several.
enum class Role : uint8_t {
  kDesk,               // Files and follows the cases of its own body.
  kMinistry,           // Screens and refers all cases of its country.
  kProvince,           // Its province's cases.
  kContact,            // A body's contact for the referrals addressed to it.
  kLabourOffice,       // The same for a public labour office.
  kAttache,            // Follows own nationals in the posted country.
  kWorker,             // One member of one case.
  kRepresentative,     // Acts for one member of one case.
  kKiosk,              // Looks a case up by its tracking code, nothing else.
  kStatistics,         // Counts.
  kProtectionOfficer,  // Data protection.
  kAuditor,            // Who read and did what.
  kAdmin,              // Directory, agreements, accounts; no case data.
  kService,            // Another service of the same node.
  kCount,              // Not a role.
};

// What is granted to a person on top of a role.
enum class Right : uint8_t {
  kRefer,    // May send a case abroad.
  kApprove,  // May be the second person of an approval.
  kCount,    // Not a right.
};

using RoleSet = EnumSet<Role>;
using RightSet = EnumSet<Right>;

// "desk", "labour_office" … as in a token. ParseRole is exact, case included.
std::string_view RoleName(Role role);
std::optional<Role> ParseRole(std::string_view name);
std::string_view RightName(Right right);
std::optional<Right> ParseRight(std::string_view name);

// "desk,ministry": in the order of the enum.
std::string RoleNames(RoleSet roles);

// Who is calling, as a verified token says. A plain value; a shared const one is handed to every
// handler, so reading it is thread-safe. Empty strings mean that the token does not say.
struct Principal {
  std::string node;       // Issuing node, which is always this node: "kh".
  std::string person_id;  // Who, unique within the node. Personal: never logged.
  std::string body_id;    // For whom: "kh:lscw".
  RoleSet roles;
  RightSet rights;
  std::string posting;      // Country an attaché is posted to: ISO 3166-1 alpha-2, upper case.
  std::string province;     // Province of a provincial office: an ISO 3166-2 code, "KH-2".
  std::string case_number;  // The one case of a worker or representative.
  std::string member_id;    // And the one member of it.
  std::string key_id;       // Which issuer's key signed.
  absl::Time expires = absl::InfinitePast();

  bool HasRole(Role role) const { return roles.Contains(role); }
  bool HasAnyRole(RoleSet any) const { return roles.Intersects(any); }
  bool HasRight(Right right) const { return rights.Contains(right); }

  // Names the caller in keys, such as those of request dedupe and of page tokens: "kh/p-1017".
  // Personal like person_id itself: store it digested or sealed.
  std::string CallerKey() const { return node + "/" + person_id; }

  friend bool operator==(const Principal&, const Principal&) = default;
};

// For logs: node, body, roles, rights, posting and key, without person, case and member.
std::string DebugString(const Principal& principal);

}  // namespace redress::auth

#endif  // REDRESS_SERVICES_PLATFORM_AUTH_PRINCIPAL_H_
