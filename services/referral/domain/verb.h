#ifndef REDRESS_SERVICES_REFERRAL_DOMAIN_VERB_H_
#define REDRESS_SERVICES_REFERRAL_DOMAIN_VERB_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace redress::referral {

// Everything that can be asked of, or happen to, a referral: what people do, what a clock does and
// what a receipt of the other node does. life_cycle.h says which state each leads to.
enum class Verb : uint8_t {
  // Home, by people.
  kRefer = 1,                  // A new referral.
  kRequeue,                    // An operator sends an undelivered one again.
  kProvideInformation,         // Answers the receiver's question.
  kAnswerProposal,             // Some members accepted; others are still to answer.
  kAnswerProposalAllAccepted,  // The last outstanding disclosed member accepted.
  kAnswerProposalRefused,      // At least one member refused.
  kRecall,
  kRefuseForward,     // Consent, a loop or an inactive body stands against the forward.
  kSendForward,       // The child of the forward was sent.
  kUpdateDisclosure,  // Amended fields, late files, later members.
  kReRefer,           // The next body gets the case in a new referral.
  // Home, by a clock or by a receipt.
  kGiveUp,             // The give-up age passed before delivery.
  kExpireResponse,     // The time to accept passed.
  kExpireInformation,  // The time to answer the receiver's question passed.
  kTransfer,           // The child of the forward was delivered.
  // Destination, by its node.
  kDeliver,  // Head and every member page are there and verified.
  kConfirmRecall,
  // Destination, by people.
  kAcknowledge,
  kAccept,
  kDecline,
  kRequestInformation,
  kForward,
  kStart,
  kRecordStep,
  kHold,
  kResume,
  kPropose,
  kWithdrawProposal,
  kConcludeResolved,
  kConcludeUnresolved,
  // Either side, by people; these write no fact.
  kRecordMoney,
  kUploadEvidence,
};

inline constexpr std::array<Verb, 32> kAllVerbs = {
    Verb::kRefer,
    Verb::kRequeue,
    Verb::kProvideInformation,
    Verb::kAnswerProposal,
    Verb::kAnswerProposalAllAccepted,
    Verb::kAnswerProposalRefused,
    Verb::kRecall,
    Verb::kRefuseForward,
    Verb::kSendForward,
    Verb::kUpdateDisclosure,
    Verb::kReRefer,
    Verb::kGiveUp,
    Verb::kExpireResponse,
    Verb::kExpireInformation,
    Verb::kTransfer,
    Verb::kDeliver,
    Verb::kConfirmRecall,
    Verb::kAcknowledge,
    Verb::kAccept,
    Verb::kDecline,
    Verb::kRequestInformation,
    Verb::kForward,
    Verb::kStart,
    Verb::kRecordStep,
    Verb::kHold,
    Verb::kResume,
    Verb::kPropose,
    Verb::kWithdrawProposal,
    Verb::kConcludeResolved,
    Verb::kConcludeUnresolved,
    Verb::kRecordMoney,
    Verb::kUploadEvidence,
};

// "ACKNOWLEDGE", "REQUEST_INFORMATION" …, as refusals name verbs. The three ways to answer a
// proposal are one verb to the caller and share the name "ANSWER_PROPOSAL", as the two ways to
// conclude share "CONCLUDE".
std::string_view VerbName(Verb verb);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_DOMAIN_VERB_H_
