// Tables 0x17 and 0x18: the ledger, and where to find an entry by id.

#include <algorithm>
#include <utility>

#include "services/intake/storage/keys.h"
#include "services/intake/storage/kv_case_store.h"
#include "services/intake/storage/record_fields.h"
#include "services/intake/storage/row_sealing.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

constexpr size_t kBatchesPerRead = 200;

absl::StatusOr<MoneyBatch> DecodeBatch(const kv::Entry& entry, const crypto::CaseKey& key) {
  Sealed<MoneyBatch> record;
  RETURN_IF_ERROR(wire::Reader::Decode(entry.value, record));
  MoneyBatchPersonal personal;
  RETURN_IF_ERROR(OpenRow(key, record.sealed, entry.key, personal));
  std::vector<MoneyRow>& rows = record.row.rows;
  if (personal.entries.size() != rows.size()) {
    return absl::DataLossError("ledger: the sealed part is of another length");
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    rows[i].from_whom = std::move(personal.entries[i].from_whom);
    rows[i].to_whom = std::move(personal.entries[i].to_whom);
    rows[i].note = std::move(personal.entries[i].note);
    rows[i].instruction = std::move(personal.entries[i].instruction);
  }
  return std::move(record.row);
}

std::optional<FoundEntry> FindIn(MoneyBatch& batch, const RandomId& entry_id) {
  for (size_t i = 0; i < batch.rows.size(); ++i) {
    if (batch.rows[i].entry.entry_id == entry_id) return FoundEntry{std::move(batch), i};
  }
  return std::nullopt;
}

}  // namespace

async::Task<absl::StatusOr<RowPage<MoneyBatch>>> KvCaseStore::ReadMoney(CaseNumber number,
                                                                        CaseKeyPtr key,
                                                                        uint64_t from_number,
                                                                        size_t limit) {
  // A batch is found by its first number: step back to the one that `from_number` lies in.
  uint64_t after = 0;
  if (from_number > 1) {
    kv::ScanRequest request;
    request.prefix = keys::OfCase(keys::kMoneyTable, number);
    request.after = keys::OfCase(keys::kMoneyTable, number, from_number + 1);
    request.limit = 1;
    request.reverse = true;
    const absl::StatusOr<kv::ScanPage> holder = co_await store_.Scan(std::move(request));
    CO_RETURN_IF_ERROR(holder.status());
    if (!holder->entries.empty()) {
      CO_ASSIGN_OR_RETURN(const uint64_t first,
                          keys::RowNumber(keys::kMoneyTable, holder->entries.front().key));
      after = first - 1;
    }
  }
  const absl::StatusOr<kv::ScanPage> page =
      co_await ScanCase(keys::kMoneyTable, number, after, limit);
  CO_RETURN_IF_ERROR(page.status());
  RowPage<MoneyBatch> batches{{}, page->more};
  for (const kv::Entry& entry : page->entries) {
    CO_ASSIGN_OR_RETURN(MoneyBatch batch, DecodeBatch(entry, *key));
    batches.rows.push_back(std::move(batch));
  }
  co_return batches;
}

async::Task<absl::StatusOr<std::optional<FoundEntry>>> KvCaseStore::FindIndexedEntry(
    CaseNumber number, CaseKeyPtr key, RandomId entry_id) {
  std::string index_key = keys::MoneyById(entry_id);
  const absl::StatusOr<std::optional<kv::Entry>> entry = co_await store_.Get(std::move(index_key));
  CO_RETURN_IF_ERROR(entry.status());
  if (!entry->has_value()) co_return std::optional<FoundEntry>();
  MoneyIndex index;
  CO_RETURN_IF_ERROR(wire::Reader::Decode((*entry)->value, index));
  if (index.case_number != number) co_return std::optional<FoundEntry>();
  absl::StatusOr<RowPage<MoneyBatch>> batches =
      co_await ReadMoney(number, key, index.first_number, 1);
  CO_RETURN_IF_ERROR(batches.status());
  if (batches->rows.empty()) co_return std::optional<FoundEntry>();
  co_return FindIn(batches->rows.front(), entry_id);
}

async::Task<absl::StatusOr<std::optional<FoundEntry>>> KvCaseStore::FindEntry(CaseNumber number,
                                                                              CaseKeyPtr key,
                                                                              RandomId entry_id) {
  absl::StatusOr<std::optional<FoundEntry>> indexed =
      co_await FindIndexedEntry(number, key, entry_id);
  if (!indexed.ok() || indexed->has_value()) co_return indexed;
  // What a filing claimed is not indexed: it is looked for where it stands.
  uint64_t from = 1;
  while (true) {
    absl::StatusOr<RowPage<MoneyBatch>> batches =
        co_await ReadMoney(number, key, from, kBatchesPerRead);
    CO_RETURN_IF_ERROR(batches.status());
    if (batches->rows.empty()) co_return std::optional<FoundEntry>();
    from = batches->rows.back().first_number + batches->rows.back().rows.size();
    for (MoneyBatch& batch : batches->rows) {
      std::optional<FoundEntry> found = FindIn(batch, entry_id);
      if (found.has_value()) co_return found;
    }
    if (!batches->more) co_return std::optional<FoundEntry>();
  }
}

void KvCaseStore::PutMoney(journal::ChangeSet& changes, const CaseNumber& number,
                           const crypto::CaseKey& key, const MoneyBatch& batch, bool indexed) {
  std::string row_key = keys::OfCase(keys::kMoneyTable, number, batch.first_number);
  MoneyBatchPersonal personal;
  personal.entries.reserve(batch.rows.size());
  for (const MoneyRow& row : batch.rows) {
    personal.entries.push_back({row.from_whom, row.to_whom, row.note, row.instruction});
  }
  const Sealed<MoneyBatch> record{batch, SealRow(key, personal, row_key, random_)};
  changes.Put(std::move(row_key), wire::Writer::Encode(record));
  for (size_t i = 0; indexed && i < batch.rows.size(); ++i) {
    const MoneyIndex index{number, batch.first_number, static_cast<uint32_t>(i)};
    changes.Put(keys::MoneyById(batch.rows[i].entry.entry_id), wire::Writer::Encode(index));
  }
}

}  // namespace redress::intake
