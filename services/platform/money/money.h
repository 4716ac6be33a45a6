#ifndef REDRESS_SERVICES_PLATFORM_MONEY_MONEY_H_
#define REDRESS_SERVICES_PLATFORM_MONEY_MONEY_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/platform/codes/iso_codes.h"

namespace redress {

// An amount in one currency, exact. A plain value.
//
// The minor unit is the currency's own (ISO 4217): 504000.00 MYR is 50,400,000 sen, 504000 VND is
// 504,000. Amounts of two currencies are never added: that needs a dated rate, which nothing here
// has. Negative values occur in differences only; what people enter is never negative.
struct MoneyAmount {
  std::string currency;  // ISO 4217, "MYR"; empty with 0 stands for "nothing yet".
  int64_t minor_units = 0;

  friend bool operator==(const MoneyAmount&, const MoneyAmount&) = default;
};

// Reads "504000.00" with at most `decimals` decimals into minor units, digit by digit, never
// through floating point. Digits with at most one point between them, nothing else: no sign, no
// grouping, no exponent, no blanks. INVALID_ARGUMENT whose message says what is wrong and what is
// accepted, ready to be shown beside the field ("-5": "must not be negative").
absl::StatusOr<int64_t> ParseMinorUnits(std::string_view text, int decimals);

// As above with the currency's own decimals. An unknown currency is INVALID_ARGUMENT too.
absl::StatusOr<MoneyAmount> ParseMoney(std::string_view currency, std::string_view amount,
                                       const IsoCodes& codes);

// "504000.00": always as many decimals as the currency has, a minus before a negative amount.
std::string FormatMinorUnits(int64_t minor_units, int decimals);

// The number alone, and "MYR 504000.00". An unknown currency is printed in whole minor units, so
// that nothing is ever shown at a hundredfold.
std::string FormatAmount(const MoneyAmount& money, const IsoCodes& codes);
std::string FormatMoney(const MoneyAmount& money, const IsoCodes& codes);

// OUT_OF_RANGE when the sum or difference does not fit; FAILED_PRECONDITION for two currencies.
absl::StatusOr<MoneyAmount> Add(const MoneyAmount& a, const MoneyAmount& b);
absl::StatusOr<MoneyAmount> Subtract(const MoneyAmount& a, const MoneyAmount& b);
absl::StatusOr<int64_t> AddMinorUnits(int64_t a, int64_t b);
absl::StatusOr<int64_t> SubtractMinorUnits(int64_t a, int64_t b);

}  // namespace redress

#endif  // REDRESS_SERVICES_PLATFORM_MONEY_MONEY_H_
