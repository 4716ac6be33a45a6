#ifndef REDRESS_SERVICES_PLATFORM_SERVICE_SERVICE_HOST_H_
#define REDRESS_SERVICES_PLATFORM_SERVICE_SERVICE_HOST_H_

#include <atomic>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/async/blocking_pool.h"
#include "services/platform/auth/verifier.h"
#include "services/platform/crypto/node_keys.h"
#include "services/platform/crypto/system_random.h"
#include "services/platform/ids/random.h"
#include "services/platform/journal/restored_mark.h"
#include "services/platform/kv/rocksdb_store.h"
#include "services/platform/kv/store.h"
#include "services/platform/rpc/event_loop.h"
#include "services/platform/rpc/server.h"
#include "services/platform/service/background_tasks.h"
#include "services/platform/service/begun_mark.h"
#include "services/platform/service/call_metrics.h"
#include "services/platform/service/common_options.h"
#include "services/platform/service/node_service.h"
#include "services/platform/service/registry_reloader.h"
#include "services/platform/service/service_tokens.h"
#include "services/platform/service/stop_watchdog.h"
#include "services/platform/telemetry/log.h"
#include "services/platform/telemetry/metrics.h"
#include "services/platform/telemetry/metrics_server.h"
#include "services/platform/time/clock.h"

namespace redress::service {

// What of a store belongs to the service whose store it is.
struct StoreSchema {
  uint32_t version = 1;
  std::vector<kv::Migration> migrations = {};
};

// What would be lost with a store.
enum class StoreHolds {
  kWhatIsNowhereElse,
  kWhatCanBeReadAgain,  // From the other services.
};

// What stands around the rooms of every service: event loop, clock, keys, log, metrics, verifier of
// tokens, and the server. A service's wiring makes it first and destroys it last:
//
//   ASSIGN_OR_RETURN(auto host, ServiceHost::Make(options.common, "intake"));
//   ASSIGN_OR_RETURN(auto store, host->OpenStore({.version = 1}));
//   … the app over host->loop(), host->clock(), *store …
//   rpc::Server& server = host->MakeServer({});
//   RegisterIntake(server, …);
//   host->background().Start(…);           // loops of the service's own
//   RETURN_IF_ERROR(host->Serve());
//   …
//   host->End({&file_pool});               // then the app and the store can go, and last the host
//
// For one thread, main's; what its accessors give is as thread-safe as its class says.
class ServiceHost {
 public:
  // Reads keys and issuers, makes the data directory (mode 0700), starts the loop. The first
  // problem otherwise, fit to be shown to an operator. FAILED_PRECONDITION, with nothing made, when
  // the store was begun and is not there (begun_mark.h); one that can be read again is begun anew.
  static absl::StatusOr<std::unique_ptr<ServiceHost>> Make(
      CommonOptions options, std::string_view service,
      StoreHolds holds = StoreHolds::kWhatIsNowhereElse);
  ~ServiceHost();
  ServiceHost(const ServiceHost&) = delete;
  ServiceHost& operator=(const ServiceHost&) = delete;

  const CommonOptions& options() const { return options_; }
  rpc::EventLoop& loop() { return loop_; }
  // Threads for what blocks: cold reads of the store, files, the registry.
  async::BlockingPool& blocking() { return blocking_; }
  // The time that the rules go by: the system's, or the movable one of a test build. Tokens always
  // go by the system's.
  const Clock& clock() const { return *clock_; }
  RandomSource& random() { return random_; }
  const crypto::NodeKeys& keys() const { return keys_; }
  telemetry::Logger& log() { return log_; }
  telemetry::Metrics& metrics() { return metrics_; }
  // With what this service calls the node's others.
  ServiceTokens& tokens() { return tokens_; }
  // Cancelled and waited for by Stop, after the server is down.
  BackgroundTasks& background() { return background_; }

  // Makes "files" in the data directory, for files beside the store; for this user alone.
  absl::Status MakeFilesDirectory();

  // Opens the store of the data directory, its commits counted and timed; says in the log when it
  // was put back to a backup. Backups are taken of it. Once; destroy it before this, after Stop.
  absl::StatusOr<std::unique_ptr<kv::Store>> OpenStore(StoreSchema schema);

  // Whether the store was put back to a backup: then some numbers that left it are not in it. Known
  // once the store is open.
  const std::optional<journal::RestoredMark>& restored() const { return restored_; }

  // The server, listening at --listen and then at `more`. Once. `peers` (borrowed) is for a service
  // that has methods for peers.
  rpc::Server& MakeServer(std::vector<rpc::Listener> more,
                          const rpc::PeerAuthenticator* peers = nullptr);

  // Starts what was registered with the server, then metrics and background work, then writes the
  // address file with "grpc" (--listen), "metrics", and `names_of_more`: the names under which the
  // further listeners are listed, one each.
  // REQUIRES: MakeServer was called.
  absl::Status Serve(const std::vector<std::string>& names_of_more = {});

  // Not ready, finish the calls (up to --stop_grace), end background work. Again: no effect.
  // From here until this is destroyed --stop_grace and --stop_patience run, see StopWatchdog.
  //
  // A handler may be under way still: one that was let go, since it waits for a disk or for another
  // service. So nothing that it uses may be destroyed before End.
  void Stop();

  // Stop; then has the jobs of `pools` (the service's own) and of the host's pools finish, cancels
  // the calls that go out, runs what goes on by that, and ends the loop. No coroutine goes on
  // afterwards; those that still wait stay where they are. Again: no effect.
  void End(std::initializer_list<async::BlockingPool*> pools = {});

 private:
  ServiceHost(CommonOptions options, std::string_view service, std::optional<BegunMark> begun_mark,
              crypto::NodeKeys keys, auth::IssuerRegistry issuers, FileStamp issuers_stamp);
  absl::Status LeaveBegunMark();
  absl::Status TellOfRestore(kv::Store& store);
  // Takes the process out of service, while it still answers what it can. Thread-safe.
  void StoreFailed();
  void ReportMemory();
  async::Task<void> ReportStoreSpace(async::CancellationToken cancellation);
  absl::Status AnnounceAddresses(const std::vector<std::string>& names_of_more);

  const CommonOptions options_;
  const std::string service_;
  std::optional<BegunMark> begun_mark_;
  std::optional<StopWatchdog> watchdog_;  // Goes last: it watches the others go.
  const SystemClock system_clock_;
  const std::unique_ptr<const Clock> clock_;
  crypto::SystemRandom random_;
  const crypto::NodeKeys keys_;
  telemetry::Logger log_;
  telemetry::Metrics metrics_;
  CallMetrics call_metrics_;
  auth::Verifier verifier_;
  const FileStamp issuers_stamp_;
  ServiceTokens tokens_;
  rpc::EventLoop loop_;
  async::BlockingPool blocking_;
  kv::StoreMemory store_memory_;
  NodeService node_service_;
  BackgroundTasks background_;
  std::optional<journal::RestoredMark> restored_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<telemetry::MetricsServer> metrics_server_;
  // Whichever of the two becomes true second takes the process out of service.
  std::atomic<bool> store_failed_ = false;
  std::atomic<bool> serving_ = false;
  bool stopped_ = false;
};

}  // namespace redress::service

#endif  // REDRESS_SERVICES_PLATFORM_SERVICE_SERVICE_HOST_H_
