#ifndef REDRESS_SERVICES_INTAKE_RPC_COMMON_CONVERSION_H_
#define REDRESS_SERVICES_INTAKE_RPC_COMMON_CONVERSION_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "google/protobuf/timestamp.pb.h"
#include "redress/common/v1/types.pb.h"
#include "redress/intake/v1/complaint_state.pb.h"
#include "redress/intake/v1/field_group.pb.h"
#include "services/intake/app/records.h"
#include "services/intake/domain/case_decisions.h"
#include "services/intake/domain/case_state.h"
#include "services/intake/domain/claim.h"
#include "services/intake/domain/field_group.h"
#include "services/intake/domain/warning.h"
#include "services/platform/money/money.h"

namespace redress::intake {

// Conversion of the small values that many messages share. Like all converters of this folder these
// are pure functions which check nothing: what is wrong with a value is the domain's to say. Those
// that take a message by && move its strings out of it.

// The lists of texts, moved and copied.
using Texts = google::protobuf::RepeatedPtrField<std::string>;
std::vector<std::string> TakeTexts(Texts* texts);
void PutTexts(const std::vector<std::string>& texts, Texts* out);

// Numbers that the enum does not know become kUnspecified.
CaseState FromProto(v1::CaseState state);
v1::CaseState ToProto(CaseState state);

// The same; a repeated enum field in the order in which it was written.
using FieldGroups = google::protobuf::RepeatedField<int>;
std::vector<FieldGroup> FromProto(const FieldGroups& groups);
void PutGroups(const std::vector<FieldGroup>& groups, FieldGroups* out);
void PutGroups(FieldGroupSet groups, FieldGroups* out);

// Nullopt for a timestamp outside the years 1 to 9999 or with impossible nanoseconds.
std::optional<absl::Time> FromProto(const google::protobuf::Timestamp& timestamp);
google::protobuf::Timestamp ToProto(absl::Time time);

Period FromProto(common::v1::Period&& period);
common::v1::Period ToProto(const Period& period);

WrittenMoney FromProto(common::v1::Money&& money);
common::v1::Money ToProto(const WrittenMoney& money);
// With exactly the decimals of the currency.
common::v1::Money ToProto(const MoneyAmount& money, const IsoCodes& codes);

WorkerInstruction FromProto(common::v1::WorkerInstruction&& instruction);
common::v1::WorkerInstruction ToProto(const WorkerInstruction& instruction);

// Without the subject, which is nobody's to see.
common::v1::Actor ToProto(const Actor& actor);
common::v1::Warning ToProto(const Warning& warning);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_RPC_COMMON_CONVERSION_H_
