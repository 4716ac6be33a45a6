// The part of ReferralEdit that turns what was gathered into rows.
#include <algorithm>

#include "services/platform/status/status_macros.h"
#include "services/referral/app/fact_conversion.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/referral_edit.h"
#include "services/referral/app/referral_events.h"

namespace redress::referral {

absl::Status ReferralEdit::StageFacts(journal::ChangeSet& changes) {
  for (const NewFact& added : facts_) {
    const v1::Fact message = ToProto(added.fact, parts_.codes);
    const std::string bytes = FactBytes(message);
    if (bytes.size() > kMaxMessageBytes) {
      return absl::ResourceExhaustedError("the fact is larger than a message may be");
    }
    const FactKey key{now_.ref, added.fact.side(), added.fact.number};
    rows::FactRecord row;
    row.set_kind(static_cast<v1::FactKind>(added.fact.kind));
    row.set_seen_number(added.fact.seen);
    row.set_occurred_at_micros(ToMicros(added.fact.occurred_at));
    row.set_recorded_at_micros(ToMicros(added.fact.recorded_at));
    row.set_fact_sha256(FactDigest(message));
    row.set_sealed(parts_.repository.Seal(*now_.case_key, key, bytes));
    parts_.repository.Put(changes, key, row);
    AuditNodeFact(added, changes);
  }
  return absl::OkStatus();
}

// What the node did of itself. A person's verb has a line of its own.
void ReferralEdit::AuditNodeFact(const NewFact& added, journal::ChangeSet& changes) {
  if (!added.own || !added.fact.actor.person.empty()) return;
  audit::AuditLeaf leaf;
  leaf.at = parts_.clock.Now();
  leaf.actor = {"", added.fact.actor.body.ToString(), "service"};
  leaf.verb = std::string(FactKindName(added.fact.kind));
  leaf.resource_id = now_.record.referral_id();
  leaf.reason = added.fact.reason;
  changes.Audit(leaf);
}

// Own facts go out in their order; the first one of home in the head of the referral.
absl::Status ReferralEdit::SendFacts() {
  std::vector<OutgoingMessage> outgoing = std::move(first_messages_);
  exchange::v1::EvidenceMessage loose;
  for (const auto& [fact_number, evidence] : own_evidence_) {
    if (fact_number == 0) *loose.add_evidence() = evidence;
  }
  for (const NewFact& added : facts_) {
    if (!added.own) continue;
    OutgoingMessage message;
    const v1::Fact fact = ExchangedForm(ToProto(added.fact, parts_.codes));
    if (head_ && added.fact.kind == FactKind::kSent) {
      *head_->mutable_fact() = fact;
      for (const auto& [number, evidence] : own_evidence_) {
        if (number == added.fact.number) *head_->mutable_evidence() = evidence;
      }
      *message.message.mutable_referral_head() = *head_;
      message.expires =
          FromMicros(now_.record.sent_at_micros()) + RulesOf(parts_, now_.record).give_up;
    } else {
      exchange::v1::FactMessage* sent = message.message.mutable_fact();
      sent->set_referral_id(now_.record.referral_id());
      *sent->mutable_fact() = fact;
      for (const auto& [number, evidence] : own_evidence_) {
        if (number == added.fact.number) *sent->add_evidence() = evidence;
      }
      message.fact_number = added.fact.number;
    }
    outgoing.push_back(std::move(message));
  }
  if (loose.evidence_size() > 0) {
    loose.set_referral_id(now_.record.referral_id());
    OutgoingMessage message;
    *message.message.mutable_evidence() = std::move(loose);
    outgoing.push_back(std::move(message));
  }
  // What else was asked for follows the head and the facts.
  for (OutgoingMessage& message : messages_) outgoing.push_back(std::move(message));
  messages_ = std::move(outgoing);
  return absl::OkStatus();
}

absl::Status ReferralEdit::StageMessages(journal::ChangeSet& changes) {
  RETURN_IF_ERROR(SendFacts());
  for (const OutgoingMessage& message : messages_) {
    ASSIGN_OR_RETURN(std::string row, OutboxRow(parts_, now_.ref, *now_.case_key, message));
    changes.AppendOutbox(now_.peer(), std::move(row));
  }
  sends_ = !messages_.empty();
  return absl::OkStatus();
}

void ReferralEdit::StageEvidence(journal::ChangeSet& changes) {
  auto stage = [&](Side issuer, uint32_t number, const v1::Evidence& evidence) {
    rows::EvidenceRecord row;
    v1::Evidence kept = evidence;
    kept.clear_content();
    row.set_evidence(kept.SerializeAsString());
    row.set_valid(true);
    row.set_recorded_at_micros(ToMicros(parts_.clock.Now()));
    parts_.repository.Put(changes, EvidenceKey{now_.ref, issuer, number}, row);
  };
  const Side own = now_.ref.side;
  uint32_t number =
      (own == Side::kHome ? before_.home_evidence_count() : before_.destination_evidence_count());
  for (const auto& [fact, evidence] : own_evidence_) stage(own, ++number, evidence);
  for (const auto& [taken, evidence] : taken_evidence_) stage(OtherSide(own), taken, evidence);
}

void ReferralEdit::StageEvents(journal::ChangeSet& changes) {
  auto stage = [&](v1::Event event, ReferralState before, ReferralState after,
                   absl::Time occurred) {
    v1::Event whole = BaseEvent(parts_, now_);
    whole.MergeFrom(event);
    whole.set_state_before(static_cast<v1::ReferralState>(before));
    whole.set_state_after(static_cast<v1::ReferralState>(after));
    if (IsFinite(occurred)) SetTimestamp(occurred, whole.mutable_occurred_at());
    changes.AppendEvent(whole.SerializeAsString());
  };
  const auto before = static_cast<ReferralState>(before_.state());
  const absl::Time now = absl::InfinitePast();  // As BaseEvent says.
  const ReferralState first = facts_.empty() ? now_.folded.state : facts_.front().after;
  for (v1::Event& event : first_events_) stage(std::move(event), before, first, now);
  for (const NewFact& added : facts_) {
    bool lost = false;
    for (const FoldStep& step : now_.folded.steps) {
      if (step.fact == FactRef{added.fact.side(), added.fact.number}) lost = step.lost();
    }
    v1::Event event;
    *event.mutable_fact() = FactAddedOf(parts_, added.fact, lost, added.evidence);
    stage(std::move(event), added.before, added.after, added.fact.occurred_at);
  }
  for (v1::Event& event : events_) {
    stage(std::move(event), now_.folded.state, now_.folded.state, now);
  }
}

void ReferralEdit::StageIndexes(journal::ChangeSet& changes) {
  const std::vector<IndexKey> fresh = IndexKeysOf(now_.ref, now_.record);
  if (now_.version != 0) {
    for (const IndexKey& key : IndexKeysOf(now_.ref, before_)) {
      if (std::find(fresh.begin(), fresh.end(), key) == fresh.end()) {
        parts_.repository.Delete(changes, key);
      }
    }
  }
  const v1::ReferralSummary summary = SummaryOf(now_.record);
  for (const IndexKey& key : fresh) parts_.repository.Put(changes, key, summary);
}

// Counted as they change: a body may have had any number of them.
void ReferralEdit::StageResponses(journal::ChangeSet& changes) {
  if (now_.ref.side != Side::kHome) return;
  const auto counted = [](const rows::ReferralRecord& record) {
    return ResponseIn(static_cast<ReferralState>(record.state()));
  };
  const ResponseRecord before = now_.version == 0 ? ResponseRecord() : counted(before_);
  const ResponseRecord after = counted(now_.record);
  if (before == after) return;
  const ResponsesKey key{BodyId::FromTrusted(now_.record.receiver_body_id())};
  parts_.repository.Add(changes, key, ResponseAmounts(before, after));
}

// A look that has become void finds nothing to do and goes away by itself, so none is taken back.
void ReferralEdit::StageClocks(journal::ChangeSet& changes) {
  if (now_.ref.side != Side::kHome) return;
  for (const ClockKey& clock : fired_) {
    rows::ClockRecord row;
    row.set_clock(static_cast<int32_t>(clock.kind));
    row.set_started_at_micros(ToMicros(parts_.clock.Now()));
    parts_.repository.Put(changes,
                          FiredKey{now_.ref, static_cast<uint8_t>(clock.kind), clock.round}, row);
    now_.fired.insert(clock);
  }
  LinkView link;
  link.relayed = now_.relayed();
  const absl::Time look =
      NextLook(now_.folded, RulesOf(parts_, now_.record), link, now_.fired, parts_.clock.Now());
  if (look != absl::InfiniteFuture()) {
    parts_.repository.Put(changes, DueKey{look, now_.ref}, rows::ClockRecord());
  }
}

void ReferralEdit::DecideWork() {
  if (now_.ref.side != Side::kHome) return;
  const ReferralState state = now_.folded.state;
  const auto before = static_cast<ReferralState>(before_.state());
  // From the moment it is given up, so that none lives again without being known to.
  if (state == ReferralState::kUndelivered && state != before) {
    now_.record.set_disclosure_settled(true);
  }
  // Also where one that was given up arrives after all, or is sent again.
  const bool lives_again = before == ReferralState::kUndelivered && IsOpen(state);
  if ((!IsOpen(state) && state != before) || lives_again) LeaveWork(WorkKind::kSettle);
  if (state == ReferralState::kForwarded && before_.state() != v1::REFERRAL_STATE_FORWARDED) {
    LeaveWork(WorkKind::kForward);
  }
  // The child's arrival completes the parent's forward; the runner works through the child too.
  const bool delivered_now =
      before_.delivered_at_micros() == 0 && now_.record.delivered_at_micros() != 0;
  if (delivered_now && !now_.record.parent_referral_id().empty()) LeaveWork(WorkKind::kForward);
}

}  // namespace redress::referral
