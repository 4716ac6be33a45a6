#ifndef REDRESS_SERVICES_PLATFORM_AUTH_VERIFIER_H_
#define REDRESS_SERVICES_PLATFORM_AUTH_VERIFIER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "services/platform/auth/authenticator.h"
#include "services/platform/auth/issuer_registry.h"
#include "services/platform/time/clock.h"

namespace redress::auth {

// The Authenticator of a node: verifies tokens against the registered issuers, and remembers the
// good ones until they end, since a caller sends the same token for minutes and a signature costs
// 50 µs to check. Thread-safe.
//
// The memory is two generations of at most `cache_capacity` tokens each. When the young one is
// full, or as old as a token can become, it becomes the old one and the old one is dropped: what
// is kept are the tokens of the last minutes, some 1 KiB each. A bad token is never remembered, so
// no caller without a key can fill it.
class Verifier final : public Authenticator {
 public:
  // `clock` outlives this. `node` is this node's id: "kh".
  Verifier(std::string node, IssuerRegistry issuers, const Clock& clock,
           size_t cache_capacity = 2048);

  absl::StatusOr<std::shared_ptr<const Principal>> Authenticate(
      std::string_view authorization) override;

  // Takes the new issuers for every later call and forgets all tokens verified under the old ones.
  void Replace(IssuerRegistry issuers);

  // How many tokens are remembered, for tests and metrics.
  size_t cached() const;

 private:
  using Tokens = absl::flat_hash_map<std::string, std::shared_ptr<const Principal>>;

  std::shared_ptr<const Principal> FindCached(std::string_view token) ABSL_LOCKS_EXCLUDED(mutex_);
  // Ends the young generation when it is time to.
  void Age(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string node_;
  const Clock& clock_;
  const size_t cache_capacity_;

  mutable absl::Mutex mutex_;
  std::shared_ptr<const IssuerRegistry> issuers_ ABSL_GUARDED_BY(mutex_);
  absl::Time young_since_ ABSL_GUARDED_BY(mutex_);
  Tokens young_ ABSL_GUARDED_BY(mutex_);
  Tokens old_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace redress::auth

#endif  // REDRESS_SERVICES_PLATFORM_AUTH_VERIFIER_H_
