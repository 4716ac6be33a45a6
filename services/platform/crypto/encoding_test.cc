#include "services/platform/crypto/encoding.h"

#include "gtest/gtest.h"
#include "services/platform/crypto/secret_key.h"
#include "services/platform/crypto/sha256.h"

namespace redress::crypto {
namespace {

TEST(EncodingTest, Base64UrlHasTheVectorsOfRfc4648) {
  EXPECT_EQ(Base64UrlEncode(""), "");
  EXPECT_EQ(Base64UrlEncode("f"), "Zg");
  EXPECT_EQ(Base64UrlEncode("fo"), "Zm8");
  EXPECT_EQ(Base64UrlEncode("foobar"), "Zm9vYmFy");
  EXPECT_EQ(Base64UrlEncode("\xfb\xff"), "-_8");
  for (std::string_view bytes : {"", "f", "fo", "foo", "foob", "fooba", "foobar"}) {
    EXPECT_EQ(Base64UrlDecode(Base64UrlEncode(bytes)), bytes);
  }
}

TEST(EncodingTest, OneTextPerValue) {
  EXPECT_EQ(Base64UrlDecode("Zg=="), std::nullopt);   // padding
  EXPECT_EQ(Base64UrlDecode("Zh"), std::nullopt);     // trailing bits
  EXPECT_EQ(Base64UrlDecode("+/8"), std::nullopt);    // the other alphabet
  EXPECT_EQ(Base64UrlDecode("Zm 8"), std::nullopt);   // a blank
  EXPECT_EQ(Base64UrlDecode("Z"), std::nullopt);      // no length of anything
  EXPECT_EQ(Base64UrlDecode("Zm8\n"), std::nullopt);  // a line end
}

TEST(EncodingTest, HexIsLowerCaseOnly) {
  EXPECT_EQ(HexEncode(std::string("\x00\xab", 2)), "00ab");
  EXPECT_EQ(HexDecode("00ab"), std::string("\x00\xab", 2));
  EXPECT_EQ(HexDecode("00AB"), std::nullopt);
  EXPECT_EQ(HexDecode("0"), std::nullopt);
  EXPECT_EQ(HexDecode("0g"), std::nullopt);
}

TEST(EncodingTest, EqualConstantTimeComparesWhole) {
  EXPECT_TRUE(EqualConstantTime("abc", "abc"));
  EXPECT_FALSE(EqualConstantTime("abc", "abd"));
  EXPECT_FALSE(EqualConstantTime("abc", "ab"));
}

TEST(Sha256Test, HasTheVectorsOfFips180) {
  EXPECT_EQ(HexEncode(Sha256::Of("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  Sha256 digest;
  digest.Update("a");
  Sha256 copy = digest;
  digest.Update("bc");
  EXPECT_EQ(HexEncode(digest.Finish()),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(copy.Finish(), Sha256::Of("a"));
}

TEST(SecretKeyTest, HmacHasTheVectorsOfRfc4231) {
  // Test case 1's key of 20 bytes, filled up with zeroes as HMAC itself does.
  const auto key = SecretKey::FromBytes(std::string(20, '\x0b') + std::string(12, '\0'));
  EXPECT_EQ(HexEncode(HmacSha256(*key, "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
}

TEST(SecretKeyTest, OnlyThirtyTwoBytesAreAKey) {
  EXPECT_FALSE(SecretKey::FromBytes(std::string(31, 'x')).has_value());
  EXPECT_FALSE(SecretKey::FromBytes(std::string(33, 'x')).has_value());
  EXPECT_TRUE(SecretKey::FromBytes(std::string(32, 'x')).has_value());
}

TEST(SecretKeyTest, AMovedFromKeyIsZeroes) {
  SecretKey key = *SecretKey::FromBytes(std::string(32, 'x'));
  const SecretKey taken = std::move(key);
  EXPECT_EQ(key.view(), std::string(32, '\0'));  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(taken.view(), std::string(32, 'x'));
}

TEST(SecretKeyTest, PurposesGiveKeysOfTheirOwn) {
  const SecretKey key = *SecretKey::FromBytes(std::string(32, 'x'));
  EXPECT_EQ(key.Derive("a").view(), key.Clone().Derive("a").view());
  EXPECT_NE(key.Derive("a").view(), key.Derive("b").view());
  EXPECT_NE(key.Derive("a").view(), key.view());
}

TEST(SecretKeyTest, AWipedStringIsEmpty) {
  std::string secret = "secret";
  WipeString(secret);
  EXPECT_TRUE(secret.empty());
}

TEST(SeededRandomTest, RepeatsTheSequenceOfSplitMix64) {
  SeededRandom random(1234567);
  EXPECT_EQ(random.Next(), 6457827717110365317u);
  EXPECT_EQ(random.Next(), 3203168211198807973u);
  SeededRandom again(1234567);
  std::array<uint8_t, 9> bytes;
  again.Fill(absl::MakeSpan(bytes));
  EXPECT_EQ(bytes[0], 6457827717110365317u & 0xff);
  EXPECT_EQ(bytes[8], 3203168211198807973u & 0xff);
}

}  // namespace
}  // namespace redress::crypto
