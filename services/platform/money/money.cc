#include "services/platform/money/money.h"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <limits>

#include "services/platform/status/status_macros.h"

namespace redress {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

absl::Status Wrong(std::string message) { return absl::InvalidArgumentError(message); }

// "" when `text` is digits with at most one point inside, else what is wrong with it.
std::string_view ProblemOfShape(std::string_view text) {
  if (text.empty()) return "is required: a decimal number such as \"504000.00\"";
  if (text.front() == '-') return "must not be negative";
  size_t points = 0;
  for (char c : text) {
    if (c == '.') {
      ++points;
    } else if (!IsDigit(c)) {
      return "must be a decimal number with a point, such as \"504000.00\": no sign, no grouping, "
             "no exponent";
    }
  }
  if (points > 1) return "has more than one decimal point";
  if (!IsDigit(text.front()) || !IsDigit(text.back())) {
    return "must have a digit before and after its decimal point";
  }
  return {};
}

absl::Status CheckSameCurrency(const MoneyAmount& a, const MoneyAmount& b) {
  if (a.currency == b.currency) return absl::OkStatus();
  return absl::FailedPreconditionError(
      fmt::format("{} and {} cannot be added without a dated rate", a.currency, b.currency));
}

}  // namespace

absl::StatusOr<int64_t> ParseMinorUnits(std::string_view text, int decimals) {
  if (const std::string_view problem = ProblemOfShape(text); !problem.empty()) {
    return Wrong(std::string(problem));
  }
  const size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction =
      point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  if (fraction.size() > static_cast<size_t>(decimals)) {
    return Wrong(fmt::format("has {} decimals; the currency has {}", fraction.size(), decimals));
  }
  int64_t units = 0;
  const auto push = [&units](int digit) {
    if (units > (kMax - digit) / 10) return false;
    units = units * 10 + digit;
    return true;
  };
  bool fits = true;
  for (char c : whole) fits = fits && push(c - '0');
  for (size_t i = 0; i < static_cast<size_t>(decimals); ++i) {
    fits = fits && push(i < fraction.size() ? fraction[i] - '0' : 0);
  }
  if (!fits) return Wrong(fmt::format("is above {}", FormatMinorUnits(kMax, decimals)));
  return units;
}

absl::StatusOr<MoneyAmount> ParseMoney(std::string_view currency, std::string_view amount,
                                       const IsoCodes& codes) {
  const std::optional<int> decimals = codes.CurrencyDecimals(currency);
  if (!decimals) return Wrong("the currency is not an ISO 4217 code such as \"MYR\"");
  ASSIGN_OR_RETURN(const int64_t units, ParseMinorUnits(amount, *decimals));
  return MoneyAmount{std::string(currency), units};
}

std::string FormatMinorUnits(int64_t minor_units, int decimals) {
  // The magnitude as unsigned, since the smallest int64 has no positive counterpart.
  const uint64_t magnitude =
      minor_units < 0 ? 0 - static_cast<uint64_t>(minor_units) : static_cast<uint64_t>(minor_units);
  uint64_t scale = 1;
  for (int i = 0; i < decimals; ++i) scale *= 10;
  const std::string_view sign = minor_units < 0 ? "-" : "";
  // Each answer about a case has eight amounts: formats are read when this is compiled.
  if (decimals == 0) return fmt::format(FMT_COMPILE("{}{}"), sign, magnitude);
  // The fraction's leading zeros are kept by a digit before them.
  const std::string fraction = fmt::format(FMT_COMPILE("{}"), scale + magnitude % scale);
  return fmt::format(FMT_COMPILE("{}{}.{}"), sign, magnitude / scale,
                     std::string_view(fraction).substr(1));
}

std::string FormatAmount(const MoneyAmount& money, const IsoCodes& codes) {
  return FormatMinorUnits(money.minor_units, codes.CurrencyDecimals(money.currency).value_or(0));
}

std::string FormatMoney(const MoneyAmount& money, const IsoCodes& codes) {
  return fmt::format("{} {}", money.currency, FormatAmount(money, codes));
}

absl::StatusOr<int64_t> AddMinorUnits(int64_t a, int64_t b) {
  int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) return absl::OutOfRangeError("a sum of money overflows");
  return sum;
}

absl::StatusOr<int64_t> SubtractMinorUnits(int64_t a, int64_t b) {
  int64_t difference = 0;
  if (__builtin_sub_overflow(a, b, &difference)) {
    return absl::OutOfRangeError("a difference of money overflows");
  }
  return difference;
}

absl::StatusOr<MoneyAmount> Add(const MoneyAmount& a, const MoneyAmount& b) {
  RETURN_IF_ERROR(CheckSameCurrency(a, b));
  ASSIGN_OR_RETURN(const int64_t sum, AddMinorUnits(a.minor_units, b.minor_units));
  return MoneyAmount{a.currency, sum};
}

absl::StatusOr<MoneyAmount> Subtract(const MoneyAmount& a, const MoneyAmount& b) {
  RETURN_IF_ERROR(CheckSameCurrency(a, b));
  ASSIGN_OR_RETURN(const int64_t difference, SubtractMinorUnits(a.minor_units, b.minor_units));
  return MoneyAmount{a.currency, difference};
}

}  // namespace redress
