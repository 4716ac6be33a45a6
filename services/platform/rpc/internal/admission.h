#ifndef REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_ADMISSION_H_
#define REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_ADMISSION_H_

#include <optional>

#include "absl/time/time.h"

namespace redress::rpc::internal {

struct AdmissionOptions {
  // So many calls at once are always taken: fewer would not fill the batches of the committer.
  int least = 64;
  // How long a call may have to wait for those before it, judged by how fast they are being done.
  absl::Duration target = absl::Milliseconds(10);
};

// Decides which calls are taken on. A process that takes on more than it can do answers everybody
// late: all its work then goes into calls whose callers have given up. So no more calls are in
// flight than it does within `target`, by the rate at which it lately did them, and whoever comes
// beyond that is told at once when to come back. The more have been told so, the later the next are
// told to come, and not all at the same moment, since turning away costs something too.
//
// The rate is learnt while there is work enough, and kept while there is not. It finds by itself
// what the machine can do: as long as more calls in flight make more calls done, the limit rises.
//
// A pure function of what it is told; not thread-safe.
class Admission {
 public:
  explicit Admission(AdmissionOptions options) : options_(options) {}

  // A call has come. Nothing: it is taken, and Leave must follow. Else when to come back.
  std::optional<absl::Duration> Enter(absl::Time now);
  // A call that was taken is over; `done`: it was work, and not refused at the door.
  void Leave(absl::Time now, bool done = true);

  int in_flight() const { return in_flight_; }
  // How many may be in flight now.
  int limit() const;

 private:
  void Advance(absl::Time now);
  void EndWindow(absl::Time now);
  absl::Duration RetryDelay();

  const AdmissionOptions options_;
  int in_flight_ = 0;
  double rate_ = 0;  // Calls done in a second, while busy.
  absl::Time window_began_ = absl::InfinitePast();
  int done_ = 0;             // In this window.
  double call_seconds_ = 0;  // In this window, of all calls in flight together.
  absl::Time counted_to_ = absl::InfinitePast();
  double waiting_ = 0;    // How many have been told to come back and have not done so, about.
  absl::Duration delay_;  // What they were told last, about.
  double spread_ = 0;     // Runs evenly over [0, 1).
};

}  // namespace redress::rpc::internal

#endif  // REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_ADMISSION_H_
