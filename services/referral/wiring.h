#ifndef REDRESS_SERVICES_REFERRAL_WIRING_H_
#define REDRESS_SERVICES_REFERRAL_WIRING_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "services/referral/flags.h"

namespace redress::referral {

// The whole process of the referral service: makes its parts in order, serves callers and peers,
// runs links, clocks and file transfers, and takes it all down in the reverse order. Nothing in it
// is global, so tests run several nodes in one process. For one thread, main's.
class ReferralProcess {
 public:
  // Serves when it returns. Otherwise the first problem, fit to be shown to an operator.
  static absl::StatusOr<std::unique_ptr<ReferralProcess>> Start(const Options& options);

  // Stops, as far as that was not done.
  ~ReferralProcess();
  ReferralProcess(const ReferralProcess&) = delete;
  ReferralProcess& operator=(const ReferralProcess&) = delete;

  // Takes no more calls, lets those under way finish within --stop_grace, ends the runners, and
  // returns. What they had still to do waits in the store.
  void Stop();

  // Where it serves: the first of --listen, and what became of --exchange_listen (empty without).
  std::string address() const;
  std::string exchange_address() const;

 private:
  struct Parts;
  explicit ReferralProcess(std::unique_ptr<Parts> parts);

  const std::unique_ptr<Parts> parts_;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_WIRING_H_
