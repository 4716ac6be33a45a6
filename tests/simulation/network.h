#ifndef REDRESS_TESTS_SIMULATION_NETWORK_H_
#define REDRESS_TESTS_SIMULATION_NETWORK_H_

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "services/platform/async/signal.h"
#include "services/referral/app/direct_peer.h"
#include "services/referral/app/inbound.h"
#include "services/referral/app/peer_port.h"
#include "tests/simulation/call.h"
#include "tests/simulation/options.h"

namespace redress::simulation {

// What of a node the network reaches.
class PeerDoor : public Door {
 public:
  virtual referral::Inbound& inbound() = 0;  // REQUIRES: process() is not null.
};

// One Deliver stream, both of its ends.
struct Stream {
  Stream(std::string from, std::string to) : from(std::move(from)), to(std::move(to)) {}
  const std::string from;
  const std::string to;
  referral::LinkOpening opening;
  std::vector<exchange::v1::Envelope> sent;  // Kept only for streams that come again.
  bool comes_again = false;

  // The receiver's end.
  std::deque<exchange::v1::Envelope> arrived;
  bool arrived_over = false;  // Nothing more comes.
  async::Signal at_receiver;

  // The sender's end.
  std::optional<referral::LinkState> state;
  std::deque<referral::ReceiptFrame> receipts;
  std::optional<absl::Status> ended;
  async::Signal at_sender;

  // Frames arrive in order.
  absl::Time last_there = absl::InfinitePast();
  absl::Time last_back = absl::InfinitePast();

  void EndAtSender(absl::Status status) {
    if (!ended.has_value()) ended = std::move(status);
    at_sender.Notify();
  }
  void EndAtReceiver() {
    arrived_over = true;
    at_receiver.Notify();
  }
};

// Carries streams between nodes, badly: every frame has its own delay within its stream's order,
// so streams overtake each other; a stream may break with what was on its way lost, and then the
// two ends learn of it at different times; a direction between two nodes may be cut, and what was
// sent meanwhile comes when it is mended, or never; a whole stream may come once more.
class Network {
 public:
  Network(Scheduler& scheduler, uint64_t seed, const Options& options)
      : scheduler_(scheduler), dice_(seed), options_(options) {}

  void AddNode(const std::string& name, PeerDoor& door) { doors_[name] = &door; }

  // Cuts or mends one direction.
  void Cut(const std::string& from, const std::string& to);
  void Mend(const std::string& from, const std::string& to);
  bool IsCut(const std::string& from, const std::string& to) const {
    return cut_.contains({from, to});
  }
  void MendAll();
  // No more faults of its own.
  void Calm() { calm_ = true; }

  // The peer port of one life of a node's referral service.
  std::unique_ptr<referral::PeerPort> PeersOf(std::string node, Process& process,
                                              referral::PeerPort& loopback);
  // The process of the node has died: its streams break.
  void Gone(const std::string& node);

 private:
  friend class Peers;
  friend class SenderEnd;
  using Direction = std::pair<std::string, std::string>;

  std::shared_ptr<Stream> Open(const std::string& from, const std::string& to,
                               referral::LinkOpening opening);
  void SendEnvelope(const std::shared_ptr<Stream>& stream, exchange::v1::Envelope envelope);
  // Brings something to the other end, after what the stream sent there before.
  void Carry(const std::shared_ptr<Stream>& stream, bool back, std::function<void()> arrive);
  void Break(const std::shared_ptr<Stream>& stream);
  void Begin(const std::shared_ptr<Stream>& stream);
  void ComeAgain(const Stream& stream);
  absl::Duration Delay() { return dice_.Between(absl::Microseconds(100), options_.network_delay); }
  async::Task<void> ReceiveAll(std::shared_ptr<Stream> stream, Process& process);

  Scheduler& scheduler_;
  Dice dice_;
  const Options& options_;
  bool calm_ = false;
  std::map<std::string, PeerDoor*> doors_;
  std::map<Direction, std::vector<std::function<void()>>> cut_;  // With what waits.
  std::vector<std::weak_ptr<Stream>> streams_;
};

}  // namespace redress::simulation

#endif  // REDRESS_TESTS_SIMULATION_NETWORK_H_
