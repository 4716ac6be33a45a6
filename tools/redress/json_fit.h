#ifndef REDRESS_TOOLS_REDRESS_JSON_FIT_H_
#define REDRESS_TOOLS_REDRESS_JSON_FIT_H_

#include <string>
#include <string_view>

#include "google/protobuf/descriptor.h"

namespace redress::cli {

// Says where a JSON text stops being one of `message`, and what was expected there:
//
//   line 12, column 16: complaint.kind: text in double quotes is expected
//
// Nothing of the text is repeated, since it is about people and errors end up in logs: only names
// of the message's own fields and codes. For a text that a parser refused; empty when this reader,
// which is a little more patient than the parser, finds nothing wrong.
std::string ExplainMisfit(std::string_view text, const google::protobuf::Descriptor& message);

}  // namespace redress::cli

#endif  // REDRESS_TOOLS_REDRESS_JSON_FIT_H_
