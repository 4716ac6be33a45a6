#ifndef REDRESS_SERVICES_REFERRAL_DOMAIN_FACT_SAMPLES_H_
#define REDRESS_SERVICES_REFERRAL_DOMAIN_FACT_SAMPLES_H_

#include <string>
#include <utility>
#include <vector>

#include "services/referral/domain/fact.h"
#include "services/referral/domain/fold.h"

// Facts for tests: valid, and no more than a test needs to say.
namespace redress::referral::samples {

inline absl::Time At(int hours) {
  return absl::FromUnixSeconds(1'790'000'000) + absl::Hours(hours);
}

inline MemberId Member(int number) {
  std::string text = "00000000000000000000000000";
  text.back() = static_cast<char>('0' + number % 10);
  text[text.size() - 2] = static_cast<char>('0' + number / 10);
  return MemberId::FromTrusted(text);
}

inline ProposalAnswerDetails Answers(uint32_t proposal, std::vector<MemberAnswer> answers,
                                     uint32_t members_left) {
  return {proposal, std::move(answers), members_left};
}

// Details that CheckFact accepts, for every kind.
inline FactDetails DetailsFor(FactKind kind) {
  switch (kind) {
    case FactKind::kSent:
      return SentDetails{BodyId::FromTrusted("my:mtuc"), "NORMAL", 3};
    case FactKind::kUndelivered:
    case FactKind::kNoResponse:
      return SilenceDetails{At(0), true, At(0)};
    case FactKind::kInformationProvided:
      return InformationAnswerDetails{.question_number = 1, .answer = "yes"};
    case FactKind::kProposalAnswered:
      return Answers(1, {{Member(1), true}}, 2);
    case FactKind::kRecallRequested:
      return RecallDetails{true};
    case FactKind::kForwardRefused:
    case FactKind::kForwardRequested:
      return ForwardDetails{BodyId::FromTrusted("my:labour-office"), {}};
    case FactKind::kForwardSent:
    case FactKind::kTransferred:
      return ForwardDetails{BodyId::FromTrusted("my:labour-office"),
                            ReferralId(CaseNumber("KH", 26, 417), 2)};
    case FactKind::kDelivered:
      return DeliveredDetails{At(0), std::string(32, 'd')};
    case FactKind::kAcknowledged:
      return AcknowledgedDetails{"my:mtuc/f2"};
    case FactKind::kAccepted:
      return AcceptedDetails{"my:mtuc/f1", "MTUC-9"};
    case FactKind::kDeclined:
      return DeclinedDetails{{BodyId::FromTrusted("my:labour-office")}};
    case FactKind::kInformationRequested:
      return InformationRequestDetails{1, {{4, "which site?", {}}}, At(48)};
    case FactKind::kStepRecorded:
      return StepDetails{.kind = "NEGOTIATION", .held_at = At(0)};
    case FactKind::kHeld:
      return HoldDetails{};
    case FactKind::kSolutionProposed:
      return ProposalDetails{
          .proposal_number = 1,
          .terms = {.for_each_other = MemberTerms{{}, {"WAGES_PAID"}, {{"MYR", 720'000}}}},
          .payer = "EMPLOYER"};
    case FactKind::kResolved:
    case FactKind::kUnresolved:
      return OutcomeDetails{.sanction = "NONE"};
    default:
      return std::monostate();
  }
}

inline std::string ReasonFor(FactKind kind) {
  switch (kind) {
    case FactKind::kUndelivered:
      return "GIVE_UP_AGE_PASSED";
    case FactKind::kNoResponse:
      return "LINK_DRAINED";
    case FactKind::kDeclined:
    case FactKind::kForwardRequested:
      return "OUT_OF_MANDATE";
    case FactKind::kHeld:
      return "WAITING_FOR_COURT";
    case FactKind::kUnresolved:
      return "RESPONDENT_NOT_FOUND";
    case FactKind::kProposalWithdrawn:
      return "RESPONDENT_WITHDREW";
    case FactKind::kRecallRequested:
      return "CONSENT_REVOKED";
    case FactKind::kForwardRefused:
      return "CONSENT_MISSING";
    default:
      return "";
  }
}

inline Fact Of(FactKind kind, absl::Time at = At(0)) {
  Fact fact;
  fact.kind = kind;
  fact.occurred_at = at;
  fact.actor = {.node = NodeId::FromTrusted(SideOf(kind) == Side::kHome ? "kh" : "my"),
                .role = "service"};
  fact.reason = ReasonFor(kind);
  fact.details = DetailsFor(kind);
  return fact;
}

inline Fact Of(FactKind kind, FactDetails details) {
  Fact fact = Of(kind);
  fact.details = std::move(details);
  return fact;
}

// Two lists of facts, written as a test tells the story: each fact sees all facts of the other side
// that were written before it, unless `seen` says otherwise.
class Story {
 public:
  Story& Then(Fact fact) {
    const uint32_t seen = OthersOf(fact.kind);
    return Then(std::move(fact), seen);
  }
  Story& Then(FactKind kind) { return Then(Of(kind)); }
  Story& Seeing(uint32_t seen, FactKind kind) { return Then(Of(kind), seen); }
  Story& Seeing(uint32_t seen, Fact fact) { return Then(std::move(fact), seen); }

  FoldedReferral Folded() const { return Fold(home, destination); }

  std::vector<Fact> home;
  std::vector<Fact> destination;

 private:
  uint32_t OthersOf(FactKind kind) const {
    return static_cast<uint32_t>(SideOf(kind) == Side::kHome ? destination.size() : home.size());
  }
  Story& Then(Fact fact, uint32_t seen) {
    std::vector<Fact>& own = fact.side() == Side::kHome ? home : destination;
    fact.number = static_cast<uint32_t>(own.size()) + 1;
    fact.seen = seen;
    own.push_back(std::move(fact));
    return *this;
  }
};

}  // namespace redress::referral::samples

#endif  // REDRESS_SERVICES_REFERRAL_DOMAIN_FACT_SAMPLES_H_
