#ifndef REDRESS_SERVICES_REFERRAL_APP_OUTBOX_H_
#define REDRESS_SERVICES_REFERRAL_APP_OUTBOX_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "redress/exchange/v1/message.pb.h"
#include "services/referral/app/parts.h"

namespace redress::referral {

// What an envelope says that its body is; another node takes nothing else.
inline constexpr char kMessageSchema[] = "redress.exchange.v1.Message";

// A row of the outbox is at most this much of message; pages are cut to fit, and a message that
// cannot be cut is refused. Below the store's 256 KiB a value, with room for the row's other
// fields.
inline constexpr size_t kMaxMessageBytes = 240 << 10;

// What may go with a page as its recall.
inline constexpr size_t kMaxRecallBytes = 64 << 10;

// A message for the other side of a referral, on its way into the outbox.
struct OutgoingMessage {
  exchange::v1::Message message;
  uint32_t fact_number = 0;  // With a fact.
  bool last_part = false;    // Its receipt means that the whole disclosure was relayed.
  absl::Time expires = absl::InfiniteFuture();
};

exchange::v1::MessageKind KindOf(const exchange::v1::Message& message);

// The row, sealed under the case's key; bound to its message id, since an outbox number is known
// only after the commit. RESOURCE_EXHAUSTED when the message is over kMaxMessageBytes.
//
// A MEMBER_PAGE is kept as a reference: its members lie in the page's own row already and are put
// in when it is sent, so that a group of 10,000 is queued by one commit. `body_sha256` is that of
// the whole page.
absl::StatusOr<std::string> OutboxRow(const AppParts& parts, const ReferralRef& ref,
                                      const crypto::CaseKey& case_key,
                                      const OutgoingMessage& outgoing);

// The row of a directory entry, in clear: it holds no data of workers.
std::string DirectoryOutboxRow(const AppParts& parts, const exchange::v1::Message& message);

// The body of the envelope that a row stands for.
Answer<std::string> OutboxBody(const AppParts& parts, const rows::OutboxRecord& row);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_OUTBOX_H_
