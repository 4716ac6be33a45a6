#include "services/referral/clients/intake_client.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/crypto/system_random.h"
#include "services/platform/rpc/client.h"
#include "services/platform/time/clock.h"
#include "services/referral/clients/testing/fake_intake.h"

namespace redress::referral {
namespace {

using testing::FakeIntake;

constexpr char kCase[] = "KH-26-0000001-8";

// Runs a task on the loop and waits for what it gives.
template <class T>
async::Task<void> Deliver(async::Task<T> task, std::optional<T>* result, absl::Notification* done) {
  result->emplace(co_await task);
  done->Notify();
}
template <class T>
T RunOn(async::Executor& executor, async::Task<T> task) {
  std::optional<T> result;
  absl::Notification done;
  async::Spawn(executor, Deliver<T>(std::move(task), &result, &done));
  done.WaitForNotification();
  return *std::move(result);
}

class IntakeClientTest : public ::testing::Test {
 protected:
  IntakeClientTest()
      : key_(crypto::SecretKey::Generate(random_)),
        tokens_(NodeId::FromTrusted("kh"), "referral", key_, clock_) {
    auto channel = rpc::OpenChannel({.target = intake_.address()});
    client_ = std::make_unique<IntakeClient>(loop_, tokens_, *std::move(channel));
  }
  ~IntakeClientTest() override { loop_.Stop(); }

  crypto::SystemRandom random_;
  SystemClock clock_;
  crypto::SigningKey key_;
  service::ServiceTokens tokens_;
  FakeIntake intake_;
  rpc::EventLoop loop_;
  std::unique_ptr<IntakeClient> client_;
};

TEST_F(IntakeClientTest, ACallCarriesTheServicesTokenAndBringsTheCase) {
  intake_.AddCase(kCase, "m");
  intake::v1::GetComplaintRequest request;
  request.set_case_number(kCase);
  const auto shown = RunOn(loop_, client_->ShowCase(std::move(request)));
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_EQ(shown->complaint_case().case_number(), kCase);
  EXPECT_EQ(intake_.last_token(), tokens_.Token());
}

TEST_F(IntakeClientTest, ARefusalComesThroughAsItWasMade) {
  intake::v1::GetComplaintRequest request;
  request.set_case_number(kCase);
  const auto shown = RunOn(loop_, client_->ShowCase(std::move(request)));
  EXPECT_TRUE(absl::IsNotFound(shown.status())) << shown.status();
}

TEST_F(IntakeClientTest, EventsThatAreThereComeAtOnceAndInOrder) {
  for (int i = 0; i < 3; ++i) intake_.AddEvent({});
  const auto events = RunOn(loop_, client_->ReadEvents(1, absl::Minutes(1), {}));
  ASSERT_TRUE(events.ok()) << events.status();
  ASSERT_EQ(events->size(), 2u);
  EXPECT_EQ(events->front().number(), 2u);
  EXPECT_EQ(events->back().number(), 3u);
}

TEST_F(IntakeClientTest, WaitingInVainForAnEventIsNoError) {
  const auto events = RunOn(loop_, client_->ReadEvents(0, absl::Milliseconds(30), {}));
  ASSERT_TRUE(events.ok()) << events.status();
  EXPECT_TRUE(events->empty());
}

TEST_F(IntakeClientTest, WaitingForAnEventEndsWhenItIsCancelled) {
  async::CancellationSource source;
  source.Cancel();
  const auto events = RunOn(loop_, client_->ReadEvents(0, absl::Hours(1), source.token()));
  EXPECT_TRUE(absl::IsCancelled(events.status())) << events.status();
}

TEST_F(IntakeClientTest, AFileComesPieceByPieceToItsEnd) {
  const std::string bytes(200'000, 'x');
  intake_.AddFile("file-1", bytes);
  auto source = RunOn(loop_, client_->FetchEvidence(kCase, "file-1", "R1"));
  ASSERT_TRUE(source.ok()) << source.status();
  std::string received;
  while (true) {
    const absl::StatusOr<std::string> piece = RunOn(loop_, (*source)->Next());
    ASSERT_TRUE(piece.ok()) << piece.status();
    if (piece->empty()) break;
    received += *piece;
  }
  EXPECT_EQ(received, bytes);
}

TEST_F(IntakeClientTest, AFileThatMayNotLeaveIsRefusedWhenItIsRead) {
  auto source = RunOn(loop_, client_->FetchEvidence(kCase, "other", "R1"));
  ASSERT_TRUE(source.ok()) << source.status();
  EXPECT_TRUE(absl::IsNotFound(RunOn(loop_, (*source)->Next()).status()));
}

}  // namespace
}  // namespace redress::referral
