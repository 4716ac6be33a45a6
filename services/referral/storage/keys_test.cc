#include "services/referral/storage/keys.h"

#include <gtest/gtest.h>

#include <vector>

#include "services/platform/crypto/encoding.h"

namespace redress::referral {
namespace {

const ReferralId kId(CaseNumber("KH", 26, 417), 2);
const ReferralRef kHome{Side::kHome, kId};
const ReferralRef kDestination{Side::kDestination, kId};

std::vector<RowKey> OneOfEach() {
  const auto member = MemberId::FromTrusted("00000000000000000000000001");
  const absl::Time time = absl::FromUnixSeconds(1'800'000'000);
  return {ReferralKey{kHome},
          FactKey{kDestination, Side::kHome, 7},
          EvidenceKey{kHome, Side::kDestination, 2},
          MemberKey{kHome, 1, member},
          PageKey{kDestination, 2, 50},
          PendingKey{kDestination, 2},
          HeldKey{kDestination, 3, 9},
          MoneyKey{kHome, member},
          FileKey{kHome, member},
          DueKey{time, kHome},
          FiredKey{kHome, 4, 1},
          IndexKey{IndexScope::kReceiver, "my:mtuc", IndexOrder::kDue, time, kDestination},
          IndexKey{IndexScope::kNode, "", IndexOrder::kUpdated, time, kHome},
          IndexKey{IndexScope::kNode, "", IndexOrder::kDue, absl::InfiniteFuture(), kHome},
          CaseKeyKey{kId.case_number()},
          CaseSequenceKey{kId.case_number()},
          OpenDisclosureKey{kId},
          WorkKey{WorkKind::kFile, kHome, "x"},
          BodyKey{BodyId::FromTrusted("my:mtuc")},
          AgreementKey{"kh-my:cuf-mtuc", BodyId::FromTrusted("kh:cuf")},
          PostingKey{"kh:kl-2026"},
          LinkKey{NodeId::FromTrusted("my"), LinkHalf::kIn},
          InboxKey{NodeId::FromTrusted("kh"), "00000000000000000000000001"},
          FailedEnvelopeKey{NodeId::FromTrusted("my"), 1, 3},
          CursorKey{"intake"},
          ResponsesKey{BodyId::FromTrusted("my:mtuc")}};
}

TEST(ReferralKeysTest, EveryKeyIsReadBackAsItWasWritten) {
  const ReferralKeySpace keys;
  for (const RowKey& key : OneOfEach()) {
    const std::string bytes = keys.Encode(key);
    const absl::StatusOr<RowKey> read = keys.Decode(bytes);
    ASSERT_TRUE(read.ok()) << DebugPrint(bytes) << read.status();
    EXPECT_EQ(*read, key) << DebugPrint(bytes);
  }
}

TEST(ReferralKeysTest, AKeyThatWasCutOrProlongedIsRefused) {
  const ReferralKeySpace keys;
  for (const RowKey& key : OneOfEach()) {
    const std::string bytes = keys.Encode(key);
    for (size_t length = 0; length < bytes.size(); ++length) {
      EXPECT_FALSE(keys.Decode(bytes.substr(0, length)).ok()) << DebugPrint(bytes) << length;
    }
    EXPECT_FALSE(keys.Decode(bytes + "x").ok()) << DebugPrint(bytes);
  }
  EXPECT_FALSE(keys.Decode("\x01something else").ok());
}

TEST(ReferralKeysTest, TheBytesOnDiskAreThese) {
  const ReferralKeySpace keys;
  EXPECT_EQ(crypto::HexEncode(keys.Encode(ReferralKey{kHome})),
            "10"
            "01"
            "4b482d32362d303030303431372d" +
                crypto::HexEncode(kId.case_number().ToString().substr(14)) +
                "0001"
                "0000000000000002");
  EXPECT_EQ(crypto::HexEncode(keys.Encode(LinkKey{NodeId::FromTrusted("my"), LinkHalf::kOut})),
            "23"
            "6d790001"
            "01");
}

TEST(ReferralKeysTest, AListByDueTimeBeginsWithWhatIsDueFirst) {
  const ReferralKeySpace keys;
  auto index = [&](IndexOrder order, absl::Time at) {
    return keys.Encode(IndexKey{IndexScope::kNode, "", order, at, kHome});
  };
  const absl::Time noon = absl::FromUnixSeconds(1'800'000'000);
  EXPECT_LT(index(IndexOrder::kDue, noon), index(IndexOrder::kDue, noon + absl::Seconds(1)));
  EXPECT_LT(index(IndexOrder::kDue, noon), index(IndexOrder::kDue, absl::InfiniteFuture()));
  EXPECT_GT(index(IndexOrder::kUpdated, noon),
            index(IndexOrder::kUpdated, noon + absl::Seconds(1)));
}

TEST(ReferralKeysTest, ARangeHoldsItsOwnKeysAndNoOthers) {
  const ReferralKeySpace keys;
  const std::string facts = keys.Prefix({.of = RowRange::Of::kFacts, .ref = kHome});
  EXPECT_EQ(keys.Encode(FactKey{kHome, Side::kHome, 1}).rfind(facts, 0), 0u);
  EXPECT_NE(keys.Encode(FactKey{kDestination, Side::kHome, 1}).rfind(facts, 0), 0u);
  const ReferralRef tenth{Side::kHome, ReferralId(kId.case_number(), 20)};
  EXPECT_NE(keys.Encode(FactKey{tenth, Side::kHome, 1}).rfind(facts, 0), 0u);
}

TEST(ReferralKeysTest, FactsOfAReferralAreScannedInTheOrderOfTheirNumbers) {
  const ReferralKeySpace keys;
  EXPECT_LT(keys.Encode(FactKey{kHome, Side::kHome, 9}),
            keys.Encode(FactKey{kHome, Side::kHome, 10}));
}

TEST(ReferralKeysTest, AKeyIsPrintedWithTheNameOfItsTable) {
  const ReferralKeySpace keys;
  EXPECT_EQ(DebugPrint(keys.Encode(CursorKey{"intake"})), "cursor intake\\x00\\x01");
}

}  // namespace
}  // namespace redress::referral
