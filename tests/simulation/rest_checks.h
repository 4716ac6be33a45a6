#ifndef REDRESS_TESTS_SIMULATION_REST_CHECKS_H_
#define REDRESS_TESTS_SIMULATION_REST_CHECKS_H_

#include <map>
#include <set>
#include <string>
#include <utility>

#include "tests/simulation/people.h"
#include "tests/simulation/step_checks.h"

namespace redress::simulation {

// What must hold when everything is mended and nothing is under way any more.
//
//   - both nodes hold the same facts of a referral, its state and its members; nothing waits
//   - what was acknowledged has taken effect once, what was refused not at all
//   - who took consent back is disclosed in no open referral, and a withdrawn case has none
//   - every ledger holds each entry once, and its sums are those of its entries
class RestChecks {
 public:
  RestChecks(Nodes& nodes, Knowledge& knowledge, OnViolation on_violation)
      : nodes_(nodes), knowledge_(knowledge), on_violation_(std::move(on_violation)) {}

  // What is still under way at a node; empty when nothing is.
  static std::string Unfinished(Node& node);

  void Check();

 private:
  void CheckReferral(const KnownReferral& known);
  void CheckAgreement(const KnownReferral& known, const referral::LoadedReferral& home,
                      const referral::LoadedReferral& destination);
  void CheckCase(const KnownCase& known);
  void CheckConsents(const KnownReferral& known, const referral::LoadedReferral& home,
                     const std::set<std::string>& members);
  void CheckDeeds();

  Nodes& nodes_;
  Knowledge& knowledge_;
  const OnViolation on_violation_;
  // Facts by node and person; ledger entries by node and id.
  std::map<std::pair<std::string, std::string>, int> facts_of_;
  std::map<std::pair<std::string, std::string>, int> entries_;
  std::map<std::string, int> cases_of_;
};

}  // namespace redress::simulation

#endif  // REDRESS_TESTS_SIMULATION_REST_CHECKS_H_
