#include "services/platform/auth/principal.h"

#include <array>
#include <cstddef>

#include "fmt/format.h"

namespace redress::auth {
namespace {

constexpr std::array<std::string_view, static_cast<size_t>(Role::kCount)> kRoleNames = {
    "desk",   "ministry",       "province", "contact",    "labour_office",      "attache",
    "worker", "representative", "kiosk",    "statistics", "protection_officer", "auditor",
    "admin",  "service"};

constexpr std::array<std::string_view, static_cast<size_t>(Right::kCount)> kRightNames = {
    "refer", "approve"};

template <class E, size_t kSize>
std::optional<E> ParseIn(const std::array<std::string_view, kSize>& names, std::string_view name) {
  for (size_t i = 0; i < kSize; ++i) {
    if (names[i] == name) return static_cast<E>(i);
  }
  return std::nullopt;
}

template <class E, size_t kSize>
std::string NamesIn(const std::array<std::string_view, kSize>& names, EnumSet<E> values) {
  std::string joined;
  for (size_t i = 0; i < kSize; ++i) {
    if (!values.Contains(static_cast<E>(i))) continue;
    if (!joined.empty()) joined += ',';
    joined += names[i];
  }
  return joined;
}

}  // namespace

std::string_view RoleName(Role role) { return kRoleNames[static_cast<size_t>(role)]; }
std::optional<Role> ParseRole(std::string_view name) { return ParseIn<Role>(kRoleNames, name); }
std::string_view RightName(Right right) { return kRightNames[static_cast<size_t>(right)]; }
std::optional<Right> ParseRight(std::string_view name) { return ParseIn<Right>(kRightNames, name); }

std::string RoleNames(RoleSet roles) { return NamesIn(kRoleNames, roles); }

std::string DebugString(const Principal& principal) {
  return fmt::format("{{node: {}, body: {}, roles: {}, rights: {}, posting: {}, key: {}}}",
                     principal.node, principal.body_id, RoleNames(principal.roles),
                     NamesIn(kRightNames, principal.rights), principal.posting, principal.key_id);
}

}  // namespace redress::auth
