#include "tests/simulation/referral_life.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "services/intake/domain/testing/sample_filing.h"
#include "services/referral/app/clock_runner.h"
#include "services/referral/app/forwards.h"
#include "services/referral/app/intake_follower.h"
#include "services/referral/app/link_runner.h"

namespace redress::simulation {

ReferralLife::ReferralLife(const LifeParts& life, std::vector<std::string> links,
                           IntakeDoor& intake_door, CallWeather& weather, Network& network)
    : process(life.scheduler, life.node + "/referral"),
      random(life.seed),
      store(life.disk, process, Dice::Fork(life.seed, "disk"), life.options, life.watcher),
      repository(store, keys, life.key.Clone(), "kek", random),
      refusals(store, life.clock),
      page_tokens(life.key, random),
      followers(process),
      intake(CallsToIntake(life.node, intake_door, process, weather)),
      parts{.node = NodeId::FromTrusted(life.node),
            .peers = std::move(links),
            .store = store,
            .repository = repository,
            .refusals = refusals,
            .executor = process,
            .files_pool = NoFiles(),
            .clock = life.clock,
            .random = random,
            .codes = intake::SampleCodes(),
            .page_tokens = page_tokens,
            .followers = followers,
            .outbox_changed = outbox_changed,
            .work_changed = work_changed,
            .intake = *intake,
            .clocks = {},
            .files_directory = "/nonexistent",
            .files_floor = {"/nonexistent", 0}},
      disclosures(parts),
      home(parts, disclosures),
      receiver(parts),
      directory(parts),
      queries(parts),
      files(parts),
      inbound(parts),
      loopback(life.node, inbound, files),
      peers(network.PeersOf(life.node, process, loopback)),
      background(process) {}

void ReferralLife::Start() {
  for (const std::string& peer : parts.peers) {
    background.Start(RunLink(parts, *peers, peer, background.cancellation()));
  }
  background.Start(RunClocks(parts, background.cancellation()));
  background.Start(FollowIntake(parts, disclosures, background.cancellation()));
  background.Start(RunSettling(parts, disclosures, background.cancellation()));
  background.Start(RunForwards(parts, disclosures, background.cancellation()));
}

ReferralLife::~ReferralLife() {
  process.Die();
  background.Cancel();
  process.Drain();
  if (background.running() != 0) {
    std::fprintf(stderr, "simulation: a runner does not end with its process\n");
    std::abort();
  }
}

}  // namespace redress::simulation
