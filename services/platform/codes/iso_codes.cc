#include "services/platform/codes/iso_codes.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "services/platform/status/status_macros.h"

namespace redress {
namespace {

using Json = nlohmann::json;
using IsoNames = std::map<std::string, std::string, std::less<>>;

// Minor units that are not hundredths, from ISO 4217's list one. The package holds no minor units,
// and ICU's are those of everyday prices: it gives MMK, LAK and IQD none where the standard, and a
// wage slip in a bank's books, has 2, 2 and 3.
constexpr std::string_view kNoDecimals[] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY",
                                            "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
                                            "VND", "VUV", "XAF", "XOF", "XPF"};
constexpr std::string_view kThreeDecimals[] = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
constexpr std::string_view kFourDecimals[] = {"CLF", "UYW"};

// Metals, units of account, tests and "no currency": ISO 4217 gives them no minor unit.
constexpr std::string_view kNotMoney[] = {"XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR",
                                          "XPD", "XPT", "XSU", "XTS", "XUA", "XXX"};

template <size_t n>
bool Holds(const std::string_view (&list)[n], std::string_view code) {
  return std::find(std::begin(list), std::end(list), code) != std::end(list);
}

// The records of one list: `standard` is the one key of the file's object.
absl::StatusOr<Json> ReadList(const std::string& directory, const std::string& standard) {
  const std::string path = fmt::format("{}/iso_{}.json", directory, standard);
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return absl::NotFoundError(
        fmt::format("{} cannot be read; it comes with the package iso-codes", path));
  }
  Json whole = Json::parse(file, /*cb=*/nullptr, /*allow_exceptions=*/false);
  if (!whole.is_object() || !whole.contains(standard) || !whole[standard].is_array()) {
    return absl::DataLossError(fmt::format("{} holds no list \"{}\"", path, standard));
  }
  return std::move(whole[standard]);
}

std::string Text(const Json& record, const char* key) {
  const auto found = record.find(key);
  return found != record.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Adds `code` → the record's name for each of `code_keys` that the record has.
void AddNames(const Json& list, std::initializer_list<const char*> code_keys, IsoNames& names) {
  for (const Json& record : list) {
    if (!record.is_object()) continue;
    std::string name = Text(record, "common_name");
    if (name.empty()) name = Text(record, "name");
    for (const char* key : code_keys) {
      std::string code = Text(record, key);
      if (!code.empty()) names.emplace(std::move(code), name);
    }
  }
}

std::string_view NameIn(const IsoNames& names, std::string_view code) {
  const auto found = names.find(code);
  return found == names.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace

absl::StatusOr<IsoCodes> IsoCodes::Load(const std::string& directory) {
  IsoCodes codes;
  ASSIGN_OR_RETURN(const Json countries, ReadList(directory, "3166-1"));
  ASSIGN_OR_RETURN(const Json subdivisions, ReadList(directory, "3166-2"));
  ASSIGN_OR_RETURN(const Json currencies, ReadList(directory, "4217"));
  ASSIGN_OR_RETURN(const Json languages, ReadList(directory, "639-3"));
  AddNames(countries, {"alpha_2"}, codes.countries_);
  AddNames(subdivisions, {"code"}, codes.subdivisions_);
  AddNames(currencies, {"alpha_3"}, codes.currencies_);
  AddNames(languages, {"alpha_2", "alpha_3"}, codes.languages_);
  for (std::string_view code : kNotMoney) codes.currencies_.erase(std::string(code));
  if (codes.countries_.empty() || codes.subdivisions_.empty() || codes.currencies_.empty() ||
      codes.languages_.empty()) {
    return absl::DataLossError(fmt::format("a code list under {} is empty", directory));
  }
  return codes;
}

std::optional<int> IsoCodes::CurrencyDecimals(std::string_view code) const {
  if (!HasCurrency(code)) return std::nullopt;
  if (Holds(kNoDecimals, code)) return 0;
  if (Holds(kThreeDecimals, code)) return 3;
  if (Holds(kFourDecimals, code)) return 4;
  return 2;
}

std::string_view IsoCodes::CountryName(std::string_view code) const {
  return NameIn(countries_, code);
}

std::string_view IsoCodes::SubdivisionName(std::string_view code) const {
  return NameIn(subdivisions_, code);
}

std::string_view IsoCodes::CurrencyName(std::string_view code) const {
  return NameIn(currencies_, code);
}

std::string_view IsoCodes::LanguageName(std::string_view code) const {
  return NameIn(languages_, code);
}

}  // namespace redress
