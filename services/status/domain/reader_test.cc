#include "services/status/domain/reader.h"

#include <map>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/status/domain/access.h"
#include "services/status/domain/apply.h"
#include "services/status/domain/testing/sample_events.h"

namespace redress::status {
namespace {

using auth::Principal;
using auth::Role;
using testing::CaseStory;
using testing::Day;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// One line a verb, one column a role in the order of the enum:
//   desk ministry province contact labour_office attache worker representative kiosk statistics
//   protection_officer auditor admin service
constexpr char kMatrix[] = R"(
GetCaseStatus   x x x x x x x x . . x x . .
ListCases       x x x x x x . . . . x x . .
GetTimeline     x x x x x x x x . . x x . .
WatchCases      x x x x x x x x . . x x . .
TrackByReceipt  . . . . . . . . x . . . . .
CountCases      x x x x x . . . . x . x . .
)";

TEST(AccessTest, EachRoleMayUseExactlyItsVerbs) {
  std::istringstream lines(kMatrix);
  int verbs = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    ++verbs;
    std::istringstream words(line);
    std::string verb;
    words >> verb;
    for (int role = 0; role < static_cast<int>(Role::kCount); ++role) {
      std::string mark;
      words >> mark;
      EXPECT_EQ(StatusAccess().Allows(verb, static_cast<Role>(role)), mark == "x")
          << verb << " " << auth::RoleName(static_cast<Role>(role));
    }
  }
  EXPECT_EQ(static_cast<size_t>(verbs), StatusAccess().verbs().size());
}

Principal Caller(Role role, std::string body = "") {
  Principal caller;
  caller.node = "kh";
  caller.person_id = "somebody";
  caller.body_id = std::move(body);
  caller.roles.Insert(role);
  return caller;
}

const Date kToday{2026, 11, 22};

// The case of the story, as it stands at `node` in referral state `state`.
CaseRow Row(const std::string& node, ReferralState state, int embassy = 0) {
  const ApplyContext context{node, Day(20)};
  const bool home = node == "kh";
  CaseStory story;
  CaseRows rows;
  rows.row = NewCase(context, testing::kCase);
  const auto take = [&](const auto& event) {
    rows.members.clear();
    for (const std::string& id : MembersOf(event)) rows.members[id] = NewMember(id);
    Apply(context, event, rows);
  };
  const IntakeEvent filed = story.Filed(0, 3, embassy);
  if (home) take(filed);
  take(story.Sent(1, home));
  if (state != ReferralState::kSent) {
    take(story.Fact(2, "DELIVERED", ReferralState::kSent, state, home));
  }
  return rows.row;
}

bool Sees(const Principal& caller, const CaseRow& row) {
  return SightOf(ReaderOf(caller, {}, {}, kToday), row).has_value();
}

TEST(ReaderTest, EachRoleSeesExactlyWhatItShouldAtHome) {
  const CaseRow row = Row("kh", ReferralState::kDelivered);
  EXPECT_TRUE(Sees(Caller(Role::kMinistry, testing::kMinistry), row));
  EXPECT_TRUE(Sees(Caller(Role::kAuditor), row));
  EXPECT_TRUE(Sees(Caller(Role::kProtectionOfficer), row));
  EXPECT_TRUE(Sees(Caller(Role::kDesk, testing::kDesk), row));
  EXPECT_FALSE(Sees(Caller(Role::kDesk, "kh:lscw"), row));
  EXPECT_TRUE(Sees(Caller(Role::kContact, testing::kUnion), row));
  EXPECT_FALSE(Sees(Caller(Role::kContact, "my:serc"), row));
  EXPECT_FALSE(Sees(Caller(Role::kContact, testing::kDesk), row));
  for (Role role : {Role::kWorker, Role::kKiosk, Role::kStatistics, Role::kAdmin, Role::kService}) {
    EXPECT_FALSE(Sees(Caller(role, testing::kDesk), row)) << auth::RoleName(role);
  }
  Principal province = Caller(Role::kProvince);
  EXPECT_FALSE(Sees(province, row));
  province.province = "KH-2";
  EXPECT_TRUE(Sees(province, row));
  province.province = "KH-3";
  EXPECT_FALSE(Sees(province, row));
}

TEST(ReaderTest, EachRoleSeesExactlyWhatItShouldAtTheDestination) {
  const CaseRow row = Row("my", ReferralState::kDelivered);
  EXPECT_TRUE(Sees(Caller(Role::kContact, testing::kUnion), row));
  EXPECT_TRUE(Sees(Caller(Role::kLabourOffice, testing::kUnion), row));
  EXPECT_TRUE(Sees(Caller(Role::kAuditor), row));
  // What went to a union is not the business of the government there.
  EXPECT_FALSE(Sees(Caller(Role::kMinistry, "my:mohr"), row));
  EXPECT_FALSE(Sees(Caller(Role::kDesk, testing::kDesk), row));
}

TEST(ReaderTest, AReceiverSeesAReferralOnceItIsDelivered) {
  EXPECT_FALSE(Sees(Caller(Role::kContact, testing::kUnion), Row("my", ReferralState::kSent)));
  EXPECT_TRUE(Sees(Caller(Role::kContact, testing::kUnion), Row("my", ReferralState::kDelivered)));
}

class AttacheTest : public ::testing::Test {
 protected:
  AttacheTest() { attache_.posting = "MY"; }
  bool Sees(const CaseRow& row) {
    return SightOf(ReaderOf(attache_, own_, proxies_, kToday), row).has_value();
  }
  Principal attache_ = Caller(Role::kAttache, "kh:embassy-kl");
  std::vector<Mission> own_ = {{"KH", "KH", "MY", "2026-01-01", "2026-12-31"}};
  std::vector<Mission> proxies_;
};

TEST_F(AttacheTest, SeesNationalsWhoAgreedInThePostedCountry) {
  EXPECT_TRUE(Sees(Row("kh", ReferralState::kDelivered, 1)));
  EXPECT_FALSE(Sees(Row("kh", ReferralState::kDelivered, 0)));
}

TEST_F(AttacheTest, SeesNothingWithoutAPostingInForce) {
  own_[0].to = "2026-11-21";
  EXPECT_FALSE(Sees(Row("kh", ReferralState::kDelivered, 1)));
  own_.clear();
  EXPECT_FALSE(Sees(Row("kh", ReferralState::kDelivered, 1)));
}

TEST_F(AttacheTest, SeesNothingOfAnotherCountryThanTheTokensPosting) {
  attache_.posting = "TH";
  EXPECT_FALSE(Sees(Row("kh", ReferralState::kDelivered, 1)));
}

TEST_F(AttacheTest, ActsForOthersUnderAnAgreementInForceOnly) {
  own_ = {{"PH", "PH", "MY", "2026-01-01", ""}};
  EXPECT_FALSE(Sees(Row("kh", ReferralState::kDelivered, 1)));
  proxies_ = {{"PH", "KH", "MY", "2026-06-01", ""}};
  EXPECT_TRUE(Sees(Row("kh", ReferralState::kDelivered, 1)));
  proxies_[0].from = "2026-12-01";
  EXPECT_FALSE(Sees(Row("kh", ReferralState::kDelivered, 1)));
}

TEST_F(AttacheTest, SeesOnlyTheMembersWhoAgreed) {
  const CaseRow row = Row("kh", ReferralState::kDelivered, 2);
  const CaseView view = See(row, AttacheScope("KH", "MY"));
  EXPECT_EQ(view.member_count, 2u);
  EXPECT_EQ(view.progress.members, 2);
}

TEST(TimelineTest, AReceiverSeesTheEntriesOfItsOwnReferralsOnly) {
  const CaseRow row = Row("kh", ReferralState::kDelivered);
  const Scope receiver{ScopeKind::kReceiver, testing::kUnion};
  TimelineEntry entry;
  EXPECT_FALSE(IsShown(entry, receiver, row));
  entry.referral_id = testing::kReferral;
  EXPECT_TRUE(IsShown(entry, receiver, row));
  entry.referral_id = std::string(testing::kCase) + "/R2";
  EXPECT_FALSE(IsShown(entry, receiver, row));
}

TEST(TimelineTest, AWorkerSeesNothingThatConcernsOthersOnly) {
  MemberRow member = NewMember("A");
  TimelineEntry entry;
  EXPECT_TRUE(IsShownToMember(entry, member));
  entry.member_ids = {"B"};
  EXPECT_FALSE(IsShownToMember(entry, member));
  entry.member_ids = {"A", "B"};
  EXPECT_TRUE(IsShownToMember(entry, member));
  entry.what = "APPROVAL_REQUESTED";
  EXPECT_FALSE(IsShownToMember(entry, member));
}

TEST(CountScopesTest, NoCaseIsCountedTwice) {
  Principal both = Caller(Role::kMinistry, testing::kMinistry);
  both.roles.Insert(Role::kDesk);
  EXPECT_THAT(CountScopes(both), ElementsAre(Scope{ScopeKind::kHome, ""}));
  EXPECT_THAT(CountScopes(Caller(Role::kContact, testing::kUnion)),
              ElementsAre(Scope{ScopeKind::kReceiver, testing::kUnion}));
  EXPECT_THAT(CountScopes(Caller(Role::kAttache)), IsEmpty());
}

}  // namespace
}  // namespace redress::status
