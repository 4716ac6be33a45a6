#ifndef REDRESS_TESTS_SIMULATION_STEP_CHECKS_H_
#define REDRESS_TESTS_SIMULATION_STEP_CHECKS_H_

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "services/referral/storage/keys.h"
#include "tests/simulation/people.h"

namespace redress::simulation {

// What must hold at every moment, at each node by itself. Told of every commit; looks at what
// commits have changed when it is asked to.
//
//   - a side's facts are numbered without gaps, and none is ever written a second time
//   - a message takes effect once, however often it comes; none is refused
//   - every step of a referral is one of the life cycle, and what is stored is what follows from it
//   - no outcome is weakened by what comes late
//   - nobody is disclosed whose consent did not allow it at that time
//   - a case's money adds up
class StepChecks final : public NodeWatcher {
 public:
  StepChecks(Scheduler& scheduler, Nodes& nodes, Knowledge& knowledge, OnViolation on_violation)
      : scheduler_(scheduler),
        nodes_(nodes),
        knowledge_(knowledge),
        on_violation_(std::move(on_violation)) {}

  void OnIntakeCommit(const std::string& node, const kv::Change& change) override;
  void OnReferralCommit(const std::string& node, const kv::Change& change) override;
  void Check();

  uint64_t facts() const { return facts_written_; }

 private:
  using Place = std::pair<std::string, std::string>;  // A node, and a referral with its side.

  void OnReferral(const std::string& node, const referral::ReferralKey& key,
                  const std::string& bytes);
  void OnFact(const std::string& node, const referral::FactKey& key);
  void CheckReferral(const std::string& node, const referral::ReferralRef& ref);
  void CheckConsent(Node& node, const referral::LoadedReferral& loaded);

  Scheduler& scheduler_;
  Nodes& nodes_;
  Knowledge& knowledge_;
  const OnViolation on_violation_;
  const referral::ReferralKeySpace keys_;
  uint64_t facts_written_ = 0;
  std::map<std::tuple<std::string, std::string, referral::Side>, uint32_t> last_fact_;
  std::set<std::pair<std::string, std::string>> taken_;  // Node and message.
  std::map<Place, referral::ReferralRef> changed_;
  std::set<std::pair<std::string, CaseNumber>> changed_ledgers_;  // Node and case.
  std::map<Place, int> strength_;
  std::map<Place, uint32_t> disclosure_;
};

// Whether what was said on a member's consent for a receiver allows a disclosure that took place
// between the two moments: no when it had been taken back before, or was not given until after.
bool MayBeDisclosed(const std::vector<ConsentWord>& words, absl::Time from, absl::Time to);

}  // namespace redress::simulation

#endif  // REDRESS_TESTS_SIMULATION_STEP_CHECKS_H_
