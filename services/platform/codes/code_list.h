#ifndef REDRESS_SERVICES_PLATFORM_CODES_CODE_LIST_H_
#define REDRESS_SERVICES_PLATFORM_CODES_CODE_LIST_H_

#include <span>
#include <string>
#include <string_view>

namespace redress {

// One closed list of codes in UPPER_SNAKE, in the order in which forms show it.
//
// Codes travel and are stored as strings, so that a list can grow without a new schema; this is
// where a string is held against the list. A list is a constant:
//
//   inline constexpr std::string_view kSexCodes[] = {"FEMALE", "MALE", "OTHER", "UNKNOWN"};
//   inline constexpr CodeList kSexes(kSexCodes);
//
// Lists have at most some dozens of codes, so that looking through them is as quick as hashing.
// Thread-safe: never changes.
class CodeList {
 public:
  // `codes` must outlive the list.
  constexpr explicit CodeList(std::span<const std::string_view> codes) : codes_(codes) {}

  // Exact match; codes are never folded to upper case.
  constexpr bool Contains(std::string_view code) const {
    for (std::string_view one : codes_) {
      if (one == code) return true;
    }
    return false;
  }

  constexpr std::span<const std::string_view> codes() const { return codes_; }

  // "A, B, C", for the part of an error that says what is accepted.
  std::string Accepted() const;

 private:
  std::span<const std::string_view> codes_;
};

// True for 1 to `max_bytes` of A-Z, 0-9 and inner underscores, first a letter: the shape of a code,
// whether or not a list holds it.
bool IsUpperSnake(std::string_view text, size_t max_bytes = 64);

}  // namespace redress

#endif  // REDRESS_SERVICES_PLATFORM_CODES_CODE_LIST_H_
