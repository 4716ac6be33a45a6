#include "services/platform/kv/key_codec.h"

#include <cstdint>
#include <limits>
#include <string>
#include <tuple>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck.h"
#include "services/platform/kv/store.h"

namespace redress::kv {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Bytes(std::initializer_list<int> bytes) {
  std::string out;
  for (const int byte : bytes) out.push_back(static_cast<char>(byte));
  return out;
}

// Vectors of the stored form: they change with no version of this code.
TEST(KeyCodecTest, AStringEscapesZeroAndEnds) {
  EXPECT_EQ(KeyWriter(0x10).String("").Take(), Bytes({0x10, 0x00, 0x01}));
  EXPECT_EQ(KeyWriter(0x10).String("KH").Take(), Bytes({0x10, 'K', 'H', 0x00, 0x01}));
  EXPECT_EQ(KeyWriter(0x10).String(Bytes({0x00, 0x01, 0xff})).Take(),
            Bytes({0x10, 0x00, 0xff, 0x01, 0xff, 0x00, 0x01}));
  EXPECT_EQ(KeyWriter(0x10).StringDescending("A").Take(), Bytes({0x10, 0xbe, 0xff, 0xfe}));
}

TEST(KeyCodecTest, NumbersAreBigEndian) {
  EXPECT_EQ(KeyWriter(0x10).Byte(7).Take(), Bytes({0x10, 7}));
  EXPECT_EQ(KeyWriter(0x10).U64(0x0102030405060708).Take(), Bytes({0x10, 1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(KeyWriter(0x10).U64Descending(0).Take(),
            Bytes({0x10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}));
  EXPECT_EQ(KeyWriter(0x10).I64(0).Take(), Bytes({0x10, 0x80, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(KeyWriter(0x10).I64(-1).Take(),
            Bytes({0x10, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}));
  EXPECT_EQ(KeyWriter(0x10).I64Descending(0).Take(),
            Bytes({0x10, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}));
}

TEST(KeyCodecTest, ATimeIsItsMicroseconds) {
  EXPECT_EQ(KeyWriter(0x10).Time(absl::FromUnixMicros(258)).Take(),
            KeyWriter(0x10).I64(258).Take());
  EXPECT_EQ(KeyWriter(0x10).TimeDescending(absl::FromUnixMicros(258)).Take(),
            KeyWriter(0x10).I64Descending(258).Take());
}

TEST(KeyCodecTest, ComponentsComeBack) {
  const absl::Time time = absl::FromUnixMicros(1763800000123456);
  const std::string key = KeyWriter(0x22)
                              .String(Bytes({'a', 0, 'b'}))
                              .StringDescending("")
                              .Byte(255)
                              .U64(1)
                              .U64Descending(2)
                              .I64(-3)
                              .I64Descending(4)
                              .Time(time)
                              .TimeDescending(time)
                              .Take();
  KeyReader reader(key);
  ASSERT_TRUE(reader.ExpectTable(0x22).ok());
  EXPECT_EQ(reader.String().value(), Bytes({'a', 0, 'b'}));
  EXPECT_EQ(reader.StringDescending().value(), "");
  EXPECT_EQ(reader.Byte().value(), 255);
  EXPECT_EQ(reader.U64().value(), 1u);
  EXPECT_EQ(reader.U64Descending().value(), 2u);
  EXPECT_EQ(reader.I64().value(), -3);
  EXPECT_EQ(reader.I64Descending().value(), 4);
  EXPECT_EQ(reader.Time().value(), time);
  EXPECT_EQ(reader.TimeDescending().value(), time);
  EXPECT_TRUE(reader.ExpectEnd().ok());
}

TEST(KeyCodecTest, InfiniteTimesKeepTheirPlace) {
  for (const absl::Time time : {absl::InfinitePast(), absl::InfiniteFuture()}) {
    const std::string key = KeyWriter(0x10).Time(time).TimeDescending(time).Take();
    KeyReader reader(key);
    ASSERT_TRUE(reader.ExpectTable(0x10).ok());
    EXPECT_EQ(reader.Time().value(), time);
    EXPECT_EQ(reader.TimeDescending().value(), time);
  }
}

TEST(KeyCodecTest, DamagedKeysAreRefusedWithoutShowingThem) {
  const auto string_in = [](const std::string& key) { return KeyReader(key).String().status(); };
  for (const std::string& key :
       {std::string(), std::string("secret"), Bytes({'a', 0x00}), Bytes({'a', 0x00, 0x02})}) {
    const absl::Status status = string_in(key);
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("secret")));
  }
  EXPECT_EQ(KeyReader("1234567").U64().status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(KeyReader("").Byte().status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(KeyReader("").Time().status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(KeyReader("x").ExpectEnd().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(KeyReader("\x11").ExpectTable(0x10).code(), absl::StatusCode::kDataLoss);
}

TEST(KeyCodecTest, ALogsKeysGiveTheirNumbers) {
  const std::string log = KeyWriter(0x04).String("my").Take();
  EXPECT_EQ(LogNumber(log, LogKey(log, 258)).value(), 258u);
  EXPECT_FALSE(LogNumber(log, LogKey(KeyWriter(0x04).String("kh").Take(), 1)).ok());
  EXPECT_FALSE(LogNumber(log, log).ok());
}

TEST(KeyCodecTest, ThePrefixEndIsTheNextKeyThatDoesNotBeginWithIt) {
  EXPECT_EQ(PrefixEnd("a"), "b");
  EXPECT_EQ(PrefixEnd(Bytes({'a', 0xff, 0xff})), "b");
  EXPECT_EQ(PrefixEnd(Bytes({0xff})), "");
  EXPECT_EQ(PrefixEnd(""), "");
}

TEST(KeyCodecTest, KeysPrintReadably) {
  EXPECT_EQ(DebugPrintKey(KeyWriter(0x10).String("KH-26").Byte('\\').Take()),
            "10 KH-26\\x00\\x01\\x5c");
  EXPECT_EQ(DebugPrintKey(""), "(empty)");
}

// -1, 0 or 1.
template <class T>
int Sign(const T& left, const T& right) {
  return left < right ? -1 : (right < left ? 1 : 0);
}
int SignOfBytes(const std::string& left, const std::string& right) {
  const int order = left.compare(right);
  return order < 0 ? -1 : (order > 0 ? 1 : 0);
}

using Tuple = std::tuple<std::string, uint64_t, int64_t, std::string>;

std::string Ascending(const Tuple& tuple) {
  return KeyWriter(0x10)
      .String(std::get<0>(tuple))
      .U64(std::get<1>(tuple))
      .I64(std::get<2>(tuple))
      .String(std::get<3>(tuple))
      .Take();
}
std::string Descending(const Tuple& tuple) {
  return KeyWriter(0x10)
      .StringDescending(std::get<0>(tuple))
      .U64Descending(std::get<1>(tuple))
      .I64Descending(std::get<2>(tuple))
      .StringDescending(std::get<3>(tuple))
      .Take();
}

// Few letters and small numbers, so that tuples often agree in their first components; with the
// bytes that escaping is about.
rc::Gen<std::string> AnyString() {
  return rc::gen::container<std::string>(
      rc::gen::element<char>('\0', '\x01', '\x02', 'a', '\xfe', '\xff'));
}
rc::Gen<Tuple> AnyTuple() {
  return rc::gen::tuple(
      AnyString(),
      rc::gen::oneOf(rc::gen::arbitrary<uint64_t>(), rc::gen::element<uint64_t>(0, 1, UINT64_MAX)),
      rc::gen::oneOf(rc::gen::arbitrary<int64_t>(),
                     rc::gen::element<int64_t>(INT64_MIN, -1, 0, INT64_MAX)),
      AnyString());
}

TEST(KeyCodecTest, KeysAreInTheOrderOfTheirComponents) {
  EXPECT_TRUE(rc::check([] {
    const Tuple left = *AnyTuple();
    const Tuple right = *AnyTuple();
    RC_ASSERT(SignOfBytes(Ascending(left), Ascending(right)) == Sign(left, right));
    RC_ASSERT(SignOfBytes(Descending(left), Descending(right)) == Sign(right, left));
  }));
}

TEST(KeyCodecTest, EveryKeyComesBack) {
  EXPECT_TRUE(rc::check([] {
    const Tuple tuple = *AnyTuple();
    const std::string key = Descending(tuple);
    KeyReader reader(key);
    RC_ASSERT(reader.ExpectTable(0x10).ok());
    RC_ASSERT(reader.StringDescending().value() == std::get<0>(tuple));
    RC_ASSERT(reader.U64Descending().value() == std::get<1>(tuple));
    RC_ASSERT(reader.I64Descending().value() == std::get<2>(tuple));
    RC_ASSERT(reader.StringDescending().value() == std::get<3>(tuple));
    RC_ASSERT(reader.ExpectEnd().ok());
  }));
}

}  // namespace
}  // namespace redress::kv
