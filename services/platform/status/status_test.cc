#include "absl/status/status.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"

namespace redress {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(FieldViolationsTest, NoViolationIsOk) { EXPECT_TRUE(FieldViolations().ToStatus().ok()); }

TEST(FieldViolationsTest, OneAnswerNamesEveryField) {
  FieldViolations violations;
  violations.Add("complaint.narrative", "has 70000 bytes; at most 65536 are accepted");
  violations.AddValue("complaint.corridor.destination", "ZZ", "an ISO 3166-1 alpha-2 code");

  const absl::Status status = violations.ToStatus();

  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(GetFieldViolations(status),
              ElementsAre(FieldViolation{"complaint.narrative",
                                         "has 70000 bytes; at most 65536 are accepted"},
                          FieldViolation{"complaint.corridor.destination",
                                         "was \"ZZ\"; accepted: an ISO 3166-1 alpha-2 code"}));
}

TEST(FieldViolationsTest, ControlCharactersCannotForgeAnotherField) {
  const absl::Status status = InvalidField("a\x1f\x1e", "b\x1e\n");
  EXPECT_THAT(GetFieldViolations(status), ElementsAre(FieldViolation{"a??", "b??"}));
}

TEST(FieldViolationsTest, ALongValueIsCutAndKeptAscii) {
  FieldViolations violations;
  violations.AddValue("currency", std::string(100, 'x') + "\xe1\x9e\x80", "an ISO 4217 code");
  EXPECT_THAT(violations.list()[0].problem, HasSubstr("…"));
  EXPECT_THAT(violations.list()[0].problem, Not(HasSubstr(std::string(65, 'x'))));
}

TEST(FieldViolationsTest, FaultsOfPartsAreTakenAndAWholePartGivesItsValue) {
  FieldViolations violations;
  EXPECT_EQ(violations.Read(absl::StatusOr<int>(7)), 7);
  EXPECT_EQ(violations.Read(absl::StatusOr<int>(InvalidField("a", "is wrong"))), 0);
  violations.Take(absl::OkStatus());
  violations.Take(InvalidField("b", "is wrong too"));
  EXPECT_THAT(violations.list(),
              ElementsAre(FieldViolation{"a", "is wrong"}, FieldViolation{"b", "is wrong too"}));
}

TEST(FieldViolationsTest, AnotherStatusCarriesNone) {
  EXPECT_THAT(GetFieldViolations(absl::InternalError("x")), IsEmpty());
}

TEST(RefusalTest, ReasonAndMetadataTravelInsideTheStatus) {
  const absl::Status status =
      RefusePrecondition("AGREEMENT_EXPIRED", "ended", {{"agreement", "kh-my-2015"}});

  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetRefusal(status), (Refusal{"AGREEMENT_EXPIRED", {{"agreement", "kh-my-2015"}}}));
}

TEST(RefusalTest, AStaleEtagNamesTheCurrentOne) {
  const absl::Status status = RefuseStaleEtag("41");
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(GetRefusal(status)->metadata.at("etag"), "41");
}

TEST(RefusalTest, APlainStatusCarriesNone) {
  EXPECT_EQ(GetRefusal(absl::InternalError("x")), std::nullopt);
}

}  // namespace
}  // namespace redress
