#include "services/referral/wiring.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "services/platform/async/blocking_pool.h"
#include "services/platform/async/signal.h"
#include "services/platform/codes/iso_codes.h"
#include "services/platform/crypto/page_token.h"
#include "services/platform/journal/event_log.h"
#include "services/platform/rpc/client.h"
#include "services/platform/service/service_host.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/clock_runner.h"
#include "services/referral/app/direct_peer.h"
#include "services/referral/app/directory_verbs.h"
#include "services/referral/app/disclosures.h"
#include "services/referral/app/forwards.h"
#include "services/referral/app/home_verbs.h"
#include "services/referral/app/inbound.h"
#include "services/referral/app/intake_follower.h"
#include "services/referral/app/link_runner.h"
#include "services/referral/app/receiver_verbs.h"
#include "services/referral/app/referral_files.h"
#include "services/referral/app/referral_queries.h"
#include "services/referral/clients/intake_client.h"
#include "services/referral/clients/peer_client.h"
#include "services/referral/clients/peer_registry.h"
#include "services/referral/rpc/directory_service.h"
#include "services/referral/rpc/exchange_service.h"
#include "services/referral/rpc/referral_service.h"
#include "services/referral/storage/keys.h"
#include "services/referral/storage/migrations.h"

namespace redress::referral {
namespace {

// For evidence files, which come in rarely and in large pieces.
constexpr size_t kFileThreads = 2;
constexpr size_t kFileQueue = 256;
constexpr char kPageTokenKey[] = "referral/page-token";
// As the address file names it.
constexpr char kExchange[] = "exchange";

std::vector<std::string> LinksOf(const NodeId& own, const PeerRegistry& peers) {
  std::vector<std::string> links = {own.ToString()};
  for (const Peer& peer : peers.peers()) links.push_back(peer.node.ToString());
  return links;
}

std::function<void(const std::string&, uint32_t)> LogRestoredPeer(telemetry::Logger& log) {
  return [&log](const std::string& peer, uint32_t generation) {
    log.Warning("link.peer_restored",
                {telemetry::Field::Id("peer", peer),
                 telemetry::Field::Count("generation", uint64_t{generation})});
  };
}

rpc::TlsFiles TlsOf(const Options& options) {
  return {.certificate_file = options.exchange_cert,
          .key_file = options.exchange_key,
          .authorities_file = options.exchange_ca};
}

}  // namespace

// In the order of making: each uses only what stands above it.
struct ReferralProcess::Parts {
  Parts(const Options& options, std::unique_ptr<service::ServiceHost> made_host,
        std::unique_ptr<kv::Store> made_store, IsoCodes loaded_codes, PeerRegistry known_peers,
        std::shared_ptr<grpc::Channel> intake_channel)
      : host(std::move(made_host)),
        store(std::move(made_store)),
        codes(std::move(loaded_codes)),
        peers(std::move(known_peers)),
        file_pool(kFileThreads, kFileQueue),
        page_token_key(host->keys().tracking.Derive(kPageTokenKey)),
        page_tokens(page_token_key, host->random()),
        followers(host->loop()),
        repository(*store, keys, host->keys().encryption.Clone(), host->keys().encryption_id(),
                   host->random()),
        refusals(*store, host->clock()),
        intake(host->loop(), host->tokens(), std::move(intake_channel)),
        app{.node = options.common.node,
            .peers = LinksOf(options.common.node, peers),
            .store = *store,
            .repository = repository,
            .refusals = refusals,
            .executor = host->loop(),
            .files_pool = file_pool,
            .clock = host->clock(),
            .random = host->random(),
            .codes = codes,
            .page_tokens = page_tokens,
            .followers = followers,
            .outbox_changed = outbox_changed,
            .work_changed = work_changed,
            .intake = intake,
            .clocks = options.clocks,
            .files_directory = options.common.files_directory(),
            .files_floor = options.common.files_floor(),
            .restored = host->restored(),
            .on_peer_restored = LogRestoredPeer(host->log())},
        disclosures(app),
        home(app, disclosures),
        receiver(app),
        queries(app),
        files(app),
        directory(app),
        inbound(app),
        loopback(options.common.node.ToString(), inbound, files),
        referral_service(ReferralRooms{home, receiver, queries, files, followers}),
        directory_service(directory),
        exchange_service(inbound, files) {}

  // Nothing may come in any more when the parts go, and nothing be under way that uses them: the
  // loop is the host's, and would go last.
  ~Parts() { host->End({&file_pool}); }

  absl::Status Serve(const Options& options);
  void StartRunners();

  const std::unique_ptr<service::ServiceHost> host;
  const std::unique_ptr<kv::Store> store;
  const IsoCodes codes;
  const PeerRegistry peers;
  async::BlockingPool file_pool;
  const crypto::SecretKey page_token_key;
  const crypto::PageTokens page_tokens;
  journal::EventFollowers followers;
  async::Signal outbox_changed;
  async::Signal work_changed;
  const ReferralKeySpace keys;
  Repository repository;
  audit::RefusalLog refusals;
  IntakeClient intake;
  const AppParts app;
  Disclosures disclosures;
  HomeVerbs home;
  ReceiverVerbs receiver;
  ReferralQueries queries;
  ReferralFiles files;
  DirectoryVerbs directory;
  Inbound inbound;
  DirectPeer loopback;
  std::unique_ptr<PeerClient> links;
  ReferralService referral_service;
  DirectoryService directory_service;
  ExchangeService exchange_service;
  rpc::Server* server = nullptr;  // The host's.
};

absl::Status ReferralProcess::Parts::Serve(const Options& options) {
  ASSIGN_OR_RETURN(links, PeerClient::Make(host->loop(), options.common.node.ToString(), loopback,
                                           peers, TlsOf(options)));
  std::vector<rpc::Listener> for_peers;
  std::vector<std::string> names;
  if (!options.exchange_listen.empty()) {
    for_peers.push_back(
        {.address = options.exchange_listen, .tls = TlsOf(options), .for_peers = true});
    names.emplace_back(kExchange);
  }
  // The exchange is registered without peers too: it has no listener then, and lets nobody in.
  server = &host->MakeServer(std::move(for_peers), &peers);
  referral_service.Register(*server);
  directory_service.Register(*server);
  exchange_service.Register(*server);
  return host->Serve(names);
}

void ReferralProcess::Parts::StartRunners() {
  service::BackgroundTasks& background = host->background();
  for (const std::string& peer : app.peers) {
    background.Start(RunLink(app, *links, peer, background.cancellation()));
  }
  background.Start(RunClocks(app, background.cancellation()));
  background.Start(RunFileTransfers(app, *links, background.cancellation()));
  background.Start(FollowIntake(app, disclosures, background.cancellation()));
  background.Start(RunSettling(app, disclosures, background.cancellation()));
  background.Start(RunForwards(app, disclosures, background.cancellation()));
}

ReferralProcess::ReferralProcess(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
ReferralProcess::~ReferralProcess() = default;

absl::StatusOr<std::unique_ptr<ReferralProcess>> ReferralProcess::Start(const Options& options) {
  ASSIGN_OR_RETURN(IsoCodes codes, IsoCodes::Load(options.iso_codes));
  PeerRegistry peers;
  if (!options.peers.empty()) {
    ASSIGN_OR_RETURN(peers, PeerRegistry::Load(options.peers, options.common.node));
  }
  ASSIGN_OR_RETURN(std::shared_ptr<grpc::Channel> intake,
                   rpc::OpenChannel({.target = options.intake}));
  ASSIGN_OR_RETURN(auto host, service::ServiceHost::Make(options.common, "referral"));
  RETURN_IF_ERROR(host->MakeFilesDirectory());
  ASSIGN_OR_RETURN(auto store, host->OpenStore({kSchemaVersion, ReferralMigrations()}));
  auto parts = std::make_unique<Parts>(options, std::move(host), std::move(store), std::move(codes),
                                       std::move(peers), std::move(intake));
  RETURN_IF_ERROR(parts->Serve(options));
  parts->StartRunners();
  return std::unique_ptr<ReferralProcess>(new ReferralProcess(std::move(parts)));
}

void ReferralProcess::Stop() { parts_->host->Stop(); }

std::string ReferralProcess::address() const { return parts_->server->addresses().front(); }

std::string ReferralProcess::exchange_address() const {
  const std::vector<std::string>& bound = parts_->server->addresses();
  const size_t local = parts_->host->options().listen.size();
  return bound.size() > local ? bound[local] : std::string();
}

}  // namespace redress::referral
