#ifndef REDRESS_TOOLS_SAMPLE_COUNTRIES_H_
#define REDRESS_TOOLS_SAMPLE_COUNTRIES_H_

#include <cstdint>
#include <span>
#include <string_view>

namespace redress::sample {

// What a complaint needs to know of a country. Amounts are in whole units of the currency, chosen
// to look right for ordinary migrants' work; they are no statistics.
struct CountryFacts {
  std::string_view code;      // ISO 3166-1 alpha-2.
  std::string_view name;      // English, for narratives.
  std::string_view language;  // ISO 639, what most workers from there speak.
  std::string_view currency;  // ISO 4217, what wages are paid in.
  int decimals;               // Of that currency.
  int64_t wage_low;           // A month's wage.
  int64_t wage_high;
  int64_t wage_step;  // Wages are agreed in round sums.
  std::string_view time_zone;
  std::string_view phone_prefix;
  std::string_view union_body;  // Trade-union contact in the directory; empty: none.
  std::span<const std::string_view> provinces;  // ISO 3166-2; only of countries people leave from.
  std::string_view fee_currency;                // What going abroad is paid in.
  int fee_decimals;
  int64_t fee_low;  // All of it; about US$1,600 for regular migration from Cambodia.
  int64_t fee_high;
};

// Null when there are no facts for the country.
const CountryFacts* FactsOf(std::string_view country);

std::span<const CountryFacts> AllCountries();

}  // namespace redress::sample

#endif  // REDRESS_TOOLS_SAMPLE_COUNTRIES_H_
