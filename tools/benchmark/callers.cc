#include "tools/benchmark/callers.h"

#include <utility>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "services/platform/auth/token.h"
#include "services/platform/crypto/node_keys.h"
#include "services/platform/status/status_macros.h"

namespace redress::benchmark {

Callers::Callers(cli::Profile profile, std::shared_ptr<const crypto::SigningKey> key,
                 absl::Duration keep_token)
    : profile_(std::move(profile)), key_(std::move(key)), keep_token_(keep_token) {}

absl::StatusOr<Callers> Callers::Load(const std::string& directory, const std::string& name,
                                      size_t people, size_t fresh_tokens,
                                      absl::Duration keep_token) {
  ASSIGN_OR_RETURN(cli::Profile profile, cli::LoadProfile(directory, name));
  ASSIGN_OR_RETURN(crypto::SigningKey key, crypto::LoadSigningKey(profile.key_file));
  Callers callers(std::move(profile), std::make_shared<const crypto::SigningKey>(std::move(key)),
                  keep_token);
  for (size_t i = 0; i < people; ++i) {
    Person& person = callers.people_.emplace_back();
    person.profile = callers.profile_;
    person.profile.person = fmt::format("{}-{}", callers.profile_.person, i + 1);
  }
  const absl::Time now = absl::Now();
  for (size_t i = 0; i < fresh_tokens; ++i) {
    cli::Profile once = callers.profile_;
    once.person = fmt::format("{}-once-{}", once.person, i + 1);
    callers.fresh_.push_back(callers.Sign(once, now));
  }
  return callers;
}

std::string Callers::Sign(const cli::Profile& profile, absl::Time now) const {
  return "Bearer " + auth::MintToken(*key_, cli::ClaimsOf(profile, now));
}

const std::string& Callers::Authorization(size_t person, absl::Time now) {
  if (!fresh_.empty()) return fresh_[next_fresh_++ % fresh_.size()];
  Person& who = people_[person % people_.size()];
  if (now - who.signed_at >= keep_token_) {
    who.authorization = Sign(who.profile, now);
    who.signed_at = now;
  }
  return who.authorization;
}

}  // namespace redress::benchmark
