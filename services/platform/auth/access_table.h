#ifndef REDRESS_SERVICES_PLATFORM_AUTH_ACCESS_TABLE_H_
#define REDRESS_SERVICES_PLATFORM_AUTH_ACCESS_TABLE_H_

#include <initializer_list>
#include <map>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "services/platform/auth/principal.h"

namespace redress::auth {

// One line of an access table: these roles may use the verb, if they also hold all these rights.
// A verb may have several lines; one that fits is enough.
struct AccessRule {
  std::string_view verb;  // A literal: "ReferComplaint".
  RoleSet roles;
  RightSet rights = {};
};

// Who may use which verb at all: the first of two gates. The second, which cases and fields a
// caller who may use the verb sees, is the service's own rule. What no line allows is denied.
//
//   const AccessTable& IntakeAccess() {
//     static const AccessTable table({
//         {"FileComplaint", {Role::kDesk, Role::kMinistry}},
//         {"ReferComplaint", {Role::kDesk, Role::kMinistry}, {Right::kRefer}},
//     });
//     return table;
//   }
//
// Immutable and thread-safe. Knows neither tokens nor gRPC, so domain code may use it.
class AccessTable {
 public:
  AccessTable(std::initializer_list<AccessRule> rules);

  // OK when a line for the verb fits one of the caller's roles and the caller's rights. Otherwise
  // PERMISSION_DENIED: RIGHT_MISSING {right} when a role fits and a right is lacking, else
  // ROLE_NOT_ALLOWED {verb, accepted_roles}; a verb without a line accepts no role.
  absl::Status Check(std::string_view verb, const Principal& caller) const;

  // The same as a question, so that a test walks every pair.
  bool Allows(std::string_view verb, Role role, RightSet rights = {}) const;

  // Every verb of the table once, sorted. A test compares it with the service's descriptor.
  std::vector<std::string_view> verbs() const;
  RoleSet AcceptedRoles(std::string_view verb) const;

 private:
  std::map<std::string_view, std::vector<AccessRule>> rules_;
};

}  // namespace redress::auth

#endif  // REDRESS_SERVICES_PLATFORM_AUTH_ACCESS_TABLE_H_
