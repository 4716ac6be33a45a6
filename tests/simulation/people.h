#ifndef REDRESS_TESTS_SIMULATION_PEOPLE_H_
#define REDRESS_TESTS_SIMULATION_PEOPLE_H_

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "services/platform/async/task_group.h"
#include "tests/simulation/deed.h"
#include "tests/simulation/node.h"

namespace redress::simulation {

using Nodes = std::map<std::string, std::unique_ptr<Node>>;
using OnViolation = std::function<void(std::string what)>;

// The people at the desks: file cases, move them and their referrals by every verb of the life
// cycle, mostly as the state allows, and ask again when they hear nothing.
class People {
 public:
  People(uint64_t seed, const Options& options, Scheduler& scheduler, Nodes& nodes,
         Knowledge& knowledge, OnViolation on_violation);
  ~People();

  // Begins one deed, unless as many are under way as there are people.
  void Act();
  // The cases at the beginning.
  void FileCase(const std::string& node);
  void ScreenCase(const std::string& number, bool admit);

  // For the end of a run: nobody repeats or errs any more.
  void Calm() { calm_ = true; }
  size_t busy() const { return static_cast<size_t>(group_.running()); }

  // Makes the deed's request once more; done when the scheduler has gone on for long enough.
  void Again(const std::shared_ptr<Deed>& deed);

 private:
  friend class ReferralVerbs;
  friend class CaseVerbs;

  std::shared_ptr<Deed> NewDeed(std::string verb, Node& node, std::string about);
  void Begin(std::shared_ptr<Deed> deed);
  async::Task<void> Try(std::shared_ptr<Deed> deed);
  async::Task<void> TryAgain(std::shared_ptr<Deed> deed);
  // What a try was answered with, and whether that ends the deed.
  bool Take(Deed& deed, const absl::StatusOr<std::string>& answer, bool heard_nothing);

  void ActOnReferral(const KnownReferral& referral);
  void ActOnCase(const KnownCase& known);

  Dice dice_;
  const Options& options_;
  Nodes& nodes_;
  Knowledge& knowledge_;
  const OnViolation on_violation_;
  bool calm_ = false;
  uint64_t deeds_ = 0;
  Process process_;
  async::TaskGroup group_;
};

}  // namespace redress::simulation

#endif  // REDRESS_TESTS_SIMULATION_PEOPLE_H_
