#include "services/referral/domain/fold.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/domain/crossing.h"

namespace redress::referral {
namespace {

using S = ReferralState;

// A clock of the other node may run ahead of ours by this much before it is held back.
constexpr absl::Duration kClockGrace = absl::Minutes(5);

// Applies facts in the order that the crossing table settles. Lives for one Fold.
class Folder {
 public:
  Folder(std::span<const Fact> home, std::span<const Fact> destination)
      : home_(Contiguous(home)), destination_(Contiguous(destination)) {
    folded_.waiting_facts = static_cast<uint32_t>(home.size() - home_.size() + destination.size() -
                                                  destination_.size());
  }

  FoldedReferral Run() {
    while (true) {
      const bool home_ready = Ready(home_, folded_.home_facts, folded_.destination_facts);
      const bool destination_ready =
          Ready(destination_, folded_.destination_facts, folded_.home_facts);
      if (!home_ready && !destination_ready) break;
      const bool home_next = home_ready && (!destination_ready || HomeGoesFirst());
      Apply(home_next ? home_[folded_.home_facts] : destination_[folded_.destination_facts]);
    }
    folded_.waiting_facts += static_cast<uint32_t>(home_.size() - folded_.home_facts +
                                                   destination_.size() - folded_.destination_facts);
    if (folded_.recalled_for_erasure && IsEnded(folded_.state)) {
      folded_.obligations.push_back({EvidenceKind::kErasure, erasing_recall_, false});
    }
    return std::move(folded_);
  }

 private:
  static std::span<const Fact> Contiguous(std::span<const Fact> facts) {
    size_t count = 0;
    while (count < facts.size() && facts[count].number == count + 1) ++count;
    return facts.first(count);
  }

  static bool Ready(std::span<const Fact> facts, uint32_t applied, uint32_t other_applied) {
    return applied < facts.size() && facts[applied].seen <= other_applied;
  }

  // Both next facts are ready, so neither saw the other. The destination's waits if any of home's
  // that crosses it wins over it: what home wrote before that one comes along, as it must.
  bool HomeGoesFirst() const {
    const FactKind destination = destination_[folded_.destination_facts].kind;
    for (size_t i = folded_.home_facts; i < home_.size(); ++i) {
      if (home_[i].seen > folded_.destination_facts) return false;  // It knew; so do those after.
      if (CrossingOf(home_[i].kind, destination) == Crossing::kHomeFirst) return true;
    }
    return false;
  }

  void Apply(const Fact& fact) {
    const bool home = fact.side() == Side::kHome;
    absl::Time& last = home ? home_time_ : destination_time_;
    last = std::max(last, std::min(fact.occurred_at, LatestFor(fact)));
    ++(home ? folded_.home_facts : folded_.destination_facts);

    FoldStep step = {.fact = {fact.side(), fact.number},
                     .kind = fact.kind,
                     .before = folded_.state,
                     .after = folded_.state,
                     .effective_at = last};
    const std::optional<Transition> transition = FindTransition(folded_.state, VerbOf(fact));
    if (transition && NamesWhatIsOpen(fact)) {
      step.after = transition->to_state_before ? folded_.state_before : transition->next;
      MoveTo(fact, *transition, step);
      if (home) {
        TakeHome(fact, step);
      } else {
        TakeDestination(fact, step);
      }
      if (std::optional<EvidenceKind> kind = EvidenceFor(fact.kind)) {
        folded_.obligations.push_back({*kind, step.fact, IsGood(step.after)});
      } else if (step.after == S::kResolved && step.before != S::kResolved) {
        folded_.obligations.push_back({EvidenceKind::kOutcome, step.fact, true});
      }
    } else {
      Lose(fact, step);
    }
    if (const auto* recall = DetailsOf<RecallDetails>(fact); recall && recall->erasure_required) {
      folded_.recalled_for_erasure = true;
      erasing_recall_ = step.fact;
    }
    folded_.steps.push_back(std::move(step));
  }

  static bool IsGood(S state) { return state == S::kAccepted || state == S::kResolved; }

  static absl::Time LatestFor(const Fact& fact) {
    if (fact.recorded_at == absl::InfinitePast()) return absl::InfiniteFuture();
    return fact.recorded_at + kClockGrace;
  }

  // An answer counts only for the question or proposal that is open.
  bool NamesWhatIsOpen(const Fact& fact) const {
    if (const auto* answer = DetailsOf<InformationAnswerDetails>(fact)) {
      return folded_.open_question &&
             folded_.open_question->question_number == answer->question_number;
    }
    if (const auto* answer = DetailsOf<ProposalAnswerDetails>(fact)) {
      return folded_.proposal && folded_.proposal->proposal_number == answer->proposal_number;
    }
    return true;
  }

  void MoveTo(const Fact& fact, const Transition& transition, const FoldStep& step) {
    if (step.after == step.before) return;
    const bool detour = step.after == S::kInfoRequested || step.after == S::kForwarded;
    if (detour) reason_before_ = folded_.reason;
    folded_.state_before = detour || step.after == S::kRecallRequested ? step.before : S::kNone;
    if (transition.to_state_before) {
      folded_.reason = std::exchange(reason_before_, "");
    } else if (!NeedsReason(step.after)) {
      folded_.reason.clear();
    } else if (!fact.reason.empty() && step.after != S::kRecalled) {
      folded_.reason = fact.reason;
    }  // Else TRANSFERRED and RECALLED, which keep the reason of what they complete.

    if (folded_.clock_stopped()) {
      ClockStop& stop = folded_.stops.back();
      stop.until = std::max(stop.from, step.effective_at);
    }
    // A forward waits for home's decision as a question waits for home's answer.
    if (StopsReceiverClock(step.after) || step.after == S::kForwarded) {
      folded_.stops.push_back({.from = step.effective_at});
    }
    if (step.before == S::kInfoRequested) folded_.open_question.reset();
    if (step.before == S::kSolutionProposed) folded_.proposal_open = false;
    if (IsEnded(step.after)) {
      folded_.ended_by = step.fact;
      folded_.accepted = folded_.accepted && step.after != S::kDeclined;
    }
    folded_.state = step.after;
    folded_.state_since = step.effective_at;
  }

  void TakeHome(const Fact& fact, const FoldStep& step) {
    if (const auto* sent = DetailsOf<SentDetails>(fact)) {
      folded_.receiver = sent->receiver;
      folded_.urgency = sent->urgency;
      folded_.sent_at = step.effective_at;
    }
    if (step.after == S::kSent) {
      folded_.queued_at = step.effective_at;
      folded_.queued_round = fact.number;
    }
    if (const auto* forward = DetailsOf<ForwardDetails>(fact); forward && forward->child) {
      folded_.child = forward->child;
    }
    if (const auto* answer = DetailsOf<ProposalAnswerDetails>(fact)) TakeAnswers(*answer);
  }

  void TakeAnswers(const ProposalAnswerDetails& details) {
    for (const MemberAnswer& answer : details.answers) {
      MemberStanding& standing = folded_.members[answer.member];
      standing.answered_proposal = details.proposal_number;
      standing.accepted = answer.accepted;
      if (answer.accepted) {
        standing.agreed = true;
        standing.agreed_proposal = details.proposal_number;
      }
    }
  }

  void TakeDestination(const Fact& fact, const FoldStep& step) {
    switch (fact.kind) {
      case FactKind::kDelivered:
        folded_.delivered_at = step.effective_at;
        folded_.was_delivered = step.after == S::kDelivered;
        RestartAcceptClock(step);
        return;
      case FactKind::kAcknowledged:
        // A late sign of life gets the whole time to accept, or it would be late again at once.
        if (step.before == S::kNoResponse) RestartAcceptClock(step);
        if (const auto* details = DetailsOf<AcknowledgedDetails>(fact)) {
          folded_.focal_point_id = details->focal_point_id;
        }
        return;
      case FactKind::kAccepted:
        folded_.accepted = true;
        folded_.accepted_at = step.effective_at;
        if (const auto* details = DetailsOf<AcceptedDetails>(fact)) {
          folded_.focal_point_id = details->focal_point_id;
          folded_.receiver_reference = details->receiver_reference;
        }
        return;
      case FactKind::kDeclined:
        if (const auto* details = DetailsOf<DeclinedDetails>(fact)) {
          folded_.suggested_bodies = details->suggested;
        }
        return;
      case FactKind::kInformationRequested:
        folded_.asked_at = step.effective_at;
        if (const auto* details = DetailsOf<InformationRequestDetails>(fact)) {
          folded_.open_question = *details;
          folded_.questions = std::max(folded_.questions, details->question_number);
        }
        return;
      case FactKind::kForwardRequested:
        if (const auto* details = DetailsOf<ForwardDetails>(fact)) {
          folded_.forward_to = details->to;
          folded_.child = details->child;
        }
        return;
      default:
        TakeWork(fact, step);
    }
  }

  void TakeWork(const Fact& fact, const FoldStep& step) {
    switch (fact.kind) {
      case FactKind::kStepRecorded:
        if (const auto* details = DetailsOf<StepDetails>(fact);
            details && details->next_date != absl::InfinitePast()) {
          folded_.next_date = details->next_date;
        }
        return;
      case FactKind::kSolutionProposed:
        if (const auto* details = DetailsOf<ProposalDetails>(fact)) {
          TakeProposal(*details, step);
        }
        return;
      case FactKind::kProposalWithdrawn:
        for (auto& [member, standing] : folded_.members) {
          if (standing.agreed && standing.agreed_proposal == folded_.proposals) {
            standing.agreed = false;
          }
        }
        return;
      case FactKind::kResolved:
      case FactKind::kUnresolved:
        if (const auto* details = DetailsOf<OutcomeDetails>(fact)) folded_.outcome = *details;
        return;
      default:
        return;
    }
  }

  // Members named in the new proposal are asked anew; whoever agreed before and is not named keeps
  // what was agreed.
  void TakeProposal(const ProposalDetails& details, const FoldStep& step) {
    if (folded_.proposal) {
      folded_.earlier_proposals[folded_.proposal->proposal_number] = *std::move(folded_.proposal);
    }
    folded_.proposal = details;
    folded_.proposal_open = true;
    folded_.proposals = details.proposal_number;
    folded_.proposed_at = step.effective_at;
    for (const MemberTerms& terms : details.terms.members) {
      auto found = folded_.members.find(terms.member);
      if (found != folded_.members.end()) found->second.agreed = false;
    }
  }

  void RestartAcceptClock(const FoldStep& step) {
    folded_.accept_clock_from = step.effective_at;
    folded_.accept_clock_round = step.fact.number;
  }

  // Nothing moves. The winner is the last standing fact of the other side that the loser had not
  // seen, one that moved the state before one that did not.
  void Lose(const Fact& fact, FoldStep& step) {
    step.loss = Loss::kOutOfRules;
    for (auto other = folded_.steps.rbegin(); other != folded_.steps.rend(); ++other) {
      if (other->fact.side == step.fact.side) continue;
      if (other->fact.number <= fact.seen) break;
      if (other->lost()) continue;
      const bool moved = other->before != other->after;
      if (!step.lost_to || moved) step.lost_to = other->fact;
      step.loss = Loss::kCrossed;
      if (moved) break;
    }
    // A worker's word is kept though an outcome came first.
    const auto* answer = DetailsOf<ProposalAnswerDetails>(fact);
    if (answer && step.loss == Loss::kCrossed && folded_.state == S::kResolved &&
        NamesWhatIsOpen(fact)) {
      TakeAnswers(*answer);
    }
  }

  std::span<const Fact> home_;
  std::span<const Fact> destination_;
  FoldedReferral folded_;
  std::string reason_before_;  // Of the state that a question or a forward interrupted.
  FactRef erasing_recall_;
  absl::Time home_time_ = absl::InfinitePast();
  absl::Time destination_time_ = absl::InfinitePast();
};

// Numbers questions and proposals, and holds answers against what is open.
absl::Status FillNumbers(const FoldedReferral& folded, Fact& fact) {
  if (auto* question = std::get_if<InformationRequestDetails>(&fact.details)) {
    question->question_number = folded.questions + 1;
  }
  if (auto* proposal = std::get_if<ProposalDetails>(&fact.details)) {
    proposal->proposal_number = folded.proposals + 1;
  }
  if (const auto* answer = DetailsOf<InformationAnswerDetails>(fact);
      answer &&
      (!folded.open_question || folded.open_question->question_number != answer->question_number)) {
    return RefusePrecondition("QUESTION_NOT_OPEN", "that question is not open",
                              {{"question_number", fmt::format("{}", answer->question_number)}});
  }
  if (const auto* answer = DetailsOf<ProposalAnswerDetails>(fact);
      answer && (!folded.proposal_open || folded.proposals != answer->proposal_number)) {
    return RefusePrecondition(
        "PROPOSAL_NOT_CURRENT", "that proposal is not open",
        {{"proposal_number", fmt::format("{}", folded.proposal_open ? folded.proposals : 0)}});
  }
  return absl::OkStatus();
}

}  // namespace

FoldedReferral Fold(std::span<const Fact> home, std::span<const Fact> destination) {
  return Folder(home, destination).Run();
}

absl::StatusOr<Fact> NextFact(const FoldedReferral& folded, Fact fact, bool open_balance) {
  const Side side = fact.side();
  absl::StatusOr<ReferralState> moved = Move(PositionOf(folded, side, open_balance), VerbOf(fact));
  if (!moved.ok()) return moved.status();
  RETURN_IF_ERROR(FillNumbers(folded, fact));
  const bool home = side == Side::kHome;
  fact.number = (home ? folded.home_facts : folded.destination_facts) + 1;
  fact.seen = home ? folded.destination_facts : folded.home_facts;
  for (auto step = folded.steps.rbegin(); step != folded.steps.rend(); ++step) {
    if (step->fact.side != side) continue;
    fact.occurred_at = std::max(fact.occurred_at, step->effective_at);
    break;
  }
  return fact;
}

std::string EtagOf(const FoldedReferral& folded) {
  return fmt::format("{}.{}", folded.home_facts, folded.destination_facts);
}

Position PositionOf(const FoldedReferral& folded, Side local_side, bool open_balance) {
  return {.state = folded.state,
          .state_before = folded.state_before,
          .local_side = local_side,
          .open_balance = open_balance,
          .arrived = folded.delivered_at != absl::InfinitePast()};
}

}  // namespace redress::referral
