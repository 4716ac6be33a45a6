#include "services/platform/service/wire_message.h"

#include <string>

#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "redress/rpctest/v1/echo.pb.h"
#include "services/platform/status/field_violations.h"

namespace redress::service {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

grpc::ByteBuffer BufferOf(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

TEST(WireMessageTest, AMessageComesBackAsItWasWritten) {
  rpctest::v1::EchoRequest written;
  written.set_text("សួស្តី");
  written.set_number(-7);
  grpc::ByteBuffer bytes = ToBytes(written);
  rpctest::v1::EchoRequest read;
  ASSERT_TRUE(ParseMessage(bytes, read).ok());
  EXPECT_EQ(read.text(), written.text());
  EXPECT_EQ(read.number(), -7);
}

TEST(WireMessageTest, TextThatIsNotUtf8IsNamedAndTheRestIsRead) {
  // Field 1 with the stray byte FF, then field 2.
  grpc::ByteBuffer bytes = BufferOf(std::string("\x0a\x02o\xff\x10\x05", 6));
  rpctest::v1::EchoRequest read;
  const absl::Status status = ParseMessage(bytes, read);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(GetFieldViolations(status), ElementsAre(Field(&FieldViolation::field, "text")));
  EXPECT_EQ(read.text(), "o?");
  EXPECT_EQ(read.number(), 5);
}

TEST(WireMessageTest, FieldsWithinOthersAreNamedByTheirPath) {
  google::rpc::BadRequest request;
  request.add_field_violations()->set_field("good");
  request.add_field_violations()->set_description("good");
  std::string bytes = request.SerializeAsString();
  bytes.replace(bytes.rfind("good"), 4, "go\xc0\x80");
  grpc::ByteBuffer buffer = BufferOf(bytes);
  google::rpc::BadRequest read;
  const absl::Status status = ParseMessage(buffer, read);
  EXPECT_THAT(GetFieldViolations(status),
              ElementsAre(Field(&FieldViolation::field, "field_violations[1].description")));
  request.mutable_field_violations(1)->set_description("go??");
  EXPECT_EQ(read.SerializeAsString(), request.SerializeAsString());
}

TEST(WireMessageTest, BytesThatAreNoMessageAreSaidToBeNone) {
  grpc::ByteBuffer bytes = BufferOf("\x0a\x7fshort");
  rpctest::v1::EchoRequest read;
  const absl::Status status = ParseMessage(bytes, read);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(GetFieldViolations(status), IsEmpty());
  EXPECT_THAT(std::string(status.message()), HasSubstr("redress.rpctest.v1.EchoRequest"));
  EXPECT_EQ(read.ByteSizeLong(), 0u);
}

// Two bytes on the wire are a hundred in memory: a message's size does not tell what it takes.
TEST(WireMessageTest, AMessageOfMoreFieldsThanAnybodyNeedsIsNotMade) {
  rpctest::v1::EchoRequest wide;
  for (int i = 0; i < 32'768; ++i) wide.add_parts();
  wide.set_text(std::string(1 << 20, 'a'));
  grpc::ByteBuffer bytes = ToBytes(wide);
  rpctest::v1::EchoRequest read;
  EXPECT_EQ(ParseMessage(bytes, read).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(read.parts_size(), 0);
  wide.mutable_parts()->RemoveLast();
  bytes = ToBytes(wide);
  ASSERT_TRUE(ParseMessage(bytes, read).ok());
  EXPECT_EQ(read.parts_size(), 32'767);
}

TEST(WireMessageTest, FieldsAreCountedWhereverTheyAre) {
  rpctest::v1::EchoRequest deep;
  for (int i = 0; i < 20'000; ++i) deep.add_parts()->add_parts();
  grpc::ByteBuffer bytes = ToBytes(deep);
  rpctest::v1::EchoRequest read;
  EXPECT_EQ(ParseMessage(bytes, read).code(), absl::StatusCode::kInvalidArgument);
  // Of a field that the message has not: groups, empty.
  std::string groups;
  for (int i = 0; i < 40'000; ++i) groups += "\x4b\x4c";
  bytes = BufferOf(groups);
  EXPECT_EQ(ParseMessage(bytes, read).code(), absl::StatusCode::kInvalidArgument);
  // What a text holds is none.
  rpctest::v1::EchoRequest text;
  text.set_text(std::string(1 << 20, '\x4b'));
  bytes = ToBytes(text);
  EXPECT_TRUE(ParseMessage(bytes, read).ok());
}

TEST(WireMessageTest, WhatIsWrongIsNotRepeated) {
  grpc::ByteBuffer bytes = BufferOf(std::string("\x0a\x08Sok Dara\x0a\x02x\xff", 14));
  rpctest::v1::EchoRequest read;
  const absl::Status status = ParseMessage(bytes, read);
  EXPECT_EQ(status.ToString().find("Sok"), std::string::npos);
}

}  // namespace
}  // namespace redress::service
