// What intake reads of ranges that do not fit into one page of the store: one entry a page here.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/intake/app/testing/intake_fixture.h"
#include "services/intake/app/whole_reads.h"
#include "services/platform/journal/commit.h"
#include "services/platform/kv/testing/short_page_store.h"

namespace redress::intake {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ShortPagesTest : public IntakeTest {
 protected:
  VerbAnswer Amend(const VerbAnswer& at, std::string narrative) {
    Complaint changed;
    changed.narrative = narrative;
    AmendCommand command{At(at), {"narrative"}, changed, {}, std::move(narrative)};
    return Must(Run(app_.cases().AmendComplaint(Desk(), Mark(), std::move(command))));
  }
  VerbAnswer AddMembers(const VerbAnswer& at, int first, int count) {
    AddMembersCommand command{At(at), {}, {SampleConsent("FILING", "")}};
    for (int i = 0; i < count; ++i) command.members.push_back(SampleMember(first + i));
    return Must(Run(app_.filing().AddGroupMembers(Desk(), Mark(), std::move(command))));
  }
  // Puts rows into the case, as a verb would.
  void Commit(journal::ChangeSet changes) {
    ASSERT_TRUE(Run(journal::CommitChange(store_, std::move(changes))).ok());
  }

  kv::ShortPageStore short_store_{store_};
  KvCaseStore short_cases_{short_store_, wrapping_key_, random_};
  IntakeApp short_app_{AppContext{NodeId::FromTrusted("kh"), clock_, random_, executor_, pool_,
                                  short_store_, short_cases_, refusals_, followers_, SampleCodes(),
                                  tracking_key_, page_tokens_, files_, floor_, LifeCycleRules()}};
};

TEST_F(ShortPagesTest, AllOfTheHistoryIsShown) {
  VerbAnswer now = FileGroup(1);
  for (const char* text : {"first", "second", "third"}) now = Amend(now, text);
  const auto view = Run(short_app_.queries().GetComplaint(Desk(), now.case_number));
  ASSERT_TRUE(view.ok()) << view.status();
  ASSERT_THAT(view->amendments, SizeIs(3));
  EXPECT_EQ(view->amendments[0].note, "first");
  EXPECT_EQ(view->amendments[2].note, "third");
}

TEST_F(ShortPagesTest, AListGoesOnToItsEnd) {
  for (int i = 0; i < 4; ++i) {
    FileGroup(1);
    clock_.Advance(absl::Seconds(1));
  }
  const auto list = Run(short_app_.queries().ListComplaints(Desk(), {}, {}));
  ASSERT_TRUE(list.ok()) << list.status();
  EXPECT_THAT(list->cases, SizeIs(4));
  EXPECT_THAT(list->next_page_token, IsEmpty());
}

TEST_F(ShortPagesTest, WhatAClaimStandsForIsFoundThroughoutTheLedger) {
  VerbAnswer now = AddMembers(FileGroup(1), 100, 1);
  now = AddMembers(now, 200, 1);
  const auto ledger = Run(app_.money().ListMoney(Desk(), now.case_number, {}, {}));
  ASSERT_THAT(ledger->entries, SizeIs(3));
  MoneyEntry undo = Entry(now.member_ids[0], "REVERSAL", "7200.00");
  undo.reverses_entry_id = ledger->entries[2].entry.entry_id.ToString();
  RecordMoneyCommand command{Anytime(now), {}};
  command.entries.push_back({std::move(undo), {}, {}, {}, {}});
  const VerbAnswer undone =
      Must(Run(short_app_.money().RecordMoney(Desk(), Mark(), std::move(command))));
  EXPECT_EQ(TotalsIn(undone.totals, "MYR").Of(MoneyKind::kClaimed), 2 * 720000);
}

TEST_F(ShortPagesTest, MembersAreFoundWhereverTheyWereAdded) {
  VerbAnswer now = AddMembers(FileGroup(2), 100, 2);
  now = AddMembers(now, 200, 2);
  const MemberId last = now.member_ids[1];
  const auto found = Run(short_cases_.FindMembers(now.case_number, 6, {last}));
  ASSERT_TRUE(found.ok() && found->front().has_value());
  EXPECT_EQ(found->front()->ordinal, 6u);
  EXPECT_THAT(*Run(FirstMembers(short_cases_, now.case_number, 200)), SizeIs(6));
  const auto five = Run(FirstMembers(short_cases_, now.case_number, 5));
  ASSERT_THAT(*five, SizeIs(5));
  EXPECT_EQ(five->back().ordinal, 5u);
}

TEST_F(ShortPagesTest, AllApprovalsFilesAndTheLastDisclosuresAreRead) {
  const CaseNumber number = FileGroup(1).case_number;
  const CaseKeyPtr key = *Run(cases_.KeyOf(number));
  journal::ChangeSet changes;
  for (uint32_t i = 1; i <= 3; ++i) {
    ApprovalRow approval;
    approval.approval.approval_id = NewRandomId(random_);
    cases_.PutApproval(changes, number, *key, approval);
    EvidenceRow file;
    file.evidence_id = NewRandomId(random_);
    file.number = i;
    cases_.PutEvidence(changes, number, *key, file);
    DisclosureRow disclosure;
    disclosure.referral_id = ReferralId(number, i).ToString();
    cases_.PutDisclosure(changes, number, disclosure);
  }
  Commit(std::move(changes));

  EXPECT_THAT(*Run(short_cases_.ReadApprovals(number, key)), SizeIs(3));
  const auto files = Run(AllEvidence(short_cases_, number, key));
  ASSERT_THAT(*files, SizeIs(3));
  EXPECT_EQ(files->back().number, 3u);
  const auto disclosures = Run(short_cases_.ReadDisclosures(number, 2));
  std::vector<std::string> ids;
  for (const DisclosureRow& row : *disclosures) ids.push_back(row.referral_id);
  EXPECT_THAT(ids, ElementsAre(ReferralId(number, 2).ToString(), ReferralId(number, 3).ToString()));
}

}  // namespace
}  // namespace redress::intake
