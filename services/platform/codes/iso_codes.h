#ifndef REDRESS_SERVICES_PLATFORM_CODES_ISO_CODES_H_
#define REDRESS_SERVICES_PLATFORM_CODES_ISO_CODES_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace redress {

// Where the Debian package iso-codes puts its lists.
inline constexpr char kIsoCodesDirectory[] = "/usr/share/iso-codes/json";

// The international code lists: countries, subdivisions, currencies, languages.
//
// Loaded once at start (about 50 ms) and passed on by reference; nothing is read afterwards, so it
// is thread-safe. Every look-up is exact: "kh" is no country and "KM" no language. What the package
// does not list is not accepted, user-assigned codes (XK) among it.
class IsoCodes {
 public:
  // Reads iso_3166-1, iso_3166-2, iso_4217 and iso_639-3 from `directory`. NOT_FOUND naming the
  // package when a file is absent, DATA_LOSS when one is not what it should be.
  static absl::StatusOr<IsoCodes> Load(const std::string& directory = kIsoCodesDirectory);

  // ISO 3166-1 alpha-2: "KH", and territories such as "HK".
  bool HasCountry(std::string_view code) const { return countries_.contains(code); }

  // ISO 3166-2: "KH-2".
  bool HasSubdivision(std::string_view code) const { return subdivisions_.contains(code); }

  // ISO 4217, money only: precious metals, units of account and test codes, which have no minor
  // unit, are not accepted.
  bool HasCurrency(std::string_view code) const { return currencies_.contains(code); }

  // ISO 639-1 ("km") or ISO 639-3 ("khm", "ahk").
  bool HasLanguage(std::string_view code) const { return languages_.contains(code); }

  // Decimals of the currency's minor unit by ISO 4217: 0 for VND, 3 for KWD, 2 for most. Empty for
  // an unknown currency.
  std::optional<int> CurrencyDecimals(std::string_view code) const;

  // English names for display; empty for an unknown code.
  std::string_view CountryName(std::string_view code) const;
  std::string_view SubdivisionName(std::string_view code) const;
  std::string_view CurrencyName(std::string_view code) const;
  std::string_view LanguageName(std::string_view code) const;

 private:
  // Ordered, since only the standard maps are searched by std::string_view without a copy.
  using Names = std::map<std::string, std::string, std::less<>>;

  IsoCodes() = default;

  Names countries_;
  Names subdivisions_;
  Names currencies_;
  Names languages_;
};

}  // namespace redress

#endif  // REDRESS_SERVICES_PLATFORM_CODES_ISO_CODES_H_
