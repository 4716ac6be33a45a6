#ifndef REDRESS_SERVICES_PLATFORM_SERVICE_WIRE_MESSAGE_H_
#define REDRESS_SERVICES_PLATFORM_SERVICE_WIRE_MESSAGE_H_

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/byte_buffer.h"

namespace redress::service {

// Reads a request from the bytes of the wire. INVALID_ARGUMENT otherwise, naming every field whose
// text is not UTF-8 (the first 32), with paths such as "filing.members[3].complainant.name": gRPC
// by itself answers INTERNAL to these without saying which, and ends a stream as if its client had
// gone. `message` then holds all the same what was sent, with question marks in place of what is
// no text, so that it can be looked at for what else is wrong; see unreadable_request.h.
// INVALID_ARGUMENT without fields, and `message` empty, when the bytes are no such message, or have
// more than 32,768 fields in all: as many as fit into 64 KiB when they are empty. In memory each of
// them is up to a hundred times larger than on the wire.
absl::Status ParseMessage(grpc::ByteBuffer& bytes, google::protobuf::Message& message);

grpc::ByteBuffer ToBytes(const google::protobuf::Message& message);

}  // namespace redress::service

#endif  // REDRESS_SERVICES_PLATFORM_SERVICE_WIRE_MESSAGE_H_
