#include "services/referral/domain/clocks.h"

#include <algorithm>
#include <string>

#include "services/referral/domain/codes.h"

namespace redress::referral {
namespace {

using S = ReferralState;

// How often a clock that waits for the link is looked at again.
constexpr absl::Duration kHeldBackLook = absl::Hours(1);

bool AcceptedAndOpen(const FoldedReferral& folded) {
  return folded.accepted && IsOpen(folded.state) && folded.state != S::kRecallRequested;
}

absl::Time HeardAt(const FoldedReferral& folded, const LinkView& link) {
  return std::max(link.peer_heard_at, folded.delivered_at);
}

bool LinkSettled(const FoldedReferral& folded, const ClockRules& rules, const LinkView& link,
                 absl::Time now) {
  return link.drained || now - HeardAt(folded, link) >= rules.link_silence;
}

// Shown again nowhere: the relay warning is void once the referral has left.
bool IsVoid(const RunningClock& clock, const LinkView& link) {
  return clock.key.kind == ClockKind::kRelayWarning && link.relayed;
}

Fact SilenceFact(FactKind kind, std::string_view reason, absl::Time due, bool drained,
                 absl::Time heard) {
  Fact fact;
  fact.kind = kind;
  fact.reason = std::string(reason);
  fact.details = SilenceDetails{.due_at = due, .link_drained = drained, .peer_heard_at = heard};
  return fact;
}

DueClock ActOn(const FoldedReferral& folded, const RunningClock& clock, const LinkView& link) {
  DueClock due = {.key = clock.key, .due = clock.due};
  switch (clock.key.kind) {
    case ClockKind::kRelayWarning:
      due.action = ClockAction::kWarn;
      break;
    case ClockKind::kDeliveryWarning:
      due.action = ClockAction::kWarnAndEvidence;
      break;
    case ClockKind::kGiveUp:
      due.action = ClockAction::kWriteFact;
      due.fact = SilenceFact(FactKind::kUndelivered, kGiveUpAgePassed, clock.due, link.drained,
                             link.peer_heard_at);
      break;
    case ClockKind::kAccept:
      due.action = ClockAction::kWriteFact;
      due.fact = SilenceFact(FactKind::kNoResponse, link.drained ? kLinkDrained : kLinkSilent,
                             clock.due, link.drained, HeardAt(folded, link));
      break;
    case ClockKind::kInformation:
      due.action = ClockAction::kWriteFact;
      due.fact = Fact{.kind = FactKind::kInformationOverdue};
      break;
    case ClockKind::kProposalReminder:
      due.action = ClockAction::kRemind;
      break;
    case ClockKind::kResolution:
      due.action = ClockAction::kMarkOverdue;
      break;
  }
  return due;
}

}  // namespace

bool IsClockLength(absl::Duration clock) {
  return clock > absl::ZeroDuration() && clock <= kLongestClock;
}

ClockRules RulesFor(std::string_view urgency, const ClockConfig& config,
                    const AgreementClocks& agreement) {
  ClockRules rules;
  if (urgency == "EMERGENCY") {
    rules.accept = agreement.accept_emergency.value_or(config.accept_emergency);
  } else if (urgency == "URGENT") {
    rules.accept = agreement.accept_urgent.value_or(config.accept_urgent);
  } else {
    rules.accept = agreement.accept_normal.value_or(config.accept_normal);
  }
  rules.relay_warning = agreement.relay_warning.value_or(config.relay_warning);
  rules.delivery_warning = agreement.delivery_warning.value_or(config.delivery_warning);
  rules.give_up = agreement.give_up.value_or(config.give_up);
  rules.information = agreement.information.value_or(config.information);
  rules.proposal = agreement.proposal.value_or(config.proposal);
  rules.resolution = agreement.resolution.value_or(config.resolution);
  rules.link_silence = config.link_silence;
  if (urgency != "EMERGENCY") rules.calendar = agreement.calendar.value_or(config.calendar);
  return rules;
}

std::string_view ClockKindName(ClockKind kind) {
  switch (kind) {
    case ClockKind::kRelayWarning:
      return "RELAY_WARNING";
    case ClockKind::kDeliveryWarning:
      return "DELIVERY_WARNING";
    case ClockKind::kGiveUp:
      return "GIVE_UP";
    case ClockKind::kAccept:
      return "ACCEPT";
    case ClockKind::kInformation:
      return "INFORMATION";
    case ClockKind::kProposalReminder:
      return "PROPOSAL_REMINDER";
    case ClockKind::kResolution:
      return "RESOLUTION";
  }
  return "UNKNOWN";
}

std::vector<RunningClock> RunningClocks(const FoldedReferral& folded, const ClockRules& rules) {
  std::vector<RunningClock> clocks;
  auto add = [&](ClockKind kind, uint32_t round, absl::Time due) {
    if (due != absl::InfiniteFuture()) clocks.push_back({{kind, round}, due});
  };
  switch (folded.state) {
    case S::kSent:
      // Machines keep no holidays: what concerns the link counts every hour.
      add(ClockKind::kRelayWarning, folded.queued_round, folded.queued_at + rules.relay_warning);
      add(ClockKind::kDeliveryWarning, folded.queued_round,
          folded.queued_at + rules.delivery_warning);
      add(ClockKind::kGiveUp, folded.queued_round, folded.queued_at + rules.give_up);
      break;
    case S::kRecallRequested:
      if (folded.delivered_at == absl::InfinitePast()) {
        add(ClockKind::kGiveUp, folded.queued_round, folded.queued_at + rules.give_up);
      }
      break;
    case S::kDelivered:
    case S::kAcknowledged:
      add(ClockKind::kAccept, folded.accept_clock_round,
          AfterRunning(folded.accept_clock_from, rules.accept, folded.stops, rules.calendar));
      break;
    case S::kInfoRequested:
      add(ClockKind::kInformation, folded.questions,
          AfterRunning(folded.asked_at, rules.information, {}, rules.calendar));
      break;
    case S::kSolutionProposed:
      add(ClockKind::kProposalReminder, folded.proposals,
          AfterRunning(folded.proposed_at, rules.proposal, {}, rules.calendar));
      break;
    default:
      break;
  }
  if (AcceptedAndOpen(folded)) {
    add(ClockKind::kResolution, 1,
        AfterRunning(folded.accepted_at, rules.resolution, folded.stops, rules.calendar));
  }
  std::sort(clocks.begin(), clocks.end(), [](const RunningClock& a, const RunningClock& b) {
    return a.due != b.due ? a.due < b.due : a.key < b.key;
  });
  return clocks;
}

std::vector<DueClock> DueClocks(const FoldedReferral& folded, const ClockRules& rules,
                                const LinkView& link, const std::set<ClockKey>& fired,
                                absl::Time now) {
  std::vector<DueClock> due;
  for (const RunningClock& clock : RunningClocks(folded, rules)) {
    if (clock.due > now) break;
    if (fired.contains(clock.key) || IsVoid(clock, link)) continue;
    if (clock.key.kind == ClockKind::kAccept && !LinkSettled(folded, rules, link, now)) continue;
    due.push_back(ActOn(folded, clock, link));
  }
  return due;
}

absl::Time NextLook(const FoldedReferral& folded, const ClockRules& rules, const LinkView& link,
                    const std::set<ClockKey>& fired, absl::Time now) {
  absl::Time look = absl::InfiniteFuture();
  for (const RunningClock& clock : RunningClocks(folded, rules)) {
    if (fired.contains(clock.key) || IsVoid(clock, link)) continue;
    absl::Time at = clock.due;
    if (clock.key.kind == ClockKind::kAccept && at <= now &&
        !LinkSettled(folded, rules, link, now)) {
      at = std::min(HeardAt(folded, link) + rules.link_silence, now + kHeldBackLook);
    }
    look = std::min(look, at);
  }
  return look;
}

}  // namespace redress::referral
