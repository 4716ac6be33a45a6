#include "services/referral/domain/fact.h"

#include <set>

#include "fmt/format.h"
#include "services/platform/codes/code_list.h"
#include "services/platform/status/field_violations.h"
#include "services/referral/domain/codes.h"

namespace redress::referral {
namespace {

constexpr size_t kMaxNoteBytes = 4 * 1024;
constexpr size_t kMaxLongTextBytes = 16 * 1024;
constexpr size_t kMaxAnswers = 200;

void CheckLength(std::string_view text, size_t limit, std::string_view field,
                 FieldViolations& violations) {
  if (text.size() > limit) {
    violations.Add(field, fmt::format("has {} bytes; at most {} are accepted", text.size(), limit));
  }
}

void CheckTerms(const GroupTerms& terms, std::string_view field, FieldViolations& violations) {
  if (terms.members.size() > GroupTerms::kMaxNamed) {
    violations.Add(fmt::format("{}.members", field),
                   fmt::format("has {} entries; at most {} are accepted", terms.members.size(),
                               GroupTerms::kMaxNamed));
  }
  std::set<MemberId> named;
  for (size_t i = 0; i < terms.members.size(); ++i) {
    const MemberTerms& one = terms.members[i];
    if (one.member.empty() || !named.insert(one.member).second) {
      violations.Add(fmt::format("{}.members[{}].member_id", field, i),
                     "must name a member, each once");
    }
  }
  if (terms.for_each_other && !terms.for_each_other->member.empty()) {
    violations.Add(fmt::format("{}.for_each_other.member_id", field), "must be empty");
  }
}

void CheckAnswers(const ProposalAnswerDetails& details, FieldViolations& violations) {
  if (details.proposal_number == 0) {
    violations.Add("fact.proposal_answer.proposal_number", "must be set");
  }
  if (details.answers.empty() || details.answers.size() > kMaxAnswers) {
    violations.Add(
        "fact.proposal_answer.answers",
        fmt::format("has {} entries; 1 to {} are accepted", details.answers.size(), kMaxAnswers));
  }
  std::set<MemberId> named;
  for (size_t i = 0; i < details.answers.size(); ++i) {
    const MemberId& member = details.answers[i].member;
    if (member.empty() || !named.insert(member).second) {
      violations.Add(fmt::format("fact.proposal_answer.answers[{}].member_id", i),
                     "must name a member, each once");
    }
  }
}

// The details of a kind that must carry them; a violation and nullptr when it does not.
template <class Details>
const Details* Require(const Fact& fact, FieldViolations& violations) {
  const Details* details = DetailsOf<Details>(fact);
  if (details == nullptr) {
    violations.Add("fact.details",
                   fmt::format("are missing or of another kind than {}", FactKindName(fact.kind)));
  }
  return details;
}

void CheckHomeDetails(const Fact& fact, FieldViolations& violations) {
  switch (fact.kind) {
    case FactKind::kSent:
      if (const auto* sent = Require<SentDetails>(fact, violations)) {
        if (sent->receiver.empty()) violations.Add("fact.sent.receiver_body_id", "must be set");
        if (sent->member_count < 1 || sent->member_count > 10'000) {
          violations.Add("fact.sent.member_count", "must be 1 to 10000");
        }
      }
      return;
    case FactKind::kUndelivered:
    case FactKind::kNoResponse:
      Require<SilenceDetails>(fact, violations);
      return;
    case FactKind::kInformationProvided:
      if (const auto* answer = Require<InformationAnswerDetails>(fact, violations)) {
        CheckLength(answer->answer, kMaxLongTextBytes, "fact.information_answer.answer",
                    violations);
      }
      return;
    case FactKind::kProposalAnswered:
      if (const auto* answers = Require<ProposalAnswerDetails>(fact, violations)) {
        CheckAnswers(*answers, violations);
      }
      return;
    case FactKind::kRecallRequested:
      Require<RecallDetails>(fact, violations);
      return;
    case FactKind::kForwardRefused:
      Require<ForwardDetails>(fact, violations);
      return;
    case FactKind::kForwardSent:
    case FactKind::kTransferred:
      if (const auto* forward = Require<ForwardDetails>(fact, violations)) {
        if (!forward->child) violations.Add("fact.forward.child_referral_id", "must be set");
      }
      return;
    default:
      return;  // REQUEUED and INFORMATION_OVERDUE have nothing of their own.
  }
}

void CheckWorkDetails(const Fact& fact, FieldViolations& violations) {
  switch (fact.kind) {
    case FactKind::kStepRecorded:
      if (const auto* step = Require<StepDetails>(fact, violations)) {
        if (step->kind.empty()) violations.Add("fact.step.kind", "must be set");
        CheckLength(step->summary, kMaxLongTextBytes, "fact.step.summary", violations);
        CheckLength(step->place, 512, "fact.step.place", violations);
      }
      return;
    case FactKind::kSolutionProposed:
      if (const auto* proposal = Require<ProposalDetails>(fact, violations)) {
        if (proposal->proposal_number == 0) {
          violations.Add("fact.proposal.proposal_number", "must be set");
        }
        CheckLength(proposal->conditions, kMaxLongTextBytes, "fact.proposal.conditions",
                    violations);
        CheckTerms(proposal->terms, "fact.proposal", violations);
      }
      return;
    case FactKind::kResolved:
    case FactKind::kUnresolved:
      if (const auto* outcome = Require<OutcomeDetails>(fact, violations)) {
        CheckLength(outcome->summary, kMaxLongTextBytes, "fact.outcome.summary", violations);
        CheckTerms(outcome->terms, "fact.outcome", violations);
      }
      return;
    default:
      return;  // STARTED, HELD, RESUMED, PROPOSAL_WITHDRAWN and RECALLED require nothing.
  }
}

void CheckDestinationDetails(const Fact& fact, FieldViolations& violations) {
  switch (fact.kind) {
    case FactKind::kDelivered:
      if (const auto* delivered = Require<DeliveredDetails>(fact, violations)) {
        if (delivered->head_sha256.size() != kDigestBytes) {
          violations.Add("fact.delivered.head_sha256", "must have 32 bytes");
        }
      }
      return;
    case FactKind::kAccepted:
      if (const auto* accepted = Require<AcceptedDetails>(fact, violations)) {
        if (accepted->focal_point_id.empty()) {
          violations.Add("fact.accepted.focal_point_id", "must be set");
        }
        CheckLength(accepted->receiver_reference, 64, "fact.accepted.receiver_reference",
                    violations);
      }
      return;
    case FactKind::kInformationRequested:
      if (const auto* request = Require<InformationRequestDetails>(fact, violations)) {
        if (request->question_number == 0) {
          violations.Add("fact.information_request.question_number", "must be set");
        }
        if (request->items.empty() || request->items.size() > 50) {
          violations.Add("fact.information_request.items", "must have 1 to 50 entries");
        }
      }
      return;
    case FactKind::kForwardRequested:
      if (const auto* forward = Require<ForwardDetails>(fact, violations)) {
        if (forward->to.empty()) violations.Add("fact.forward.to_body_id", "must be set");
      }
      return;
    default:
      CheckWorkDetails(fact, violations);
  }
}

}  // namespace

std::string_view FactKindName(FactKind kind) {
  switch (kind) {
    case FactKind::kSent:
      return "SENT";
    case FactKind::kUndelivered:
      return "UNDELIVERED";
    case FactKind::kNoResponse:
      return "NO_RESPONSE";
    case FactKind::kInformationProvided:
      return "INFORMATION_PROVIDED";
    case FactKind::kInformationOverdue:
      return "INFORMATION_OVERDUE";
    case FactKind::kProposalAnswered:
      return "PROPOSAL_ANSWERED";
    case FactKind::kRecallRequested:
      return "RECALL_REQUESTED";
    case FactKind::kRequeued:
      return "REQUEUED";
    case FactKind::kForwardRefused:
      return "FORWARD_REFUSED";
    case FactKind::kForwardSent:
      return "FORWARD_SENT";
    case FactKind::kTransferred:
      return "TRANSFERRED";
    case FactKind::kDelivered:
      return "DELIVERED";
    case FactKind::kAcknowledged:
      return "ACKNOWLEDGED";
    case FactKind::kAccepted:
      return "ACCEPTED";
    case FactKind::kDeclined:
      return "DECLINED";
    case FactKind::kInformationRequested:
      return "INFORMATION_REQUESTED";
    case FactKind::kForwardRequested:
      return "FORWARD_REQUESTED";
    case FactKind::kStarted:
      return "STARTED";
    case FactKind::kStepRecorded:
      return "STEP_RECORDED";
    case FactKind::kHeld:
      return "HELD";
    case FactKind::kResumed:
      return "RESUMED";
    case FactKind::kSolutionProposed:
      return "SOLUTION_PROPOSED";
    case FactKind::kProposalWithdrawn:
      return "PROPOSAL_WITHDRAWN";
    case FactKind::kResolved:
      return "RESOLVED";
    case FactKind::kUnresolved:
      return "UNRESOLVED";
    case FactKind::kRecalled:
      return "RECALLED";
  }
  return "UNKNOWN";
}

Side SideOf(FactKind kind) {
  return static_cast<uint8_t>(kind) < 32 ? Side::kHome : Side::kDestination;
}

bool IsKnownFactKind(uint32_t number) {
  return (number >= 1 && number <= 11) || (number >= 32 && number <= 46);
}

bool FactNeedsReason(FactKind kind) {
  switch (kind) {
    case FactKind::kUndelivered:
    case FactKind::kNoResponse:
    case FactKind::kDeclined:
    case FactKind::kHeld:
    case FactKind::kUnresolved:
    case FactKind::kProposalWithdrawn:
    case FactKind::kRecallRequested:
    case FactKind::kForwardRequested:
    case FactKind::kForwardRefused:
      return true;
    default:
      return false;
  }
}

Verb VerbOf(const Fact& fact) {
  switch (fact.kind) {
    case FactKind::kSent:
      return Verb::kRefer;
    case FactKind::kUndelivered:
      return Verb::kGiveUp;
    case FactKind::kNoResponse:
      return Verb::kExpireResponse;
    case FactKind::kInformationProvided:
      return Verb::kProvideInformation;
    case FactKind::kInformationOverdue:
      return Verb::kExpireInformation;
    case FactKind::kProposalAnswered: {
      const auto* details = DetailsOf<ProposalAnswerDetails>(fact);
      if (details == nullptr) return Verb::kAnswerProposal;
      for (const MemberAnswer& answer : details->answers) {
        if (!answer.accepted) return Verb::kAnswerProposalRefused;
      }
      return details->members_left == 0 ? Verb::kAnswerProposalAllAccepted : Verb::kAnswerProposal;
    }
    case FactKind::kRecallRequested:
      return Verb::kRecall;
    case FactKind::kRequeued:
      return Verb::kRequeue;
    case FactKind::kForwardRefused:
      return Verb::kRefuseForward;
    case FactKind::kForwardSent:
      return Verb::kSendForward;
    case FactKind::kTransferred:
      return Verb::kTransfer;
    case FactKind::kDelivered:
      return Verb::kDeliver;
    case FactKind::kAcknowledged:
      return Verb::kAcknowledge;
    case FactKind::kAccepted:
      return Verb::kAccept;
    case FactKind::kDeclined:
      return Verb::kDecline;
    case FactKind::kInformationRequested:
      return Verb::kRequestInformation;
    case FactKind::kForwardRequested:
      return Verb::kForward;
    case FactKind::kStarted:
      return Verb::kStart;
    case FactKind::kStepRecorded:
      return Verb::kRecordStep;
    case FactKind::kHeld:
      return Verb::kHold;
    case FactKind::kResumed:
      return Verb::kResume;
    case FactKind::kSolutionProposed:
      return Verb::kPropose;
    case FactKind::kProposalWithdrawn:
      return Verb::kWithdrawProposal;
    case FactKind::kResolved:
      return Verb::kConcludeResolved;
    case FactKind::kUnresolved:
      return Verb::kConcludeUnresolved;
    case FactKind::kRecalled:
      return Verb::kConfirmRecall;
  }
  return Verb::kRefer;
}

absl::Status CheckFact(const Fact& fact) {
  FieldViolations violations;
  if (!IsKnownFactKind(static_cast<uint32_t>(fact.kind))) {
    violations.Add("fact.kind", "is not known");
    return violations.ToStatus();
  }
  if (fact.number == 0) violations.Add("fact.number", "must be at least 1");
  if (fact.occurred_at == absl::InfinitePast()) violations.Add("fact.occurred_at", "must be set");
  if (fact.actor.node.empty()) violations.Add("fact.actor.node_id", "must be set");
  if (fact.actor.role.empty()) violations.Add("fact.actor.role", "must be set");
  CheckLength(fact.note, kMaxNoteBytes, "fact.note", violations);
  if (FactNeedsReason(fact.kind)) {
    if (!IsUpperSnake(fact.reason)) {
      violations.AddValue("fact.reason", fact.reason, "a coded reason in UPPER_SNAKE");
    } else if (IsIrregularStatusReason(fact.reason)) {
      violations.Add("fact.reason", "irregular migration status is never a reason");
    }
  } else if (!fact.reason.empty()) {
    violations.Add("fact.reason", fmt::format("must be empty with {}", FactKindName(fact.kind)));
  }
  if (fact.side() == Side::kHome) {
    CheckHomeDetails(fact, violations);
  } else {
    CheckDestinationDetails(fact, violations);
  }
  return violations.ToStatus();
}

}  // namespace redress::referral
