// Tables 0x10 to 0x14: heads, keys, what was filed, narratives, history.

#include <algorithm>
#include <utility>

#include "services/intake/storage/control_fields.h"
#include "services/intake/storage/event_codec.h"
#include "services/intake/storage/index_rows.h"
#include "services/intake/storage/keys.h"
#include "services/intake/storage/kv_case_store.h"
#include "services/intake/storage/row_sealing.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

constexpr size_t kUsualHeadBytes = 768;

}  // namespace

KvCaseStore::KvCaseStore(kv::Store& store, const crypto::SecretKey& wrapping_key,
                         RandomSource& random, size_t key_cache_size)
    : store_(store), wrapping_key_(wrapping_key), random_(random), keys_(key_cache_size) {
  const crypto::SecretKey derived = wrapping_key.Derive("intake/similarity/1");
  for (size_t i = 0; i < similarity_key_.size(); ++i) similarity_key_[i] = derived.data()[i];
}

async::Task<absl::StatusOr<kv::ScanPage>> KvCaseStore::ScanCase(uint8_t table, CaseNumber number,
                                                                uint64_t after_row, size_t limit) {
  kv::ScanRequest request;
  request.prefix = keys::OfCase(table, number);
  if (after_row > 0) request.after = keys::OfCase(table, number, after_row);
  request.limit = limit;
  absl::StatusOr<kv::ScanPage> page = co_await store_.Scan(std::move(request));
  co_return page;
}

async::Task<absl::StatusOr<std::vector<kv::Entry>>> KvCaseStore::ScanWhole(kv::ScanRequest request,
                                                                           size_t limit) {
  std::vector<kv::Entry> entries;
  bool more = true;
  while (more && entries.size() < limit) {
    kv::ScanRequest next = request;
    if (!entries.empty()) next.after = entries.back().key;
    next.limit = std::min(limit - entries.size(), kv::kMaxScanLimit);
    absl::StatusOr<kv::ScanPage> page = co_await store_.Scan(std::move(next));
    CO_RETURN_IF_ERROR(page.status());
    for (kv::Entry& entry : page->entries) entries.push_back(std::move(entry));
    more = page->more;
  }
  co_return entries;
}

async::Task<absl::StatusOr<std::optional<StoredCase>>> KvCaseStore::FindCase(CaseNumber number) {
  std::string key = keys::OfCase(keys::kCaseTable, number);
  const absl::StatusOr<std::optional<kv::Entry>> entry = co_await store_.Get(std::move(key));
  CO_RETURN_IF_ERROR(entry.status());
  if (!entry->has_value()) co_return std::optional<StoredCase>();
  StoredCase stored;
  stored.version = (*entry)->version;
  CO_RETURN_IF_ERROR(wire::Reader::Decode((*entry)->value, stored.head));
  co_return std::optional<StoredCase>(std::move(stored));
}

async::Task<absl::StatusOr<LastCase>> KvCaseStore::LastCaseOf(std::string country, int year) {
  kv::ScanRequest request;
  request.prefix = keys::CasesOfYear(country, year);
  request.limit = 1;
  request.reverse = true;
  const absl::StatusOr<kv::ScanPage> last = co_await store_.Scan(std::move(request));
  CO_RETURN_IF_ERROR(last.status());
  if (last->entries.empty()) co_return LastCase{};
  CaseHead head;
  CO_RETURN_IF_ERROR(wire::Reader::Decode(last->entries.front().value, head));
  // The case's key is written when the case is filed and never again; the head is by every verb.
  std::string filed = keys::OfCase(keys::kCaseKeyTable, head.case_number);
  const absl::StatusOr<std::optional<kv::Entry>> first = co_await store_.Get(std::move(filed));
  CO_RETURN_IF_ERROR(first.status());
  co_return LastCase{head.case_number.serial(), first->has_value() ? (*first)->version : 0};
}

CaseKeyPtr KvCaseStore::CreateCase(journal::ChangeSet& changes, const CaseHead& head) {
  const std::string number = head.case_number.ToString();
  auto key = std::make_shared<const crypto::CaseKey>(crypto::CaseKey::Generate(random_));
  changes.ExpectAbsent(keys::OfCase(keys::kCaseTable, head.case_number));
  changes.Put(keys::OfCase(keys::kCaseKeyTable, head.case_number),
              key->Wrap(wrapping_key_, number, random_));
  return key;
}

void KvCaseStore::PutCase(journal::ChangeSet& changes, const CaseHead* before,
                          const CaseHead& after) {
  changes.Put(keys::OfCase(keys::kCaseTable, after.case_number),
              wire::Writer::Encode(after, kUsualHeadBytes));
  std::vector<std::string> rows = ListKeysOf(after);
  if (before != nullptr) {
    for (std::string& gone : ListKeysOf(*before)) {
      const bool stays = std::find(rows.begin(), rows.end(), gone) != rows.end();
      if (!stays) changes.Delete(std::move(gone));
    }
  }
  const std::string row = wire::Writer::Encode(ListRowOf(after));
  for (std::string& key : rows) changes.Put(std::move(key), row);
}

void KvCaseStore::ExpectCase(journal::ChangeSet& changes, const CaseNumber& number,
                             kv::Version version) {
  changes.ExpectVersion(keys::OfCase(keys::kCaseTable, number), version);
}

async::Task<absl::StatusOr<CaseKeyPtr>> KvCaseStore::KeyOf(CaseNumber number) {
  const std::string printed = number.ToString();
  const crypto::CaseKeyCache::Generation generation = keys_.generation();
  if (CaseKeyPtr known = keys_.Find(printed)) co_return known;
  std::string row_key = keys::OfCase(keys::kCaseKeyTable, number);
  const absl::StatusOr<std::optional<kv::Entry>> entry = co_await store_.Get(std::move(row_key));
  CO_RETURN_IF_ERROR(entry.status());
  if (!entry->has_value()) co_return NotFound("case");
  absl::StatusOr<crypto::CaseKey> key =
      crypto::CaseKey::Unwrap(wrapping_key_, printed, (*entry)->value);
  CO_RETURN_IF_ERROR(key.status());
  auto shared = std::make_shared<const crypto::CaseKey>(*std::move(key));
  keys_.Insert(printed, shared, generation);
  co_return CaseKeyPtr(std::move(shared));
}

async::Task<absl::StatusOr<std::string>> KvCaseStore::ReadNarrative(CaseNumber number,
                                                                    CaseKeyPtr key, uint8_t kind) {
  const std::string row_key = keys::Narrative(number, kind, 0);
  const absl::StatusOr<std::optional<kv::Entry>> entry = co_await store_.Get(row_key);
  CO_RETURN_IF_ERROR(entry.status());
  NarrativePersonal narrative;
  if (entry->has_value()) {
    CO_RETURN_IF_ERROR(OpenRow(*key, (*entry)->value, row_key, narrative));
  }
  co_return std::move(narrative.text);
}

async::Task<absl::StatusOr<Complaint>> KvCaseStore::ReadComplaint(CaseNumber number, CaseKeyPtr key,
                                                                  bool narrative, bool sensitive) {
  const std::string row_key = keys::OfCase(keys::kComplaintTable, number);
  const absl::StatusOr<std::optional<kv::Entry>> entry = co_await store_.Get(row_key);
  CO_RETURN_IF_ERROR(entry.status());
  if (!entry->has_value()) co_return absl::DataLossError("case: what was filed is missing");
  Complaint complaint;
  CO_RETURN_IF_ERROR(OpenRow(*key, (*entry)->value, row_key, complaint));
  if (narrative) {
    absl::StatusOr<std::string> text = co_await ReadNarrative(number, key, keys::kPlainNarrative);
    CO_RETURN_IF_ERROR(text.status());
    complaint.narrative = *std::move(text);
  }
  if (sensitive) {
    absl::StatusOr<std::string> text =
        co_await ReadNarrative(number, key, keys::kSensitiveNarrative);
    CO_RETURN_IF_ERROR(text.status());
    complaint.sensitive_narrative = *std::move(text);
  }
  co_return complaint;
}

void KvCaseStore::PutNarrative(journal::ChangeSet& changes, const CaseNumber& number,
                               const crypto::CaseKey& key, uint8_t kind, uint64_t amendment_number,
                               const std::string& text) {
  std::string row_key = keys::Narrative(number, kind, amendment_number);
  if (text.empty()) {
    changes.Delete(std::move(row_key));
    return;
  }
  std::string sealed = SealRow(key, NarrativePersonal{text}, row_key, random_);
  changes.Put(std::move(row_key), std::move(sealed));
}

void KvCaseStore::PutComplaint(journal::ChangeSet& changes, const CaseNumber& number,
                               const crypto::CaseKey& key, const Complaint& complaint,
                               bool narrative, bool sensitive) {
  std::string row_key = keys::OfCase(keys::kComplaintTable, number);
  std::string sealed = SealRow(key, complaint, row_key, random_);
  changes.Put(std::move(row_key), std::move(sealed));
  if (narrative) {
    PutNarrative(changes, number, key, keys::kPlainNarrative, 0, complaint.narrative);
  }
  if (sensitive) {
    PutNarrative(changes, number, key, keys::kSensitiveNarrative, 0, complaint.sensitive_narrative);
  }
}

void KvCaseStore::PutFormerSensitiveNarrative(journal::ChangeSet& changes, const CaseNumber& number,
                                              const crypto::CaseKey& key, uint32_t amendment_number,
                                              const std::string& text) {
  if (text.empty()) return;
  PutNarrative(changes, number, key, keys::kSensitiveNarrative, amendment_number, text);
}

async::Task<absl::StatusOr<RowPage<HistoryRow>>> KvCaseStore::ReadHistory(CaseNumber number,
                                                                          CaseKeyPtr key,
                                                                          uint64_t before_number,
                                                                          size_t limit) {
  kv::ScanRequest request;
  request.prefix = keys::OfCase(keys::kHistoryTable, number);
  if (before_number > 0) request.after = keys::OfCase(keys::kHistoryTable, number, before_number);
  request.limit = limit;
  request.reverse = true;
  absl::StatusOr<kv::ScanPage> page = co_await store_.Scan(std::move(request));
  CO_RETURN_IF_ERROR(page.status());
  RowPage<HistoryRow> found{{}, page->more};
  for (const kv::Entry& entry : page->entries) {
    Sealed<HistoryRow> record;
    CO_RETURN_IF_ERROR(wire::Reader::Decode(entry.value, record));
    HistoryPersonal personal;
    CO_RETURN_IF_ERROR(OpenRow(*key, record.sealed, entry.key, personal));
    HistoryRow& row = found.rows.emplace_back(std::move(record.row));
    row.note = std::move(personal.note);
    row.instruction = std::move(personal.instruction);
    row.previous_complaint = std::move(personal.previous_complaint);
    if (row.previous_complaint.has_value()) {
      row.previous_complaint->narrative = std::move(personal.previous_narrative);
    }
    row.previous_member = std::move(personal.previous_member);
  }
  co_return found;
}

void KvCaseStore::PutHistory(journal::ChangeSet& changes, const CaseNumber& number,
                             const crypto::CaseKey& key, const HistoryRow& row) {
  std::string row_key = keys::OfCase(keys::kHistoryTable, number, row.number);
  const HistoryPersonal personal{
      row.note, row.instruction, row.previous_complaint,
      row.previous_complaint ? row.previous_complaint->narrative : std::string(),
      row.previous_member};
  const Sealed<HistoryRow> record{row, SealRow(key, personal, row_key, random_)};
  changes.Put(std::move(row_key), wire::Writer::Encode(record));
}

std::string KvCaseStore::EncodeEvent(const CaseEvent& event) { return intake::EncodeEvent(event); }

std::string KvCaseStore::EncodeAnswer(const VerbAnswer& answer) {
  return wire::Writer::Encode(answer);
}

absl::StatusOr<VerbAnswer> KvCaseStore::DecodeAnswer(std::string_view bytes) {
  VerbAnswer answer;
  RETURN_IF_ERROR(wire::Reader::Decode(bytes, answer));
  return answer;
}

}  // namespace redress::intake
