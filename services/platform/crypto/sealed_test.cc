#include "services/platform/crypto/sealed.h"

#include "gtest/gtest.h"
#include "services/platform/crypto/encoding.h"
#include "services/platform/crypto/page_token.h"
#include "services/platform/crypto/system_random.h"
#include "services/platform/status/refusal.h"

namespace redress::crypto {
namespace {

SecretKey Key(char fill) { return *SecretKey::FromBytes(std::string(32, fill)); }

TEST(SealedTest, OpensToWhatWasSealed) {
  SystemRandom random;
  for (size_t size : {0, 1, 63, 64, 65, 70'000}) {
    const std::string plaintext(size, 'p');
    const std::string sealed = Seal(Key('k'), plaintext, "row/1", random);
    EXPECT_EQ(sealed.size(), size + kSealedOverhead);
    EXPECT_EQ(*Open(Key('k'), sealed, "row/1"), plaintext);
  }
}

// Checked against another implementation.
TEST(SealedTest, KeepsItsFormat) {
  SeededRandom random(7);
  EXPECT_EQ(
      HexEncode(Seal(Key('k'), "redress", "row/1", random)),
      "01d70d3259e4e1cb631c663cf4d73c4c04022ab1ba804098e63a188e2cc9ad22ee024a2aa52043fcec5893fe"
      "413608c1");
}

TEST(SealedTest, EveryChangedBitIsNoticed) {
  SeededRandom random(7);
  const std::string sealed = Seal(Key('k'), "redress", "row/1", random);
  for (size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string changed = sealed;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(Open(Key('k'), changed, "row/1").status().code(), absl::StatusCode::kDataLoss) << bit;
  }
}

TEST(SealedTest, EveryCutAndEveryAdditionIsNoticed) {
  SeededRandom random(7);
  const std::string sealed = Seal(Key('k'), "redress", "row/1", random);
  for (size_t length = 0; length < sealed.size(); ++length) {
    EXPECT_TRUE(absl::IsDataLoss(Open(Key('k'), sealed.substr(0, length), "row/1").status()));
  }
  EXPECT_TRUE(absl::IsDataLoss(Open(Key('k'), sealed + '\0', "row/1").status()));
}

TEST(SealedTest, AnotherPlaceOrKeyDoesNotOpen) {
  SeededRandom random(7);
  const std::string sealed = Seal(Key('k'), "redress", "row/1", random);
  EXPECT_TRUE(absl::IsDataLoss(Open(Key('k'), sealed, "row/2").status()));
  EXPECT_TRUE(absl::IsDataLoss(Open(Key('l'), sealed, "row/1").status()));
}

TEST(PageTokensTest, OpenForTheSameListOnly) {
  SeededRandom random(7);
  const PageTokens tokens(Key('k'), random);
  const std::string mine = PageTokens::Binding({"ListCases", "kh/p-1", "open"});
  const std::string token = tokens.Seal(std::string("cursor\0x", 8), mine);

  EXPECT_EQ(*tokens.Open(token, mine), std::string("cursor\0x", 8));
  for (const std::string& other : {PageTokens::Binding({"ListCases", "kh/p-2", "open"}),
                                   PageTokens::Binding({"ListCases", "kh/p-1op", "en"}),
                                   PageTokens::Binding({"ListCases", "kh/p-1"})}) {
    const absl::Status status = tokens.Open(token, other).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(GetRefusal(status)->reason, "PAGE_TOKEN_INVALID");
  }
}

TEST(PageTokensTest, OutliveTheProcessButNotTheKey) {
  SeededRandom random(7);
  const std::string token = PageTokens(Key('k'), random).Seal("c", "b");
  EXPECT_EQ(*PageTokens(Key('k'), random).Open(token, "b"), "c");
  EXPECT_FALSE(PageTokens(Key('l'), random).Open(token, "b").ok());
}

TEST(PageTokensTest, NoTokenIsTheFirstPage) {
  SeededRandom random(7);
  EXPECT_EQ(*PageTokens(Key('k'), random).Open("", "b"), "");
}

TEST(PageTokensTest, NonsenseIsInvalid) {
  SeededRandom random(7);
  const PageTokens tokens(Key('k'), random);
  for (const std::string& token : {std::string("x"), std::string("%%%%"), std::string(9000, 'A'),
                                   tokens.Seal("c", "b") + "A", std::string("\xff\xfe")}) {
    EXPECT_TRUE(absl::IsInvalidArgument(tokens.Open(token, "b").status()));
  }
}

}  // namespace
}  // namespace redress::crypto
