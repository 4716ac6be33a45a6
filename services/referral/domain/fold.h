#ifndef REDRESS_SERVICES_REFERRAL_DOMAIN_FOLD_H_
#define REDRESS_SERVICES_REFERRAL_DOMAIN_FOLD_H_

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/platform/ids/case_number.h"
#include "services/platform/ids/names.h"
#include "services/referral/domain/evidence.h"
#include "services/referral/domain/fact.h"
#include "services/referral/domain/life_cycle.h"
#include "services/referral/domain/referral_state.h"

namespace redress::referral {

// Why a fact moves nothing.
enum class Loss : uint8_t {
  kNone = 0,    // It stands.
  kCrossed,     // It crossed a fact of the other side that won (crossing.h).
  kOutOfRules,  // Its writer knew better: the life cycle has no such step. A faulty peer.
};

// One fact in the order in which the fold applies facts, and what it did.
struct FoldStep {
  FactRef fact;
  FactKind kind = FactKind::kSent;
  ReferralState before = ReferralState::kNone;
  ReferralState after = ReferralState::kNone;  // Equal to `before` when it lost or moves nothing.
  // When it counts for clocks: the acting node's time, no earlier than the same side's previous
  // fact and no later than its arrival here + 5 minutes.
  absl::Time effective_at = absl::InfinitePast();
  Loss loss = Loss::kNone;
  std::optional<FactRef> lost_to;  // With kCrossed.

  bool lost() const { return loss != Loss::kNone; }
  friend bool operator==(const FoldStep&, const FoldStep&) = default;
};

// Where one member stands who has answered a proposal.
struct MemberStanding {
  bool agreed = false;             // Accepted terms that are neither withdrawn nor replaced.
  uint32_t agreed_proposal = 0;    // The proposal those terms are of.
  uint32_t answered_proposal = 0;  // The last one answered, either way.
  bool accepted = false;           // That answer.
  friend bool operator==(const MemberStanding&, const MemberStanding&) = default;
};

// A stretch in which the receiver's clocks stood still; `until` is absl::InfiniteFuture() while it
// lasts.
struct ClockStop {
  absl::Time from = absl::InfinitePast();
  absl::Time until = absl::InfiniteFuture();
  friend bool operator==(const ClockStop&, const ClockStop&) = default;
};

// What the two lists of facts say about a referral. A plain value; everything but the times
// (`effective_at` and what is taken from it) is the same on both nodes once both hold the facts.
struct FoldedReferral {
  ReferralState state = ReferralState::kNone;
  // Where an answered question or a refused forward leads back to; set in INFO_REQUESTED, FORWARDED
  // and RECALL_REQUESTED, kNone otherwise.
  ReferralState state_before = ReferralState::kNone;
  std::string reason;  // Coded reason of `state`, when it is negative or a pause.

  uint32_t home_facts = 0;         // Applied, so also the last number. The etag is "h.d".
  uint32_t destination_facts = 0;  // Likewise.
  // Facts at hand that claim to follow a fact which is not: they wait for it.
  uint32_t waiting_facts = 0;

  std::vector<FoldStep> steps;  // One for each applied fact.

  // Receiver, as far as facts name it.
  BodyId receiver;
  std::string urgency;
  std::string focal_point_id;  // Of acceptance; of acknowledgement before.
  std::string receiver_reference;
  // It reached DELIVERED, so the receiver may see it. False while only a recalled one has arrived.
  bool was_delivered = false;
  bool accepted = false;  // An acceptance stands: the receiver is the accountable holder.
  std::vector<BodyId> suggested_bodies;  // By a decline.

  // Question and forward.
  std::optional<InformationRequestDetails> open_question;
  uint32_t questions = 0;  // Asked so far; the next has this number + 1.
  std::optional<BodyId> forward_to;
  std::optional<ReferralId> child;

  // Proposal and outcome.
  std::optional<ProposalDetails> proposal;                // The last one that stood, open or not.
  std::map<uint32_t, ProposalDetails> earlier_proposals;  // Those it replaced, by their number.
  bool proposal_open = false;
  uint32_t proposals = 0;
  std::map<MemberId, MemberStanding> members;  // Those who have answered.
  std::optional<OutcomeDetails> outcome;       // Of a conclusion that stands.
  std::optional<FactRef> ended_by;

  bool recalled_for_erasure = false;            // Some recall asked for it, whether or not it won.
  absl::Time next_date = absl::InfinitePast();  // The last one a step named.

  // Times; absl::InfinitePast() where it has not happened.
  absl::Time sent_at = absl::InfinitePast();    // Of the first SENT.
  absl::Time queued_at = absl::InfinitePast();  // Of the last SENT or REQUEUED.
  uint32_t queued_round = 0;                    // Number of that fact of home.
  absl::Time delivered_at = absl::InfinitePast();
  absl::Time accept_clock_from = absl::InfinitePast();
  uint32_t accept_clock_round = 0;  // Number of the destination's fact that (re)started it.
  absl::Time accepted_at = absl::InfinitePast();
  absl::Time asked_at = absl::InfinitePast();     // Of the open question.
  absl::Time proposed_at = absl::InfinitePast();  // Of the last proposal.
  absl::Time state_since = absl::InfinitePast();
  std::vector<ClockStop> stops;  // Oldest first; at most the last is still going on.
  bool clock_stopped() const {
    return !stops.empty() && stops.back().until == absl::InfiniteFuture();
  }

  // Evidence that the standing facts ask for, in fold order. A node issues those of its own side
  // that it has not issued yet.
  std::vector<EvidenceObligation> obligations;

  friend bool operator==(const FoldedReferral&, const FoldedReferral&) = default;
};

// The shared state of a referral: a pure function of the two sides' facts.
//
// REQUIRES: each span holds one side's facts in the order of their numbers. Facts behind a gap in
// the numbers, or that saw a fact which is not given, are not applied but counted as waiting.
//
// The facts are put into one order, the same on every node, which respects what each had seen and
// settles crossing pairs by crossing.h, and are applied one after another by the table of
// life_cycle.h. One whose step is not in the table from where it stands loses and moves nothing,
// so every state reached is one of the table. Linear in the number of facts and members named.
FoldedReferral Fold(std::span<const Fact> home, std::span<const Fact> destination);

// What a node does before it writes a fact of its own: tries the verb against the folded state
// (errors of Move), and fills number, `seen` and a time not before the same side's previous fact.
// `fact` has kind, actor, occurred_at and details; VerbOf(fact) is what is tried.
absl::StatusOr<Fact> NextFact(const FoldedReferral& folded, Fact fact, bool open_balance);

// "h.d", as callers see it.
std::string EtagOf(const FoldedReferral& folded);

// Position for Move.
Position PositionOf(const FoldedReferral& folded, Side local_side, bool open_balance);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_DOMAIN_FOLD_H_
