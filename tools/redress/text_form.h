#ifndef REDRESS_TOOLS_REDRESS_TEXT_FORM_H_
#define REDRESS_TOOLS_REDRESS_TEXT_FORM_H_

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

#include "google/protobuf/generated_enum_reflection.h"
#include "google/protobuf/message.h"

// How the values of answers are written for people.
namespace redress::cli {

// The set fields of a message, one to a line, indented as they nest.
void PrintFields(const google::protobuf::Message& message, std::ostream& out);

// "2026-11-22 09:30" in UTC; "-" for none.
std::string ShowTime(const google::protobuf::Message& timestamp);

// How long: "7 d", "24 h", "1 d 6 h"; the two largest units, since clocks are set in whole ones.
std::string ShowDuration(int64_t seconds);

// An enum's name without its prefix: CASE_STATE_OPEN is "OPEN".
template <class Enum>
std::string ShowEnum(Enum value);
std::string WithoutEnumPrefix(std::string_view name, std::string_view type);

template <class Enum>
std::string ShowEnum(Enum value) {
  const auto* descriptor = google::protobuf::GetEnumDescriptor<Enum>();
  const auto* found = descriptor->FindValueByNumber(static_cast<int>(value));
  return found == nullptr ? std::to_string(static_cast<int>(value))
                          : WithoutEnumPrefix(found->name(), descriptor->name());
}

}  // namespace redress::cli

#endif  // REDRESS_TOOLS_REDRESS_TEXT_FORM_H_
