#ifndef REDRESS_TESTS_SIMULATION_INTAKE_LIFE_H_
#define REDRESS_TESTS_SIMULATION_INTAKE_LIFE_H_

#include <memory>
#include <string>
#include <vector>

#include "services/intake/app/intake_app.h"
#include "services/intake/rpc/money_rpc.h"
#include "services/intake/rpc/reading_rpc.h"
#include "services/intake/rpc/services_rpc.h"
#include "services/intake/storage/kv_case_store.h"
#include "services/platform/audit/audit_log.h"
#include "services/referral/app/intake_port.h"
#include "tests/simulation/call.h"
#include "tests/simulation/disk.h"

namespace redress::simulation {

// What a process of a node is made of beside its disk.
struct LifeParts {
  std::string node;
  Scheduler& scheduler;
  const Clock& clock;
  const crypto::SecretKey& key;  // The node's.
  Disk& disk;
  const Options& options;
  uint64_t seed;  // Of this life.
  CommitWatcher watcher;
};

// One life of a node's intake: the binary's own domain, app, storage and handlers, on the
// simulation's clock and disk. What the binary's wiring adds is gRPC.
struct IntakeLife {
  explicit IntakeLife(const LifeParts& parts);
  ~IntakeLife();

  Process process;
  SeededRandom random;
  DiskStore store;
  crypto::PageTokens page_tokens;
  journal::EventFollowers followers;
  audit::RefusalLog refusals;
  intake::KvCaseStore cases;
  intake::IntakeApp app;
  intake::RpcParts rpc;
  intake::ServicesRpc services;
  intake::ReadingRpc reading;
  intake::MoneyRpc money;
};

// Where intake answers.
class IntakeDoor : public Door {
 public:
  Process* process() final { return life == nullptr ? nullptr : &life->process; }
  std::unique_ptr<IntakeLife> life;
};

// What the node's referral service calls: intake's own handlers, in its role, over calls that may
// fail. Stands where the binary has its gRPC client, and does as that does with the event stream.
std::unique_ptr<referral::IntakePort> CallsToIntake(const std::string& node, IntakeDoor& door,
                                                    Process& caller, CallWeather& weather);

// A pool that nothing is given to: files are not simulated.
async::BlockingPool& NoFiles();

}  // namespace redress::simulation

#endif  // REDRESS_TESTS_SIMULATION_INTAKE_LIFE_H_
