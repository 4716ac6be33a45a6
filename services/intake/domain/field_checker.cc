#include "services/intake/domain/field_checker.h"

#include <fmt/format.h>

#include <algorithm>

#include "services/platform/codes/utf8.h"

namespace redress::intake {
namespace {

constexpr std::string_view kCountryAccepted = "an ISO 3166-1 alpha-2 code such as KH";
constexpr std::string_view kLanguageAccepted = "an ISO 639 code such as km";
constexpr size_t kLongestCode = 64;

// A code, number or date: short, no blanks, ASCII. Anything else may be what a person wrote.
bool LooksLikeCode(std::string_view text) {
  return text.size() <= kLongestCode && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-' || c == '.' || c == ':';
         });
}

}  // namespace

std::string FieldPath::ToString() const {
  std::string text = parent_ == nullptr ? std::string() : parent_->ToString();
  if (index_ != kNoIndex) {
    text += fmt::format("[{}]", index_);
  } else {
    if (!text.empty()) text += '.';
    text += name_;
  }
  return text;
}

void FieldChecker::Wrong(const FieldPath& path, std::string_view problem) {
  violations_.Add(path.ToString(), problem);
}

void FieldChecker::WrongValue(const FieldPath& path, std::string_view seen,
                              std::string_view accepted) {
  if (seen.empty()) {
    Wrong(path, fmt::format("is required: {}", accepted));
  } else if (LooksLikeCode(seen)) {
    violations_.AddValue(path.ToString(), seen, accepted);
  } else {
    Wrong(path, fmt::format("was a text of {} bytes; accepted: {}", seen.size(), accepted));
  }
}

void FieldChecker::Required(const FieldPath& path, std::string_view code, const CodeList& list) {
  if (!list.Contains(code)) WrongValue(path, code, list.Accepted());
}

void FieldChecker::Optional(const FieldPath& path, std::string_view code, const CodeList& list) {
  if (!code.empty()) Required(path, code, list);
}

void FieldChecker::Codes(const FieldPath& path, const std::vector<std::string>& codes,
                         const CodeList& list) {
  for (size_t i = 0; i < codes.size(); ++i) {
    Required(path.Item(i), codes[i], list);
    if (std::find(codes.begin(), codes.begin() + i, codes[i]) != codes.begin() + i) {
      Wrong(path.Item(i), "is given twice");
    }
  }
}

void FieldChecker::RequiredText(const FieldPath& path, std::string_view text, size_t max_bytes) {
  if (text.empty()) {
    Wrong(path, fmt::format("is required: a text of at most {} bytes", max_bytes));
  } else {
    Text(path, text, max_bytes);
  }
}

void FieldChecker::Text(const FieldPath& path, std::string_view text, size_t max_bytes) {
  if (text.size() > max_bytes) {
    Wrong(path, fmt::format("is {} bytes long; at most {} are accepted", text.size(), max_bytes));
  } else if (!IsValidUtf8(text)) {
    Wrong(path, "is not valid UTF-8");
  } else if (HasControlCharacters(text)) {
    Wrong(path, "holds control characters; only tab and line ends are accepted");
  }
}

void FieldChecker::RequiredCountry(const FieldPath& path, std::string_view code) {
  if (!context_.codes.HasCountry(code)) WrongValue(path, code, kCountryAccepted);
}

void FieldChecker::Country(const FieldPath& path, std::string_view code) {
  if (!code.empty()) RequiredCountry(path, code);
}

void FieldChecker::RequiredLanguage(const FieldPath& path, std::string_view code) {
  if (!context_.codes.HasLanguage(code)) WrongValue(path, code, kLanguageAccepted);
}

void FieldChecker::Language(const FieldPath& path, std::string_view code) {
  if (!code.empty()) RequiredLanguage(path, code);
}

void FieldChecker::AtMost(const FieldPath& path, size_t size, size_t max) {
  if (size > max) Wrong(path, fmt::format("has {} entries; at most {} are accepted", size, max));
}

bool FieldChecker::InFuture(const Date& date) const {
  return date.Earliest() > AddDays(context_.today, 1);
}

void FieldChecker::DateNotAccepted(const FieldPath& path, std::string_view seen, DateKind kind) {
  WrongValue(path, seen,
             kind == DateKind::kWhole ? "a date YYYY-MM-DD" : "a date YYYY-MM-DD, YYYY-MM or YYYY");
}

std::optional<Date> FieldChecker::DateField(const FieldPath& path, std::string_view text,
                                            DateKind kind, Future future) {
  if (text.empty()) return std::nullopt;
  const std::optional<Date> date = Date::Parse(text);
  if (!date || (kind == DateKind::kWhole && !date->whole())) {
    DateNotAccepted(path, text, kind);
    return std::nullopt;
  }
  if (future == Future::kRefused && InFuture(*date)) {
    WrongValue(
        path, text,
        fmt::format("a date that is not in the future (today is {})", context_.today.ToString()));
    return std::nullopt;
  }
  return date;
}

void FieldChecker::BirthDate(const FieldPath& path, std::string_view text) {
  if (text.empty()) return;
  const std::optional<Date> date = Date::Parse(text);
  if (!date) {
    Wrong(path, "is not a date YYYY-MM-DD, YYYY-MM or YYYY");
  } else if (InFuture(*date)) {
    Wrong(path, "is in the future");
  }
}

void FieldChecker::PeriodField(const FieldPath& path, const Period& period, Future future) {
  const std::optional<Date> from =
      DateField(path.Field("from"), period.from, DateKind::kPartial, future);
  const FieldPath to_path = path.Field("to");
  NotReversed(to_path, from, DateField(to_path, period.to, DateKind::kPartial, future));
}

void FieldChecker::NotReversed(const FieldPath& to_path, std::optional<Date> from,
                               std::optional<Date> to) {
  if (!from || !to || from->Earliest() <= to->Latest()) return;
  WrongValue(to_path, to->ToString(),
             fmt::format("a date not before {}, where the period begins", from->ToString()));
}

std::optional<MoneyAmount> FieldChecker::RequiredMoney(const FieldPath& path,
                                                       const std::optional<WrittenMoney>& money,
                                                       Zero zero) {
  if (!money) {
    Wrong(path, "is required: a currency and an amount");
    return std::nullopt;
  }
  return Money(path, money, zero);
}

std::optional<MoneyAmount> FieldChecker::Money(const FieldPath& path,
                                               const std::optional<WrittenMoney>& money,
                                               Zero zero) {
  if (!money) return std::nullopt;
  const std::optional<int> decimals = context_.codes.CurrencyDecimals(money->currency_code);
  if (!decimals) {
    WrongValue(path.Field("currency_code"), money->currency_code, "an ISO 4217 code such as MYR");
  }
  // With an unknown currency the most decimals that any has, so that only what is wrong for every
  // currency is said about the amount.
  constexpr int kMostDecimals = 4;
  const absl::StatusOr<int64_t> units =
      ParseMinorUnits(money->amount, decimals.value_or(kMostDecimals));
  if (!units.ok()) {
    Wrong(path.Field("amount"), std::string(units.status().message()));
    return std::nullopt;
  }
  if (zero == Zero::kRefused && *units == 0) {
    Wrong(path.Field("amount"), "must be above zero");
    return std::nullopt;
  }
  if (!decimals) return std::nullopt;
  return MoneyAmount{money->currency_code, *units};
}

}  // namespace redress::intake
