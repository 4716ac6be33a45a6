#ifndef REDRESS_SERVICES_REFERRAL_DOMAIN_EVIDENCE_H_
#define REDRESS_SERVICES_REFERRAL_DOMAIN_EVIDENCE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/platform/ids/case_number.h"
#include "services/platform/ids/names.h"
#include "services/referral/domain/fact.h"
#include "services/referral/domain/referral_state.h"

namespace redress::referral {

// Numbers are those of redress.referral.v1.EvidenceKind.
enum class EvidenceKind : uint8_t {
  kSubmission = 1,
  kRelay = 2,
  kDelivery = 3,
  kRetrieval = 4,
  kDecision = 5,
  kNonDelivery = 6,
  kNonResponse = 7,
  kOutcome = 8,
  kErasure = 9,
};

std::string_view EvidenceKindName(EvidenceKind kind);

// The side that may issue it.
Side IssuerOf(EvidenceKind kind);

// A standing fact asks for this evidence. RELAY and the NON_DELIVERY of the 24-hour warning follow
// from the link and the clock instead and are never among the obligations.
struct EvidenceObligation {
  EvidenceKind kind = EvidenceKind::kSubmission;
  FactRef about;
  bool accepted = false;  // DECISION: accepted. OUTCOME: resolved.
  friend bool operator==(const EvidenceObligation&, const EvidenceObligation&) = default;
};

// The evidence that a fact of `kind` asks for, if any.
std::optional<EvidenceKind> EvidenceFor(FactKind kind);

// What is stated. Field by field redress.referral.v1.EvidenceStatement.
struct EvidenceStatement {
  ReferralId referral;
  EvidenceKind kind = EvidenceKind::kSubmission;
  NodeId issuer;
  uint32_t number = 0;  // Place in the issuer's chain of this referral, from 1.
  absl::Time occurred_at = absl::InfinitePast();
  std::string subject_digest;   // 32 bytes.
  std::string previous_digest;  // 32 bytes; empty in the first.
  bool accepted = false;
  std::string reason;
  uint32_t fact_number = 0;

  friend bool operator==(const EvidenceStatement&, const EvidenceStatement&) = default;
};

// The bytes that stand for a statement wherever it is hashed or signed without protobuf: a version
// byte, then every field in the order above, numbers big-endian in 8 bytes, texts with a 4-byte
// length before them, the time in microseconds since 1970. Two different statements never have the
// same bytes.
std::string CanonicalBytes(const EvidenceStatement& statement);

// SHA-256, injected so that the rules stand without a crypto library. Answers 32 bytes.
using DigestFunction = std::function<std::string(std::string_view)>;

// Where an issuer's chain stands.
struct ChainHead {
  uint32_t number = 0;  // 0: nothing issued yet.
  std::string digest;   // Of the last statement; empty with 0.
  friend bool operator==(const ChainHead&, const ChainHead&) = default;
};

// Sets `number` and `previous_digest` of the next statement in a chain.
void Chain(const ChainHead& head, EvidenceStatement& statement);

// Whether a received statement may follow `head`, coming from the node of `issuer_side`:
// INVALID_ARGUMENT for a field that cannot be (length of a digest, issuer's kind), or
// FAILED_PRECONDITION with reason EVIDENCE_CHAIN_BROKEN {expected, seen} for a wrong number or a
// previous digest that is not the head's. What fails changes nothing and is alarmed.
absl::Status CheckNext(const ChainHead& head, const EvidenceStatement& statement, Side issuer_side);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_DOMAIN_EVIDENCE_H_
