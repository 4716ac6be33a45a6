// Heads and pages: what a destination is given, and when it is whole.
#include <algorithm>
#include <set>
#include <utility>

#include "services/platform/crypto/sha256.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/directory_rows.h"
#include "services/referral/app/disclosures.h"
#include "services/referral/app/fact_conversion.h"
#include "services/referral/app/inbound_message.h"
#include "services/referral/app/proto_time.h"

namespace redress::referral {
namespace {

using exchange::v1::MemberPage;
using exchange::v1::Message;
using exchange::v1::ReferralHead;

constexpr uint32_t kMaxPages = 1'000;

std::optional<ReferralId> IdFrom(const std::string& text, const std::string& peer) {
  absl::StatusOr<ReferralId> id = ReferralId::Parse(text, "referral_id");
  // Only the home node of a case discloses it.
  if (!id.ok() || id->ToString() != text || id->case_number().home_node() != peer) {
    return std::nullopt;
  }
  return *id;
}

struct Receiving {
  ReferralRef ref;
  uint32_t disclosure = 0;
  CaseKeyPointer case_key;
  std::optional<Found<PendingKey>> pending;
  rows::PendingDisclosureRecord row;                           // As it is after this message.
  std::vector<intake::v1::MemberDimensions> arriving_members;  // Of this message.
};

Answer<Receiving> Begin(InboundMessage& in, ReferralId id, uint32_t disclosure) {
  Receiving receiving;
  receiving.ref = {Side::kDestination, id};
  receiving.disclosure = disclosure;
  absl::StatusOr<CaseKeyPointer> case_key = co_await in.parts.repository.StageCaseKey(
      in.changes, id.case_number(), ToMicros(in.parts.clock.Now()));
  CO_RETURN_IF_ERROR(case_key.status());
  receiving.case_key = *std::move(case_key);
  PendingKey key{receiving.ref, disclosure};
  auto pending = co_await in.parts.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(pending.status());
  receiving.pending = *std::move(pending);
  if (receiving.pending) {
    receiving.row = receiving.pending->row;
  } else {
    receiving.row.set_began_at_micros(ToMicros(in.parts.clock.Now()));
  }
  co_return receiving;
}

bool IsWhole(const rows::PendingDisclosureRecord& row) {
  return row.head_here() && row.page_count() > 0 &&
         static_cast<uint32_t>(row.pages_size()) == row.page_count();
}

// Every member of the disclosure: those of earlier pages are in the store, those of this one not
// yet.
Answer<std::vector<intake::v1::MemberDimensions>> AllMembers(InboundMessage& in,
                                                             const Receiving& receiving) {
  RowRange range{
      .of = RowRange::Of::kMembers, .ref = receiving.ref, .disclosure = receiving.disclosure};
  auto stored = co_await in.parts.repository.ScanAll<MemberKey>(std::move(range));
  CO_RETURN_IF_ERROR(stored.status());
  std::vector<intake::v1::MemberDimensions> members = receiving.arriving_members;
  std::set<std::string> here;
  for (const auto& member : members) here.insert(member.member_id());
  for (Found<MemberKey>& one : *stored) {
    if (here.contains(one.row.dimensions().member_id())) continue;
    members.push_back(std::move(*one.row.mutable_dimensions()));
  }
  co_return members;
}

void FillRecord(const ReferralHead& head, const std::vector<intake::v1::MemberDimensions>& members,
                rows::ReferralRecord& record) {
  const v1::Referral& referral = head.referral();
  record.set_referral_id(referral.referral_id());
  record.set_case_number(referral.case_number());
  record.set_side(v1::SIDE_DESTINATION);
  record.set_home_node(referral.home_node());
  record.set_destination_node(referral.destination_node());
  record.set_receiver_body_id(referral.receiver_body_id());
  record.set_holder_body_id(referral.holder_body_id());
  *record.mutable_agreement() = referral.agreement();
  record.set_parent_referral_id(referral.parent_referral_id());
  record.set_previous_referral_id(referral.previous_referral_id());
  record.add_path_body_ids(referral.receiver_body_id());
  *record.mutable_clock_rules() = referral.clock_rules();
  record.set_filed_at_micros(ToMicros(REDRESS_GET_TIME(head.complaint(), filed_at)));
  *record.mutable_dimensions() = DimensionsOf(head.complaint(), members);
  record.mutable_dimensions()->set_urgency(referral.urgency());
  record.set_disclosure_number(head.complaint().disclosure_number());
  record.set_member_count(static_cast<uint32_t>(members.size()));
  record.set_head_sha256(HeadDigest(head));
}

v1::Event ReceivedEvent(const ReferralHead& head, const rows::ReferralRecord& record) {
  v1::Event event;
  v1::ReferralOpened* received = event.mutable_received();
  *received->mutable_dimensions() = record.dimensions();
  *received->mutable_agreement() = record.agreement();
  received->set_parent_referral_id(record.parent_referral_id());
  received->set_previous_referral_id(record.previous_referral_id());
  *received->mutable_sent_at() = head.referral().sent_at();
  received->set_by_role(head.fact().actor().role());
  REDRESS_SET_TIME(*received, filed_at, FromMicros(record.filed_at_micros()));
  return event;
}

// Everything is here: the referral exists at this node from now on, DELIVERED, or RECALLED at once
// when the recall came meanwhile or with the last part.
Answer<Effect> Deliver(InboundMessage& in, Receiving& receiving, const ReferralHead& head) {
  absl::StatusOr<std::vector<intake::v1::MemberDimensions>> members =
      co_await AllMembers(in, receiving);
  CO_RETURN_IF_ERROR(members.status());
  LoadedReferral fresh;
  fresh.ref = receiving.ref;
  fresh.case_key = receiving.case_key;
  FillRecord(head, *members, fresh.record);
  const std::string head_digest = fresh.record.head_sha256();
  ReferralEdit edit(in.parts, std::move(fresh));
  absl::StatusOr<Fact> sent = FromProto(head.fact(), in.parts.codes);
  CO_RETURN_IF_ERROR(sent.status());
  edit.Take(*std::move(sent));
  // Checked before the head was kept.
  const std::string wrong = TakeOneEvidence(edit, head.evidence());
  if (!wrong.empty()) co_return Effect::Refused("EVIDENCE_INVALID");
  absl::StatusOr<bool> held = co_await TakeHeldFacts(in, edit);
  CO_RETURN_IF_ERROR(held.status());
  TakeRecall(in, edit);

  Fact delivered;
  delivered.kind = FactKind::kDelivered;
  delivered.actor = NodeActor(in.parts);
  delivered.details = DeliveredDetails{in.parts.clock.Now(), head_digest};
  CO_RETURN_IF_ERROR(edit.Write(std::move(delivered)).status());
  rows::ReferralPersonal personal;
  *personal.mutable_complaint() = head.complaint();
  personal.set_note(head.fact().note());
  edit.SetPersonal(personal);
  edit.AddFirstEvent(ReceivedEvent(head, edit.now().record));
  for (v1::Event& event : MembersEvents(receiving.disclosure, *members)) {
    edit.AddFirstEvent(std::move(event));
  }
  CO_RETURN_IF_ERROR(edit.Stage(in.changes));
  in.parts.repository.Delete(in.changes, PendingKey{receiving.ref, receiving.disclosure});
  Effect effect;
  effect.sends = edit.sends();
  effect.leaves_work = edit.leaves_work();
  co_return effect;
}

// A later disclosure is whole: it replaces the one before, whose pages go.
Answer<Effect> Replace(InboundMessage& in, Receiving& receiving,
                       const exchange::v1::DisclosureUpdate& update) {
  absl::StatusOr<std::optional<LoadedReferral>> loaded =
      co_await LoadReferral(in.parts, receiving.ref);
  CO_RETURN_IF_ERROR(loaded.status());
  if (!loaded->has_value()) co_return Effect::Refused("UNKNOWN_REFERRAL");
  absl::StatusOr<std::vector<intake::v1::MemberDimensions>> members =
      co_await AllMembers(in, receiving);
  CO_RETURN_IF_ERROR(members.status());
  absl::StatusOr<rows::ReferralPersonal> personal = OpenPersonal(in.parts, **loaded);
  CO_RETURN_IF_ERROR(personal.status());
  RowRange old{.of = RowRange::Of::kPages,
               .ref = receiving.ref,
               .disclosure = (*loaded)->record.disclosure_number()};
  auto old_pages = co_await in.parts.repository.ScanAll<PageKey>(std::move(old));
  CO_RETURN_IF_ERROR(old_pages.status());

  ReferralEdit edit(in.parts, **std::move(loaded));
  *personal->mutable_complaint() = update.complaint();
  edit.SetPersonal(*personal);
  rows::ReferralRecord& record = edit.record();
  const std::string urgency = record.dimensions().urgency();
  *record.mutable_dimensions() = DimensionsOf(update.complaint(), *members);
  record.mutable_dimensions()->set_urgency(urgency);
  record.set_disclosure_number(receiving.disclosure);
  record.set_member_count(static_cast<uint32_t>(members->size()));
  v1::Event event;
  event.mutable_disclosure()->set_disclosure_number(receiving.disclosure);
  *event.mutable_disclosure()->mutable_dimensions() = record.dimensions();
  edit.AddEvent(std::move(event));
  for (v1::Event& one : MembersEvents(receiving.disclosure, *members)) {
    edit.AddEvent(std::move(one));
  }
  CO_RETURN_IF_ERROR(edit.Stage(in.changes));
  for (const Found<PageKey>& page : *old_pages) in.parts.repository.Delete(in.changes, page.key);
  in.parts.repository.Delete(in.changes, PendingKey{receiving.ref, receiving.disclosure});
  co_return Effect::Accepted();
}

// Keeps what has come, or makes it whole when it is.
Answer<Effect> KeepOrComplete(InboundMessage& in, Receiving& receiving) {
  const PendingKey key{receiving.ref, receiving.disclosure};
  in.parts.repository.ExpectVersion(in.changes, key,
                                    receiving.pending ? receiving.pending->version : 0);
  if (!IsWhole(receiving.row)) {
    in.parts.repository.Put(in.changes, key, receiving.row);
    co_return Effect::Accepted();
  }
  absl::StatusOr<std::string> bytes =
      in.parts.repository.Open(*receiving.case_key, key, receiving.row.sealed());
  CO_RETURN_IF_ERROR(bytes.status());
  Message head;
  if (!head.ParseFromString(*bytes)) co_return absl::DataLossError("a kept head is damaged");
  if (head.has_referral_head()) co_return co_await Deliver(in, receiving, head.referral_head());
  co_return co_await Replace(in, receiving, head.disclosure_update());
}

void KeepHead(InboundMessage& in, Receiving& receiving, uint32_t page_count) {
  const PendingKey key{receiving.ref, receiving.disclosure};
  receiving.row.set_head_here(true);
  receiving.row.set_page_count(page_count);
  receiving.row.set_sealed(
      in.parts.repository.Seal(*receiving.case_key, key, in.message.SerializeAsString()));
}

// The first piece of home's chain, about this very head. A head that is sent again after a later
// disclosure has other content than the one the evidence speaks of.
bool IsSubmission(const InboundMessage& in, const ReferralHead& head) {
  const v1::Evidence& evidence = head.evidence();
  v1::EvidenceStatement statement;
  return crypto::Sha256::Of(evidence.statement()) == evidence.digest() &&
         statement.ParseFromString(evidence.statement()) &&
         statement.kind() == v1::EVIDENCE_KIND_SUBMISSION && statement.number() == 1 &&
         statement.previous_digest().empty() && statement.issuer_node() == in.peer &&
         statement.referral_id() == head.referral().referral_id() &&
         (head.complaint().disclosure_number() > 1 ||
          statement.subject_digest() == HeadDigest(head));
}

// Everything about a head that can be judged without asking the store.
std::string ProblemOf(const InboundMessage& in, const ReferralHead& head) {
  const v1::Referral& referral = head.referral();
  const std::optional<ReferralId> id = IdFrom(referral.referral_id(), in.peer);
  if (!id || referral.case_number() != id->case_number().ToString() ||
      referral.home_node() != in.peer) {
    return "MALFORMED";
  }
  absl::StatusOr<BodyId> receiver = BodyId::Parse(referral.receiver_body_id(), "receiver");
  if (!receiver.ok()) return "MALFORMED";
  if (NodeOf(*receiver) != in.parts.node ||
      referral.destination_node() != in.parts.node.ToString()) {
    return "UNKNOWN_BODY";
  }
  if (head.page_count() < 1 || head.page_count() > kMaxPages ||
      head.complaint().disclosure_number() < 1 ||
      head.complaint().referral_id() != referral.referral_id()) {
    return "MALFORMED";
  }
  absl::StatusOr<Fact> fact = FromProto(head.fact(), in.parts.codes);
  if (!fact.ok() || fact->kind != FactKind::kSent || fact->number != 1 || !CheckFact(*fact).ok()) {
    return "MALFORMED";
  }
  const auto* sent = DetailsOf<SentDetails>(*fact);
  if (sent == nullptr || sent->receiver != *receiver) return "MALFORMED";
  return IsSubmission(in, head) ? "" : "EVIDENCE_INVALID";
}

}  // namespace

Answer<Effect> TakeHead(InboundMessage& in) {
  const ReferralHead& head = in.message.referral_head();
  const std::string problem = ProblemOf(in, head);
  if (!problem.empty()) co_return Effect::Refused(problem);
  const ReferralId id = *IdFrom(head.referral().referral_id(), in.peer);
  // A body that is here is delivered to, active or not: it can decline, a node cannot.
  BodyId receiver = BodyId::FromTrusted(head.referral().receiver_body_id());
  absl::StatusOr<std::optional<Body>> body = co_await FindBody(in.parts, std::move(receiver));
  CO_RETURN_IF_ERROR(body.status());
  if (!body->has_value()) co_return Effect::Refused("UNKNOWN_BODY");
  ReferralKey key{{Side::kDestination, id}};
  auto known = co_await in.parts.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(known.status());
  if (known->has_value()) co_return Effect::Duplicate();
  absl::StatusOr<Receiving> receiving =
      co_await Begin(in, id, head.complaint().disclosure_number());
  CO_RETURN_IF_ERROR(receiving.status());
  if (receiving->row.head_here()) co_return Effect::Duplicate();
  KeepHead(in, *receiving, head.page_count());
  co_return co_await KeepOrComplete(in, *receiving);
}

Answer<Effect> TakeDisclosureUpdate(InboundMessage& in) {
  const exchange::v1::DisclosureUpdate& update = in.message.disclosure_update();
  const std::optional<ReferralId> id = IdFrom(update.referral_id(), in.peer);
  if (!id || update.page_count() < 1 || update.page_count() > kMaxPages ||
      update.complaint().referral_id() != update.referral_id()) {
    co_return Effect::Refused("MALFORMED");
  }
  ReferralKey key{{Side::kDestination, *id}};
  auto known = co_await in.parts.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(known.status());
  if (!known->has_value()) co_return Effect::Refused("UNKNOWN_REFERRAL");
  if (update.complaint().disclosure_number() <= (*known)->row.disclosure_number()) {
    co_return Effect::Duplicate();
  }
  absl::StatusOr<Receiving> receiving =
      co_await Begin(in, *id, update.complaint().disclosure_number());
  CO_RETURN_IF_ERROR(receiving.status());
  if (receiving->row.head_here()) co_return Effect::Duplicate();
  KeepHead(in, *receiving, update.page_count());
  co_return co_await KeepOrComplete(in, *receiving);
}

Answer<Effect> TakePage(InboundMessage& in) {
  const MemberPage& page = in.message.member_page();
  const std::optional<ReferralId> id = IdFrom(page.referral_id(), in.peer);
  if (!id || page.disclosure_number() < 1 || page.page() < 1 || page.page() > page.page_count() ||
      page.page_count() > kMaxPages || page.members().empty() || page.members_size() > 200) {
    co_return Effect::Refused("MALFORMED");
  }
  for (const intake::v1::DisclosedMember& member : page.members()) {
    if (!MemberId::Parse(member.member().member_id(), "member_id").ok()) {
      co_return Effect::Refused("MALFORMED");
    }
  }
  ReferralKey key{{Side::kDestination, *id}};
  auto known = co_await in.parts.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(known.status());
  if (known->has_value() && page.disclosure_number() <= (*known)->row.disclosure_number()) {
    co_return Effect::Duplicate();
  }
  absl::StatusOr<Receiving> receiving = co_await Begin(in, *id, page.disclosure_number());
  CO_RETURN_IF_ERROR(receiving.status());
  rows::PendingDisclosureRecord& row = receiving->row;
  const auto& pages = row.pages();
  if (std::find(pages.begin(), pages.end(), page.page()) != pages.end()) {
    co_return Effect::Duplicate();
  }
  if (row.page_count() != 0 && row.page_count() != page.page_count()) {
    co_return Effect::Refused("MALFORMED");
  }
  row.set_page_count(page.page_count());
  row.add_pages(page.page());
  const PageKey page_key{receiving->ref, page.disclosure_number(), page.page()};
  rows::HeldMessageRecord kept;
  kept.set_message_id(in.header.message_id());
  kept.set_sender_node(in.peer);
  kept.set_received_at_micros(ToMicros(in.parts.clock.Now()));
  kept.set_sealed(
      in.parts.repository.Seal(*receiving->case_key, page_key, in.message.SerializeAsString()));
  in.parts.repository.Put(in.changes, page_key, kept);
  for (const intake::v1::DisclosedMember& member : page.members()) {
    rows::ReferralMemberRecord counted;
    *counted.mutable_dimensions() = DimensionsOf(member);
    receiving->arriving_members.push_back(counted.dimensions());
    const MemberKey member_key{receiving->ref, page.disclosure_number(),
                               MemberId::FromTrusted(member.member().member_id())};
    in.parts.repository.Put(in.changes, member_key, counted);
  }
  co_return co_await KeepOrComplete(in, *receiving);
}

}  // namespace redress::referral
