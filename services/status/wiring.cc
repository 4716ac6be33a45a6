#include "services/status/wiring.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/synchronization/notification.h"
#include "services/platform/codes/iso_codes.h"
#include "services/platform/crypto/page_token.h"
#include "services/platform/service/service_host.h"
#include "services/platform/status/status_macros.h"
#include "services/status/app/directory.h"
#include "services/status/app/ingest.h"
#include "services/status/app/parts.h"
#include "services/status/app/progress.h"
#include "services/status/clients/event_clients.h"
#include "services/status/rpc/status_server.h"
#include "services/status/storage/kv_read_model.h"

namespace redress::status {

using telemetry::Field;

// In the order in which they are made; they go in the opposite one.
struct StatusProcess::Parts {
  Parts(std::unique_ptr<service::ServiceHost> the_host, IsoCodes the_codes,
        const StatusOptions& options, std::unique_ptr<kv::Store> the_store,
        std::unique_ptr<EventSource<IntakeEvent>> intake,
        std::unique_ptr<EventSource<ReferralEvent>> referral)
      : host(std::move(the_host)),
        codes(std::move(the_codes)),
        store(std::move(the_store)),
        model(MakeReadModel(*store)),
        page_tokens(host->keys().tracking, host->random()),
        intake_events(std::move(intake)),
        referral_events(std::move(referral)),
        ingest(IngestParts(options)),
        app{*model,      directory, progress,    host->clock(),
            token_clock, codes,     page_tokens, host->keys().tracking,
            host->loop()},
        server(app) {}

  // Nothing may come in any more when the parts go, and nothing be under way that uses them: the
  // loop is the host's, and would go last.
  ~Parts() { host->End(); }

  Ingest::Parts IngestParts(const StatusOptions& options) {
    service::ServiceHost* borrowed = host.get();
    return {options.common.node.ToString(),
            options.screening_time,
            *model,
            directory,
            progress,
            host->clock(),
            host->loop(),
            [borrowed](Ingest::Task task, const absl::Status& status) {
              borrowed->log().Warning("ingest.trouble", {Field::Code("task", NameOf(task)),
                                                         Field::Result("result", status)});
            },
            [borrowed](Log log, uint64_t behind) {
              borrowed->metrics().SetEventsBehind(NameOf(log), behind);
            },
            [borrowed](const std::string& case_number) {
              borrowed->log().Error("ingest.case_set_aside", {Field::Id("case", case_number)});
            }};
  }

  static std::string_view NameOf(Log log) { return log == Log::kIntake ? "intake" : "referral"; }
  static std::string_view NameOf(Ingest::Task task) {
    switch (task) {
      case Ingest::Task::kReadIntake:
        return "read_intake";
      case Ingest::Task::kReadReferral:
        return "read_referral";
      case Ingest::Task::kWrite:
        return "write";
      case Ingest::Task::kRunDue:
        return "run_due";
    }
    return "";
  }

  std::unique_ptr<service::ServiceHost> host;
  const SystemClock token_clock;
  const IsoCodes codes;
  std::unique_ptr<kv::Store> store;
  std::unique_ptr<ReadModel> model;
  crypto::PageTokens page_tokens;
  Directory directory;
  Progress progress;
  std::unique_ptr<EventSource<IntakeEvent>> intake_events;
  std::unique_ptr<EventSource<ReferralEvent>> referral_events;
  Ingest ingest;
  const AppParts app;
  StatusServer server;
};

namespace {

// What Start waits for, from another thread than the loop's. Shared, since the wait may be given
// up.
template <class T>
struct Awaited {
  absl::Notification done;
  std::optional<T> value;
};

async::Task<void> OpenIngest(Ingest* ingest, bool rebuild,
                             std::shared_ptr<Awaited<absl::Status>> opened) {
  opened->value = co_await ingest->Open(rebuild);
  opened->done.Notify();
}

// Tells once the read models are whole.
async::Task<void> AwaitBuild(const Progress* progress, rpc::EventLoop* loop,
                             async::CancellationToken cancellation,
                             std::function<void()> on_whole) {
  while (!progress->ready()) {
    const uint64_t seen = progress->changed.count();
    if (progress->ready()) break;
    const async::Wake wake = co_await progress->changed.WaitPast(*loop, seen, cancellation);
    if (wake == async::Wake::kCancelled) co_return;
  }
  on_whole();
}

}  // namespace

absl::StatusOr<std::unique_ptr<StatusProcess>> StatusProcess::Start(StatusOptions options) {
  ASSIGN_OR_RETURN(auto host, service::ServiceHost::Make(options.common, "status",
                                                         service::StoreHolds::kWhatCanBeReadAgain));
  ASSIGN_OR_RETURN(IsoCodes codes, IsoCodes::Load());
  ASSIGN_OR_RETURN(auto store, host->OpenStore({kStatusSchema, StatusMigrations()}));
  service::ServiceTokens* tokens = &host->tokens();
  const TokenMint mint = [tokens] { return tokens->Token(); };
  ASSIGN_OR_RETURN(auto intake, MakeIntakeEvents(options.intake, host->loop(), mint));
  ASSIGN_OR_RETURN(auto referral, MakeReferralEvents(options.referral, host->loop(), mint));
  auto parts = std::make_unique<Parts>(std::move(host), std::move(codes), options, std::move(store),
                                       std::move(intake), std::move(referral));
  Parts& all = *parts;
  std::unique_ptr<StatusProcess> process(new StatusProcess(std::move(parts)));

  service::BackgroundTasks& background = all.host->background();
  auto opened = std::make_shared<Awaited<absl::Status>>();
  background.Start(OpenIngest(&all.ingest, options.rebuild, opened));
  opened->done.WaitForNotification();
  RETURN_IF_ERROR(*opened->value);

  const async::CancellationToken cancellation = background.cancellation();
  background.Start(all.ingest.Write(cancellation));
  background.Start(all.ingest.Follow(*all.intake_events, cancellation));
  background.Start(all.ingest.Follow(*all.referral_events, cancellation));
  background.Start(all.ingest.RunDue(cancellation));

  rpc::Server& server = all.host->MakeServer({});
  all.server.Register(server);
  auto whole = std::make_shared<Awaited<bool>>();
  background.Start(AwaitBuild(&all.progress, &all.host->loop(), cancellation,
                              [whole] { whole->done.Notify(); }));
  const bool in_time = whole->done.WaitForNotificationWithTimeout(kWaitForBuild);
  RETURN_IF_ERROR(all.host->Serve());
  if (!in_time) {
    rpc::Server* serving = &server;
    const auto set_serving = [serving](bool is) {
      serving->SetServing("", is);
      serving->SetServing(kStatusServiceName, is);
    };
    set_serving(false);
    background.Start(AwaitBuild(&all.progress, &all.host->loop(), cancellation,
                                [set_serving] { set_serving(true); }));
  }
  return process;
}

StatusProcess::StatusProcess(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

StatusProcess::~StatusProcess() = default;

void StatusProcess::Stop() { parts_->host->Stop(); }

}  // namespace redress::status
