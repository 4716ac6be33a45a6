#include "services/intake/rpc/money_conversion.h"

#include <utility>

#include "services/intake/rpc/common_conversion.h"

namespace redress::intake {

NewMoneyEntry FromProto(v1::MoneyEntry&& entry) {
  NewMoneyEntry converted;
  MoneyEntry& written = converted.entry;
  written.entry_id = std::move(*entry.mutable_entry_id());
  written.member_id = std::move(*entry.mutable_member_id());
  written.kind = std::move(*entry.mutable_kind());
  if (entry.has_amount()) written.amount = FromProto(std::move(*entry.mutable_amount()));
  written.happened_on = std::move(*entry.mutable_happened_on());
  written.from_whom = std::move(*entry.mutable_from_whom());
  written.to_whom = std::move(*entry.mutable_to_whom());
  written.reverses_entry_id = std::move(*entry.mutable_reverses_entry_id());
  written.referral_id = std::move(*entry.mutable_referral_id());
  if (entry.has_instruction()) {
    written.instruction = FromProto(std::move(*entry.mutable_instruction()));
  }
  written.note = std::move(*entry.mutable_note());
  if (entry.has_recorded_by()) {
    converted.recorded_by_node = std::move(*entry.mutable_recorded_by()->mutable_node_id());
    converted.recorded_by_body = std::move(*entry.mutable_recorded_by()->mutable_body_id());
    converted.recorded_by_role = std::move(*entry.mutable_recorded_by()->mutable_role());
  }
  if (entry.has_recorded_at()) converted.recorded_at = FromProto(entry.recorded_at());
  return converted;
}

v1::MoneyEntry ToProto(const MoneyRow& row, const IsoCodes& codes) {
  v1::MoneyEntry proto;
  proto.set_entry_id(row.entry.entry_id.ToString());
  proto.set_member_id(row.entry.member_id.ToString());
  proto.set_kind(std::string(MoneyKindName(row.entry.kind)));
  *proto.mutable_amount() = ToProto(row.entry.amount, codes);
  proto.set_happened_on(row.happened_on);
  proto.set_from_whom(row.from_whom);
  proto.set_to_whom(row.to_whom);
  proto.set_reverses_entry_id(row.entry.reverses_entry_id.ToString());
  proto.set_referral_id(row.referral_id);
  if (row.instruction) *proto.mutable_instruction() = ToProto(*row.instruction);
  proto.set_note(row.note);
  *proto.mutable_recorded_by() = ToProto(row.recorded_by);
  *proto.mutable_recorded_at() = ToProto(row.recorded_at);
  return proto;
}

v1::LedgerBalance ToProto(const MoneyTotals& totals, const std::string& member_id,
                          const IsoCodes& codes) {
  const auto money = [&totals, &codes](int64_t minor_units) {
    return ToProto(MoneyAmount{totals.currency, minor_units}, codes);
  };
  v1::LedgerBalance proto;
  proto.set_member_id(member_id);
  proto.set_currency_code(totals.currency);
  *proto.mutable_claimed() = money(totals.Of(MoneyKind::kClaimed));
  *proto.mutable_offered() = money(totals.Of(MoneyKind::kOffered));
  *proto.mutable_agreed() = money(totals.Of(MoneyKind::kAgreed));
  *proto.mutable_awarded() = money(totals.Of(MoneyKind::kAwarded));
  *proto.mutable_due() = money(totals.Of(MoneyKind::kDue));
  *proto.mutable_paid() = money(totals.Of(MoneyKind::kPaid));
  *proto.mutable_paid_to_intermediary() = money(totals.Of(MoneyKind::kPaidToIntermediary));
  *proto.mutable_deposit_used() = money(totals.Of(MoneyKind::kDepositUsed));
  *proto.mutable_received() = money(totals.Of(MoneyKind::kReceived));
  *proto.mutable_written_off() = money(totals.Of(MoneyKind::kWrittenOff));
  *proto.mutable_owed() = money(totals.owed);
  *proto.mutable_balance() = money(totals.balance);
  *proto.mutable_overpaid() = money(totals.overpaid);
  return proto;
}

ConsentOverride FromProto(v1::ConsentOverride&& requested) {
  return {.receiver_body_id = std::move(*requested.mutable_receiver_body_id()),
          .groups = FromProto(requested.groups()),
          .expires_on = std::move(*requested.mutable_expires_on())};
}

std::vector<WrittenMemberAmount> FromProto(v1::WriteOff&& requested) {
  std::vector<WrittenMemberAmount> amounts;
  for (v1::MemberAmount& one : *requested.mutable_amounts()) {
    WrittenMemberAmount& amount = amounts.emplace_back();
    amount.member_id = std::move(*one.mutable_member_id());
    if (one.has_amount()) amount.amount = FromProto(std::move(*one.mutable_amount()));
  }
  return amounts;
}

}  // namespace redress::intake
