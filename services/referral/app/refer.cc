// ReferComplaint: from the plan to the commit that makes it.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "services/platform/crypto/sha256.h"
#include "services/platform/status/fault_point.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/clock_conversion.h"
#include "services/referral/app/disclosures.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/refer_plan.h"
#include "services/referral/app/resend.h"
#include "services/referral/app/verb_runner.h"

namespace redress::referral {
namespace {

// Tells a request again, without saying anything of its caller or its content.
std::string MarkOf(const ReferPlan& plan) {
  const journal::RequestIdentity identity = IdentityOf(plan.common);
  std::string bytes = identity.caller + identity.request_id;
  bytes.append(identity.digest.begin(), identity.digest.end());
  return crypto::Sha256::Of(bytes);
}

// The disclosure to the same body that an earlier try left open. Its own repeat goes on with it
// whatever the etag, which that try itself has moved.
Answer<std::optional<Found<OpenDisclosureKey>>> FindOpen(const AppParts& parts,
                                                         const ReferPlan& plan) {
  RowRange range{.of = RowRange::Of::kOpenDisclosures, .text = plan.complaint_case.case_number()};
  auto open = co_await parts.repository.ScanAll<OpenDisclosureKey>(std::move(range));
  CO_RETURN_IF_ERROR(open.status());
  std::optional<Found<OpenDisclosureKey>> found;
  for (Found<OpenDisclosureKey>& one : *open) {
    if (one.row.receiver_body_id() == plan.receiver.ToString() && !one.row.settling()) {
      found = std::move(one);
    }
  }
  const bool own_repeat = found && found->row.request_mark() == MarkOf(plan);
  if (!own_repeat && plan.request.case_etag() != plan.complaint_case.etag()) {
    co_return RefuseStaleEtag(plan.complaint_case.etag());
  }
  co_return found;
}

// After a restore some numbers are left out: referrals that were made since the backup are not
// here, but at their destinations. As many again for each earlier restore of the same backup, and
// one for each hour between backup and restore, in case that the first one left no word; there are
// only 9,999. `sequence_version`: the commit that wrote the case's sequence; 0: none.
uint32_t SkippedByRestore(const AppParts& parts, const ReferPlan& plan,
                          kv::Version sequence_version) {
  constexpr uint64_t kSkipped = 10;
  constexpr int64_t kMostByClock = 1'000;
  if (!parts.restored || sequence_version > parts.restored->version) return 0;
  const journal::RestoredMark& mark = *parts.restored;
  const bool newer = ToTime(plan.complaint_case.filed_at()) > mark.restored_at;
  if (sequence_version == 0 && newer) return 0;
  const int64_t by_clock =
      std::clamp<int64_t>((mark.restored_at - mark.taken_at) / absl::Hours(1), 0, kMostByClock);
  return static_cast<uint32_t>(std::min<uint64_t>(
      mark.new_restores * kSkipped + static_cast<uint64_t>(by_clock), ReferralId::kMaxOrdinal));
}

absl::Status NumbersUsedUp() {
  return absl::ResourceExhaustedError("the case's referral numbers are used up");
}

}  // namespace

// Gives the referral its id, and its case a key, and notes, before intake is asked, that a
// disclosure is about to be opened.
Answer<bool> Disclosures::Number(ReferPlan& plan) {
  const std::string case_number = plan.complaint_case.case_number();
  absl::StatusOr<CaseNumber> number = CaseNumber::Parse(case_number, "case_number");
  CO_RETURN_IF_ERROR(number.status());
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<std::optional<Found<OpenDisclosureKey>>> open = co_await FindOpen(parts_, plan);
    CO_RETURN_IF_ERROR(open.status());
    journal::ChangeSet changes;
    if (open->has_value()) {
      plan.id = (*open)->key.id;
      parts_.repository.ExpectVersion(changes, (*open)->key, (*open)->version);
    } else {
      const CaseSequenceKey sequence_key{*number};
      CaseSequenceKey wanted = sequence_key;
      auto sequence = co_await parts_.repository.Find(std::move(wanted));
      CO_RETURN_IF_ERROR(sequence.status());
      rows::CaseSequenceRecord row;
      if (sequence->has_value()) row = (*sequence)->row;
      const kv::Version written = sequence->has_value() ? (*sequence)->version : 0;
      row.set_last_referral(row.last_referral() + 1 + SkippedByRestore(parts_, plan, written));
      if (row.last_referral() > ReferralId::kMaxOrdinal) co_return NumbersUsedUp();
      plan.id = ReferralId(*number, row.last_referral());
      parts_.repository.ExpectVersion(changes, sequence_key,
                                      sequence->has_value() ? (*sequence)->version : 0);
      parts_.repository.Put(changes, sequence_key, row);
    }
    rows::OpenDisclosureRecord opened;
    opened.set_case_number(case_number);
    opened.set_receiver_body_id(plan.receiver.ToString());
    opened.set_disclosure_number(1);
    // Who goes on with one does not make it younger, or nothing would ever end it.
    opened.set_began_at_micros(open->has_value() ? (*open)->row.began_at_micros()
                                                 : ToMicros(parts_.clock.Now()));
    opened.set_request_mark(MarkOf(plan));
    parts_.repository.Put(changes, OpenDisclosureKey{plan.id}, opened);
    absl::StatusOr<CaseKeyPointer> case_key = co_await parts_.repository.StageCaseKey(
        changes, plan.id.case_number(), ToMicros(parts_.clock.Now()));
    CO_RETURN_IF_ERROR(case_key.status());
    absl::StatusOr<journal::Committed> committed =
        co_await CommitChanges(parts_, std::move(changes));
    if (MayRetry(committed.status(), attempt)) continue;
    CO_RETURN_IF_ERROR(committed.status());
    plan.opened_at = committed->version;
    plan.case_key = *std::move(case_key);
    co_return true;
  }
}

// What of the case may go at most: what was asked for, or for a forwarded referral what its parent
// was limited to, within the agreement.
Answer<bool> Disclosures::Limit(const ReferPlan& plan,
                                intake::v1::DiscloseComplaintRequest& disclose) {
  DataGroups groups;
  for (int group : plan.request.groups()) groups.set(static_cast<size_t>(group));
  *disclose.mutable_member_ids() = plan.request.member_ids();
  if (plan.parent && groups.none()) {
    for (int group : plan.parent->record.groups_limit()) groups.set(static_cast<size_t>(group));
  }
  if (plan.parent && plan.parent->record.members_named() && disclose.member_ids().empty()) {
    absl::StatusOr<std::set<MemberId>> members = co_await DisclosedMembers(
        parts_, plan.parent->ref, plan.parent->record.disclosure_number());
    CO_RETURN_IF_ERROR(members.status());
    for (const MemberId& member : *members) disclose.add_member_ids(member.ToString());
    disclose.set_consenting_only(true);  // Consent to the first body says nothing of this one.
  }
  if (plan.decision.groups_allowed) {
    const DataGroups allowed = *plan.decision.groups_allowed;
    groups = groups.none() ? allowed : groups & allowed;
    if (groups.none()) {
      co_return RefusePrecondition("DATA_GROUP_NOT_ALLOWED",
                                   "the agreement lets nothing leave of what was asked for");
    }
  }
  for (size_t group = 0; group < groups.size(); ++group) {
    if (groups.test(group)) disclose.add_groups(static_cast<intake::v1::FieldGroup>(group));
  }
  co_return true;
}

Answer<v1::ReferComplaintResponse> Disclosures::Refer(Caller caller,
                                                      v1::ReferComplaintRequest request) {
  absl::StatusOr<ReferPlan> plan =
      co_await MakeReferPlan(parts_, std::move(caller), std::move(request));
  CO_RETURN_IF_ERROR(plan.status());
  if (plan->remembered) co_return *std::move(plan->remembered);
  absl::StatusOr<bool> numbered = co_await Number(*plan);
  CO_RETURN_IF_ERROR(numbered.status());
  REDRESS_FAULT_POINT("refer.numbered");

  intake::v1::DiscloseComplaintRequest disclose;
  disclose.set_referral_id(plan->id.ToString());
  disclose.set_disclosure_number(1);
  disclose.set_case_number(plan->complaint_case.case_number());
  disclose.set_receiver_body_id(plan->receiver.ToString());
  absl::StatusOr<bool> limited = co_await Limit(*plan, disclose);
  CO_RETURN_IF_ERROR(limited.status());
  plan->groups_limit.assign(disclose.groups().begin(), disclose.groups().end());
  plan->members_named = !disclose.member_ids().empty();
  disclose.set_page_size(200);
  const ReferralRef ref{Side::kHome, plan->id};
  absl::StatusOr<WholeDisclosure> disclosure = co_await Fetch(std::move(disclose));
  if (!disclosure.ok()) {
    // Nothing left, and the number is given back.
    if (IsRefusedForGood(disclosure.status())) {
      OpenDisclosureKey opened{plan->id};
      (void)co_await EndBegunDisclosure(parts_, std::move(opened), plan->opened_at);
    }
    co_return disclosure.status();
  }
  REDRESS_FAULT_POINT("refer.disclosed");
  absl::StatusOr<bool> stored = co_await Store(*disclosure, ref, plan->case_key);
  CO_RETURN_IF_ERROR(stored.status());
  co_return co_await Commit(*plan, *std::move(disclosure));
}

namespace {

// Who refers: the caller; for a forward the node itself, in the name of whom the parent names.
Actor SenderOf(const ReferPlan& plan) {
  Actor actor = ActorOf(*plan.caller);
  if (plan.caller->HasRole(auth::Role::kService) && plan.parent) {
    actor.body = plan.parent->home.front().actor.body;  // Who referred it first answers for it.
  }
  return actor;
}

void FillRecord(const AppParts& parts, const ReferPlan& plan, const WholeDisclosure& disclosure,
                rows::ReferralRecord& record) {
  const intake::v1::Case& complaint_case = plan.complaint_case;
  record.set_referral_id(plan.id.ToString());
  record.set_case_number(complaint_case.case_number());
  record.set_side(v1::SIDE_HOME);
  record.set_home_node(parts.node.ToString());
  record.set_destination_node(NodeOf(plan.receiver).ToString());
  record.set_receiver_body_id(plan.receiver.ToString());
  record.set_holder_body_id(SenderOf(plan).body.ToString());
  record.set_filed_at_micros(ToMicros(REDRESS_GET_TIME(complaint_case, filed_at)));
  *record.mutable_dimensions() = DimensionsOf(disclosure.complaint, disclosure.members);
  record.mutable_dimensions()->set_filed_by_body_id(complaint_case.filed_by().body_id());
  record.mutable_dimensions()->set_province(complaint_case.complaint().province());
  record.mutable_dimensions()->set_urgency(plan.urgency);
  record.set_disclosure_number(disclosure.number);
  record.set_disclosed_at_commit(disclosure.case_commit);
  record.set_member_count(static_cast<uint32_t>(disclosure.members.size()));
  record.mutable_agreement()->set_agreement_id(plan.decision.agreement_id);
  record.mutable_agreement()->set_version(plan.decision.agreement_version);
  record.mutable_agreement()->set_ad_hoc(plan.decision.ad_hoc);
  record.set_parent_referral_id(plan.request.parent_referral_id());
  record.set_previous_referral_id(plan.request.previous_referral_id());
  for (const std::string& body : plan.path) record.add_path_body_ids(body);
  for (const int group : plan.groups_limit) {
    record.add_groups_limit(static_cast<intake::v1::FieldGroup>(group));
  }
  record.set_members_named(plan.members_named);
  *record.mutable_clock_rules() =
      ToProto(RulesFor(plan.urgency, parts.clocks, plan.decision.clocks));
}

v1::Event OpenedEvent(const rows::ReferralRecord& record, absl::Time sent_at,
                      const std::string& role) {
  v1::Event event;
  v1::ReferralOpened* sent = event.mutable_sent();
  *sent->mutable_dimensions() = record.dimensions();
  *sent->mutable_agreement() = record.agreement();
  sent->set_parent_referral_id(record.parent_referral_id());
  sent->set_previous_referral_id(record.previous_referral_id());
  SetTimestamp(sent_at, sent->mutable_sent_at());
  sent->set_by_role(role);
  REDRESS_SET_TIME(*sent, filed_at, FromMicros(record.filed_at_micros()));
  return event;
}

// The first fact, and the head that it travels in; the fact's time.
absl::StatusOr<absl::Time> WriteHead(const ReferPlan& plan, const WholeDisclosure& disclosure,
                                     ReferralEdit& edit) {
  Fact sent;
  sent.kind = FactKind::kSent;
  sent.actor = SenderOf(plan);
  sent.note = plan.request.note();
  sent.details =
      SentDetails{plan.receiver, plan.urgency, static_cast<uint32_t>(disclosure.members.size())};
  ASSIGN_OR_RETURN(const Fact written, edit.Write(std::move(sent)));
  // The head's time is the fact's own, so that a head made again from the record has the digest
  // that the evidence of submission speaks of.
  edit.record().set_sent_at_micros(ToMicros(written.occurred_at));
  exchange::v1::ReferralHead head =
      HeadOf(edit.record(), disclosure.complaint, static_cast<uint32_t>(disclosure.pages.size()));
  edit.record().set_head_sha256(HeadDigest(head));
  edit.SetHead(std::move(head));
  return written.occurred_at;
}

// Everything that is written and sent besides the head.
void AddContent(const ReferPlan& plan, const WholeDisclosure& disclosure, absl::Time sent_at,
                ReferralEdit& edit) {
  rows::ReferralPersonal personal;
  *personal.mutable_complaint() = disclosure.complaint;
  personal.set_note(plan.request.note());
  edit.SetPersonal(personal);
  for (const exchange::v1::MemberPage& page : disclosure.pages) {
    OutgoingMessage message;
    *message.message.mutable_member_page() = page;
    message.last_part = page.page() == page.page_count();
    message.expires = sent_at + RulesOf(edit.parts(), edit.now().record).give_up;
    edit.Send(std::move(message));
  }
  for (const intake::v1::EvidenceFile& file : disclosure.complaint.evidence_files()) {
    AddOutgoingFile(edit, file, disclosure.number);
  }
  edit.AddFirstEvent(OpenedEvent(edit.now().record, sent_at, SenderOf(plan).role));
  for (v1::Event& event : MembersEvents(disclosure.number, disclosure.members)) {
    edit.AddFirstEvent(std::move(event));
  }
}

// The parent of a forward learns of its child in the same commit.
absl::Status StageParent(const AppParts& parts, const ReferPlan& plan,
                         journal::ChangeSet& changes) {
  if (!plan.parent) return absl::OkStatus();
  ReferralEdit parent(parts, *plan.parent);
  Fact forwarded;
  forwarded.kind = FactKind::kForwardSent;
  forwarded.actor = SenderOf(plan);
  forwarded.details = ForwardDetails{plan.receiver, plan.id};
  RETURN_IF_ERROR(parent.Write(std::move(forwarded)).status());
  return parent.Stage(changes);
}

v1::ReferComplaintResponse ResponseOf(const ReferPlan& plan, const WholeDisclosure& disclosure,
                                      const ReferralEdit& edit) {
  v1::ReferComplaintResponse response;
  *response.mutable_change() = edit.Change();
  response.set_member_count(static_cast<uint32_t>(disclosure.members.size()));
  *response.mutable_groups() = disclosure.complaint.groups();
  std::vector<Notice> notices = plan.decision.warnings;
  if (disclosure.complaint.by_override()) {
    notices.push_back({"CONSENT_OVERRIDDEN", "an approved override stands for consent"});
  }
  for (const Notice& notice : notices) {
    common::v1::Warning* warning = response.mutable_change()->add_warnings();
    warning->set_code(notice.code);
    warning->set_description(notice.text);
  }
  return response;
}

}  // namespace

Answer<v1::ReferComplaintResponse> Disclosures::Commit(const ReferPlan& plan,
                                                       WholeDisclosure disclosure) {
  LoadedReferral fresh;
  fresh.ref = {Side::kHome, plan.id};
  fresh.case_key = plan.case_key;
  FillRecord(parts_, plan, disclosure, fresh.record);
  ReferralEdit edit(parts_, std::move(fresh));
  CO_ASSIGN_OR_RETURN(const absl::Time sent_at, WriteHead(plan, disclosure, edit));
  AddContent(plan, disclosure, sent_at, edit);
  StageWithReferral(edit, disclosure);
  journal::ChangeSet changes;
  CO_RETURN_IF_ERROR(edit.Stage(changes));
  // Still this try's own: neither settled meanwhile nor gone on with by another.
  const OpenDisclosureKey opened{plan.id};
  parts_.repository.ExpectVersion(changes, opened, plan.opened_at);
  parts_.repository.Delete(changes, opened);
  CO_RETURN_IF_ERROR(StageParent(parts_, plan, changes));
  v1::ReferComplaintResponse response = ResponseOf(plan, disclosure, edit);
  audit::AuditLeaf leaf = LeafOf(parts_, *plan.caller, "ReferComplaint", plan.id.ToString());
  const crypto::SecretKey salt = edit.now().case_key->records().Derive("audit salt");
  leaf.content_hash = audit::HashContent(salt.view(), plan.common.content);
  changes.Audit(leaf);
  changes.Remember(IdentityOf(plan.common), plan.id.ToString(), response.SerializeAsString());
  REDRESS_FAULT_POINT("referral.before_commit");
  absl::StatusOr<journal::Committed> committed = co_await CommitChanges(parts_, std::move(changes));
  CO_RETURN_IF_ERROR(committed.status());
  REDRESS_FAULT_POINT("referral.before_reply");
  if (committed->repeated) {
    // The same request was quicker by another way; what this try opened is of no use.
    if (committed->repeated->resource_id != plan.id.ToString()) {
      OpenDisclosureKey useless{plan.id};
      (void)co_await EndBegunDisclosure(parts_, std::move(useless), plan.opened_at);
    }
    response.ParseFromString(committed->repeated->answer);
  }
  response.mutable_change()->set_commit_number(committed->version);
  WakeRunners(parts_, true, edit.leaves_work());
  co_return response;
}

}  // namespace redress::referral
