#ifndef REDRESS_TESTS_SIMULATION_CASE_VERBS_H_
#define REDRESS_TESTS_SIMULATION_CASE_VERBS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "services/intake/app/intake_app.h"
#include "tests/simulation/people.h"

namespace redress::simulation {

// One person at home who does something with one case.
class CaseVerbs {
 public:
  CaseVerbs(People& people, const KnownCase& known);

  void Act();
  void Screen(bool admit);

  // A new case of a few members, known once it is acknowledged.
  static void File(People& people, Node& node);

 private:
  // What a verb of intake is called with.
  using Verb = std::function<async::Task<absl::StatusOr<intake::VerbAnswer>>(
      intake::IntakeApp& app, intake::Caller caller, intake::RequestMark mark)>;

  static void Begin(People& people, Node& node, std::shared_ptr<Deed> deed, const char* name,
                    intake::Caller caller, Verb verb,
                    std::function<void(const intake::VerbAnswer&)> on_answer = nullptr);
  void Begin(const char* name, Verb verb);
  intake::Caller Staff(auth::Role role);
  intake::CaseTarget Target();
  std::vector<std::string> SomeMembers();
  // Notes what is said on the consent of members, before it is.
  void Say(const std::vector<std::string>& members, const std::vector<std::string>& receivers,
           bool granted);

  void Amend();
  void AddMember();
  void Consent(bool grant);
  void Withdraw();
  void Reopen();
  void Close();
  void Money();
  void WriteOff();

  People& people_;
  KnownCase& known_;
  Dice& dice_;
  Node& node_;
  std::shared_ptr<Deed> deed_;
  intake::Caller caller_;
  absl::StatusOr<intake::CaseView> view_;
};

}  // namespace redress::simulation

#endif  // REDRESS_TESTS_SIMULATION_CASE_VERBS_H_
