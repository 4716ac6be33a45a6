#include "services/referral/app/intake_follower.h"

#include <set>
#include <utility>

#include "services/platform/money/money.h"
#include "services/platform/status/fault_point.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/disclosures.h"
#include "services/referral/app/money_entries.h"
#include "services/referral/app/past_referrals.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/referral_edit.h"
#include "services/referral/app/verb_runner.h"

namespace redress::referral {
namespace {

constexpr char kIntakeLog[] = "intake";
constexpr absl::Duration kWait = absl::Seconds(20);
constexpr absl::Duration kPause = absl::Seconds(2);

// Kinds of ledger entries that a destination is told of. What was agreed or awarded it knows from
// the facts; what was claimed or offered, from the disclosure.
bool TellsDestination(const std::string& kind) {
  static const std::set<std::string> kKinds = {
      "DUE", "PAID", "PAID_TO_INTERMEDIARY", "DEPOSIT_USED", "RECEIVED", "WRITTEN_OFF", "REVERSAL"};
  return kKinds.contains(kind);
}

}  // namespace

Answer<bool> RecallByNode(const AppParts& parts, ReferralRef ref, std::string reason) {
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<std::optional<LoadedReferral>> loaded = co_await LoadReferral(parts, ref);
    CO_RETURN_IF_ERROR(loaded.status());
    if (!loaded->has_value()) co_return false;
    const Position position = PositionOf((*loaded)->folded, Side::kHome, false);
    if (!Move(position, Verb::kRecall).ok()) co_return false;
    ReferralEdit edit(parts, **std::move(loaded));
    Fact fact;
    fact.kind = FactKind::kRecallRequested;
    fact.actor = NodeActor(parts);
    fact.reason = reason;
    fact.details = RecallDetails{reason == "CONSENT_REVOKED"};
    CO_RETURN_IF_ERROR(edit.Write(std::move(fact)).status());
    journal::ChangeSet changes;
    CO_RETURN_IF_ERROR(edit.Stage(changes));
    absl::StatusOr<journal::Committed> committed =
        co_await CommitChanges(parts, std::move(changes));
    if (MayRetry(committed.status(), attempt)) continue;
    CO_RETURN_IF_ERROR(committed.status());
    REDRESS_FAULT_POINT("follower.recalled");
    WakeRunners(parts, edit.sends(), edit.leaves_work());
    co_return true;
  }
}

namespace {

// Members left a referral: it is narrowed to those who stay, or recalled when nobody does.
Answer<bool> Narrow(const AppParts& parts, Disclosures& disclosures, ReferralRef ref,
                    std::set<std::string> leaving, std::string reason) {
  ReferralKey key{ref};
  auto found = co_await parts.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(found.status());
  if (!found->has_value()) co_return false;
  absl::StatusOr<std::set<MemberId>> members =
      co_await DisclosedMembers(parts, ref, (*found)->row.disclosure_number());
  CO_RETURN_IF_ERROR(members.status());
  size_t stay = 0;
  for (const MemberId& member : *members) stay += leaving.contains(member.ToString()) ? 0 : 1;
  if (stay == members->size()) co_return false;
  if (stay == 0) co_return co_await RecallByNode(parts, ref, std::move(reason));
  if (!IsOpen(static_cast<ReferralState>((*found)->row.state()))) co_return false;
  absl::StatusOr<bool> updated = co_await disclosures.UpdateByNode(ref);
  // Nobody's consent reaches the receiver any more, though some did not leave now.
  if (absl::IsFailedPrecondition(updated.status())) {
    co_return co_await RecallByNode(parts, ref, std::move(reason));
  }
  co_return updated;
}

// What is being disclosed, in a new referral or in one that is there, was asked for before the
// event and cannot be recalled or narrowed yet. Writing the rows that it rests on again keeps that
// try from being committed; the repeat of its request asks intake anew. Called before the referrals
// of the case are read, so that each is met by one or the other.
Answer<bool> StopThoseBegun(const AppParts& parts, std::string case_number) {
  RowRange range{.of = RowRange::Of::kOpenDisclosures, .text = case_number};
  auto open = co_await parts.repository.ScanAll<OpenDisclosureKey>(std::move(range));
  CO_RETURN_IF_ERROR(open.status());
  journal::ChangeSet changes;
  const absl::StatusOr<CaseNumber> number = CaseNumber::Parse(case_number, "case_number");
  CO_RETURN_IF_ERROR(number.status());
  const CaseSequenceKey sequence_key{*number};
  CaseSequenceKey wanted = sequence_key;
  auto sequence = co_await parts.repository.Find(std::move(wanted));
  CO_RETURN_IF_ERROR(sequence.status());
  if (sequence->has_value()) {
    parts.repository.ExpectVersion(changes, sequence_key, (*sequence)->version);
    parts.repository.Put(changes, sequence_key, (*sequence)->row);
  }
  for (Found<OpenDisclosureKey>& one : *open) {
    parts.repository.ExpectVersion(changes, one.key, one.version);
    parts.repository.Put(changes, one.key, one.row);
  }
  if (changes.change().mutations.empty()) co_return false;
  // Where one was committed meanwhile, the event is handled again.
  absl::StatusOr<journal::Committed> committed = co_await CommitChanges(parts, std::move(changes));
  CO_RETURN_IF_ERROR(committed.status());
  co_return true;
}

// The case's referrals, but for those of which what is disclosed takes account of the event: what
// was taken back and given again before they were made, or disclosed anew, concerns them no more.
Answer<std::vector<PastReferral>> ReferralsFromBefore(const AppParts& parts,
                                                      const intake::v1::Event& event) {
  std::string case_number = event.case_number();
  absl::StatusOr<std::vector<PastReferral>> all =
      co_await ReferralsOfCase(parts, std::move(case_number));
  CO_RETURN_IF_ERROR(all.status());
  const uint64_t commit = event.commit_number();
  std::vector<PastReferral> from_before;
  for (PastReferral& referral : *all) {
    ReferralKey key{{Side::kHome, referral.id}};
    auto found = co_await parts.repository.Find(std::move(key));
    CO_RETURN_IF_ERROR(found.status());
    const bool after =
        found->has_value() && commit > 0 && commit <= (*found)->row.disclosed_at_commit();
    if (!after) from_before.push_back(std::move(referral));
  }
  co_return from_before;
}

Answer<bool> OnWithdrawn(const AppParts& parts, Disclosures& disclosures,
                         const intake::v1::Event& event) {
  std::string about = event.case_number();
  absl::StatusOr<bool> stopped = co_await StopThoseBegun(parts, std::move(about));
  CO_RETURN_IF_ERROR(stopped.status());
  absl::StatusOr<std::vector<PastReferral>> referrals = co_await ReferralsFromBefore(parts, event);
  CO_RETURN_IF_ERROR(referrals.status());
  const auto& members = event.case_withdrawn().member_ids();
  const bool whole = members.empty() || event.state() == intake::v1::CASE_STATE_WITHDRAWN;
  const std::set<std::string> leaving(members.begin(), members.end());
  for (const PastReferral& referral : *referrals) {
    const ReferralRef ref{Side::kHome, referral.id};
    std::string reason = "WITHDRAWN";
    absl::StatusOr<bool> done = false;
    if (whole) {
      done = co_await RecallByNode(parts, ref, std::move(reason));
    } else {
      std::set<std::string> who = leaving;
      done = co_await Narrow(parts, disclosures, ref, std::move(who), std::move(reason));
    }
    CO_RETURN_IF_ERROR(done.status());
  }
  co_return true;
}

Answer<bool> OnConsent(const AppParts& parts, Disclosures& disclosures,
                       const intake::v1::Event& event) {
  const intake::v1::ConsentChanged& changed = event.consent_changed();
  const bool taken_back = changed.status() == "WITHDRAWN" || changed.status() == "REFUSED" ||
                          changed.status() == "EXPIRED";
  if (!taken_back || changed.purpose() != "REFERRAL") co_return true;
  std::string about = event.case_number();
  absl::StatusOr<bool> stopped = co_await StopThoseBegun(parts, std::move(about));
  CO_RETURN_IF_ERROR(stopped.status());
  absl::StatusOr<std::vector<PastReferral>> referrals = co_await ReferralsFromBefore(parts, event);
  CO_RETURN_IF_ERROR(referrals.status());
  for (const PastReferral& referral : *referrals) {
    if (!changed.receiver_body_id().empty() &&
        changed.receiver_body_id() != referral.receiver.ToString()) {
      continue;
    }
    const ReferralRef ref{Side::kHome, referral.id};
    std::set<std::string> leaving(changed.member_ids().begin(), changed.member_ids().end());
    std::string reason = "CONSENT_REVOKED";
    absl::StatusOr<bool> done =
        co_await Narrow(parts, disclosures, ref, std::move(leaving), std::move(reason));
    CO_RETURN_IF_ERROR(done.status());
  }
  co_return true;
}

intake::v1::MoneyEntry EntryOf(const intake::v1::PostedEntry& posted, const std::string& referral,
                               const AppParts& parts) {
  intake::v1::MoneyEntry entry;
  entry.set_entry_id(posted.entry_id());
  entry.set_member_id(posted.member_id());
  entry.set_kind(posted.kind());
  entry.mutable_amount()->set_currency_code(posted.currency_code());
  entry.mutable_amount()->set_amount(
      FormatAmount({posted.currency_code(), posted.minor_units()}, parts.codes));
  entry.set_happened_on(posted.happened_on());
  entry.set_reverses_entry_id(posted.reverses_entry_id());
  entry.set_referral_id(referral);
  entry.mutable_recorded_by()->set_node_id(parts.node.ToString());
  entry.mutable_recorded_by()->set_role("SERVICE");
  return entry;
}

// Ledger entries of home's intake that a destination does not know of yet.
Answer<bool> TellMoney(const AppParts& parts, ReferralRef ref, const intake::v1::Event& event) {
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<std::optional<LoadedReferral>> loaded = co_await LoadReferral(parts, ref);
    CO_RETURN_IF_ERROR(loaded.status());
    if (!loaded->has_value() || (*loaded)->folded.accepted_at == absl::InfinitePast()) {
      co_return false;
    }
    std::vector<intake::v1::MoneyEntry> entries;
    for (const intake::v1::PostedEntry& posted : event.money_recorded().entries()) {
      const bool ours =
          posted.referral_id().empty() || posted.referral_id() == (*loaded)->record.referral_id();
      if (!ours || !TellsDestination(posted.kind())) continue;
      MemberKey member{ref, (*loaded)->record.disclosure_number(),
                       MemberId::FromTrusted(posted.member_id())};
      auto disclosed = co_await parts.repository.Find(std::move(member));
      CO_RETURN_IF_ERROR(disclosed.status());
      // Known here: it came from the destination, or was told before.
      MoneyKey money{ref, RandomId::FromTrusted(posted.entry_id())};
      auto known = co_await parts.repository.Find(std::move(money));
      CO_RETURN_IF_ERROR(known.status());
      if (!disclosed->has_value() || known->has_value()) continue;
      entries.push_back(EntryOf(posted, (*loaded)->record.referral_id(), parts));
    }
    if (entries.empty()) co_return false;
    std::vector<intake::v1::MoneyEntry> planned = entries;
    absl::StatusOr<EntriesPlan> plan = co_await PlanEntries(parts, ref, std::move(planned));
    CO_RETURN_IF_ERROR(plan.status());
    ReferralEdit edit(parts, **std::move(loaded));
    CO_RETURN_IF_ERROR(ApplyEntries(edit, *plan, parts.node.ToString(), false));
    OutgoingMessage message;
    exchange::v1::MoneyMessage* money = message.message.mutable_money();
    money->set_referral_id(edit.now().record.referral_id());
    for (intake::v1::MoneyEntry& entry : entries) *money->add_entries() = std::move(entry);
    edit.Send(std::move(message));
    journal::ChangeSet changes;
    CO_RETURN_IF_ERROR(edit.Stage(changes));
    absl::StatusOr<journal::Committed> committed =
        co_await CommitChanges(parts, std::move(changes));
    if (MayRetry(committed.status(), attempt)) continue;
    CO_RETURN_IF_ERROR(committed.status());
    WakeRunners(parts, edit.sends(), edit.leaves_work());
    co_return true;
  }
}

Answer<bool> OnMoney(const AppParts& parts, const intake::v1::Event& event) {
  std::string case_number = event.case_number();
  absl::StatusOr<std::vector<PastReferral>> referrals =
      co_await ReferralsOfCase(parts, std::move(case_number));
  CO_RETURN_IF_ERROR(referrals.status());
  for (const PastReferral& referral : *referrals) {
    const ReferralRef ref{Side::kHome, referral.id};
    absl::StatusOr<bool> told = co_await TellMoney(parts, ref, event);
    CO_RETURN_IF_ERROR(told.status());
  }
  co_return true;
}

Answer<bool> Handle(const AppParts& parts, Disclosures& disclosures,
                    const intake::v1::Event& event) {
  if (event.has_case_withdrawn()) co_return co_await OnWithdrawn(parts, disclosures, event);
  if (event.has_consent_changed()) co_return co_await OnConsent(parts, disclosures, event);
  if (event.has_money_recorded()) co_return co_await OnMoney(parts, event);
  co_return true;
}

}  // namespace

Answer<int> FollowIntakeOnce(const AppParts& parts, Disclosures& disclosures, absl::Duration wait,
                             async::CancellationToken cancellation) {
  CursorKey key{kIntakeLog};
  auto cursor = co_await parts.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(cursor.status());
  const uint64_t after = cursor->has_value() ? (*cursor)->row.number() : 0;
  absl::StatusOr<std::vector<intake::v1::Event>> events =
      co_await parts.intake.ReadEvents(after, wait, cancellation);
  CO_RETURN_IF_ERROR(events.status());
  if (events->empty()) co_return 0;
  uint64_t last = after;
  absl::Status failed;
  for (const intake::v1::Event& event : *events) {
    absl::StatusOr<bool> handled = co_await Handle(parts, disclosures, event);
    failed = handled.status();
    if (!failed.ok()) break;
    REDRESS_FAULT_POINT("follower.after_effect");
    last = event.number();
  }
  if (last > after) {
    rows::EventCursorRecord row;
    row.set_number(last);
    row.set_updated_at_micros(ToMicros(parts.clock.Now()));
    journal::ChangeSet changes;
    const CursorKey cursor_key{kIntakeLog};
    parts.repository.ExpectVersion(changes, cursor_key,
                                   cursor->has_value() ? (*cursor)->version : 0);
    parts.repository.Put(changes, cursor_key, row);
    REDRESS_FAULT_POINT("follower.before_cursor");
    absl::StatusOr<journal::Committed> committed =
        co_await CommitChanges(parts, std::move(changes));
    CO_RETURN_IF_ERROR(committed.status());
  }
  CO_RETURN_IF_ERROR(failed);
  co_return static_cast<int>(events->size());
}

async::Task<void> FollowIntake(const AppParts& parts, Disclosures& disclosures,
                               async::CancellationToken cancellation) {
  while (!cancellation.IsCancelled()) {
    absl::StatusOr<int> handled =
        co_await FollowIntakeOnce(parts, disclosures, kWait, cancellation);
    if (handled.ok()) continue;
    (void)co_await async::SleepUnlessCancelled(parts.executor, kPause, cancellation);
  }
}

}  // namespace redress::referral
