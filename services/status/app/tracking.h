#ifndef REDRESS_SERVICES_STATUS_APP_TRACKING_H_
#define REDRESS_SERVICES_STATUS_APP_TRACKING_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "redress/status/v1/tracking.pb.h"
#include "services/platform/crypto/tracking_code.h"
#include "services/status/app/parts.h"

namespace redress::status {

// Keeps a kiosk from trying codes: a caller who gave kMaxWrong wrong ones within a minute waits for
// the next. Counted in memory, since 10^16 codes are not tried in the minutes between restarts. For
// the executor's thread.
class WrongCodes {
 public:
  static constexpr int kMaxWrong = 30;
  static constexpr absl::Duration kWindow = absl::Minutes(1);

  // RESOURCE_EXHAUSTED OVERLOADED {limit}, saying when to come back.
  absl::Status Check(const std::string& caller, absl::Time now) const;
  void Note(const std::string& caller, absl::Time now);

 private:
  struct Window {
    absl::Time began;
    int wrong = 0;
  };
  absl::flat_hash_map<std::string, Window> windows_;
};

// Shows a worker's part of a case by the code on the receipt. The code itself is neither kept nor
// told anywhere; errors are those of the RPC.
class Tracking {
 public:
  explicit Tracking(const AppParts& parts) : parts_(parts) {}

  Answer<v1::TrackByReceiptResponse> TrackByReceipt(Caller caller, crypto::TrackingCode code);

 private:
  const AppParts& parts_;
  WrongCodes wrong_codes_;
};

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_APP_TRACKING_H_
