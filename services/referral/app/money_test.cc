// Money between the nodes: what a destination may record, what home takes from abroad, and what
// becomes of what home's ledger refuses.
#include "services/platform/crypto/sha256.h"
#include "services/platform/status/field_violations.h"
#include "services/referral/app/testing/story_fixture.h"

namespace redress::referral {
namespace {

using intake::v1::MoneyEntry;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class MoneyTest : public StoryTest {
 protected:
  void SetUp() override {
    id = world.Refer();
    Accept(id);
    Propose(id, "100.00");
    ASSERT_TRUE(Answers(id, 1, 3, true).ok());
  }

  static MoneyEntry Entry(const std::string& kind, int member, const std::string& amount) {
    MoneyEntry entry;
    entry.set_member_id(FakeIntake::MemberIdOf(member));
    entry.set_kind(kind);
    entry.mutable_amount()->set_currency_code("MYR");
    entry.mutable_amount()->set_amount(amount);
    entry.set_happened_on("2026-11-01");
    if (kind == "RECEIVED") {
      entry.mutable_instruction()->set_how("PHONE");
      entry.mutable_instruction()->set_given_on("2026-11-01");
    }
    return entry;
  }
  static MoneyEntry ReversalOf(const std::string& entry_id, int member, const std::string& amount) {
    MoneyEntry entry = Entry("REVERSAL", member, amount);
    entry.set_reverses_entry_id(entry_id);
    return entry;
  }

  absl::StatusOr<v1::RecordReferralMoneyResponse> Record(const std::vector<MoneyEntry>& entries) {
    auto request = RequestOn<v1::RecordReferralMoneyRequest>(world, world.Destination(id));
    for (const MoneyEntry& entry : entries) *request.add_entries() = entry;
    auto answer = world.Run(world.my->receiver.RecordReferralMoney(world.contact, request));
    world.Settle();
    return answer;
  }
  std::vector<std::string> WrongFields(const std::vector<MoneyEntry>& entries) {
    std::vector<std::string> fields;
    for (const FieldViolation& one : GetFieldViolations(Record(entries).status())) {
      fields.push_back(one.field);
    }
    return fields;
  }

  // An entry as a destination that keeps to the rules would send it.
  MoneyEntry Sent(const std::string& kind, int member, const std::string& amount) {
    MoneyEntry entry = Entry(kind, member, amount);
    entry.set_entry_id(NewRandomId(world.my->random).ToString());
    entry.set_referral_id(id);
    entry.mutable_recorded_by()->set_node_id("my");
    return entry;
  }
  // What home says of a message that came over the link from abroad; empty when it took it.
  std::string HomeSays(const std::vector<MoneyEntry>& entries) {
    auto open = world.Run(world.kh->inbound.Open("my", {"my", "kh", 1, 100, ""}));
    if (!open.ok()) return open.status().ToString();
    exchange::v1::Message message;
    message.mutable_money()->set_referral_id(id);
    for (const MoneyEntry& entry : entries) *message.mutable_money()->add_entries() = entry;
    exchange::v1::Envelope envelope;
    envelope.set_body(message.SerializeAsString());
    exchange::v1::EnvelopeHeader header;
    header.set_suite(exchange::v1::ENVELOPE_SUITE_NONE);
    header.set_sender_node("my");
    header.set_recipient_node("kh");
    header.set_message_id(NewRandomId(world.my->random).ToString());
    header.set_link_epoch(1);
    header.set_sequence(open->next_sequence);
    header.set_previous_hash(open->last_digest);
    header.set_schema("redress.exchange.v1.Message");
    header.set_kind(exchange::v1::MESSAGE_KIND_MONEY);
    header.set_body_sha256(crypto::Sha256::Of(envelope.body()));
    envelope.set_header(header.SerializeAsString());
    auto frame = world.Run(world.kh->inbound.HandleEnvelope("my", envelope));
    if (!frame.ok()) return frame.status().ToString();
    exchange::v1::Receipt receipt;
    receipt.ParseFromString(frame->receipt.receipt());
    return receipt.reason();
  }
  std::string HomeBalance() { return world.Home(id).balances(0).balance().amount(); }
  std::vector<std::string> Ledger(const std::string& kind) {
    std::vector<std::string> members;
    for (const MoneyEntry& entry : world.kh->intake.ledger) {
      if (entry.kind() == kind) members.push_back(entry.member_id());
    }
    return members;
  }

  std::string id;
};

TEST_F(MoneyTest, NobodyAbroadWritesOffOrRecordsWhatIsForHomeToSay) {
  for (const char* kind : {"WRITTEN_OFF", "CLAIMED", "AGREED", "GIVEN_AWAY"}) {
    EXPECT_EQ(HomeSays({Sent("RECEIVED", 1, "1.00"), Sent(kind, 1, "100.00")}), "WRONG_SIDE")
        << kind;
  }
  EXPECT_EQ(HomeBalance(), "300.00");
  EXPECT_EQ(HomeSays({Sent("RECEIVED", 1, "1.00")}), "");
  EXPECT_EQ(HomeBalance(), "299.00");
}

TEST_F(MoneyTest, HomeTakesEntriesOfThisReferralAndItsMembersAndOfThePeerOnly) {
  EXPECT_EQ(HomeSays({Sent("RECEIVED", 4, "1.00")}), "MALFORMED");
  MoneyEntry other_referral = Sent("RECEIVED", 1, "1.00");
  other_referral.set_referral_id(world.case_number + "/R2");
  EXPECT_EQ(HomeSays({other_referral}), "MALFORMED");
  MoneyEntry other_node = Sent("RECEIVED", 1, "1.00");
  other_node.mutable_recorded_by()->set_node_id("kh");
  EXPECT_EQ(HomeSays({other_node}), "WRONG_SIDE");
  const MoneyEntry twice = Sent("RECEIVED", 1, "1.00");
  EXPECT_EQ(HomeSays({twice, twice}), "MALFORMED");
  EXPECT_EQ(HomeBalance(), "300.00");
}

TEST_F(MoneyTest, APeerUndoesItsOwnEntriesOnceAndNoOthers) {
  const MoneyEntry paid = Sent("RECEIVED", 1, "40.00");
  ASSERT_EQ(HomeSays({paid}), "");
  auto undo = [&](const std::string& entry_id, int member, const std::string& amount) {
    MoneyEntry entry = Sent("REVERSAL", member, amount);
    entry.set_reverses_entry_id(entry_id);
    return entry;
  };
  ASSERT_TRUE(world.Run(SettleWithIntake(world.kh->parts, world.kh->disclosures)).ok());
  EXPECT_EQ(HomeSays({undo(world.kh->intake.ledger.front().entry_id(), 1, "100.00")}),
            "WRONG_SIDE");
  EXPECT_EQ(HomeSays({undo(paid.entry_id(), 1, "39.00")}), "MALFORMED");
  EXPECT_EQ(HomeSays({undo(paid.entry_id(), 2, "40.00")}), "MALFORMED");
  EXPECT_EQ(HomeSays({undo(paid.entry_id(), 1, "40.00"), undo(paid.entry_id(), 1, "40.00")}),
            "MALFORMED");
  EXPECT_EQ(HomeBalance(), "260.00");
  const MoneyEntry undone = undo(paid.entry_id(), 1, "40.00");
  EXPECT_EQ(HomeSays({undone}), "");
  EXPECT_EQ(HomeBalance(), "300.00");
  EXPECT_EQ(HomeSays({undo(paid.entry_id(), 1, "40.00")}), "MALFORMED");
  EXPECT_EQ(HomeSays({undo(undone.entry_id(), 1, "40.00")}), "MALFORMED");
}

TEST_F(MoneyTest, WhatHomesLedgerWouldRefuseIsRefusedWhereItIsRecordedEveryFieldAtOnce) {
  MoneyEntry received = Entry("RECEIVED", 1, "10.00");
  received.mutable_instruction()->set_how("BY_PIGEON");
  received.mutable_instruction()->clear_given_on();
  received.set_note("a\x01note");
  MoneyEntry paid = Entry("PAID", 1, "10.00");
  paid.mutable_instruction()->set_given_on("2030-01-01");
  EXPECT_THAT(WrongFields({received, paid}),
              ElementsAre("entries[0].note", "entries[0].instruction.how",
                          "entries[0].instruction.given_on", "entries[1].instruction.how",
                          "entries[1].instruction.given_on"));
}

TEST_F(MoneyTest, AReversalSaysTheMemberAndAmountOfWhatItUndoesAndUndoesNoReversal) {
  auto paid = Record({Entry("PAID", 1, "10.00"), Entry("PAID", 2, "20.00")});
  ASSERT_TRUE(paid.ok()) << paid.status();
  const std::string first = paid->entry_ids(0);
  EXPECT_THAT(WrongFields({ReversalOf(first, 2, "9.00"),
                           ReversalOf("00000000000000000000000077", 1, "10.00")}),
              UnorderedElementsAre("entries[0].member_id", "entries[0].amount",
                                   "entries[1].reverses_entry_id"));
  EXPECT_THAT(WrongFields({ReversalOf(first, 1, "10.00"), ReversalOf(first, 1, "10.00")}),
              ElementsAre("entries[1].reverses_entry_id"));
  auto undone = Record({ReversalOf(first, 1, "10.00")});
  ASSERT_TRUE(undone.ok()) << undone.status();
  EXPECT_EQ(ReasonOf(Record({ReversalOf(first, 1, "10.00")}).status()), "ENTRY_ALREADY_REVERSED");
  EXPECT_THAT(WrongFields({ReversalOf(undone->entry_ids(0), 1, "10.00")}),
              ElementsAre("entries[0].reverses_entry_id"));
}

TEST_F(MoneyTest, AnEntryThatIntakeRefusesForGoodKeepsNeitherTheOthersNorTheEndFromIt) {
  ASSERT_TRUE(Record({Entry("RECEIVED", 1, "10.00"), Entry("RECEIVED", 2, "10.00"),
                      Entry("RECEIVED", 3, "10.00")})
                  .ok());
  const std::string refused = FakeIntake::MemberIdOf(2);
  world.kh->intake.refuse_money[refused] = absl::InvalidArgumentError("entries[0]: is wrong");

  auto settled = world.Run(SettleWithIntake(world.kh->parts, world.kh->disclosures));
  ASSERT_TRUE(settled.ok()) << settled.status();
  EXPECT_EQ(world.kh->intake.settled[id], "RESOLVED");
  const auto others = ElementsAre(FakeIntake::MemberIdOf(1), FakeIntake::MemberIdOf(3));
  EXPECT_THAT(Ledger("RECEIVED"), others);
  EXPECT_THAT(Ledger("AGREED"), others);

  RowRange range{.of = RowRange::Of::kMoney, .ref = {Side::kHome, *ReferralId::Parse(id, "")}};
  auto rows = world.Run(world.kh->repository.ScanAll<MoneyKey>(std::move(range)));
  ASSERT_TRUE(rows.ok()) << rows.status();
  for (const Found<MoneyKey>& one : *rows) {
    const bool bad = one.row.entry().member_id() == refused;
    EXPECT_EQ(one.row.posted(), !bad);
    EXPECT_EQ(one.row.refused(), bad ? "INVALID_ARGUMENT" : "");
  }

  // It is not offered again with what comes later.
  world.kh->intake.refuse_money.clear();
  ASSERT_TRUE(Record({Entry("RECEIVED", 1, "5.00")}).ok());
  ASSERT_TRUE(world.Run(SettleWithIntake(world.kh->parts, world.kh->disclosures)).ok());
  EXPECT_THAT(Ledger("RECEIVED"), ElementsAre(FakeIntake::MemberIdOf(1), FakeIntake::MemberIdOf(3),
                                              FakeIntake::MemberIdOf(1)));
}

TEST_F(MoneyTest, AnEntryThatIntakeCannotTakeNowIsKeptForLater) {
  ASSERT_TRUE(Record({Entry("RECEIVED", 1, "10.00")}).ok());
  world.kh->intake.refuse_money[FakeIntake::MemberIdOf(1)] = absl::UnavailableError("busy");
  EXPECT_FALSE(world.Run(SettleWithIntake(world.kh->parts, world.kh->disclosures)).ok());
  EXPECT_THAT(world.kh->intake.settled, IsEmpty());
  world.kh->intake.refuse_money.clear();
  ASSERT_TRUE(world.Run(SettleWithIntake(world.kh->parts, world.kh->disclosures)).ok());
  EXPECT_THAT(Ledger("RECEIVED"), ElementsAre(FakeIntake::MemberIdOf(1)));
  EXPECT_EQ(world.kh->intake.settled[id], "RESOLVED");
}

}  // namespace
}  // namespace redress::referral
