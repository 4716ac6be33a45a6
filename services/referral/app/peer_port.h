#ifndef REDRESS_SERVICES_REFERRAL_APP_PEER_PORT_H_
#define REDRESS_SERVICES_REFERRAL_APP_PEER_PORT_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "redress/exchange/v1/envelope.pb.h"
#include "services/platform/async/cancellation.h"
#include "services/platform/async/task.h"

namespace redress::referral {

// First frame of a sender, field by field redress.exchange.v1.LinkOpening.
struct LinkOpening {
  std::string sender_node;
  std::string recipient_node;
  uint64_t link_epoch = 0;
  uint64_t last_sequence = 0;
  std::string last_digest;
  uint32_t restores = 0;
};

// First frame of a receiver, field by field redress.exchange.v1.LinkState.
struct LinkState {
  uint64_t next_sequence = 1;
  std::string last_digest;
  uint32_t window = 1;
  absl::Time now;
};

// One frame of a receiver after the first: the receipt of one envelope.
struct ReceiptFrame {
  exchange::v1::SignedReceipt receipt;
  bool duplicate = false;  // The envelope was here before; `receipt` is the original.
};

// An open Deliver stream, sender's end. For one coroutine that sends and one that receives.
// Destroying it ends the stream.
class DeliverStream {
 public:
  virtual ~DeliverStream() = default;
  // What the receiver answered to the opening.
  virtual const LinkState& state() const = 0;
  // False when the stream is over: Receive tells why.
  virtual async::Task<bool> Send(exchange::v1::Envelope envelope) = 0;
  // The next receipt, in the order of the envelopes; an error when the stream is over, whatever
  // ended it (OK never ends it: a deadline is DEADLINE_EXCEEDED).
  virtual async::Task<absl::StatusOr<ReceiptFrame>> Receive() = 0;
  // Ends it now; a Receive that waits answers CANCELLED.
  virtual void Cancel() = 0;
};

// What a file transfer opens with, field by field redress.exchange.v1.FileOpening.
struct FileOpening {
  std::string referral_id;
  std::string evidence_id;
  std::string transfer_sha256;
  int64_t transfer_bytes = 0;
};

struct FileStored {
  uint64_t commit_number = 0;
  absl::Time stored_at;
};

// An open TransferFile stream, sender's end. Destroying it ends the stream.
class FileStream {
 public:
  virtual ~FileStream() = default;
  // First byte that the receiver wants; all of them when it has everything.
  virtual int64_t resume_offset() const = 0;
  // 1 to 262,144 bytes, in order. False when the stream is over: Finish tells why.
  virtual async::Task<bool> Send(int64_t offset, std::string bytes) = 0;
  virtual async::Task<absl::StatusOr<FileStored>> Finish() = 0;
};

// How the exchange reaches another node; the own node by loopback. Implementations pin the peer's
// certificate. Thread-safe; what it opens is for one executor.
class PeerPort {
 public:
  virtual ~PeerPort() = default;

  // Opens a Deliver stream and waits for the receiver's first frame. Errors: UNAVAILABLE, and what
  // the receiver refuses a stream with (FAILED_PRECONDITION LINK_EPOCH_OLD, PERMISSION_DENIED
  // PEER_NOT_PINNED …); NOT_FOUND when no such peer is configured.
  virtual async::Task<absl::StatusOr<std::unique_ptr<DeliverStream>>> OpenDeliver(
      std::string peer, LinkOpening opening, async::CancellationToken cancellation) = 0;

  // Opens a TransferFile stream and waits for the receiver's offset. NOT_FOUND: the notice of the
  // file has not arrived; try after its receipt.
  virtual async::Task<absl::StatusOr<std::unique_ptr<FileStream>>> OpenTransfer(
      std::string peer, FileOpening opening, async::CancellationToken cancellation) = 0;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_PEER_PORT_H_
