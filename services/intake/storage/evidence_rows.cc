// Tables 0x19 and 0x1a: what is known of evidence files, and where to find one by id.

#include <utility>

#include "services/intake/storage/keys.h"
#include "services/intake/storage/kv_case_store.h"
#include "services/intake/storage/record_fields.h"
#include "services/intake/storage/row_sealing.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

absl::StatusOr<EvidenceRow> DecodeFile(const kv::Entry& entry, const crypto::CaseKey& key) {
  Sealed<EvidenceRow> record;
  RETURN_IF_ERROR(wire::Reader::Decode(entry.value, record));
  EvidencePersonal personal;
  RETURN_IF_ERROR(OpenRow(key, record.sealed, entry.key, personal));
  EvidenceRow& row = record.row;
  row.file_name = std::move(personal.file_name);
  row.media_type = std::move(personal.media_type);
  row.sha256 = std::move(personal.sha256);
  row.description = std::move(personal.description);
  row.original_at = std::move(personal.original_at);
  return std::move(row);
}

}  // namespace

async::Task<absl::StatusOr<RowPage<EvidenceRow>>> KvCaseStore::ReadEvidence(CaseNumber number,
                                                                            CaseKeyPtr key,
                                                                            uint32_t after_number,
                                                                            size_t limit) {
  const absl::StatusOr<kv::ScanPage> page =
      co_await ScanCase(keys::kEvidenceTable, number, after_number, limit);
  CO_RETURN_IF_ERROR(page.status());
  RowPage<EvidenceRow> found{{}, page->more};
  for (const kv::Entry& entry : page->entries) {
    CO_ASSIGN_OR_RETURN(EvidenceRow row, DecodeFile(entry, *key));
    found.rows.push_back(std::move(row));
  }
  co_return found;
}

async::Task<absl::StatusOr<std::optional<EvidenceRow>>> KvCaseStore::FindEvidence(
    CaseNumber number, CaseKeyPtr key, RandomId evidence_id) {
  std::string index_key = keys::EvidenceById(evidence_id);
  const absl::StatusOr<std::optional<kv::Entry>> indexed =
      co_await store_.Get(std::move(index_key));
  CO_RETURN_IF_ERROR(indexed.status());
  if (!indexed->has_value()) co_return std::optional<EvidenceRow>();
  EvidenceIndex index;
  CO_RETURN_IF_ERROR(wire::Reader::Decode((*indexed)->value, index));
  if (index.case_number != number) co_return std::optional<EvidenceRow>();
  std::string row_key = keys::OfCase(keys::kEvidenceTable, number, index.number);
  const absl::StatusOr<std::optional<kv::Entry>> entry = co_await store_.Get(std::move(row_key));
  CO_RETURN_IF_ERROR(entry.status());
  if (!entry->has_value()) co_return absl::DataLossError("evidence: an indexed row is missing");
  CO_ASSIGN_OR_RETURN(EvidenceRow row, DecodeFile(**entry, *key));
  co_return std::optional<EvidenceRow>(std::move(row));
}

async::Task<absl::StatusOr<bool>> KvCaseStore::HasEvidence(RandomId evidence_id) {
  std::string index_key = keys::EvidenceById(evidence_id);
  const absl::StatusOr<std::optional<kv::Entry>> indexed =
      co_await store_.Get(std::move(index_key));
  CO_RETURN_IF_ERROR(indexed.status());
  co_return indexed->has_value();
}

void KvCaseStore::PutEvidence(journal::ChangeSet& changes, const CaseNumber& number,
                              const crypto::CaseKey& key, const EvidenceRow& row) {
  std::string row_key = keys::OfCase(keys::kEvidenceTable, number, row.number);
  const EvidencePersonal personal{row.file_name, row.media_type, row.sha256, row.description,
                                  row.original_at};
  const Sealed<EvidenceRow> record{row, SealRow(key, personal, row_key, random_)};
  changes.Put(std::move(row_key), wire::Writer::Encode(record));
  changes.Put(keys::EvidenceById(row.evidence_id),
              wire::Writer::Encode(EvidenceIndex{number, row.number}));
}

}  // namespace redress::intake
