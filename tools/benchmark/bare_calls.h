#ifndef REDRESS_TOOLS_BENCHMARK_BARE_CALLS_H_
#define REDRESS_TOOLS_BENCHMARK_BARE_CALLS_H_

#include <functional>
#include <memory>
#include <string>

#include "grpcpp/grpcpp.h"
#include "redress/benchmark/v1/bare.grpc.pb.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"
#include "tools/benchmark/bare_server.h"

namespace redress::benchmark {

// One call of a yardstick, waiting or being answered. It deletes itself with its last event.
class BareCall {
 public:
  virtual ~BareCall() = default;
  virtual void OnEvent(bool ok) = 0;
};

// What all yardsticks are: gRPC's async API, one completion queue, one polling thread, this one.
// Begins with `waiting` calls, each made by `wait_for_call`; prints the port; serves until standard
// input ends. `on_end` runs when no call is begun any more, and before the queue ends. Gives the
// exit status.
int ServeCalls(
    v1::BareService::AsyncService& service, int waiting,
    const std::function<void(grpc::ServerCompletionQueue&)>& wait_for_call,
    const std::function<void()>& on_end = [] {});

// A RocksDB with its default settings but LZ4, made when absent. Null when it cannot be opened,
// which it has printed.
std::unique_ptr<rocksdb::DB> OpenBareStore(const std::string& directory);

// Each row under a key of its own made of the record's, with the record's first bytes.
void AddMoreRows(const MoreRows& more, const std::string& key, const std::string& record,
                 rocksdb::WriteBatch& batch);

}  // namespace redress::benchmark

#endif  // REDRESS_TOOLS_BENCHMARK_BARE_CALLS_H_
