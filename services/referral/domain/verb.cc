#include "services/referral/domain/verb.h"

namespace redress::referral {

std::string_view VerbName(Verb verb) {
  switch (verb) {
    case Verb::kRefer:
      return "REFER";
    case Verb::kRequeue:
      return "REQUEUE";
    case Verb::kProvideInformation:
      return "PROVIDE_INFORMATION";
    case Verb::kAnswerProposal:
    case Verb::kAnswerProposalAllAccepted:
    case Verb::kAnswerProposalRefused:
      return "ANSWER_PROPOSAL";
    case Verb::kRecall:
      return "RECALL";
    case Verb::kRefuseForward:
      return "REFUSE_FORWARD";
    case Verb::kSendForward:
      return "SEND_FORWARD";
    case Verb::kUpdateDisclosure:
      return "UPDATE_DISCLOSURE";
    case Verb::kReRefer:
      return "RE_REFER";
    case Verb::kGiveUp:
      return "GIVE_UP";
    case Verb::kExpireResponse:
      return "EXPIRE_RESPONSE";
    case Verb::kExpireInformation:
      return "EXPIRE_INFORMATION";
    case Verb::kTransfer:
      return "TRANSFER";
    case Verb::kDeliver:
      return "DELIVER";
    case Verb::kConfirmRecall:
      return "CONFIRM_RECALL";
    case Verb::kAcknowledge:
      return "ACKNOWLEDGE";
    case Verb::kAccept:
      return "ACCEPT";
    case Verb::kDecline:
      return "DECLINE";
    case Verb::kRequestInformation:
      return "REQUEST_INFORMATION";
    case Verb::kForward:
      return "FORWARD";
    case Verb::kStart:
      return "START";
    case Verb::kRecordStep:
      return "RECORD_STEP";
    case Verb::kHold:
      return "HOLD";
    case Verb::kResume:
      return "RESUME";
    case Verb::kPropose:
      return "PROPOSE";
    case Verb::kWithdrawProposal:
      return "WITHDRAW_PROPOSAL";
    case Verb::kConcludeResolved:
    case Verb::kConcludeUnresolved:
      return "CONCLUDE";
    case Verb::kRecordMoney:
      return "RECORD_MONEY";
    case Verb::kUploadEvidence:
      return "UPLOAD_EVIDENCE";
  }
  return "UNKNOWN";
}

}  // namespace redress::referral
