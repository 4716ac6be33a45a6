#include "tools/redress/output.h"

#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "redress/common/v1/types.pb.h"
#include "redress/intake/v1/case.pb.h"
#include "redress/intake/v1/complaint_state.pb.h"
#include "redress/intake/v1/evidence.pb.h"
#include "redress/intake/v1/filing_requests.pb.h"
#include "redress/referral/v1/referral.pb.h"
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

TEST(TableTest, ASecondByteOfAControlCharacterCannotSteerIt) {
  EXPECT_EQ(Harmless("a\xc2\x9b[2Jb"), "a?[2Jb");
  EXPECT_EQ(Harmless("Labour att\xc3\xa9 \u1780"), "Labour att\xc3\xa9 \u1780");
}

TEST(TableTest, ANarrowTerminalCutsOnlyWhatMayBeCut) {
  Table table({"CASE", "HOLDER", "DUE"});
  table.MayCut({"HOLDER"});
  table.AddRow({"KH-26-0000001-9", "Malaysian Trades Union Congress", "2026-11-22"});
  table.AddRow({"KH-26-0000002-7", "Tenaganita", ""});
  std::ostringstream out;
  table.Print(out, /*colour=*/false, /*columns=*/45);
  EXPECT_EQ(out.str(),
            "CASE             HOLDER            DUE\n"
            "KH-26-0000001-9  Malaysian Trade…  2026-11-22\n"
            "KH-26-0000002-7  Tenaganita\n");
  std::ostringstream narrow;
  table.Print(narrow, /*colour=*/false, /*columns=*/20);
  EXPECT_THAT(narrow.str(), HasSubstr("Malaysian Trades Union Congress"));
}

TEST(TableTest, ACutColumnOfKhmerStillLinesUp) {
  Table table({"NAME", "X"});
  table.MayCut({"NAME"});
  table.AddRow({"មជ្ឈមណ្ឌលធនធានពលករ", "1"});
  table.AddRow({"short", "2"});
  std::ostringstream out;
  table.Print(out, /*colour=*/false, /*columns=*/14);
  const std::string text = out.str();
  const std::string khmer = text.substr(text.find('\n') + 1);
  EXPECT_EQ(DisplayWidth(khmer.substr(0, khmer.find('1'))), DisplayWidth("short        "));
}

TEST(TextFormTest, DurationsAreSaidAsPeopleSayThem) {
  EXPECT_EQ(ShowDuration(7 * 86400), "7 d");
  EXPECT_EQ(ShowDuration(86400), "24 h");
  EXPECT_EQ(ShowDuration(3 * 86400), "3 d");
  EXPECT_EQ(ShowDuration(86400 + 6 * 3600 + 59), "1 d 6 h");
  EXPECT_EQ(ShowDuration(90), "1 min 30 s");
  EXPECT_EQ(ShowDuration(0), "0 s");
}

TEST(OutputTest, ADurationInAnAnswerIsNoNumberOfSeconds) {
  redress::referral::v1::ClockRules clocks;
  clocks.mutable_accept()->set_seconds(7 * 86400);
  std::ostringstream out;
  Output(/*json=*/false, /*colour=*/false, out).Message(clocks);
  EXPECT_EQ(out.str(), "accept: 7 d\n");
}

TEST(OutputTest, ADigestIsShownAsSha256sumPrintsIt) {
  redress::intake::v1::EvidenceFile file;
  file.set_sha256(std::string("\x00\xab", 2));
  std::ostringstream out;
  Output(/*json=*/false, /*colour=*/false, out).Message(file);
  EXPECT_EQ(out.str(), "sha256: 00ab\n");
}

TEST(OutputTest, ACopyHasTheJsonOfWhatPeopleRead) {
  redress::intake::v1::CaseSummary summary;
  summary.set_case_number("KH-26-0000001-9");
  std::ostringstream out;
  std::ostringstream copy;
  Output output(/*json=*/false, /*colour=*/false, out, &copy);
  Table table({"CASE"});
  table.AddRow({summary.case_number()});
  output.List(summary, table, "None.", "");
  EXPECT_EQ(out.str(), "CASE\nKH-26-0000001-9\n");
  EXPECT_THAT(copy.str(), HasSubstr("\"caseNumber\": \"KH-26-0000001-9\""));
}

TEST(OutputTest, AValueAloneIsAnObjectInJson) {
  std::ostringstream out;
  Output(/*json=*/true, /*colour=*/false, out).Value("token", "abc");
  EXPECT_EQ(out.str(), "{\"token\":\"abc\"}\n");
}

TEST(OutputTest, AnEmptyPageBeforeOthersDoesNotSayThatThereIsNothing) {
  std::ostringstream out;
  Output(/*json=*/false, /*colour=*/false, out)
      .List(redress::intake::v1::CaseSummary(), Table({"CASE"}), "No cases.", "abc");
  EXPECT_THAT(out.str(), Not(HasSubstr("No cases.")));
  EXPECT_THAT(out.str(), HasSubstr("--page-token abc, or --all"));
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

TEST(OutputTest, WhatIsCountedIsReadOnOneLine) {
  std::ostringstream out;
  intake::v1::MembersSummary members;
  members.set_total(3);
  for (const char* language : {"km", "th"}) {
    intake::v1::CodeCount* one = members.add_by_language();
    one->set_code(language);
    one->set_count(3);
  }
  intake::v1::ReceiverConsents* consents = members.add_consented_receivers();
  consents->set_receiver_body_id("my:mtuc");
  consents->set_member_count(2);
  Output(/*json=*/false, /*colour=*/false, out).Message(members);
  EXPECT_EQ(out.str(),
            "total: 3\n"
            "consented receivers: my:mtuc 2\n"
            "by language: km 3, th 3\n");
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
  EXPECT_EQ(ExitCode(absl::CancelledError("x")), 3);
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

TEST(PrintErrorTest, WrongUseIsSaidInPlainWords) {
  std::ostringstream err;
  PrintError(UsageError("own.json: cannot be read"), err, /*colour=*/false);
  EXPECT_EQ(err.str(), "redress: own.json: cannot be read\n");
}

TEST(PrintErrorTest, SaysWhichOptionAFieldCameFrom) {
  FieldViolations violations;
  violations.Add("entries[0].amount.amount", "is negative");
  std::ostringstream err;
  PrintError(violations.ToStatus(), err, /*colour=*/false,
             [](std::string_view) { return std::string("--amount"); });
  EXPECT_THAT(err.str(), HasSubstr("  --amount (entries[0].amount.amount): is negative\n"));
}

TEST(PrintErrorTest, GivesReasonAndMetadata) {
  std::ostringstream err;
  PrintError(RefuseStaleEtag("41"), err, /*colour=*/false);
  EXPECT_THAT(err.str(), HasSubstr("ABORTED ETAG_STALE"));
  EXPECT_THAT(err.str(), HasSubstr("etag: 41"));
}

}  // namespace
}  // namespace redress::cli
