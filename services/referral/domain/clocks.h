#ifndef REDRESS_SERVICES_REFERRAL_DOMAIN_CLOCKS_H_
#define REDRESS_SERVICES_REFERRAL_DOMAIN_CLOCKS_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "services/referral/domain/calendar.h"
#include "services/referral/domain/fact.h"
#include "services/referral/domain/fold.h"

namespace redress::referral {

// No clock runs longer, whoever sets it.
inline constexpr absl::Duration kLongestClock = absl::Hours(10 * 365 * 24);

// Longer than nothing and at most kLongestClock.
bool IsClockLength(absl::Duration clock);

// How long things may take at this node, before an agreement says otherwise. Configuration.
struct ClockConfig {
  absl::Duration accept_emergency = absl::Hours(24);
  absl::Duration accept_urgent = absl::Hours(72);
  absl::Duration accept_normal = absl::Hours(7 * 24);
  absl::Duration relay_warning = absl::Hours(12);
  absl::Duration delivery_warning = absl::Hours(24);
  absl::Duration give_up = absl::Hours(7 * 24);
  absl::Duration information = absl::Hours(7 * 24);
  absl::Duration proposal = absl::Hours(7 * 24);
  absl::Duration resolution = absl::Hours(70 * 24);  // 10 weeks.
  // A link of which nothing was heard for so long is silent; NO_RESPONSE waits no longer for it.
  absl::Duration link_silence = absl::Hours(24);
  // How long a disclosure that a crash left open waits for its request to be repeated. Longer than
  // any call lasts; the case cannot be closed meanwhile.
  absl::Duration open_disclosure = absl::Minutes(15);
  BusinessCalendar calendar;  // By default every hour counts.
};

// The rules of one referral: the configuration with what its agreement changes, copied into it when
// it is sent, so that both sides count alike, whatever either's configuration says or becomes
// later.
struct ClockRules {
  absl::Duration accept = absl::Hours(7 * 24);
  absl::Duration relay_warning = absl::Hours(12);
  absl::Duration delivery_warning = absl::Hours(24);
  absl::Duration give_up = absl::Hours(7 * 24);
  absl::Duration information = absl::Hours(7 * 24);
  absl::Duration proposal = absl::Hours(7 * 24);
  absl::Duration resolution = absl::Hours(70 * 24);
  absl::Duration link_silence = absl::Hours(24);
  BusinessCalendar calendar;  // None for an EMERGENCY: no holiday holds it up.

  friend bool operator==(const ClockRules&, const ClockRules&) = default;
};

// What an agreement changes; see AgreementTerms in directory.h. How long a link may be silent is
// the link's and not the agreement's.
struct AgreementClocks {
  std::optional<absl::Duration> accept_emergency;
  std::optional<absl::Duration> accept_urgent;
  std::optional<absl::Duration> accept_normal;
  std::optional<absl::Duration> information;
  std::optional<absl::Duration> proposal;
  std::optional<absl::Duration> resolution;
  std::optional<absl::Duration> relay_warning;
  std::optional<absl::Duration> delivery_warning;
  std::optional<absl::Duration> give_up;
  std::optional<BusinessCalendar> calendar;

  friend bool operator==(const AgreementClocks&, const AgreementClocks&) = default;
};

// `urgency` is EMERGENCY, URGENT or NORMAL; anything else counts as NORMAL.
ClockRules RulesFor(std::string_view urgency, const ClockConfig& config,
                    const AgreementClocks& agreement);

// The clocks of a referral. Home owns and acts on all of them; a destination may compute the same
// to show it. Numbers are stored with the index of due times.
enum class ClockKind : uint8_t {
  kRelayWarning = 1,      // SENT and not handed to the peer's node: warn.
  kDeliveryWarning = 2,   // SENT and not delivered: warn, NON_DELIVERY evidence; tries go on.
  kGiveUp = 3,            // SENT: UNDELIVERED.
  kAccept = 4,            // DELIVERED, ACKNOWLEDGED: NO_RESPONSE.
  kInformation = 5,       // INFO_REQUESTED: back to the state before, said and not hidden.
  kProposalReminder = 6,  // SOLUTION_PROPOSED: remind the members. Moves nothing.
  kResolution = 7,        // Accepted and not ended: overdue. Moves nothing.
};

std::string_view ClockKindName(ClockKind kind);  // "RELAY_WARNING"

// Names one run of a clock, so that what it asks for happens once: the round is the number of the
// fact, question or proposal that started it.
struct ClockKey {
  ClockKind kind = ClockKind::kAccept;
  uint32_t round = 0;
  friend bool operator==(const ClockKey&, const ClockKey&) = default;
  friend auto operator<=>(const ClockKey&, const ClockKey&) = default;
};

// A clock that runs, and when it ends.
struct RunningClock {
  ClockKey key;
  absl::Time due;
  friend bool operator==(const RunningClock&, const RunningClock&) = default;
};

// What is known of the link to the destination.
struct LinkView {
  bool relayed = false;  // The whole referral was handed to the peer's node.
  bool drained = false;  // Both ways, nothing waits for this referral.
  absl::Time peer_heard_at = absl::InfinitePast();
};

// What a clock that has run out asks home to do.
enum class ClockAction : uint8_t {
  kWarn,             // Show and count it.
  kWarnAndEvidence,  // The same, with NON_DELIVERY evidence.
  kWriteFact,        // Write `fact` (UNDELIVERED, NO_RESPONSE, INFORMATION_OVERDUE).
  kRemind,           // Tell those who have not answered.
  kMarkOverdue,      // Show it as overdue and escalate.
};

struct DueClock {
  ClockKey key;
  absl::Time due;  // When it ran out.
  ClockAction action = ClockAction::kWarn;
  // With kWriteFact: kind, coded reason and details are filled in; actor and time are the caller's.
  std::optional<Fact> fact;
};

// The clocks that run in the folded state, ordered by due time. A stopped one is not among them.
std::vector<RunningClock> RunningClocks(const FoldedReferral& folded, const ClockRules& rules);

// Those that have run out by `now` and were not acted on (`fired`), in the order in which they ran
// out. An expired time to accept is held back while an answer may still be on its way: until the
// link is drained or was silent for `link_silence`, and the fact's reason says which it was.
std::vector<DueClock> DueClocks(const FoldedReferral& folded, const ClockRules& rules,
                                const LinkView& link, const std::set<ClockKey>& fired,
                                absl::Time now);

// When to look at the clocks again: the earliest that has not been acted on, or, when one is held
// back for the link, when that may have changed (at most an hour from `now`).
// absl::InfiniteFuture() when nothing runs.
absl::Time NextLook(const FoldedReferral& folded, const ClockRules& rules, const LinkView& link,
                    const std::set<ClockKey>& fired, absl::Time now);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_DOMAIN_CLOCKS_H_
