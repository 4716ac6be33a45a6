// Who gets in: callers by a token and an access rule, peers by a pinned certificate, each by a door
// of their own.
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "fmt/format.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "redress/exchange/v1/exchange_service.grpc.pb.h"
#include "services/platform/rpc/client.h"
#include "services/platform/rpc/testing/every_method_needs_a_token.h"
#include "services/platform/status/refusal.h"
#include "services/referral/app/parts.h"
#include "services/referral/clients/peer_client.h"
#include "services/referral/domain/access.h"
#include "services/referral/two_nodes_fixture.h"

namespace redress::referral {
namespace {

using auth::Role;
using testing::Ground;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DoorsTest : public testing::TwoNodes {};

TEST_F(DoorsTest, NoMethodAnswersWithoutATokenOrADeadline) {
  for (const char* service :
       {"redress.referral.v1.ReferralService", "redress.referral.v1.DirectoryService"}) {
    int called = 0;
    EXPECT_THAT(rpc::testing::MethodsOpenWithoutToken(kh_.channel(), service, called), IsEmpty());
    EXPECT_GT(called, 5) << service;
    EXPECT_THAT(rpc::testing::MethodsOpenWithoutDeadline(
                    kh_.channel(), service, kh_.Token(Role::kService, "kh:services"), called),
                IsEmpty());
  }
}

TEST_F(DoorsTest, EveryMethodHasALineInItsAccessTableAndNoLineIsWithoutAMethod) {
  const auto names = [](const google::protobuf::ServiceDescriptor* service) {
    std::vector<std::string> methods;
    for (int i = 0; i < service->method_count(); ++i) methods.push_back(service->method(i)->name());
    std::sort(methods.begin(), methods.end());
    return methods;
  };
  const auto lines = [](const auth::AccessTable& table) {
    const std::vector<std::string_view> verbs = table.verbs();
    return std::vector<std::string>(verbs.begin(), verbs.end());
  };
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  EXPECT_EQ(names(pool->FindServiceByName("redress.referral.v1.ReferralService")),
            lines(ReferralAccess()));
  EXPECT_EQ(names(pool->FindServiceByName("redress.referral.v1.DirectoryService")),
            lines(DirectoryAccess()));
}

TEST_F(DoorsTest, TheExchangeIsNotReachedWhereCallersAreServedNorTheOtherWayRound) {
  const auto exchange = exchange::v1::ExchangeService::NewStub(kh_.channel());
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
  context.AddMetadata("authorization", "Bearer " + kh_.Token(Role::kService, "kh:services"));
  const auto stream = exchange->Deliver(&context);
  const absl::Status refused = rpc::FromGrpcStatus(stream->Finish());
  EXPECT_EQ(refused.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(GetRefusal(refused).value_or(Refusal()).reason, "PEER_NOT_PINNED");

  auto peers_channel = rpc::OpenChannel({.target = ground_.Socket("kh"), .tls = ground_.Tls("my")});
  ASSERT_TRUE(peers_channel.ok()) << peers_channel.status();
  const auto referrals = v1::ReferralService::NewStub(*peers_channel);
  v1::ListReferralsResponse listed;
  EXPECT_EQ(kh_.Call(*referrals, &v1::ReferralService::Stub::ListReferrals, Role::kMinistry,
                     "kh:mlvt", v1::ListReferralsRequest(), listed)
                .code(),
            absl::StatusCode::kUnimplemented);
}

// Opens a Deliver stream to kh with the certificate of `certificate_of`, saying to be `sender`, and
// expecting kh to show the certificate of `expected`.
absl::Status Knock(const Ground& ground, std::string_view certificate_of, std::string sender,
                   std::string_view expected) {
  struct NoLoopback final : PeerPort {
    Answer<std::unique_ptr<DeliverStream>> OpenDeliver(std::string, LinkOpening,
                                                       async::CancellationToken) override {
      co_return absl::NotFoundError("no loopback");
    }
    Answer<std::unique_ptr<FileStream>> OpenTransfer(std::string, FileOpening,
                                                     async::CancellationToken) override {
      co_return absl::NotFoundError("no loopback");
    }
  } loopback;
  const auto peers = PeerRegistry::Parse(fmt::format("[{}]", ground.PeerEntry("kh", expected)),
                                         NodeId::FromTrusted("th"));
  rpc::EventLoop loop;
  auto client = PeerClient::Make(loop, "th", loopback, *peers, ground.Tls(certificate_of));
  if (!client.ok()) return client.status();
  absl::Status status;
  absl::Notification done;
  struct Run {
    static async::Task<void> Open(PeerClient* client, LinkOpening opening, absl::Status* status,
                                  absl::Notification* done) {
      std::string peer = "kh";
      {
        auto stream = co_await client->OpenDeliver(std::move(peer), std::move(opening), {});
        *status = stream.status();
      }
      done->Notify();
    }
  };
  LinkOpening opening;
  opening.sender_node = std::move(sender);
  opening.recipient_node = "kh";
  opening.link_epoch = 1;
  async::Spawn(loop, Run::Open(client->get(), std::move(opening), &status, &done));
  done.WaitForNotification();
  loop.Stop();
  return status;
}

TEST_F(DoorsTest, OnlyAPinnedPeerGetsInAndOnlyAsItself) {
  EXPECT_TRUE(Knock(ground_, "my", "my", "kh").ok());
  // Signed by the same authority, and pinned nowhere.
  const absl::Status unpinned = Knock(ground_, "th", "th", "kh");
  EXPECT_EQ(GetRefusal(unpinned).value_or(Refusal()).reason, "PEER_NOT_PINNED") << unpinned;
  // Pinned, and says to be another.
  const absl::Status posing = Knock(ground_, "my", "th", "kh");
  EXPECT_EQ(posing.code(), absl::StatusCode::kPermissionDenied) << posing;
  // The node's own certificate is no peer's.
  const absl::Status itself = Knock(ground_, "kh", "kh", "kh");
  EXPECT_EQ(GetRefusal(itself).value_or(Refusal()).reason, "PEER_NOT_PINNED") << itself;
}

TEST_F(DoorsTest, ASenderSaysNothingToWhoeverDoesNotShowThePinnedCertificate) {
  const absl::Status status = Knock(ground_, "my", "my", "th");
  EXPECT_EQ(GetRefusal(status).value_or(Refusal()).reason, "PEER_NOT_PINNED") << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("another certificate"));
}

}  // namespace
}  // namespace redress::referral
