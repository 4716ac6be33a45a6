#include "services/intake/rpc/common_conversion.h"

#include <iterator>
#include <utility>

namespace redress::intake {
namespace {

// The numbers of states and groups are those of the API, so that converting is a cast.
static_assert(static_cast<int>(CaseState::kFiled) == v1::CASE_STATE_FILED);
static_assert(static_cast<int>(CaseState::kOpen) == v1::CASE_STATE_OPEN);
static_assert(static_cast<int>(CaseState::kInadmissible) == v1::CASE_STATE_INADMISSIBLE);
static_assert(static_cast<int>(CaseState::kWithdrawn) == v1::CASE_STATE_WITHDRAWN);
static_assert(static_cast<int>(CaseState::kClosedResolved) == v1::CASE_STATE_CLOSED_RESOLVED);
static_assert(static_cast<int>(CaseState::kClosedUnresolved) == v1::CASE_STATE_CLOSED_UNRESOLVED);
static_assert(static_cast<int>(FieldGroup::kIdentity) == v1::FIELD_GROUP_IDENTITY);
static_assert(static_cast<int>(FieldGroup::kContact) == v1::FIELD_GROUP_CONTACT);
static_assert(static_cast<int>(FieldGroup::kWhereabouts) == v1::FIELD_GROUP_WHEREABOUTS);
static_assert(static_cast<int>(FieldGroup::kNarrative) == v1::FIELD_GROUP_NARRATIVE);
static_assert(static_cast<int>(FieldGroup::kSensitiveNarrative) ==
              v1::FIELD_GROUP_SENSITIVE_NARRATIVE);
static_assert(static_cast<int>(FieldGroup::kMigrationStatus) == v1::FIELD_GROUP_MIGRATION_STATUS);
static_assert(static_cast<int>(FieldGroup::kEmployment) == v1::FIELD_GROUP_EMPLOYMENT);
static_assert(static_cast<int>(FieldGroup::kMoney) == v1::FIELD_GROUP_MONEY);
static_assert(static_cast<int>(FieldGroup::kEvidenceFiles) == v1::FIELD_GROUP_EVIDENCE_FILES);
static_assert(static_cast<int>(FieldGroup::kAlways) == v1::FIELD_GROUP_ALWAYS);
static_assert(static_cast<int>(FieldGroup::kNever) == v1::FIELD_GROUP_NEVER);

// 0001-01-01 and 9999-12-31T23:59:59, as google.protobuf.Timestamp allows.
constexpr int64_t kFirstSecond = -62'135'596'800;
constexpr int64_t kLastSecond = 253'402'300'799;
constexpr int32_t kNanosPerSecond = 1'000'000'000;

}  // namespace

std::vector<std::string> TakeTexts(Texts* texts) {
  return {std::make_move_iterator(texts->begin()), std::make_move_iterator(texts->end())};
}

void PutTexts(const std::vector<std::string>& texts, Texts* out) {
  out->Assign(texts.begin(), texts.end());
}

CaseState FromProto(v1::CaseState state) {
  return v1::CaseState_IsValid(state) ? static_cast<CaseState>(state) : CaseState::kUnspecified;
}

v1::CaseState ToProto(CaseState state) { return static_cast<v1::CaseState>(state); }

std::vector<FieldGroup> FromProto(const FieldGroups& groups) {
  std::vector<FieldGroup> converted;
  converted.reserve(groups.size());
  for (int group : groups) {
    converted.push_back(v1::FieldGroup_IsValid(group) ? static_cast<FieldGroup>(group)
                                                      : FieldGroup::kUnspecified);
  }
  return converted;
}

void PutGroups(const std::vector<FieldGroup>& groups, FieldGroups* out) {
  for (FieldGroup group : groups) out->Add(static_cast<int>(group));
}

void PutGroups(FieldGroupSet groups, FieldGroups* out) { PutGroups(groups.ToVector(), out); }

std::optional<absl::Time> FromProto(const google::protobuf::Timestamp& timestamp) {
  if (timestamp.seconds() < kFirstSecond || timestamp.seconds() > kLastSecond ||
      timestamp.nanos() < 0 || timestamp.nanos() >= kNanosPerSecond) {
    return std::nullopt;
  }
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

google::protobuf::Timestamp ToProto(absl::Time time) {
  google::protobuf::Timestamp timestamp;
  const int64_t seconds = absl::ToUnixSeconds(time);
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
  return timestamp;
}

Period FromProto(common::v1::Period&& period) {
  return {.from = std::move(*period.mutable_from()), .to = std::move(*period.mutable_to())};
}

common::v1::Period ToProto(const Period& period) {
  common::v1::Period proto;
  proto.set_from(period.from);
  proto.set_to(period.to);
  return proto;
}

WrittenMoney FromProto(common::v1::Money&& money) {
  return {.currency_code = std::move(*money.mutable_currency_code()),
          .amount = std::move(*money.mutable_amount())};
}

common::v1::Money ToProto(const WrittenMoney& money) {
  common::v1::Money proto;
  proto.set_currency_code(money.currency_code);
  proto.set_amount(money.amount);
  return proto;
}

common::v1::Money ToProto(const MoneyAmount& money, const IsoCodes& codes) {
  common::v1::Money proto;
  proto.set_currency_code(money.currency);
  proto.set_amount(FormatAmount(money, codes));
  return proto;
}

WorkerInstruction FromProto(common::v1::WorkerInstruction&& instruction) {
  return {.how = std::move(*instruction.mutable_how()),
          .given_on = std::move(*instruction.mutable_given_on()),
          .note = std::move(*instruction.mutable_note())};
}

common::v1::WorkerInstruction ToProto(const WorkerInstruction& instruction) {
  common::v1::WorkerInstruction proto;
  proto.set_how(instruction.how);
  proto.set_given_on(instruction.given_on);
  proto.set_note(instruction.note);
  return proto;
}

common::v1::Actor ToProto(const Actor& actor) {
  common::v1::Actor proto;
  proto.set_node_id(actor.node_id);
  proto.set_body_id(actor.body_id);
  proto.set_role(actor.role);
  return proto;
}

common::v1::Warning ToProto(const Warning& warning) {
  common::v1::Warning proto;
  proto.set_code(warning.code);
  proto.set_field(warning.field);
  proto.set_description(warning.description);
  return proto;
}

}  // namespace redress::intake
