#include "services/referral/app/referral_edit.h"

#include <algorithm>
#include <set>

#include "services/platform/crypto/sha256.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/deterministic.h"
#include "services/referral/app/fact_conversion.h"
#include "services/referral/app/folded_record.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/referral_events.h"
#include "services/referral/app/referral_money.h"
#include "services/referral/domain/proposal.h"

namespace redress::referral {
namespace {

constexpr absl::Duration kRestAfterFailure = absl::Seconds(2);
constexpr absl::Duration kLongestRest = absl::Minutes(1);

}  // namespace

ReferralEdit::ReferralEdit(const AppParts& parts, LoadedReferral before)
    : parts_(parts), before_(before.record), now_(std::move(before)) {}

absl::StatusOr<Fact> ReferralEdit::Write(Fact fact) {
  fact.occurred_at = parts_.clock.Now();
  ASSIGN_OR_RETURN(Fact next, NextFact(now_.folded, std::move(fact), HasOpenBalance(now_)));
  RETURN_IF_ERROR(CheckFact(next));
  next.recorded_at = parts_.clock.Now();
  Append(next, true);
  return next;
}

void ReferralEdit::Take(Fact fact) {
  fact.recorded_at = parts_.clock.Now();
  Append(std::move(fact), false);
}

void ReferralEdit::Append(Fact fact, bool own) {
  const ReferralState before = now_.folded.state;
  (fact.side() == Side::kHome ? now_.home : now_.destination).push_back(fact);
  now_.folded = Fold(now_.home, now_.destination);
  facts_.push_back({std::move(fact), before, now_.folded.state, own});
}

// What a node does of itself once a fact is known. A recall takes effect at the destination as soon
// as it is known and everything has arrived, before anyone there is shown more.
absl::Status ReferralEdit::React() {
  if (now_.ref.side == Side::kDestination && now_.folded.state == ReferralState::kRecallRequested &&
      !now_.destination.empty()) {
    Fact recalled;
    recalled.kind = FactKind::kRecalled;
    recalled.actor = NodeActor(parts_);
    RETURN_IF_ERROR(Write(std::move(recalled)).status());
  }
  return absl::OkStatus();
}

void ReferralEdit::Issue(EvidenceKind kind, std::string reason) {
  AddOwnEvidence(kind, std::nullopt, false, std::move(reason));
}

void ReferralEdit::TakeEvidence(v1::Evidence evidence, const v1::EvidenceStatement& statement) {
  const bool home = now_.ref.side == Side::kDestination;  // The other side issued it.
  if (home) {
    now_.record.set_home_evidence_digest(evidence.digest());
    now_.record.set_home_evidence_count(statement.number());
  } else {
    now_.record.set_destination_evidence_digest(evidence.digest());
    now_.record.set_destination_evidence_count(statement.number());
  }
  taken_evidence_.emplace_back(statement.number(), std::move(evidence));
}

std::string ReferralEdit::SubjectOf(EvidenceKind kind, const std::optional<FactRef>& about) const {
  switch (kind) {
    case EvidenceKind::kSubmission:
    case EvidenceKind::kRelay:
    case EvidenceKind::kDelivery:
      return now_.record.head_sha256();
    case EvidenceKind::kNonDelivery:
      return now_.record.home_evidence_digest();
    case EvidenceKind::kNonResponse:
      if (!now_.record.destination_evidence_digest().empty()) {
        return now_.record.destination_evidence_digest();
      }
      return now_.record.head_sha256();
    default:
      break;
  }
  if (about) {
    const std::vector<Fact>& facts = about->side == Side::kHome ? now_.home : now_.destination;
    if (about->number >= 1 && about->number <= facts.size()) {
      return FactDigest(ToProto(facts[about->number - 1], parts_.codes));
    }
  }
  return now_.record.head_sha256();
}

void ReferralEdit::AddOwnEvidence(EvidenceKind kind, const std::optional<FactRef>& about,
                                  bool accepted, std::string reason) {
  const bool home = now_.ref.side == Side::kHome;
  rows::ReferralRecord& record = now_.record;
  EvidenceStatement statement;
  statement.referral = now_.ref.id;
  statement.kind = kind;
  statement.issuer = parts_.node;
  statement.occurred_at = parts_.clock.Now();
  statement.subject_digest = SubjectOf(kind, about);
  statement.accepted = accepted;
  statement.reason = std::move(reason);
  statement.fact_number = about && about->side == now_.ref.side ? about->number : 0;
  Chain({home ? record.home_evidence_count() : record.destination_evidence_count(),
         home ? record.home_evidence_digest() : record.destination_evidence_digest()},
        statement);
  v1::Evidence evidence;
  evidence.set_statement(Deterministic(ToProto(statement)));
  evidence.set_digest(crypto::Sha256::Of(evidence.statement()));
  if (home) {
    record.set_home_evidence_count(statement.number);
    record.set_home_evidence_digest(evidence.digest());
  } else {
    record.set_destination_evidence_count(statement.number);
    record.set_destination_evidence_digest(evidence.digest());
  }
  for (NewFact& fact : facts_) {
    if (about && fact.fact.number == about->number && fact.fact.side() == about->side) {
      fact.evidence = static_cast<v1::EvidenceKind>(kind);
    }
  }
  own_evidence_.emplace_back(statement.fact_number, std::move(evidence));
}

void ReferralEdit::IssueObligations() {
  std::set<std::pair<int, uint32_t>> issued;
  for (const rows::EvidenceRecord& row : now_.own_evidence) {
    if (const auto statement = StatementOf(row)) {
      issued.emplace(statement->kind(), statement->fact_number());
    }
  }
  const std::vector<EvidenceObligation> obligations = now_.folded.obligations;
  for (const EvidenceObligation& obligation : obligations) {
    if (IssuerOf(obligation.kind) != now_.ref.side) continue;
    // Stated when what was disclosed has been erased, not before; until then the record says that
    // it must be.
    if (obligation.kind == EvidenceKind::kErasure) continue;
    const uint32_t number = obligation.about.side == now_.ref.side ? obligation.about.number : 0;
    if (!issued.emplace(static_cast<int>(obligation.kind), number).second) continue;
    std::string reason;
    const std::vector<Fact>& facts =
        obligation.about.side == Side::kHome ? now_.home : now_.destination;
    if (!obligation.accepted && obligation.about.number <= facts.size()) {
      reason = facts[obligation.about.number - 1].reason;
    }
    AddOwnEvidence(obligation.kind, obligation.about, obligation.accepted, std::move(reason));
  }
}

void ReferralEdit::UpdateRecord() {
  WriteFolded(now_, parts_.clocks, now_.record);
  now_.record.set_updated_at_micros(ToMicros(parts_.clock.Now()));
}

void ReferralEdit::SetPersonal(const rows::ReferralPersonal& personal) {
  now_.record.set_sealed(
      parts_.repository.Seal(*now_.case_key, ReferralKey{now_.ref}, personal.SerializeAsString()));
}

void ReferralEdit::LeaveWork(WorkKind kind, std::string item) {
  work_.emplace_back(kind, std::move(item));
}

absl::Status ReferralEdit::Stage(journal::ChangeSet& changes) {
  RETURN_IF_ERROR(React());
  IssueObligations();
  UpdateRecord();
  DecideWork();
  RETURN_IF_ERROR(StageFacts(changes));
  RETURN_IF_ERROR(StageMessages(changes));
  StageEvidence(changes);
  StageEvents(changes);
  StageIndexes(changes);
  StageResponses(changes);
  StageClocks(changes);
  for (const auto& [kind, item] : work_) {
    parts_.repository.Put(changes, WorkKey{kind, now_.ref, item}, rows::EventCursorRecord());
  }
  for (const auto& rows : more_rows_) rows(changes);
  parts_.repository.ExpectVersion(changes, ReferralKey{now_.ref}, now_.version);
  parts_.repository.Put(changes, ReferralKey{now_.ref}, now_.record);
  return absl::OkStatus();
}

v1::ReferralChange ReferralEdit::Change() const {
  v1::ReferralChange change;
  change.set_referral_id(now_.record.referral_id());
  change.set_etag(EtagOf(now_.folded));
  change.set_state(static_cast<v1::ReferralState>(now_.folded.state));
  SetTimestamp(parts_.clock.Now(), change.mutable_committed_at());
  return change;
}

Actor ActorOf(const auth::Principal& caller) {
  Actor actor;
  actor.node = NodeId::FromTrusted(caller.node);
  actor.body = BodyId::FromTrusted(caller.body_id);
  actor.person = PersonId::FromTrusted(caller.person_id);
  for (auth::Role role : {auth::Role::kMinistry, auth::Role::kContact, auth::Role::kLabourOffice,
                          auth::Role::kDesk, auth::Role::kProvince, auth::Role::kWorker,
                          auth::Role::kRepresentative, auth::Role::kAdmin}) {
    if (!caller.HasRole(role)) continue;
    for (char letter : auth::RoleName(role)) {
      actor.role += letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
    }
    return actor;
  }
  actor.role = "SERVICE";
  return actor;
}

Actor NodeActor(const AppParts& parts) {
  Actor actor;
  actor.node = parts.node;
  actor.role = "SERVICE";
  return actor;
}

std::string HeadDigest(exchange::v1::ReferralHead head) {
  head.clear_fact();
  head.clear_evidence();
  return crypto::Sha256::Of(Deterministic(head));
}

void WakeRunners(const AppParts& parts, bool sends, bool work) {
  if (sends) parts.outbox_changed.Notify();
  if (work) parts.work_changed.Notify();
}

async::Task<void> AwaitWork(const AppParts& parts, uint64_t seen, bool went_well,
                            async::CancellationToken cancellation) {
  const absl::Duration limit = went_well ? kLongestRest : kRestAfterFailure;
  (void)co_await parts.work_changed.WaitPast(parts.executor, seen, std::move(cancellation), limit);
}

}  // namespace redress::referral
