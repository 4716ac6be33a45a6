#include "services/status/check/status_check.h"

#include "fmt/format.h"
#include "services/platform/check/journal_check.h"
#include "services/platform/check/store_rows.h"
#include "services/platform/kv/key_codec.h"
#include "services/platform/status/status_macros.h"
#include "services/status/check/read_model_check.h"
#include "services/status/check/rebuild.h"
#include "services/status/storage/keys.h"
#include "services/status/storage/kv_read_model.h"
#include "services/status/storage/row_codec.h"

namespace redress::status {
namespace {

check::JournalRules Rules() {
  check::JournalRules rules;
  for (uint8_t table = kBuildTable; table <= kLastTable; ++table) rules.tables.push_back(table);
  return rules;
}

template <class Row>
absl::Status CheckNamed(check::StoreRows& rows, uint8_t table, const char* name,
                        absl::StatusOr<Row> (*decode)(std::string_view, std::string_view),
                        check::Report& report) {
  return rows.ForEach(check::TablePrefix(table), [&](const kv::Entry& entry) {
    report.Looked(name);
    const absl::StatusOr<std::string> key = ReadNameKey(table, entry.key);
    if (!report.Holds(key.status(), name, kv::DebugPrintKey(entry.key))) return absl::OkStatus();
    report.Holds(decode(*key, entry.value).status(), name, *key);
    return absl::OkStatus();
  });
}

absl::Status CheckDirectory(check::StoreRows& rows, check::Report& report) {
  RETURN_IF_ERROR(CheckNamed<BodyChange>(rows, kBodiesTable, "body", &DecodeBody, report));
  RETURN_IF_ERROR(CheckNamed<LinkChange>(rows, kLinksTable, "link", &DecodeLink, report));
  RETURN_IF_ERROR(
      CheckNamed<PostingChange>(rows, kPostingsTable, "posting", &DecodePosting, report));
  return CheckNamed<AgreementChange>(rows, kAgreementsTable, "agreement", &DecodeAgreement, report);
}

}  // namespace

absl::Status CheckStatus(kv::Store& store, const std::optional<kv::StoreState>& state,
                         const std::optional<Sources>& sources, check::Report& report) {
  check::StoreRows rows(store);
  RETURN_IF_ERROR(check::CheckJournal(rows, Rules(), state, report));
  const std::unique_ptr<ReadModel> model = MakeReadModel(store);
  const absl::StatusOr<BuildStage> stage = rows.Run(model->GetStage());
  if (!report.Holds(stage.status(), "build", "stage")) return absl::OkStatus();
  if (*stage != BuildStage::kWhole) {
    report.LeftOut("the read models are being built: they are not compared");
    return absl::OkStatus();
  }
  const absl::StatusOr<std::optional<kv::Entry>> unfinished = rows.Run(store.Get(UnfinishedKey(0)));
  RETURN_IF_ERROR(unfinished.status());
  if (unfinished->has_value()) {
    report.LeftOut(
        "a commit of status is written by half, which its next start finishes: the read models are "
        "not compared");
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(CheckDirectory(rows, report));
  ReadModelCheck read_models(rows, *model, report);
  RETURN_IF_ERROR(read_models.Run());
  if (!sources.has_value()) return absl::OkStatus();
  return CompareWithEvents(rows, *model, *sources, report);
}

}  // namespace redress::status
