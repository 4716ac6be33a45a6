#include "services/referral/app/forwards.h"

#include <utility>

#include "fmt/format.h"
#include "services/platform/crypto/encoding.h"
#include "services/platform/crypto/sha256.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/verb_runner.h"
#include "services/referral/domain/codes.h"

namespace redress::referral {
namespace {

Caller NodeCaller(const AppParts& parts) {
  auth::Principal principal;
  principal.node = parts.node.ToString();
  principal.roles = {auth::Role::kService};
  return std::make_shared<const auth::Principal>(std::move(principal));
}

std::string RefusalReason(const absl::Status& status) {
  const std::optional<Refusal> refusal = GetRefusal(status);
  if (!refusal) return "OTHER";
  if (kForwardRefusalReasons.Contains(refusal->reason)) return refusal->reason;
  if (refusal->reason.rfind("AGREEMENT_", 0) == 0) return "AGREEMENT_MISSING";
  return "OTHER";
}

// One own fact of a referral, written unless the life cycle has moved on meanwhile.
Answer<bool> WriteByNode(const AppParts& parts, ReferralRef ref, Fact fact) {
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<std::optional<LoadedReferral>> loaded = co_await LoadReferral(parts, ref);
    CO_RETURN_IF_ERROR(loaded.status());
    if (!loaded->has_value()) co_return false;
    ReferralEdit edit(parts, **std::move(loaded));
    Fact next = fact;
    absl::Status written = edit.Write(std::move(next)).status();
    if (absl::IsFailedPrecondition(written)) co_return false;
    CO_RETURN_IF_ERROR(written);
    journal::ChangeSet changes;
    CO_RETURN_IF_ERROR(edit.Stage(changes));
    absl::StatusOr<journal::Committed> committed =
        co_await CommitChanges(parts, std::move(changes));
    if (MayRetry(committed.status(), attempt)) continue;
    CO_RETURN_IF_ERROR(committed.status());
    WakeRunners(parts, edit.sends(), edit.leaves_work());
    co_return true;
  }
}

Answer<bool> SendChild(const AppParts& parts, Disclosures& disclosures,
                       const LoadedReferral& parent) {
  intake::v1::GetComplaintRequest show;
  show.set_case_number(parent.record.case_number());
  absl::StatusOr<intake::v1::GetComplaintResponse> shown =
      co_await parts.intake.ShowCase(std::move(show));
  absl::Status failed = shown.status();
  if (shown.ok()) {
    v1::ReferComplaintRequest request;
    const std::string mark =
        fmt::format("forward|{}|{}", parent.record.referral_id(), parent.folded.destination_facts);
    request.set_request_id("fwd-" + crypto::HexEncode(crypto::Sha256::Of(mark)).substr(0, 32));
    request.set_case_number(parent.record.case_number());
    request.set_case_etag(shown->complaint_case().etag());
    request.set_receiver_body_id(parent.folded.forward_to->ToString());
    request.set_urgency(parent.record.dimensions().urgency());
    request.set_ad_hoc(parent.record.agreement().ad_hoc());
    request.set_parent_referral_id(parent.record.referral_id());
    Caller caller = NodeCaller(parts);
    absl::StatusOr<v1::ReferComplaintResponse> sent =
        co_await disclosures.Refer(std::move(caller), std::move(request));
    failed = sent.status();
  }
  if (failed.ok()) co_return true;
  if (!IsRefusedForGood(failed)) co_return failed;
  Fact refused;
  refused.kind = FactKind::kForwardRefused;
  refused.actor = NodeActor(parts);
  refused.reason = RefusalReason(failed);
  if (refused.reason == "OTHER") refused.note = "the rules for a new referral stand against it";
  refused.details = ForwardDetails{*parent.folded.forward_to, std::nullopt};
  co_return co_await WriteByNode(parts, parent.ref, std::move(refused));
}

// The child has arrived: what was forwarded is handed over.
Answer<bool> CompleteParent(const AppParts& parts, const LoadedReferral& child) {
  absl::StatusOr<ReferralId> parent =
      ReferralId::Parse(child.record.parent_referral_id(), "parent_referral_id");
  CO_RETURN_IF_ERROR(parent.status());
  Fact transferred;
  transferred.kind = FactKind::kTransferred;
  transferred.actor = NodeActor(parts);
  transferred.details =
      ForwardDetails{BodyId::FromTrusted(child.record.receiver_body_id()), child.ref.id};
  const ReferralRef ref{Side::kHome, *parent};
  co_return co_await WriteByNode(parts, ref, std::move(transferred));
}

Answer<bool> Decide(const AppParts& parts, Disclosures& disclosures, ReferralRef ref) {
  absl::StatusOr<std::optional<LoadedReferral>> loaded = co_await LoadReferral(parts, ref);
  CO_RETURN_IF_ERROR(loaded.status());
  if (!loaded->has_value()) co_return false;
  const FoldedReferral& folded = (*loaded)->folded;
  if (folded.was_delivered && !(*loaded)->record.parent_referral_id().empty()) {
    absl::StatusOr<bool> completed = co_await CompleteParent(parts, **loaded);
    CO_RETURN_IF_ERROR(completed.status());
  }
  if (folded.state != ReferralState::kForwarded || folded.child || !folded.forward_to) {
    co_return true;
  }
  co_return co_await SendChild(parts, disclosures, **loaded);
}

}  // namespace

Answer<int> DecideForwards(const AppParts& parts, Disclosures& disclosures) {
  RowRange range{.of = RowRange::Of::kWork, .work = WorkKind::kForward};
  auto work = co_await parts.repository.ScanAll<WorkKey>(std::move(range));
  CO_RETURN_IF_ERROR(work.status());
  int done = 0;
  for (const Found<WorkKey>& one : *work) {
    absl::StatusOr<bool> decided = co_await Decide(parts, disclosures, one.key.ref);
    CO_RETURN_IF_ERROR(decided.status());
    journal::ChangeSet changes;
    parts.repository.ExpectVersion(changes, one.key, one.version);
    parts.repository.Delete(changes, one.key);
    absl::StatusOr<journal::Committed> committed =
        co_await CommitChanges(parts, std::move(changes));
    if (!absl::IsAborted(committed.status())) CO_RETURN_IF_ERROR(committed.status());
    ++done;
  }
  co_return done;
}

async::Task<void> RunForwards(const AppParts& parts, Disclosures& disclosures,
                              async::CancellationToken cancellation) {
  while (!cancellation.IsCancelled()) {
    const uint64_t seen = parts.work_changed.count();
    absl::StatusOr<int> done = co_await DecideForwards(parts, disclosures);
    co_await AwaitWork(parts, seen, done.ok(), cancellation);
  }
}

}  // namespace redress::referral
