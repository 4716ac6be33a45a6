#ifndef REDRESS_SERVICES_REFERRAL_APP_PARTS_H_
#define REDRESS_SERVICES_REFERRAL_APP_PARTS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/platform/async/blocking_pool.h"
#include "services/platform/async/executor.h"
#include "services/platform/async/signal.h"
#include "services/platform/async/task.h"
#include "services/platform/audit/audit_log.h"
#include "services/platform/auth/principal.h"
#include "services/platform/codes/iso_codes.h"
#include "services/platform/crypto/page_token.h"
#include "services/platform/files/free_space.h"
#include "services/platform/files/sync.h"
#include "services/platform/ids/names.h"
#include "services/platform/ids/random.h"
#include "services/platform/journal/event_log.h"
#include "services/platform/journal/restored_mark.h"
#include "services/platform/kv/store.h"
#include "services/platform/time/clock.h"
#include "services/referral/app/intake_port.h"
#include "services/referral/app/peer_port.h"
#include "services/referral/app/repository.h"
#include "services/referral/domain/clocks.h"

namespace redress::referral {

// The caller of a verb, as its verified token says.
using Caller = std::shared_ptr<const auth::Principal>;

// What every verb answers with.
template <class T>
using Answer = async::Task<absl::StatusOr<T>>;

// What all parts of the application share. Everything is borrowed and outlives them; it is made
// once in wiring. Reading it is thread-safe; the application itself runs on one executor.
struct AppParts {
  NodeId node;                     // This node: "kh".
  std::vector<std::string> peers;  // Node ids that have a link, this node's own among them.
  kv::Store& store;
  Repository& repository;
  audit::RefusalLog& refusals;  // Over the same store.
  async::Executor& executor;
  async::BlockingPool& files_pool;  // For reading and writing files.
  const Clock& clock;
  RandomSource& random;
  const IsoCodes& codes;
  const crypto::PageTokens& page_tokens;
  journal::EventFollowers& followers;  // Of this service's event log.
  async::Signal& outbox_changed;       // Told after every commit that appended to an outbox.
  async::Signal& work_changed;         // Told when something is left to a background runner.
  IntakePort& intake;
  ClockConfig clocks;           // Defaults; an agreement changes some.
  std::string files_directory;  // Holds encrypted evidence files; exists.
  files::FreeSpaceFloor files_floor;
  // files::SyncFile, but for tests.
  std::function<int(const std::string& path)> sync_file = files::SyncFile;
  // Set when the store was put back to a backup.
  std::optional<journal::RestoredMark> restored = std::nullopt;
  // By peer: told when it opens its link to this node, which shows that it is up. Only for code on
  // the application's executor.
  std::shared_ptr<std::map<std::string, async::Signal>> heard_from =
      std::make_shared<std::map<std::string, async::Signal>>();
  // Told when a peer says for the first time that its store was put back to a backup. May be unset.
  std::function<void(const std::string& peer, uint32_t generation)> on_peer_restored = nullptr;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_PARTS_H_
