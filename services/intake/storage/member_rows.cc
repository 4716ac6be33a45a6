// Tables 0x15 and 0x16: members, and where to find one by id.

#include <algorithm>
#include <utility>

#include "services/intake/storage/keys.h"
#include "services/intake/storage/kv_case_store.h"
#include "services/intake/storage/record_fields.h"
#include "services/intake/storage/row_sealing.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
async::Task<absl::StatusOr<RowPage<MemberRow>>> KvCaseStore::ReadMembers(CaseNumber number,
                                                                         uint32_t after_ordinal,
                                                                         size_t limit) {
  const absl::StatusOr<kv::ScanPage> page =
      co_await ScanCase(keys::kMemberTable, number, after_ordinal, limit);
  CO_RETURN_IF_ERROR(page.status());
  RowPage<MemberRow> found{{}, page->more};
  found.rows.reserve(page->entries.size());
  for (const kv::Entry& entry : page->entries) {
    CO_RETURN_IF_ERROR(wire::Reader::Decode(entry.value, found.rows.emplace_back()));
  }
  co_return found;
}

async::Task<absl::StatusOr<std::vector<uint32_t>>> KvCaseStore::OrdinalsOf(
    CaseNumber number, std::vector<MemberId> ids) {
  std::vector<uint32_t> ordinals(ids.size(), 0);
  kv::ScanRequest request;
  request.prefix = keys::OfCase(keys::kMemberIdsTable, number);
  const absl::StatusOr<std::vector<kv::Entry>> entries =
      co_await ScanWhole(std::move(request), SIZE_MAX);
  CO_RETURN_IF_ERROR(entries.status());
  for (const kv::Entry& entry : *entries) {
    CO_ASSIGN_OR_RETURN(const uint64_t first, keys::RowNumber(keys::kMemberIdsTable, entry.key));
    MemberIds joined;
    CO_RETURN_IF_ERROR(wire::Reader::Decode(entry.value, joined));
    for (size_t i = 0; i < joined.ids.size(); ++i) {
      const auto wanted = std::find(ids.begin(), ids.end(), joined.ids[i]);
      if (wanted != ids.end()) ordinals[wanted - ids.begin()] = static_cast<uint32_t>(first + i);
    }
  }
  co_return ordinals;
}

async::Task<absl::StatusOr<std::vector<std::optional<MemberRow>>>> KvCaseStore::FindMembers(
    CaseNumber number, uint32_t member_count, std::vector<MemberId> ids) {
  std::vector<std::optional<MemberRow>> rows(ids.size());
  if (ids.empty()) co_return rows;
  absl::StatusOr<std::vector<uint32_t>> ordinals = std::vector<uint32_t>(ids.size(), 1);
  if (member_count > 1) {
    ordinals = co_await OrdinalsOf(number, ids);
    CO_RETURN_IF_ERROR(ordinals.status());
  }
  for (size_t i = 0; i < ids.size(); ++i) {
    if ((*ordinals)[i] == 0) continue;
    std::string key = keys::OfCase(keys::kMemberTable, number, (*ordinals)[i]);
    const absl::StatusOr<std::optional<kv::Entry>> entry = co_await store_.Get(std::move(key));
    CO_RETURN_IF_ERROR(entry.status());
    if (!entry->has_value()) continue;
    MemberRow row;
    CO_RETURN_IF_ERROR(wire::Reader::Decode((*entry)->value, row));
    if (row.member_id == ids[i]) rows[i] = std::move(row);
  }
  co_return rows;
}

absl::StatusOr<GroupMember> KvCaseStore::OpenMember(const CaseNumber& number,
                                                    const crypto::CaseKey& key,
                                                    const MemberRow& row) {
  GroupMember member;
  RETURN_IF_ERROR(
      OpenRow(key, row.sealed, keys::OfCase(keys::kMemberTable, number, row.ordinal), member));
  member.member_id = row.member_id;
  member.withdrawn = row.withdrawn();
  return member;
}

void KvCaseStore::SealMember(const CaseNumber& number, const crypto::CaseKey& key,
                             const GroupMember& member, MemberRow& row) {
  row.sealed = SealRow(key, member, keys::OfCase(keys::kMemberTable, number, row.ordinal), random_);
}

void KvCaseStore::PutMember(journal::ChangeSet& changes, const CaseNumber& number,
                            const MemberRow& row) {
  changes.Put(keys::OfCase(keys::kMemberTable, number, row.ordinal),
              wire::Writer::Encode(row, row.sealed.size() + 256));
}

void KvCaseStore::PutMemberIds(journal::ChangeSet& changes, const CaseNumber& number,
                               uint32_t first_ordinal, const std::vector<MemberId>& ids) {
  changes.Put(keys::OfCase(keys::kMemberIdsTable, number, first_ordinal),
              wire::Writer::Encode(MemberIds{ids}));
}

}  // namespace redress::intake
