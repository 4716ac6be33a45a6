#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/intake/app/testing/intake_fixture.h"
#include "services/intake/storage/keys.h"

namespace redress::intake {
namespace {

using ::testing::Contains;
using ::testing::Field;
using ::testing::SizeIs;

class MoneyVerbsTest : public IntakeTest {
 protected:
  static int64_t Balance(const std::vector<MoneyTotals>& totals) {
    return TotalsIn(totals, "MYR").balance;
  }
  RequestApprovalCommand WriteOffOf(const VerbAnswer& at, const MemberId& member,
                                    std::string amount) {
    RequestApprovalCommand command{At(at), {}, "the factory is gone", {}, {}};
    command.write_off = {{member.ToString(), WrittenMoney{"MYR", std::move(amount)}}};
    return command;
  }
  absl::StatusOr<VerbAnswer> Decide(Caller caller, const VerbAnswer& asked, std::string decision) {
    ApproveCommand command{At(asked), asked.created_id.ToString(), std::move(decision), "looked"};
    return Run(app_.approvals().Approve(std::move(caller), Mark(), std::move(command)));
  }
};

TEST_F(MoneyVerbsTest, SeventyWorkersAreAwardedAndPartOfThemPaid) {
  const VerbAnswer filed = FileGroup(70);
  std::vector<MoneyEntry> awards;
  for (const MemberId& id : filed.member_ids) awards.push_back(Entry(id, "AWARDED", "7200.00"));
  const VerbAnswer awarded = Record(Desk(), filed, awards);
  EXPECT_EQ(Balance(awarded.totals), 50400000);
  std::vector<MoneyEntry> receipts;
  for (int i = 0; i < 50; ++i) receipts.push_back(Entry(filed.member_ids[i], "RECEIVED", "7200"));
  const VerbAnswer paid = Record(Desk(), filed, receipts);
  EXPECT_EQ(Balance(paid.totals), 20 * 720000);
  EXPECT_EQ(LastEvent().money_recorded().totals(0).balance_minor(), 14400000);
  EXPECT_THAT(LastEvent().money_recorded().entries(), SizeIs(50));
  EXPECT_EQ(View(Desk(), filed).head.members_with_open_balance, 20u);
}

TEST_F(MoneyVerbsTest, TheLedgerPagesInTheOrderOfPosting) {
  const VerbAnswer filed = FileGroup(5);
  Record(Desk(), filed, {Entry(filed.member_ids[0], "OFFERED", "100.00")});
  std::vector<std::string> kinds;
  std::string token;
  do {
    const auto page =
        Run(app_.money().ListMoney(Desk(), filed.case_number, {}, PageRequest{2, token}));
    ASSERT_TRUE(page.ok()) << page.status();
    for (const MoneyRow& row : page->entries) kinds.emplace_back(MoneyKindName(row.entry.kind));
    token = page->next_page_token;
  } while (!token.empty());
  EXPECT_THAT(kinds, ::testing::ElementsAre("CLAIMED", "CLAIMED", "CLAIMED", "CLAIMED", "CLAIMED",
                                            "OFFERED"));
}

TEST_F(MoneyVerbsTest, AWorkerSeesOnlyTheOwnSums) {
  const VerbAnswer filed = FileGroup(3);
  const auto page = Run(app_.money().ListMoney(Worker(filed, 1), filed.case_number, {}, {}));
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_THAT(page->entries, SizeIs(1));
  EXPECT_EQ(TotalsIn(page->totals, "MYR").Of(MoneyKind::kClaimed), 720000);
}

TEST_F(MoneyVerbsTest, AMistakeIsReversedOnceAndNeverChanged) {
  const VerbAnswer filed = FileGroup(2);
  const VerbAnswer awarded =
      Record(Desk(), filed, {Entry(filed.member_ids[0], "AWARDED", "7200.00")});
  MoneyEntry undo = Entry(filed.member_ids[0], "REVERSAL", "7200.00");
  undo.reverses_entry_id = awarded.entry_ids[0].ToString();
  EXPECT_EQ(Balance(Record(Desk(), filed, {undo}).totals), 0);
  EXPECT_EQ(ReasonOf(TryRecord(Desk(), filed, {undo})), "ENTRY_ALREADY_REVERSED");
}

TEST_F(MoneyVerbsTest, WhatAFilingClaimedCanBeReversedToo) {
  const VerbAnswer filed = FileGroup(2);
  const auto ledger = Run(app_.money().ListMoney(Desk(), filed.case_number, {}, {}));
  MoneyEntry undo = Entry(filed.member_ids[1], "REVERSAL", "7200.00");
  undo.reverses_entry_id = ledger->entries[1].entry.entry_id.ToString();
  const VerbAnswer undone = Record(Desk(), filed, {undo});
  EXPECT_EQ(TotalsIn(undone.totals, "MYR").Of(MoneyKind::kClaimed), 720000);
}

TEST_F(MoneyVerbsTest, AnUnknownReversedEntryIsNotFound) {
  const VerbAnswer filed = FileGroup(1);
  MoneyEntry undo = Entry(filed.member_ids[0], "REVERSAL", "7200.00");
  undo.reverses_entry_id = NewRandomId(random_).ToString();
  EXPECT_EQ(TryRecord(Desk(), filed, {undo}).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(MoneyVerbsTest, EntriesFromADestinationArePostedOnceByTheirId) {
  const VerbAnswer filed = FileGroup(1);
  MoneyEntry entry = Entry(filed.member_ids[0], "AWARDED", "7200.00");
  entry.entry_id = NewRandomId(random_).ToString();
  EXPECT_EQ(Balance(Record(Referral(), filed, {entry}).totals), 720000);
  EXPECT_EQ(Balance(Record(Referral(), filed, {entry}).totals), 720000);
  entry.amount->amount = "7300.00";
  EXPECT_EQ(ReasonOf(TryRecord(Referral(), filed, {entry})), "ENTRY_ID_REUSED");
}

TEST_F(MoneyVerbsTest, PeopleCannotWriteOffByThemselves) {
  const VerbAnswer filed = FileGroup(1);
  EXPECT_EQ(
      ReasonOf(TryRecord(Ministry(), filed, {Entry(filed.member_ids[0], "WRITTEN_OFF", "1")})),
      "APPROVAL_MISSING");
}

TEST_F(MoneyVerbsTest, NorDoesAnythingFromAbroadWriteOff) {
  const VerbAnswer filed = FileGroup(1);
  MoneyEntry entry = Entry(filed.member_ids[0], "WRITTEN_OFF", "1");
  entry.entry_id = NewRandomId(random_).ToString();
  EXPECT_EQ(ReasonOf(TryRecord(Referral(), filed, {entry})), "APPROVAL_MISSING");
}

TEST_F(MoneyVerbsTest, AWorkerConfirmsTheOwnReceiptWithoutAnInstruction) {
  const VerbAnswer filed = FileGroup(2);
  MoneyEntry receipt = Entry(filed.member_ids[0], "RECEIVED", "10.00");
  receipt.instruction.reset();
  EXPECT_EQ(ReasonOf(TryRecord(Desk(), filed, {receipt})), "INSTRUCTION_MISSING");
  EXPECT_TRUE(TryRecord(Worker(filed), filed, {receipt}).ok());
  EXPECT_EQ(TryRecord(Worker(filed, 1), filed, {receipt}).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(MoneyVerbsTest, MoreThanClaimedIsWarnedAboutAndNotRefused) {
  const VerbAnswer filed = FileGroup(1);
  const VerbAnswer awarded = Record(Desk(), filed, {Entry(filed.member_ids[0], "AWARDED", "9000")});
  EXPECT_THAT(awarded.warnings, Contains(Field(&Warning::code, "AWARD_EXCEEDS_CLAIM")));
}

TEST_F(MoneyVerbsTest, AWriteOffNeedsAnotherPerson) {
  const VerbAnswer filed = FileGroup(1);
  Admit(filed);
  const VerbAnswer owed = Record(Desk(), filed, {Entry(filed.member_ids[0], "AWARDED", "7200")});
  const auto too_much = Run(app_.approvals().RequestApproval(
      Ministry("a"), Mark(), WriteOffOf(owed, filed.member_ids[0], "7200.01")));
  EXPECT_EQ(ReasonOf(too_much), "WRITE_OFF_EXCEEDS_BALANCE");
  const VerbAnswer asked = Must(Run(app_.approvals().RequestApproval(
      Ministry("a"), Mark(), WriteOffOf(owed, filed.member_ids[0], "7200.00"))));
  EXPECT_THAT(View(Ministry(), filed).open_approvals, SizeIs(1));
  EXPECT_EQ(ReasonOf(Decide(Ministry("a"), asked, "APPROVED")), "SECOND_PERSON_REQUIRED");
  const VerbAnswer approved = Must(Decide(Ministry("b"), asked, "APPROVED"));
  EXPECT_THAT(approved.entry_ids, SizeIs(1));
  EXPECT_EQ(Balance(View(Ministry(), filed).head.totals), 0);
  EXPECT_THAT(View(Ministry(), filed).open_approvals, SizeIs(0));
  VerbAnswer newest = approved;
  newest.created_id = asked.created_id;
  EXPECT_EQ(ReasonOf(Decide(Ministry("c"), newest, "REFUSED")), "APPROVAL_DECIDED");
  const std::vector<v1::Event> events = Events();
  EXPECT_TRUE(events[events.size() - 2].has_approval_decided());
  EXPECT_TRUE(events[events.size() - 1].has_money_recorded());
}

TEST_F(MoneyVerbsTest, ALedgerThatLostItsEndIsDamageAndNoPageWithoutEnd) {
  const VerbAnswer filed = FileGroup(1);
  kv::Change change;
  change.mutations = {
      kv::Mutation::Delete(keys::OfCase(keys::kMoneyTable, filed.case_number, /*row=*/1))};
  Run(store_.Commit(std::move(change)));
  const auto ledger = Run(app_.money().ListMoney(Desk(), filed.case_number, {}, {}));
  EXPECT_EQ(ledger.status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace redress::intake
