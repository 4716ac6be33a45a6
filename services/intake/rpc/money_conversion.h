#ifndef REDRESS_SERVICES_INTAKE_RPC_MONEY_CONVERSION_H_
#define REDRESS_SERVICES_INTAKE_RPC_MONEY_CONVERSION_H_

#include <string>

#include "redress/intake/v1/approval.pb.h"
#include "redress/intake/v1/money.pb.h"
#include "services/intake/app/commands.h"
#include "services/intake/app/views.h"
#include "services/platform/codes/iso_codes.h"

namespace redress::intake {

// The ledger between the API and the application. See common_conversion.h for what all converters
// have in common.

// `recorded_at` stays unset when the timestamp is none.
NewMoneyEntry FromProto(v1::MoneyEntry&& entry);
v1::MoneyEntry ToProto(const MoneyRow& row, const IsoCodes& codes);

// Sums of one member, or with an empty id of the whole case.
v1::LedgerBalance ToProto(const MoneyTotals& totals, const std::string& member_id,
                          const IsoCodes& codes);

ConsentOverride FromProto(v1::ConsentOverride&& requested);
std::vector<WrittenMemberAmount> FromProto(v1::WriteOff&& requested);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_RPC_MONEY_CONVERSION_H_
