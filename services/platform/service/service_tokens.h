#ifndef REDRESS_SERVICES_PLATFORM_SERVICE_SERVICE_TOKENS_H_
#define REDRESS_SERVICES_PLATFORM_SERVICE_SERVICE_TOKENS_H_

#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/platform/crypto/signing_key.h"
#include "services/platform/ids/names.h"
#include "services/platform/time/clock.h"

namespace redress::service {

// The tokens with which one service of a node calls another: role `service`, signed by the node's
// service key, for body "<node>:services". One token serves many calls and is renewed well before
// it ends, so that the other side has to verify a signature only now and then. Thread-safe.
class ServiceTokens {
 public:
  // `service` is who calls: "referral". `key` and `clock` (the real time, as tokens are verified
  // by it) outlive this.
  ServiceTokens(const NodeId& node, std::string_view service, const crypto::SigningKey& key,
                const Clock& clock);

  // Good for at least kLeastRemaining from now.
  std::string Token();

  static constexpr absl::Duration kLeastRemaining = absl::Minutes(4);

 private:
  const std::string node_;
  const std::string person_;
  const crypto::SigningKey& key_;
  const Clock& clock_;

  absl::Mutex mutex_;
  std::string token_ ABSL_GUARDED_BY(mutex_);
  absl::Time expires_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace redress::service

#endif  // REDRESS_SERVICES_PLATFORM_SERVICE_SERVICE_TOKENS_H_
