#include "services/platform/kv/record_codec.h"

#include <cstdint>
#include <limits>
#include <string>

#include "gtest/gtest.h"
#include "rapidcheck.h"
#include "services/platform/status/status_macros.h"

namespace redress::kv {
namespace {

std::string Encoded(std::initializer_list<int> bytes) {
  std::string out;
  for (const int byte : bytes) out.push_back(static_cast<char>(byte));
  return out;
}

absl::StatusCode NumberIn(const std::string& bytes) {
  return RecordReader(bytes).Number().status().code();
}

TEST(RecordCodecTest, TheStoredFormIsThis) {
  EXPECT_EQ(RecordWriter(1).Number(0).Number(127).Number(300).Take(),
            Encoded({1, 0, 0x7f, 0xac, 0x02}));
  EXPECT_EQ(RecordWriter(2).Signed(0).Signed(-1).Signed(1).Signed(-65).Take(),
            Encoded({2, 0, 1, 2, 0x81, 0x01}));
  EXPECT_EQ(RecordWriter(1).Bytes("").Bytes("kh").Take(), Encoded({1, 0, 2, 'k', 'h'}));
}

TEST(RecordCodecTest, TheLargestNumbersComeBack) {
  const std::string record = RecordWriter(1)
                                 .Number(std::numeric_limits<uint64_t>::max())
                                 .Signed(std::numeric_limits<int64_t>::min())
                                 .Signed(std::numeric_limits<int64_t>::max())
                                 .Take();
  RecordReader reader(record);
  ASSERT_TRUE(reader.ExpectFormat(1).ok());
  EXPECT_EQ(reader.Number().value(), std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(reader.Signed().value(), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(reader.Signed().value(), std::numeric_limits<int64_t>::max());
  EXPECT_TRUE(reader.ExpectEnd().ok());
}

TEST(RecordCodecTest, NumbersThatNoWriterMakesAreRefused) {
  EXPECT_EQ(NumberIn(""), absl::StatusCode::kDataLoss);
  EXPECT_EQ(NumberIn(Encoded({0x80})), absl::StatusCode::kDataLoss);
  EXPECT_EQ(NumberIn(Encoded({0x81, 0x00})), absl::StatusCode::kDataLoss);
  EXPECT_EQ(NumberIn(std::string(9, '\xff') + "\x02"), absl::StatusCode::kDataLoss);
  EXPECT_EQ(NumberIn(std::string(10, '\xff')), absl::StatusCode::kDataLoss);
}

TEST(RecordCodecTest, OtherFormatsAndCutOffRecordsAreRefused) {
  EXPECT_FALSE(RecordReader("").ExpectFormat(1).ok());
  EXPECT_FALSE(RecordReader("\x02").ExpectFormat(1).ok());
  EXPECT_FALSE(RecordReader("\x01").ExpectEnd().ok());
  EXPECT_FALSE(RecordReader(Encoded({3, 'k', 'h'})).Bytes().ok());
  EXPECT_FALSE(RecordReader(std::string(9, '\xff') + "\x01").Bytes().ok());
}

absl::Status ReadAnything(const std::string& bytes) {
  RecordReader reader(bytes);
  RETURN_IF_ERROR(reader.ExpectFormat(1));
  RETURN_IF_ERROR(reader.Bytes().status());
  RETURN_IF_ERROR(reader.Signed().status());
  return reader.ExpectEnd();
}

TEST(RecordCodecTest, WhatIsAcceptedIsExactlyWhatIsWritten) {
  EXPECT_TRUE(rc::check([](const std::string& text, int64_t number, std::string noise) {
    std::string record = RecordWriter(1).Bytes(text).Signed(number).Take();
    RC_ASSERT(ReadAnything(record).ok());
    RC_ASSERT(!ReadAnything(record + "x").ok());
    record.pop_back();
    RC_ASSERT(!ReadAnything(record).ok());
    (void)ReadAnything("\x01" + noise);  // Must only not crash or read beyond the end.
  }));
}

}  // namespace
}  // namespace redress::kv
