#include "services/platform/kv/schema.h"

#include <optional>
#include <utility>

#include "fmt/format.h"
#include "services/platform/status/status_macros.h"

namespace redress::kv {
namespace {

constexpr size_t kEntriesPerBatch = 500;

absl::Status BeginNewStore(uint32_t wanted, Engine& engine) {
  ScanRequest any;
  any.limit = 1;
  ASSIGN_OR_RETURN(const ScanPage found, engine.ReadRange(any));
  if (!found.entries.empty())
    return absl::DataLossError("store: has entries but no schema version");
  engine.PutOwnRow(own_rows::kSchema, EncodeOwnNumber(wanted));
  engine.PutOwnRow(own_rows::kLastVersion, EncodeOwnNumber(0));
  return engine.WriteSynced();
}

// The key after which `step` goes on; empty when it has not begun.
absl::StatusOr<std::string> PlaceReached(uint64_t step, Engine& engine) {
  ASSIGN_OR_RETURN(const std::vector<Engine::Row> rows, engine.OwnRows(own_rows::kMigration));
  if (rows.empty()) return std::string();
  ASSIGN_OR_RETURN(const uint64_t begun, DecodeOwnNumber(rows.front().second));
  if (begun != step) return std::string();
  return rows.front().second.substr(sizeof(uint64_t));
}

// Appends would be numbered anew, since a migration knows nothing of logs.
absl::Status CheckStep(const Change& change) {
  if (change.conditions.empty() && change.appends.empty() && change.txn_key.empty() &&
      !RefusedOutright(change).has_value()) {
    return absl::OkStatus();
  }
  return absl::InternalError("store: a migration asks for more than a step may change");
}

// Steps of one target version are told apart by their place among all migrations, which is why the
// list only ever grows at its end.
absl::Status RunStep(const Migration& migration, uint64_t step, CommitterState& state,
                     Engine& engine) {
  ScanRequest request;
  request.prefix = migration.prefix;
  request.limit = kEntriesPerBatch;
  ASSIGN_OR_RETURN(request.after, PlaceReached(step, engine));
  for (;;) {
    ASSIGN_OR_RETURN(const ScanPage page, engine.ReadRange(request));
    if (page.entries.empty()) return absl::OkStatus();
    std::vector<Change> changes;
    changes.reserve(page.entries.size());  // They stay where they are until the batch is written.
    CommitBatch batch(
        state, [&engine](const std::string& key) { return engine.VersionOf(key); },
        [&engine](const std::string& key) { return engine.ReadValue(key); }, engine);
    for (const Entry& entry : page.entries) {
      ASSIGN_OR_RETURN(Change change, migration.rewrite(entry));
      RETURN_IF_ERROR(CheckStep(change));
      const CommitResult added = batch.Add(changes.emplace_back(std::move(change)));
      RETURN_IF_ERROR(added.error);
    }
    request.after = page.entries.back().key;
    engine.PutOwnRow(own_rows::kLastVersion, EncodeOwnNumber(state.last_version));
    engine.PutOwnRow(own_rows::kMigration, EncodeOwnNumber(step) + request.after);
    RETURN_IF_ERROR(engine.WriteSynced());
  }
}

absl::Status MigrateTo(uint32_t target, const std::vector<Migration>& migrations, Engine& engine) {
  ASSIGN_OR_RETURN(const std::optional<uint64_t> last,
                   ReadOwnNumber(engine, own_rows::kLastVersion));
  if (!last.has_value()) return absl::DataLossError("store: without its last commit's number");
  CommitterState state;
  state.last_version = *last;
  ASSIGN_OR_RETURN(const std::vector<Engine::Row> begun, engine.OwnRows(own_rows::kMigration));
  uint64_t resume_at = 0;
  if (!begun.empty()) {
    ASSIGN_OR_RETURN(resume_at, DecodeOwnNumber(begun.front().second));
  }
  bool any = false;
  for (size_t i = 0; i < migrations.size(); ++i) {
    if (migrations[i].to != target) continue;
    any = true;
    const uint64_t step = i + 1;
    if (step < resume_at) continue;  // Done before an interruption.
    RETURN_IF_ERROR(RunStep(migrations[i], step, state, engine));
  }
  if (!any) {
    return absl::FailedPreconditionError(
        fmt::format("store: no migration leads to schema {}; this version cannot open it", target));
  }
  engine.PutOwnRow(own_rows::kSchema, EncodeOwnNumber(target));
  engine.DeleteOwnRow(own_rows::kMigration);
  return engine.WriteSynced();
}

}  // namespace

absl::Status BringSchemaTo(uint32_t wanted, const std::vector<Migration>& migrations,
                           Engine& engine) {
  ASSIGN_OR_RETURN(const std::optional<uint64_t> found, ReadOwnNumber(engine, own_rows::kSchema));
  if (!found.has_value()) return BeginNewStore(wanted, engine);
  if (*found > wanted) {
    return absl::FailedPreconditionError(
        fmt::format("store: has schema {}, and this version knows schemas up to {}; run the newer "
                    "version, or restore a backup made before it; see docs/runbook.md, \"A newer "
                    "version has written it\"",
                    *found, wanted));
  }
  for (uint64_t target = *found + 1; target <= wanted; ++target) {
    RETURN_IF_ERROR(MigrateTo(static_cast<uint32_t>(target), migrations, engine));
  }
  return absl::OkStatus();
}

}  // namespace redress::kv
