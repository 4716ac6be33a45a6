#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_MONEY_LEDGER_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_MONEY_LEDGER_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/intake/domain/warning.h"
#include "services/platform/ids/names.h"
#include "services/platform/money/money.h"

namespace redress::intake {

// The rules of the append-only ledger: per case, per member, per currency. Awarded and received are
// never one number; what is owed and not received is shown, counted, and keeps the case open. No
// order between amounts is enforced, only warned about.
//
//   owed    = awarded if any, else agreed
//   balance = owed - received - written off, never below zero; what is beyond is "overpaid"
//
// Both hold for one member and one currency; a case's are the sums of its members', so that what
// one member got too much never hides what another is owed. Only totals are kept up to date, entry
// by entry, so that a group of 10,000 is never added up again. Pure functions over values.

// Stored by its number; never reused.
enum class MoneyKind : uint8_t {
  kClaimed = 0,             // What the member asks for.
  kOffered = 1,             // What the other side offered.
  kAgreed = 2,              // What both settled on; owed when nothing is awarded.
  kAwarded = 3,             // What a court or authority ordered; owed.
  kDue = 4,                 // What of it has fallen due by a date.
  kPaid = 5,                // Paid by the respondent, not in the worker's hands for certain.
  kPaidToIntermediary = 6,  // Paid to an office or union that passes it on.
  kDepositUsed = 7,         // Taken from the agency's deposit.
  kReceived = 8,            // The worker confirms to have it.
  kWrittenOff = 9,          // Given up, by two persons.
  kReversal = 10,           // Undoes another entry.
};
inline constexpr size_t kSummedKinds = 10;  // All but kReversal.

// "CLAIMED", "PAID_TO_INTERMEDIARY" …
std::string_view MoneyKindName(MoneyKind kind);
std::optional<MoneyKind> MoneyKindNamed(std::string_view name);

// One line of the ledger as far as the rules read it.
struct LedgerEntry {
  RandomId entry_id;
  MemberId member_id;
  MoneyKind kind = MoneyKind::kClaimed;
  MoneyAmount amount;          // Above zero.
  RandomId reverses_entry_id;  // With kReversal.

  friend bool operator==(const LedgerEntry&, const LedgerEntry&) = default;
};

// Sums in one currency, of a member or of a case, in minor units; all 0 or more.
struct MoneyTotals {
  std::string currency;
  std::array<int64_t, kSummedKinds> by_kind = {};  // Less what was reversed.
  int64_t owed = 0;
  int64_t balance = 0;
  int64_t overpaid = 0;

  int64_t Of(MoneyKind kind) const { return by_kind[static_cast<size_t>(kind)]; }

  friend bool operator==(const MoneyTotals&, const MoneyTotals&) = default;
};

// Posts one entry: changes the totals of its member and of the case, each with one element per
// currency in order of the code. Either both change or, on an error, neither. `reversed` is the
// entry that a reversal undoes, null otherwise.
//
// INVALID_ARGUMENT when a sum would overflow, when the amount is not above zero, or when a reversal
// does not match what it undoes (same member, currency and amount, itself no reversal).
absl::Status Post(const LedgerEntry& entry, const LedgerEntry* reversed,
                  std::vector<MoneyTotals>& member, std::vector<MoneyTotals>& whole_case);

// The totals in `currency`; all zero when nothing was posted in it.
MoneyTotals TotalsIn(const std::vector<MoneyTotals>& totals, std::string_view currency);

// What stands open, one per currency, zeros left out.
std::vector<MoneyAmount> OpenBalances(const std::vector<MoneyTotals>& totals);

// What a person should look at in a member's totals: AWARD_EXCEEDS_CLAIM, AGREED_EXCEEDS_CLAIM,
// PAID_EXCEEDS_OWED, RECEIVED_EXCEEDS_OWED, one warning per code and currency.
std::vector<Warning> LedgerWarnings(const std::vector<MoneyTotals>& member);

// Whether an id that is in the ledger may arrive again: OK when it says the same, ALREADY_EXISTS
// ENTRY_ID_REUSED {entry_id} when not.
absl::Status CheckRepeated(const LedgerEntry& stored, const LedgerEntry& arriving);

// FAILED_PRECONDITION ENTRY_ALREADY_REVERSED {entry_id, reversed_by} unless `reversed_by` is empty.
absl::Status CheckNotReversed(const RandomId& entry_id, const RandomId& reversed_by);

// FAILED_PRECONDITION WRITE_OFF_EXCEEDS_BALANCE {balance}: no more is given up than is owed.
absl::Status CheckWriteOffFits(const MoneyAmount& amount, const std::vector<MoneyTotals>& member,
                               const IsoCodes& codes);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_MONEY_LEDGER_H_
