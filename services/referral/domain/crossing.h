#ifndef REDRESS_SERVICES_REFERRAL_DOMAIN_CROSSING_H_
#define REDRESS_SERVICES_REFERRAL_DOMAIN_CROSSING_H_

#include <cstdint>
#include <string_view>

#include "services/referral/domain/fact.h"

namespace redress::referral {

// What becomes of two facts of which neither side knew the other's when it wrote its own.
enum class Crossing : uint8_t {
  // The destination's fact counts as the earlier one. Home's is tried in the state that follows
  // and loses if the life cycle has no such step from there.
  kDestinationFirst,
  // The same with the sides changed.
  kHomeFirst,
  // Two sides that keep to the life cycle never write this pair without knowing of each other:
  // one of the two can only follow the other. It is applied as kDestinationFirst.
  kNeverCross,
};

// The crossing table, total over home kinds × destination kinds. "First" is not a matter of clocks:
// it names the winner, and the loser is kept, shown and marked with what it lost to.
//
//   home's fact           × destination's fact          winner, and why
//   --------------------------------------------------------------------------------------------
//   UNDELIVERED, REQUEUED × DELIVERED and what follows  destination: it is there, whatever home
//                                                       gave up on
//   NO_RESPONSE           × every answer of a receiver  destination: a late answer is an answer
//   INFORMATION_PROVIDED  × DECLINED, UNRESOLVED        destination: the answer came too late
//   INFORMATION_OVERDUE   × DECLINED, UNRESOLVED        destination: likewise
//   RECALL_REQUESTED      × RESOLVED, UNRESOLVED,       destination: an end that was reached is
//                           DECLINED                    not unmade; erasure follows all the same
//   RECALL_REQUESTED      × any other                   both stand: what was done was done, and
//                                                       then it is recalled
//   PROPOSAL_ANSWERED     × PROPOSAL_WITHDRAWN          home: a worker who accepted before knowing
//                                                       of the withdrawal accepted an open offer;
//                                                       with the last acceptance it is RESOLVED.
//                                                       Incomplete acceptances do not stop the
//                                                       withdrawal
//   PROPOSAL_ANSWERED     × UNRESOLVED                  home: RESOLVED is stronger. Incomplete or
//                                                       refusing answers do not stop UNRESOLVED
//   PROPOSAL_ANSWERED     × RESOLVED                    destination: its outcome has what was in
//                                                       fact obtained; members' answers are kept
//   FORWARD_REFUSED, FORWARD_SENT, TRANSFERRED × any    never: while FORWARDED only home moves
//   SENT                  × any                         never: number 1 precedes everything
//   UNDELIVERED           × RECALLED                    destination: it was there after all, and is
//                                                       recalled either way
//   any other             × RECALLED                    never: it follows the recall, after which
//                                                       home can only give up
//   else                                                destination
//
// The consequence that a property test tries: no fact that arrives late lowers the strength of an
// outcome (OutcomeStrength) that either node has shown.
Crossing CrossingOf(FactKind home, FactKind destination);

std::string_view CrossingName(Crossing crossing);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_DOMAIN_CROSSING_H_
