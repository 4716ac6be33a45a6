#ifndef REDRESS_SERVICES_INTAKE_APP_APP_CONTEXT_H_
#define REDRESS_SERVICES_INTAKE_APP_APP_CONTEXT_H_

#include <optional>
#include <string>

#include "services/intake/app/case_store.h"
#include "services/intake/domain/case_life_cycle.h"
#include "services/platform/async/blocking_pool.h"
#include "services/platform/async/executor.h"
#include "services/platform/audit/audit_log.h"
#include "services/platform/codes/iso_codes.h"
#include "services/platform/crypto/page_token.h"
#include "services/platform/crypto/secret_key.h"
#include "services/platform/files/free_space.h"
#include "services/platform/ids/names.h"
#include "services/platform/ids/random.h"
#include "services/platform/journal/event_log.h"
#include "services/platform/journal/restored_mark.h"
#include "services/platform/kv/store.h"
#include "services/platform/time/clock.h"

namespace redress::intake {

// What every verb works with. All references are borrowed from the wiring and outlive the app;
// copying copies references. Immutable, so it may be shared.
struct AppContext {
  NodeId node;  // "kh".
  const Clock& clock;
  RandomSource& random;
  async::Executor& executor;
  async::BlockingPool& file_pool;  // For evidence files; nothing else blocks.
  kv::Store& store;
  CaseStore& cases;             // Over the same store.
  audit::RefusalLog& refusals;  // The same.
  journal::EventFollowers& followers;
  const IsoCodes& codes;
  const crypto::SecretKey& tracking_key;
  const crypto::PageTokens& page_tokens;
  std::string files_directory;  // data_dir/files; must exist.
  files::FreeSpaceFloor files_floor;
  LifeCycleRules life_cycle;
  // Set when the store was put back to a backup.
  std::optional<journal::RestoredMark> restored = std::nullopt;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_APP_CONTEXT_H_
