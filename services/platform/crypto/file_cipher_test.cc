#include "services/platform/crypto/file_cipher.h"

#include "gtest/gtest.h"
#include "services/platform/crypto/encoding.h"

namespace redress::crypto {
namespace {

SecretKey Key(char fill) { return *SecretKey::FromBytes(std::string(32, fill)); }

FileCipher Cipher() {
  SeededRandom random(7);
  return FileCipher::Create(Key('k'), "file/1", random, 4);
}

TEST(FileLayoutTest, SizesAgreeBothWays) {
  for (uint64_t size : {0, 1, 3, 4, 5, 7, 8, 9, 1000}) {
    const FileLayout layout{4, size};
    const absl::StatusOr<FileLayout> again = FileLayout::FromStoredSize(4, layout.stored_size());
    ASSERT_TRUE(again.ok()) << size;
    EXPECT_EQ(again->plaintext_size, size);
    uint64_t sum = 0;
    for (uint64_t i = 0; i < layout.chunk_count(); ++i) sum += layout.chunk_length(i);
    EXPECT_EQ(sum, size);
  }
}

TEST(FileLayoutTest, ASizeThatNoFileHasIsDataLoss) {
  for (uint64_t stored : {0, 23, 24, 39}) EXPECT_FALSE(FileLayout::FromStoredSize(4, stored).ok());
  EXPECT_TRUE(FileLayout::FromStoredSize(4, 24 + 20).ok());
  EXPECT_FALSE(FileLayout::FromStoredSize(4, 24 + 20 + 16).ok());  // An empty second chunk.
  EXPECT_FALSE(FileLayout::FromStoredSize(4, 24 + 20 + 3).ok());
}

TEST(FileCipherTest, ChunksOpenInAnyOrder) {
  const FileCipher cipher = Cipher();
  const std::string first = cipher.SealChunk(0, false, "abcd");
  const std::string second = cipher.SealChunk(1, true, "ef");
  const absl::StatusOr<FileCipher> reader =
      FileCipher::FromHeader(Key('k'), "file/1", cipher.header());
  ASSERT_TRUE(reader.ok());
  EXPECT_EQ(*reader->OpenChunk(1, true, second), "ef");
  EXPECT_EQ(*reader->OpenChunk(0, false, first), "abcd");
}

// Checked against another implementation.
TEST(FileCipherTest, KeepsItsFormat) {
  const FileCipher cipher = Cipher();
  EXPECT_EQ(HexEncode(cipher.header()), "5244460104000000d70d3259e4e1cb631c663cf4d73c4c04");
  EXPECT_EQ(HexEncode(cipher.SealChunk(1, true, "ef")), "09e875e23b2f4343b7955d7ce6dd77d45e2f");
}

TEST(FileCipherTest, AMovedRepeatedOrFinalChunkIsNoticed) {
  const FileCipher cipher = Cipher();
  const std::string chunk = cipher.SealChunk(0, false, "abcd");
  EXPECT_TRUE(absl::IsDataLoss(cipher.OpenChunk(1, false, chunk).status()));
  EXPECT_TRUE(absl::IsDataLoss(cipher.OpenChunk(0, true, chunk).status()));
}

TEST(FileCipherTest, AChunkOfAnotherFileOrContextIsNoticed) {
  SeededRandom random(8);
  const FileCipher cipher = Cipher();
  const std::string chunk = cipher.SealChunk(0, false, "abcd");
  EXPECT_FALSE(FileCipher::Create(Key('k'), "file/1", random, 4).OpenChunk(0, false, chunk).ok());
  EXPECT_FALSE(
      FileCipher::FromHeader(Key('k'), "file/2", cipher.header())->OpenChunk(0, false, chunk).ok());
  EXPECT_FALSE(
      FileCipher::FromHeader(Key('l'), "file/1", cipher.header())->OpenChunk(0, false, chunk).ok());
}

TEST(FileCipherTest, ABadHeaderIsDataLoss) {
  const std::string good = Cipher().header();
  for (size_t length = 0; length < good.size(); ++length) {
    EXPECT_TRUE(absl::IsDataLoss(
        FileCipher::FromHeader(Key('k'), "file/1", good.substr(0, length)).status()));
  }
  std::string no_chunks = good;
  no_chunks[4] = 0;
  EXPECT_FALSE(FileCipher::FromHeader(Key('k'), "file/1", no_chunks).ok());
  std::string huge_chunks = good;
  huge_chunks[7] = '\x7f';
  EXPECT_FALSE(FileCipher::FromHeader(Key('k'), "file/1", huge_chunks).ok());
  std::string other_format = good;
  other_format[3] = 2;
  EXPECT_FALSE(FileCipher::FromHeader(Key('k'), "file/1", other_format).ok());
}

TEST(FileCipherTest, AChunkOfAnImpossibleSizeIsDataLoss) {
  EXPECT_TRUE(absl::IsDataLoss(Cipher().OpenChunk(0, true, std::string(15, 'x')).status()));
  EXPECT_TRUE(absl::IsDataLoss(Cipher().OpenChunk(0, true, std::string(21, 'x')).status()));
}

}  // namespace
}  // namespace redress::crypto
