#include "services/status/domain/access.h"

namespace redress::status {
namespace {

using auth::Role;
using auth::RoleSet;

constexpr RoleSet kListers = {Role::kDesk,    Role::kMinistry,         Role::kProvince,
                              Role::kContact, Role::kLabourOffice,     Role::kAttache,
                              Role::kAuditor, Role::kProtectionOfficer};
constexpr RoleSet kReaders = kListers.Union({Role::kWorker, Role::kRepresentative});
constexpr RoleSet kCounters = {Role::kMinistry, Role::kProvince,     Role::kDesk,
                               Role::kContact,  Role::kLabourOffice, Role::kStatistics,
                               Role::kAuditor};

}  // namespace

const auth::AccessTable& StatusAccess() {
  static const auth::AccessTable table({
      {"GetCaseStatus", kReaders},
      {"ListCases", kListers},
      {"GetTimeline", kReaders},
      {"WatchCases", kReaders},
      {"TrackByReceipt", {Role::kKiosk}},
      {"CountCases", kCounters},
  });
  return table;
}

}  // namespace redress::status
