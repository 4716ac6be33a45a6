#include "services/status/domain/case_data.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace redress::status {
namespace {

// The sum that an entry of `kind` adds to; null for kinds without one.
int64_t* SumOf(std::string_view kind, CurrencyTotal& total) {
  static const std::map<std::string_view, int64_t CurrencyTotal::*> kSums = {
      {"CLAIMED", &CurrencyTotal::claimed},
      {"OFFERED", &CurrencyTotal::offered},
      {"AGREED", &CurrencyTotal::agreed},
      {"AWARDED", &CurrencyTotal::awarded},
      {"DUE", &CurrencyTotal::due},
      {"PAID", &CurrencyTotal::paid},
      {"PAID_TO_INTERMEDIARY", &CurrencyTotal::paid_to_intermediary},
      {"DEPOSIT_USED", &CurrencyTotal::deposit_used},
      {"RECEIVED", &CurrencyTotal::received},
      {"WRITTEN_OFF", &CurrencyTotal::written_off},
  };
  const auto found = kSums.find(kind);
  return found == kSums.end() ? nullptr : &(total.*(found->second));
}

}  // namespace

std::vector<CurrencyTotal> SumEntries(const std::vector<PostedEntry>& entries) {
  std::map<std::string, CurrencyTotal> totals;
  std::map<std::string_view, const PostedEntry*> by_id;
  for (const PostedEntry& entry : entries) by_id[entry.entry_id] = &entry;
  for (const PostedEntry& entry : entries) {
    std::string_view kind = entry.kind;
    int64_t amount = entry.minor_units;
    if (!entry.reverses_entry_id.empty()) {
      const auto reversed = by_id.find(entry.reverses_entry_id);
      if (reversed == by_id.end()) continue;
      kind = reversed->second->kind;
      amount = -amount;
    }
    CurrencyTotal& total = totals[entry.currency];
    if (int64_t* sum = SumOf(kind, total); sum != nullptr) *sum += amount;
  }
  std::vector<CurrencyTotal> sums;
  for (auto& [currency, total] : totals) {
    total.currency = currency;
    total.owed = total.awarded > 0 ? total.awarded : total.agreed;
    total.balance = std::max<int64_t>(0, total.owed - total.received - total.written_off);
    sums.push_back(std::move(total));
  }
  return sums;
}

void AddTotals(const std::vector<CurrencyTotal>& totals, int64_t sign,
               std::vector<CurrencyTotal>& to) {
  static constexpr int64_t CurrencyTotal::* kAll[] = {&CurrencyTotal::claimed,
                                                      &CurrencyTotal::offered,
                                                      &CurrencyTotal::agreed,
                                                      &CurrencyTotal::awarded,
                                                      &CurrencyTotal::due,
                                                      &CurrencyTotal::paid,
                                                      &CurrencyTotal::paid_to_intermediary,
                                                      &CurrencyTotal::deposit_used,
                                                      &CurrencyTotal::received,
                                                      &CurrencyTotal::written_off,
                                                      &CurrencyTotal::owed,
                                                      &CurrencyTotal::balance};
  for (const CurrencyTotal& total : totals) {
    auto place = std::lower_bound(to.begin(), to.end(), total.currency,
                                  [](const CurrencyTotal& one, const std::string& currency) {
                                    return one.currency < currency;
                                  });
    if (place == to.end() || place->currency != total.currency) {
      CurrencyTotal fresh;
      fresh.currency = total.currency;
      place = to.insert(place, std::move(fresh));
    }
    bool zero = true;
    for (int64_t CurrencyTotal::* sum : kAll) {
      (*place).*sum += sign * (total.*sum);
      zero = zero && (*place).*sum == 0;
    }
    if (zero) to.erase(place);
  }
}

bool HasBalance(const std::vector<CurrencyTotal>& totals) {
  return std::any_of(totals.begin(), totals.end(),
                     [](const CurrencyTotal& total) { return total.balance > 0; });
}

}  // namespace redress::status
