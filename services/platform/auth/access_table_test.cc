#include "services/platform/auth/access_table.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/status/refusal.h"

namespace redress::auth {
namespace {

using ::testing::ElementsAre;

const AccessTable& Table() {
  static const AccessTable table({
      {"FileComplaint", {Role::kDesk, Role::kMinistry}},
      {"ReferComplaint", {Role::kDesk}, {Right::kRefer}},
      {"ReferComplaint", {Role::kMinistry}},
      {"Approve", {Role::kMinistry}, {Right::kApprove, Right::kRefer}},
  });
  return table;
}

Principal Caller(RoleSet roles, RightSet rights = {}) {
  Principal caller;
  caller.roles = roles;
  caller.rights = rights;
  return caller;
}

TEST(AccessTableTest, AllowsExactlyWhatItSays) {
  int allowed = 0;
  for (uint8_t i = 0; i < static_cast<uint8_t>(Role::kCount); ++i) {
    for (std::string_view verb : Table().verbs()) {
      const Role role = static_cast<Role>(i);
      for (const RightSet rights : {RightSet(), RightSet::All()}) {
        const bool allows = Table().Allows(verb, role, rights);
        EXPECT_EQ(allows, Table().Check(verb, Caller({role}, rights)).ok());
        allowed += allows ? 1 : 0;
      }
    }
  }
  // FileComplaint 2 × 2, ReferComplaint desk 1 + ministry 2, Approve 1.
  EXPECT_EQ(allowed, 8);
}

TEST(AccessTableTest, ALackingRightIsNamed) {
  const absl::Status status = Table().Check("ReferComplaint", Caller({Role::kDesk}));
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(GetRefusal(status), (Refusal{"RIGHT_MISSING", {{"right", "refer"}}}));
}

TEST(AccessTableTest, EveryRightIsNeeded) {
  const absl::Status status = Table().Check("Approve", Caller({Role::kMinistry}, {Right::kRefer}));
  EXPECT_EQ(GetRefusal(status), (Refusal{"RIGHT_MISSING", {{"right", "approve"}}}));
}

TEST(AccessTableTest, AnotherRoleOfTheSamePersonMayFit) {
  EXPECT_TRUE(Table().Check("ReferComplaint", Caller({Role::kDesk, Role::kMinistry})).ok());
}

TEST(AccessTableTest, AWrongRoleLearnsWhichAreAccepted) {
  const absl::Status status = Table().Check("FileComplaint", Caller({Role::kKiosk}));
  EXPECT_EQ(GetRefusal(status),
            (Refusal{"ROLE_NOT_ALLOWED",
                     {{"verb", "FileComplaint"}, {"accepted_roles", "desk,ministry"}}}));
}

TEST(AccessTableTest, WhatIsNotInTheTableIsDenied) {
  const absl::Status status = Table().Check("DropTables", Caller(RoleSet::All(), RightSet::All()));
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(GetRefusal(status)->reason, "ROLE_NOT_ALLOWED");
  EXPECT_FALSE(Table().Allows("DropTables", Role::kAdmin, RightSet::All()));
}

TEST(AccessTableTest, NoRoleMeansNoAccess) {
  for (std::string_view verb : Table().verbs()) {
    EXPECT_FALSE(Table().Check(verb, Caller({}, RightSet::All())).ok());
  }
}

TEST(AccessTableTest, VerbsAreListedOnce) {
  EXPECT_THAT(Table().verbs(), ElementsAre("Approve", "FileComplaint", "ReferComplaint"));
}

TEST(PrincipalTest, EveryRoleAndRightHasANameOfItsOwn) {
  for (uint8_t i = 0; i < static_cast<uint8_t>(Role::kCount); ++i) {
    const Role role = static_cast<Role>(i);
    EXPECT_FALSE(RoleName(role).empty());
    EXPECT_EQ(ParseRole(RoleName(role)), role);
  }
  EXPECT_EQ(ParseRight("refer"), Right::kRefer);
  EXPECT_EQ(ParseRight("approve"), Right::kApprove);
  EXPECT_EQ(ParseRole("Desk"), std::nullopt);
  EXPECT_EQ(ParseRole(""), std::nullopt);
  EXPECT_EQ(ParseRight("root"), std::nullopt);
}

TEST(PrincipalTest, IsPrintedWithoutPersonCaseAndMember) {
  Principal caller = Caller({Role::kContact}, {Right::kRefer});
  caller.node = "my";
  caller.person_id = "dara.sok";
  caller.body_id = "my:mtuc";
  caller.case_number = "KH-26-0000417-X";
  caller.member_id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
  caller.key_id = "sig-1";
  EXPECT_EQ(DebugString(caller),
            "{node: my, body: my:mtuc, roles: contact, rights: refer, posting: , key: sig-1}");
  EXPECT_EQ(caller.CallerKey(), "my/dara.sok");
}

}  // namespace
}  // namespace redress::auth
