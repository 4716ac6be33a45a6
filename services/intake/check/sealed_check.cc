#include "services/intake/check/sealed_check.h"

#include <memory>
#include <utility>

#include "fmt/format.h"
#include "services/intake/app/evidence_files.h"
#include "services/platform/crypto/sealed_file.h"
#include "services/platform/crypto/sha256.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

constexpr size_t kRowsAtOnce = 100;
constexpr uint64_t kBytesAtOnce = 1 << 20;

}  // namespace

SealedCheck::SealedCheck(kv::Store& store, check::StoreRows& rows, const CheckOptions& options,
                         check::Report& report)
    : rows_(rows),
      options_(options),
      report_(report),
      cases_(store, *options.wrapping_key, random_) {}

void SealedCheck::Check(const CaseHead& head) {
  const std::string subject = head.case_number.ToString();
  const absl::StatusOr<CaseKeyPtr> key = rows_.Run(cases_.KeyOf(head.case_number));
  if (!report_.Holds(key.status(), "case-key", subject)) return;
  report_.Holds(rows_.Run(cases_.ReadComplaint(head.case_number, *key, true, true)).status(),
                "complaint", subject);
  report_.Holds(CheckMembers(head, *key), "member", subject);
  report_.Holds(CheckHistory(head, *key), "history", subject);
  report_.Holds(CheckMoney(head, *key), "money", subject);
  report_.Holds(CheckEvidence(head, *key), "evidence", subject);
  report_.Holds(rows_.Run(cases_.ReadApprovals(head.case_number, *key)).status(), "approval",
                subject);
}

absl::Status SealedCheck::CheckMembers(const CaseHead& head, const CaseKeyPtr& key) {
  uint32_t last = 0;
  bool more = true;
  while (more) {
    ASSIGN_OR_RETURN(const RowPage<MemberRow> page,
                     rows_.Run(cases_.ReadMembers(head.case_number, last, kRowsAtOnce)));
    for (const MemberRow& row : page.rows) {
      RETURN_IF_ERROR(cases_.OpenMember(head.case_number, *key, row).status());
      last = row.ordinal;
    }
    more = page.more;
  }
  return absl::OkStatus();
}

absl::Status SealedCheck::CheckHistory(const CaseHead& head, const CaseKeyPtr& key) {
  uint64_t before = 0;
  bool more = true;
  while (more) {
    ASSIGN_OR_RETURN(const RowPage<HistoryRow> page,
                     rows_.Run(cases_.ReadHistory(head.case_number, key, before, kRowsAtOnce)));
    if (!page.rows.empty()) before = page.rows.back().number;
    more = page.more;
  }
  return absl::OkStatus();
}

absl::Status SealedCheck::CheckMoney(const CaseHead& head, const CaseKeyPtr& key) {
  uint64_t from = 1;
  bool more = true;
  while (more) {
    ASSIGN_OR_RETURN(const RowPage<MoneyBatch> page,
                     rows_.Run(cases_.ReadMoney(head.case_number, key, from, kRowsAtOnce)));
    if (!page.rows.empty()) from = page.rows.back().first_number + page.rows.back().rows.size();
    more = page.more;
  }
  return absl::OkStatus();
}

absl::Status SealedCheck::CheckEvidence(const CaseHead& head, const CaseKeyPtr& key) {
  uint32_t last = 0;
  bool more = true;
  while (more) {
    ASSIGN_OR_RETURN(const RowPage<EvidenceRow> page,
                     rows_.Run(cases_.ReadEvidence(head.case_number, key, last, kRowsAtOnce)));
    for (const EvidenceRow& row : page.rows) {
      last = row.number;
      if (options_.files.empty()) continue;
      report_.Holds(
          CheckFile(head, *key, row), "evidence",
          fmt::format("{} file {}", head.case_number.ToString(), row.evidence_id.ToString()));
    }
    more = page.more;
  }
  return absl::OkStatus();
}

absl::Status SealedCheck::CheckFile(const CaseHead& head, const crypto::CaseKey& key,
                                    const EvidenceRow& row) {
  const absl::StatusOr<std::unique_ptr<crypto::SealedFileReader>> file =
      crypto::SealedFileReader::Open(EvidencePath(options_.files, row.evidence_id),
                                     key.ForFile(row.evidence_id.ToString()),
                                     EvidenceCipherContext(head.case_number, row.evidence_id));
  if (absl::IsNotFound(file.status())) return absl::OkStatus();  // Was reported.
  RETURN_IF_ERROR(file.status());
  crypto::Sha256 digest;
  uint64_t offset = 0;
  while (offset < (*file)->size()) {
    ASSIGN_OR_RETURN(const std::string bytes, (*file)->Read(offset, kBytesAtOnce));
    digest.Update(bytes);
    offset += bytes.size();
  }
  if (digest.Finish() == row.sha256) return absl::OkStatus();
  return absl::DataLossError("its file has another digest than its row");
}

}  // namespace redress::intake
