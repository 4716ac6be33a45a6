#include "services/platform/rpc/internal/admission.h"

#include <algorithm>
#include <cmath>

namespace redress::rpc::internal {
namespace {

constexpr absl::Duration kWindow = absl::Milliseconds(100);
// How much the newest window counts against all before it.
constexpr double kNewest = 0.4;
// So many calls are done for each that comes back, if all do when they were told.
constexpr double kDoneForEachThatComesBack = 10;
constexpr absl::Duration kShortestRetry = absl::Milliseconds(200);
constexpr absl::Duration kLongestRetry = absl::Seconds(10);
// Steps of this part of 1 never fall close to an earlier one.
constexpr double kGoldenPart = 0.6180339887498949;

}  // namespace

std::optional<absl::Duration> Admission::Enter(absl::Time now) {
  Advance(now);
  if (in_flight_ >= limit()) {
    return RetryDelay();
  }
  ++in_flight_;
  return std::nullopt;
}

void Admission::Leave(absl::Time now, bool done) {
  Advance(now);
  --in_flight_;
  if (done) ++done_;
}

int Admission::limit() const {
  const double within = rate_ * absl::ToDoubleSeconds(options_.target);
  return std::max(options_.least, static_cast<int>(std::min(within, 1e9)));
}

void Admission::Advance(absl::Time now) {
  if (now > counted_to_ && counted_to_ != absl::InfinitePast()) {
    call_seconds_ += in_flight_ * absl::ToDoubleSeconds(now - counted_to_);
  }
  counted_to_ = now;
  const absl::Duration length = now - window_began_;
  if (length < absl::ZeroDuration() || length >= kWindow) EndWindow(now);
}

void Admission::EndWindow(absl::Time now) {
  const absl::Duration length = now - window_began_;
  // A window that was not busy tells what was asked for and not what can be done; nor does one that
  // the clock jumped out of. On the average, since calls are done in batches: after each, fewer are
  // in flight for a moment than ever while it was made.
  const bool busy = length > absl::ZeroDuration() &&
                    call_seconds_ * 2 >= options_.least * absl::ToDoubleSeconds(length);
  if (busy && window_began_ != absl::InfinitePast()) {
    const double rate = done_ / absl::ToDoubleSeconds(length);
    rate_ = rate_ == 0 ? rate : rate_ + kNewest * (rate - rate_);
  }
  // Of those told to come after about `delay_`, so many are back by now.
  if (length > absl::ZeroDuration() && waiting_ > 0)
    waiting_ *= std::exp(-absl::FDivDuration(length, delay_));
  done_ = 0;
  call_seconds_ = 0;
  window_began_ = now;
}

// Long enough for all who wait to come back as a small part of the calls that are done meanwhile.
absl::Duration Admission::RetryDelay() {
  spread_ = std::fmod(spread_ + kGoldenPart, 1.0);
  waiting_ += 1;
  delay_ = kShortestRetry;
  if (rate_ > 0) delay_ = absl::Seconds(kDoneForEachThatComesBack * waiting_ / rate_);
  delay_ = std::clamp(delay_, kShortestRetry, kLongestRetry);
  return delay_ * (0.5 + spread_);
}

}  // namespace redress::rpc::internal
