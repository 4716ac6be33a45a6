// Tables 0x1b to 0x1e: disclosures, approvals, lists, look-alikes.

#include <sodium/crypto_shorthash.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "services/intake/storage/control_fields.h"
#include "services/intake/storage/keys.h"
#include "services/intake/storage/kv_case_store.h"
#include "services/intake/storage/row_sealing.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

absl::StatusOr<DisclosureRow> DecodeDisclosure(const kv::Entry& entry) {
  DisclosureRow row;
  RETURN_IF_ERROR(wire::Reader::Decode(entry.value, row));
  row.version = entry.version;
  return row;
}

absl::StatusOr<ApprovalRow> DecodeApproval(const kv::Entry& entry, const crypto::CaseKey& key) {
  Sealed<ApprovalRow> record;
  RETURN_IF_ERROR(wire::Reader::Decode(entry.value, record));
  ApprovalPersonal personal;
  RETURN_IF_ERROR(OpenRow(key, record.sealed, entry.key, personal));
  record.row.request_reason = std::move(personal.request_reason);
  record.row.decision_reason = std::move(personal.decision_reason);
  return std::move(record.row);
}

}  // namespace

async::Task<absl::StatusOr<std::vector<DisclosureRow>>> KvCaseStore::ReadDisclosures(
    CaseNumber number, size_t limit) {
  // The last ones, oldest first.
  kv::ScanRequest request;
  request.prefix = keys::OfCase(keys::kDisclosureTable, number);
  request.reverse = true;
  const absl::StatusOr<std::vector<kv::Entry>> entries =
      co_await ScanWhole(std::move(request), limit);
  CO_RETURN_IF_ERROR(entries.status());
  std::vector<DisclosureRow> rows;
  for (auto entry = entries->rbegin(); entry != entries->rend(); ++entry) {
    CO_ASSIGN_OR_RETURN(DisclosureRow row, DecodeDisclosure(*entry));
    rows.push_back(std::move(row));
  }
  co_return rows;
}

async::Task<absl::StatusOr<std::optional<DisclosureRow>>> KvCaseStore::FindDisclosure(
    ReferralId referral_id) {
  std::string key = keys::Disclosure(referral_id);
  const absl::StatusOr<std::optional<kv::Entry>> entry = co_await store_.Get(std::move(key));
  CO_RETURN_IF_ERROR(entry.status());
  if (!entry->has_value()) co_return std::optional<DisclosureRow>();
  CO_ASSIGN_OR_RETURN(DisclosureRow row, DecodeDisclosure(**entry));
  co_return std::optional<DisclosureRow>(std::move(row));
}

void KvCaseStore::PutDisclosure(journal::ChangeSet& changes, const CaseNumber& number,
                                const DisclosureRow& row) {
  const absl::StatusOr<ReferralId> referral = ReferralId::Parse(row.referral_id, "referral_id");
  const uint32_t ordinal = referral.ok() ? referral->ordinal() : 0;
  changes.Put(keys::OfCase(keys::kDisclosureTable, number, ordinal), wire::Writer::Encode(row));
}

async::Task<absl::StatusOr<std::vector<ApprovalRow>>> KvCaseStore::ReadApprovals(CaseNumber number,
                                                                                 CaseKeyPtr key) {
  kv::ScanRequest request;
  request.prefix = keys::OfCase(keys::kApprovalTable, number);
  const absl::StatusOr<std::vector<kv::Entry>> entries =
      co_await ScanWhole(std::move(request), SIZE_MAX);
  CO_RETURN_IF_ERROR(entries.status());
  std::vector<ApprovalRow> rows;
  for (const kv::Entry& entry : *entries) {
    CO_ASSIGN_OR_RETURN(ApprovalRow row, DecodeApproval(entry, *key));
    rows.push_back(std::move(row));
  }
  // Ids are random; people read them by time.
  std::stable_sort(rows.begin(), rows.end(), [](const ApprovalRow& a, const ApprovalRow& b) {
    return a.requested_at < b.requested_at;
  });
  co_return rows;
}

void KvCaseStore::PutApproval(journal::ChangeSet& changes, const CaseNumber& number,
                              const crypto::CaseKey& key, const ApprovalRow& row) {
  std::string row_key = keys::Approval(number, row.approval.approval_id);
  const ApprovalPersonal personal{row.request_reason, row.decision_reason};
  const Sealed<ApprovalRow> record{row, SealRow(key, personal, row_key, random_)};
  changes.Put(std::move(row_key), wire::Writer::Encode(record));
}

async::Task<absl::StatusOr<ListSlice>> KvCaseStore::List(ListScope scope, std::string cursor,
                                                         size_t limit) {
  kv::ScanRequest request;
  request.prefix = keys::ListPrefix(scope);
  request.after = std::move(cursor);
  request.limit = limit;
  absl::StatusOr<kv::ScanPage> page = co_await store_.Scan(std::move(request));
  CO_RETURN_IF_ERROR(page.status());
  ListSlice slice;
  slice.rows.reserve(page->entries.size());
  for (const kv::Entry& entry : page->entries) {
    ListRow& row = slice.rows.emplace_back();
    CO_RETURN_IF_ERROR(wire::Reader::Decode(entry.value, row));
    row.version = entry.version;
  }
  if (page->more) slice.cursor = std::move(page->entries.back().key);
  co_return slice;
}

uint64_t KvCaseStore::SimilarityKey(std::string_view candidate_key) const {
  static_assert(crypto_shorthash_KEYBYTES == sizeof(similarity_key_));
  uint8_t hash[crypto_shorthash_BYTES];
  crypto_shorthash(hash, reinterpret_cast<const unsigned char*>(candidate_key.data()),
                   candidate_key.size(), similarity_key_.data());
  uint64_t key = 0;
  for (uint8_t byte : hash) key = key << 8 | byte;
  return key;
}

async::Task<absl::StatusOr<std::vector<CaseNumber>>> KvCaseStore::FindSimilar(uint64_t key,
                                                                              size_t limit) {
  kv::ScanRequest request;
  request.prefix = keys::SimilarPrefix(key);
  // The latest ones, since those are what a person can still act on.
  request.reverse = true;
  const absl::StatusOr<std::vector<kv::Entry>> entries =
      co_await ScanWhole(std::move(request), limit);
  CO_RETURN_IF_ERROR(entries.status());
  std::vector<CaseNumber> numbers;
  for (const kv::Entry& entry : *entries) {
    CO_ASSIGN_OR_RETURN(CaseNumber number, keys::CaseOfSimilar(entry.key));
    numbers.push_back(std::move(number));
  }
  co_return numbers;
}

void KvCaseStore::PutSimilarity(journal::ChangeSet& changes, const CaseNumber& number,
                                uint64_t key) {
  changes.Put(keys::Similar(key, number), "");
}

void KvCaseStore::DeleteSimilarity(journal::ChangeSet& changes, const CaseNumber& number,
                                   uint64_t key) {
  changes.Delete(keys::Similar(key, number));
}

}  // namespace redress::intake
