#include "services/platform/async/channel.h"

#include <memory>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"

namespace redress::async {
namespace {

using ::testing::ElementsAre;

Task<void> PushAll(Executor& executor, Channel<int>& channel, int count, int& pushed) {
  for (int i = 0; i < count; ++i) {
    if (!co_await channel.Push(executor, i)) co_return;
    ++pushed;
  }
  channel.Close();
}

Task<std::vector<int>> PopAll(Executor& executor, Channel<int>& channel) {
  std::vector<int> items;
  while (true) {
    std::optional<int> item = co_await channel.Pop(executor);
    if (!item.has_value()) co_return items;
    items.push_back(*item);
  }
}

TEST(ChannelTest, PushingWaitsWhileItIsFull) {
  ManualExecutor executor;
  Channel<int> channel(2);
  int pushed = 0;
  Spawn(executor, PushAll(executor, channel, 5, pushed));
  executor.RunUntilIdle();
  EXPECT_EQ(pushed, 2);
  EXPECT_THAT(RunToEnd(executor, PopAll(executor, channel)), ElementsAre(0, 1, 2, 3, 4));
}

TEST(ChannelTest, AClosedChannelGivesWhatIsInsideAndTakesNothing) {
  ManualExecutor executor;
  Channel<std::unique_ptr<int>> channel(2);
  auto item = std::make_unique<int>(1);
  EXPECT_TRUE(channel.TryPush(item));
  channel.Close();
  auto late = std::make_unique<int>(2);
  EXPECT_FALSE(channel.TryPush(late));
  EXPECT_NE(late, nullptr);
  EXPECT_EQ(**RunToEnd(executor, channel.Pop(executor)), 1);
  EXPECT_EQ(RunToEnd(executor, channel.Pop(executor)), std::nullopt);
}

TEST(ChannelTest, ACancelledPopEndsWithNothing) {
  ManualExecutor executor;
  Channel<int> channel(1);
  CancellationSource source;
  source.Cancel();
  EXPECT_EQ(RunToEnd(executor, channel.Pop(executor, source.token())), std::nullopt);
}

}  // namespace
}  // namespace redress::async
