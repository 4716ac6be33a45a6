// Which index rows nothing asks for: asked only of a table that has more rows than it should.

#include <algorithm>
#include <optional>
#include <vector>

#include "services/intake/check/case_check.h"
#include "services/intake/storage/index_rows.h"
#include "services/intake/storage/keys.h"
#include "services/intake/storage/record_fields.h"
#include "services/intake/storage/wire.h"
#include "services/platform/kv/key_codec.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

constexpr char kNotAskedFor[] = "is a row that no record asks for";
constexpr char kUnreadable[] = "cannot be read";

std::string Unless(bool asked_for) { return asked_for ? "" : kNotAskedFor; }

// The record at `key`; nullopt when it is absent or cannot be read.
template <class Row>
absl::StatusOr<std::optional<Row>> Read(check::StoreRows& rows, const std::string& key) {
  ASSIGN_OR_RETURN(const std::optional<kv::Entry> entry, rows.Get(key));
  Row row;
  if (!entry.has_value() || !wire::Reader::Decode(entry->value, row).ok()) {
    return std::optional<Row>();
  }
  return std::optional<Row>(std::move(row));
}

template <class Row>
std::optional<Row> Decoded(const kv::Entry& entry) {
  Row row;
  if (!wire::Reader::Decode(entry.value, row).ok()) return std::nullopt;
  return row;
}

}  // namespace

absl::StatusOr<std::string> CaseCheck::AskList(const kv::Entry& row) {
  const std::optional<ListRow> listed = Decoded<ListRow>(row);
  if (!listed.has_value()) return kUnreadable;
  ASSIGN_OR_RETURN(const std::optional<CaseHead> head,
                   Read<CaseHead>(rows_, keys::OfCase(keys::kCaseTable, listed->case_number)));
  if (!head.has_value()) return kNotAskedFor;
  const std::vector<std::string> wanted = ListKeysOf(*head);
  const bool there = std::find(wanted.begin(), wanted.end(), row.key) != wanted.end();
  return Unless(there);
}

absl::StatusOr<std::string> CaseCheck::AskSimilar(const kv::Entry& row) {
  const absl::StatusOr<CaseNumber> number = keys::CaseOfSimilar(row.key);
  if (!number.ok()) return kUnreadable;
  ASSIGN_OR_RETURN(const std::optional<CaseHead> head,
                   Read<CaseHead>(rows_, keys::OfCase(keys::kCaseTable, *number)));
  if (!head.has_value()) return kNotAskedFor;
  std::set<uint64_t> wanted(head->similarity_keys.begin(), head->similarity_keys.end());
  RETURN_IF_ERROR(
      rows_.ForEach(keys::OfCase(keys::kMemberTable, *number), [&wanted](const kv::Entry& entry) {
        const auto member = Decoded<MemberRow>(entry);
        if (!member.has_value()) return absl::OkStatus();
        wanted.insert(member->similarity_keys.begin(), member->similarity_keys.end());
        return absl::OkStatus();
      }));
  for (const uint64_t key : wanted) {
    if (row.key == keys::Similar(key, *number)) return "";
  }
  return kNotAskedFor;
}

absl::StatusOr<std::string> CaseCheck::AskMoney(const kv::Entry& row) {
  const std::optional<MoneyIndex> index = Decoded<MoneyIndex>(row);
  if (!index.has_value()) return kUnreadable;
  using Record = Sealed<MoneyBatch>;
  ASSIGN_OR_RETURN(const std::optional<Record> batch,
                   Read<Record>(rows_, keys::OfCase(keys::kMoneyTable, index->case_number,
                                                    index->first_number)));
  if (!batch.has_value() || index->index >= batch->row.rows.size()) return kNotAskedFor;
  const RandomId& id = batch->row.rows[index->index].entry.entry_id;
  return Unless(row.key == keys::MoneyById(id));
}

absl::StatusOr<std::string> CaseCheck::AskEvidence(const kv::Entry& row) {
  const std::optional<EvidenceIndex> index = Decoded<EvidenceIndex>(row);
  if (!index.has_value()) return kUnreadable;
  using Record = Sealed<EvidenceRow>;
  ASSIGN_OR_RETURN(
      const std::optional<Record> file,
      Read<Record>(rows_, keys::OfCase(keys::kEvidenceTable, index->case_number, index->number)));
  if (!file.has_value()) return kNotAskedFor;
  return Unless(row.key == keys::EvidenceById(file->row.evidence_id));
}

absl::Status CaseCheck::FinishIndexes() {
  RETURN_IF_ERROR(money_by_id_.Finish([this](const kv::Entry& row) { return AskMoney(row); }));
  RETURN_IF_ERROR(
      evidence_by_id_.Finish([this](const kv::Entry& row) { return AskEvidence(row); }));
  RETURN_IF_ERROR(lists_.Finish([this](const kv::Entry& row) { return AskList(row); }));
  return similar_.Finish([this](const kv::Entry& row) { return AskSimilar(row); });
}

}  // namespace redress::intake
