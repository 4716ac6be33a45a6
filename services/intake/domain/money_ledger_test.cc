#include "services/intake/domain/money_ledger.h"

#include <rapidcheck.h>

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/intake/domain/testing/sample_filing.h"
#include "services/platform/status/refusal.h"

namespace redress::intake {
namespace {

using enum MoneyKind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

MemberId Member(int number) { return MemberId::FromTrusted(fmt::format("{:026}", number)); }
RandomId EntryId(int number) { return RandomId::FromTrusted(fmt::format("E{:025}", number)); }

// A whole ledger in memory: what the store keeps row by row.
struct Ledger {
  std::map<RandomId, LedgerEntry> entries;
  std::map<MemberId, std::vector<MoneyTotals>> members;
  std::vector<MoneyTotals> whole;

  absl::Status Add(const LedgerEntry& entry) {
    const auto reversed = entries.find(entry.reverses_entry_id);
    const absl::Status status = Post(entry, reversed == entries.end() ? nullptr : &reversed->second,
                                     members[entry.member_id], whole);
    if (status.ok()) entries[entry.entry_id] = entry;
    return status;
  }

  void Must(MoneyKind kind, int64_t units, int member = 1, const std::string& currency = "MYR") {
    const int number = static_cast<int>(entries.size()) + 1;
    ASSERT_TRUE(Add({EntryId(number), Member(member), kind, {currency, units}, {}}).ok());
  }

  MoneyTotals Of(int member, const std::string& currency = "MYR") {
    return TotalsIn(members[Member(member)], currency);
  }
};

TEST(MoneyLedgerTest, SeventyWorkersUnderpaidForTwoYearsAreOwed504000Ringgit) {
  Ledger ledger;
  const int64_t shortfall = (750 - 450) * 24 * 100;
  for (int worker = 1; worker <= 70; ++worker) {
    ledger.Must(kClaimed, shortfall, worker);
    ledger.Must(kAgreed, shortfall, worker);
  }
  EXPECT_EQ(FormatMoney({"MYR", TotalsIn(ledger.whole, "MYR").owed}, SampleCodes()),
            "MYR 504000.00");
  for (int worker = 1; worker <= 40; ++worker) {
    ledger.Must(kPaid, shortfall, worker);
    ledger.Must(kReceived, shortfall, worker);
  }
  const MoneyTotals totals = TotalsIn(ledger.whole, "MYR");
  EXPECT_EQ(totals.balance, 30 * shortfall);
  EXPECT_EQ(FormatMoney({"MYR", totals.balance}, SampleCodes()), "MYR 216000.00");
  EXPECT_EQ(totals.overpaid, 0);
}

TEST(MoneyLedgerTest, ThirtyNineWorkersShareAPaymentToTheSatang) {
  // 1,500,000 baht among 39: the published 38,461.54 each is rounded, the parts must add up.
  Ledger ledger;
  const int64_t total = 150'000'000;
  for (int worker = 1; worker <= 39; ++worker) {
    ledger.Must(kAwarded, total / 39 + (worker <= total % 39 ? 1 : 0), worker, "THB");
  }
  EXPECT_EQ(TotalsIn(ledger.whole, "THB").owed, total);
  EXPECT_EQ(total / 39, 3'846'153);
}

TEST(MoneyLedgerTest, AnAwardIsOwedInPlaceOfWhatWasAgreed) {
  Ledger ledger;
  ledger.Must(kAgreed, 500);
  EXPECT_EQ(ledger.Of(1).owed, 500);
  ledger.Must(kAwarded, 300);
  EXPECT_EQ(ledger.Of(1).owed, 300);
  EXPECT_EQ(ledger.Of(1).balance, 300);
}

TEST(MoneyLedgerTest, PaidIsNotReceived) {
  Ledger ledger;
  ledger.Must(kAwarded, 1'000);
  ledger.Must(kPaid, 400);
  ledger.Must(kPaidToIntermediary, 300);
  ledger.Must(kDepositUsed, 300);
  EXPECT_EQ(ledger.Of(1).balance, 1'000);
  ledger.Must(kReceived, 400);
  EXPECT_EQ(ledger.Of(1).balance, 600);
  ledger.Must(kWrittenOff, 600);
  EXPECT_EQ(ledger.Of(1).balance, 0);
  EXPECT_THAT(OpenBalances(ledger.whole), IsEmpty());
}

TEST(MoneyLedgerTest, WhatOneMemberGotTooMuchNeverHidesWhatAnotherIsOwed) {
  Ledger ledger;
  ledger.Must(kAwarded, 100, 1);
  ledger.Must(kAwarded, 100, 2);
  ledger.Must(kReceived, 200, 1);
  EXPECT_EQ(TotalsIn(ledger.whole, "MYR").balance, 100);
  EXPECT_EQ(TotalsIn(ledger.whole, "MYR").overpaid, 100);
  EXPECT_THAT(OpenBalances(ledger.whole), ElementsAre(MoneyAmount{"MYR", 100}));
}

TEST(MoneyLedgerTest, CurrenciesStayApart) {
  Ledger ledger;
  ledger.Must(kAwarded, 100, 1, "MYR");
  ledger.Must(kAwarded, 50, 1, "KHR");
  ledger.Must(kReceived, 100, 1, "MYR");
  EXPECT_THAT(OpenBalances(ledger.whole), ElementsAre(MoneyAmount{"KHR", 50}));
  EXPECT_EQ(ledger.whole[0].currency, "KHR");
}

TEST(MoneyLedgerTest, AReversalUndoesOneEntryExactly) {
  Ledger ledger;
  ledger.Must(kAgreed, 500);
  ledger.Must(kAwarded, 300);
  const LedgerEntry undo{EntryId(90), Member(1), kReversal, {"MYR", 300}, EntryId(2)};
  ASSERT_TRUE(ledger.Add(undo).ok());
  EXPECT_EQ(ledger.Of(1).Of(kAwarded), 0);
  EXPECT_EQ(ledger.Of(1).owed, 500);
  EXPECT_EQ(TotalsIn(ledger.whole, "MYR"), ledger.Of(1));
}

TEST(MoneyLedgerTest, AReversalThatDoesNotMatchIsRefusedAndChangesNothing) {
  Ledger ledger;
  ledger.Must(kAwarded, 300);
  const Ledger before = ledger;
  const LedgerEntry wrong[] = {
      {EntryId(90), Member(1), kReversal, {"MYR", 300}, EntryId(77)},  // Nothing to undo.
      {EntryId(90), Member(2), kReversal, {"MYR", 300}, EntryId(1)},   // Another member.
      {EntryId(90), Member(1), kReversal, {"MYR", 299}, EntryId(1)},   // Another amount.
      {EntryId(90), Member(1), kReversal, {"USD", 300}, EntryId(1)},   // Another currency.
      {EntryId(90), Member(1), kAwarded, {"MYR", 300}, EntryId(1)},    // No reversal.
      {EntryId(90), Member(1), kAwarded, {"MYR", 0}, {}},
      {EntryId(90), Member(1), kAwarded, {"MYR", -1}, {}},
  };
  for (const LedgerEntry& entry : wrong) {
    EXPECT_EQ(ledger.Add(entry).code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(ledger.whole, before.whole);
  }
  ASSERT_TRUE(ledger.Add({EntryId(91), Member(1), kReversal, {"MYR", 300}, EntryId(1)}).ok());
  EXPECT_FALSE(ledger.Add({EntryId(92), Member(1), kReversal, {"MYR", 300}, EntryId(91)}).ok());
  EXPECT_EQ(GetRefusal(CheckNotReversed(EntryId(1), EntryId(91)))->reason,
            "ENTRY_ALREADY_REVERSED");
  EXPECT_TRUE(CheckNotReversed(EntryId(2), {}).ok());
}

TEST(MoneyLedgerTest, ASumThatDoesNotFitIsRefusedAndChangesNothing) {
  Ledger ledger;
  const int64_t max = std::numeric_limits<int64_t>::max();
  ledger.Must(kAwarded, max, 1);
  const auto before = ledger.whole;
  EXPECT_EQ(ledger.Add({EntryId(50), Member(1), kAwarded, {"MYR", 1}, {}}).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ledger.Add({EntryId(51), Member(2), kAwarded, {"MYR", 1}, {}}).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ledger.whole, before);
  ledger.Must(kReceived, max, 2);
  EXPECT_EQ(ledger.Add({EntryId(52), Member(2), kWrittenOff, {"MYR", max}, {}}).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(MoneyLedgerTest, WarnsWithoutRefusing) {
  Ledger ledger;
  ledger.Must(kClaimed, 100);
  ledger.Must(kAwarded, 120);
  ledger.Must(kPaid, 130);
  ledger.Must(kReceived, 130);
  std::vector<std::string> codes;
  for (const Warning& warning : LedgerWarnings(ledger.members[Member(1)])) {
    codes.push_back(warning.code);
  }
  EXPECT_THAT(codes,
              ElementsAre("AWARD_EXCEEDS_CLAIM", "PAID_EXCEEDS_OWED", "RECEIVED_EXCEEDS_OWED"));
}

TEST(MoneyLedgerTest, NoMoreIsWrittenOffThanIsOwed) {
  Ledger ledger;
  ledger.Must(kAwarded, 100);
  EXPECT_TRUE(CheckWriteOffFits({"MYR", 100}, ledger.members[Member(1)], SampleCodes()).ok());
  const auto refusal =
      GetRefusal(CheckWriteOffFits({"MYR", 101}, ledger.members[Member(1)], SampleCodes()));
  EXPECT_EQ(refusal->reason, "WRITE_OFF_EXCEEDS_BALANCE");
  EXPECT_EQ(refusal->metadata.at("balance"), "MYR 1.00");
}

TEST(MoneyLedgerTest, AnIdArrivesTwiceOnlyWithTheSameContent) {
  const LedgerEntry entry{EntryId(1), Member(1), kPaid, {"MYR", 5}, {}};
  EXPECT_TRUE(CheckRepeated(entry, entry).ok());
  LedgerEntry other = entry;
  other.amount.minor_units = 6;
  EXPECT_EQ(GetRefusal(CheckRepeated(entry, other))->reason, "ENTRY_ID_REUSED");
}

TEST(MoneyLedgerTest, KindsAreNamedAsTheApiNamesThem) {
  for (int kind = 0; kind <= 10; ++kind) {
    EXPECT_EQ(MoneyKindNamed(MoneyKindName(static_cast<MoneyKind>(kind))),
              static_cast<MoneyKind>(kind));
  }
  EXPECT_EQ(MoneyKindName(kPaidToIntermediary), "PAID_TO_INTERMEDIARY");
  EXPECT_EQ(MoneyKindNamed("STOLEN"), std::nullopt);
}

// Entries of a few members and currencies, some of them undone by the entry after.
std::vector<LedgerEntry> AnyEntries() {
  const int count = *rc::gen::inRange(0, 40);
  std::vector<LedgerEntry> entries;
  for (int i = 0; i < count; ++i) {
    const bool undo =
        !entries.empty() && entries.back().kind != kReversal && *rc::gen::inRange(0, 5) == 0;
    if (undo) {
      LedgerEntry entry = entries.back();
      entry.reverses_entry_id = entry.entry_id;
      entry.entry_id = EntryId(i);
      entry.kind = kReversal;
      entries.push_back(entry);
    } else {
      entries.push_back({EntryId(i),
                         Member(*rc::gen::inRange(1, 4)),
                         static_cast<MoneyKind>(*rc::gen::inRange(0, 10)),
                         {*rc::gen::element<std::string>("MYR", "KHR", "USD"),
                          *rc::gen::inRange<int64_t>(1, 1'000'000)},
                         {}});
    }
  }
  return entries;
}

TEST(MoneyLedgerTest, TheCaseIsTheSumOfItsMembersAfterEveryEntry) {
  EXPECT_TRUE(rc::check([] {
    Ledger ledger;
    for (const LedgerEntry& entry : AnyEntries()) {
      RC_ASSERT(ledger.Add(entry).ok());
      for (const char* currency : {"MYR", "KHR", "USD"}) {
        MoneyTotals sum{currency};
        for (const auto& [id, totals] : ledger.members) {
          const MoneyTotals one = TotalsIn(totals, currency);
          for (size_t kind = 0; kind < kSummedKinds; ++kind) {
            sum.by_kind[kind] += one.by_kind[kind];
          }
          sum.owed += one.owed;
          sum.balance += one.balance;
          sum.overpaid += one.overpaid;
          RC_ASSERT(one.balance - one.overpaid ==
                    one.owed - one.Of(kReceived) - one.Of(kWrittenOff));
          RC_ASSERT(one.balance == 0 || one.overpaid == 0);
        }
        RC_ASSERT(TotalsIn(ledger.whole, currency) == sum);
      }
    }
  }));
}

TEST(MoneyLedgerTest, TheOrderOfArrivalDoesNotMatter) {
  EXPECT_TRUE(rc::check([] {
    std::vector<LedgerEntry> entries = AnyEntries();
    Ledger as_written;
    for (const LedgerEntry& entry : entries) RC_ASSERT(as_written.Add(entry).ok());
    // Any order in which a reversal comes after what it undoes.
    for (size_t i = entries.size(); i > 1; --i) {
      std::swap(entries[i - 1], entries[*rc::gen::inRange<size_t>(0, i)]);
    }
    std::stable_partition(entries.begin(), entries.end(),
                          [](const LedgerEntry& entry) { return entry.kind != kReversal; });
    Ledger shuffled;
    for (const LedgerEntry& entry : entries) RC_ASSERT(shuffled.Add(entry).ok());
    RC_ASSERT(shuffled.whole == as_written.whole);
    RC_ASSERT(shuffled.members == as_written.members);
  }));
}

}  // namespace
}  // namespace redress::intake
