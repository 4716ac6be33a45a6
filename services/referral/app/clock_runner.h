#ifndef REDRESS_SERVICES_REFERRAL_APP_CLOCK_RUNNER_H_
#define REDRESS_SERVICES_REFERRAL_APP_CLOCK_RUNNER_H_

#include "services/platform/async/cancellation.h"
#include "services/referral/app/parts.h"

namespace redress::referral {

// Acts on every clock that is due now, oldest first: writes the fact or the warning that follows
// from it and takes the clock off the index, as one commit each. Returns how many it acted on.
// Clocks that wait for a silent link are put off and looked at again.
Answer<int> RunDueClocks(const AppParts& parts);

// Runs due clocks whenever there are any, and looks again at least once a second of real time, so
// that a clock which a test moved is noticed. Ends when cancelled.
async::Task<void> RunClocks(const AppParts& parts, async::CancellationToken cancellation);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_CLOCK_RUNNER_H_
