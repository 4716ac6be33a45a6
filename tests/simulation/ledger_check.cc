#include "tests/simulation/ledger_check.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <utility>

#include "fmt/format.h"

namespace redress::simulation {
namespace {

using intake::MoneyKind;
using intake::MoneyRow;

using SumsByKind = std::array<int64_t, intake::kSummedKinds>;
using CurrencyAndMember = std::pair<std::string, std::string>;

struct Amounts {
  int64_t owed = 0;
  int64_t balance = 0;
  int64_t received = 0;
  bool operator==(const Amounts&) const = default;
};

absl::StatusOr<intake::MoneyPage> ReadLedger(Node& node, const CaseNumber& number) {
  intake::MoneyPage all;
  do {
    auto page = node.inspector.Run(node.inspector.intake().money().ListMoney(
        Reader(node.name()), number, MemberId(),
        intake::PageRequest{100, std::exchange(all.next_page_token, {})}));
    if (!page.ok()) return page.status();
    for (MoneyRow& row : page->entries) all.entries.push_back(std::move(row));
    all.totals = page->totals;
    all.next_page_token = page->next_page_token;
  } while (!all.next_page_token.empty());
  return all;
}

// All in one currency each; a reversal takes back what it names.
std::map<CurrencyAndMember, SumsByKind> SumsOf(const std::vector<MoneyRow>& entries) {
  std::map<std::string, const MoneyRow*> by_id;
  for (const MoneyRow& row : entries) by_id[row.entry.entry_id.ToString()] = &row;
  std::map<CurrencyAndMember, SumsByKind> sums;
  for (const MoneyRow& row : entries) {
    SumsByKind& of = sums[{row.entry.amount.currency, row.entry.member_id.ToString()}];
    if (row.entry.kind != MoneyKind::kReversal) {
      of[static_cast<size_t>(row.entry.kind)] += row.entry.amount.minor_units;
    } else if (const MoneyRow* undone = by_id[row.entry.reverses_entry_id.ToString()]) {
      of[static_cast<size_t>(undone->entry.kind)] -= row.entry.amount.minor_units;
    }
  }
  return sums;
}

std::map<std::string, Amounts> AmountsByCurrency(const std::vector<MoneyRow>& entries) {
  std::map<std::string, Amounts> amounts;
  for (const auto& [key, of] : SumsOf(entries)) {
    const auto sum = [&of](MoneyKind kind) { return of[static_cast<size_t>(kind)]; };
    const int64_t awarded = sum(MoneyKind::kAwarded);
    const int64_t owed = awarded > 0 ? awarded : sum(MoneyKind::kAgreed);
    const int64_t settled = sum(MoneyKind::kReceived) + sum(MoneyKind::kWrittenOff);
    Amounts& of_case = amounts[key.first];
    of_case.owed += owed;
    of_case.balance += std::max<int64_t>(0, owed - settled);
    of_case.received += sum(MoneyKind::kReceived);
  }
  return amounts;
}

}  // namespace

intake::Caller Reader(const std::string& node) {
  auth::Principal principal;
  principal.node = node;
  principal.person_id = "reader";
  principal.body_id = node + ":mol";
  principal.roles = {auth::Role::kMinistry};
  return std::make_shared<const auth::Principal>(std::move(principal));
}

LedgerCheck CheckLedger(Node& node, const CaseNumber& number) {
  LedgerCheck check;
  const absl::StatusOr<intake::MoneyPage> all = ReadLedger(node, number);
  if (!all.ok()) {
    check.problems.push_back(fmt::format("the ledger of {} is lost", number.ToString()));
    return check;
  }
  for (const MoneyRow& row : all->entries) check.entry_ids.push_back(row.entry.entry_id.ToString());
  std::map<std::string, Amounts> amounts = AmountsByCurrency(all->entries);
  for (const intake::MoneyTotals& totals : all->totals) amounts[totals.currency];
  for (const auto& [currency, added] : amounts) {
    const intake::MoneyTotals totals = intake::TotalsIn(all->totals, currency);
    const Amounts shown{totals.owed, totals.balance, totals.Of(MoneyKind::kReceived)};
    if (shown == added) continue;
    check.problems.push_back(fmt::format(
        "the ledger of {} in {} shows owed {}, balance {}, received {} and adds up to {}, {}, {}",
        number.ToString(), currency, shown.owed, shown.balance, shown.received, added.owed,
        added.balance, added.received));
  }
  return check;
}

}  // namespace redress::simulation
