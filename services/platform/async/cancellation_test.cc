#include "services/platform/async/cancellation.h"

#include "gtest/gtest.h"

namespace redress::async {
namespace {

TEST(CancellationTest, ADefaultTokenIsNeverCancelled) {
  CancellationToken token;
  EXPECT_FALSE(token.IsCancelled());
  EXPECT_FALSE(token.CanBeCancelled());
  EXPECT_TRUE(token.ToStatus().ok());
}

TEST(CancellationTest, EveryTokenOfASourceSeesIt) {
  CancellationSource source;
  const CancellationToken token = source.token();
  source.Cancel();
  EXPECT_TRUE(token.IsCancelled());
  EXPECT_EQ(token.ToStatus().code(), absl::StatusCode::kCancelled);
}

TEST(CancellationTest, ACallbackRunsOnce) {
  CancellationSource source;
  int calls = 0;
  CancellationCallback callback(source.token(), [&calls] { ++calls; });
  source.Cancel();
  source.Cancel();
  EXPECT_EQ(calls, 1);
}

TEST(CancellationTest, ACallbackOnACancelledTokenRunsAtOnce) {
  CancellationSource source;
  source.Cancel();
  int calls = 0;
  CancellationCallback callback(source.token(), [&calls] { ++calls; });
  EXPECT_EQ(calls, 1);
}

TEST(CancellationTest, ACallbackThatWentAwayDoesNotRun) {
  CancellationSource source;
  int calls = 0;
  {
    CancellationCallback callback(source.token(), [&calls] { ++calls; });
  }
  source.Cancel();
  EXPECT_EQ(calls, 0);
}

}  // namespace
}  // namespace redress::async
