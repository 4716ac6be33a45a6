#ifndef REDRESS_SERVICES_REFERRAL_APP_TESTING_TWO_NODES_H_
#define REDRESS_SERVICES_REFERRAL_APP_TESTING_TWO_NODES_H_

#include <memory>
#include <string>
#include <vector>

#include "services/platform/async/manual_executor.h"
#include "services/platform/async/task_group.h"
#include "services/platform/kv/memory_store.h"
#include "services/platform/kv/testing/counting_store.h"
#include "services/referral/app/clock_runner.h"
#include "services/referral/app/direct_peer.h"
#include "services/referral/app/directory_verbs.h"
#include "services/referral/app/disclosures.h"
#include "services/referral/app/forwards.h"
#include "services/referral/app/home_verbs.h"
#include "services/referral/app/inbound.h"
#include "services/referral/app/intake_follower.h"
#include "services/referral/app/link_runner.h"
#include "services/referral/app/receiver_verbs.h"
#include "services/referral/app/referral_files.h"
#include "services/referral/app/referral_queries.h"
#include "services/referral/app/testing/fake_intake.h"

namespace redress::referral {

class TwoNodes;

// The whole application of one node upon a store in memory.
class TestNode {
 public:
  TestNode(std::string id, TwoNodes& world, async::ManualExecutor& executor, ManualClock& clock,
           const IsoCodes& codes, const KeySpace& keys, const std::string& files_directory);
  ~TestNode();

  // Begins to drain the outboxes to every peer; EndLinks before the node goes.
  void StartLinks(PeerPort& peers);
  void EndLinks();

  SeededRandom random;
  kv::MemoryStore store;
  kv::CountingStore counted;  // What the repository reads the store through.
  crypto::SecretKey node_key;
  Repository repository;
  audit::RefusalLog refusals;
  crypto::PageTokens page_tokens;
  journal::EventFollowers followers;
  async::Signal outbox_changed;
  async::Signal work_changed;
  async::BlockingPool pool;
  FakeIntake intake;
  AppParts parts;
  Disclosures disclosures;
  HomeVerbs home;
  ReceiverVerbs receiver;
  DirectoryVerbs directory;
  ReferralQueries queries;
  ReferralFiles files;
  Inbound inbound;

 private:
  async::ManualExecutor& executor_;
  std::unique_ptr<async::TaskGroup> links_;
};

// How the link between the nodes behaves.
struct Weather {
  bool down = false;
  // After that many more envelopes have arrived the line goes down; -1: never.
  int envelopes_left = -1;
  int lose_receipts = 0;  // That many receipts are lost after the receiver has stored them.
};

// Cambodia and Malaysia joined without a wire, in virtual time: directory filled, one agreement in
// force, one case of as many members as asked. One thread; every run is the same.
class TwoNodes {
 public:
  explicit TwoNodes(int members = 3);
  ~TwoNodes();

  template <class T>
  T Run(async::Task<T> task) {
    return async::RunToEnd(executor, std::move(task));
  }
  // Runs until both nodes have nothing left to say at this moment.
  void Settle();
  // Moves time on, running what becomes due on the way, and both nodes' clocks.
  void Advance(absl::Duration by);

  std::string RequestId();
  v1::ReferComplaintRequest ReferRequest();
  // Refers the case to MTUC and waits until it has arrived.
  std::string Refer();
  v1::Referral At(TestNode& node, const Caller& caller, const std::string& id);
  v1::Referral Home(const std::string& id) { return At(*kh, ministry, id); }
  v1::Referral Destination(const std::string& id) { return At(*my, contact, id); }
  // Both nodes' states of the referral, to be compared: "ACCEPTED/ACCEPTED".
  std::string States(const std::string& id);

  static Caller MakeCaller(const std::string& node, const std::string& person,
                           const std::string& body, auth::RoleSet roles);

  ManualClock clock{absl::FromUnixSeconds(1'795'000'000)};
  async::ManualExecutor executor{clock};
  Weather weather;
  std::unique_ptr<KeySpace> keys;
  std::unique_ptr<IsoCodes> codes;
  std::unique_ptr<TestNode> kh;
  std::unique_ptr<TestNode> my;
  std::unique_ptr<PeerPort> kh_peers;
  std::unique_ptr<PeerPort> my_peers;
  Caller ministry = MakeCaller("kh", "sok.dara", "kh:mlvt", {auth::Role::kMinistry});
  Caller desk = MakeCaller("kh", "chan", "kh:battambang-mrc", {auth::Role::kDesk});
  Caller contact = MakeCaller("my", "aminah", "my:mtuc", {auth::Role::kContact});
  Caller other_contact = MakeCaller("my", "ravi", "my:tenaganita", {auth::Role::kContact});
  Caller my_admin = MakeCaller("my", "root", "my:mohr", {auth::Role::kAdmin});
  std::string case_number;

 private:
  void FillDirectory();
  int requests_ = 0;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_TESTING_TWO_NODES_H_
