#include "services/referral/domain/access.h"

#include <algorithm>

#include "services/platform/status/refusal.h"

namespace redress::referral {
namespace {

using auth::AccessTable;
using auth::Principal;
using auth::Right;
using auth::Role;
using auth::RoleSet;

constexpr RoleSet kReceiver = {Role::kContact, Role::kLabourOffice};
// Roles that see cases at home and may hold the right `refer` on top.
constexpr RoleSet kHomeStaff = {Role::kDesk, Role::kProvince, Role::kMinistry};
constexpr RoleSet kReaders = {Role::kDesk,    Role::kMinistry,     Role::kProvince,
                              Role::kContact, Role::kLabourOffice, Role::kProtectionOfficer,
                              Role::kAuditor, Role::kService};
constexpr RoleSet kWorkers = {Role::kWorker, Role::kRepresentative};

// Kinds of verb for the second gate.
enum class Gate { kReceiver, kHome, kHomeOrDesk, kAnswer, kRequeue, kUnknown };

Gate GateOf(std::string_view verb) {
  for (std::string_view receivers :
       {"AcknowledgeReferral", "AcceptReferral", "DeclineReferral", "RequestInformation",
        "ForwardReferral", "StartReferral", "RecordStep", "HoldReferral", "ResumeReferral",
        "ProposeSolution", "WithdrawProposal", "ConcludeReferral", "RecordReferralMoney",
        "UploadReferralEvidence"}) {
    if (verb == receivers) return Gate::kReceiver;
  }
  if (verb == "ReferComplaint" || verb == "RecallReferral") return Gate::kHome;
  if (verb == "ProvideInformation" || verb == "UpdateDisclosure") return Gate::kHomeOrDesk;
  if (verb == "AnswerProposal") return Gate::kAnswer;
  if (verb == "RequeueReferral") return Gate::kRequeue;
  return Gate::kUnknown;
}

bool AtHome(const ReferralScope& scope) {
  return scope.local_side == Side::kHome || scope.loopback;
}

bool AtDestination(const ReferralScope& scope) {
  return scope.local_side == Side::kDestination || scope.loopback;
}

bool IsReceiver(const Principal& caller, const ReferralScope& scope) {
  return AtDestination(scope) && scope.was_shown && caller.HasAnyRole(kReceiver) &&
         !caller.body_id.empty() && caller.body_id == scope.receiver.ToString();
}

bool IsHomeMinistry(const Principal& caller, const ReferralScope& scope) {
  return AtHome(scope) && caller.HasRole(Role::kMinistry) &&
         caller.node == scope.home_node.ToString();
}

bool IsFilingDesk(const Principal& caller, const ReferralScope& scope) {
  return AtHome(scope) && caller.HasRole(Role::kDesk) && !caller.body_id.empty() &&
         caller.body_id == scope.filed_by.ToString();
}

bool IsProvince(const Principal& caller, const ReferralScope& scope) {
  return AtHome(scope) && caller.HasRole(Role::kProvince) && !caller.province.empty() &&
         caller.province == scope.province;
}

bool IsOwnMember(const Principal& caller, const ReferralScope& scope) {
  return AtHome(scope) && caller.HasAnyRole(kWorkers) && scope.member_disclosed &&
         !caller.case_number.empty() && caller.case_number == scope.case_number &&
         !caller.member_id.empty();
}

// The right `refer` reaches as far as the role that sees the case.
bool MayRefer(const Principal& caller, const ReferralScope& scope) {
  if (IsHomeMinistry(caller, scope)) return true;
  return caller.HasRight(Right::kRefer) &&
         (IsFilingDesk(caller, scope) || IsProvince(caller, scope));
}

}  // namespace

const AccessTable& ReferralAccess() {
  static const AccessTable table({
      {"ReferComplaint", {Role::kMinistry}},
      {"ReferComplaint", kHomeStaff, {Right::kRefer}},
      {"GetReferral", kReaders.Union(kWorkers)},
      {"ListReferrals", kReaders},
      {"AcknowledgeReferral", kReceiver},
      {"AcceptReferral", kReceiver},
      {"DeclineReferral", kReceiver},
      {"RequestInformation", kReceiver},
      {"ProvideInformation", {Role::kMinistry, Role::kDesk}},
      {"ProvideInformation", kHomeStaff, {Right::kRefer}},
      {"ForwardReferral", kReceiver},
      {"StartReferral", kReceiver},
      {"RecordStep", kReceiver},
      {"HoldReferral", kReceiver},
      {"ResumeReferral", kReceiver},
      {"ProposeSolution", kReceiver},
      {"WithdrawProposal", kReceiver},
      {"AnswerProposal", {Role::kMinistry, Role::kDesk, Role::kWorker, Role::kRepresentative}},
      {"AnswerProposal", kHomeStaff, {Right::kRefer}},
      {"ConcludeReferral", kReceiver},
      {"RecallReferral", {Role::kMinistry, Role::kService}},
      {"RecallReferral", kHomeStaff, {Right::kRefer}},
      {"RequeueReferral", {Role::kAdmin, Role::kMinistry}},
      {"UpdateDisclosure", {Role::kMinistry, Role::kDesk}},
      {"UpdateDisclosure", kHomeStaff, {Right::kRefer}},
      {"RecordReferralMoney", kReceiver},
      {"UploadReferralEvidence", kReceiver},
      {"DownloadReferralEvidence",
       kReceiver.Union(kHomeStaff).Union({Role::kProtectionOfficer, Role::kService})},
      {"ListReferralEvidence",
       kReceiver.Union(kHomeStaff).Union({Role::kProtectionOfficer, Role::kService})},
      {"ReadEvents", {Role::kService}},
  });
  return table;
}

const AccessTable& DirectoryAccess() {
  static const AccessTable table({
      {"PutBody", {Role::kAdmin, Role::kMinistry, Role::kContact, Role::kLabourOffice}},
      {"GetBody", RoleSet::All()},
      {"ListBodies", RoleSet::All()},
      {"PutAgreement", {Role::kAdmin, Role::kMinistry}},
      {"GetAgreement", RoleSet::All()},
      {"ListAgreements", RoleSet::All()},
      {"PutPosting", {Role::kAdmin, Role::kMinistry}},
      {"GetPosting",
       {Role::kAdmin, Role::kMinistry, Role::kAuditor, Role::kService, Role::kAttache}},
      {"ListPostings",
       {Role::kAdmin, Role::kMinistry, Role::kAuditor, Role::kService, Role::kAttache}},
      {"SuggestRecipients", {Role::kMinistry}},
      {"SuggestRecipients", kHomeStaff, {Right::kRefer}},
  });
  return table;
}

Sight SightOf(const Principal& caller, const ReferralScope& scope) {
  if (caller.HasRole(Role::kService) || caller.HasRole(Role::kProtectionOfficer) ||
      IsHomeMinistry(caller, scope) || IsFilingDesk(caller, scope) || IsProvince(caller, scope) ||
      IsReceiver(caller, scope)) {
    return Sight::kAll;
  }
  if (caller.HasRole(Role::kAuditor)) return Sight::kNoContent;
  return IsOwnMember(caller, scope) ? Sight::kOwnMember : Sight::kNothing;
}

absl::Status CheckMayMove(std::string_view verb, const Principal& caller,
                          const ReferralScope& scope) {
  bool may = false;
  switch (GateOf(verb)) {
    case Gate::kReceiver:
      may = IsReceiver(caller, scope);
      break;
    case Gate::kHome:
      may = MayRefer(caller, scope) ||
            (verb == "RecallReferral" && AtHome(scope) && caller.HasRole(Role::kService));
      break;
    case Gate::kHomeOrDesk:
      may = MayRefer(caller, scope) || IsFilingDesk(caller, scope);
      break;
    case Gate::kAnswer:
      may = MayRefer(caller, scope) || IsFilingDesk(caller, scope) || IsOwnMember(caller, scope);
      break;
    case Gate::kRequeue:
      may = IsHomeMinistry(caller, scope) || (AtHome(scope) && caller.HasRole(Role::kAdmin));
      break;
    case Gate::kUnknown:
      break;
  }
  return may ? absl::OkStatus() : NotFound("referral");
}

absl::Status CheckMayPutBody(const Principal& caller, const BodyId& body) {
  if (caller.HasRole(Role::kAdmin) || caller.HasRole(Role::kMinistry)) return absl::OkStatus();
  if (caller.HasAnyRole(kReceiver) && !body.empty() && caller.body_id == body.ToString()) {
    return absl::OkStatus();
  }
  return Refuse(absl::StatusCode::kPermissionDenied, "ROLE_NOT_ALLOWED",
                "a body is changed by its own contact, an admin or the ministry",
                {{"verb", "PutBody"}, {"accepted_roles", "admin,ministry"}});
}

}  // namespace redress::referral
