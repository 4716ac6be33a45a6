#include "services/intake/domain/access.h"

#include <algorithm>

#include "services/platform/ids/names.h"
#include "services/platform/status/refusal.h"

namespace redress::intake {
namespace {

using auth::Principal;
using auth::Right;
using auth::Role;
using auth::RoleSet;

// Those who work on cases at home.
constexpr RoleSet kStaff = {Role::kDesk, Role::kProvince, Role::kMinistry};
// The worker, and who speaks for the worker.
constexpr RoleSet kOwn = {Role::kWorker, Role::kRepresentative};
constexpr RoleSet kStaffAndOwn = kStaff.Union(kOwn);
constexpr RoleSet kReaders =
    kStaffAndOwn.Union({Role::kAttache, Role::kProtectionOfficer, Role::kService});

FieldGroupSet Sensitive() { return {FieldGroup::kSensitiveNarrative}; }

bool FiledByOwnDesk(const Principal& caller, const CaseFacts& facts) {
  return caller.HasRole(Role::kDesk) && !caller.body_id.empty() &&
         caller.body_id == facts.filed_by_body_id;
}

bool InOwnProvince(const Principal& caller, const CaseFacts& facts) {
  return caller.HasRole(Role::kProvince) && !caller.province.empty() &&
         caller.province == facts.province;
}

bool InOwnToken(const Principal& caller, const CaseFacts& facts) {
  return caller.HasAnyRole(kOwn) && !caller.case_number.empty() &&
         caller.case_number == facts.case_number;
}

bool InPostedCountry(const Principal& caller, const CaseFacts& facts) {
  return caller.HasRole(Role::kAttache) && !caller.posting.empty() &&
         caller.posting == facts.destination;
}

// Roles that see a case and everybody in it.
bool SeesWhole(const Principal& caller, const CaseFacts& facts) {
  return caller.HasAnyRole({Role::kMinistry, Role::kProtectionOfficer, Role::kService}) ||
         FiledByOwnDesk(caller, facts) || InOwnProvince(caller, facts);
}

// What ministry and province see beyond everything that is not sensitive.
FieldView OfficeView(FieldGroupSet filing_groups) {
  return {FieldGroupSet::All().Without(Sensitive().Without(filing_groups)), true};
}

void Widen(FieldView& view, const FieldView& by) {
  view.groups = view.groups.Or(by.groups);
  view.home_fields = view.home_fields || by.home_fields;
}

}  // namespace

const auth::AccessTable& IntakeAccess() {
  static const auth::AccessTable* const table = new auth::AccessTable({
      {"FileComplaint", kStaffAndOwn},
      {"GetComplaint", kReaders},
      {"ListComplaints", kStaff.Union({Role::kAttache, Role::kProtectionOfficer})},
      {"ListGroupMembers", kReaders},
      {"AmendComplaint", kStaffAndOwn},
      {"ScreenComplaint", {Role::kMinistry}},
      {"WithdrawComplaint", kStaffAndOwn},
      {"CloseComplaint", {Role::kMinistry}},
      {"ReopenComplaint", kStaffAndOwn},
      {"RecordConsent", kStaffAndOwn},
      {"RevokeConsent", kStaffAndOwn},
      {"AddGroupMembers", kStaff},
      {"UploadEvidence", kStaffAndOwn},
      {"DownloadEvidence", kStaffAndOwn.Union({Role::kService})},
      {"ListEvidence", kStaffAndOwn.Union({Role::kService})},
      {"FindSimilar", kStaff},
      {"ImportComplaints", kStaff},
      {"RecordMoney", kStaffAndOwn.Union({Role::kService})},
      {"ListMoney", kStaffAndOwn.Union({Role::kService})},
      {"RequestApproval", {Role::kMinistry}},
      {"Approve", {Role::kMinistry}, {Right::kApprove}},
      {"DiscloseComplaint", {Role::kService}},
      {"SettleDisclosure", {Role::kService}},
      {"ReadEvents", {Role::kService}},
  });
  return *table;
}

std::string AttacheNationality(const Principal& caller) {
  // The account is this node's, the body is the sending state's: "vn:embassy-phnom-penh".
  std::string country =
      caller.body_id.empty() ? caller.node : NodeOf(BodyId::FromTrusted(caller.body_id)).ToString();
  for (char& c : country) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return country;
}

bool MaySeeCase(const Principal& caller, const CaseFacts& facts) {
  return SeesWhole(caller, facts) || InOwnToken(caller, facts) ||
         (InPostedCountry(caller, facts) && facts.embassy_consents > 0);
}

bool MaySeeMember(const Principal& caller, const CaseFacts& facts, const MemberAccessFacts& member,
                  const std::vector<std::string>& followed, const Date& today) {
  if (SeesWhole(caller, facts)) return true;
  if (InOwnToken(caller, facts) && caller.member_id == member.member_id) return true;
  return InPostedCountry(caller, facts) &&
         std::find(followed.begin(), followed.end(), member.nationality) != followed.end() &&
         HasConsent(member.consents, kEmbassyPurpose, today);
}

FieldView HeadView(const Principal& caller, const CaseFacts& facts, bool group_complaint,
                   FieldGroupSet filing_groups, FieldGroupSet embassy_groups) {
  FieldView view;
  if (FiledByOwnDesk(caller, facts)) Widen(view, {FieldGroupSet::All(), true});
  if (caller.HasRole(Role::kMinistry) || InOwnProvince(caller, facts)) {
    Widen(view, OfficeView(filing_groups));
  }
  if (InOwnToken(caller, facts)) {
    // In a group the story of sexual violence may be another member's, and a representative may be
    // family: only a worker alone reads it.
    const bool own_story = caller.HasRole(Role::kWorker) && !group_complaint;
    Widen(view,
          {own_story ? FieldGroupSet::All() : FieldGroupSet::All().Without(Sensitive()), false});
  }
  if (InPostedCountry(caller, facts)) Widen(view, {embassy_groups.Without(Sensitive()), false});
  return view;
}

FieldView RoutingView(const Principal& caller, const FieldView& head) {
  FieldView view = head;
  if (caller.HasRole(Role::kService)) Widen(view, {FieldGroupSet::All(), true});
  return view;
}

FieldView MemberView(const Principal& caller, const CaseFacts& facts,
                     const MemberAccessFacts& member, bool in_shelter, const Date& today) {
  FieldView view;
  if (FiledByOwnDesk(caller, facts) || caller.HasRole(Role::kMinistry) ||
      InOwnProvince(caller, facts)) {
    Widen(view, {FieldGroupSet::All(), true});
  }
  if (InOwnToken(caller, facts) && caller.member_id == member.member_id) {
    const bool hide_place = in_shelter && !caller.HasRole(Role::kWorker);
    FieldGroupSet groups = FieldGroupSet::All();
    if (hide_place) groups = groups.Without({FieldGroup::kWhereabouts});
    // The own consents are shown to those who gave them.
    Widen(view, {groups, true});
  }
  if (InPostedCountry(caller, facts)) {
    const std::optional<FieldGroupSet> agreed =
        DisclosableGroups(member.consents, kEmbassyPurpose, "", today);
    if (agreed) Widen(view, {agreed->Without(Sensitive()), false});
  }
  return view;
}

bool ActsForSelf(const Principal& caller) { return caller.HasAnyRole(kOwn); }

absl::Status CheckOwnMember(const Principal& caller, std::string_view member_id) {
  if (caller.HasAnyRole(kStaff.Union({Role::kService})) || caller.member_id == member_id) {
    return absl::OkStatus();
  }
  return NotFound("member");
}

}  // namespace redress::intake
