#ifndef REDRESS_SERVICES_REFERRAL_APP_RESPONSES_ROW_H_
#define REDRESS_SERVICES_REFERRAL_APP_RESPONSES_ROW_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "services/referral/domain/routing.h"

namespace redress::referral {

// The row of ResponsesKey: numbers that are added to (kv/store.h), since any two referrals of a
// body may change at once. It has the two functions of a message that the repository calls.
struct ResponsesRow {
  ResponseRecord record;

  // False for bytes that are no such row. A number below zero, which only a fault can leave, is
  // taken for zero: it tells who should be asked, and nobody is refused for it.
  bool ParseFromString(std::string_view bytes);
  std::string SerializeAsString() const;
};

// What is to be added where a referral that counted for `before` now counts for `after`.
std::vector<int64_t> ResponseAmounts(const ResponseRecord& before, const ResponseRecord& after);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_RESPONSES_ROW_H_
