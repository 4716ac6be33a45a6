#ifndef REDRESS_SERVICES_PLATFORM_IDS_CASE_NUMBER_H_
#define REDRESS_SERVICES_PLATFORM_IDS_CASE_NUMBER_H_

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace redress {

// The ISO 7064 MOD 37-36 check character (0-9, A-Z) over `text`, which holds only 0-9 and A-Z. It
// catches every single wrong character and every swap of two neighbours.
char Mod3736CheckCharacter(std::string_view text);

// What people call a case by: KH-26-0000417-X, that is the country it was filed in (ISO 3166-1
// alpha-2), the year of filing (two digits, UTC), a serial from 1 to 9,999,999 and a check
// character. A plain value.
class CaseNumber {
 public:
  static constexpr uint32_t kMaxSerial = 9'999'999;

  // The smallest of all; stands for "none" where a default is needed.
  CaseNumber() = default;

  // REQUIRES: `country` is two upper-case letters, year 0-99, serial 1 to kMaxSerial.
  CaseNumber(std::string_view country, int year, uint32_t serial);

  // Accepts lower case and surrounding blanks, as people type. INVALID_ARGUMENT says what is wrong,
  // a wrong check character in its own words; `field` is the request's field it came in.
  static absl::StatusOr<CaseNumber> Parse(std::string_view text, std::string_view field);

  std::string ToString() const;
  const std::string& country() const { return country_; }
  // The node it was filed at: the country in lower case.
  std::string home_node() const;
  int year() const { return year_; }
  uint32_t serial() const { return serial_; }

  friend auto operator<=>(const CaseNumber&, const CaseNumber&) = default;
  friend bool operator==(const CaseNumber&, const CaseNumber&) = default;

 private:
  std::string country_ = "AA";
  int year_ = 0;
  uint32_t serial_ = 0;
};

// One referral of a case: <case number>/R1, /R2 … up to /R9999.
class ReferralId {
 public:
  static constexpr uint32_t kMaxOrdinal = 9'999;

  ReferralId() = default;
  ReferralId(CaseNumber case_number, uint32_t ordinal)
      : case_number_(std::move(case_number)), ordinal_(ordinal) {}

  static absl::StatusOr<ReferralId> Parse(std::string_view text, std::string_view field);

  std::string ToString() const;
  const CaseNumber& case_number() const { return case_number_; }
  uint32_t ordinal() const { return ordinal_; }

  friend auto operator<=>(const ReferralId&, const ReferralId&) = default;
  friend bool operator==(const ReferralId&, const ReferralId&) = default;

 private:
  CaseNumber case_number_;
  uint32_t ordinal_ = 0;
};

}  // namespace redress

#endif  // REDRESS_SERVICES_PLATFORM_IDS_CASE_NUMBER_H_
