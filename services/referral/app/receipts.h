#ifndef REDRESS_SERVICES_REFERRAL_APP_RECEIPTS_H_
#define REDRESS_SERVICES_REFERRAL_APP_RECEIPTS_H_

#include <cstdint>
#include <string>

#include "redress/exchange/v1/envelope.pb.h"
#include "services/referral/app/parts.h"

namespace redress::referral {

// What a peer said of one envelope.
struct Confirmation {
  std::string peer;
  uint64_t number = 0;  // In the outbox.
  uint64_t sequence = 0;
  std::string digest;
  rows::OutboxRecord row;
  exchange::v1::Receipt receipt;
};

// Commits a receipt with its effect: the outbox row goes, the link moves on; of a referral the
// confirmed facts count up and RELAY evidence is issued with the last part; a refusal is kept for
// an operator and told in the event log.
Answer<bool> KeepReceipt(const AppParts& parts, Confirmation confirmation);

// Notes when a peer began to be unreachable, or answers again, with an event at each turn.
Answer<bool> NoteAttempt(const AppParts& parts, std::string peer, bool answered);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_RECEIPTS_H_
