#include "services/referral/app/receipts.h"

#include <utility>

#include "services/platform/journal/keys.h"
#include "services/platform/status/fault_point.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/referral_edit.h"
#include "services/referral/app/verb_runner.h"

namespace redress::referral {
namespace {

bool Refused(const Confirmation& confirmation) {
  return confirmation.receipt.outcome() == exchange::v1::RECEIPT_OUTCOME_REFUSED;
}

// Tells followers of the log that the peer answers again, or has gone silent.
v1::Event LinkEvent(const AppParts& parts, const std::string& peer, const rows::LinkRecord& link,
                    bool up) {
  v1::Event event;
  SetTimestamp(parts.clock.Now(), event.mutable_occurred_at());
  SetTimestamp(parts.clock.Now(), event.mutable_recorded_at());
  event.mutable_link()->set_peer_node(peer);
  event.mutable_link()->set_up(up);
  REDRESS_SET_TIME(*event.mutable_link(), heard_at, FromMicros(link.heard_at_micros()));
  return event;
}

Answer<bool> StageLink(const AppParts& parts, const Confirmation& confirmation,
                       journal::ChangeSet& changes) {
  LinkKey key{NodeId::FromTrusted(confirmation.peer), LinkHalf::kOut};
  const LinkKey kept = key;
  auto found = co_await parts.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(found.status());
  rows::LinkRecord link;
  if (found->has_value()) link = (*found)->row;
  if (link.out_epoch() == 0) link.set_out_epoch(1);
  link.set_out_confirmed(confirmation.number);
  link.set_out_digest(confirmation.digest);
  link.set_heard_at_micros(ToMicros(parts.clock.Now()));
  if (link.failing_since_micros() != 0) {
    link.clear_failing_since_micros();
    changes.AppendEvent(LinkEvent(parts, confirmation.peer, link, /*up=*/true).SerializeAsString());
  }
  parts.repository.ExpectVersion(changes, kept, found->has_value() ? (*found)->version : 0);
  parts.repository.Put(changes, kept, link);
  changes.Delete(kv::LogKey(journal::OutboxLog(confirmation.peer), confirmation.number));
  if (Refused(confirmation)) {
    rows::FailedEnvelopeRecord failed;
    failed.set_message_id(confirmation.row.message_id());
    failed.set_kind(confirmation.row.kind());
    failed.set_referral_id(confirmation.row.referral_id());
    failed.set_reason(confirmation.receipt.reason());
    failed.set_failed_at_micros(ToMicros(parts.clock.Now()));
    parts.repository.Put(
        changes,
        FailedEnvelopeKey{NodeId::FromTrusted(confirmation.peer), confirmation.receipt.link_epoch(),
                          confirmation.sequence},
        failed);
  }
  co_return true;
}

// Of a referral's own messages: what the receipt means for it. Nothing for most pages.
bool Concerns(const Confirmation& confirmation) {
  return Refused(confirmation) || confirmation.row.last_part() ||
         confirmation.row.fact_number() > 0 ||
         confirmation.row.kind() == exchange::v1::MESSAGE_KIND_REFERRAL_HEAD;
}

void Apply(const Confirmation& confirmation, ReferralEdit& edit) {
  if (Refused(confirmation)) {
    v1::Event event;
    event.mutable_envelope_failed()->set_message_id(confirmation.row.message_id());
    event.mutable_envelope_failed()->set_peer_node(confirmation.peer);
    event.mutable_envelope_failed()->set_reason(confirmation.receipt.reason());
    edit.AddEvent(std::move(event));
    return;
  }
  const bool head = confirmation.row.kind() == exchange::v1::MESSAGE_KIND_REFERRAL_HEAD;
  const uint32_t fact = head ? 1 : confirmation.row.fact_number();
  if (fact > edit.now().record.confirmed_facts()) {
    edit.record().set_confirmed_facts(fact);
    v1::Event event;
    event.mutable_peer_confirmed()->set_confirmed_facts(fact);
    edit.AddEvent(std::move(event));
  }
  if (confirmation.row.last_part() && edit.now().ref.side == Side::kHome && !edit.now().relayed()) {
    edit.Issue(EvidenceKind::kRelay, "");
  }
}

}  // namespace

Answer<bool> KeepReceipt(const AppParts& parts, Confirmation confirmation) {
  for (int attempt = 1;; ++attempt) {
    journal::ChangeSet changes;
    absl::StatusOr<bool> staged = co_await StageLink(parts, confirmation, changes);
    CO_RETURN_IF_ERROR(staged.status());
    bool sends = false;
    bool work = false;
    if (!confirmation.row.referral_id().empty() && Concerns(confirmation)) {
      absl::StatusOr<ReferralId> id =
          ReferralId::Parse(confirmation.row.referral_id(), "referral_id");
      CO_RETURN_IF_ERROR(id.status());
      const ReferralRef ref{static_cast<Side>(confirmation.row.local_side()), *id};
      absl::StatusOr<std::optional<LoadedReferral>> loaded = co_await LoadReferral(parts, ref);
      CO_RETURN_IF_ERROR(loaded.status());
      if (loaded->has_value()) {
        ReferralEdit edit(parts, **std::move(loaded));
        Apply(confirmation, edit);
        CO_RETURN_IF_ERROR(edit.Stage(changes));
        sends = edit.sends();
        work = edit.leaves_work();
      }
    }
    if (confirmation.row.kind() == exchange::v1::MESSAGE_KIND_EVIDENCE_NOTICE) work = true;
    absl::StatusOr<journal::Committed> committed =
        co_await CommitChanges(parts, std::move(changes));
    if (MayRetry(committed.status(), attempt)) continue;
    CO_RETURN_IF_ERROR(committed.status());
    REDRESS_FAULT_POINT("outbox.receipt_kept");
    WakeRunners(parts, sends, work);
    co_return true;
  }
}

Answer<bool> NoteAttempt(const AppParts& parts, std::string peer, bool answered) {
  LinkKey key{NodeId::FromTrusted(peer), LinkHalf::kOut};
  const LinkKey kept = key;
  auto found = co_await parts.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(found.status());
  rows::LinkRecord link;
  if (found->has_value()) link = (*found)->row;
  const bool failing = link.failing_since_micros() != 0;
  if (failing == !answered) co_return true;
  if (answered) {
    link.clear_failing_since_micros();
    link.set_heard_at_micros(ToMicros(parts.clock.Now()));
  } else {
    link.set_failing_since_micros(ToMicros(parts.clock.Now()));
  }
  if (link.out_epoch() == 0) link.set_out_epoch(1);
  journal::ChangeSet changes;
  parts.repository.ExpectVersion(changes, kept, found->has_value() ? (*found)->version : 0);
  parts.repository.Put(changes, kept, link);
  changes.AppendEvent(LinkEvent(parts, peer, link, answered).SerializeAsString());
  absl::StatusOr<journal::Committed> committed = co_await CommitChanges(parts, std::move(changes));
  CO_RETURN_IF_ERROR(committed.status());
  co_return true;
}

}  // namespace redress::referral
