#include "services/intake/app/verb_call.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "services/platform/audit/audit_log.h"
#include "services/platform/audit/content_hash.h"
#include "services/platform/crypto/encoding.h"
#include "services/platform/crypto/sha256.h"
#include "services/platform/crypto/tracking_code.h"
#include "services/platform/journal/commit.h"
#include "services/platform/status/fault_point.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

constexpr size_t kSubjectBytes = 16;

}  // namespace

std::string SubjectOf(const auth::Principal& caller) {
  return crypto::HexEncode(crypto::Sha256::Of(caller.CallerKey()).substr(0, kSubjectBytes));
}

Actor ActorOf(const auth::Principal& caller, std::string_view verb) {
  const auth::RoleSet accepted = IntakeAccess().AcceptedRoles(verb);
  Actor actor{caller.node, caller.body_id, {}, SubjectOf(caller)};
  for (uint8_t i = 0; i < static_cast<uint8_t>(auth::Role::kCount); ++i) {
    const auto role = static_cast<auth::Role>(i);
    if (!caller.HasRole(role) || !accepted.Contains(role)) continue;
    actor.role = absl::AsciiStrToUpper(std::string(auth::RoleName(role)));
    break;
  }
  return actor;
}

CaseFacts FactsOf(const CaseHead& head) {
  CaseFacts facts;
  facts.case_number = head.case_number.ToString();
  facts.filed_by_body_id = head.filed_by.body_id;
  facts.province = head.province;
  facts.destination = head.destination;
  for (const EmbassyCount& one : head.embassy_counts) facts.embassy_consents += one.count;
  return facts;
}

absl::Status CaseNotFound() { return NotFound("case"); }

VerbCall::VerbCall(const AppContext& context, std::string_view verb, Caller caller,
                   std::optional<RequestMark> mark)
    : context_(context),
      verb_(verb),
      caller_(std::move(caller)),
      mark_(std::move(mark)),
      now_(absl::FromUnixMicros(absl::ToUnixMicros(context.clock.Now()))),
      validation_{context.codes, DateOf(now_)},
      actor_(ActorOf(*caller_, verb)) {}

journal::RequestIdentity VerbCall::Identity() const {
  return {actor_.subject, mark_->request_id.ToString(), std::string(verb_), mark_->content};
}

void VerbCall::FillTrackingCodes(VerbAnswer& answer) const {
  answer.tracking_codes.reserve(answer.member_ids.size());
  for (const MemberId& id : answer.member_ids) {
    answer.tracking_codes.push_back(
        crypto::TrackingCode::Derive(context_.tracking_key, id.ToString()).ToString());
  }
}

absl::StatusOr<VerbAnswer> VerbCall::FromRemembered(
    const journal::RememberedAnswer& remembered) const {
  ASSIGN_OR_RETURN(VerbAnswer answer, context_.cases.DecodeAnswer(remembered.answer));
  answer.version = remembered.version;
  answer.repeated = true;
  FillTrackingCodes(answer);
  return answer;
}

async::Task<absl::StatusOr<std::optional<VerbAnswer>>> VerbCall::FindAnswer() {
  CO_RETURN_IF_ERROR(IntakeAccess().Check(verb_, *caller_));
  journal::RequestIdentity identity = Identity();
  const absl::StatusOr<std::optional<journal::RememberedAnswer>> found =
      co_await journal::FindRequest(context_.store, std::move(identity));
  CO_RETURN_IF_ERROR(found.status());
  if (!found->has_value()) co_return std::optional<VerbAnswer>();
  CO_ASSIGN_OR_RETURN(VerbAnswer answer, FromRemembered(**found));
  co_return std::optional<VerbAnswer>(std::move(answer));
}

async::Task<absl::StatusOr<StoredCase>> VerbCall::LoadCase(CaseTarget target) {
  absl::StatusOr<std::optional<StoredCase>> found =
      co_await context_.cases.FindCase(target.case_number);
  CO_RETURN_IF_ERROR(found.status());
  if (!found->has_value() || !MaySeeCase(*caller_, FactsOf((*found)->head))) {
    co_return CaseNotFound();
  }
  if (target.version.has_value() && *target.version != (*found)->version) {
    co_return RefuseStaleEtag(ToEtag((*found)->version));
  }
  co_return *std::move(*found);
}

audit::AuditLeaf VerbCall::Leaf(const CaseNumber& number) const {
  audit::AuditLeaf leaf;
  leaf.at = now_;
  leaf.actor = {actor_.subject, actor_.body_id, actor_.role};
  leaf.verb = std::string(verb_);
  leaf.resource_id = number.ToString();
  return leaf;
}

async::Task<absl::Status> VerbCall::Refused(CaseNumber number, absl::Status refusal) {
  if (refusal.code() != absl::StatusCode::kFailedPrecondition) co_return refusal;
  audit::AuditLeaf leaf = Leaf(number);
  const std::optional<redress::Refusal> reason = GetRefusal(refusal);
  if (reason.has_value()) leaf.reason = reason->reason;
  // The caller is refused whether or not the line could be stored.
  std::string caller = caller_->CallerKey();
  (void)co_await context_.refusals.Record(std::move(caller), std::move(leaf));
  co_return refusal;
}

async::Task<absl::StatusOr<CaseChange>> VerbCall::Change(StoredCase stored) {
  CaseChange change;
  absl::StatusOr<CaseKeyPtr> key = co_await context_.cases.KeyOf(stored.head.case_number);
  CO_RETURN_IF_ERROR(key.status());
  change.key = *std::move(key);
  change.after = stored.head;
  change.before = std::move(stored);
  co_return change;
}

async::Task<absl::StatusOr<VerbAnswer>> VerbCall::Commit(CaseChange change) {
  const CaseNumber number = change.after.case_number;
  change.after.updated_at = now_;
  change.answer.case_number = number;
  change.answer.state = change.after.state;
  change.answer.committed_at = now_;
  if (change.before.has_value()) {
    context_.cases.ExpectCase(change.changes, number, change.before->version);
  }
  context_.cases.PutCase(change.changes, change.before ? &change.before->head : nullptr,
                         change.after);
  CaseEvent event{now_, number, change.after.state, actor_, {}};
  for (auto& what : change.events) {
    event.what = std::move(what);
    change.changes.AppendEvent(context_.cases.EncodeEvent(event));
  }
  audit::AuditLeaf leaf = Leaf(number);
  if (mark_.has_value()) {
    // Salted from the case key, so that the hash says nothing once the key is destroyed.
    const std::string_view content(reinterpret_cast<const char*>(mark_->content.data()),
                                   mark_->content.size());
    leaf.content_hash = audit::HashContent(change.key->records().view(), content);
  }
  change.changes.Audit(leaf);
  if (mark_.has_value()) {
    change.changes.Remember(Identity(), number.ToString(),
                            context_.cases.EncodeAnswer(change.answer));
  }
  REDRESS_FAULT_POINT("intake.before_commit");
  const absl::StatusOr<journal::Committed> committed = co_await journal::CommitChange(
      context_.store, std::move(change.changes), &context_.followers);
  CO_RETURN_IF_ERROR(committed.status());
  REDRESS_FAULT_POINT("intake.before_reply");
  if (committed->repeated.has_value()) co_return FromRemembered(*committed->repeated);
  change.answer.version = committed->version;
  co_return std::move(change.answer);
}

void AddHistory(const VerbCall& call, CaseChange& change, HistoryRow row) {
  row.number = ++change.after.history_count;
  row.at = call.now();
  row.actor = call.actor();
  row.state = change.after.state;
  call.context().cases.PutHistory(change.changes, change.after.case_number, *change.key, row);
}

}  // namespace redress::intake
