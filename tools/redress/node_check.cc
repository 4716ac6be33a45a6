#include "tools/redress/node_check.h"

#include <utility>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "services/intake/check/intake_check.h"
#include "services/intake/storage/kv_case_store.h"
#include "services/platform/crypto/node_keys.h"
#include "services/platform/kv/rocksdb_store.h"
#include "services/platform/kv/store_guard.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/check/referral_check.h"
#include "services/referral/storage/migrations.h"
#include "services/status/check/status_check.h"
#include "services/status/storage/kv_read_model.h"
#include "tools/redress/scratch_store.h"

namespace redress::cli {
namespace {

std::string StoreOf(const std::string& data_dir) { return data_dir + "/store"; }

// One service's store, opened, with what it and its sentinel say of it.
struct OpenedStore {
  std::string data_dir;
  std::unique_ptr<kv::Store> store;
  kv::StoreState state;

  std::string files() const { return data_dir + "/files"; }
};

absl::StatusOr<OpenedStore> Open(const std::string& data_dir) {
  OpenedStore opened;
  opened.data_dir = data_dir;
  const std::string path = StoreOf(data_dir);
  ASSIGN_OR_RETURN(const bool open, kv::IsStoreOpen(path));
  if (open) {
    return absl::FailedPreconditionError(
        fmt::format("{}: a service is running on it; stop the node first", data_dir));
  }
  ASSIGN_OR_RETURN(opened.store, kv::OpenRocksDbReadOnly(path));
  ASSIGN_OR_RETURN(opened.state, kv::ReadStoreState(path));
  return opened;
}

// Each row of another schema would seem to be wrong.
absl::Status CheckSchema(const OpenedStore& opened, uint32_t schema) {
  if (opened.state.schema > schema) {
    return absl::FailedPreconditionError(
        fmt::format("{}: has schema {}, and this version knows schemas up to {}; check it with the "
                    "newer version; see docs/runbook.md, \"A newer version has written it\"",
                    opened.data_dir, opened.state.schema, schema));
  }
  if (opened.state.schema < schema) {
    return absl::FailedPreconditionError(
        fmt::format("{}: has schema {}, and this version's is {}; start this version's service on "
                    "it once, which brings it there, and stop it; or check it with the older one",
                    opened.data_dir, opened.state.schema, schema));
  }
  return absl::OkStatus();
}

// What a service looks at when it opens its store, without writing anything.
void CheckOpening(const OpenedStore& opened, check::Report& report) {
  const auto said = kv::Sentinel::Read(kv::SentinelPath(StoreOf(opened.data_dir)));
  if (!said.ok()) {
    report.Differs("engine", "sentinel", "is damaged");
  } else if (!said->has_value()) {
    report.Differs("engine", "sentinel", "is missing");
  } else if (**said > opened.state.last_commit) {
    report.Differs("engine", "sentinel",
                   fmt::format("the store ends with commit {}, and commit {} was acknowledged",
                               opened.state.last_commit, **said));
  }
}

absl::Status CheckIntakeStore(const OpenedStore& opened, const SealedParts& sealed, bool files,
                              check::Report& report) {
  CheckOpening(opened, report);
  intake::CheckOptions options;
  options.now = absl::Now();
  options.wrapping_key = sealed.wrapping_key();
  if (files) options.files = opened.files();
  return intake::CheckIntake(*opened.store, opened.state, options, report);
}

absl::Status CheckReferralStore(const OpenedStore& opened, const SealedParts& sealed, bool files,
                                check::Report& report) {
  CheckOpening(opened, report);
  referral::CheckOptions options;
  options.wrapping_key = sealed.wrapping_key();
  options.codes = &sealed.codes();
  if (files) options.files = opened.files();
  return referral::CheckReferral(*opened.store, opened.state, options, report);
}

absl::Status CheckStatusStore(const OpenedStore& opened,
                              const std::optional<status::Sources>& sources,
                              check::Report& report) {
  CheckOpening(opened, report);
  return status::CheckStatus(*opened.store, opened.state, sources, report);
}

using Opened = std::optional<OpenedStore>;

uint32_t SchemaOf(std::string_view service) {
  if (service == "intake") return intake::kIntakeSchemaVersion;
  return service == "referral" ? referral::kSchemaVersion : status::kStatusSchema;
}

// What status' read models are made anew from beside the two logs, and where.
struct EventsOfNode {
  std::string node;
  std::unique_ptr<ScratchStore> scratch;
};

// Nullopt where intake does not know yet whose it is: nothing has happened there.
absl::StatusOr<std::optional<EventsOfNode>> EventsOf(const OpenedStore& intake,
                                                     const std::string& scratch) {
  const absl::StatusOr<std::string> node = intake::HomeNodeOf(*intake.store);
  if (absl::IsDataLoss(node.status())) return std::optional<EventsOfNode>();
  RETURN_IF_ERROR(node.status());
  EventsOfNode events;
  events.node = *node;
  ASSIGN_OR_RETURN(events.scratch, ScratchStore::Make(scratch));
  return std::optional<EventsOfNode>(std::move(events));
}

constexpr char kWithoutEvents[] =
    "the read models are not compared with the events of intake and referral";

absl::StatusOr<Opened> OpenIf(std::string_view service, const std::string& data_dir) {
  if (data_dir.empty()) return Opened();
  ASSIGN_OR_RETURN(OpenedStore opened, Open(data_dir));
  RETURN_IF_ERROR(CheckSchema(opened, SchemaOf(service)));
  return Opened(std::move(opened));
}

// Nullopt also for a store of an earlier release, whose rows this one would take for wrong.
absl::StatusOr<Opened> OpenIfCurrent(std::string_view service, const std::string& data_dir) {
  if (data_dir.empty()) return Opened();
  ASSIGN_OR_RETURN(OpenedStore opened, Open(data_dir));
  if (opened.state.schema < SchemaOf(service)) return Opened();
  return Opened(std::move(opened));
}

std::optional<status::Sources> SourcesOf(const std::optional<EventsOfNode>& events,
                                         const Opened& intake, const Opened& referral) {
  if (!events.has_value()) return std::nullopt;
  return status::Sources{events->node, *intake->store, *referral->store, events->scratch->store(),
                         events->scratch->executor()};
}

const std::string& DataDirOf(std::string_view service, const NodeData& data) {
  if (service == "intake") return data.intake;
  return service == "referral" ? data.referral : data.status;
}

}  // namespace

absl::StatusOr<SealedParts> SealedParts::Load(const std::string& directory,
                                              const std::string& iso_codes) {
  ASSIGN_OR_RETURN(IsoCodes codes, IsoCodes::Load(iso_codes));
  SealedParts parts(std::move(codes));
  if (!directory.empty()) {
    ASSIGN_OR_RETURN(crypto::SecretKey key,
                     crypto::LoadKey(crypto::KeyKind::kEncryption,
                                     directory + "/" + crypto::NodeKeys::kEncryptionFile));
    parts.key_.emplace(std::move(key));
  }
  return parts;
}

absl::StatusOr<std::vector<CheckedService>> CheckNode(const NodeData& data,
                                                      const NodeCheckOptions& options,
                                                      const check::Tell& tell) {
  ASSIGN_OR_RETURN(const SealedParts sealed, SealedParts::Load(options.keys, options.iso_codes));
  ASSIGN_OR_RETURN(const Opened intake, OpenIf("intake", data.intake));
  ASSIGN_OR_RETURN(const Opened referral, OpenIf("referral", data.referral));
  ASSIGN_OR_RETURN(const Opened status, OpenIf("status", data.status));
  std::vector<CheckedService> checked;
  if (intake.has_value()) {
    CheckedService& one = checked.emplace_back(CheckedService{check::Report("intake", tell), {}});
    one.unreadable = CheckIntakeStore(*intake, sealed, options.files, one.report);
  }
  if (referral.has_value()) {
    CheckedService& one = checked.emplace_back(CheckedService{check::Report("referral", tell), {}});
    one.unreadable = CheckReferralStore(*referral, sealed, options.files, one.report);
  }
  if (!status.has_value()) return checked;
  CheckedService& one = checked.emplace_back(CheckedService{check::Report("status", tell), {}});
  std::optional<EventsOfNode> events;
  if (options.events && intake.has_value() && referral.has_value()) {
    ASSIGN_OR_RETURN(events, EventsOf(*intake, options.scratch));
  }
  if (!events.has_value()) one.report.LeftOut(kWithoutEvents);
  one.unreadable = CheckStatusStore(*status, SourcesOf(events, intake, referral), one.report);
  return checked;
}

absl::Status CheckRestored(std::string_view service, const NodeData& restored,
                           const SealedParts& sealed, const std::string& scratch,
                           const check::Tell& tell) {
  ASSIGN_OR_RETURN(const OpenedStore opened, Open(DataDirOf(service, restored)));
  if (opened.state.schema < SchemaOf(service)) {
    // It can be restored as it was, and the service brings it there.
    if (tell) tell(fmt::format("{}: of an earlier release, not held against itself", service));
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(CheckSchema(opened, SchemaOf(service)));
  check::Report report((std::string(service)), tell);
  if (service == "intake") {
    RETURN_IF_ERROR(CheckIntakeStore(opened, sealed, /*files=*/true, report));
  } else if (service == "referral") {
    RETURN_IF_ERROR(CheckReferralStore(opened, sealed, /*files=*/true, report));
  } else {
    ASSIGN_OR_RETURN(const Opened intake, OpenIfCurrent("intake", restored.intake));
    ASSIGN_OR_RETURN(const Opened referral, OpenIfCurrent("referral", restored.referral));
    std::optional<EventsOfNode> events;
    if (intake.has_value() && referral.has_value()) {
      ASSIGN_OR_RETURN(events, EventsOf(*intake, scratch));
    }
    if (!events.has_value() && tell) tell(fmt::format("status: {}", kWithoutEvents));
    RETURN_IF_ERROR(CheckStatusStore(opened, SourcesOf(events, intake, referral), report));
  }
  if (report.agrees()) return absl::OkStatus();
  const check::Difference& first = report.differences().front();
  return absl::DataLossError(
      fmt::format("{}: the store differs from itself in {} places; first: {} "
                  "{} {}",
                  service, report.count(), first.table, first.subject, first.problem));
}

}  // namespace redress::cli
