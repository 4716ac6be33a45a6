#include "services/platform/service/service_host.h"

#include <sys/stat.h>

#include <cassert>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/synchronization/notification.h"
#include "fmt/format.h"
#include "services/platform/async/signal.h"
#include "services/platform/files/descriptors.h"
#include "services/platform/rpc/service_main.h"
#include "services/platform/service/measured_store.h"
#include "services/platform/status/fault_point.h"
#include "services/platform/status/status_macros.h"
#include "services/platform/time/file_clock.h"

namespace redress::service {
namespace {

using telemetry::Field;

// Two, so that a slow file does not hold up the cold reads of the store.
constexpr size_t kBlockingThreads = 2;
constexpr size_t kBlockingQueue = 1024;
constexpr absl::Duration kReportInterval = absl::Seconds(10);
constexpr mode_t kPrivateDirectory = 0700;

absl::Status MakePrivateDirectory(const std::string& path) {
  std::error_code error;
  const bool made = std::filesystem::create_directories(path, error);
  if (error) {
    return absl::UnavailableError(
        fmt::format("{}: cannot be made: {}; see docs/runbook.md, \"A store cannot be opened\"",
                    path, error.message()));
  }
  if (made && ::chmod(path.c_str(), kPrivateDirectory) != 0) {
    return absl::UnavailableError(fmt::format("{}: cannot be kept to its owner", path));
  }
  return absl::OkStatus();
}

absl::Status CheckDescriptors(const files::DescriptorShares& shares) {
  if (shares.limit >= files::kFewestDescriptors) return absl::OkStatus();
  return absl::UnavailableError(
      fmt::format("it may have {} files and connections open at once and needs {} at least; see "
                  "docs/runbook.md, \"Too few open files\"",
                  shares.limit, files::kFewestDescriptors));
}

// "[::1]" of "[::1]:9101".
std::string HostOf(const std::string& address) { return address.substr(0, address.rfind(':')); }

using FoundMark = absl::StatusOr<std::optional<journal::RestoredMark>>;

async::Task<void> ReadMark(kv::Store* store, FoundMark* found, absl::Notification* done) {
  *found = co_await journal::ReadRestoredMark(*store);
  done->Notify();
}

std::unique_ptr<const Clock> MakeClock(const CommonOptions& options) {
  if (options.test_clock_file.empty()) return std::make_unique<SystemClock>();
  return std::make_unique<FileClock>(options.test_clock_file);
}

}  // namespace

absl::StatusOr<std::unique_ptr<ServiceHost>> ServiceHost::Make(CommonOptions options,
                                                               std::string_view service,
                                                               StoreHolds holds) {
  RETURN_IF_ERROR(CheckDescriptors(files::RaiseDescriptorLimit()));
  ASSIGN_OR_RETURN(crypto::NodeKeys keys, crypto::LoadNodeKeys(options.node_keys));
  // Before loading, so that a change in between is taken by the first look afterwards.
  const FileStamp stamp = StampOf(options.issuers).value_or(FileStamp());
  ASSIGN_OR_RETURN(auth::IssuerRegistry issuers, auth::IssuerRegistry::Load(options.issuers));
  std::optional<BegunMark> begun_mark;
  if (holds == StoreHolds::kWhatIsNowhereElse) {
    begun_mark.emplace(options, service);
    RETURN_IF_ERROR(begun_mark->Check());
  }
  RETURN_IF_ERROR(MakePrivateDirectory(options.data_dir));
  return std::unique_ptr<ServiceHost>(new ServiceHost(std::move(options), service,
                                                      std::move(begun_mark), std::move(keys),
                                                      std::move(issuers), stamp));
}

ServiceHost::ServiceHost(CommonOptions options, std::string_view service,
                         std::optional<BegunMark> begun_mark, crypto::NodeKeys keys,
                         auth::IssuerRegistry issuers, FileStamp issuers_stamp)
    : options_(std::move(options)),
      service_(service),
      begun_mark_(std::move(begun_mark)),
      clock_(MakeClock(options_)),
      keys_(std::move(keys)),
      log_({.node = options_.node.ToString(), .service = service_}, system_clock_),
      metrics_(options_.node.ToString(), service_),
      call_metrics_(metrics_, log_),
      verifier_(options_.node.ToString(), std::move(issuers), system_clock_),
      issuers_stamp_(issuers_stamp),
      tokens_(options_.node, service_, keys_.signing, system_clock_),
      blocking_(kBlockingThreads, kBlockingQueue),
      node_service_({.node = options_.node.ToString(),
                     .service = service_,
                     .data_dir = options_.data_dir,
                     .files_directory = options_.files_directory(),
                     .clock = *clock_,
                     .executor = loop_,
                     .log = log_}),
      background_(loop_) {}

ServiceHost::~ServiceHost() { End(); }

absl::Status ServiceHost::MakeFilesDirectory() {
  return MakePrivateDirectory(options_.files_directory());
}

absl::StatusOr<std::unique_ptr<kv::Store>> ServiceHost::OpenStore(StoreSchema schema) {
  kv::RocksDbOptions store_options;
  store_options.path = options_.store_directory();
  store_options.schema_version = schema.version;
  store_options.migrations = std::move(schema.migrations);
  store_options.block_cache_bytes = options_.block_cache_bytes;
  store_options.memtable_bytes = options_.memtable_bytes;
  store_options.ballast_bytes = options_.ballast_bytes;
  store_options.free_space_floor_bytes = options_.free_space_floor_bytes;
  store_options.accepted_loss = options_.accepted_loss;
  store_options.on_background_error = [this] { StoreFailed(); };
  store_options.cold_reads = &blocking_;
  store_options.batch_observer = [this](size_t commits, absl::Duration took) {
    metrics_.CommitBatch(commits, took);
  };
  store_options.points = &node_service_.points();
  store_options.memory = &store_memory_;
  ASSIGN_OR_RETURN(std::unique_ptr<kv::Store> store,
                   kv::OpenRocksDbStore(std::move(store_options), loop_));
  RETURN_IF_ERROR(LeaveBegunMark());
  // Only now, with the lock: it could be another process's, whose backup is being made.
  node_service_.RemoveLeftover();
  store = MeasureStore(std::move(store), metrics_, node_service_.gate());
  node_service_.SetStore(store.get());
  RETURN_IF_ERROR(TellOfRestore(*store));
  return store;
}

absl::Status ServiceHost::LeaveBegunMark() {
  if (!begun_mark_.has_value()) return absl::OkStatus();
  absl::Status left = begun_mark_->Leave();
  if (left.ok() || begun_mark_->begins()) return left;
  // The keys may lie where nobody writes, and the store that is there is to be served.
  log_.Warning("store.begun_not_noted", {Field::OperatorError("error", left)});
  return absl::OkStatus();
}

absl::Status ServiceHost::TellOfRestore(kv::Store& store) {
  FoundMark found;
  absl::Notification done;
  async::Spawn(loop_, ReadMark(&store, &found, &done));
  done.WaitForNotification();
  ASSIGN_OR_RETURN(restored_, found);
  metrics_.SetStore("restores", restored_.has_value() ? restored_->restores : 0);
  if (!restored_.has_value()) return absl::OkStatus();
  // At each start: whoever looks for what is missing has to know of it for as long as it is.
  log_.Warning("store.restored", {Field::Count("restores", restored_->restores),
                                  Field::Count("last_commit", restored_->last_commit),
                                  Field::Count("next_commit", restored_->version),
                                  Field::At("taken_at", restored_->taken_at),
                                  Field::At("restored_at", restored_->restored_at)});
  return absl::OkStatus();
}

rpc::Server& ServiceHost::MakeServer(std::vector<rpc::Listener> more,
                                     const rpc::PeerAuthenticator* peers) {
  assert(server_ == nullptr);
  rpc::ServerOptions server_options;
  for (const std::string& address : options_.listen) {
    server_options.listeners.push_back({.address = address});
  }
  for (rpc::Listener& listener : more) server_options.listeners.push_back(std::move(listener));
  server_options.authenticator = &verifier_;
  server_options.peer_authenticator = peers;
  server_options.observer = &call_metrics_;
  server_options.longest_wait = options_.longest_wait;
  server_options.max_calls_in_flight = options_.most_calls;
  server_options.message_bytes = options_.message_bytes;
  server_ = std::make_unique<rpc::Server>(loop_, std::move(server_options));
  node_service_.Register(*server_);
  return *server_;
}

absl::Status ServiceHost::Serve(const std::vector<std::string>& names_of_more) {
  REDRESS_FAULT_POINT("start.before_serving");
  RETURN_IF_ERROR(server_->Start());
  serving_ = true;
  if (store_failed_) server_->StopServing();
  if (!options_.metrics_listen.empty()) {
    ASSIGN_OR_RETURN(metrics_server_,
                     telemetry::MetricsServer::Start(options_.metrics_listen, metrics_));
  }
  background_.Start(FollowRegistry(options_.issuers, issuers_stamp_, &verifier_, &loop_, &blocking_,
                                   &log_, background_.cancellation()));
  background_.Start(ReportStoreSpace(background_.cancellation()));
  REDRESS_FAULT_POINT("start.before_announced");
  RETURN_IF_ERROR(AnnounceAddresses(names_of_more));
  log_.Info(
      "service.serving",
      {Field::Id("address", server_->addresses().front()),
       Field::Count("open_files", static_cast<uint64_t>(files::GetDescriptorShares().limit))});
  return absl::OkStatus();
}

void ServiceHost::StoreFailed() {
  if (store_failed_.exchange(true)) return;
  log_.Error("store.background_error");
  metrics_.SetStore("background_error", 1);
  if (serving_) server_->StopServing();
}

absl::Status ServiceHost::AnnounceAddresses(const std::vector<std::string>& names_of_more) {
  std::map<std::string, std::vector<std::string>> addresses;
  const std::vector<std::string>& bound = server_->addresses();
  for (size_t i = 0; i < bound.size(); ++i) {
    const size_t further = i - options_.listen.size();
    const bool own = i < options_.listen.size() || further >= names_of_more.size();
    addresses[own ? "grpc" : names_of_more[further]].push_back(bound[i]);
  }
  if (metrics_server_ != nullptr) {
    addresses["metrics"].push_back(
        fmt::format("{}:{}", HostOf(options_.metrics_listen), metrics_server_->port()));
  }
  return rpc::WriteAddressFile(options_.address_file, service_, addresses);
}

void ServiceHost::ReportMemory() {
  metrics_.SetMemory(telemetry::ReadProcessMemory());
  const kv::StoreMemoryUse use = store_memory_.Use();
  metrics_.SetStore("memtable_bytes", static_cast<double>(use.memtables));
  metrics_.SetStore("block_cache_bytes", static_cast<double>(use.block_cache));
  metrics_.SetStore("table_reader_bytes", static_cast<double>(use.table_readers));
}

async::Task<void> ServiceHost::ReportStoreSpace(async::CancellationToken cancellation) {
  uint64_t reported = 0;
  while (true) {
    std::error_code error;
    const std::filesystem::space_info space = std::filesystem::space(options_.data_dir, error);
    if (!error) metrics_.SetStore("free_bytes", static_cast<double>(space.available));
    ReportMemory();
    const uint64_t turned_away = rpc::Server::ConnectionsTurnedAway();
    if (turned_away > reported) {
      log_.Warning("service.connections_turned_away",
                   {Field::Count("connections", turned_away - reported)});
    }
    reported = turned_away;
    const bool slept = co_await async::SleepUnlessCancelled(loop_, kReportInterval, cancellation);
    if (!slept) co_return;
  }
}

void ServiceHost::Stop() {
  if (std::exchange(stopped_, true)) return;
  watchdog_.emplace(service_, options_.stop_grace + options_.stop_patience);
  if (server_ != nullptr) {
    log_.Info("service.stopping");
    const int let_go = server_->Shutdown(options_.stop_grace);
    if (let_go > 0) {
      log_.Warning("service.calls_let_go", {Field::Count("calls", static_cast<uint64_t>(let_go))});
    }
  }
  node_service_.BeginStop();
  background_.Stop();
  metrics_server_.reset();
  if (server_ != nullptr) log_.Info("service.stopped");
}

void ServiceHost::End(std::initializer_list<async::BlockingPool*> pools) {
  Stop();
  for (async::BlockingPool* pool : pools) pool->Stop();
  node_service_.Stop();
  blocking_.Stop();
  loop_.Stop();
}

}  // namespace redress::service
