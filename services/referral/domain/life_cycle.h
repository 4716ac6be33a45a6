#ifndef REDRESS_SERVICES_REFERRAL_DOMAIN_LIFE_CYCLE_H_
#define REDRESS_SERVICES_REFERRAL_DOMAIN_LIFE_CYCLE_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/referral/domain/referral_state.h"
#include "services/referral/domain/verb.h"

namespace redress::referral {

// Who moves a referral with a verb.
enum class Mover : uint8_t {
  kHome,             // People of the home side.
  kDestination,      // People of the receiver.
  kEither,           // People of both.
  kHomeClock,        // A clock of the home node, or a receipt that reached it.
  kDestinationNode,  // The destination node itself, without a person.
};

Mover MoverOf(Verb verb);

// True when `side` may write what `verb` does.
bool SideMay(Side side, Verb verb);

// One cell of the life cycle that is not empty.
struct Transition {
  // The state after. For a return to the state before (answered question, refused forward) this is
  // kNone and `to_state_before` is set.
  ReferralState next = ReferralState::kNone;
  bool to_state_before = false;
  // Allowed only while the case is owed a balance: RESOLVED and UNRESOLVED are over otherwise.
  bool needs_open_balance = false;
  // Allowed only while the destination is not known to have it. The fold takes it all the same: who
  // wrote it did not know of an arrival, and what it ended stays ended.
  bool only_before_arrival = false;

  friend bool operator==(const Transition&, const Transition&) = default;
};

// The cell of (state, verb); nullopt where the life cycle has none. kRefer leads from kNone only.
// This one table is the life cycle: verbs are checked against it, and the fold moves by it.
std::optional<Transition> FindTransition(ReferralState state, Verb verb);

// The verbs that `side` may use in `state`, in the order of Verb. Those that need an open balance
// are listed only when there is one.
std::vector<Verb> AllowedVerbs(ReferralState state, Side side, bool open_balance);

// What a verb is tried against.
struct Position {
  ReferralState state = ReferralState::kNone;
  ReferralState state_before = ReferralState::kNone;  // Of a question, a forward or a recall.
  Side local_side = Side::kHome;                      // The node that is asked.
  bool open_balance = false;
  bool arrived = false;  // The destination has said that it holds the referral.
};

// The state that `verb` leads to, or FAILED_PRECONDITION:
//   WRONG_SIDE {side}                            the verb belongs to the other node
//   ONLY_UNRESOLVED_ALLOWED {state}              RESOLVED is asked for in INFO_REQUESTED
//   NO_OPEN_BALANCE {state}                      concluded and nothing is owed any more
//   TRANSITION_NOT_ALLOWED {state, verb, allowed}  anything else the table does not hold
absl::StatusOr<ReferralState> Move(const Position& position, Verb verb);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_DOMAIN_LIFE_CYCLE_H_
