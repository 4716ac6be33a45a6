#include "services/referral/app/inbound.h"

#include <utility>

#include "services/platform/crypto/sha256.h"
#include "services/platform/status/fault_point.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/inbound_message.h"
#include "services/referral/app/outbox.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/restored_links.h"
#include "services/referral/app/verb_runner.h"
#include "services/referral/domain/link.h"

namespace redress::referral {
namespace {

using exchange::v1::EnvelopeHeader;

// Enough to keep a link busy over a slow line, little enough to hold in memory.
constexpr uint32_t kWindow = 64;
constexpr size_t kMaxHeaderBytes = 4 << 10;
constexpr size_t kMaxBodyBytes = 512 << 10;

HalfLink HeldBy(const std::optional<Found<LinkKey>>& link) {
  HalfLink held;
  if (link && link->row.in_epoch() != 0) {
    held = {link->row.in_epoch(), link->row.in_sequence(), link->row.in_digest()};
  }
  return held;
}

// The sender counts in a history that is not the one this node took envelopes from.
absl::Status OldEpoch(uint64_t epoch, uint64_t current) {
  return RefusePrecondition(
      "LINK_EPOCH_OLD", "the link has a newer epoch",
      {{"epoch", std::to_string(epoch)}, {"current_epoch", std::to_string(current)}});
}

absl::Status NotInOrder(uint64_t expected, uint64_t seen) {
  return Refuse(absl::StatusCode::kInvalidArgument, "NOT_IN_ORDER",
                "the envelope is not the next one of this link",
                {{"expected", std::to_string(expected)}, {"seen", std::to_string(seen)}});
}

// What is wrong with an envelope before its body is looked at; empty when nothing is.
std::string ProblemOf(const AppParts& parts, const std::string& peer, const EnvelopeHeader& header,
                      const exchange::v1::Envelope& envelope) {
  if (header.sender_node() != peer) return "SENDER_IS_ANOTHER_NODE";
  if (header.recipient_node() != parts.node.ToString()) return "RECIPIENT_IS_ANOTHER_NODE";
  if (header.suite() != exchange::v1::ENVELOPE_SUITE_NONE) return "SUITE_NOT_ACCEPTED";
  if (header.schema() != kMessageSchema) return "SCHEMA_UNKNOWN";
  if (envelope.body().size() > kMaxBodyBytes) return "ENVELOPE_TOO_LARGE";
  if (crypto::Sha256::Of(envelope.body()) != header.body_sha256()) return "BODY_DIGEST_MISMATCH";
  if (header.has_expires_at() && ToTime(header.expires_at()) < parts.clock.Now()) return "EXPIRED";
  if (!RandomId::Parse(header.message_id(), "message_id").ok()) return "MALFORMED";
  return "";
}

Answer<Effect> Act(InboundMessage& in) {
  using exchange::v1::Message;
  switch (in.message.kind_case()) {
    case Message::kReferralHead:
      co_return co_await TakeHead(in);
    case Message::kMemberPage:
      co_return co_await TakePage(in);
    case Message::kFact:
      co_return co_await TakeFact(in);
    case Message::kDisclosureUpdate:
      co_return co_await TakeDisclosureUpdate(in);
    case Message::kMoney:
      co_return co_await TakeMoney(in);
    case Message::kBody:
      co_return co_await TakeBody(in);
    case Message::kAgreementHalf:
      co_return co_await TakeAgreementHalf(in);
    case Message::kPosting:
      co_return co_await TakePosting(in);
    case Message::kEvidenceNotice:
      co_return co_await TakeNotice(in);
    case Message::kEvidence:
      co_return co_await TakeEvidenceMessage(in);
    case Message::KIND_NOT_SET:
      break;
  }
  co_return Effect::Refused("MALFORMED");
}

exchange::v1::SignedReceipt ReceiptOf(const AppParts& parts, const EnvelopeHeader& header,
                                      const std::string& digest, const Effect& effect) {
  exchange::v1::Receipt receipt;
  receipt.set_message_id(header.message_id());
  receipt.set_link_epoch(header.link_epoch());
  receipt.set_sequence(header.sequence());
  receipt.set_outcome(effect.outcome);
  receipt.set_reason(effect.reason);
  SetTimestamp(parts.clock.Now(), receipt.mutable_received_at());
  receipt.set_envelope_digest(digest);
  receipt.set_receiver_node(parts.node.ToString());
  exchange::v1::SignedReceipt signed_receipt;
  signed_receipt.set_receipt(receipt.SerializeAsString());
  return signed_receipt;
}

// The stored receipt as it is sent: a commit's number is known only afterwards.
absl::StatusOr<ReceiptFrame> FrameOf(const std::string& stored, kv::Version version,
                                     bool duplicate) {
  ReceiptFrame frame;
  frame.duplicate = duplicate;
  exchange::v1::Receipt receipt;
  if (!frame.receipt.ParseFromString(stored) || !receipt.ParseFromString(frame.receipt.receipt())) {
    return absl::DataLossError("a stored receipt cannot be read");
  }
  if (receipt.outcome() != exchange::v1::RECEIPT_OUTCOME_REFUSED) {
    receipt.set_commit_number(version);
    frame.receipt.set_receipt(receipt.SerializeAsString());
  }
  return frame;
}

// One envelope in its place: everything that HandleEnvelope does once it knows where it stands.
struct Arriving {
  std::string peer;
  EnvelopeHeader header;
  exchange::v1::Envelope envelope;
  std::string digest;
  bool chain_broken = false;
};

Answer<Effect> Examine(const AppParts& parts, const Arriving& arriving,
                       const std::optional<Found<InboxKey>>& known, journal::ChangeSet& changes,
                       journal::ChangeSet& kept) {
  if (arriving.chain_broken) co_return Effect::Refused("CHAIN_BROKEN");
  const std::string problem = ProblemOf(parts, arriving.peer, arriving.header, arriving.envelope);
  if (!problem.empty()) co_return Effect::Refused(problem);
  if (known && known->row.body_sha256() != arriving.header.body_sha256()) {
    co_return Effect::Refused("MESSAGE_ID_REUSED");
  }
  InboundMessage in{parts,   arriving.peer, arriving.header,           {},
                    changes, kept,          arriving.envelope.recall()};
  if (!in.message.ParseFromString(arriving.envelope.body()) ||
      KindOf(in.message) != arriving.header.kind()) {
    co_return Effect::Refused("MALFORMED");
  }
  co_return co_await Act(in);
}

void StagePlace(const AppParts& parts, const Arriving& arriving,
                const std::optional<Found<LinkKey>>& link, journal::ChangeSet& changes) {
  const LinkKey key{NodeId::FromTrusted(arriving.peer), LinkHalf::kIn};
  rows::LinkRecord row;
  if (link) row = link->row;
  row.set_in_epoch(arriving.header.link_epoch());
  row.set_in_sequence(arriving.header.sequence());
  row.set_in_digest(arriving.digest);
  row.set_heard_at_micros(ToMicros(parts.clock.Now()));
  parts.repository.ExpectVersion(changes, key, link ? link->version : 0);
  parts.repository.Put(changes, key, row);
}

std::string StageInbox(const AppParts& parts, const Arriving& arriving, const Effect& effect,
                       journal::ChangeSet& changes) {
  rows::InboxRecord row;
  row.set_link_epoch(arriving.header.link_epoch());
  row.set_sequence(arriving.header.sequence());
  row.set_kind(arriving.header.kind());
  row.set_referral_id(arriving.header.referral_id());
  row.set_body_sha256(arriving.header.body_sha256());
  row.set_received_at_micros(ToMicros(parts.clock.Now()));
  row.set_signed_receipt(
      ReceiptOf(parts, arriving.header, arriving.digest, effect).SerializeAsString());
  const InboxKey key{NodeId::FromTrusted(arriving.peer), arriving.header.message_id()};
  parts.repository.Put(changes, key, row);
  return row.signed_receipt();
}

// ABORTED when something it read has changed: to be tried again.
Answer<ReceiptFrame> TakeOnce(const AppParts& parts, const Arriving& arriving,
                              const std::optional<Found<LinkKey>>& link) {
  InboxKey key{NodeId::FromTrusted(arriving.peer), arriving.header.message_id()};
  auto known = co_await parts.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(known.status());
  // The same message in another epoch: its effect is here, its first receipt stands.
  const bool same =
      known->has_value() && (*known)->row.body_sha256() == arriving.header.body_sha256();
  journal::ChangeSet changes;
  journal::ChangeSet kept;
  Effect effect;
  std::string stored;
  if (same) {
    stored = (*known)->row.signed_receipt();
    StagePlace(parts, arriving, link, changes);
  } else {
    absl::StatusOr<Effect> examined = co_await Examine(parts, arriving, *known, changes, kept);
    CO_RETURN_IF_ERROR(examined.status());
    effect = *std::move(examined);
    if (effect.refused()) changes = std::move(kept);
    StagePlace(parts, arriving, link, changes);
    if (known->has_value()) {  // Another message under a known id: the first one stays.
      stored = ReceiptOf(parts, arriving.header, arriving.digest, effect).SerializeAsString();
    } else {
      stored = StageInbox(parts, arriving, effect, changes);
    }
  }
  REDRESS_FAULT_POINT("inbox.before_commit");
  absl::StatusOr<journal::Committed> committed = co_await CommitChanges(parts, std::move(changes));
  CO_RETURN_IF_ERROR(committed.status());
  REDRESS_FAULT_POINT("inbox.before_receipt");
  WakeRunners(parts, effect.sends, effect.leaves_work);
  co_return FrameOf(stored, same ? (*known)->version : committed->version, same);
}

}  // namespace

Answer<LinkState> Inbound::Open(std::string peer, LinkOpening opening) {
  if (opening.sender_node != peer) {
    co_return Refuse(absl::StatusCode::kPermissionDenied, "PEER_NOT_PINNED",
                     "the certificate is another node's", {{"node_id", opening.sender_node}});
  }
  if (opening.recipient_node != parts_.node.ToString()) {
    co_return Refuse(absl::StatusCode::kInvalidArgument, "RECIPIENT_IS_ANOTHER_NODE",
                     "this is another node", {{"recipient", opening.recipient_node}});
  }
  // Before the opening is judged: a restored sender is refused at first.
  std::string restored_peer = peer;
  absl::StatusOr<bool> news =
      co_await NotePeerRestores(parts_, std::move(restored_peer), opening.restores);
  CO_RETURN_IF_ERROR(news.status());
  if (*news) {
    if (parts_.on_peer_restored) parts_.on_peer_restored(peer, opening.restores);
    parts_.outbox_changed.Notify();  // RunLink looks what is to be sent again.
  }
  LinkKey key{NodeId::FromTrusted(peer), LinkHalf::kIn};
  auto link = co_await parts_.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(link.status());
  const HalfLink held = HeldBy(*link);
  HalfLink sender{opening.link_epoch, opening.last_sequence, opening.last_digest};
  // A sender that still waits for receipts does not tell the digest of what it made last; the
  // chain of what it sends again will.
  if (sender.last_digest.empty() && sender.last_sequence == held.last_sequence) {
    sender.last_digest = held.last_digest;
  }
  CO_RETURN_IF_ERROR(CheckOpening(held, sender));
  (*parts_.heard_from)[peer].Notify();
  LinkState state;
  const bool new_epoch = opening.link_epoch > held.epoch;
  state.next_sequence = new_epoch ? 1 : held.last_sequence + 1;
  state.last_digest = new_epoch ? "" : held.last_digest;
  state.window = kWindow;
  state.now = parts_.clock.Now();
  co_return state;
}

Answer<ReceiptFrame> Inbound::HandleEnvelope(std::string peer, exchange::v1::Envelope envelope) {
  Arriving arriving;
  arriving.peer = std::move(peer);
  if (envelope.header().size() > kMaxHeaderBytes ||
      !arriving.header.ParseFromString(envelope.header())) {
    co_return NotInOrder(0, 0);  // What has no readable place has no receipt either.
  }
  arriving.digest = crypto::Sha256::Of(envelope.header());
  arriving.envelope = std::move(envelope);
  const Placing place{arriving.header.link_epoch(), arriving.header.sequence(),
                      arriving.header.previous_hash()};
  for (int attempt = 1;; ++attempt) {
    LinkKey key{NodeId::FromTrusted(arriving.peer), LinkHalf::kIn};
    auto link = co_await parts_.repository.Find(std::move(key));
    CO_RETURN_IF_ERROR(link.status());
    const HalfLink held = HeldBy(*link);
    const Arrival arrival = Judge(held, place);
    if (arrival == Arrival::kGap) {
      co_return NotInOrder(held.last_sequence + 1, place.sequence);
    }
    if (arrival == Arrival::kOldEpoch) co_return OldEpoch(place.epoch, held.epoch);
    if (arrival == Arrival::kRepeated) {
      InboxKey inbox_key{NodeId::FromTrusted(arriving.peer), arriving.header.message_id()};
      auto known = co_await parts_.repository.Find(std::move(inbox_key));
      CO_RETURN_IF_ERROR(known.status());
      // Its place was another envelope's: the sender was restored and has made a new message there.
      if (!known->has_value()) co_return OldEpoch(place.epoch, held.epoch);
      co_return FrameOf((*known)->row.signed_receipt(), (*known)->version, true);
    }
    arriving.chain_broken = arrival == Arrival::kBrokenChain;
    absl::StatusOr<ReceiptFrame> frame = co_await TakeOnce(parts_, arriving, *link);
    if (MayRetry(frame.status(), attempt)) continue;
    co_return frame;
  }
}

}  // namespace redress::referral
