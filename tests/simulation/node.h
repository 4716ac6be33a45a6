#ifndef REDRESS_TESTS_SIMULATION_NODE_H_
#define REDRESS_TESTS_SIMULATION_NODE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "services/platform/time/clock.h"
#include "services/referral/app/testing/fake_intake.h"
#include "tests/simulation/intake_life.h"
#include "tests/simulation/referral_life.h"

namespace redress::simulation {

// The clock on a node's wall: the virtual time, what was leapt over, and what it is wrong by.
class NodeClock final : public Clock {
 public:
  NodeClock(const Scheduler& scheduler, const absl::Duration& leapt)
      : scheduler_(scheduler), leapt_(leapt) {}
  absl::Time Now() const override { return scheduler_.now() + leapt_ + skew; }
  absl::Duration skew = absl::ZeroDuration();

 private:
  const Scheduler& scheduler_;
  const absl::Duration& leapt_;
};

// Looks at what is durable at a node, past its processes: the services' own reading code upon the
// disks, at once and without a trace.
class Inspector {
 public:
  Inspector(const std::string& node, const Clock& clock, const crypto::SecretKey& key,
            Disk& intake_disk, Disk& referral_disk);

  template <class T>
  T Run(async::Task<T> task) {
    return async::RunToEnd(executor_, std::move(task));
  }
  const referral::AppParts& referral() const { return parts_; }
  intake::IntakeApp& intake() { return intake_; }

 private:
  async::ManualExecutor executor_;
  SeededRandom random_{1};
  crypto::PageTokens page_tokens_;
  journal::EventFollowers followers_;
  async::Signal outbox_changed_;
  async::Signal work_changed_;
  referral::FakeIntake no_intake_;
  referral::ReferralKeySpace keys_;
  referral::Repository repository_;
  audit::RefusalLog referral_refusals_;
  const referral::AppParts parts_;
  intake::KvCaseStore cases_;
  audit::RefusalLog intake_refusals_;
  intake::IntakeApp intake_;
};

// Who is told of what becomes durable.
class NodeWatcher {
 public:
  virtual ~NodeWatcher() = default;
  virtual void OnIntakeCommit(const std::string& node, const kv::Change& change) = 0;
  virtual void OnReferralCommit(const std::string& node, const kv::Change& change) = 0;
};

// One node: two processes that live and die by themselves, and what survives them.
class Node {
 public:
  struct Surroundings {
    uint64_t seed;
    const Options& options;
    Scheduler& scheduler;
    Network& network;
    const absl::Duration& leapt;
    NodeWatcher& watcher;
    std::vector<std::string> links;  // All nodes, this one among them.
  };
  Node(std::string name, const Surroundings& around);
  ~Node();

  const std::string& name() const { return name_; }
  // What wraps its case keys.
  const crypto::SecretKey& key() const { return key_; }
  bool intake_up() const { return intake.life != nullptr; }
  bool referral_up() const { return referral.life != nullptr; }
  void StartIntake();
  void StartReferral();
  void CrashIntake();
  void CrashReferral();

  // In clock, no skew; no lost answers: for the end of a run.
  void Calm();

  NodeClock clock;
  CallWeather weather;
  IntakeDoor intake;
  ReferralDoor referral;
  Disk intake_disk;
  Disk referral_disk;

 private:
  LifeParts Life(std::string_view service, Disk& disk);

  const std::string name_;
  const Surroundings around_;
  SeededRandom random_;
  const crypto::SecretKey key_;
  uint64_t lives_ = 0;

 public:
  Inspector inspector;
};

}  // namespace redress::simulation

#endif  // REDRESS_TESTS_SIMULATION_NODE_H_
