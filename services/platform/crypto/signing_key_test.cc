#include "services/platform/crypto/signing_key.h"

#include "gtest/gtest.h"
#include "services/platform/crypto/encoding.h"

namespace redress::crypto {
namespace {

SigningKey Rfc8032Key() {
  return SigningKey(*SecretKey::FromBytes(
      *HexDecode("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")));
}

TEST(SigningKeyTest, HasTheVectorOfRfc8032) {
  const SigningKey key = Rfc8032Key();
  EXPECT_EQ(key.public_key().ToText(),
            Base64UrlEncode(
                *HexDecode("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")));
  EXPECT_EQ(HexEncode(key.Sign("\x72")),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

TEST(SigningKeyTest, OnlyTheSameMessageAndSignatureVerify) {
  const SigningKey key = Rfc8032Key();
  const std::string signature = key.Sign("message");
  EXPECT_TRUE(key.public_key().Verifies("message", signature));
  EXPECT_FALSE(key.public_key().Verifies("Message", signature));
  EXPECT_FALSE(key.public_key().Verifies("message", signature.substr(1)));
  EXPECT_FALSE(key.public_key().Verifies("message", ""));
  std::string changed = signature;
  changed[63] ^= 0x10;  // Another representative of the same scalar would pass a lax check.
  EXPECT_FALSE(key.public_key().Verifies("message", changed));
}

TEST(PublicKeyTest, TextGivesTheSameKeyBack) {
  const PublicKey key = Rfc8032Key().public_key();
  EXPECT_EQ(PublicKey::FromText(key.ToText()), key);
  EXPECT_EQ(key.key_id(), Rfc8032Key().key_id());
  EXPECT_EQ(key.key_id().size(), 20u);
}

TEST(PublicKeyTest, WhatCannotSignIsRefused) {
  EXPECT_EQ(PublicKey::FromText("not a key"), std::nullopt);
  EXPECT_EQ(PublicKey::FromBytes(std::string(31, 'x')), std::nullopt);
  EXPECT_EQ(PublicKey::FromBytes(std::string(32, '\0')), std::nullopt);  // small order
  EXPECT_EQ(PublicKey::FromBytes(std::string(1, '\x01') + std::string(31, '\0')), std::nullopt);
  EXPECT_EQ(PublicKey::FromBytes(std::string(32, '\xff')), std::nullopt);  // not canonical
}

}  // namespace
}  // namespace redress::crypto
