#include "services/intake/app/ledger_posting.h"

#include <algorithm>
#include <utility>

#include "services/intake/app/case_tally.h"
#include "services/intake/app/member_intake.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

constexpr size_t kBatchesPerRead = 100;

MoneyRow ReversalOf(const VerbCall& call, const MoneyRow& undone) {
  MoneyRow row;
  row.entry = {NewRandomId(call.context().random), undone.entry.member_id, MoneyKind::kReversal,
               undone.entry.amount, undone.entry.entry_id};
  row.happened_on = call.today().ToString();
  row.recorded_by = call.actor();
  row.recorded_at = call.now();
  row.posted_at = call.now();
  return row;
}

bool StandsForClaimLines(const MoneyRow& row, const MemberId& member) {
  return row.from_claim_lines && row.entry.member_id == member &&
         row.entry.kind == MoneyKind::kClaimed && row.reversed_by.empty();
}

// All entries that stand for the member's claim lines now.
async::Task<absl::StatusOr<std::vector<FoundEntry>>> FindClaims(const VerbCall& call,
                                                                CaseNumber number, CaseKeyPtr key,
                                                                MemberId member) {
  std::vector<FoundEntry> claims;
  uint64_t from = 1;
  while (true) {
    const absl::StatusOr<RowPage<MoneyBatch>> batches =
        co_await call.context().cases.ReadMoney(number, key, from, kBatchesPerRead);
    CO_RETURN_IF_ERROR(batches.status());
    for (const MoneyBatch& batch : batches->rows) {
      for (size_t i = 0; i < batch.rows.size(); ++i) {
        if (StandsForClaimLines(batch.rows[i], member)) claims.push_back({batch, i});
      }
    }
    if (!batches->more) co_return claims;
    from = batches->rows.back().first_number + batches->rows.back().rows.size();
  }
}

}  // namespace

void LedgerPosting::AddMember(MemberRow row) {
  const MemberId id = row.member_id;
  members_.emplace(id, std::move(row));
}

const MemberRow* LedgerPosting::Member(const MemberId& id) const {
  const auto found = members_.find(id);
  return found == members_.end() ? nullptr : &found->second;
}

absl::Status LedgerPosting::Post(MoneyRow row, FoundEntry* reversed) {
  MemberRow& member = members_.at(row.entry.member_id);
  if (reversed == nullptr) {
    RETURN_IF_ERROR(PostToTotals(row.entry, nullptr, member, change_.after));
  } else {
    // A batch may hold several entries that this verb undoes.
    MoneyBatch& batch =
        touched_.emplace(reversed->batch.first_number, reversed->batch).first->second;
    MoneyRow& undone = batch.rows[reversed->index];
    RETURN_IF_ERROR(CheckNotReversed(undone.entry.entry_id, undone.reversed_by));
    RETURN_IF_ERROR(PostToTotals(row.entry, &undone.entry, member, change_.after));
    undone.reversed_by = row.entry.entry_id;
  }
  rows_.push_back(std::move(row));
  return absl::OkStatus();
}

bool LedgerPosting::HasPosted(const RandomId& entry_id) const {
  return std::any_of(rows_.begin(), rows_.end(),
                     [&entry_id](const MoneyRow& row) { return row.entry.entry_id == entry_id; });
}

void LedgerPosting::Write() {
  CaseHead& head = change_.after;
  CaseStore& cases = call_.context().cases;
  for (const auto& [number, batch] : touched_) {
    cases.PutMoney(change_.changes, head.case_number, *change_.key, batch, /*indexed=*/false);
  }
  if (!rows_.empty()) {
    const MoneyBatch batch{head.money_count + 1, rows_};
    head.money_count += rows_.size();
    cases.PutMoney(change_.changes, head.case_number, *change_.key, batch, /*indexed=*/true);
  }
  for (const auto& [id, row] : members_) cases.PutMember(change_.changes, head.case_number, row);
}

std::vector<PostedEntry> LedgerPosting::posted() const {
  std::vector<PostedEntry> posted;
  for (const MoneyRow& row : rows_) posted.push_back({row.entry, row.happened_on, row.referral_id});
  return posted;
}

std::vector<Warning> LedgerPosting::Warnings() const {
  std::vector<Warning> warnings;
  for (const auto& [id, row] : members_) {
    for (Warning& warning : LedgerWarnings(row.totals)) {
      const bool said = std::find(warnings.begin(), warnings.end(), warning) != warnings.end();
      if (!said) warnings.push_back(std::move(warning));
    }
  }
  return warnings;
}

async::Task<absl::StatusOr<std::vector<PostedEntry>>> ReplaceClaims(const VerbCall& call,
                                                                    const GroupMember& amended,
                                                                    MemberRow& row,
                                                                    CaseChange& change) {
  absl::StatusOr<std::vector<FoundEntry>> old =
      co_await FindClaims(call, change.after.case_number, change.key, row.member_id);
  CO_RETURN_IF_ERROR(old.status());
  std::vector<MoneyRow> claims = ClaimsOf(amended, call);
  std::erase_if(*old, [&claims](FoundEntry& stands) {
    return std::erase_if(claims, [&stands](const MoneyRow& claim) {
             return claim.entry.amount == stands.row().entry.amount;
           }) > 0;
  });
  LedgerPosting posting(call, change);
  posting.AddMember(row);
  for (FoundEntry& undone : *old) {
    CO_RETURN_IF_ERROR(posting.Post(ReversalOf(call, undone.row()), &undone));
  }
  for (MoneyRow& claim : claims) {
    claim.entry.member_id = row.member_id;
    CO_RETURN_IF_ERROR(posting.Post(std::move(claim), nullptr));
  }
  posting.Write();
  row = *posting.Member(row.member_id);
  co_return posting.posted();
}

}  // namespace redress::intake
