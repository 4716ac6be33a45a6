#ifndef REDRESS_SERVICES_REFERRAL_DOMAIN_REFERRAL_STATE_H_
#define REDRESS_SERVICES_REFERRAL_DOMAIN_REFERRAL_STATE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace redress::referral {

// One of the two nodes that share a referral. The numbers of this and the next enum are those of
// redress.referral.v1 and are on disk: none is ever reused.
enum class Side : uint8_t {
  kHome = 1,         // Where the complaint was filed; owns consent, money and every clock.
  kDestination = 2,  // Where the receiver is. The same node as home over a loopback link.
};

std::string_view SideName(Side side);  // "HOME", "DESTINATION"
constexpr Side OtherSide(Side side) {
  return side == Side::kHome ? Side::kDestination : Side::kHome;
}

// Where a referral stands; see protos/redress/referral/v1/state.proto for each.
enum class ReferralState : uint8_t {
  kNone = 0,  // Before anything was sent. Never stored.
  kSent = 1,
  kDelivered = 2,
  kUndelivered = 3,
  kAcknowledged = 4,
  kNoResponse = 5,
  kAccepted = 6,
  kDeclined = 7,
  kInfoRequested = 8,
  kForwarded = 9,
  kTransferred = 10,
  kInProgress = 11,
  kOnHold = 12,
  kSolutionProposed = 13,
  kResolved = 14,
  kUnresolved = 15,
  kRecallRequested = 16,
  kRecalled = 17,
};

// Every real state, in the order of the numbers; kNone is not among them.
inline constexpr std::array<ReferralState, 17> kAllReferralStates = {
    ReferralState::kSent,
    ReferralState::kDelivered,
    ReferralState::kUndelivered,
    ReferralState::kAcknowledged,
    ReferralState::kNoResponse,
    ReferralState::kAccepted,
    ReferralState::kDeclined,
    ReferralState::kInfoRequested,
    ReferralState::kForwarded,
    ReferralState::kTransferred,
    ReferralState::kInProgress,
    ReferralState::kOnHold,
    ReferralState::kSolutionProposed,
    ReferralState::kResolved,
    ReferralState::kUnresolved,
    ReferralState::kRecallRequested,
    ReferralState::kRecalled,
};

// "SENT", "NO_RESPONSE" …; "NONE" for kNone. Parse is exact and knows no "NONE".
std::string_view ReferralStateName(ReferralState state);
std::optional<ReferralState> ParseReferralState(std::string_view name);

// The case may not be closed while a referral is open. UNDELIVERED is not open: nobody has it.
bool IsOpen(ReferralState state);

// No verb and no fact leads out of it except those that lead to a stronger outcome (fold.h).
bool IsEnded(ReferralState state);

// A state that is bad news for the worker, or a pause, and so never stands without a coded reason.
bool NeedsReason(ReferralState state);

// The receiver's clocks stand still: it waits for home, or it said why it waits.
bool StopsReceiverClock(ReferralState state);

// Home may put the case before the next body while this referral stays as it is.
bool AllowsReReferral(ReferralState state);

// How strong an end is: RESOLVED 5, UNRESOLVED 4, DECLINED 3, TRANSFERRED 2, RECALLED 1, every
// other state 0. What arrives late may raise it and never lowers it.
int OutcomeStrength(ReferralState state);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_DOMAIN_REFERRAL_STATE_H_
