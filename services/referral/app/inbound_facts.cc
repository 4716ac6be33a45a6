// Facts, evidence and money of the other side.
#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "services/platform/crypto/sha256.h"
#include "services/platform/money/money.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/fact_conversion.h"
#include "services/referral/app/inbound_message.h"
#include "services/referral/app/money_entries.h"
#include "services/referral/app/outbox.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/referral_money.h"
#include "services/referral/domain/fact_log.h"

namespace redress::referral {
namespace {

constexpr auto kFactKindNumber = static_cast<uint8_t>(exchange::v1::MESSAGE_KIND_FACT);

// The node that writes the facts of `side` in this referral.
const std::string& NodeOfSide(const rows::ReferralRecord& record, Side side) {
  return side == Side::kHome ? record.home_node() : record.destination_node();
}

// What is wrong with a fact message by itself; empty when nothing is.
std::string ProblemOf(const exchange::v1::FactMessage& message, const IsoCodes& codes) {
  if (message.evidence_size() > 2) return "MALFORMED";
  absl::StatusOr<Fact> fact = FromProto(message.fact(), codes);
  if (!fact.ok() || !CheckFact(*fact).ok()) return "MALFORMED";
  return "";
}

// Keeps an invalid piece where people can look at it. It changes nothing else.
void KeepInvalid(InboundMessage& in, const ReferralRef& ref, const v1::Evidence& evidence,
                 const std::string& fault) {
  rows::EvidenceRecord row;
  row.set_evidence(evidence.SerializeAsString());
  row.set_valid(false);
  row.set_fault(fault);
  row.set_recorded_at_micros(ToMicros(in.parts.clock.Now()));
  // Out of the way of the chain's own numbers.
  const auto number = static_cast<uint32_t>(0x80000000u | (in.header.sequence() & 0x7fffffffu));
  in.parts.repository.Put(in.kept, EvidenceKey{ref, OtherSide(ref.side), number}, row);
}

Effect EffectOf(const ReferralEdit& edit) {
  Effect effect;
  effect.sends = edit.sends();
  effect.leaves_work = edit.leaves_work();
  return effect;
}

// How much evidence of a side is held.
uint32_t EvidenceOf(const rows::ReferralRecord& record, Side side) {
  return side == Side::kHome ? record.home_evidence_count() : record.destination_evidence_count();
}

// Keeps a fact until what it follows is here.
absl::Status Hold(InboundMessage& in, const ReferralRef& ref, const crypto::CaseKey& case_key) {
  const HeldKey key{ref, kFactKindNumber, in.message.fact().fact().number()};
  rows::HeldMessageRecord row;
  row.set_message_id(in.header.message_id());
  row.set_sender_node(in.peer);
  row.set_received_at_micros(ToMicros(in.parts.clock.Now()));
  row.set_sealed(in.parts.repository.Seal(case_key, key, in.message.SerializeAsString()));
  in.parts.repository.Put(in.changes, key, row);
  return absl::OkStatus();
}

// A fact of home for a referral of which only parts have come.
Answer<Effect> HoldForPending(InboundMessage& in, ReferralRef ref) {
  if (ref.side != Side::kDestination || ref.id.case_number().home_node() != in.peer) {
    co_return Effect::Refused("UNKNOWN_REFERRAL");
  }
  RowRange range{.of = RowRange::Of::kPending, .ref = ref};
  auto pending = co_await in.parts.repository.ScanAll<PendingKey>(std::move(range));
  CO_RETURN_IF_ERROR(pending.status());
  if (pending->empty()) co_return Effect::Refused("UNKNOWN_REFERRAL");
  absl::StatusOr<CaseKeyPointer> case_key =
      co_await in.parts.repository.FindCaseKey(ref.id.case_number());
  CO_RETURN_IF_ERROR(case_key.status());
  if (*case_key == nullptr) co_return Effect::Refused("UNKNOWN_REFERRAL");
  CO_RETURN_IF_ERROR(Hold(in, ref, **case_key));
  co_return Effect::Accepted();
}

// Also in an earlier disclosure: one that takes a member out may cross what was recorded before.
Answer<bool> WasDisclosed(const AppParts& parts, const LoadedReferral& loaded, MemberId member) {
  for (uint32_t disclosure = loaded.record.disclosure_number(); disclosure > 0; --disclosure) {
    MemberKey key{loaded.ref, disclosure, member};
    auto found = co_await parts.repository.Find(std::move(key));
    CO_RETURN_IF_ERROR(found.status());
    if (found->has_value()) co_return true;
  }
  co_return false;
}

// Home's ledger is changed from abroad only by what the destination recorded itself in this
// referral, of members that it was told of; it undoes no entries but its own.
Answer<Effect> JudgeAtHome(InboundMessage& in, const LoadedReferral& loaded, EntriesPlan& plan) {
  for (const EntriesPlan::Entry& one : plan.fresh) {
    if (!kDestinationMoneyKinds.Contains(one.posted.kind()) ||
        one.entry.recorded_by().node_id() != in.peer) {
      co_return Effect::Refused("WRONG_SIDE");
    }
    if (one.entry.referral_id() != loaded.record.referral_id()) {
      co_return Effect::Refused("MALFORMED");
    }
    MemberId member = MemberId::FromTrusted(one.posted.member_id());
    absl::StatusOr<bool> disclosed = co_await WasDisclosed(in.parts, loaded, std::move(member));
    CO_RETURN_IF_ERROR(disclosed.status());
    if (!*disclosed) co_return Effect::Refused("MALFORMED");
  }
  const bool reverses = std::any_of(plan.fresh.begin(), plan.fresh.end(), [](const auto& one) {
    return !one.posted.reverses_entry_id().empty();
  });
  if (!reverses) co_return Effect::Accepted();
  std::string peer = in.peer;
  absl::StatusOr<ReversibleEntries> known =
      co_await FindReversibleEntries(in.parts, loaded.ref, std::move(peer));
  CO_RETURN_IF_ERROR(known.status());
  for (EntriesPlan::Entry& one : plan.fresh) {
    const std::string& undone = one.posted.reverses_entry_id();
    if (undone.empty()) continue;
    if (!known->entries.contains(undone)) co_return Effect::Refused("WRONG_SIDE");
    FieldViolations wrong;
    CheckReversal(one.posted, *known, "entry", wrong);
    if (!wrong.empty()) co_return Effect::Refused("MALFORMED");
    const auto [before, first] = known->reversals.try_emplace(
        undone, ReversibleEntries::Reversal{one.posted.entry_id(), in.peer});
    if (first) continue;
    if (before->second.node == in.peer) co_return Effect::Refused("MALFORMED");
    one.reversed.reset();  // Home undid it meanwhile: its sums are not lowered twice.
  }
  co_return Effect::Accepted();
}

}  // namespace

std::string TakeOneEvidence(ReferralEdit& edit, const v1::Evidence& evidence) {
  const Side issuer = OtherSide(edit.now().ref.side);
  const rows::ReferralRecord& record = edit.now().record;
  v1::EvidenceStatement message;
  if (crypto::Sha256::Of(evidence.statement()) != evidence.digest()) return "DIGEST";
  if (!message.ParseFromString(evidence.statement())) return "MALFORMED";
  absl::StatusOr<EvidenceStatement> statement = FromProto(message);
  if (!statement.ok()) return "MALFORMED";
  if (statement->referral != edit.now().ref.id) return "OTHER_REFERRAL";
  if (statement->issuer.ToString() != NodeOfSide(record, issuer)) return "OTHER_ISSUER";
  const ChainHead head{EvidenceOf(record, issuer), issuer == Side::kHome
                                                       ? record.home_evidence_digest()
                                                       : record.destination_evidence_digest()};
  if (statement->number <= head.number) return "";  // Came before, with another message.
  if (!CheckNext(head, *statement, issuer).ok()) return "CHAIN";
  edit.TakeEvidence(evidence, message);
  return "";
}

Answer<bool> TakeHeldFacts(InboundMessage& in, ReferralEdit& edit) {
  RowRange range{.of = RowRange::Of::kHeld, .ref = edit.now().ref};
  auto held = co_await in.parts.repository.ScanAll<HeldKey>(std::move(range));
  CO_RETURN_IF_ERROR(held.status());
  const bool from_home = edit.now().ref.side == Side::kDestination;
  for (const Found<HeldKey>& one : *held) {
    if (one.key.kind != kFactKindNumber) continue;
    const size_t known = from_home ? edit.now().home.size() : edit.now().destination.size();
    if (one.key.number > known + 1) break;
    absl::StatusOr<std::string> bytes =
        in.parts.repository.Open(*edit.now().case_key, one.key, one.row.sealed());
    CO_RETURN_IF_ERROR(bytes.status());
    exchange::v1::Message message;
    message.ParseFromString(*bytes);
    if (one.key.number == known + 1) {
      absl::StatusOr<Fact> fact = FromProto(message.fact().fact(), in.parts.codes);
      CO_RETURN_IF_ERROR(fact.status());
      edit.Take(*std::move(fact));
      for (const v1::Evidence& evidence : message.fact().evidence()) {
        const std::string fault = TakeOneEvidence(edit, evidence);
        if (!fault.empty()) KeepInvalid(in, edit.now().ref, evidence, fault);
      }
    }
    in.parts.repository.Delete(in.changes, one.key);
  }
  co_return true;
}

void TakeRecall(InboundMessage& in, ReferralEdit& edit) {
  size_t bytes = 0;
  for (const std::string& piece : in.recall) {
    bytes += piece.size();
    exchange::v1::Message message;
    if (bytes > kMaxRecallBytes || !message.ParseFromString(piece)) return;
    std::optional<Fact> taken;
    if (message.has_fact()) {
      absl::StatusOr<Fact> fact = FromProto(message.fact().fact(), in.parts.codes);
      const bool valid = ProblemOf(message.fact(), in.parts.codes).empty() && fact.ok() &&
                         fact->side() == Side::kHome &&
                         message.fact().referral_id() == edit.now().record.referral_id();
      if (!valid || fact->number > edit.now().home.size() + 1) return;
      if (fact->number == edit.now().home.size() + 1) taken = *std::move(fact);
    }
    const auto& evidence =
        message.has_fact() ? message.fact().evidence() : message.evidence().evidence();
    for (const v1::Evidence& one : evidence) {
      if (!TakeOneEvidence(edit, one).empty()) return;
    }
    if (taken) edit.Take(*std::move(taken));
  }
}

Answer<Effect> TakeFact(InboundMessage& in) {
  const exchange::v1::FactMessage& message = in.message.fact();
  absl::StatusOr<ReferralId> id = ReferralId::Parse(message.referral_id(), "referral_id");
  const std::string problem = ProblemOf(message, in.parts.codes);
  if (!id.ok() || !problem.empty()) co_return Effect::Refused("MALFORMED");
  absl::StatusOr<Fact> fact = FromProto(message.fact(), in.parts.codes);
  CO_RETURN_IF_ERROR(fact.status());
  const Side writer = fact->side();
  const ReferralRef ref{OtherSide(writer), *id};
  absl::StatusOr<std::optional<LoadedReferral>> loaded = co_await LoadReferral(in.parts, ref);
  CO_RETURN_IF_ERROR(loaded.status());
  if (!loaded->has_value()) co_return co_await HoldForPending(in, ref);
  if (NodeOfSide((*loaded)->record, writer) != in.peer) co_return Effect::Refused("WRONG_SIDE");

  const std::vector<Fact>& known = writer == Side::kHome ? (*loaded)->home : (*loaded)->destination;
  if (fact->number <= known.size()) {
    const v1::Fact held = ToProto(known[fact->number - 1], in.parts.codes);
    if (FactDigest(held) != FactDigest(message.fact())) co_return Effect::Refused("FACT_DIFFERS");
    // Its evidence may have come before its turn: then the fact was taken without.
    ReferralEdit again(in.parts, **std::move(loaded));
    const uint32_t had = EvidenceOf(again.now().record, writer);
    for (const v1::Evidence& evidence : message.evidence()) TakeOneEvidence(again, evidence);
    if (EvidenceOf(again.now().record, writer) == had) co_return Effect::Duplicate();
    CO_RETURN_IF_ERROR(again.Stage(in.changes));
    co_return EffectOf(again);
  }
  if (fact->number > known.size() + 1) {
    if (fact->number > known.size() + FactLog::kMaxAhead) {
      co_return Effect::Refused("FACT_NOT_ALLOWED");
    }
    CO_RETURN_IF_ERROR(Hold(in, ref, *(*loaded)->case_key));
    co_return Effect::Accepted();
  }
  ReferralEdit edit(in.parts, **std::move(loaded));
  for (const v1::Evidence& evidence : message.evidence()) {
    const std::string fault = TakeOneEvidence(edit, evidence);
    if (fault.empty()) continue;
    KeepInvalid(in, ref, evidence, fault);
    co_return Effect::Refused("EVIDENCE_INVALID");
  }
  edit.Take(*std::move(fact));
  absl::StatusOr<bool> held = co_await TakeHeldFacts(in, edit);
  CO_RETURN_IF_ERROR(held.status());
  CO_RETURN_IF_ERROR(edit.Stage(in.changes));
  co_return EffectOf(edit);
}

Answer<Effect> TakeEvidenceMessage(InboundMessage& in) {
  const exchange::v1::EvidenceMessage& message = in.message.evidence();
  absl::StatusOr<ReferralId> id = ReferralId::Parse(message.referral_id(), "referral_id");
  v1::EvidenceStatement first;
  if (!id.ok() || message.evidence().empty() || message.evidence_size() > 10 ||
      !first.ParseFromString(message.evidence(0).statement()) ||
      first.kind() < v1::EVIDENCE_KIND_SUBMISSION || first.kind() > v1::EVIDENCE_KIND_ERASURE) {
    co_return Effect::Refused("MALFORMED");
  }
  const Side issuer = IssuerOf(static_cast<EvidenceKind>(first.kind()));
  const ReferralRef ref{OtherSide(issuer), *id};
  absl::StatusOr<std::optional<LoadedReferral>> loaded = co_await LoadReferral(in.parts, ref);
  CO_RETURN_IF_ERROR(loaded.status());
  if (!loaded->has_value()) co_return Effect::Refused("UNKNOWN_REFERRAL");
  if (NodeOfSide((*loaded)->record, issuer) != in.peer) co_return Effect::Refused("WRONG_SIDE");
  ReferralEdit edit(in.parts, **std::move(loaded));
  for (const v1::Evidence& evidence : message.evidence()) {
    const std::string fault = TakeOneEvidence(edit, evidence);
    if (fault.empty()) continue;
    KeepInvalid(in, ref, evidence, fault);
    co_return Effect::Refused("EVIDENCE_INVALID");
  }
  CO_RETURN_IF_ERROR(edit.Stage(in.changes));
  co_return EffectOf(edit);
}

Answer<Effect> TakeMoney(InboundMessage& in) {
  const exchange::v1::MoneyMessage& message = in.message.money();
  absl::StatusOr<ReferralId> id = ReferralId::Parse(message.referral_id(), "referral_id");
  if (!id.ok() || message.entries().empty() || message.entries_size() > 200) {
    co_return Effect::Refused("MALFORMED");
  }
  std::set<std::string> ids;
  for (const intake::v1::MoneyEntry& entry : message.entries()) {
    const bool first = ids.insert(entry.entry_id()).second;
    if (!first || !PostedFormOf(entry, in.parts.codes).ok()) co_return Effect::Refused("MALFORMED");
  }
  // Over a loopback link both sides are this node: the one that has the entries sent them.
  for (Side side : {Side::kHome, Side::kDestination}) {
    const ReferralRef ref{side, *id};
    absl::StatusOr<std::optional<LoadedReferral>> loaded = co_await LoadReferral(in.parts, ref);
    CO_RETURN_IF_ERROR(loaded.status());
    if (!loaded->has_value() || NodeOfSide((*loaded)->record, OtherSide(side)) != in.peer) continue;
    ReferralEdit edit(in.parts, **std::move(loaded));
    std::vector<intake::v1::MoneyEntry> entries(message.entries().begin(), message.entries().end());
    absl::StatusOr<EntriesPlan> plan = co_await PlanEntries(in.parts, ref, std::move(entries));
    if (absl::IsAlreadyExists(plan.status())) co_return Effect::Refused("MALFORMED");
    CO_RETURN_IF_ERROR(plan.status());
    if (plan->fresh.empty()) continue;
    if (side == Side::kHome) {
      absl::StatusOr<Effect> judged = co_await JudgeAtHome(in, edit.now(), *plan);
      if (!judged.ok() || judged->refused()) co_return judged;
    }
    if (!ApplyEntries(edit, *plan, in.peer, side == Side::kHome).ok()) {
      co_return Effect::Refused("MALFORMED");
    }
    CO_RETURN_IF_ERROR(edit.Stage(in.changes));
    co_return EffectOf(edit);
  }
  ReferralKey home{{Side::kHome, *id}};
  ReferralKey destination{{Side::kDestination, *id}};
  auto at_home = co_await in.parts.repository.Find(std::move(home));
  CO_RETURN_IF_ERROR(at_home.status());
  auto at_destination = co_await in.parts.repository.Find(std::move(destination));
  CO_RETURN_IF_ERROR(at_destination.status());
  if (!at_home->has_value() && !at_destination->has_value()) {
    co_return Effect::Refused("UNKNOWN_REFERRAL");
  }
  co_return Effect::Duplicate();
}

}  // namespace redress::referral
