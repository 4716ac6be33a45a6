#include "services/status/domain/case_data.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

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

// All of them, in no order that matters.
constexpr int64_t CurrencyTotal::* kAll[] = {&CurrencyTotal::claimed,
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

// Lets `edit` change the sum in that currency, and leaves none that is all zero.
template <class Edit>
void EditTotal(const std::string& currency, std::vector<CurrencyTotal>& to, const Edit& edit) {
  auto place = std::lower_bound(
      to.begin(), to.end(), currency,
      [](const CurrencyTotal& one, const std::string& code) { return one.currency < code; });
  if (place == to.end() || place->currency != currency) {
    CurrencyTotal fresh;
    fresh.currency = currency;
    place = to.insert(place, std::move(fresh));
  }
  edit(*place);
  const bool zero = std::all_of(std::begin(kAll), std::end(kAll),
                                [&](int64_t CurrencyTotal::* sum) { return (*place).*sum == 0; });
  if (zero) to.erase(place);
}

}  // namespace

void AddEntry(const PostedEntry& entry, std::string_view kind, std::vector<CurrencyTotal>& sums) {
  const bool reverses = !entry.reverses_entry_id.empty();
  EditTotal(entry.currency, sums, [&](CurrencyTotal& total) {
    int64_t* sum = SumOf(kind, total);
    if (sum == nullptr) return;
    *sum += reverses ? -entry.minor_units : entry.minor_units;
    total.owed = total.awarded > 0 ? total.awarded : total.agreed;
    total.balance = std::max<int64_t>(0, total.owed - total.received - total.written_off);
  });
}

void AddTotals(const std::vector<CurrencyTotal>& totals, int64_t sign,
               std::vector<CurrencyTotal>& to) {
  for (const CurrencyTotal& total : totals) {
    EditTotal(total.currency, to, [&](CurrencyTotal& sum) {
      for (int64_t CurrencyTotal::* one : kAll) sum.*one += sign * (total.*one);
    });
  }
}

bool HasBalance(const std::vector<CurrencyTotal>& totals) {
  return std::any_of(totals.begin(), totals.end(),
                     [](const CurrencyTotal& total) { return total.balance > 0; });
}

}  // namespace redress::status
