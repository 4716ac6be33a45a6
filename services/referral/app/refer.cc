// ReferComplaint: from the question whether it may be made to the commit that makes it.
#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "services/platform/codes/utf8.h"
#include "services/platform/status/fault_point.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/directory_rows.h"
#include "services/referral/app/disclosures.h"
#include "services/referral/app/fact_conversion.h"
#include "services/referral/app/past_referrals.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/resend.h"
#include "services/referral/app/verb_runner.h"
#include "services/referral/domain/codes.h"
#include "services/referral/domain/referral_checks.h"

namespace redress::referral {

// What is known before anything leaves.
struct Disclosures::Plan {
  Caller caller;
  v1::ReferComplaintRequest request;
  VerbRequest common;
  std::optional<v1::ReferComplaintResponse> remembered;
  intake::v1::Case complaint_case;
  BodyId receiver;
  ReferDecision decision;
  std::string urgency;
  std::optional<LoadedReferral> parent;
  std::vector<std::string> path;
  ReferralId id;
};

namespace {

constexpr char kPurpose[] = "ASSISTANCE";

absl::Status CheckRequest(const v1::ReferComplaintRequest& request) {
  FieldViolations violations;
  if (request.case_etag().empty()) violations.Add("case_etag", "is required");
  if (!request.urgency().empty() && !kUrgencies.Contains(request.urgency())) {
    violations.AddValue("urgency", request.urgency(), kUrgencies.Accepted());
  }
  if (request.ad_hoc() && !request.agreement_id().empty()) {
    violations.Add("ad_hoc", "excludes agreement_id");
  }
  if (request.note().size() > (4 << 10)) violations.Add("note", "has more than 4096 bytes");
  if (!IsValidUtf8(request.note())) violations.Add("note", "is not valid UTF-8");
  if (request.member_ids_size() > 10'000) violations.Add("member_ids", "names more than 10,000");
  std::vector<std::string> members(request.member_ids().begin(), request.member_ids().end());
  std::sort(members.begin(), members.end());
  if (std::adjacent_find(members.begin(), members.end()) != members.end()) {
    violations.Add("member_ids", "names a member twice");
  }
  return violations.ToStatus();
}

// The home side: the ministry, or a person with the right `refer` who filed it or handles it.
absl::Status CheckMayRefer(const auth::Principal& caller, const intake::v1::Case& complaint_case,
                           const AppParts& parts) {
  ReferralScope scope;
  scope.case_number = complaint_case.case_number();
  scope.home_node = parts.node;
  scope.filed_by = BodyId::FromTrusted(complaint_case.filed_by().body_id());
  scope.province = complaint_case.complaint().province();
  if (caller.HasRole(auth::Role::kService) && caller.node == parts.node.ToString()) {
    return absl::OkStatus();
  }
  return CheckMayMove("ReferComplaint", caller, scope).ok() ? absl::OkStatus() : NotFound("case");
}

DataGroups GroupsOf(const v1::ReferComplaintRequest& request) {
  DataGroups groups;
  for (int group : request.groups()) {
    if (group >= 1 && group <= 9) groups.set(static_cast<size_t>(group));
  }
  return groups;
}

Answer<std::optional<LoadedReferral>> FindRelated(const AppParts& parts, std::string text,
                                                  std::string field, std::string case_number) {
  std::optional<LoadedReferral> none;
  if (text.empty()) co_return none;
  absl::StatusOr<ReferralId> id = ReferralId::Parse(text, field);
  CO_RETURN_IF_ERROR(id.status());
  if (id->case_number().ToString() != case_number) {
    co_return InvalidField(field, "is a referral of another case");
  }
  ReferralRef ref{Side::kHome, *id};
  absl::StatusOr<std::optional<LoadedReferral>> loaded = co_await LoadReferral(parts, ref);
  CO_RETURN_IF_ERROR(loaded.status());
  if (!loaded->has_value()) co_return NotFound("referral");
  co_return loaded;
}

absl::Status CheckParent(const LoadedReferral& parent, const BodyId& receiver) {
  if (parent.folded.state == ReferralState::kForwarded && parent.folded.forward_to == receiver &&
      !parent.folded.child) {
    return absl::OkStatus();
  }
  return RefusePrecondition(
      "TRANSITION_NOT_ALLOWED", "the parent is not forwarded to this body",
      {{"state", std::string(ReferralStateName(parent.folded.state))}, {"verb", "SEND_FORWARD"}});
}

absl::Status CheckPrevious(const LoadedReferral& previous) {
  return Move(PositionOf(previous.folded, Side::kHome, false), Verb::kReRefer).status();
}

}  // namespace

Answer<Disclosures::Plan> Disclosures::MakePlan(Caller caller, v1::ReferComplaintRequest request) {
  Plan plan;
  plan.caller = caller;
  plan.request = request;
  CO_RETURN_IF_ERROR(RequestId::Parse(request.request_id(), "request_id").status());
  absl::StatusOr<CaseNumber> number = CaseNumber::Parse(request.case_number(), "case_number");
  CO_RETURN_IF_ERROR(number.status());
  absl::StatusOr<BodyId> receiver = BodyId::Parse(request.receiver_body_id(), "receiver_body_id");
  CO_RETURN_IF_ERROR(receiver.status());
  plan.receiver = *receiver;
  CO_RETURN_IF_ERROR(CheckRequest(request));
  plan.common.verb = "ReferComplaint";
  plan.common.caller = caller;
  plan.common.request_id = request.request_id();
  v1::ReferComplaintRequest without_id = request;
  without_id.clear_request_id();
  plan.common.content = Deterministic(without_id);

  journal::RequestIdentity identity = IdentityOf(plan.common);
  auto found = co_await journal::FindRequest(parts_.store, std::move(identity));
  CO_RETURN_IF_ERROR(found.status());
  if (found->has_value()) {
    plan.remembered.emplace();
    if (!plan.remembered->ParseFromString((*found)->answer)) {
      co_return absl::DataLossError("a remembered answer cannot be read");
    }
    plan.remembered->mutable_change()->set_commit_number((*found)->version);
    co_return plan;
  }
  if (number->home_node() != parts_.node.ToString()) co_return NotFound("case");

  intake::v1::GetComplaintRequest show;
  show.set_case_number(number->ToString());
  absl::StatusOr<intake::v1::GetComplaintResponse> shown =
      co_await parts_.intake.ShowCase(std::move(show));
  CO_RETURN_IF_ERROR(shown.status());
  plan.complaint_case = std::move(*shown->mutable_complaint_case());
  CO_RETURN_IF_ERROR(CheckMayRefer(*caller, plan.complaint_case, parts_));

  std::string case_number = number->ToString();
  std::string parent_id = request.parent_referral_id();
  std::string parent_field = "parent_referral_id";
  absl::StatusOr<std::optional<LoadedReferral>> parent =
      co_await FindRelated(parts_, std::move(parent_id), std::move(parent_field), case_number);
  CO_RETURN_IF_ERROR(parent.status());
  if (parent->has_value()) {
    CO_RETURN_IF_ERROR(CheckParent(**parent, plan.receiver));
    for (const std::string& body : (*parent)->record.path_body_ids()) plan.path.push_back(body);
    plan.parent = *std::move(parent);
  }
  plan.path.push_back(plan.receiver.ToString());
  std::string previous_id = request.previous_referral_id();
  std::string previous_field = "previous_referral_id";
  absl::StatusOr<std::optional<LoadedReferral>> previous =
      co_await FindRelated(parts_, std::move(previous_id), std::move(previous_field), case_number);
  CO_RETURN_IF_ERROR(previous.status());
  if (previous->has_value()) CO_RETURN_IF_ERROR(CheckPrevious(**previous));

  BodyId wanted = plan.receiver;
  absl::StatusOr<std::optional<Body>> body = co_await FindBody(parts_, std::move(wanted));
  CO_RETURN_IF_ERROR(body.status());
  if (!body->has_value()) {
    co_return InvalidField("receiver_body_id", "no such body is known here");
  }
  if (std::find(parts_.peers.begin(), parts_.peers.end(), NodeOf(plan.receiver).ToString()) ==
      parts_.peers.end()) {
    co_return InvalidField("receiver_body_id", "there is no link to the body's node");
  }
  ReferCheck check;
  check.facts = FactsOf(plan.complaint_case);
  check.case_open = plan.complaint_case.state() == intake::v1::CASE_STATE_OPEN;
  check.case_state = StateNameOf(plan.complaint_case);
  check.case_number = case_number;
  check.receiver = **std::move(body);
  check.referring_body = BodyId::FromTrusted(caller->body_id);
  if (plan.parent && check.referring_body.empty()) {
    check.referring_body = plan.parent->home.front().actor.body;
  }
  check.agreement_id = request.agreement_id();
  check.ad_hoc = request.ad_hoc();
  // Whether consent is there intake decides, member by member, when it discloses.
  check.members_to_disclose = 1;
  check.override_approved = !request.approval_id().empty();
  check.groups_asked = GroupsOf(request);
  if (plan.parent) {
    for (const std::string& passed : plan.parent->record.path_body_ids()) {
      check.path.push_back(BodyId::FromTrusted(passed));
    }
  }
  check.today = DateOf(parts_.clock.Now());
  absl::StatusOr<std::vector<Agreement>> agreements = co_await AllAgreements(parts_);
  CO_RETURN_IF_ERROR(agreements.status());
  check.agreements = *std::move(agreements);
  absl::StatusOr<std::vector<PastReferral>> past = co_await ReferralsOfCase(parts_, case_number);
  CO_RETURN_IF_ERROR(past.status());
  check.past = *std::move(past);
  absl::StatusOr<ResponseRecord> record = co_await ResponsesOf(parts_, plan.receiver);
  CO_RETURN_IF_ERROR(record.status());
  check.receiver_open_referrals = record->open;
  absl::StatusOr<ReferDecision> decision = CheckRefer(check);
  CO_RETURN_IF_ERROR(decision.status());
  plan.decision = *std::move(decision);
  plan.urgency = !request.urgency().empty() ? request.urgency() : check.facts.urgency;
  if (plan.urgency.empty()) plan.urgency = "NORMAL";
  co_return plan;
}

// Gives the referral its id and notes, before intake is asked, that a disclosure is about to be
// opened. One that an earlier try for the same body left open is gone on with, and then the case's
// etag may have moved by that try itself.
Answer<bool> Disclosures::Number(Plan& plan) {
  const std::string case_number = plan.complaint_case.case_number();
  RowRange range{.of = RowRange::Of::kOpenDisclosures};
  auto open = co_await parts_.repository.ScanAll<OpenDisclosureKey>(std::move(range));
  CO_RETURN_IF_ERROR(open.status());
  for (const Found<OpenDisclosureKey>& one : *open) {
    if (one.row.case_number() == case_number &&
        one.row.receiver_body_id() == plan.receiver.ToString()) {
      plan.id = one.key.id;
      co_return true;
    }
  }
  if (plan.request.case_etag() != plan.complaint_case.etag()) {
    co_return RefuseStaleEtag(plan.complaint_case.etag());
  }
  absl::StatusOr<CaseNumber> number = CaseNumber::Parse(case_number, "case_number");
  CO_RETURN_IF_ERROR(number.status());
  for (int attempt = 1;; ++attempt) {
    CaseSequenceKey key{*number};
    auto sequence = co_await parts_.repository.Find(std::move(key));
    CO_RETURN_IF_ERROR(sequence.status());
    rows::CaseSequenceRecord row;
    if (sequence->has_value()) row = (*sequence)->row;
    row.set_last_referral(row.last_referral() + 1);
    plan.id = ReferralId(*number, row.last_referral());
    rows::OpenDisclosureRecord opened;
    opened.set_case_number(case_number);
    opened.set_receiver_body_id(plan.receiver.ToString());
    opened.set_disclosure_number(1);
    opened.set_began_at_micros(ToMicros(parts_.clock.Now()));
    journal::ChangeSet changes;
    const CaseSequenceKey sequence_key{*number};
    parts_.repository.ExpectVersion(changes, sequence_key,
                                    sequence->has_value() ? (*sequence)->version : 0);
    parts_.repository.Put(changes, sequence_key, row);
    parts_.repository.Put(changes, OpenDisclosureKey{plan.id}, opened);
    absl::StatusOr<journal::Committed> committed =
        co_await CommitChanges(parts_, std::move(changes));
    if (MayRetry(committed.status(), attempt)) continue;
    CO_RETURN_IF_ERROR(committed.status());
    co_return true;
  }
}

Answer<v1::ReferComplaintResponse> Disclosures::Refer(Caller caller,
                                                      v1::ReferComplaintRequest request) {
  absl::StatusOr<Plan> plan = co_await MakePlan(std::move(caller), std::move(request));
  CO_RETURN_IF_ERROR(plan.status());
  if (plan->remembered) co_return *std::move(plan->remembered);
  absl::StatusOr<bool> numbered = co_await Number(*plan);
  CO_RETURN_IF_ERROR(numbered.status());
  absl::StatusOr<CaseKeyPointer> case_key = co_await parts_.repository.EnsureCaseKey(
      plan->id.case_number(), ToMicros(parts_.clock.Now()));
  CO_RETURN_IF_ERROR(case_key.status());

  intake::v1::DiscloseComplaintRequest disclose;
  disclose.set_referral_id(plan->id.ToString());
  disclose.set_disclosure_number(1);
  disclose.set_case_number(plan->complaint_case.case_number());
  disclose.set_receiver_body_id(plan->receiver.ToString());
  *disclose.mutable_member_ids() = plan->request.member_ids();
  *disclose.mutable_groups() = plan->request.groups();
  if (disclose.groups().empty() && plan->decision.groups_allowed) {
    for (size_t group = 1; group <= 9; ++group) {
      if (plan->decision.groups_allowed->test(group)) {
        disclose.add_groups(static_cast<intake::v1::FieldGroup>(group));
      }
    }
  }
  disclose.set_page_size(200);
  const ReferralRef ref{Side::kHome, plan->id};
  absl::StatusOr<WholeDisclosure> disclosure = co_await Fetch(std::move(disclose), ref);
  if (!disclosure.ok()) {
    // A refusal is final: nothing left, and the number stays unused. An outage is not.
    if (!absl::IsUnavailable(disclosure.status()) &&
        !absl::IsDeadlineExceeded(disclosure.status())) {
      absl::StatusOr<bool> abandoned = co_await Abandon(plan->id);
      (void)abandoned;
    }
    co_return disclosure.status();
  }
  absl::StatusOr<bool> stored = co_await Store(*disclosure, ref, *case_key);
  CO_RETURN_IF_ERROR(stored.status());
  co_return co_await Commit(*plan, *std::move(disclosure), *std::move(case_key));
}

namespace {

void FillRecord(const AppParts& parts, const intake::v1::Case& complaint_case,
                const WholeDisclosure& disclosure, rows::ReferralRecord& record) {
  record.set_case_number(complaint_case.case_number());
  record.set_side(v1::SIDE_HOME);
  record.set_home_node(parts.node.ToString());
  record.set_purpose(kPurpose);
  record.set_filed_at_micros(ToMicros(REDRESS_GET_TIME(complaint_case, filed_at)));
  *record.mutable_dimensions() = DimensionsOf(disclosure.complaint, disclosure.members);
  record.mutable_dimensions()->set_filed_by_body_id(complaint_case.filed_by().body_id());
  record.mutable_dimensions()->set_province(complaint_case.complaint().province());
  record.set_disclosure_number(disclosure.number);
  record.set_member_count(static_cast<uint32_t>(disclosure.members.size()));
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

}  // namespace

Answer<v1::ReferComplaintResponse> Disclosures::Commit(Plan& plan, WholeDisclosure disclosure,
                                                       CaseKeyPointer case_key) {
  LoadedReferral fresh;
  fresh.ref = {Side::kHome, plan.id};
  fresh.case_key = std::move(case_key);
  rows::ReferralRecord& record = fresh.record;
  record.set_referral_id(plan.id.ToString());
  FillRecord(parts_, plan.complaint_case, disclosure, record);
  record.mutable_dimensions()->set_urgency(plan.urgency);
  record.set_destination_node(NodeOf(plan.receiver).ToString());
  record.set_receiver_body_id(plan.receiver.ToString());
  record.mutable_agreement()->set_agreement_id(plan.decision.agreement_id);
  record.mutable_agreement()->set_version(plan.decision.agreement_version);
  record.mutable_agreement()->set_ad_hoc(plan.decision.ad_hoc);
  record.set_parent_referral_id(plan.request.parent_referral_id());
  record.set_previous_referral_id(plan.request.previous_referral_id());
  for (const std::string& body : plan.path) record.add_path_body_ids(body);
  *record.mutable_clock_rules() =
      ToProto(RulesFor(plan.urgency, parts_.clocks, plan.decision.clocks), parts_.calendar.name);
  Actor actor = ActorOf(*plan.caller);
  if (plan.caller->HasRole(auth::Role::kService) && plan.parent) {
    actor.body = plan.parent->home.front().actor.body;  // Who referred it first answers for it.
  }
  record.set_holder_body_id(actor.body.ToString());
  const absl::Time now = parts_.clock.Now();
  record.set_sent_at_micros(ToMicros(now));
  exchange::v1::ReferralHead head =
      HeadOf(record, disclosure.complaint, static_cast<uint32_t>(disclosure.pages.size()));
  record.set_head_sha256(HeadDigest(head));

  ReferralEdit edit(parts_, std::move(fresh));
  Fact sent;
  sent.kind = FactKind::kSent;
  sent.actor = actor;
  sent.note = plan.request.note();
  sent.details = SentDetails{plan.receiver, plan.urgency,
                             static_cast<uint32_t>(disclosure.members.size())};
  CO_RETURN_IF_ERROR(edit.Write(std::move(sent)).status());
  edit.SetHead(std::move(head));
  rows::ReferralPersonal personal;
  *personal.mutable_complaint() = disclosure.complaint;
  personal.set_note(plan.request.note());
  edit.SetPersonal(personal);
  for (const exchange::v1::MemberPage& page : disclosure.pages) {
    OutgoingMessage message;
    *message.message.mutable_member_page() = page;
    message.last_part = page.page() == page.page_count();
    message.expires = now + RulesOf(parts_, edit.now().record).give_up;
    edit.Send(std::move(message));
  }
  for (const intake::v1::EvidenceFile& file : disclosure.complaint.evidence_files()) {
    AddOutgoingFile(edit, file, disclosure.number);
  }
  edit.AddFirstEvent(OpenedEvent(edit.now().record, now, actor.role));
  for (v1::Event& event : MembersEvents(disclosure.number, disclosure.members)) {
    edit.AddFirstEvent(std::move(event));
  }
  journal::ChangeSet changes;
  CO_RETURN_IF_ERROR(edit.Stage(changes));
  parts_.repository.Delete(changes, OpenDisclosureKey{plan.id});
  if (plan.parent) {
    ReferralEdit parent(parts_, *std::move(plan.parent));
    Fact forwarded;
    forwarded.kind = FactKind::kForwardSent;
    forwarded.actor = actor;
    forwarded.details = ForwardDetails{plan.receiver, plan.id};
    CO_RETURN_IF_ERROR(parent.Write(std::move(forwarded)).status());
    CO_RETURN_IF_ERROR(parent.Stage(changes));
  }
  v1::ReferComplaintResponse response;
  *response.mutable_change() = edit.Change();
  response.set_member_count(static_cast<uint32_t>(disclosure.members.size()));
  *response.mutable_groups() = disclosure.complaint.groups();
  for (const Notice& notice : plan.decision.warnings) {
    common::v1::Warning* warning = response.mutable_change()->add_warnings();
    warning->set_code(notice.code);
    warning->set_description(notice.text);
  }
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
      absl::StatusOr<bool> abandoned = co_await Abandon(plan.id);
      (void)abandoned;
    }
    response.ParseFromString(committed->repeated->answer);
  }
  response.mutable_change()->set_commit_number(committed->version);
  WakeRunners(parts_, true, edit.leaves_work());
  co_return response;
}

}  // namespace redress::referral
