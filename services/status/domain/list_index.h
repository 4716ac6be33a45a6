#ifndef REDRESS_SERVICES_STATUS_DOMAIN_LIST_INDEX_H_
#define REDRESS_SERVICES_STATUS_DOMAIN_LIST_INDEX_H_

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "absl/time/time.h"
#include "services/status/domain/case_row.h"
#include "services/status/domain/case_view.h"
#include "services/status/domain/scope.h"

namespace redress::status {

// What a list is narrowed by. Stored by its number; never reused.
enum class ListFilter : uint8_t {
  kAny = 0,
  kNationality = 1,
  kDestination = 2,
  kHolder = 3,
  kCaseState = 4,      // Value: its name.
  kReferralState = 5,  // Value: its name.
  kCategory = 6,
};

// Stored by its number; never reused.
enum class ListOrder : uint8_t {
  kUpdatedLast = 1,
  kDueFirst = 2,  // Cases without a clock are left out.
  kFiledFirst = 3,
};

// The key of one row of a list. There is an index for each filter in the order of the last change,
// which is how lists are read; the two other orders have the index without a filter, and a list
// that wants both sifts it: an index for each pair would triple what a change writes.
struct ListKey {
  Scope scope;
  ListFilter filter = ListFilter::kAny;
  std::string value;
  ListOrder order = ListOrder::kUpdatedLast;
  absl::Time sort_time = kNoTime;
  std::string case_number;

  friend bool operator<(const ListKey& a, const ListKey& b) {
    return std::tie(a.scope, a.filter, a.value, a.order, a.sort_time, a.case_number) <
           std::tie(b.scope, b.filter, b.value, b.order, b.sort_time, b.case_number);
  }
  friend bool operator==(const ListKey&, const ListKey&) = default;
};

// The keys of all rows that a case has in lists of the view's readers.
std::vector<ListKey> ListKeysOf(const Scope& scope, const CaseView& view);

// True when the narrowest index for these is kept.
bool IsKept(ListFilter filter, ListOrder order);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_DOMAIN_LIST_INDEX_H_
