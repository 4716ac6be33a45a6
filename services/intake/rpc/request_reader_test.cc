#include "services/intake/rpc/request_reader.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "redress/intake/v1/bulk_requests.pb.h"
#include "redress/intake/v1/case_requests.pb.h"

namespace redress::intake {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

constexpr char kRequestId[] = "0123456789abcdef";

v1::CloseComplaintRequest ARequest() {
  v1::CloseComplaintRequest request;
  request.set_request_id(kRequestId);
  request.set_case_number(CaseNumber("KH", 26, 417).ToString());
  request.set_etag("12");
  request.set_reason("NO_CONTACT");
  return request;
}

TEST(RequestReaderTest, EverythingThatIsWrongIsNoted) {
  RequestReader reader;
  v1::CloseComplaintRequest request;
  request.set_request_id("short");
  reader.Mark(request);
  reader.Target("KH-26-0000417-Q", "");
  reader.Page(201, "");
  reader.Id("not-an-id", "member_id", false);
  EXPECT_THAT(reader.violations().list(), ElementsAre(Field(&FieldViolation::field, "request_id"),
                                                      Field(&FieldViolation::field, "etag"),
                                                      Field(&FieldViolation::field, "case_number"),
                                                      Field(&FieldViolation::field, "page_size"),
                                                      Field(&FieldViolation::field, "member_id")));
}

TEST(RequestReaderTest, TheDigestIsOfAllButTheRequestId) {
  RequestReader reader;
  v1::CloseComplaintRequest one = ARequest();
  v1::CloseComplaintRequest other = ARequest();
  other.set_request_id("fedcba9876543210");
  v1::CloseComplaintRequest changed = ARequest();
  changed.set_reason("OTHER");
  const RequestMark mark = reader.Mark(one);
  EXPECT_EQ(mark.request_id.ToString(), kRequestId);
  EXPECT_EQ(mark.content, reader.Mark(other).content);
  EXPECT_NE(mark.content, reader.Mark(changed).content);
  EXPECT_TRUE(reader.ok());
}

TEST(RequestReaderTest, ARecordThatMovedToAnotherLineIsTheSame) {
  RequestReader reader;
  v1::ImportComplaintsRequest one;
  one.set_request_id(kRequestId);
  one.set_line_number(3);
  v1::ImportComplaintsRequest moved = one;
  moved.set_line_number(4);
  EXPECT_EQ(reader.MarkOfLine(one).content, reader.MarkOfLine(moved).content);
}

TEST(RequestReaderTest, AnETagThatIsNoneIsOfNoVersion) {
  RequestReader reader;
  const std::string number = CaseNumber("KH", 26, 417).ToString();
  EXPECT_EQ(reader.Target(number, "12").version, 12u);
  EXPECT_EQ(reader.Target(number, "twelve").version, 0u);
  EXPECT_EQ(reader.TargetAtAnyVersion(number, "").version, std::nullopt);
  EXPECT_TRUE(reader.ok());
}

TEST(RequestReaderTest, PagesHaveADefaultAndALimit) {
  RequestReader reader;
  EXPECT_EQ(reader.Page(0, "").size, kDefaultPageSize);
  EXPECT_EQ(reader.Page(200, "next").token, "next");
  EXPECT_THAT(reader.violations().list(), IsEmpty());
  reader.Page(-1, "");
  EXPECT_FALSE(reader.ok());
}

}  // namespace
}  // namespace redress::intake
