#include "services/referral/app/link_runner.h"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "services/platform/crypto/sha256.h"
#include "services/platform/journal/keys.h"
#include "services/platform/kv/key_codec.h"
#include "services/platform/status/fault_point.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/outbox.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/receipts.h"
#include "services/referral/app/resend.h"
#include "services/referral/app/restored_links.h"
#include "services/referral/app/verb_runner.h"
#include "services/referral/domain/link.h"

namespace redress::referral {
namespace {

// How many rows are read from the outbox at once.
constexpr size_t kBatch = 32;
// A quiet stream is closed, so that a peer's restart is noticed by the next message at the latest.
constexpr absl::Duration kQuiet = absl::Minutes(5);

// One envelope on its way, until its receipt is stored.
struct InFlight {
  uint64_t number = 0;    // In the outbox.
  uint64_t sequence = 0;  // In the epoch.
  rows::OutboxRecord row;
  std::string digest;
};

// The sending half as one connection sees it.
struct Connection {
  const AppParts& parts;
  std::string peer;
  rows::LinkRecord link;
  std::unique_ptr<DeliverStream> stream;
  uint64_t last_sent = 0;   // Number in the outbox.
  std::string last_digest;  // Of the envelope before the next one.
  std::deque<InFlight> in_flight;
  bool confirmed = false;  // The peer has confirmed something over it.
};

Answer<rows::LinkRecord> LoadLink(const AppParts& parts, std::string peer) {
  LinkKey key{NodeId::FromTrusted(peer), LinkHalf::kOut};
  auto found = co_await parts.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(found.status());
  rows::LinkRecord link;
  if (found->has_value()) link = (*found)->row;
  if (link.out_epoch() == 0) link.set_out_epoch(1);
  co_return link;
}

Answer<std::vector<std::pair<uint64_t, rows::OutboxRecord>>> ReadOutbox(const AppParts& parts,
                                                                        std::string peer,
                                                                        uint64_t after,
                                                                        size_t limit) {
  const std::string log = journal::OutboxLog(peer);
  kv::ScanRequest request;
  request.prefix = log;
  if (after > 0) request.after = kv::LogKey(log, after);
  request.limit = limit;
  absl::StatusOr<kv::ScanPage> page = co_await parts.store.Scan(std::move(request));
  CO_RETURN_IF_ERROR(page.status());
  std::vector<std::pair<uint64_t, rows::OutboxRecord>> messages;
  for (const kv::Entry& entry : page->entries) {
    absl::StatusOr<uint64_t> number = kv::LogNumber(log, entry.key);
    CO_RETURN_IF_ERROR(number.status());
    rows::OutboxRecord row;
    if (!row.ParseFromString(entry.value)) {
      co_return absl::DataLossError("a message in the outbox cannot be read");
    }
    messages.emplace_back(*number, std::move(row));
  }
  co_return messages;
}

// The header is made of stored values alone, so that it has the same bytes whenever it is sent.
exchange::v1::Envelope EnvelopeOf(const AppParts& parts, const std::string& peer,
                                  const rows::OutboxRecord& row, const Placing& place,
                                  std::string body) {
  exchange::v1::EnvelopeHeader header;
  header.set_suite(exchange::v1::ENVELOPE_SUITE_NONE);
  header.set_sender_node(parts.node.ToString());
  header.set_recipient_node(peer);
  header.set_message_id(row.message_id());
  header.set_link_epoch(place.epoch);
  header.set_sequence(place.sequence);
  header.set_previous_hash(place.previous_digest);
  REDRESS_SET_TIME(header, created_at, FromMicros(row.created_at_micros()));
  REDRESS_SET_TIME(header, expires_at, FromMicros(row.expires_at_micros()));
  header.set_schema(kMessageSchema);
  header.set_kind(row.kind());
  header.set_fact_number(row.fact_number());
  header.set_referral_id(row.referral_id());
  header.set_body_sha256(row.body_sha256());
  exchange::v1::Envelope envelope;
  envelope.set_header(Deterministic(header));
  envelope.set_body(std::move(body));
  return envelope;
}

// What goes with the last part of a new referral that was recalled while it waited; see
// Envelope.recall.
Answer<std::vector<std::string>> RecallBefore(const AppParts& parts,
                                              const rows::OutboxRecord& row) {
  std::vector<std::string> recall;
  if (!row.last_part()) co_return recall;
  absl::StatusOr<ReferralId> id = ReferralId::Parse(row.referral_id(), "referral_id");
  CO_RETURN_IF_ERROR(id.status());
  const ReferralRef ref{Side::kHome, *id};
  absl::StatusOr<std::optional<LoadedReferral>> loaded = co_await LoadReferral(parts, ref);
  CO_RETURN_IF_ERROR(loaded.status());
  const bool recalled =
      loaded->has_value() && (*loaded)->folded.state == ReferralState::kRecallRequested;
  if (!recalled) co_return recall;
  absl::StatusOr<std::vector<OutgoingMessage>> facts = FactsAgain(parts, **loaded);
  CO_RETURN_IF_ERROR(facts.status());
  size_t bytes = 0;
  for (const OutgoingMessage& fact : *facts) {
    recall.push_back(Deterministic(fact.message));
    bytes += recall.back().size();
  }
  if (bytes > kMaxRecallBytes) recall.clear();  // Then it follows in its own envelopes.
  co_return recall;
}

// Begins a new epoch: the peer knows of another history than ours, since one of us was restored.
Answer<bool> BeginEpoch(const AppParts& parts, std::string peer, uint64_t above) {
  LinkKey key{NodeId::FromTrusted(peer), LinkHalf::kOut};
  const LinkKey kept = key;
  auto found = co_await parts.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(found.status());
  rows::LinkRecord link;
  if (found->has_value()) link = (*found)->row;
  link.set_out_epoch(std::max(link.out_epoch(), above) + 1);
  link.set_out_base(link.out_confirmed());
  link.clear_out_digest();
  journal::ChangeSet changes;
  parts.repository.ExpectVersion(changes, kept, found->has_value() ? (*found)->version : 0);
  parts.repository.Put(changes, kept, link);
  absl::StatusOr<journal::Committed> committed = co_await CommitChanges(parts, std::move(changes));
  CO_RETURN_IF_ERROR(committed.status());
  co_return true;
}

// The receiver's epoch when it says that this node was restored; nullopt otherwise.
std::optional<uint64_t> EpochInRefusal(const absl::Status& status) {
  const std::optional<Refusal> refusal = GetRefusal(status);
  if (!refusal || refusal->reason != "LINK_EPOCH_OLD") return std::nullopt;
  auto current = refusal->metadata.find("current_epoch");
  uint64_t epoch = 0;
  if (current != refusal->metadata.end())
    epoch = std::strtoull(current->second.c_str(), nullptr, 10);
  return epoch;
}

Answer<bool> SendBatch(Connection& connection) {
  const AppParts& parts = connection.parts;
  const uint32_t window = std::max<uint32_t>(1, connection.stream->state().window);
  const size_t room = window - std::min<size_t>(window, connection.in_flight.size());
  if (room == 0) co_return false;
  std::string peer = connection.peer;
  absl::StatusOr<std::vector<std::pair<uint64_t, rows::OutboxRecord>>> batch =
      co_await ReadOutbox(parts, std::move(peer), connection.last_sent, std::min(room, kBatch));
  CO_RETURN_IF_ERROR(batch.status());
  for (auto& [number, row] : *batch) {
    absl::StatusOr<std::string> body = co_await OutboxBody(parts, row);
    CO_RETURN_IF_ERROR(body.status());
    const Placing place{connection.link.out_epoch(), number - connection.link.out_base(),
                        connection.last_digest};
    exchange::v1::Envelope envelope =
        EnvelopeOf(parts, connection.peer, row, place, *std::move(body));
    absl::StatusOr<std::vector<std::string>> recall = co_await RecallBefore(parts, row);
    CO_RETURN_IF_ERROR(recall.status());
    for (std::string& message : *recall) envelope.add_recall(std::move(message));
    const std::string digest = crypto::Sha256::Of(envelope.header());
    const bool sent = co_await connection.stream->Send(std::move(envelope));
    if (!sent) co_return absl::UnavailableError("the stream is over");
    REDRESS_FAULT_POINT("outbox.after_send");
    connection.last_digest = digest;
    connection.last_sent = number;
    connection.in_flight.push_back({number, place.sequence, std::move(row), digest});
  }
  co_return !batch->empty();
}

// Waits for the oldest envelope's receipt and stores what it says.
Answer<bool> AwaitReceipt(Connection& connection) {
  absl::StatusOr<ReceiptFrame> frame = co_await connection.stream->Receive();
  CO_RETURN_IF_ERROR(frame.status());
  exchange::v1::Receipt receipt;
  if (!receipt.ParseFromString(frame->receipt.receipt())) {
    co_return absl::DataLossError("a receipt cannot be read");
  }
  InFlight confirmed = std::move(connection.in_flight.front());
  connection.in_flight.pop_front();
  if (receipt.message_id() != confirmed.row.message_id()) {
    co_return absl::InternalError("a receipt is of another envelope");
  }
  REDRESS_FAULT_POINT("outbox.before_receipt_kept");
  Confirmation confirmation;
  confirmation.peer = connection.peer;
  confirmation.number = confirmed.number;
  confirmation.sequence = confirmed.sequence;
  confirmation.digest = confirmed.digest;
  confirmation.row = std::move(confirmed.row);
  confirmation.receipt = std::move(receipt);
  absl::StatusOr<bool> kept = co_await KeepReceipt(connection.parts, std::move(confirmation));
  connection.confirmed = connection.confirmed || kept.ok();
  co_return kept;
}

// Sends and confirms until the outbox is empty, the stream ends or it is cancelled.
Answer<bool> Drain(Connection& connection, async::CancellationToken cancellation) {
  while (!cancellation.IsCancelled()) {
    const uint64_t seen = connection.parts.outbox_changed.count();
    absl::StatusOr<bool> sent = co_await SendBatch(connection);
    CO_RETURN_IF_ERROR(sent.status());
    if (*sent) continue;
    if (!connection.in_flight.empty()) {
      absl::StatusOr<bool> kept = co_await AwaitReceipt(connection);
      CO_RETURN_IF_ERROR(kept.status());
      continue;
    }
    std::string peer = connection.peer;
    absl::StatusOr<bool> again = co_await SendAgainToRestored(connection.parts, std::move(peer));
    CO_RETURN_IF_ERROR(again.status());
    if (*again) continue;
    const async::Wake wake = co_await connection.parts.outbox_changed.WaitPast(
        connection.parts.executor, seen, cancellation, kQuiet);
    if (wake == async::Wake::kTimedOut) co_return true;
  }
  co_return true;
}

// The number of the last message ever put into the outbox: the receiver tells by it whether this
// node was restored and has forgotten what it sent.
Answer<uint64_t> LastMade(const AppParts& parts, std::string peer, uint64_t confirmed) {
  const std::string log = journal::OutboxLog(peer);
  kv::ScanRequest request;
  request.prefix = log;
  request.limit = 1;
  request.reverse = true;
  absl::StatusOr<kv::ScanPage> last = co_await parts.store.Scan(std::move(request));
  CO_RETURN_IF_ERROR(last.status());
  if (last->entries.empty()) co_return confirmed;
  co_return kv::LogNumber(log, last->entries.front().key);
}

LinkOpening OpeningOf(const AppParts& parts, const Connection& connection, uint64_t last_made) {
  LinkOpening opening;
  opening.sender_node = parts.node.ToString();
  opening.recipient_node = connection.peer;
  opening.link_epoch = connection.link.out_epoch();
  opening.restores = parts.restored ? parts.restored->generation : 0;
  opening.last_sequence = last_made - connection.link.out_base();
  // Digests are kept of what was confirmed; of what waits the chain itself speaks.
  if (last_made == connection.link.out_confirmed()) {
    opening.last_digest = connection.link.out_digest();
  }
  return opening;
}

// Whether the receiver expects an envelope that it confirmed before: it was put back to a backup.
// It never sees that envelope again, so the places that it counts have to begin anew.
bool ReceiverForgot(const Connection& connection) {
  const uint64_t confirmed = connection.link.out_confirmed() - connection.link.out_base();
  return connection.stream->state().next_sequence <= confirmed;
}

// One connection from opening to end. OK when it ended quietly; `confirmed` tells whether anything
// was confirmed over it before.
Answer<bool> Connect(const AppParts& parts, PeerPort& peers, std::string peer,
                     async::CancellationToken cancellation, bool& confirmed) {
  absl::StatusOr<rows::LinkRecord> link = co_await LoadLink(parts, peer);
  CO_RETURN_IF_ERROR(link.status());
  Connection connection{parts, peer, *std::move(link), nullptr, 0, "", {}};
  connection.last_sent = connection.link.out_confirmed();
  connection.last_digest = connection.link.out_digest();
  std::string log = peer;
  absl::StatusOr<uint64_t> last_made =
      co_await LastMade(parts, std::move(log), connection.link.out_confirmed());
  CO_RETURN_IF_ERROR(last_made.status());
  LinkOpening opening = OpeningOf(parts, connection, *last_made);
  // The receiver may hold envelopes whose receipts never came: they are sent again from the last
  // confirmed one on, and answered with their original receipts.
  absl::StatusOr<std::unique_ptr<DeliverStream>> stream =
      co_await peers.OpenDeliver(peer, std::move(opening), cancellation);
  absl::Status ended = stream.status();
  if (stream.ok()) {
    connection.stream = *std::move(stream);
    std::string told = peer;
    absl::StatusOr<bool> noted = co_await NoteRestoreTold(parts, std::move(told));
    CO_RETURN_IF_ERROR(noted.status());
    if (ReceiverForgot(connection)) {
      co_return co_await BeginEpoch(parts, peer, connection.link.out_epoch());
    }
    const absl::StatusOr<bool> drained = co_await Drain(connection, cancellation);
    ended = drained.status();
    confirmed = connection.confirmed;
  }
  // The receiver sees at the opening that envelopes are missing here, and at an envelope that it
  // had another one in its place.
  const std::optional<uint64_t> epoch = EpochInRefusal(ended);
  if (epoch.has_value()) co_return co_await BeginEpoch(parts, peer, *epoch);
  CO_RETURN_IF_ERROR(ended);
  co_return true;
}

bool HasWork(const absl::StatusOr<std::vector<std::pair<uint64_t, rows::OutboxRecord>>>& found) {
  return !found.ok() || !found->empty();
}

// How many tries failed since the link last worked.
struct Failures {
  uint32_t all = 0;
  uint32_t early = 0;  // Of them, those that were made since the peer was heard.
};

// Waits before the next try: the longer the more have failed, but not long once the peer is heard,
// since it is up again. Two nodes that hear each other and can never agree wait longer each time
// all the same. `heard_before`: the signal's count before the try that failed.
async::Task<void> WaitToTryAgain(const AppParts& parts, std::string peer, uint64_t heard_before,
                                 Failures& failures, async::CancellationToken cancellation) {
  const auto pause = [&parts](uint32_t after) {
    return absl::Ceil(BackOff(after, parts.random), absl::Milliseconds(1));
  };
  async::Signal& heard = (*parts.heard_from)[peer];
  const async::Wake wake =
      co_await heard.WaitPast(parts.executor, heard_before, cancellation, pause(failures.all));
  if (wake == async::Wake::kNotified) {
    (void)co_await async::SleepUnlessCancelled(parts.executor, pause(++failures.early),
                                               cancellation);
  }
}

}  // namespace

async::Task<void> RunLink(const AppParts& parts, PeerPort& peers, std::string peer,
                          async::CancellationToken cancellation) {
  Failures failures;
  while (!cancellation.IsCancelled()) {
    const uint64_t seen = parts.outbox_changed.count();
    std::string restored = peer;
    // What fails here is tried again with the next change of an outbox, or after a restart.
    (void)co_await SendAgainToRestored(parts, std::move(restored));
    std::string told = peer;
    absl::StatusOr<bool> must_tell = co_await MustTellOfRestore(parts, std::move(told));
    std::string log = peer;
    auto waiting = co_await ReadOutbox(parts, std::move(log), 0, 1);
    if (!HasWork(waiting) && must_tell.ok() && !*must_tell) {
      (void)co_await parts.outbox_changed.WaitPast(parts.executor, seen, cancellation);
      continue;
    }
    const uint64_t heard_before = (*parts.heard_from)[peer].count();
    std::string to = peer;
    bool confirmed = false;
    absl::StatusOr<bool> ended =
        co_await Connect(parts, peers, std::move(to), cancellation, confirmed);
    if (cancellation.IsCancelled()) break;
    // A connection that worked and broke is the first failure of a new row.
    if (confirmed || ended.ok()) failures = {};
    if (!ended.ok()) ++failures.all;
    std::string about = peer;
    absl::StatusOr<bool> noted = co_await NoteAttempt(parts, std::move(about), ended.ok());
    (void)noted;  // For people; the next attempt notes it again.
    if (failures.all == 0) continue;
    std::string of = peer;
    co_await WaitToTryAgain(parts, std::move(of), heard_before, failures, cancellation);
  }
}

}  // namespace redress::referral
