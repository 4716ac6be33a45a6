#include "services/platform/service/unreadable_request.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "redress/rpctest/v1/echo.pb.h"

namespace redress::service {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kStore[] = "/redress.rpctest.v1.EchoService/Store";
constexpr char kEcho[] = "/redress.rpctest.v1.EchoService/Echo";
constexpr char kWait[] = "/redress.rpctest.v1.EchoService/Wait";

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const FieldViolation& one : GetFieldViolations(status)) fields.push_back(one.field);
  return fields;
}

TEST(UnreadableRequestTest, AVerbNeverGetsTheRequestIdAndIsNotHeardOnItsAbsence) {
  rpctest::v1::StoreRequest request;
  request.set_request_id("0190a5c8-4d3e-7b6a-9c1d-2e3f4a5b6c7d");
  UnreadableRequest unreadable(InvalidField("text", "is not UTF-8"));
  ASSERT_TRUE(unreadable.Disarm(kStore, request));
  EXPECT_EQ(request.request_id(), "");
  FieldViolations verb;
  verb.Add("request_id", "is required");
  verb.Add("text", "has a question mark");
  verb.Add("number", "is negative");
  unreadable.Take(verb.ToStatus());
  EXPECT_THAT(FieldsOf(unreadable.ToStatus()), ElementsAre("text", "number"));
}

TEST(UnreadableRequestTest, ARequestIdThatIsWrongByItselfIsNamed) {
  rpctest::v1::StoreRequest request;
  request.set_request_id("1");
  UnreadableRequest unreadable(InvalidField("text", "is not UTF-8"));
  ASSERT_TRUE(unreadable.Disarm(kStore, request));
  EXPECT_THAT(FieldsOf(unreadable.ToStatus()), ElementsAre("text", "request_id"));
}

TEST(UnreadableRequestTest, WithoutARequestIdOnlyAVerbWithoutSideEffectsIsCalled) {
  rpctest::v1::EchoRequest request;
  UnreadableRequest unreadable(InvalidField("text", "is not UTF-8"));
  EXPECT_TRUE(unreadable.Disarm(kEcho, request));
  EXPECT_FALSE(unreadable.Disarm(kWait, request));
  EXPECT_FALSE(unreadable.Disarm("/redress.rpctest.v1.EchoService/Unknown", request));
  EXPECT_FALSE(unreadable.Disarm("", request));
}

TEST(UnreadableRequestTest, AnAnswerThatRestsOnTextNeverSentIsLeftOut) {
  UnreadableRequest unreadable(InvalidField("text", "is not UTF-8"));
  unreadable.Take(absl::OkStatus());
  unreadable.Take(absl::NotFoundError("no such thing"));
  unreadable.Take(absl::InvalidArgumentError("out of order"));
  EXPECT_THAT(FieldsOf(unreadable.ToStatus()), ElementsAre("text"));
}

TEST(UnreadableRequestTest, BytesThatAreNoMessageReachNoVerb) {
  rpctest::v1::StoreRequest request;
  UnreadableRequest unreadable(absl::InvalidArgumentError("3 bytes that are no message"));
  EXPECT_FALSE(unreadable.Disarm(kStore, request));
  EXPECT_THAT(FieldsOf(unreadable.ToStatus()), IsEmpty());
  EXPECT_EQ(unreadable.ToStatus().message(), "3 bytes that are no message");
}

}  // namespace
}  // namespace redress::service
