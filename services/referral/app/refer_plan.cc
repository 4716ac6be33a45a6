#include "services/referral/app/refer_plan.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "services/platform/codes/field_checks.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/directory_rows.h"
#include "services/referral/app/past_referrals.h"
#include "services/referral/app/request_checks.h"
#include "services/referral/domain/codes.h"

namespace redress::referral {
namespace {

// What the request names, read.
struct NamedThings {
  CaseNumber case_number;
  BodyId receiver;
  std::optional<ReferralId> parent;
  std::optional<ReferralId> previous;
};

std::optional<ReferralId> ReadRelated(const std::string& text, const std::string& field,
                                      const CaseNumber& of, FieldViolations& faults) {
  if (text.empty()) return std::nullopt;
  const absl::StatusOr<ReferralId> id = ReferralId::Parse(text, field);
  faults.Take(id.status());
  if (!id.ok()) return std::nullopt;
  if (id->case_number() != of) faults.Add(field, "is a referral of another case");
  return *id;
}

// Every wrong field of the request at once.
absl::StatusOr<NamedThings> ReadRequest(const v1::ReferComplaintRequest& request) {
  FieldViolations faults;
  NamedThings named;
  faults.Take(RequestId::Parse(request.request_id(), "request_id").status());
  named.case_number = faults.Read(CaseNumber::Parse(request.case_number(), "case_number"));
  if (request.case_etag().empty()) faults.Add("case_etag", "is required");
  named.receiver = faults.Read(BodyId::Parse(request.receiver_body_id(), "receiver_body_id"));
  named.parent =
      ReadRelated(request.parent_referral_id(), "parent_referral_id", named.case_number, faults);
  named.previous = ReadRelated(request.previous_referral_id(), "previous_referral_id",
                               named.case_number, faults);
  CheckCode("urgency", request.urgency(), kUrgencies, faults);
  if (request.ad_hoc() && !request.agreement_id().empty()) {
    faults.Add("ad_hoc", "excludes agreement_id");
  }
  CheckText("note", request.note(), kNoteBytes, faults);
  for (int i = 0; i < request.groups_size(); ++i) {
    if (request.groups(i) >= 1 && request.groups(i) <= 9) continue;
    faults.Add(fmt::format("groups[{}]", i), "is none of the groups that can be named");
  }
  std::vector<MemberId> members =
      ReadIds<MemberId>("member_ids", request.member_ids(), kMembersAtOnce, faults);
  std::erase(members, MemberId());
  std::sort(members.begin(), members.end());
  if (std::adjacent_find(members.begin(), members.end()) != members.end()) {
    faults.Add("member_ids", "names a member twice");
  }
  RETURN_IF_ERROR(faults.ToStatus());
  return named;
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
  for (int group : request.groups()) groups.set(static_cast<size_t>(group));
  return groups;
}

Answer<std::optional<LoadedReferral>> FindRelated(const AppParts& parts,
                                                  std::optional<ReferralId> id) {
  std::optional<LoadedReferral> none;
  if (!id) co_return none;
  ReferralRef ref{Side::kHome, *std::move(id)};
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

// The answer that the request was given before, if any.
Answer<bool> FindRemembered(const AppParts& parts, ReferPlan& plan) {
  plan.common.verb = "ReferComplaint";
  plan.common.caller = plan.caller;
  plan.common.request_id = plan.request.request_id();
  plan.common.content = ContentOf(plan.request);
  journal::RequestIdentity identity = IdentityOf(plan.common);
  auto found = co_await journal::FindRequest(parts.store, std::move(identity));
  CO_RETURN_IF_ERROR(found.status());
  if (!found->has_value()) co_return false;
  plan.remembered.emplace();
  if (!plan.remembered->ParseFromString((*found)->answer)) {
    co_return absl::DataLossError("a remembered answer cannot be read");
  }
  plan.remembered->mutable_change()->set_commit_number((*found)->version);
  co_return true;
}

Answer<bool> LoadCase(const AppParts& parts, ReferPlan& plan, CaseNumber number) {
  if (number.home_node() != parts.node.ToString()) co_return NotFound("case");
  intake::v1::GetComplaintRequest show;
  show.set_case_number(number.ToString());
  absl::StatusOr<intake::v1::GetComplaintResponse> shown =
      co_await parts.intake.ShowCase(std::move(show));
  CO_RETURN_IF_ERROR(shown.status());
  plan.complaint_case = std::move(*shown->mutable_complaint_case());
  CO_RETURN_IF_ERROR(CheckMayRefer(*plan.caller, plan.complaint_case, parts));
  co_return true;
}

// The referral that this one is a child of, and the one that it follows.
Answer<bool> LoadRelated(const AppParts& parts, ReferPlan& plan, NamedThings named) {
  absl::StatusOr<std::optional<LoadedReferral>> parent =
      co_await FindRelated(parts, std::move(named.parent));
  CO_RETURN_IF_ERROR(parent.status());
  if (parent->has_value()) {
    CO_RETURN_IF_ERROR(CheckParent(**parent, plan.receiver));
    for (const std::string& body : (*parent)->record.path_body_ids()) plan.path.push_back(body);
    plan.parent = *std::move(parent);
  }
  plan.path.push_back(plan.receiver.ToString());
  absl::StatusOr<std::optional<LoadedReferral>> previous =
      co_await FindRelated(parts, std::move(named.previous));
  CO_RETURN_IF_ERROR(previous.status());
  if (previous->has_value()) CO_RETURN_IF_ERROR(CheckPrevious(**previous));
  co_return true;
}

// What the directory and the past say.
Answer<bool> LoadSurroundings(const AppParts& parts, const ReferPlan& plan, ReferCheck& check) {
  absl::StatusOr<std::optional<Body>> body = co_await FindBody(parts, plan.receiver);
  CO_RETURN_IF_ERROR(body.status());
  if (!body->has_value()) {
    co_return InvalidField("receiver_body_id", "no such body is known here");
  }
  if (std::find(parts.peers.begin(), parts.peers.end(), NodeOf(plan.receiver).ToString()) ==
      parts.peers.end()) {
    co_return InvalidField("receiver_body_id", "there is no link to the body's node");
  }
  check.receiver = **std::move(body);
  AddRespondent(plan.complaint_case, check.receiver, check.facts);
  absl::StatusOr<std::vector<Agreement>> agreements = co_await AllAgreements(parts);
  CO_RETURN_IF_ERROR(agreements.status());
  check.agreements = *std::move(agreements);
  absl::StatusOr<std::vector<PastReferral>> past =
      co_await ReferralsOfCase(parts, plan.complaint_case.case_number());
  CO_RETURN_IF_ERROR(past.status());
  check.past = *std::move(past);
  absl::StatusOr<ResponseRecord> record = co_await ResponsesOf(parts, plan.receiver);
  CO_RETURN_IF_ERROR(record.status());
  check.receiver_open_referrals = record->open;
  co_return true;
}

void FillCheck(const AppParts& parts, const ReferPlan& plan, ReferCheck& check) {
  check.facts = FactsOf(plan.complaint_case);
  check.case_open = plan.complaint_case.state() == intake::v1::CASE_STATE_OPEN;
  check.case_state = StateNameOf(plan.complaint_case);
  check.case_number = plan.complaint_case.case_number();
  check.referring_body = BodyId::FromTrusted(plan.caller->body_id);
  if (plan.parent && check.referring_body.empty()) {
    check.referring_body = plan.parent->home.front().actor.body;
  }
  check.agreement_id = plan.request.agreement_id();
  check.ad_hoc = plan.request.ad_hoc();
  check.groups_asked = GroupsOf(plan.request);
  if (plan.parent) {
    for (const std::string& passed : plan.parent->record.path_body_ids()) {
      check.path.push_back(BodyId::FromTrusted(passed));
    }
  }
  check.today = DateOf(parts.clock.Now());
}

}  // namespace

Answer<ReferPlan> MakeReferPlan(const AppParts& parts, Caller caller,
                                v1::ReferComplaintRequest request) {
  ReferPlan plan;
  plan.caller = std::move(caller);
  plan.request = std::move(request);
  absl::StatusOr<NamedThings> named = ReadRequest(plan.request);
  CO_RETURN_IF_ERROR(named.status());
  plan.receiver = named->receiver;
  absl::StatusOr<bool> remembered = co_await FindRemembered(parts, plan);
  CO_RETURN_IF_ERROR(remembered.status());
  if (*remembered) co_return plan;
  absl::StatusOr<bool> loaded = co_await LoadCase(parts, plan, named->case_number);
  CO_RETURN_IF_ERROR(loaded.status());
  absl::StatusOr<bool> related = co_await LoadRelated(parts, plan, *std::move(named));
  CO_RETURN_IF_ERROR(related.status());
  ReferCheck check;
  FillCheck(parts, plan, check);
  absl::StatusOr<bool> surroundings = co_await LoadSurroundings(parts, plan, check);
  CO_RETURN_IF_ERROR(surroundings.status());
  absl::StatusOr<ReferDecision> decision = CheckRefer(check);
  CO_RETURN_IF_ERROR(decision.status());
  plan.decision = *std::move(decision);
  plan.urgency = !plan.request.urgency().empty() ? plan.request.urgency() : check.facts.urgency;
  if (plan.urgency.empty()) plan.urgency = "NORMAL";
  co_return plan;
}

}  // namespace redress::referral
