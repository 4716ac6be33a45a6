#ifndef REDRESS_TESTS_SIMULATION_OPTIONS_H_
#define REDRESS_TESTS_SIMULATION_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace redress::simulation {

// What a run is made of. All of it follows from the seed; what is changed afterwards is said when
// the run is repeated. Chances are in thousandths.
struct Options {
  uint64_t seed = 0;
  uint32_t nodes = 2;    // 2 to 4.
  uint32_t cases = 2;    // Filed at the beginning, at each node.
  uint32_t clients = 4;  // How many calls may be under way at once.
  uint32_t steps = 80;   // Things that happen: a person's verb, or a fault.

  // The network between nodes and to clients.
  absl::Duration network_delay = absl::Milliseconds(50);  // At most; each message its own.
  uint32_t lost_answers = 0;                              // Of calls: done, and nobody hears of it.
  uint32_t broken_streams = 0;                            // For each frame between nodes.
  uint32_t repeated_streams = 0;  // A stream comes once more, later, as a whole.
  uint32_t partitions = 0;        // For each step: cut one direction between two nodes, or mend it.
  uint32_t swizzles = 0;          // For each step: cut many, and mend them in another order.

  // Processes, disks and clocks.
  uint32_t crashes = 0;  // For each step.
  absl::Duration disk_delay = absl::Milliseconds(10);
  uint32_t slow_reads = 0;                     // For each read.
  absl::Duration skew = absl::ZeroDuration();  // Of each node's clock, at most, either way.
  uint32_t leaps = 0;                          // For each step: hours or days pass at all nodes.

  // What people get wrong.
  uint32_t wrong_verbs = 100;  // A verb that the state does not allow.
  uint32_t wrong_people = 50;  // Somebody who may not.
  uint32_t stale_etags = 50;
  uint32_t repeats = 100;  // An answered call is made again.

  // Only to try that the simulation finds bugs: the disk forgets, at a crash, what it had
  // acknowledged; the inbox of a node forgets what it took, or its ledgers what was posted.
  bool lying_disk = false;
  bool forgetful_inbox = false;
  bool forgetful_ledger = false;

  static Options FromSeed(uint64_t seed);
};

// "--nodes=3 --crashes=20 …", everything but the seed, so that a run is repeated from it.
std::string ToFlags(const Options& options);

// Reads one such flag; INVALID_ARGUMENT when there is none of that name.
absl::Status ReadFlag(std::string_view flag, Options& options);

// Simpler runs to try in the place of a failing one, the most that is gained first.
std::vector<Options> Simpler(const Options& options);

}  // namespace redress::simulation

#endif  // REDRESS_TESTS_SIMULATION_OPTIONS_H_
