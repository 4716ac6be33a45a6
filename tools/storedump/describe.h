#ifndef REDRESS_TOOLS_STOREDUMP_DESCRIBE_H_
#define REDRESS_TOOLS_STOREDUMP_DESCRIBE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/message.h"

namespace redress::storedump {

enum class Service { kIntake, kReferral, kStatus };

std::optional<Service> ParseService(std::string_view name);

std::string_view NameOf(Service service);

// Whose store it is, by the first key of any service's own tables (from 0x10 on) and by the first
// from 0x1f on, where intake has no tables and status never without its first; each empty when the
// store has none. nullopt when they do not tell. No row names its service, and the same table
// numbers mean other things in each.
std::optional<Service> TellService(std::string_view first_key, std::string_view first_high_key);

// The name of a table as its service's storage/keys.h calls it: "case", "fact"; empty when there is
// no such table.
std::string_view TableName(Service service, uint8_t table);

// The names of all tables of that service's store, the shared ones first.
std::vector<std::string_view> TableNames(Service service);

// The table of that name; nullopt when there is none.
std::optional<uint8_t> TableByName(Service service, std::string_view name);

// What a row says, on one line: the fields of its message, or of the journal's own records. Bytes,
// which are sealed content and digests, are shown by their number only, so a dump holds no personal
// data. A row that does not read as what its table holds says so.
std::string DescribeValue(Service service, std::string_view key, std::string_view value);

// A message on one line, bytes as "<12 bytes>".
std::string OneLine(const google::protobuf::Message& message);

}  // namespace redress::storedump

#endif  // REDRESS_TOOLS_STOREDUMP_DESCRIBE_H_
