#ifndef REDRESS_TOOLS_BENCHMARK_CALLERS_H_
#define REDRESS_TOOLS_BENCHMARK_CALLERS_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/platform/crypto/signing_key.h"
#include "tools/redress/profile.h"

namespace redress::benchmark {

// Who makes the calls: as many people as calls are outstanding, each of the role and the body of
// one profile, each signing a token as the command does and keeping it for `keep_token`. Ed25519 is
// deterministic and a token's times are whole seconds, so somebody who signs one for each call has
// the same within one second; with `fresh_tokens` each call carries one that the service has not
// seen, made ahead so that the measuring pays nothing for it while it measures. Not thread-safe.
class Callers {
 public:
  // Loads <directory>/<name>.json and its key.
  static absl::StatusOr<Callers> Load(const std::string& directory, const std::string& name,
                                      size_t people, size_t fresh_tokens,
                                      absl::Duration keep_token);

  // The metadata's value, "Bearer …"; good until the next call.
  const std::string& Authorization(size_t person, absl::Time now);

 private:
  struct Person {
    cli::Profile profile;
    absl::Time signed_at = absl::InfinitePast();
    std::string authorization;
  };

  Callers(cli::Profile profile, std::shared_ptr<const crypto::SigningKey> key,
          absl::Duration keep_token);
  std::string Sign(const cli::Profile& profile, absl::Time now) const;

  cli::Profile profile_;
  std::shared_ptr<const crypto::SigningKey> key_;
  absl::Duration keep_token_;
  std::vector<Person> people_;
  std::vector<std::string> fresh_;
  size_t next_fresh_ = 0;
};

}  // namespace redress::benchmark

#endif  // REDRESS_TOOLS_BENCHMARK_CALLERS_H_
