#include "tools/redress/output.h"

#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "redress/common/v1/types.pb.h"
#include "redress/intake/v1/complaint_state.pb.h"
#include "redress/intake/v1/filing_requests.pb.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"

namespace redress::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(TableTest, ColumnsLineUpUnderTheirHeading) {
  Table table({"CASE", "STATE"});
  table.AddRow({"KH-26-0000001-9", "OPEN"});
  table.AddRow({"x", "FILED"});
  std::ostringstream out;
  table.Print(out, /*colour=*/false);
  EXPECT_EQ(out.str(),
            "CASE             STATE\n"
            "KH-26-0000001-9  OPEN\n"
            "x                FILED\n");
}

TEST(TableTest, KhmerTakesTheColumnsThatATerminalShows) {
  // KA and a subscript: the combining COENG takes no column of its own.
  EXPECT_EQ(DisplayWidth("\u1780"), 1u);
  EXPECT_EQ(DisplayWidth("\u1780\u17d2\u1780"), 2u);
  EXPECT_EQ(DisplayWidth("工会"), 4u);
}

TEST(TableTest, AStoredTextCannotSteerTheTerminal) {
  Table table({"NAME"});
  table.AddRow({"\x1b[2Jgone"});
  std::ostringstream out;
  table.Print(out, /*colour=*/false);
  EXPECT_THAT(out.str(), Not(HasSubstr("\x1b")));
}

TEST(OutputTest, PeopleReadSetFieldsOneToALine) {
  redress::intake::v1::CaseSummary summary;
  summary.set_case_number("KH-26-0000001-9");
  summary.set_state(redress::intake::v1::CASE_STATE_OPEN);
  summary.mutable_filed_at()->set_seconds(1'767'225'600);
  std::ostringstream out;
  Output(/*json=*/false, /*colour=*/false, out).Message(summary);
  EXPECT_EQ(out.str(),
            "case number: KH-26-0000001-9\n"
            "state: OPEN\n"
            "filed at: 2026-01-01 00:00\n");
}

TEST(OutputTest, MoneyIsOneValue) {
  redress::intake::v1::FileComplaintRequest request;
  auto* claim = request.mutable_filing()->add_members()->add_claim_lines()->mutable_claimed();
  claim->set_currency_code("MYR");
  claim->set_amount("7200.00");
  std::ostringstream out;
  Output(/*json=*/false, /*colour=*/false, out).Message(request);
  EXPECT_THAT(out.str(), HasSubstr("claimed: MYR 7200.00\n"));
}

TEST(OutputTest, JsonHoldsNothingButTheAnswer) {
  redress::common::v1::Money money;
  money.set_amount("1.00");
  std::ostringstream out;
  Output output(/*json=*/true, /*colour=*/true, out);
  output.Line("for people");
  output.JsonLine(money);
  EXPECT_EQ(out.str(), "{\"amount\":\"1.00\"}\n");
}

TEST(ExitCodeTest, TellsDoneRefusedWrongUseAndUnreachable) {
  EXPECT_EQ(ExitCode(absl::OkStatus()), 0);
  EXPECT_EQ(ExitCode(absl::NotFoundError("x")), 1);
  EXPECT_EQ(ExitCode(UsageError("x")), 2);
  EXPECT_EQ(ExitCode(absl::UnavailableError("x")), 3);
  EXPECT_EQ(ExitCode(absl::DeadlineExceededError("x")), 3);
}

TEST(PrintErrorTest, NamesEveryWrongField) {
  FieldViolations violations;
  violations.Add("complaint.sector", "is missing");
  violations.Add("members", "is empty");
  std::ostringstream err;
  PrintError(violations.ToStatus(), err, /*colour=*/false);
  EXPECT_EQ(err.str(),
            "INVALID_ARGUMENT\n"
            "  complaint.sector: is missing\n"
            "  members: is empty\n");
}

TEST(PrintErrorTest, GivesReasonAndMetadata) {
  std::ostringstream err;
  PrintError(RefuseStaleEtag("41"), err, /*colour=*/false);
  EXPECT_THAT(err.str(), HasSubstr("ABORTED ETAG_STALE"));
  EXPECT_THAT(err.str(), HasSubstr("etag: 41"));
}

}  // namespace
}  // namespace redress::cli
