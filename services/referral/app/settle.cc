// What intake is still to be told: how referrals ended, what is owed, and what came in.
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "fmt/format.h"
#include "services/platform/audit/audit_leaf.h"
#include "services/platform/crypto/sha256.h"
#include "services/platform/money/money.h"
#include "services/platform/status/fault_point.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/disclosures.h"
#include "services/referral/app/intake_follower.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/referral_edit.h"
#include "services/referral/app/referral_files.h"
#include "services/referral/app/referral_money.h"
#include "services/referral/app/verb_runner.h"
#include "services/referral/domain/proposal.h"

namespace redress::referral {
namespace {

constexpr size_t kEntriesACall = 200;

// An id that the same outcome of the same member always gets, so that it is posted once.
std::string DerivedId(const std::string& content) {
  class Bytes final : public RandomSource {
   public:
    explicit Bytes(std::string bytes) : bytes_(std::move(bytes)) {}
    void Fill(absl::Span<uint8_t> out) override {
      for (uint8_t& byte : out) byte = static_cast<uint8_t>(bytes_[next_++ % bytes_.size()]);
    }
    uint64_t Next() override {
      uint64_t value = 0;
      for (int i = 0; i < 8; ++i) {
        value = value << 8 | static_cast<uint8_t>(bytes_[next_++ % bytes_.size()]);
      }
      return value;
    }

   private:
    std::string bytes_;
    size_t next_ = 0;
  };
  Bytes bytes(crypto::Sha256::Of(content));
  return NewRandomId(bytes).ToString();
}

std::string RequestIdOf(const std::string& content) { return "ref-" + DerivedId(content); }

// Why intake will never take an entry; nothing when it may answer otherwise later.
std::optional<std::string> FinalRefusal(const absl::Status& status) {
  const std::optional<Refusal> refusal = GetRefusal(status);
  const bool final = absl::IsInvalidArgument(status) || absl::IsNotFound(status) ||
                     absl::IsFailedPrecondition(status) || absl::IsOutOfRange(status) ||
                     (refusal && refusal->reason == "ENTRY_ID_REUSED");
  if (!final) return std::nullopt;
  return refusal ? refusal->reason : absl::StatusCodeToString(status.code());
}

async::Task<absl::Status> PostTogether(const AppParts& parts, const std::string& case_number,
                                       const std::vector<intake::v1::MoneyEntry>& entries) {
  intake::v1::RecordMoneyRequest request;
  request.set_case_number(case_number);
  std::string ids;
  for (const intake::v1::MoneyEntry& entry : entries) {
    ids += entry.entry_id();
    *request.add_entries() = entry;
  }
  request.set_request_id(RequestIdOf(ids));
  absl::StatusOr<intake::v1::RecordMoneyResponse> posted =
      co_await parts.intake.RecordMoney(std::move(request));
  // Each entry is posted once by its id: what stands there already, stands.
  const bool stands = absl::IsAlreadyExists(posted.status()) && !FinalRefusal(posted.status());
  co_return stands ? absl::OkStatus() : posted.status();
}

// Entry id → why intake will never take it.
using Refusals = std::map<std::string, std::string>;

// Intake takes all of a call or nothing. So that a bad entry keeps no other out, each is posted by
// itself after a refusal.
Answer<Refusals> Post(const AppParts& parts, const std::string& case_number,
                      const std::vector<intake::v1::MoneyEntry>& entries) {
  Refusals refused;
  const absl::Status together = co_await PostTogether(parts, case_number, entries);
  if (together.ok()) co_return refused;
  if (!FinalRefusal(together)) co_return together;
  for (const intake::v1::MoneyEntry& entry : entries) {
    const std::vector<intake::v1::MoneyEntry> alone = {entry};
    absl::Status posted = together;
    if (entries.size() > 1) posted = co_await PostTogether(parts, case_number, alone);
    if (posted.ok()) continue;
    std::optional<std::string> reason = FinalRefusal(posted);
    if (!reason) co_return posted;
    refused.emplace(entry.entry_id(), *std::move(reason));
  }
  co_return refused;
}

// A line for those who run the node: ids and codes only.
void AuditRefusals(const AppParts& parts, const LoadedReferral& loaded, const Refusals& refused,
                   journal::ChangeSet& changes) {
  for (const auto& [entry_id, reason] : refused) {
    audit::AuditLeaf leaf;
    leaf.at = parts.clock.Now();
    leaf.actor = {"", "", "service"};
    leaf.verb = "RecordMoney";
    leaf.resource_id = loaded.record.referral_id();
    leaf.outcome = audit::Outcome::kRefused;
    leaf.reason = reason;
    changes.Audit(leaf);
  }
}

Answer<bool> PostOwed(const AppParts& parts, const LoadedReferral& loaded,
                      const std::vector<intake::v1::MoneyEntry>& entries) {
  absl::StatusOr<Refusals> refused = co_await Post(parts, loaded.record.case_number(), entries);
  CO_RETURN_IF_ERROR(refused.status());
  // What is owed is offered again whenever there is something to settle: said the first time only.
  if (refused->empty() || loaded.record.disclosure_settled()) co_return true;
  journal::ChangeSet changes;
  AuditRefusals(parts, loaded, *refused, changes);
  absl::StatusOr<journal::Committed> committed = co_await CommitChanges(parts, std::move(changes));
  CO_RETURN_IF_ERROR(committed.status());
  co_return true;
}

// What each member was awarded or agreed to, as entries of the ledger.
Answer<bool> PostOutcome(const AppParts& parts, const LoadedReferral& loaded) {
  if (!AgreementsStand(loaded.folded) || !loaded.folded.ended_by) co_return true;
  absl::StatusOr<std::set<MemberId>> members =
      co_await DisclosedMembers(parts, loaded.ref, loaded.record.disclosure_number());
  CO_RETURN_IF_ERROR(members.status());
  const std::string day = DateOf(loaded.folded.state_since).ToString();
  std::vector<intake::v1::MoneyEntry> entries;
  for (const MemberId& member : *members) {
    const MemberTerms* owed = ObtainedTerms(loaded.folded, member);
    if (owed == nullptr) continue;
    for (const MoneyAmount& amount : owed->amounts) {
      intake::v1::MoneyEntry entry;
      entry.set_entry_id(DerivedId(fmt::format("owed|{}|{}|{}|{}", loaded.record.referral_id(),
                                               loaded.folded.ended_by->number, member.ToString(),
                                               amount.currency)));
      entry.set_member_id(member.ToString());
      entry.set_kind(IsAwarded(loaded.folded) ? "AWARDED" : "AGREED");
      entry.mutable_amount()->set_currency_code(amount.currency);
      entry.mutable_amount()->set_amount(FormatAmount(amount, parts.codes));
      entry.set_happened_on(day);
      entry.set_referral_id(loaded.record.referral_id());
      entry.mutable_recorded_by()->set_node_id(loaded.record.destination_node());
      entry.mutable_recorded_by()->set_body_id(loaded.record.receiver_body_id());
      entry.mutable_recorded_by()->set_role("SERVICE");
      SetTimestamp(loaded.folded.state_since, entry.mutable_recorded_at());
      entries.push_back(std::move(entry));
    }
    if (entries.size() < kEntriesACall - 10) continue;
    const std::vector<intake::v1::MoneyEntry> batch = std::exchange(entries, {});
    absl::StatusOr<bool> posted = co_await PostOwed(parts, loaded, batch);
    CO_RETURN_IF_ERROR(posted.status());
  }
  if (!entries.empty()) {
    absl::StatusOr<bool> posted = co_await PostOwed(parts, loaded, entries);
    CO_RETURN_IF_ERROR(posted.status());
  }
  co_return true;
}

// Entries that came from the destination.
Answer<bool> PostReceived(const AppParts& parts, const LoadedReferral& loaded) {
  RowRange range{.of = RowRange::Of::kMoney, .ref = loaded.ref};
  auto found = co_await parts.repository.ScanAll<MoneyKey>(std::move(range));
  CO_RETURN_IF_ERROR(found.status());
  std::stable_sort(found->begin(), found->end(), [](const auto& a, const auto& b) {
    return a.version < b.version;  // In the order in which they came: a reversal after its entry.
  });
  std::vector<const Found<MoneyKey>*> unposted;
  for (const Found<MoneyKey>& one : *found) {
    if (!one.row.posted() && one.row.refused().empty()) unposted.push_back(&one);
  }
  for (size_t begin = 0; begin < unposted.size(); begin += kEntriesACall) {
    const size_t end = std::min(unposted.size(), begin + kEntriesACall);
    std::vector<intake::v1::MoneyEntry> entries;
    for (size_t i = begin; i < end; ++i) {
      absl::StatusOr<std::string> bytes =
          parts.repository.Open(*loaded.case_key, unposted[i]->key, unposted[i]->row.sealed());
      CO_RETURN_IF_ERROR(bytes.status());
      intake::v1::MoneyEntry entry;
      entry.ParseFromString(*bytes);
      entries.push_back(std::move(entry));
    }
    absl::StatusOr<Refusals> refused = co_await Post(parts, loaded.record.case_number(), entries);
    CO_RETURN_IF_ERROR(refused.status());
    REDRESS_FAULT_POINT("settle.after_posting");
    journal::ChangeSet changes;
    for (size_t i = begin; i < end; ++i) {
      rows::MoneyEntryRecord row = unposted[i]->row;
      const auto refusal = refused->find(row.entry().entry_id());
      row.set_posted(refusal == refused->end());
      if (refusal != refused->end()) row.set_refused(refusal->second);
      parts.repository.Put(changes, unposted[i]->key, row);
    }
    AuditRefusals(parts, loaded, *refused, changes);
    absl::StatusOr<journal::Committed> committed =
        co_await CommitChanges(parts, std::move(changes));
    CO_RETURN_IF_ERROR(committed.status());
  }
  co_return true;
}

// Intake has been told, or is about to be, that it counts as open no longer.
Answer<bool> MarkSettled(const AppParts& parts, ReferralRef ref) {
  absl::StatusOr<std::optional<LoadedReferral>> loaded = co_await LoadReferral(parts, ref);
  CO_RETURN_IF_ERROR(loaded.status());
  if (!loaded->has_value() || (*loaded)->record.disclosure_settled()) co_return true;
  ReferralEdit edit(parts, **std::move(loaded));
  edit.record().set_disclosure_settled(true);
  journal::ChangeSet changes;
  CO_RETURN_IF_ERROR(edit.Stage(changes));
  absl::StatusOr<journal::Committed> committed = co_await CommitChanges(parts, std::move(changes));
  CO_RETURN_IF_ERROR(committed.status());
  co_return true;
}

// Marked first, so that one which comes to life while intake is told is known to need opening
// again; and once more afterwards, where a disclosure made meanwhile took the mark away.
Answer<bool> SettleEnd(const AppParts& parts, LoadedReferral loaded) {
  const bool first = !loaded.record.disclosure_settled();
  if (first && IsEnded(loaded.folded.state)) {
    absl::StatusOr<bool> waits = co_await WaitsForFiles(parts, loaded);
    CO_RETURN_IF_ERROR(waits.status());
    if (*waits) co_return absl::UnavailableError("files have still to be fetched from intake");
  }
  intake::v1::SettleDisclosureRequest request;
  request.set_referral_id(loaded.record.referral_id());
  request.set_outcome(std::string(ReferralStateName(loaded.folded.state)));
  const ReferralRef ref = loaded.ref;
  if (first) {
    absl::StatusOr<bool> marked = co_await MarkSettled(parts, ref);
    CO_RETURN_IF_ERROR(marked.status());
  }
  absl::StatusOr<intake::v1::SettleDisclosureResponse> settled =
      co_await parts.intake.Settle(std::move(request));
  if (!settled.ok() && !absl::IsNotFound(settled.status())) co_return settled.status();
  REDRESS_FAULT_POINT("settle.after_intake");
  co_return co_await MarkSettled(parts, ref);
}

// Nothing where the refusal does not say that the referral must not go on.
std::optional<std::string> ReasonToRecall(const absl::Status& refused) {
  const std::optional<Refusal> refusal = GetRefusal(refused);
  if (!refusal) return std::nullopt;
  if (refusal->reason == "CONSENT_MISSING") return "CONSENT_REVOKED";
  if (refusal->reason == "RECEIVER_IS_RESPONDENT") return "WRONG_RECEIVER";
  if (refusal->reason != "CASE_NOT_OPEN") return std::nullopt;
  const auto state = refusal->metadata.find("state");
  const bool withdrawn = state != refusal->metadata.end() && state->second == "WITHDRAWN";
  return withdrawn ? "WITHDRAWN" : "CASE_CLOSED";
}

// One that was given up and settled, and lives again: intake counts it as open again and says what
// may be disclosed by now. Where that is nothing, or the case is over, it is recalled.
Answer<bool> OpenAgain(const AppParts& parts, Disclosures& disclosures, ReferralRef ref) {
  absl::StatusOr<bool> updated = co_await disclosures.UpdateByNode(ref);
  std::optional<std::string> reason = ReasonToRecall(updated.status());
  if (!reason) co_return updated;
  co_return co_await RecallByNode(parts, ref, *std::move(reason));
}

Answer<bool> SettleOne(const AppParts& parts, Disclosures& disclosures, ReferralRef ref) {
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<std::optional<LoadedReferral>> loaded = co_await LoadReferral(parts, ref);
    CO_RETURN_IF_ERROR(loaded.status());
    if (!loaded->has_value()) co_return true;
    absl::StatusOr<bool> outcome = co_await PostOutcome(parts, **loaded);
    CO_RETURN_IF_ERROR(outcome.status());
    absl::StatusOr<bool> received = co_await PostReceived(parts, **loaded);
    CO_RETURN_IF_ERROR(received.status());
    const ReferralState state = (*loaded)->folded.state;
    const bool again = IsOpen(state) && state != ReferralState::kRecallRequested &&
                       (*loaded)->record.disclosure_settled();
    absl::StatusOr<bool> settled = true;
    if (again) {
      settled = co_await OpenAgain(parts, disclosures, ref);
    } else if (!IsOpen(state)) {
      LoadedReferral ended = **std::move(loaded);
      settled = co_await SettleEnd(parts, std::move(ended));
    }
    if (MayRetry(settled.status(), attempt)) continue;
    co_return settled;
  }
}

// Disclosures that were begun and came to nothing: nobody has asked for the referral again since a
// grace. One that intake does not settle now holds up no other.
Answer<int> SettleOrphans(const AppParts& parts) {
  RowRange range{.of = RowRange::Of::kOpenDisclosures};
  auto open = co_await parts.repository.ScanAll<OpenDisclosureKey>(std::move(range));
  CO_RETURN_IF_ERROR(open.status());
  int settled = 0;
  absl::Status failed;
  for (const Found<OpenDisclosureKey>& one : *open) {
    // One from far ahead was begun before the clock was put back, and nobody knows when.
    const absl::Duration age = parts.clock.Now() - FromMicros(one.row.began_at_micros());
    if (!one.row.settling() && absl::AbsDuration(age) < parts.clocks.open_disclosure) continue;
    OpenDisclosureKey key = one.key;
    absl::StatusOr<bool> ended = co_await EndBegunDisclosure(parts, std::move(key), one.version);
    failed.Update(ended.status());
    if (ended.ok() && *ended) ++settled;
  }
  CO_RETURN_IF_ERROR(failed);
  co_return settled;
}

}  // namespace

Answer<int> SettleWithIntake(const AppParts& parts, Disclosures& disclosures) {
  absl::StatusOr<int> orphans = co_await SettleOrphans(parts);
  int done = orphans.value_or(0);
  RowRange range{.of = RowRange::Of::kWork, .work = WorkKind::kSettle};
  auto work = co_await parts.repository.ScanAll<WorkKey>(std::move(range));
  CO_RETURN_IF_ERROR(work.status());
  absl::Status failed = orphans.status();
  for (const Found<WorkKey>& one : *work) {
    absl::StatusOr<bool> settled = co_await SettleOne(parts, disclosures, one.key.ref);
    if (!settled.ok()) {  // Stays on the list, and holds up no other.
      failed = settled.status();
      continue;
    }
    // Gone only if nobody left more meanwhile.
    journal::ChangeSet changes;
    parts.repository.ExpectVersion(changes, one.key, one.version);
    parts.repository.Delete(changes, one.key);
    absl::StatusOr<journal::Committed> committed =
        co_await CommitChanges(parts, std::move(changes));
    if (!absl::IsAborted(committed.status())) CO_RETURN_IF_ERROR(committed.status());
    ++done;
  }
  CO_RETURN_IF_ERROR(failed);
  co_return done;
}

async::Task<void> RunSettling(const AppParts& parts, Disclosures& disclosures,
                              async::CancellationToken cancellation) {
  while (!cancellation.IsCancelled()) {
    const uint64_t seen = parts.work_changed.count();
    absl::StatusOr<int> settled = co_await SettleWithIntake(parts, disclosures);
    co_await AwaitWork(parts, seen, settled.ok(), cancellation);
  }
}

}  // namespace redress::referral
