#include "services/platform/telemetry/log.h"

#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "services/platform/status/disk_error.h"
#include "services/platform/status/refusal.h"

namespace redress::telemetry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class LogTest : public ::testing::Test {
 protected:
  ManualClock clock_{absl::FromUnixMicros(1'795'305'600'123'456)};
  std::vector<std::string> lines_;
  Logger log_{{"kh", "intake", Level::kInfo}, clock_, [this](std::string_view line) {
                lines_.emplace_back(line);
              }};
};

TEST_F(LogTest, ALineIsOneJsonObject) {
  log_.Info("commit.slow",
            {Field::Id("case", "KH-26-0000417-X"), Field::Code("verb", "Accept"),
             Field::Count("batch", 64), Field::Number("ratio", 0.5), Field::Flag("synced", true),
             Field::Millis("took_ms", absl::Microseconds(41250)),
             Field::At("due_at", absl::UnixEpoch())});
  EXPECT_THAT(lines_,
              ElementsAre("{\"ts\":\"2026-11-22T00:00:00.123456Z\",\"level\":\"info\","
                          "\"node\":\"kh\",\"service\":\"intake\",\"event\":\"commit.slow\","
                          "\"case\":\"KH-26-0000417-X\",\"verb\":\"Accept\",\"batch\":64,"
                          "\"ratio\":0.5,\"synced\":true,\"took_ms\":41.25,"
                          "\"due_at\":\"1970-01-01T00:00:00.000000Z\"}\n"));
}

TEST_F(LogTest, FreeTextDoesNotGetOut) {
  for (std::string_view text :
       {"Sok Dara", "+855 12 345 678", "សុខ ដារ៉ា", "a\"b", "a\nb", "a@b", "\xff\xfe"}) {
    log_.Info("event", {Field::Id("id", text), Field::Code("code", text)});
    EXPECT_THAT(lines_.back(), HasSubstr("\"id\":\"?\",\"code\":\"?\"}"));
  }
  log_.Info("event", {Field::Id("id", std::string(81, 'a'))});
  EXPECT_THAT(lines_.back(), HasSubstr("\"id\":\"?\"}"));
}

TEST_F(LogTest, AStatusIsItsCodeAndReasonWithoutItsMessage) {
  log_.Warning("refused", {Field::Result("result", RefusePrecondition("CONSENT_MISSING", "Dara"))});
  EXPECT_THAT(lines_.back(), HasSubstr("\"result\":\"FAILED_PRECONDITION/CONSENT_MISSING\""));
  EXPECT_THAT(lines_.back(), Not(HasSubstr("Dara")));
  log_.Info("done", {Field::Result("result", absl::OkStatus())});
  EXPECT_THAT(lines_.back(), HasSubstr("\"result\":\"OK\""));
}

TEST_F(LogTest, AnErrorOfTheDiskIsToldWithWhereToLook) {
  const absl::Status status =
      FileError(absl::StatusCode::kInternal, "encrypted file: write: Input/output error");
  log_.Error("rpc.failed", {Field::Result("result", status)});
  EXPECT_THAT(lines_.back(),
              HasSubstr("\"result\":\"INTERNAL: encrypted file: write: Input/output error; see "
                        "docs/runbook.md, \\\"A file cannot be read or written\\\"\""));
  log_.Error("rpc.failed", {Field::Result("result", absl::InternalError("Dara"))});
  EXPECT_THAT(lines_.back(), HasSubstr("\"result\":\"INTERNAL\""));
}

TEST_F(LogTest, AnOperatorsErrorIsEscapedAndCut) {
  const absl::Status status = absl::NotFoundError("/etc/\"x\"\n\xff " + std::string(1000, 'y'));
  log_.Error("start.failed", {Field::OperatorError("error", status)});
  const nlohmann::json line = nlohmann::json::parse(lines_.back(), nullptr, false);
  ASSERT_TRUE(line.is_object());
  EXPECT_THAT(line["error"].get<std::string>(), HasSubstr("NOT_FOUND: /etc/\"x\"\n"));
  EXPECT_LT(line["error"].get<std::string>().size(), 520u);
  EXPECT_EQ(lines_.back().find('\n'), lines_.back().size() - 1);
}

TEST_F(LogTest, LevelsBelowTheOneChosenAreSilent) {
  log_.Debug("noise");
  EXPECT_TRUE(lines_.empty());
  log_.Warning("a");
  log_.Error("b");
  EXPECT_EQ(lines_.size(), 2u);
  EXPECT_FALSE(log_.IsOn(Level::kDebug));
}

TEST_F(LogTest, ThreadsDoNotTearLines) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this] {
      for (int i = 0; i < 200; ++i) log_.Info("tick", {Field::Count("i", 1)});
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(lines_.size(), 800u);
}

}  // namespace
}  // namespace redress::telemetry
