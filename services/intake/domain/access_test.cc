#include "services/intake/domain/access.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/intake/domain/testing/sample_filing.h"
#include "services/platform/status/refusal.h"

namespace redress::intake {
namespace {

using auth::Principal;
using auth::Right;
using auth::Role;
using enum FieldGroup;

// Who may use what, written a second time by hand, one letter a role: d desk, p province,
// m ministry, w worker, r representative, a attaché, o protection officer, s service.
const std::map<std::string, std::string>& Expected() {
  static const auto* const expected = new std::map<std::string, std::string>{
      {"FileComplaint", "dpmwr"},
      {"GetComplaint", "dpmwraos"},
      {"ListComplaints", "dpmao"},
      {"ListGroupMembers", "dpmwraos"},
      {"AmendComplaint", "dpmwr"},
      {"ScreenComplaint", "m"},
      {"WithdrawComplaint", "dpmwr"},
      {"CloseComplaint", "m"},
      {"ReopenComplaint", "dpmwr"},
      {"RecordConsent", "dpmwr"},
      {"RevokeConsent", "dpmwr"},
      {"AddGroupMembers", "dpm"},
      {"UploadEvidence", "dpmwr"},
      {"DownloadEvidence", "dpmwrs"},
      {"ListEvidence", "dpmwrs"},
      {"FindSimilar", "dpm"},
      {"ImportComplaints", "dpm"},
      {"RecordMoney", "dpmwrs"},
      {"ListMoney", "dpmwrs"},
      {"RequestApproval", "m"},
      {"Approve", "m"},
      {"DiscloseComplaint", "s"},
      {"SettleDisclosure", "s"},
      {"ReadEvents", "s"},
  };
  return *expected;
}

char LetterOf(Role role) {
  switch (role) {
    case Role::kDesk:
      return 'd';
    case Role::kProvince:
      return 'p';
    case Role::kMinistry:
      return 'm';
    case Role::kWorker:
      return 'w';
    case Role::kRepresentative:
      return 'r';
    case Role::kAttache:
      return 'a';
    case Role::kProtectionOfficer:
      return 'o';
    case Role::kService:
      return 's';
    default:
      return '-';  // Contact, labour office, kiosk, statistics, auditor, admin: nothing here.
  }
}

TEST(AccessTest, EveryPairOfRoleAndVerbIsAllowedOrRefusedAsTheTableSays) {
  int pairs = 0;
  for (const auto& [verb, letters] : Expected()) {
    for (int number = 0; number < static_cast<int>(Role::kCount); ++number) {
      const Role role = static_cast<Role>(number);
      const bool expected = letters.find(LetterOf(role)) != std::string::npos;
      EXPECT_EQ(IntakeAccess().Allows(verb, role, {Right::kApprove}), expected)
          << verb << " by " << auth::RoleName(role);
      ++pairs;
    }
  }
  EXPECT_EQ(pairs, 24 * 14);
  EXPECT_EQ(IntakeAccess().verbs().size(), Expected().size());
}

TEST(AccessTest, ApprovingNeedsTheRightBesideTheRole) {
  Principal officer;
  officer.roles = {Role::kMinistry};
  EXPECT_EQ(GetRefusal(IntakeAccess().Check("Approve", officer))->reason, "RIGHT_MISSING");
  officer.rights = {Right::kApprove};
  EXPECT_TRUE(IntakeAccess().Check("Approve", officer).ok());
}

CaseFacts SampleCase() { return {"KH-26-0000417-X", "kh:battambang-mrc", "KH-2", "MY", 1}; }

MemberAccessFacts SampleOf(std::string nationality, bool embassy) {
  MemberAccessFacts member{"00000000000000000000000001", std::move(nationality), {}};
  if (embassy)
    member.consents = {{"EMBASSY", "", "GRANTED", {kNarrative, kSensitiveNarrative}, ""}};
  return member;
}

Principal Caller(Role role) {
  Principal caller;
  caller.node = "kh";
  caller.roles = {role};
  return caller;
}

bool SeesMember(const Principal& caller, const MemberAccessFacts& member) {
  return MaySeeMember(caller, SampleCase(), member, {AttacheNationality(caller)}, kSampleToday);
}

TEST(AccessTest, ADeskSeesTheCasesThatItsBodyFiled) {
  Principal desk = Caller(Role::kDesk);
  EXPECT_FALSE(MaySeeCase(desk, SampleCase()));
  desk.body_id = "kh:lscw";
  EXPECT_FALSE(MaySeeCase(desk, SampleCase()));
  desk.body_id = "kh:battambang-mrc";
  EXPECT_TRUE(MaySeeCase(desk, SampleCase()));
  EXPECT_TRUE(SeesMember(desk, SampleOf("KH", false)));
  CaseFacts by_worker = SampleCase();
  by_worker.filed_by_body_id = "";
  desk.body_id = "";
  EXPECT_FALSE(MaySeeCase(desk, by_worker));
}

TEST(AccessTest, AProvinceSeesWhatItHandlesAndTheMinistryEverything) {
  Principal province = Caller(Role::kProvince);
  EXPECT_FALSE(MaySeeCase(province, SampleCase()));
  province.province = "KH-12";
  EXPECT_FALSE(MaySeeCase(province, SampleCase()));
  province.province = "KH-2";
  EXPECT_TRUE(MaySeeCase(province, SampleCase()));
  CaseFacts national = SampleCase();
  national.province = "";
  province.province = "";
  EXPECT_FALSE(MaySeeCase(province, national));
  EXPECT_TRUE(MaySeeCase(Caller(Role::kMinistry), SampleCase()));
}

TEST(AccessTest, AWorkerSeesTheOwnCaseAndInItTheOwnPart) {
  Principal worker = Caller(Role::kWorker);
  EXPECT_FALSE(MaySeeCase(worker, SampleCase()));
  worker.case_number = "KH-26-0000417-X";
  worker.member_id = "00000000000000000000000001";
  EXPECT_TRUE(MaySeeCase(worker, SampleCase()));
  EXPECT_TRUE(SeesMember(worker, SampleOf("KH", false)));
  EXPECT_TRUE(CheckOwnMember(worker, worker.member_id).ok());
  EXPECT_EQ(CheckOwnMember(worker, "00000000000000000000000002").code(),
            absl::StatusCode::kNotFound);
  EXPECT_TRUE(CheckOwnMember(Caller(Role::kDesk), "00000000000000000000000002").ok());
  worker.member_id = "00000000000000000000000002";
  EXPECT_FALSE(SeesMember(worker, SampleOf("KH", false)));
}

TEST(AccessTest, AnAttacheSeesOwnNationalsInThePostedCountryWhoAgreed) {
  Principal attache = Caller(Role::kAttache);
  attache.body_id = "kh:embassy-kuala-lumpur";
  attache.posting = "TH";
  EXPECT_FALSE(MaySeeCase(attache, SampleCase()));
  attache.posting = "MY";
  EXPECT_TRUE(MaySeeCase(attache, SampleCase()));
  EXPECT_TRUE(SeesMember(attache, SampleOf("KH", true)));
  EXPECT_FALSE(SeesMember(attache, SampleOf("KH", false)));
  EXPECT_FALSE(SeesMember(attache, SampleOf("VN", true)));
  CaseFacts nobody_agreed = SampleCase();
  nobody_agreed.embassy_consents = 0;
  EXPECT_FALSE(MaySeeCase(attache, nobody_agreed));
}

TEST(AccessTest, AForeignAttacheAndAProxyFollowTheirOwnNationalities) {
  Principal attache = Caller(Role::kAttache);
  attache.body_id = "vn:embassy-phnom-penh";
  attache.posting = "MY";
  EXPECT_EQ(AttacheNationality(attache), "VN");
  EXPECT_TRUE(SeesMember(attache, SampleOf("VN", true)));
  EXPECT_FALSE(SeesMember(attache, SampleOf("KH", true)));
  EXPECT_TRUE(
      MaySeeMember(attache, SampleCase(), SampleOf("LA", true), {"VN", "LA"}, kSampleToday));
}

TEST(AccessTest, RolesWithoutCaseDataSeeNoCase) {
  for (Role role : {Role::kContact, Role::kLabourOffice, Role::kKiosk, Role::kStatistics,
                    Role::kAuditor, Role::kAdmin}) {
    EXPECT_FALSE(MaySeeCase(Caller(role), SampleCase())) << auth::RoleName(role);
  }
}

TEST(AccessTest, TheNarrativeOfSexualViolenceOpensOnlyByConsent) {
  const FieldGroupSet all = FieldGroupSet::All();
  const auto head = [&](const Principal& caller, bool group, FieldGroupSet filing) {
    return HeadView(caller, SampleCase(), group, filing, all).groups.Has(kSensitiveNarrative);
  };
  Principal desk = Caller(Role::kDesk);
  desk.body_id = "kh:battambang-mrc";
  EXPECT_TRUE(head(desk, true, {}));
  EXPECT_FALSE(head(Caller(Role::kMinistry), true, {kNarrative}));
  EXPECT_TRUE(head(Caller(Role::kMinistry), true, {kSensitiveNarrative}));
  Principal worker = Caller(Role::kWorker);
  worker.case_number = SampleCase().case_number;
  EXPECT_TRUE(head(worker, false, {}));
  EXPECT_FALSE(head(worker, true, all));
  Principal family = Caller(Role::kRepresentative);
  family.case_number = SampleCase().case_number;
  EXPECT_FALSE(head(family, false, all));
  Principal attache = Caller(Role::kAttache);
  attache.posting = "MY";
  EXPECT_FALSE(head(attache, false, all));
  EXPECT_FALSE(head(Caller(Role::kProtectionOfficer), false, all));
  EXPECT_FALSE(head(Caller(Role::kService), false, all));
}

TEST(AccessTest, AProtectionOfficerAndAServiceSeeNoPersonalField) {
  for (Role role : {Role::kProtectionOfficer, Role::kService}) {
    const FieldView head =
        HeadView(Caller(role), SampleCase(), false, FieldGroupSet::All(), FieldGroupSet::All());
    EXPECT_TRUE(head.groups.empty());
    EXPECT_FALSE(head.home_fields);
    EXPECT_TRUE(MemberView(Caller(role), SampleCase(), SampleOf("KH", true), false, kSampleToday)
                    .groups.empty());
  }
}

TEST(AccessTest, WhoConsentedToWhomIsInNumbersForHomeStaffAndServicesOnly) {
  const auto shown = [](const Principal& caller) {
    return RoutingView(caller, HeadView(caller, SampleCase(), true, {}, FieldGroupSet::All()))
        .home_fields;
  };
  Principal desk = Caller(Role::kDesk);
  desk.body_id = "kh:battambang-mrc";
  Principal province = Caller(Role::kProvince);
  province.province = "KH-2";
  for (const Principal& caller :
       {desk, province, Caller(Role::kMinistry), Caller(Role::kService)}) {
    EXPECT_TRUE(shown(caller));
  }
  Principal attache = Caller(Role::kAttache);
  attache.posting = "MY";
  Principal worker = Caller(Role::kWorker);
  worker.case_number = SampleCase().case_number;
  for (const Principal& caller : {attache, worker, Caller(Role::kProtectionOfficer)}) {
    EXPECT_FALSE(shown(caller));
  }
}

TEST(AccessTest, ARepresentativeDoesNotLearnWhereAShelterIs) {
  Principal family = Caller(Role::kRepresentative);
  family.case_number = SampleCase().case_number;
  family.member_id = "00000000000000000000000001";
  const auto view = [&](const Principal& caller, bool in_shelter) {
    return MemberView(caller, SampleCase(), SampleOf("KH", false), in_shelter, kSampleToday);
  };
  EXPECT_FALSE(view(family, true).groups.Has(kWhereabouts));
  EXPECT_TRUE(view(family, false).groups.Has(kWhereabouts));
  Principal worker = family;
  worker.roles = {Role::kWorker};
  EXPECT_TRUE(view(worker, true).groups.Has(kWhereabouts));
}

TEST(AccessTest, AnAttacheSeesTheGroupsThatTheMemberLetOut) {
  Principal attache = Caller(Role::kAttache);
  attache.posting = "MY";
  const FieldView view =
      MemberView(attache, SampleCase(), SampleOf("KH", true), false, kSampleToday);
  EXPECT_EQ(view.groups, FieldGroupSet({kNarrative}));
  EXPECT_FALSE(view.home_fields);
}

}  // namespace
}  // namespace redress::intake
