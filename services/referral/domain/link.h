#ifndef REDRESS_SERVICES_REFERRAL_DOMAIN_LINK_H_
#define REDRESS_SERVICES_REFERRAL_DOMAIN_LINK_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/platform/ids/random.h"

namespace redress::referral {

// One direction of the link between two nodes: envelopes of an epoch are numbered from 1 without
// gaps, and each holds the digest of the one before. Both sides keep one of these, the sender of
// what it made, the receiver of what has a receipt. A plain value.
struct HalfLink {
  uint64_t epoch = 1;
  uint64_t last_sequence = 0;  // 0: none yet in this epoch.
  std::string last_digest;     // Of that envelope; empty with 0.

  friend bool operator==(const HalfLink&, const HalfLink&) = default;
};

// The part of an envelope's header that places it.
struct Placing {
  uint64_t epoch = 0;
  uint64_t sequence = 0;
  std::string previous_digest;

  friend bool operator==(const Placing&, const Placing&) = default;
};

// The place of the sender's next envelope.
Placing NextPlace(const HalfLink& sent);

// The half-link after the envelope at `place`, whose digest is `digest`. Receiver and sender use
// the same; the receiver for refused envelopes too, which keep their place and block nothing.
HalfLink Advanced(const Placing& place, std::string digest);

// A node restored from a backup may have sent what it no longer knows of: it counts anew.
HalfLink NewEpoch(const HalfLink& before);

// What an envelope is to a receiver that stands at `held`.
enum class Arrival : uint8_t {
  kNext,         // The one expected, or the first of a newer epoch: look at it.
  kRepeated,     // Has a receipt: answer it again, found by message id. Nothing else happens.
  kGap,          // Something before it is missing: end the stream, ask from `last_sequence` + 1.
                 // Unless the id is new: the sender was restored, and it is as with kOldEpoch.
  kOldEpoch,     // Of an epoch that was left: end the stream with LINK_EPOCH_OLD.
  kBrokenChain,  // In its place but after another envelope: refuse it with CHAIN_BROKEN, alarm.
};
Arrival Judge(const HalfLink& held, const Placing& place);
std::string_view ArrivalName(Arrival arrival);

// A sender that opens a stream tells what it has sent (`sender`); the receiver stands at `held`.
// FAILED_PRECONDITION, LINK_EPOCH_OLD {epoch, current_epoch}: the sender's epoch is old, or it
// knows of fewer envelopes than arrived, or of another one in the same place: it was restored and
// must begin a new epoch, one above `current_epoch`.
absl::Status CheckOpening(const HalfLink& held, const HalfLink& sender);

// Waiting between tries: 1 s doubled with each failed try, at most 15 minutes, of which a random
// part between a half and the whole is waited, so that nodes that lost a peer at once do not all
// come back at once. `failures` counts from 1.
struct BackOffRules {
  absl::Duration first = absl::Seconds(1);
  absl::Duration most = absl::Minutes(15);
};
absl::Duration BackOff(uint32_t failures, RandomSource& random, const BackOffRules& rules = {});

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_DOMAIN_LINK_H_
