#ifndef REDRESS_SERVICES_STATUS_APP_WATCH_TOKEN_H_
#define REDRESS_SERVICES_STATUS_APP_WATCH_TOKEN_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/platform/auth/principal.h"
#include "services/status/app/parts.h"

namespace redress::status {

// Where a watch goes on: a place in both logs, and when all up to some place had been told last.
// What the caller might see then is what may have to be taken back.
struct WatchPlace {
  uint64_t intake = 0;
  uint64_t referral = 0;
  absl::Time given_at;
};

WatchPlace PlaceNow(const AppParts& parts);

// Sealed as page tokens are, with the node's key, so that it outlives the process and a rebuild. It
// opens for the person it was given to, with the roles, body and place of then: with others the
// caller has other cases in view than those that the watch goes on with.
std::string SealWatchToken(const AppParts& parts, const auth::Principal& caller,
                           const WatchPlace& place);

// INVALID_ARGUMENT for what is no such token, or another's.
absl::StatusOr<WatchPlace> OpenWatchToken(const AppParts& parts, const auth::Principal& caller,
                                          const std::string& token);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_APP_WATCH_TOKEN_H_
