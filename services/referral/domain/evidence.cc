#include "services/referral/domain/evidence.h"

#include "fmt/format.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"

namespace redress::referral {
namespace {

constexpr char kStatementVersion = 1;

void PutNumber(uint64_t number, int bytes, std::string& out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out += static_cast<char>(number >> shift);
  }
}

void PutText(std::string_view text, std::string& out) {
  PutNumber(text.size(), 4, out);
  out += text;
}

bool IsDigest(std::string_view digest) { return digest.size() == kDigestBytes; }

}  // namespace

std::string_view EvidenceKindName(EvidenceKind kind) {
  switch (kind) {
    case EvidenceKind::kSubmission:
      return "SUBMISSION";
    case EvidenceKind::kRelay:
      return "RELAY";
    case EvidenceKind::kDelivery:
      return "DELIVERY";
    case EvidenceKind::kRetrieval:
      return "RETRIEVAL";
    case EvidenceKind::kDecision:
      return "DECISION";
    case EvidenceKind::kNonDelivery:
      return "NON_DELIVERY";
    case EvidenceKind::kNonResponse:
      return "NON_RESPONSE";
    case EvidenceKind::kOutcome:
      return "OUTCOME";
    case EvidenceKind::kErasure:
      return "ERASURE";
  }
  return "UNKNOWN";
}

Side IssuerOf(EvidenceKind kind) {
  switch (kind) {
    case EvidenceKind::kSubmission:
    case EvidenceKind::kRelay:
    case EvidenceKind::kNonDelivery:
    case EvidenceKind::kNonResponse:
      return Side::kHome;
    default:
      return Side::kDestination;
  }
}

std::optional<EvidenceKind> EvidenceFor(FactKind kind) {
  switch (kind) {
    case FactKind::kSent:
      return EvidenceKind::kSubmission;
    case FactKind::kUndelivered:
      return EvidenceKind::kNonDelivery;
    case FactKind::kNoResponse:
      return EvidenceKind::kNonResponse;
    case FactKind::kDelivered:
      return EvidenceKind::kDelivery;
    case FactKind::kAcknowledged:
      return EvidenceKind::kRetrieval;
    case FactKind::kAccepted:
    case FactKind::kDeclined:
      return EvidenceKind::kDecision;
    case FactKind::kResolved:
    case FactKind::kUnresolved:
      return EvidenceKind::kOutcome;
    default:
      return std::nullopt;
  }
}

std::string CanonicalBytes(const EvidenceStatement& statement) {
  std::string out(1, kStatementVersion);
  PutText(statement.referral.ToString(), out);
  PutNumber(static_cast<uint8_t>(statement.kind), 8, out);
  PutText(statement.issuer.ToString(), out);
  PutNumber(statement.number, 8, out);
  PutNumber(static_cast<uint64_t>(absl::ToUnixMicros(statement.occurred_at)), 8, out);
  PutText(statement.subject_digest, out);
  PutText(statement.previous_digest, out);
  PutNumber(statement.accepted ? 1 : 0, 8, out);
  PutText(statement.reason, out);
  PutNumber(statement.fact_number, 8, out);
  return out;
}

void Chain(const ChainHead& head, EvidenceStatement& statement) {
  statement.number = head.number + 1;
  statement.previous_digest = head.digest;
}

absl::Status CheckNext(const ChainHead& head, const EvidenceStatement& statement,
                       Side issuer_side) {
  FieldViolations violations;
  if (EvidenceKindName(statement.kind) == "UNKNOWN") {
    violations.Add("statement.kind", "is not known");
  } else if (IssuerOf(statement.kind) != issuer_side) {
    violations.Add("statement.kind",
                   fmt::format("{} is not issued by the {} side", EvidenceKindName(statement.kind),
                               SideName(issuer_side)));
  }
  if (!IsDigest(statement.subject_digest)) {
    violations.Add("statement.subject_digest",
                   fmt::format("has {} bytes; 32 are accepted", statement.subject_digest.size()));
  }
  if (!violations.empty()) return violations.ToStatus();
  if (statement.number != head.number + 1 || statement.previous_digest != head.digest) {
    return RefusePrecondition("EVIDENCE_CHAIN_BROKEN",
                              "the statement does not follow the last one held",
                              {{"expected", fmt::format("{}", head.number + 1)},
                               {"seen", fmt::format("{}", statement.number)}});
  }
  return absl::OkStatus();
}

}  // namespace redress::referral
