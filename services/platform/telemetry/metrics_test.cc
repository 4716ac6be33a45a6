#include "services/platform/telemetry/metrics.h"

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace redress::telemetry {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kMethod[] = "redress.intake.v1.IntakeService/FileComplaint";

TEST(MetricsTest, CallsAreCountedByMethodAndCode) {
  Metrics metrics("kh", "intake");
  for (int i = 0; i < 3; ++i) {
    metrics.RpcStarted();
    metrics.RpcFinished(kMethod, absl::StatusCode::kOk, absl::Milliseconds(3));
  }
  metrics.RpcStarted();
  metrics.RpcFinished(kMethod, absl::StatusCode::kAborted, absl::Milliseconds(1));
  metrics.RpcStarted();
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr(fmt::format("redress_rpc_calls_total{{node=\"kh\",service=\"intake\","
                                          "code=\"OK\",method=\"{}\"}} 3",
                                          kMethod)));
  EXPECT_THAT(text, HasSubstr("code=\"ABORTED\""));
  EXPECT_THAT(text, HasSubstr(fmt::format("redress_rpc_seconds_count{{node=\"kh\",service="
                                          "\"intake\",method=\"{}\"}} 4",
                                          kMethod)));
  EXPECT_THAT(text, HasSubstr("redress_rpc_in_flight{node=\"kh\",service=\"intake\"} 1"));
}

TEST(MetricsTest, CommitsEventsAndStoreHaveTheirFigures) {
  Metrics metrics("kh", "referral");
  metrics.CommitBatch(9, absl::Microseconds(300));
  metrics.CommitRefused("conflict");
  metrics.SetEventsBehind("intake", 12);
  metrics.SetStore("free_bytes", 1e9);
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("redress_commit_batch_size_sum{node=\"kh\",service=\"referral\"} 9"));
  EXPECT_THAT(text, HasSubstr("reason=\"conflict\"} 1"));
  EXPECT_THAT(text, HasSubstr("log=\"intake\"} 12"));
  EXPECT_THAT(text, HasSubstr("figure=\"free_bytes\"} 1000000000"));
}

TEST(MetricsTest, SeriesAreBounded) {
  Metrics metrics("kh", "intake");
  for (size_t i = 0; i < Metrics::kMaxSeries + 50; ++i) {
    metrics.SetStore(fmt::format("figure{}", i), 1);
  }
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("figure=\"figure999\""));
  EXPECT_THAT(text, Not(HasSubstr("figure=\"figure1000\"")));
  EXPECT_THAT(text, HasSubstr("figure=\"other\""));
}

}  // namespace
}  // namespace redress::telemetry
