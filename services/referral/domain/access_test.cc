#include "services/referral/domain/access.h"

#include <map>
#include <set>
#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/status/refusal.h"

namespace redress::referral {
namespace {

using auth::AccessTable;
using auth::Principal;
using auth::Right;
using auth::RightSet;
using auth::Role;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// One line a verb, one column a role in the order of the enum:
//   desk ministry province contact labour_office attache worker representative kiosk statistics
//   protection_officer auditor admin service
// x: may; r: may with the right `refer`; a dot: may not.
constexpr char kReferralMatrix[] = R"(
ReferComplaint           r x r . . . . . . . . . . .
GetReferral              x x x x x . x x . . x x . x
ListReferrals            x x x x x . . . . . x x . x
AcknowledgeReferral      . . . x x . . . . . . . . .
AcceptReferral           . . . x x . . . . . . . . .
DeclineReferral          . . . x x . . . . . . . . .
RequestInformation       . . . x x . . . . . . . . .
ProvideInformation       x x r . . . . . . . . . . .
ForwardReferral          . . . x x . . . . . . . . .
StartReferral            . . . x x . . . . . . . . .
RecordStep               . . . x x . . . . . . . . .
HoldReferral             . . . x x . . . . . . . . .
ResumeReferral           . . . x x . . . . . . . . .
ProposeSolution          . . . x x . . . . . . . . .
WithdrawProposal         . . . x x . . . . . . . . .
AnswerProposal           x x r . . . x x . . . . . .
ConcludeReferral         . . . x x . . . . . . . . .
RecallReferral           r x r . . . . . . . . . . x
RequeueReferral          . x . . . . . . . . . . x .
UpdateDisclosure         x x r . . . . . . . . . . .
RecordReferralMoney      . . . x x . . . . . . . . .
UploadReferralEvidence   . . . x x . . . . . . . . .
DownloadReferralEvidence x x x x x . . . . . x . . x
ListReferralEvidence     x x x x x . . . . . x . . x
ReadEvents               . . . . . . . . . . . . . x
)";

constexpr char kDirectoryMatrix[] = R"(
PutBody                  . x . x x . . . . . . . x .
GetBody                  x x x x x x x x x x x x x x
ListBodies               x x x x x x x x x x x x x x
PutAgreement             . x . . . . . . . . . . x .
GetAgreement             x x x x x x x x x x x x x x
ListAgreements           x x x x x x x x x x x x x x
PutPosting               . x . . . . . . . . . . x .
GetPosting               . x . . . x . . . . . x x x
ListPostings             . x . . . x . . . . . x x x
SuggestRecipients        r x r . . . . . . . . . . .
)";

void ExpectMatrix(const AccessTable& table, const char* matrix) {
  std::istringstream lines(matrix);
  std::set<std::string> named;
  std::string verb;
  while (lines >> verb) {
    named.insert(verb);
    for (int i = 0; i < static_cast<int>(Role::kCount); ++i) {
      const Role role = static_cast<Role>(i);
      std::string mark;
      lines >> mark;
      EXPECT_EQ(table.Allows(verb, role), mark == "x") << verb << " × " << RoleName(role);
      EXPECT_EQ(table.Allows(verb, role, {Right::kRefer}), mark != ".")
          << verb << " × " << RoleName(role) << " with refer";
    }
  }
  for (std::string_view held : table.verbs()) EXPECT_TRUE(named.contains(std::string(held)));
  EXPECT_EQ(table.verbs().size(), named.size());
}

TEST(AccessTest, EveryPairOfRoleAndReferralVerbIsAsWrittenDown) {
  ExpectMatrix(ReferralAccess(), kReferralMatrix);
}

TEST(AccessTest, EveryPairOfRoleAndDirectoryVerbIsAsWrittenDown) {
  ExpectMatrix(DirectoryAccess(), kDirectoryMatrix);
}

ReferralScope AtHome() {
  return {.local_side = Side::kHome,
          .state = ReferralState::kInProgress,
          .was_shown = true,
          .case_number = "KH-26-0000417-X",
          .home_node = NodeId::FromTrusted("kh"),
          .receiver = BodyId::FromTrusted("my:mtuc"),
          .filed_by = BodyId::FromTrusted("kh:battambang-mrc"),
          .province = "KH-2"};
}

ReferralScope AtDestination() {
  ReferralScope scope = AtHome();
  scope.local_side = Side::kDestination;
  scope.filed_by = {};
  scope.province = "";
  return scope;
}

Principal Caller(Role role, std::string node = "kh", std::string body = "") {
  Principal caller;
  caller.node = std::move(node);
  caller.person_id = "p1";
  caller.body_id = std::move(body);
  caller.roles = {role};
  return caller;
}

TEST(SightTest, NobodySeesAnythingUnlessALineSaysSo) {
  for (int i = 0; i < static_cast<int>(Role::kCount); ++i) {
    const Role role = static_cast<Role>(i);
    const Sight home = SightOf(Caller(role), AtHome());
    switch (role) {
      case Role::kMinistry:
      case Role::kService:
      case Role::kProtectionOfficer:
        EXPECT_EQ(home, Sight::kAll) << RoleName(role);
        break;
      case Role::kAuditor:
        EXPECT_EQ(home, Sight::kNoContent);
        break;
      default:
        EXPECT_EQ(home, Sight::kNothing) << RoleName(role);
    }
  }
  EXPECT_EQ(SightOf(Principal(), AtHome()), Sight::kNothing);
}

TEST(SightTest, ADeskSeesItsOwnCasesOnly) {
  EXPECT_EQ(SightOf(Caller(Role::kDesk, "kh", "kh:battambang-mrc"), AtHome()), Sight::kAll);
  EXPECT_EQ(SightOf(Caller(Role::kDesk, "kh", "kh:lscw"), AtHome()), Sight::kNothing);
}

TEST(SightTest, AProvinceSeesItsOwnCasesOnly) {
  Principal caller = Caller(Role::kProvince);
  caller.province = "KH-2";
  EXPECT_EQ(SightOf(caller, AtHome()), Sight::kAll);
  caller.province = "KH-3";
  EXPECT_EQ(SightOf(caller, AtHome()), Sight::kNothing);
}

TEST(SightTest, AContactSeesWhatIsAddressedToItsBodyOnceDelivered) {
  for (Role role : {Role::kContact, Role::kLabourOffice}) {
    ReferralScope scope = AtDestination();
    EXPECT_EQ(SightOf(Caller(role, "my", "my:mtuc"), scope), Sight::kAll);
    EXPECT_EQ(SightOf(Caller(role, "my", "my:serc"), scope), Sight::kNothing);
    scope.was_shown = false;
    EXPECT_EQ(SightOf(Caller(role, "my", "my:mtuc"), scope), Sight::kNothing);
    EXPECT_EQ(SightOf(Caller(role, "kh", "my:mtuc"), AtHome()), Sight::kNothing);
  }
}

TEST(SightTest, TheMinistryOfTheDestinationSeesNothing) {
  EXPECT_EQ(SightOf(Caller(Role::kMinistry, "my"), AtDestination()), Sight::kNothing);
}

TEST(SightTest, AWorkerSeesTheOneCaseOfTheToken) {
  for (Role role : {Role::kWorker, Role::kRepresentative}) {
    Principal worker = Caller(role);
    worker.case_number = "KH-26-0000417-X";
    worker.member_id = "00000000000000000000000001";
    EXPECT_EQ(SightOf(worker, AtHome()), Sight::kOwnMember);
    EXPECT_EQ(SightOf(worker, AtDestination()), Sight::kNothing);
    ReferralScope not_disclosed = AtHome();
    not_disclosed.member_disclosed = false;
    EXPECT_EQ(SightOf(worker, not_disclosed), Sight::kNothing);
    worker.case_number = "KH-26-0000418-V";
    EXPECT_EQ(SightOf(worker, AtHome()), Sight::kNothing);
  }
}

TEST(SightTest, OnALoopbackLinkBothSidesSeeIt) {
  ReferralScope scope = AtHome();
  scope.loopback = true;
  scope.receiver = BodyId::FromTrusted("kh:labour-office");
  EXPECT_EQ(SightOf(Caller(Role::kLabourOffice, "kh", "kh:labour-office"), scope), Sight::kAll);
  EXPECT_EQ(SightOf(Caller(Role::kMinistry), scope), Sight::kAll);
}

TEST(MayMoveTest, EveryVerbOfTheReceiverWantsItsBodyAtTheDestination) {
  for (std::string_view verb :
       {"AcknowledgeReferral", "AcceptReferral", "DeclineReferral", "RequestInformation",
        "ForwardReferral", "StartReferral", "RecordStep", "HoldReferral", "ResumeReferral",
        "ProposeSolution", "WithdrawProposal", "ConcludeReferral", "RecordReferralMoney",
        "UploadReferralEvidence"}) {
    EXPECT_TRUE(CheckMayMove(verb, Caller(Role::kContact, "my", "my:mtuc"), AtDestination()).ok());
    EXPECT_EQ(CheckMayMove(verb, Caller(Role::kContact, "my", "my:serc"), AtDestination()).code(),
              absl::StatusCode::kNotFound);
    EXPECT_FALSE(CheckMayMove(verb, Caller(Role::kMinistry), AtHome()).ok());
  }
}

TEST(MayMoveTest, HomesVerbsWantTheMinistryOrTheRightToRefer) {
  Principal desk = Caller(Role::kDesk, "kh", "kh:battambang-mrc");
  for (std::string_view verb : {"ReferComplaint", "RecallReferral"}) {
    EXPECT_TRUE(CheckMayMove(verb, Caller(Role::kMinistry), AtHome()).ok());
    EXPECT_FALSE(CheckMayMove(verb, desk, AtHome()).ok());
  }
  desk.rights = {Right::kRefer};
  EXPECT_TRUE(CheckMayMove("ReferComplaint", desk, AtHome()).ok());
  desk.body_id = "kh:lscw";
  EXPECT_FALSE(CheckMayMove("ReferComplaint", desk, AtHome()).ok());
  EXPECT_TRUE(CheckMayMove("RecallReferral", Caller(Role::kService), AtHome()).ok());
  EXPECT_FALSE(CheckMayMove("ReferComplaint", Caller(Role::kService), AtHome()).ok());
  EXPECT_TRUE(CheckMayMove("RequeueReferral", Caller(Role::kAdmin), AtHome()).ok());
}

TEST(MayMoveTest, AnswersComeFromTheWorkerTheDeskOrTheMinistry) {
  Principal worker = Caller(Role::kWorker);
  worker.case_number = "KH-26-0000417-X";
  worker.member_id = "00000000000000000000000001";
  const Principal desk = Caller(Role::kDesk, "kh", "kh:battambang-mrc");
  EXPECT_TRUE(CheckMayMove("AnswerProposal", worker, AtHome()).ok());
  EXPECT_TRUE(CheckMayMove("AnswerProposal", desk, AtHome()).ok());
  EXPECT_TRUE(CheckMayMove("ProvideInformation", desk, AtHome()).ok());
  EXPECT_TRUE(CheckMayMove("UpdateDisclosure", Caller(Role::kMinistry), AtHome()).ok());
  EXPECT_FALSE(CheckMayMove("ProvideInformation", worker, AtHome()).ok());
  EXPECT_FALSE(CheckMayMove("NoSuchVerb", Caller(Role::kMinistry), AtHome()).ok());
}

TEST(MayPutBodyTest, AContactChangesItsOwnBodyOnly) {
  const BodyId mtuc = BodyId::FromTrusted("my:mtuc");
  EXPECT_TRUE(CheckMayPutBody(Caller(Role::kContact, "my", "my:mtuc"), mtuc).ok());
  EXPECT_FALSE(CheckMayPutBody(Caller(Role::kContact, "my", "my:serc"), mtuc).ok());
  EXPECT_TRUE(CheckMayPutBody(Caller(Role::kAdmin, "my"), mtuc).ok());
}

}  // namespace
}  // namespace redress::referral
