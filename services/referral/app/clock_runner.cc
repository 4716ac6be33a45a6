#include "services/referral/app/clock_runner.h"

#include <algorithm>
#include <utility>

#include "services/platform/journal/keys.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/referral_edit.h"
#include "services/referral/app/verb_runner.h"

namespace redress::referral {
namespace {

constexpr size_t kBatch = 100;
constexpr int kPasses = 5;
// How often the index is looked at, in the executor's time: a clock that a test moved, or one that
// a commit has just started, is noticed within this.
constexpr absl::Duration kLook = absl::Seconds(1);

Answer<LinkView> LinkViewOf(const AppParts& parts, const LoadedReferral& loaded) {
  LinkView view;
  view.relayed = loaded.relayed();
  const NodeId peer = NodeId::FromTrusted(loaded.peer());
  LinkKey out_key{peer, LinkHalf::kOut};
  auto out = co_await parts.repository.Find(std::move(out_key));
  CO_RETURN_IF_ERROR(out.status());
  LinkKey in_key{peer, LinkHalf::kIn};
  auto in = co_await parts.repository.Find(std::move(in_key));
  CO_RETURN_IF_ERROR(in.status());
  int64_t heard = 0;
  if (out->has_value()) heard = std::max(heard, (*out)->row.heard_at_micros());
  if (in->has_value()) heard = std::max(heard, (*in)->row.heard_at_micros());
  view.peer_heard_at = FromMicros(heard);
  // Ours is drained when the peer has a receipt for every fact; the peer's own outbox is known to
  // be empty only while it answers us.
  const bool failing = out->has_value() && (*out)->row.failing_since_micros() != 0;
  view.drained = !failing && loaded.record.confirmed_facts() == loaded.own_facts();
  co_return view;
}

v1::ClockKind WireKind(ClockKind kind) { return static_cast<v1::ClockKind>(kind); }

absl::Status ActOn(const AppParts& parts, const DueClock& due, ReferralEdit& edit) {
  edit.MarkFired(due.key);
  if (due.action == ClockAction::kWriteFact) {
    Fact fact = *due.fact;
    fact.actor = NodeActor(parts);
    return edit.Write(std::move(fact)).status();
  }
  if (due.action == ClockAction::kWarnAndEvidence) edit.Issue(EvidenceKind::kNonDelivery, "");
  v1::Event event;
  event.mutable_clock()->set_clock(WireKind(due.key.kind));
  SetTimestamp(due.due, event.mutable_clock()->mutable_due_at());
  edit.AddEvent(std::move(event));
  return absl::OkStatus();
}

// Acts on the first clock of the referral that is due; false when none is. One a commit, since a
// fact may void the clocks after it.
Answer<bool> RunOne(const AppParts& parts, ReferralRef ref, bool& more) {
  more = false;
  absl::StatusOr<std::optional<LoadedReferral>> loaded = co_await LoadReferral(parts, ref);
  CO_RETURN_IF_ERROR(loaded.status());
  if (!loaded->has_value()) co_return false;
  absl::StatusOr<LinkView> link = co_await LinkViewOf(parts, **loaded);
  CO_RETURN_IF_ERROR(link.status());
  const ClockRules rules = RulesOf(parts, (*loaded)->record);
  const std::vector<DueClock> due =
      DueClocks((*loaded)->folded, rules, *link, (*loaded)->fired, parts.clock.Now());
  if (due.empty()) co_return false;
  more = true;
  ReferralEdit edit(parts, **std::move(loaded));
  CO_RETURN_IF_ERROR(ActOn(parts, due.front(), edit));
  journal::ChangeSet changes;
  CO_RETURN_IF_ERROR(edit.Stage(changes));
  absl::StatusOr<journal::Committed> committed = co_await CommitChanges(parts, std::move(changes));
  CO_RETURN_IF_ERROR(committed.status());
  WakeRunners(parts, edit.sends(), edit.leaves_work());
  co_return true;
}

// Takes the look that was due off the index and puts the next one there.
Answer<bool> LookAgainLater(const AppParts& parts, DueKey done) {
  absl::StatusOr<std::optional<LoadedReferral>> loaded = co_await LoadReferral(parts, done.ref);
  CO_RETURN_IF_ERROR(loaded.status());
  journal::ChangeSet changes;
  parts.repository.Delete(changes, done);
  if (loaded->has_value()) {
    absl::StatusOr<LinkView> link = co_await LinkViewOf(parts, **loaded);
    CO_RETURN_IF_ERROR(link.status());
    const absl::Time look = NextLook((*loaded)->folded, RulesOf(parts, (*loaded)->record), *link,
                                     (*loaded)->fired, parts.clock.Now());
    if (look != absl::InfiniteFuture()) {
      parts.repository.Put(changes, DueKey{look, done.ref}, rows::ClockRecord());
    }
  }
  absl::StatusOr<journal::Committed> committed = co_await CommitChanges(parts, std::move(changes));
  CO_RETURN_IF_ERROR(committed.status());
  co_return true;
}

}  // namespace

namespace {

// Everything that is due of one referral.
Answer<int> RunReferral(const AppParts& parts, DueKey look) {
  int acted = 0;
  bool more = true;
  for (int pass = 1; more && pass <= kPasses; ++pass) {
    absl::StatusOr<bool> done = co_await RunOne(parts, look.ref, more);
    if (absl::IsAborted(done.status())) continue;
    CO_RETURN_IF_ERROR(done.status());
    acted += *done ? 1 : 0;
  }
  absl::StatusOr<bool> later = co_await LookAgainLater(parts, std::move(look));
  CO_RETURN_IF_ERROR(later.status());
  co_return acted;
}

}  // namespace

Answer<int> RunDueClocks(const AppParts& parts) {
  int acted = 0;
  absl::Status failed;
  RowRange range{.of = RowRange::Of::kDue};
  std::optional<DueKey> from_start;
  auto looks =
      co_await parts.repository.Scan<DueKey>(std::move(range), std::move(from_start), kBatch);
  CO_RETURN_IF_ERROR(looks.status());
  for (const Found<DueKey>& look : looks->rows) {
    if (look.key.due > parts.clock.Now()) break;
    DueKey key = look.key;
    absl::StatusOr<int> done = co_await RunReferral(parts, std::move(key));
    // One referral that cannot be read holds up no other; it is looked at again next time.
    if (done.ok()) {
      acted += *done;
    } else {
      failed = done.status();
    }
  }
  if (acted == 0) CO_RETURN_IF_ERROR(failed);
  co_return acted;
}

async::Task<void> RunClocks(const AppParts& parts, async::CancellationToken cancellation) {
  while (!cancellation.IsCancelled()) {
    // A store that cannot be read now is asked again; what is due stays on the index.
    absl::StatusOr<int> acted = co_await RunDueClocks(parts);
    if (acted.ok() && *acted > 0) continue;
    (void)co_await async::SleepUnlessCancelled(parts.executor, kLook, cancellation);
  }
}

}  // namespace redress::referral
