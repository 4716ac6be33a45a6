#include "services/referral/app/money_entries.h"

#include <utility>

#include "services/platform/codes/code_list.h"
#include "services/platform/crypto/sha256.h"
#include "services/platform/money/money.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/platform/time/date.h"
#include "services/referral/app/deterministic.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/referral_money.h"

namespace redress::referral {

absl::StatusOr<intake::v1::PostedEntry> PostedFormOf(const intake::v1::MoneyEntry& entry,
                                                     const IsoCodes& codes) {
  RETURN_IF_ERROR(RandomId::Parse(entry.entry_id(), "entry_id").status());
  RETURN_IF_ERROR(MemberId::Parse(entry.member_id(), "member_id").status());
  if (!IsUpperSnake(entry.kind())) return InvalidField("kind", "is not a code");
  ASSIGN_OR_RETURN(const MoneyAmount amount,
                   ParseMoney(entry.amount().currency_code(), entry.amount().amount(), codes));
  if (amount.minor_units <= 0) return InvalidField("amount", "has to be above zero");
  const std::optional<Date> day = Date::Parse(entry.happened_on());
  if (!day || !day->whole()) return InvalidField("happened_on", "is not a date YYYY-MM-DD");
  if ((entry.kind() == "REVERSAL") != !entry.reverses_entry_id().empty()) {
    return InvalidField("reverses_entry_id", "goes with REVERSAL and with nothing else");
  }
  intake::v1::PostedEntry posted;
  posted.set_entry_id(entry.entry_id());
  posted.set_member_id(entry.member_id());
  posted.set_kind(entry.kind());
  posted.set_currency_code(amount.currency);
  posted.set_minor_units(amount.minor_units);
  posted.set_happened_on(entry.happened_on());
  posted.set_reverses_entry_id(entry.reverses_entry_id());
  posted.set_referral_id(entry.referral_id());
  return posted;
}

Answer<ReversibleEntries> FindReversibleEntries(const AppParts& parts, ReferralRef ref,
                                                std::string node) {
  RowRange range{.of = RowRange::Of::kMoney, .ref = ref};
  auto found = co_await parts.repository.ScanAll<MoneyKey>(std::move(range));
  CO_RETURN_IF_ERROR(found.status());
  ReversibleEntries known;
  for (const Found<MoneyKey>& one : *found) {
    const intake::v1::PostedEntry& entry = one.row.entry();
    if (!entry.reverses_entry_id().empty()) {
      known.reversals[entry.reverses_entry_id()] = {entry.entry_id(), one.row.recorded_by_node()};
    }
    // On a link of a node with itself, home's own kinds are of the same node.
    if (one.row.recorded_by_node() == node && kDestinationMoneyKinds.Contains(entry.kind())) {
      known.entries[entry.entry_id()] = entry;
    }
  }
  co_return known;
}

void CheckReversal(const intake::v1::PostedEntry& reversal, const ReversibleEntries& known,
                   const std::string& field, FieldViolations& violations) {
  const auto found = known.entries.find(reversal.reverses_entry_id());
  if (found == known.entries.end()) {
    violations.Add(field + ".reverses_entry_id", "names no entry of this node");
    return;
  }
  const intake::v1::PostedEntry& reversed = found->second;
  if (reversed.kind() == "REVERSAL") {
    violations.Add(field + ".reverses_entry_id",
                   "names a reversal; record the entry again instead");
  }
  if (reversed.member_id() != reversal.member_id()) {
    violations.Add(field + ".member_id", "is not the member of the entry that is reversed");
  }
  if (reversed.currency_code() != reversal.currency_code() ||
      reversed.minor_units() != reversal.minor_units()) {
    violations.Add(field + ".amount", "is not the amount of the entry that is reversed");
  }
}

Answer<EntriesPlan> PlanEntries(const AppParts& parts, ReferralRef ref,
                                std::vector<intake::v1::MoneyEntry> entries) {
  EntriesPlan plan;
  for (intake::v1::MoneyEntry& entry : entries) {
    absl::StatusOr<intake::v1::PostedEntry> posted = PostedFormOf(entry, parts.codes);
    CO_RETURN_IF_ERROR(posted.status());
    MoneyKey key{ref, RandomId::FromTrusted(entry.entry_id())};
    auto known = co_await parts.repository.Find(std::move(key));
    CO_RETURN_IF_ERROR(known.status());
    if (known->has_value()) {
      if ((*known)->row.entry_sha256() == crypto::Sha256::Of(Deterministic(entry))) continue;
      co_return Refuse(absl::StatusCode::kAlreadyExists, "ENTRY_ID_REUSED",
                       "the entry's id stands with other content",
                       {{"entry_id", entry.entry_id()}});
    }
    EntriesPlan::Entry fresh{std::move(entry), *std::move(posted), std::nullopt};
    if (!fresh.posted.reverses_entry_id().empty()) {
      absl::StatusOr<RandomId> reversed =
          RandomId::Parse(fresh.posted.reverses_entry_id(), "reverses_entry_id");
      CO_RETURN_IF_ERROR(reversed.status());
      MoneyKey reversed_key{ref, *reversed};
      auto found = co_await parts.repository.Find(std::move(reversed_key));
      CO_RETURN_IF_ERROR(found.status());
      if (found->has_value()) fresh.reversed = (*found)->row.entry();
    }
    plan.fresh.push_back(std::move(fresh));
  }
  co_return plan;
}

absl::Status ApplyEntries(ReferralEdit& edit, const EntriesPlan& plan,
                          const std::string& recorded_by_node, bool post) {
  const AppParts& parts = edit.parts();
  v1::Event event;
  v1::MoneyRecorded* recorded = event.mutable_money();
  recorded->set_recorded_by_node(recorded_by_node);
  for (const EntriesPlan::Entry& one : plan.fresh) {
    RETURN_IF_ERROR(
        AddToTotals(edit.record(), one.posted, one.reversed ? &*one.reversed : nullptr));
    *recorded->add_entries() = one.posted;
    const MoneyKey key{edit.now().ref, RandomId::FromTrusted(one.posted.entry_id())};
    rows::MoneyEntryRecord row;
    *row.mutable_entry() = one.posted;
    row.set_recorded_by_node(recorded_by_node);
    row.set_recorded_at_micros(ToMicros(parts.clock.Now()));
    row.set_posted(!post);
    const std::string bytes = Deterministic(one.entry);
    row.set_entry_sha256(crypto::Sha256::Of(bytes));
    row.set_sealed(parts.repository.Seal(*edit.now().case_key, key, bytes));
    const Repository& repository = parts.repository;
    edit.AlsoStage([&repository, key, row](journal::ChangeSet& changes) {
      repository.Put(changes, key, row);
    });
  }
  for (intake::v1::CurrencyTotal& total : TotalsOf(edit.now())) {
    *recorded->add_totals() = std::move(total);
  }
  edit.AddEvent(std::move(event));
  if (post) edit.LeaveWork(WorkKind::kSettle);
  return absl::OkStatus();
}

}  // namespace redress::referral
