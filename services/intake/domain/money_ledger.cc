#include "services/intake/domain/money_ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "services/intake/domain/code_lists.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

static_assert(std::size(kMoneyKindCodes) == kSummedKinds + 1);

absl::Status Overflows() {
  return InvalidField("amount", "makes a sum of the ledger too large to be kept");
}

// Adds `by`, which may be negative, to a sum that stays 0 or more.
absl::Status Change(int64_t& sum, int64_t by) {
  int64_t changed = 0;
  if (__builtin_add_overflow(sum, by, &changed)) return Overflows();
  if (changed < 0) return absl::InternalError("a sum of the ledger would fall below zero");
  sum = changed;
  return absl::OkStatus();
}

// Owed, balance and overpaid of one member and currency from the sums by kind.
absl::Status Derive(MoneyTotals& totals) {
  const int64_t awarded = totals.Of(MoneyKind::kAwarded);
  totals.owed = awarded > 0 ? awarded : totals.Of(MoneyKind::kAgreed);
  // Three sums, each up to the largest int64, need more than 64 bits between them.
  const __int128 open = static_cast<__int128>(totals.owed) - totals.Of(MoneyKind::kReceived) -
                        totals.Of(MoneyKind::kWrittenOff);
  const __int128 beyond = open < 0 ? -open : 0;
  if (beyond > std::numeric_limits<int64_t>::max()) return Overflows();
  totals.balance = open > 0 ? static_cast<int64_t>(open) : 0;
  totals.overpaid = static_cast<int64_t>(beyond);
  return absl::OkStatus();
}

std::vector<MoneyTotals>::iterator Place(std::vector<MoneyTotals>& totals,
                                         std::string_view currency) {
  return std::lower_bound(
      totals.begin(), totals.end(), currency,
      [](const MoneyTotals& one, std::string_view code) { return one.currency < code; });
}

void Put(std::vector<MoneyTotals>& totals, MoneyTotals changed) {
  const auto place = Place(totals, changed.currency);
  if (place != totals.end() && place->currency == changed.currency) {
    *place = std::move(changed);
  } else {
    totals.insert(place, std::move(changed));
  }
}

absl::Status CheckReversal(const LedgerEntry& entry, const LedgerEntry* reversed) {
  if (entry.kind != MoneyKind::kReversal) {
    if (entry.reverses_entry_id.empty()) return absl::OkStatus();
    return InvalidField("reverses_entry_id", "must be empty unless the kind is REVERSAL");
  }
  if (reversed == nullptr || reversed->entry_id != entry.reverses_entry_id) {
    return InvalidField("reverses_entry_id", "names no entry of the case");
  }
  if (reversed->kind == MoneyKind::kReversal) {
    return InvalidField("reverses_entry_id", "names a reversal; post the entry again instead");
  }
  if (reversed->member_id != entry.member_id) {
    return InvalidField("member_id", "is not the member of the entry that is reversed");
  }
  if (reversed->amount != entry.amount) {
    return InvalidField("amount", "is not the amount of the entry that is reversed");
  }
  return absl::OkStatus();
}

}  // namespace

std::string_view MoneyKindName(MoneyKind kind) {
  return kMoneyKindCodes[static_cast<size_t>(kind)];
}

std::optional<MoneyKind> MoneyKindNamed(std::string_view name) {
  const auto found = std::find(std::begin(kMoneyKindCodes), std::end(kMoneyKindCodes), name);
  if (found == std::end(kMoneyKindCodes)) return std::nullopt;
  return static_cast<MoneyKind>(found - std::begin(kMoneyKindCodes));
}

absl::Status Post(const LedgerEntry& entry, const LedgerEntry* reversed,
                  std::vector<MoneyTotals>& member, std::vector<MoneyTotals>& whole_case) {
  RETURN_IF_ERROR(CheckReversal(entry, reversed));
  if (entry.amount.minor_units <= 0) return InvalidField("amount", "must be above zero");
  const bool undo = entry.kind == MoneyKind::kReversal;
  const size_t kind = static_cast<size_t>(undo ? reversed->kind : entry.kind);
  const int64_t by = undo ? -entry.amount.minor_units : entry.amount.minor_units;

  const MoneyTotals before = TotalsIn(member, entry.amount.currency);
  MoneyTotals after = before;
  RETURN_IF_ERROR(Change(after.by_kind[kind], by));
  RETURN_IF_ERROR(Derive(after));

  MoneyTotals all = TotalsIn(whole_case, entry.amount.currency);
  RETURN_IF_ERROR(Change(all.by_kind[kind], by));
  RETURN_IF_ERROR(Change(all.owed, after.owed - before.owed));
  RETURN_IF_ERROR(Change(all.balance, after.balance - before.balance));
  RETURN_IF_ERROR(Change(all.overpaid, after.overpaid - before.overpaid));
  Put(member, std::move(after));
  Put(whole_case, std::move(all));
  return absl::OkStatus();
}

MoneyTotals TotalsIn(const std::vector<MoneyTotals>& totals, std::string_view currency) {
  for (const MoneyTotals& one : totals) {
    if (one.currency == currency) return one;
  }
  return {std::string(currency)};
}

std::vector<MoneyAmount> OpenBalances(const std::vector<MoneyTotals>& totals) {
  std::vector<MoneyAmount> open;
  for (const MoneyTotals& one : totals) {
    if (one.balance > 0) open.push_back({one.currency, one.balance});
  }
  return open;
}

std::vector<Warning> LedgerWarnings(const std::vector<MoneyTotals>& member) {
  std::vector<Warning> warnings;
  for (const MoneyTotals& one : member) {
    const auto warn = [&](bool when, const char* code, const char* what) {
      if (when) warnings.push_back({code, "", fmt::format("{} in {}", what, one.currency)});
    };
    const int64_t claimed = one.Of(MoneyKind::kClaimed);
    warn(one.Of(MoneyKind::kAwarded) > claimed, "AWARD_EXCEEDS_CLAIM",
         "more is awarded than was claimed");
    warn(one.Of(MoneyKind::kAgreed) > claimed, "AGREED_EXCEEDS_CLAIM",
         "more is agreed than was claimed");
    const __int128 paid =
        static_cast<__int128>(one.Of(MoneyKind::kPaid)) + one.Of(MoneyKind::kDepositUsed);
    warn(paid > one.owed || one.Of(MoneyKind::kPaidToIntermediary) > one.owed, "PAID_EXCEEDS_OWED",
         "more is paid than is owed");
    warn(one.Of(MoneyKind::kReceived) > one.owed, "RECEIVED_EXCEEDS_OWED",
         "more is received than is owed");
  }
  return warnings;
}

absl::Status CheckRepeated(const LedgerEntry& stored, const LedgerEntry& arriving) {
  if (stored == arriving) return absl::OkStatus();
  return Refuse(absl::StatusCode::kAlreadyExists, "ENTRY_ID_REUSED",
                "this entry id stands in the ledger with other content",
                {{"entry_id", stored.entry_id.ToString()}});
}

absl::Status CheckNotReversed(const RandomId& entry_id, const RandomId& reversed_by) {
  if (reversed_by.empty()) return absl::OkStatus();
  return RefusePrecondition(
      "ENTRY_ALREADY_REVERSED", "the entry was reversed before",
      {{"entry_id", entry_id.ToString()}, {"reversed_by", reversed_by.ToString()}});
}

absl::Status CheckWriteOffFits(const MoneyAmount& amount, const std::vector<MoneyTotals>& member,
                               const IsoCodes& codes) {
  const int64_t balance = TotalsIn(member, amount.currency).balance;
  if (amount.minor_units <= balance) return absl::OkStatus();
  const std::string shown = FormatMoney({amount.currency, balance}, codes);
  return RefusePrecondition("WRITE_OFF_EXCEEDS_BALANCE",
                            fmt::format("more would be written off than is owed: {}", shown),
                            {{"balance", shown}});
}

}  // namespace redress::intake
