#ifndef REDRESS_SERVICES_REFERRAL_DOMAIN_FACT_H_
#define REDRESS_SERVICES_REFERRAL_DOMAIN_FACT_H_

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/platform/ids/names.h"
#include "services/referral/domain/fact_details.h"
#include "services/referral/domain/referral_state.h"
#include "services/referral/domain/verb.h"

namespace redress::referral {

// A SHA-256, as everywhere in facts and evidence.
inline constexpr size_t kDigestBytes = 32;

// What a fact says happened. Numbers are those of redress.referral.v1.FactKind.
enum class FactKind : uint8_t {
  kSent = 1,
  kUndelivered = 2,
  kNoResponse = 3,
  kInformationProvided = 4,
  kInformationOverdue = 5,
  kProposalAnswered = 6,
  kRecallRequested = 7,
  kRequeued = 8,
  kForwardRefused = 9,
  kForwardSent = 10,
  kTransferred = 11,

  kDelivered = 32,
  kAcknowledged = 33,
  kAccepted = 34,
  kDeclined = 35,
  kInformationRequested = 36,
  kForwardRequested = 37,
  kStarted = 38,
  kStepRecorded = 39,
  kHeld = 40,
  kResumed = 41,
  kSolutionProposed = 42,
  kProposalWithdrawn = 43,
  kResolved = 44,
  kUnresolved = 45,
  kRecalled = 46,
};

inline constexpr std::array<FactKind, 11> kHomeFactKinds = {
    FactKind::kSent,
    FactKind::kUndelivered,
    FactKind::kNoResponse,
    FactKind::kInformationProvided,
    FactKind::kInformationOverdue,
    FactKind::kProposalAnswered,
    FactKind::kRecallRequested,
    FactKind::kRequeued,
    FactKind::kForwardRefused,
    FactKind::kForwardSent,
    FactKind::kTransferred,
};
inline constexpr std::array<FactKind, 15> kDestinationFactKinds = {
    FactKind::kDelivered, FactKind::kAcknowledged,         FactKind::kAccepted,
    FactKind::kDeclined,  FactKind::kInformationRequested, FactKind::kForwardRequested,
    FactKind::kStarted,   FactKind::kStepRecorded,         FactKind::kHeld,
    FactKind::kResumed,   FactKind::kSolutionProposed,     FactKind::kProposalWithdrawn,
    FactKind::kResolved,  FactKind::kUnresolved,           FactKind::kRecalled,
};

std::string_view FactKindName(FactKind kind);  // "INFORMATION_PROVIDED"
Side SideOf(FactKind kind);
bool IsKnownFactKind(uint32_t number);

// The coded reason is required with UNDELIVERED, NO_RESPONSE, DECLINED, HELD, UNRESOLVED,
// PROPOSAL_WITHDRAWN, RECALL_REQUESTED, FORWARD_REQUESTED and FORWARD_REFUSED; others have none.
bool FactNeedsReason(FactKind kind);

// Who did something. Ids only.
struct Actor {
  NodeId node;
  BodyId body;              // Empty for a worker, a representative or a clock.
  PersonId person;          // Empty when a clock or a node acted.
  std::string role;         // "desk" … as in a token; "service" for a node or a clock.
  std::string instruction;  // How the worker's will was given, when somebody else recorded it.
  friend bool operator==(const Actor&, const Actor&) = default;
};

// One thing that one side did to a referral. Each side numbers its own facts from 1, writes no
// other, and never changes one. A plain value, the same on both nodes but for `recorded_at`.
struct Fact {
  uint32_t number = 0;  // From 1, without gaps, per (referral, side).
  FactKind kind = FactKind::kSent;
  // The last fact of the other side that this side held when it wrote this one. Never falls from
  // one fact to the next.
  uint32_t seen = 0;
  absl::Time occurred_at = absl::InfinitePast();  // By the acting node's clock.
  absl::Time recorded_at = absl::InfinitePast();  // When this node committed it.
  Actor actor;
  std::string reason;
  std::string note;
  FactDetails details;

  Side side() const { return SideOf(kind); }
  friend bool operator==(const Fact&, const Fact&) = default;
};

// One fact, named.
struct FactRef {
  Side side = Side::kHome;
  uint32_t number = 0;
  friend bool operator==(const FactRef&, const FactRef&) = default;
  friend auto operator<=>(const FactRef&, const FactRef&) = default;
};

// The verb that a fact is the trace of. Of PROPOSAL_ANSWERED it is one of the three ways: refused
// when any member refused, all accepted when nobody is left, else neither.
Verb VerbOf(const Fact& fact);

// The details of the expected type; nullptr when the fact carries others.
template <class Details>
const Details* DetailsOf(const Fact& fact) {
  return std::get_if<Details>(&fact.details);
}

// What must hold of any fact by itself, ours or one that arrived: number and times set, the reason
// there exactly when the kind needs one (and never irregular status), details of the kind's own
// type with what is required in them. INVALID_ARGUMENT naming every wrong field under "fact.".
// Lists of codes are checked where people enter them (codes.h), not here, so that a peer with a
// newer list is not refused.
absl::Status CheckFact(const Fact& fact);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_DOMAIN_FACT_H_
