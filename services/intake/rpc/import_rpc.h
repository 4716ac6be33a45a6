#ifndef REDRESS_SERVICES_INTAKE_RPC_IMPORT_RPC_H_
#define REDRESS_SERVICES_INTAKE_RPC_IMPORT_RPC_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "redress/intake/v1/bulk_requests.pb.h"
#include "services/intake/rpc/rpc_parts.h"
#include "services/platform/async/task.h"
#include "services/platform/rpc/call_context.h"
#include "services/platform/rpc/stream.h"
#include "services/platform/service/wire_handlers.h"

namespace redress::intake {

// Handler of ImportComplaints. Records are read ahead while others are being stored, and those that
// have come meanwhile, up to 64, are handed to the application at once: no batch is waited for, and
// a client that sends one record and waits for its answer gets it. At most 64 records of 512 KiB
// wait at a time; beyond that the client is held up.
class ImportRpc {
 public:
  using Record = service::Incoming<v1::ImportComplaintsRequest>;

  explicit ImportRpc(const RpcParts& parts) : parts_(parts) {}

  // NOT_IN_ORDER when lines do not rise.
  async::Task<absl::Status> ImportComplaints(rpc::CallContext& context, rpc::Reader<Record>& in,
                                             rpc::Writer<v1::ImportComplaintsResponse>& out);

 private:
  // The answers to these records, in their order.
  async::Task<std::vector<v1::ImportComplaintsResponse>> ImportRecords(Caller caller,
                                                                       std::vector<Record> records);

  const RpcParts& parts_;
};

// A record that was refused, as its answer says: code, reason, and every wrong field.
v1::ImportFailure FailureOf(const absl::Status& status);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_RPC_IMPORT_RPC_H_
