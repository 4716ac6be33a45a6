#ifndef REDRESS_SERVICES_PLATFORM_SERVICE_NODE_SERVICE_H_
#define REDRESS_SERVICES_PLATFORM_SERVICE_NODE_SERVICE_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "redress/node/v1/node_service.grpc.pb.h"
#include "services/platform/async/blocking_pool.h"
#include "services/platform/async/executor.h"
#include "services/platform/async/timer_queue.h"
#include "services/platform/kv/rocksdb_backup.h"
#include "services/platform/kv/store.h"
#include "services/platform/rpc/server.h"
#include "services/platform/service/commit_gate.h"
#include "services/platform/telemetry/log.h"
#include "services/platform/time/clock.h"

namespace redress::service {

// What every service offers to the node's administrator: redress.node.v1.NodeService. The host has
// one and registers it; a service only opens its store through the host.
//
// Copying is done on a thread of its own, so that neither calls nor cold reads wait for it. One
// backup at a time. Handlers are for the loop's thread; everything else is thread-safe.
class NodeService {
 public:
  struct Parts {
    std::string node;     // "kh"
    std::string service;  // "intake"
    std::string data_dir;
    std::string files_directory;
    const Clock& clock;
    async::Executor& executor;
    telemetry::Logger& log;
    // How long commits may be held back for a point.
    absl::Duration longest_hold = absl::Seconds(2);
    // What that is measured by.
    std::function<absl::Time()> steady_now = async::SteadyNow;
  };

  explicit NodeService(Parts parts);
  ~NodeService();
  NodeService(const NodeService&) = delete;
  NodeService& operator=(const NodeService&) = delete;

  // For opening the store.
  kv::StorePoints& points() { return points_; }
  CommitGate& gate() { return gate_; }
  // The open store, which outlives the calls. Before Register's first call.
  void SetStore(kv::Store* store) { store_ = store; }
  // Removes a point that an earlier process left behind: its links keep tables from being freed.
  void RemoveLeftover();

  void Register(rpc::Server& server);
  // The process stops: what is copied, read or removed ends soon.
  void BeginStop() { stopping_ = true; }
  // Waits for it.
  void Stop();

  // The handlers; public for tests, which have streams of their own.
  async::Task<absl::StatusOr<node::v1::GetStoreResponse>> GetStore();
  async::Task<absl::Status> TakeBackup(rpc::CallContext& context,
                                       rpc::Reader<node::v1::TakeBackupRequest>& reader,
                                       rpc::Writer<node::v1::TakeBackupResponse>& writer);
  async::Task<absl::StatusOr<node::v1::RecordRestorePointResponse>> RecordRestorePoint(
      node::v1::RecordRestorePointRequest request);
  async::Task<absl::StatusOr<node::v1::RemoveOldRestorePointsResponse>> RemoveOldRestorePoints(
      node::v1::RemoveOldRestorePointsRequest request);
  async::Task<absl::StatusOr<node::v1::RemoveOldCopiesResponse>> RemoveOldCopies(
      node::v1::RemoveOldCopiesRequest request);

 private:
  using Generated = node::v1::NodeService;
  // Requests come as bytes, so that they are read only once their caller may ask at all.
  using WireService = Generated::WithRawMethod_GetStore<Generated::WithRawMethod_RecordRestorePoint<
      Generated::WithRawMethod_RemoveOldRestorePoints<Generated::WithRawMethod_RemoveOldCopies<
          Generated::WithAsyncMethod_TakeBackup<Generated::Service>>>>>;
  struct Copying;
  class Turn;

  std::string PointPath() const { return parts_.data_dir + "/backup-point"; }
  // One at a time: ABORTED, BACKUP_UNDER_WAY.
  absl::StatusOr<Turn> TakeTurn();
  // On the pool's thread: checks the folder, and removes what earlier calls left in it and here.
  absl::Status GetReady(const std::string& directory);
  // Takes the steps of TakeBackup, with the turn held.
  async::Task<absl::Status> TakeSteps(rpc::CallContext& context,
                                      rpc::Reader<node::v1::TakeBackupRequest>& reader,
                                      rpc::Writer<node::v1::TakeBackupResponse>& writer);
  // An administrator who was not there has to find out why.
  void LogFailure(const absl::Status& status);
  async::Task<absl::Status> Hold(rpc::Reader<node::v1::TakeBackupRequest>& reader,
                                 rpc::Writer<node::v1::TakeBackupResponse>& writer);
  async::Task<absl::StatusOr<absl::Duration>> TakePoint(
      rpc::Reader<node::v1::TakeBackupRequest>& reader);
  async::Task<void> Copy(std::string directory, std::shared_ptr<Copying> copying);
  async::Task<absl::Status> CopyAndTell(std::string directory, rpc::CallContext& context,
                                        rpc::Writer<node::v1::TakeBackupResponse>& writer,
                                        absl::Duration held);

  const Parts parts_;
  kv::StorePoints points_;
  CommitGate gate_;
  kv::Store* store_ = nullptr;
  bool busy_ = false;
  std::atomic<bool> stopping_ = false;
  async::BlockingPool pool_;
  WireService wire_;
};

}  // namespace redress::service

#endif  // REDRESS_SERVICES_PLATFORM_SERVICE_NODE_SERVICE_H_
