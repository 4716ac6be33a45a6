#include "services/intake/wiring.h"

#include <string>
#include <utility>

#include "absl/synchronization/notification.h"
#include "services/intake/app/intake_app.h"
#include "services/intake/rpc/intake_rpc.h"
#include "services/intake/storage/kv_case_store.h"
#include "services/platform/async/blocking_pool.h"
#include "services/platform/codes/iso_codes.h"
#include "services/platform/crypto/page_token.h"
#include "services/platform/journal/event_log.h"
#include "services/platform/service/service_host.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

// For evidence files, which come in rarely and in large pieces.
constexpr size_t kFileThreads = 2;
constexpr size_t kFileQueue = 256;
constexpr char kPageTokenKey[] = "intake/page-token";

async::Task<void> RemoveOrphans(IntakeApp* app, absl::Status* status, absl::Notification* done) {
  *status = co_await app->evidence().RemoveOrphans();
  done->Notify();
}

}  // namespace

// In the order of making: each uses only what stands above it.
struct IntakeProcess::Parts {
  Parts(std::unique_ptr<service::ServiceHost> made_host, std::unique_ptr<kv::Store> made_store,
        IsoCodes loaded_codes, absl::Duration cooling_off)
      : host(std::move(made_host)),
        store(std::move(made_store)),
        codes(std::move(loaded_codes)),
        file_pool(kFileThreads, kFileQueue),
        page_token_key(host->keys().tracking.Derive(kPageTokenKey)),
        page_tokens(page_token_key, host->random()),
        followers(host->loop()),
        cases(*store, host->keys().encryption, host->random()),
        refusals(*store, host->clock()),
        app(AppContext{.node = host->options().node,
                       .clock = host->clock(),
                       .random = host->random(),
                       .executor = host->loop(),
                       .file_pool = file_pool,
                       .store = *store,
                       .cases = cases,
                       .refusals = refusals,
                       .followers = followers,
                       .codes = codes,
                       .tracking_key = host->keys().tracking,
                       .page_tokens = page_tokens,
                       .files_directory = host->options().files_directory(),
                       .files_floor = host->options().files_floor(),
                       .life_cycle = {.cooling_off = cooling_off},
                       .restored = host->restored()}),
        intake_rpc(RpcParts{app, codes, host->clock(), host->options().node}) {}

  // Nothing may come in any more when the parts go, and nothing be under way that uses them: the
  // loop is the host's, and would go last.
  ~Parts() { host->End({&file_pool}); }

  const std::unique_ptr<service::ServiceHost> host;
  const std::unique_ptr<kv::Store> store;
  const IsoCodes codes;
  async::BlockingPool file_pool;
  const crypto::SecretKey page_token_key;
  const crypto::PageTokens page_tokens;
  journal::EventFollowers followers;
  KvCaseStore cases;
  audit::RefusalLog refusals;
  IntakeApp app;
  IntakeRpc intake_rpc;
};

IntakeProcess::IntakeProcess(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
IntakeProcess::~IntakeProcess() = default;

absl::StatusOr<std::unique_ptr<IntakeProcess>> IntakeProcess::Start(const Options& options) {
  ASSIGN_OR_RETURN(IsoCodes codes, IsoCodes::Load(options.iso_codes));
  ASSIGN_OR_RETURN(auto host, service::ServiceHost::Make(options.common, "intake"));
  RETURN_IF_ERROR(host->MakeFilesDirectory());
  ASSIGN_OR_RETURN(auto store, host->OpenStore({.version = kIntakeSchemaVersion}));
  auto parts = std::make_unique<Parts>(std::move(host), std::move(store), std::move(codes),
                                       options.cooling_off);
  absl::Status removed;
  absl::Notification done;
  async::Spawn(parts->host->loop(), RemoveOrphans(&parts->app, &removed, &done));
  done.WaitForNotification();
  RETURN_IF_ERROR(removed);
  parts->intake_rpc.RegisterWith(parts->host->MakeServer({}));
  RETURN_IF_ERROR(parts->host->Serve());
  return std::unique_ptr<IntakeProcess>(new IntakeProcess(std::move(parts)));
}

void IntakeProcess::Stop() { parts_->host->Stop(); }

}  // namespace redress::intake
