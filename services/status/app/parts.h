#ifndef REDRESS_SERVICES_STATUS_APP_PARTS_H_
#define REDRESS_SERVICES_STATUS_APP_PARTS_H_

#include <cstddef>
#include <memory>

#include "absl/status/status.h"
#include "redress/status/v1/case_view.pb.h"
#include "services/platform/async/executor.h"
#include "services/platform/auth/principal.h"
#include "services/platform/codes/iso_codes.h"
#include "services/platform/crypto/page_token.h"
#include "services/platform/crypto/secret_key.h"
#include "services/platform/time/clock.h"
#include "services/status/app/directory.h"
#include "services/status/app/progress.h"
#include "services/status/app/read_model.h"

namespace redress::status {

// The caller of a verb, as its verified token says. Never null.
using Caller = std::shared_ptr<const auth::Principal>;

// What everyone who answers shares. Everything is borrowed and outlives them; made once in wiring.
// For the executor's thread.
struct AppParts {
  ReadModel& model;
  const Directory& directory;
  const Progress& progress;
  const Clock& clock;        // What is overdue, and which posting is in force, goes by this one.
  const Clock& token_clock;  // By which tokens end: the real one.
  const IsoCodes& codes;
  const crypto::PageTokens& page_tokens;
  const crypto::SecretKey& tracking_key;
  async::Executor& executor;
};

// One call touches at most so many keys of the store, whatever it asks for. A watch goes on for as
// long as it is listened to, and says where it is after so many changes.
inline constexpr size_t kKeysPerCall = 1000;

// UNAVAILABLE while the read models are being built: half of them are not shown.
absl::Status CheckReady(const Progress& progress);

v1::AsOf AsOfNow(const AppParts& parts);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_APP_PARTS_H_
