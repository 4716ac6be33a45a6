#ifndef REDRESS_TOOLS_STOREDUMP_DESCRIBE_H_
#define REDRESS_TOOLS_STOREDUMP_DESCRIBE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "google/protobuf/message.h"

namespace redress::storedump {

enum class Service { kIntake, kReferral, kStatus };

std::optional<Service> ParseService(std::string_view name);

// The name of a table as its service's storage/keys.h calls it: "case", "fact"; empty when there is
// no such table.
std::string_view TableName(Service service, uint8_t table);

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
