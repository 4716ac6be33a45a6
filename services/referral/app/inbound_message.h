#ifndef REDRESS_SERVICES_REFERRAL_APP_INBOUND_MESSAGE_H_
#define REDRESS_SERVICES_REFERRAL_APP_INBOUND_MESSAGE_H_

#include <string>
#include <vector>

#include "redress/exchange/v1/envelope.pb.h"
#include "redress/exchange/v1/message.pb.h"
#include "services/platform/journal/change_set.h"
#include "services/referral/app/loaded_referral.h"
#include "services/referral/app/referral_edit.h"

namespace redress::referral {

// What became of a message, besides what it staged.
struct Effect {
  exchange::v1::ReceiptOutcome outcome = exchange::v1::RECEIPT_OUTCOME_ACCEPTED;
  std::string reason;  // Of a refusal, one of exchange.v1.Receipt's codes.
  bool sends = false;
  bool leaves_work = false;

  static Effect Accepted() { return {}; }
  static Effect Duplicate() { return {exchange::v1::RECEIPT_OUTCOME_DUPLICATE, "", false, false}; }
  static Effect Refused(std::string reason) {
    return {exchange::v1::RECEIPT_OUTCOME_REFUSED, std::move(reason), false, false};
  }
  bool refused() const { return outcome == exchange::v1::RECEIPT_OUTCOME_REFUSED; }
};

// A message of `peer` and the change it is to become part of. What a refused message staged is
// thrown away, but for `kept`, which tells of the attempt.
struct InboundMessage {
  const AppParts& parts;
  std::string peer;
  exchange::v1::EnvelopeHeader header;
  exchange::v1::Message message;
  journal::ChangeSet& changes;
  journal::ChangeSet& kept;
  // Of the same envelope, unread; see Envelope.recall.
  const google::protobuf::RepeatedPtrField<std::string>& recall;
};

// Each validates what came as hostile input and stages its effect. An error status means that the
// store could not be asked; everything that is the sender's fault is a refusal.
Answer<Effect> TakeHead(InboundMessage& in);
Answer<Effect> TakePage(InboundMessage& in);
Answer<Effect> TakeDisclosureUpdate(InboundMessage& in);
Answer<Effect> TakeFact(InboundMessage& in);
Answer<Effect> TakeMoney(InboundMessage& in);
Answer<Effect> TakeEvidenceMessage(InboundMessage& in);
Answer<Effect> TakeNotice(InboundMessage& in);
Answer<Effect> TakeBody(InboundMessage& in);
Answer<Effect> TakeAgreementHalf(InboundMessage& in);
Answer<Effect> TakePosting(InboundMessage& in);

// Verifies a piece of evidence of the other side and takes it into the edit. Empty when it is
// valid, or known already; else what is wrong with it.
std::string TakeOneEvidence(ReferralEdit& edit, const v1::Evidence& evidence);

// Takes the recall that came with the last part of a new referral, as far as it is valid.
void TakeRecall(InboundMessage& in, ReferralEdit& edit);

// Takes the facts that were held for the referral and now follow, and lets go of them.
Answer<bool> TakeHeldFacts(InboundMessage& in, ReferralEdit& edit);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_INBOUND_MESSAGE_H_
