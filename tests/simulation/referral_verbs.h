#ifndef REDRESS_TESTS_SIMULATION_REFERRAL_VERBS_H_
#define REDRESS_TESTS_SIMULATION_REFERRAL_VERBS_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/referral/app/loaded_referral.h"
#include "tests/simulation/people.h"

namespace redress::simulation {

// One person who does something with one referral, from home or at the receiver.
class ReferralVerbs {
 public:
  ReferralVerbs(People& people, const KnownReferral& referral);

  void Act();

  // A new referral of the case.
  static void Refer(People& people, const KnownCase& known);

 private:
  using Verb = referral::Verb;

  // The referral as `side` has it now.
  void Load(referral::Side side);
  Verb Choose(referral::Side side);
  void Home(Verb verb);
  void Receiver(Verb verb);
  void Money();

  // The fields that all requests share.
  template <class Request>
  Request Make();
  template <class Request, class Response, class Verbs>
  void Begin(const char* verb, Verbs ReferralLife::* verbs,
             referral::Answer<Response> (Verbs::*method)(referral::Caller, Request),
             Request request);
  referral::v1::MemberTerms Terms();

  People& people_;
  const KnownReferral& referral_;
  Dice& dice_;
  Node* node_ = nullptr;
  referral::Caller caller_;
  std::shared_ptr<Deed> deed_;
  std::optional<referral::LoadedReferral> loaded_;
  std::vector<std::string> members_;
};

}  // namespace redress::simulation

#endif  // REDRESS_TESTS_SIMULATION_REFERRAL_VERBS_H_
