#ifndef REDRESS_SERVICES_PLATFORM_SERVICE_WIRE_MESSAGE_H_
#define REDRESS_SERVICES_PLATFORM_SERVICE_WIRE_MESSAGE_H_

#include <string_view>

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"

namespace redress::service {

// Reads a request from the bytes of the wire. INVALID_ARGUMENT otherwise, naming every field whose
// text is not UTF-8: gRPC by itself answers INTERNAL to these without saying which, and ends a
// stream as if its client had gone. What could be read is left in `message`.
absl::Status ParseMessage(grpc::ByteBuffer& bytes, google::protobuf::Message& message);

grpc::ByteBuffer ToBytes(const google::protobuf::Message& message);

// The fields of `type` in `bytes` whose text is not UTF-8, as INVALID_ARGUMENT with paths such as
// "filing.members[3].complainant.name"; without any, INVALID_ARGUMENT saying that the bytes are no
// message. The first 32 are named.
absl::Status ExplainUnreadable(std::string_view bytes, const google::protobuf::Descriptor& type);

}  // namespace redress::service

#endif  // REDRESS_SERVICES_PLATFORM_SERVICE_WIRE_MESSAGE_H_
