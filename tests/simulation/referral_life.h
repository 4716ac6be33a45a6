#ifndef REDRESS_TESTS_SIMULATION_REFERRAL_LIFE_H_
#define REDRESS_TESTS_SIMULATION_REFERRAL_LIFE_H_

#include <memory>
#include <string>
#include <vector>

#include "services/platform/async/task_group.h"
#include "services/platform/audit/audit_log.h"
#include "services/referral/app/direct_peer.h"
#include "services/referral/app/directory_verbs.h"
#include "services/referral/app/disclosures.h"
#include "services/referral/app/home_verbs.h"
#include "services/referral/app/receiver_verbs.h"
#include "services/referral/app/referral_files.h"
#include "services/referral/app/referral_queries.h"
#include "services/referral/storage/keys.h"
#include "tests/simulation/intake_life.h"
#include "tests/simulation/network.h"

namespace redress::simulation {

// One life of a node's referral service with its background runners: the binary's own domain, app
// and storage. All that the binary's wiring adds is gRPC and the transfer of files.
struct ReferralLife {
  ReferralLife(const LifeParts& life, std::vector<std::string> links, IntakeDoor& intake_door,
               CallWeather& weather, Network& network);
  ~ReferralLife();

  void Start();

  Process process;
  SeededRandom random;
  DiskStore store;
  referral::ReferralKeySpace keys;
  referral::Repository repository;
  audit::RefusalLog refusals;
  crypto::PageTokens page_tokens;
  journal::EventFollowers followers;
  async::Signal outbox_changed;
  async::Signal work_changed;
  std::unique_ptr<referral::IntakePort> intake;
  referral::AppParts parts;
  referral::Disclosures disclosures;
  referral::HomeVerbs home;
  referral::ReceiverVerbs receiver;
  referral::DirectoryVerbs directory;
  referral::ReferralQueries queries;
  referral::ReferralFiles files;
  referral::Inbound inbound;
  referral::DirectPeer loopback;
  std::unique_ptr<referral::PeerPort> peers;
  async::TaskGroup background;
};

// Where a referral service answers: its node's people, and other nodes.
class ReferralDoor : public PeerDoor {
 public:
  Process* process() final { return life == nullptr ? nullptr : &life->process; }
  referral::Inbound& inbound() final { return life->inbound; }
  std::unique_ptr<ReferralLife> life;
};

}  // namespace redress::simulation

#endif  // REDRESS_TESTS_SIMULATION_REFERRAL_LIFE_H_
