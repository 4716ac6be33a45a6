#include "services/referral/rpc/event_stream.h"

#include <utility>
#include <vector>

namespace redress::referral {
namespace {

// Events read at once: many enough that reading is not what costs, few enough to be held for each
// of several followers.
constexpr size_t kBatch = 200;

}  // namespace

async::Task<absl::Status> SendEvents(ReferralQueries& queries, journal::EventFollowers& followers,
                                     rpc::CallContext& context, v1::ReadEventsRequest request,
                                     EventWriter& writer) {
  const async::CancellationToken cancellation = context.cancellation();
  uint64_t after = request.after();
  while (!cancellation.IsCancelled()) {
    absl::StatusOr<std::vector<v1::ReadEventsResponse>> events =
        co_await queries.ReadEvents(after, kBatch);
    if (!events.ok()) co_return events.status();
    for (v1::ReadEventsResponse& event : *events) {
      after = event.event().number();
      const bool written = co_await writer.Write(std::move(event));
      if (!written) co_return absl::CancelledError("the reader has gone");
    }
    if (!events->empty()) continue;
    if (!request.follow()) co_return absl::OkStatus();
    const async::Wake wake = co_await followers.WaitBeyond(after, cancellation, kSignOfLife);
    if (wake != async::Wake::kTimedOut) continue;
    v1::ReadEventsResponse sign_of_life;
    sign_of_life.set_last_number(after);
    const bool written = co_await writer.Write(std::move(sign_of_life));
    if (!written) co_return absl::CancelledError("the reader has gone");
  }
  co_return absl::CancelledError("the call has ended");
}

}  // namespace redress::referral
