#ifndef REDRESS_TESTS_SIMULATION_DEED_H_
#define REDRESS_TESTS_SIMULATION_DEED_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/platform/async/task.h"
#include "tests/simulation/process.h"

namespace redress::simulation {

// What became of a deed, as its person knows it.
enum class Outcome {
  kOpen,     // Still being tried.
  kDone,     // Acknowledged: it has taken effect, once.
  kRefused,  // Refused at the first try: it has taken none.
  kUnknown,  // Given up, or refused after a try of which nothing was heard.
};

// One thing that one person asked for, with however many tries it took. Every deed has a person of
// its own, so that its traces are told from all others'.
struct Deed {
  uint64_t number = 0;
  std::string verb;
  std::string variant;  // Which of the verbs that share an RPC: "CONTEST". Empty: it is one.
  std::string node;
  std::string about;  // A referral's id or a case's number.
  std::string person;
  absl::Time began;
  absl::Time ended = absl::InfiniteFuture();
  Outcome outcome = Outcome::kOpen;
  absl::Status refusal;
  std::string answer;                  // In which all repetitions must agree.
  std::vector<std::string> entry_ids;  // Of money.
  bool by_gate = false;                // Refused before any verb was called.

  // One try.
  std::function<async::Task<absl::StatusOr<std::string>>(Deed& deed, Process& caller)> attempt;
  // Told when it ends.
  std::function<void(const Deed&)> on_end;
};

// A word on a member's consent for one receiver.
struct ConsentWord {
  bool granted = false;
  std::shared_ptr<const Deed> deed;
};

// A case as the people who made it know it.
struct KnownCase {
  std::string number;
  std::string home;
  std::vector<std::string> members;
  // By member and receiver: what was said, in the order in which it was begun.
  std::map<std::pair<std::string, std::string>, std::vector<ConsentWord>> consents;
};

// A referral as it was seen to be stored.
struct KnownReferral {
  std::string id;
  std::string case_number;
  std::string home;
  std::string destination;
  std::string receiver;
};

// Everything that people know.
struct Knowledge {
  std::map<std::string, KnownCase> cases;
  std::map<std::string, KnownReferral> referrals;
  std::vector<std::shared_ptr<Deed>> deeds;
  std::set<std::string> expired;    // Referrals of which a message was given up on its way.
  std::vector<std::string> bodies;  // That receive referrals.
};

}  // namespace redress::simulation

#endif  // REDRESS_TESTS_SIMULATION_DEED_H_
