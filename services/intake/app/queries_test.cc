#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/intake/app/testing/intake_fixture.h"

namespace redress::intake {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class QueriesTest : public IntakeTest {
 protected:
  std::vector<ListRow> List(Caller caller, ListFilter filter = {}) {
    std::vector<ListRow> rows;
    std::string token;
    do {
      auto page = Run(app_.queries().ListComplaints(caller, filter, PageRequest{2, token}));
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      for (ListRow& row : page->cases) rows.push_back(std::move(row));
      token = page->next_page_token;
    } while (!token.empty());
    return rows;
  }
};

TEST_F(QueriesTest, TheDeskSeesItsOwnCaseWhole) {
  const VerbAnswer filed = FileGroup(2);
  const CaseView view = View(Desk(), filed);
  EXPECT_EQ(view.complaint, SampleComplaint());
  EXPECT_EQ(view.members.by_nationality[0].count, 2u);
  EXPECT_EQ(view.head.filed_by.subject, "");
  const auto members = Run(app_.queries().ListGroupMembers(Desk(), filed.case_number, {}, {}));
  ASSERT_THAT(members->members, SizeIs(2));
  EXPECT_EQ(members->members[0].complainant, SampleMember(1).complainant);
  EXPECT_THAT(members->members[0].consents, SizeIs(2));
}

TEST_F(QueriesTest, TheMinistryDoesNotReadOfSexualViolenceWithoutConsent) {
  const VerbAnswer filed = FileGroup(1);
  EXPECT_EQ(View(Ministry(), filed).complaint.sensitive_narrative, "");
  ComplaintFiling consenting = SampleFiling(1);
  consenting.consents[0].groups = {FieldGroup::kSensitiveNarrative};
  EXPECT_EQ(View(Ministry(), File(consenting)).complaint.sensitive_narrative,
            "told to one person only");
}

TEST_F(QueriesTest, AForeignCaseIsNotFound) {
  const VerbAnswer filed = FileGroup(1);
  EXPECT_EQ(Run(app_.queries().GetComplaint(OtherDesk(), filed.case_number)).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(QueriesTest, AnExpiredConsentIsShownAsExpired) {
  const VerbAnswer filed = FileGroup(1);
  clock_.Advance(absl::Hours(24 * 400));
  const auto page = Run(app_.queries().ListGroupMembers(Desk(), filed.case_number, {}, {}));
  EXPECT_EQ(page->members[0].consents[1].status, "EXPIRED");
}

TEST_F(QueriesTest, ListsShowTheLatestFirstAndOnlyWhatTheReaderMaySee) {
  std::vector<VerbAnswer> filed;
  for (int i = 0; i < 5; ++i) {
    filed.push_back(FileGroup(1));
    clock_.Advance(absl::Minutes(1));
  }
  Must(Run(app_.filing().FileComplaint(OtherDesk(), Mark(), SampleFiling(1))));
  const std::vector<ListRow> own = List(Desk());
  ASSERT_THAT(own, SizeIs(5));
  EXPECT_EQ(own[0].case_number, filed[4].case_number);
  EXPECT_EQ(own[0].version, filed[4].version);
  EXPECT_THAT(List(Ministry()), SizeIs(6));
  EXPECT_THAT(List(OtherDesk()), SizeIs(1));
  EXPECT_THAT(List(Attache()), IsEmpty());
  auth::Principal province = Person("p", "kh:dolvt-btb", auth::Role::kProvince);
  province.province = "KH-2";
  EXPECT_THAT(List(Of(province)), SizeIs(6));
}

TEST_F(QueriesTest, ListsAreFilteredAndShowTheNewestVersion) {
  const VerbAnswer admitted = Admit(FileGroup(1));
  FileGroup(1);
  ListFilter open;
  open.states = {CaseState::kOpen};
  const std::vector<ListRow> rows = List(Ministry(), open);
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].version, admitted.version);
  EXPECT_TRUE(rows[0].urgency_confirmed);
  ListFilter reference;
  reference.own_reference = "MRC 2026/114";
  EXPECT_THAT(List(Desk(), reference), SizeIs(2));
  EXPECT_THAT(List(OtherDesk(), reference), IsEmpty());
  ListFilter elsewhere;
  elsewhere.destination = "TH";
  EXPECT_THAT(List(Ministry(), elsewhere), IsEmpty());
}

TEST_F(QueriesTest, APageTokenIsGoodForItsOwnFilterAndCallerOnly) {
  for (int i = 0; i < 3; ++i) FileGroup(1);
  const auto page = Run(app_.queries().ListComplaints(Desk(), {}, PageRequest{2, ""}));
  ListFilter other;
  other.destination = "MY";
  const PageRequest next{2, page->next_page_token};
  EXPECT_EQ(ReasonOf(Run(app_.queries().ListComplaints(Desk(), other, next))),
            "PAGE_TOKEN_INVALID");
  EXPECT_EQ(ReasonOf(Run(app_.queries().ListComplaints(Ministry(), {}, next))),
            "PAGE_TOKEN_INVALID");
  EXPECT_TRUE(Run(app_.queries().ListComplaints(Desk(), {}, next)).ok());
}

TEST_F(QueriesTest, MembersPageInTheOrderOfFiling) {
  const VerbAnswer filed = FileGroup(5);
  std::vector<MemberId> seen;
  std::string token;
  do {
    const auto page =
        Run(app_.queries().ListGroupMembers(Desk(), filed.case_number, {}, PageRequest{2, token}));
    ASSERT_TRUE(page.ok()) << page.status();
    for (const GroupMember& member : page->members) seen.push_back(member.member_id);
    token = page->next_page_token;
  } while (!token.empty());
  EXPECT_EQ(seen, filed.member_ids);
}

TEST_F(QueriesTest, SimilarCasesAreFoundAmongThoseTheCallerMaySee) {
  const VerbAnswer first = FileGroup(1);
  const VerbAnswer second = FileGroup(1);
  const auto found = Run(app_.similar().FindSimilarTo(Desk(), first.case_number, 10));
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_THAT(found->cases, SizeIs(1));
  EXPECT_EQ(found->cases[0].case_number, second.case_number);
  EXPECT_TRUE(found->cases[0].same_worker);
  EXPECT_GE(found->cases[0].score, kLookFirst);
  EXPECT_THAT(Run(app_.similar().FindSimilar(OtherDesk(), SampleFiling(1), 10))->cases, IsEmpty());
  EXPECT_THAT(Run(app_.similar().FindSimilar(Ministry(), SampleFiling(1), 1))->cases, SizeIs(1));
}

TEST_F(QueriesTest, AReaderOfEventsBeyondTheLogIsTold) {
  FileGroup(1);
  EXPECT_EQ(Run(app_.events().Read(1, 10))->events.size(), 0u);
  EXPECT_EQ(Run(app_.events().Read(2, 10)).status().code(), absl::StatusCode::kOutOfRange);
}

}  // namespace
}  // namespace redress::intake
