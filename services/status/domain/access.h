#ifndef REDRESS_SERVICES_STATUS_DOMAIN_ACCESS_H_
#define REDRESS_SERVICES_STATUS_DOMAIN_ACCESS_H_

#include "services/platform/auth/access_table.h"

namespace redress::status {

// The first gate: which roles may use each verb of StatusService at all. Verbs are named as the
// RPCs are. Which cases a caller then sees is in reader.h.
const auth::AccessTable& StatusAccess();

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_DOMAIN_ACCESS_H_
