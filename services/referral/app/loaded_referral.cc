#include "services/referral/app/loaded_referral.h"

#include <utility>

#include "services/platform/status/status_macros.h"
#include "services/referral/app/clock_conversion.h"
#include "services/referral/app/fact_conversion.h"
#include "services/referral/app/proto_time.h"

namespace redress::referral {
namespace {

absl::StatusOr<Fact> OpenFact(const Repository& repository, const IsoCodes& codes,
                              const crypto::CaseKey& case_key, const Found<FactKey>& found) {
  ASSIGN_OR_RETURN(std::string bytes, repository.Open(case_key, found.key, found.row.sealed()));
  v1::Fact message;
  if (!message.ParseFromString(bytes)) return absl::DataLossError("a stored fact cannot be read");
  absl::StatusOr<Fact> fact = FromProto(message, codes);
  if (!fact.ok()) return absl::DataLossError("a stored fact cannot be read");
  fact->recorded_at = FromMicros(found.row.recorded_at_micros());
  return fact;
}

Answer<bool> LoadFacts(Repository& repository, const IsoCodes& codes, LoadedReferral& loaded) {
  RowRange range{.of = RowRange::Of::kFacts, .ref = loaded.ref};
  auto facts = co_await repository.ScanAll<FactKey>(std::move(range));
  CO_RETURN_IF_ERROR(facts.status());
  for (const Found<FactKey>& found : *facts) {
    absl::StatusOr<Fact> fact = OpenFact(repository, codes, *loaded.case_key, found);
    CO_RETURN_IF_ERROR(fact.status());
    (found.key.side == Side::kHome ? loaded.home : loaded.destination).push_back(*std::move(fact));
  }
  loaded.folded = Fold(loaded.home, loaded.destination);
  co_return true;
}

Answer<bool> LoadFiredAndEvidence(Repository& repository, LoadedReferral& loaded) {
  RowRange fired_range{.of = RowRange::Of::kFired, .ref = loaded.ref};
  auto fired = co_await repository.ScanAll<FiredKey>(std::move(fired_range));
  CO_RETURN_IF_ERROR(fired.status());
  for (const Found<FiredKey>& found : *fired) {
    loaded.fired.insert({static_cast<ClockKind>(found.key.clock), found.key.round});
  }
  RowRange range{.of = RowRange::Of::kEvidence, .ref = loaded.ref};
  auto evidence = co_await repository.ScanAll<EvidenceKey>(std::move(range));
  CO_RETURN_IF_ERROR(evidence.status());
  for (Found<EvidenceKey>& found : *evidence) {
    if (found.key.issuer == loaded.ref.side && found.row.valid()) {
      loaded.own_evidence.push_back(std::move(found.row));
    }
  }
  co_return true;
}

}  // namespace

bool LoadedReferral::relayed() const {
  for (const rows::EvidenceRecord& evidence : own_evidence) {
    const std::optional<v1::EvidenceStatement> statement = StatementOf(evidence);
    if (statement && statement->kind() == v1::EVIDENCE_KIND_RELAY) return true;
  }
  return false;
}

Answer<std::optional<LoadedReferral>> LoadReferral(Repository& repository, const IsoCodes& codes,
                                                   ReferralRef ref) {
  ReferralKey key{ref};
  auto found = co_await repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(found.status());
  if (!found->has_value()) co_return std::optional<LoadedReferral>();
  LoadedReferral loaded;
  loaded.ref = ref;
  loaded.record = std::move((*found)->row);
  loaded.version = (*found)->version;
  absl::StatusOr<CaseKeyPointer> case_key = co_await repository.FindCaseKey(ref.id.case_number());
  CO_RETURN_IF_ERROR(case_key.status());
  if (*case_key == nullptr) co_return absl::DataLossError("a case has lost its key");
  loaded.case_key = *std::move(case_key);
  absl::StatusOr<bool> facts = co_await LoadFacts(repository, codes, loaded);
  CO_RETURN_IF_ERROR(facts.status());
  absl::StatusOr<bool> rest = co_await LoadFiredAndEvidence(repository, loaded);
  CO_RETURN_IF_ERROR(rest.status());
  co_return std::optional<LoadedReferral>(std::move(loaded));
}

Answer<std::optional<LoadedReferral>> LoadReferral(const AppParts& parts, ReferralRef ref) {
  return LoadReferral(parts.repository, parts.codes, std::move(ref));
}

absl::StatusOr<rows::ReferralPersonal> OpenPersonal(const AppParts& parts,
                                                    const LoadedReferral& loaded) {
  ASSIGN_OR_RETURN(
      std::string bytes,
      parts.repository.Open(*loaded.case_key, ReferralKey{loaded.ref}, loaded.record.sealed()));
  rows::ReferralPersonal personal;
  if (!personal.ParseFromString(bytes)) {
    return absl::DataLossError("what was disclosed cannot be read");
  }
  return personal;
}

std::optional<v1::EvidenceStatement> StatementOf(const rows::EvidenceRecord& record) {
  v1::Evidence evidence;
  v1::EvidenceStatement statement;
  if (!evidence.ParseFromString(record.evidence()) ||
      !statement.ParseFromString(evidence.statement())) {
    return std::nullopt;
  }
  return statement;
}

ClockRules RulesOf(const ClockConfig& clocks, const rows::ReferralRecord& record) {
  return FromProto(record.clock_rules(),
                   RulesFor(record.dimensions().urgency(), clocks, AgreementClocks()));
}

v1::Clocks ClocksOf(const ClockConfig& config, const LoadedReferral& loaded) {
  v1::Clocks clocks;
  const ClockRules rules = RulesOf(config, loaded.record);
  for (const RunningClock& clock : RunningClocks(loaded.folded, rules)) {
    switch (clock.key.kind) {
      case ClockKind::kAccept:
        REDRESS_SET_TIME(clocks, accept_by, clock.due);
        break;
      case ClockKind::kGiveUp:
        REDRESS_SET_TIME(clocks, deliver_by, clock.due);
        break;
      case ClockKind::kInformation:
        REDRESS_SET_TIME(clocks, information_by, clock.due);
        break;
      case ClockKind::kProposalReminder:
        REDRESS_SET_TIME(clocks, proposal_by, clock.due);
        break;
      case ClockKind::kResolution:
        REDRESS_SET_TIME(clocks, resolve_by, clock.due);
        break;
      default:
        break;
    }
  }
  absl::Duration stopped_for;
  for (const ClockStop& stop : loaded.folded.stops) {
    if (stop.until == absl::InfiniteFuture()) {
      clocks.set_stopped(true);
      REDRESS_SET_TIME(clocks, stopped_at, stop.from);
    } else {
      stopped_for += stop.until - stop.from;
    }
  }
  if (stopped_for > absl::ZeroDuration()) SetDuration(stopped_for, clocks.mutable_stopped_for());
  return clocks;
}

}  // namespace redress::referral
