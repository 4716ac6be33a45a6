#include "services/referral/app/verb_runner.h"

#include <optional>

#include "services/platform/audit/audit_log.h"
#include "services/platform/crypto/sha256.h"
#include "services/platform/status/fault_point.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::referral {
namespace {

// Changes of one referral that meet more often than this are a caller's loop, not an accident.
constexpr int kAttempts = 8;

// The referral that the verb is about, if the caller may move it.
Answer<LoadedReferral> FindForVerb(const AppParts& parts, const VerbRequest& request) {
  absl::StatusOr<ReferralId> id = ReferralId::Parse(request.referral_id, "referral_id");
  CO_RETURN_IF_ERROR(id.status());
  const ReferralRef ref{request.side, *id};
  absl::StatusOr<std::optional<LoadedReferral>> loaded = co_await LoadReferral(parts, ref);
  CO_RETURN_IF_ERROR(loaded.status());
  if (loaded->has_value()) {
    absl::StatusOr<ReferralScope> scope =
        co_await ScopeOf(parts, *request.caller, ref, (*loaded)->record);
    CO_RETURN_IF_ERROR(scope.status());
    CO_RETURN_IF_ERROR(CheckMayMove(request.verb, *request.caller, *scope));
    co_return *std::move(*loaded);
  }
  // Not ours to move. Whoever may see it here learns that the other side can.
  const ReferralRef other{OtherSide(request.side), *id};
  ReferralKey key{other};
  auto found = co_await parts.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(found.status());
  if (found->has_value()) {
    absl::StatusOr<ReferralScope> scope =
        co_await ScopeOf(parts, *request.caller, other, (*found)->row);
    CO_RETURN_IF_ERROR(scope.status());
    if (SightOf(*request.caller, *scope) != Sight::kNothing) {
      const std::string side(SideName(request.side));
      co_return RefusePrecondition("WRONG_SIDE", "the verb belongs to the other side",
                                   {{"side", side}});
    }
  }
  co_return NotFound("referral");
}

absl::Status CheckEtag(const VerbRequest& request, const LoadedReferral& loaded) {
  if (request.etag.empty() && request.etag_optional) return absl::OkStatus();
  const std::string current = EtagOf(loaded.folded);
  return request.etag == current ? absl::OkStatus() : RefuseStaleEtag(current);
}

// A refused transition leaves a line in the audit log, or is counted there, and no other trace.
async::Task<void> RecordRefusal(const AppParts& parts, const VerbRequest& request,
                                absl::Status refused) {
  const std::optional<Refusal> refusal = GetRefusal(refused);
  audit::AuditLeaf leaf = LeafOf(parts, *request.caller, request.verb, request.referral_id);
  leaf.outcome = audit::Outcome::kRefused;
  leaf.reason = refusal ? refusal->reason : "";
  // The refusal is answered whether or not its line could be stored.
  std::string caller = request.caller->CallerKey();
  (void)co_await parts.refusals.Record(std::move(caller), std::move(leaf));
}

void AddAudit(const AppParts& parts, const VerbRequest& request, const LoadedReferral& now,
              journal::ChangeSet& changes) {
  audit::AuditLeaf leaf = LeafOf(parts, *request.caller, request.verb, request.referral_id);
  const crypto::SecretKey salt = now.case_key->records().Derive("audit salt");
  leaf.content_hash = audit::HashContent(salt.view(), request.content);
  changes.Audit(leaf);
}

}  // namespace

absl::Status CheckForm(const VerbRequest& request) {
  FieldViolations faults;
  faults.Take(RequestId::Parse(request.request_id, "request_id").status());
  faults.Take(ReferralId::Parse(request.referral_id, "referral_id").status());
  if (request.etag.empty() && !request.etag_optional) {
    faults.Add("etag", "is required: send the etag last read");
  }
  faults.Take(request.faults.ToStatus());
  return faults.ToStatus();
}

bool IsRefusedForGood(const absl::Status& status) {
  return absl::IsFailedPrecondition(status) || absl::IsInvalidArgument(status) ||
         absl::IsNotFound(status);
}

bool MayRetry(const absl::Status& status, int attempt) {
  return absl::IsAborted(status) && attempt < kAttempts;
}

Answer<BegunVerb> BeginVerb(const AppParts& parts, VerbRequest request) {
  CO_RETURN_IF_ERROR(CheckForm(request));
  journal::RequestIdentity identity = IdentityOf(request);
  auto remembered = co_await journal::FindRequest(parts.store, std::move(identity));
  CO_RETURN_IF_ERROR(remembered.status());
  BegunVerb begun;
  if (remembered->has_value()) {
    begun.remembered = VerbResult{std::move((*remembered)->answer), (*remembered)->version};
    co_return begun;
  }
  absl::StatusOr<LoadedReferral> loaded = co_await FindForVerb(parts, request);
  CO_RETURN_IF_ERROR(loaded.status());
  CO_RETURN_IF_ERROR(CheckEtag(request, *loaded));
  begun.loaded = *std::move(loaded);
  co_return begun;
}

Answer<VerbResult> RunVerbBody(const AppParts& parts, VerbRequest request, VerbBody body) {
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<BegunVerb> begun = co_await BeginVerb(parts, request);
    CO_RETURN_IF_ERROR(begun.status());
    if (begun->remembered) co_return *std::move(begun->remembered);
    ReferralEdit edit(parts, *std::move(begun->loaded));
    absl::Status acted = body.act(edit);
    journal::ChangeSet changes;
    if (acted.ok()) acted = edit.Stage(changes);
    if (!acted.ok()) {
      if (absl::IsFailedPrecondition(acted)) co_await RecordRefusal(parts, request, acted);
      co_return acted;
    }
    AddAudit(parts, request, edit.now(), changes);
    VerbResult result;
    result.answer = body.answer(edit, edit.Change());
    changes.Remember(IdentityOf(request), request.referral_id, result.answer);
    REDRESS_FAULT_POINT("referral.before_commit");
    absl::StatusOr<journal::Committed> committed =
        co_await CommitChanges(parts, std::move(changes));
    if (MayRetry(committed.status(), attempt)) continue;
    if (absl::IsAborted(committed.status())) {
      // Not the etag, which was looked at: what the verb was prepared with is overtaken.
      co_return absl::UnavailableError("what it rests on has changed meanwhile; repeat the call");
    }
    CO_RETURN_IF_ERROR(committed.status());
    REDRESS_FAULT_POINT("referral.before_reply");
    result.version = committed->version;
    if (committed->repeated) {
      result.answer = std::move(committed->repeated->answer);
    } else {
      WakeRunners(parts, edit.sends(), edit.leaves_work());
    }
    co_return result;
  }
}

Answer<ReferralScope> ScopeOf(const AppParts& parts, const auth::Principal& caller,
                              const ReferralRef& ref, const rows::ReferralRecord& record) {
  ReferralScope scope;
  scope.local_side = ref.side;
  scope.state = static_cast<ReferralState>(record.state());
  scope.was_shown = record.was_shown();
  scope.loopback = record.home_node() == record.destination_node();
  scope.case_number = record.case_number();
  scope.home_node = NodeId::FromTrusted(record.home_node());
  scope.receiver = BodyId::FromTrusted(record.receiver_body_id());
  scope.filed_by = BodyId::FromTrusted(record.dimensions().filed_by_body_id());
  scope.province = record.dimensions().province();
  if (!caller.member_id.empty()) {
    MemberKey key{ref, record.disclosure_number(), MemberId::FromTrusted(caller.member_id)};
    auto member = co_await parts.repository.Find(std::move(key));
    CO_RETURN_IF_ERROR(member.status());
    scope.member_disclosed = member->has_value();
  }
  co_return scope;
}

Answer<std::set<MemberId>> DisclosedMembers(const AppParts& parts, ReferralRef ref,
                                            uint32_t disclosure) {
  RowRange range{.of = RowRange::Of::kMembers, .ref = ref, .disclosure = disclosure};
  auto found = co_await parts.repository.ScanAll<MemberKey>(std::move(range));
  CO_RETURN_IF_ERROR(found.status());
  std::set<MemberId> members;
  for (Found<MemberKey>& one : *found) members.insert(std::move(one.key.member));
  co_return members;
}

journal::RequestIdentity IdentityOf(const VerbRequest& request) {
  journal::RequestIdentity identity;
  identity.caller = crypto::Sha256::Of(request.caller->CallerKey());
  identity.request_id = request.request_id;
  identity.verb = request.verb;
  identity.digest = journal::DigestContent(request.content);
  return identity;
}

audit::AuditLeaf LeafOf(const AppParts& parts, const auth::Principal& caller, std::string_view verb,
                        std::string_view resource) {
  audit::AuditLeaf leaf;
  leaf.at = parts.clock.Now();
  leaf.actor = {caller.person_id, caller.body_id, auth::RoleNames(caller.roles)};
  leaf.verb = std::string(verb);
  leaf.resource_id = std::string(resource);
  return leaf;
}

Answer<journal::Committed> CommitChanges(const AppParts& parts, journal::ChangeSet changes) {
  return journal::CommitChange(parts.store, std::move(changes), &parts.followers);
}

}  // namespace redress::referral
