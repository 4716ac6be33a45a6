#ifndef REDRESS_SERVICES_STATUS_APP_PROGRESS_H_
#define REDRESS_SERVICES_STATUS_APP_PROGRESS_H_

#include <algorithm>
#include <cstdint>

#include "absl/time/time.h"
#include "services/platform/async/signal.h"
#include "services/status/app/read_model.h"

namespace redress::status {

// How far one log has been taken in.
struct LogProgress {
  uint64_t taken = 0;      // The last event wholly taken in.
  uint64_t last_seen = 0;  // The last one that the log was known to have.
  bool end_seen = false;   // The log was read to what was its end, since this process started.
  absl::Time current_at = kNoTime;  // When everything seen had been taken in last.

  uint64_t behind() const { return last_seen - std::min(last_seen, taken); }
  bool caught_up() const { return end_seen && taken >= last_seen; }
};

// How far the read models have come, in memory: written by Ingest, read by everyone who answers.
// For the executor's thread.
struct Progress {
  LogProgress intake;
  LogProgress referral;
  BuildStage stage = BuildStage::kNone;
  mutable async::Signal changed;  // After every commit. Waiting for it changes nothing.

  LogProgress& Of(Log log) { return log == Log::kIntake ? intake : referral; }
  const LogProgress& Of(Log log) const { return log == Log::kIntake ? intake : referral; }
  // Answers may be given: what is kept is whole, as of some moment.
  bool ready() const { return stage == BuildStage::kWhole; }
  absl::Time current_at() const { return std::min(intake.current_at, referral.current_at); }
};

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_APP_PROGRESS_H_
