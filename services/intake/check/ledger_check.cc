#include "services/intake/check/ledger_check.h"

#include <optional>
#include <utility>

#include "fmt/format.h"
#include "services/intake/storage/keys.h"
#include "services/intake/storage/record_fields.h"
#include "services/intake/storage/wire.h"
#include "services/platform/kv/key_codec.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

constexpr char kMoney[] = "money";

}  // namespace

LedgerCheck::LedgerCheck(const CaseHead& head, check::StoreRows& rows, check::IndexCheck& index,
                         check::Report& report)
    : head_(head),
      rows_(rows),
      index_(index),
      report_(report),
      subject_(head.case_number.ToString()) {}

void LedgerCheck::Differs(std::string problem) {
  report_.Differs(kMoney, subject_, std::move(problem));
}

void LedgerCheck::Take(const kv::Entry& entry) {
  Sealed<MoneyBatch> record;
  const std::string key = kv::DebugPrintKey(entry.key);
  if (!report_.Holds(wire::Reader::Decode(entry.value, record), kMoney, key)) return;
  const MoneyBatch& batch = record.row;
  if (entry.key != keys::OfCase(keys::kMoneyTable, head_.case_number, batch.first_number)) {
    report_.Differs(kMoney, key, fmt::format("holds entries from number {}", batch.first_number));
  }
  if (batch.first_number != count_ + 1) {
    report_.Differs(kMoney, key, fmt::format("follows entry number {}", count_));
  }
  Batch places;
  bool claims_only = true;
  for (size_t i = 0; i < batch.rows.size(); ++i) {
    const MoneyRow& row = batch.rows[i];
    places.push_back({row.entry.entry_id, batch.first_number, static_cast<uint32_t>(i)});
    claims_only = claims_only && row.from_claim_lines;
    Post(row);
  }
  count_ += batch.rows.size();
  (claims_only ? claimed_ : indexed_).push_back(std::move(places));
}

void LedgerCheck::Post(const MoneyRow& row) {
  const LedgerEntry* reversed = nullptr;
  if (row.entry.kind == MoneyKind::kReversal) {
    const auto found = posted_.find(row.entry.reverses_entry_id);
    if (found == posted_.end()) {
      return Differs(
          fmt::format("entry {} reverses one that is not there", row.entry.entry_id.ToString()));
    }
    reversed = &found->second.entry;
    if (found->second.reversed_by != row.entry.entry_id) {
      Differs(
          fmt::format("entry {} reverses one that does not say so", row.entry.entry_id.ToString()));
    }
  }
  const absl::Status done =
      intake::Post(row.entry, reversed, by_member_[row.entry.member_id], totals_);
  if (!done.ok()) {
    Differs(fmt::format("entry {} cannot have been posted", row.entry.entry_id.ToString()));
  }
  if (!posted_.try_emplace(row.entry.entry_id, Posted{row.entry, row.reversed_by}).second) {
    Differs(fmt::format("entry {} is there twice", row.entry.entry_id.ToString()));
  }
}

void LedgerCheck::CheckReversals() {
  for (const auto& [id, one] : posted_) {
    if (one.reversed_by.empty()) continue;
    const auto by = posted_.find(one.reversed_by);
    if (by == posted_.end() || by->second.entry.reverses_entry_id != id) {
      Differs(fmt::format("entry {} says that one reversed it which does not", id.ToString()));
    }
  }
}

absl::Status LedgerCheck::LookUp(const Batch& batch) {
  for (const Place& place : batch) {
    const MoneyIndex index{head_.case_number, place.first_number, place.index};
    RETURN_IF_ERROR(index_.Expect(
        {keys::MoneyById(place.entry_id), wire::Writer::Encode(index), std::nullopt, subject_}));
  }
  return absl::OkStatus();
}

absl::Status LedgerCheck::Finish(const std::map<MemberId, std::vector<MoneyTotals>>& members) {
  if (count_ != head_.money_count) {
    Differs(fmt::format("the case keeps {} entries, and there are {}", head_.money_count, count_));
  }
  CheckReversals();
  if (totals_ != head_.totals) Differs("the sums of the case are not those of its entries");
  for (const auto& [id, kept] : members) {
    const auto posted = by_member_.find(id);
    if (kept != (posted == by_member_.end() ? std::vector<MoneyTotals>() : posted->second)) {
      Differs(fmt::format("the sums of member {} are not those of the entries", id.ToString()));
    }
  }
  for (const auto& [id, sums] : by_member_) {
    if (!members.contains(id)) {
      Differs(fmt::format("has entries of {}, who is no member", id.ToString()));
    }
  }
  for (const Batch& batch : indexed_) RETURN_IF_ERROR(LookUp(batch));
  // What a filing claims is looked for where it stands; amended claims are indexed.
  for (const Batch& batch : claimed_) {
    bool indexed = false;
    for (const Place& place : batch) {
      if (indexed) break;
      ASSIGN_OR_RETURN(const std::optional<kv::Entry> row,
                       rows_.Get(keys::MoneyById(place.entry_id)));
      indexed = row.has_value();
    }
    if (indexed) RETURN_IF_ERROR(LookUp(batch));
  }
  return absl::OkStatus();
}

}  // namespace redress::intake
