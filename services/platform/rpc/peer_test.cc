// Methods for peers: who gets to them, and that nothing else is got by the same door.
#include <memory>
#include <string>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/rpc/client_stream.h"
#include "services/platform/rpc/testing/echo_fixture.h"
#include "services/platform/rpc/testing/test_certificates.h"
#include "services/platform/status/refusal.h"

namespace redress::rpc {
namespace {

using testing::EchoFixture;
using testing::TestCertificates;
namespace v1 = ::redress::rpctest::v1;

// Knows one certificate, that of "my".
class OnePeer final : public PeerAuthenticator {
 public:
  explicit OnePeer(std::string sha256) : sha256_(std::move(sha256)) {}
  absl::StatusOr<std::string> Authenticate(const PeerIdentity& peer) const override {
    if (peer.certificate_sha256 == sha256_) return "my";
    return Refuse(absl::StatusCode::kPermissionDenied, "PEER_NOT_PINNED", "not pinned");
  }

 private:
  std::string sha256_;
};

// The first listener for callers, the second for peers.
ServerOptions TwoDoors(const TlsFiles& files, const PeerAuthenticator& peers) {
  ServerOptions options = EchoFixture::OnLoopback();
  options.listeners.push_back({.address = "127.0.0.1:0", .tls = files, .for_peers = true});
  options.peer_authenticator = &peers;
  return options;
}

std::unique_ptr<v1::EchoService::Stub> PeerStub(EchoFixture& fixture, const TlsFiles& files) {
  ChannelOptions options;
  options.target = fixture.server().addresses().at(1);
  options.tls = files;
  options.expected_name = "server.test";
  auto channel = OpenChannel(options);
  EXPECT_TRUE(channel.ok()) << channel.status();
  return v1::EchoService::NewStub(*channel);
}

// One text there and back.
grpc::Status ChatOnce(v1::EchoService::Stub& stub, grpc::ClientContext& context,
                      std::string& answered) {
  const auto stream = stub.Chat(&context);
  v1::EchoRequest request;
  request.set_text(" speaks");
  stream->Write(request);
  v1::EchoResponse response;
  if (stream->Read(&response)) answered = response.text();
  stream->WritesDone();
  while (stream->Read(&response)) {
  }
  return stream->Finish();
}

std::unique_ptr<grpc::ClientContext> WithoutToken() {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
  return context;
}

TEST(PeerTest, APinnedCertificateNeedsNoTokenAndNamesTheNode) {
  TestCertificates pki;
  OnePeer peers(pki.client_fingerprint());
  EchoFixture fixture(TwoDoors(pki.server(), peers));
  ASSERT_TRUE(fixture.Start().ok());
  std::string answered;
  const auto stub = PeerStub(fixture, pki.client());
  const grpc::Status status = ChatOnce(*stub, *WithoutToken(), answered);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(answered, "my speaks");
}

TEST(PeerTest, ACertificateThatIsNotPinnedIsRefusedThoughItsAuthorityIsKnown) {
  TestCertificates pki;
  OnePeer peers(std::string(64, '0'));
  EchoFixture fixture(TwoDoors(pki.server(), peers));
  ASSERT_TRUE(fixture.Start().ok());
  std::string answered;
  const auto stub = PeerStub(fixture, pki.client());
  const absl::Status status = FromGrpcStatus(ChatOnce(*stub, *WithoutToken(), answered));
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  ASSERT_TRUE(GetRefusal(status).has_value());
  EXPECT_EQ(GetRefusal(status)->reason, "PEER_NOT_PINNED");
  EXPECT_EQ(answered, "");
  EXPECT_EQ(fixture.handlers_alive(), 0);
}

TEST(PeerTest, AMethodForPeersIsNotReachedWithATokenOnTheOtherListener) {
  TestCertificates pki;
  OnePeer peers(pki.client_fingerprint());
  EchoFixture fixture(TwoDoors(pki.server(), peers));
  ASSERT_TRUE(fixture.Start().ok());
  std::string answered;
  const absl::Status status =
      FromGrpcStatus(ChatOnce(*fixture.NewStub(), *EchoFixture::NewContext("service"), answered));
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(GetRefusal(status).value_or(Refusal()).reason, "PEER_NOT_PINNED");
}

TEST(PeerTest, AMethodForCallersIsNotReachedOverThePeersListenerWhateverTheToken) {
  TestCertificates pki;
  OnePeer peers(pki.client_fingerprint());
  EchoFixture fixture(TwoDoors(pki.server(), peers));
  ASSERT_TRUE(fixture.Start().ok());
  v1::EchoResponse response;
  const auto stub = PeerStub(fixture, pki.client());
  EXPECT_EQ(
      stub->Echo(EchoFixture::NewContext("desk").get(), v1::EchoRequest(), &response).error_code(),
      grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_TRUE(fixture.NewStub()
                  ->Echo(EchoFixture::NewContext("desk").get(), v1::EchoRequest(), &response)
                  .ok());
}

TEST(PeerTest, TheClientSeesWhoseCertificateAnswered) {
  TestCertificates pki;
  OnePeer peers(pki.client_fingerprint());
  EchoFixture fixture(TwoDoors(pki.server(), peers));
  ASSERT_TRUE(fixture.Start().ok());
  const auto stub = PeerStub(fixture, pki.client());
  std::string common_name;
  absl::Notification done;
  struct Talk {
    static async::Task<void> Run(EventLoop& loop, v1::EchoService::Stub& stub, std::string& name,
                                 absl::Notification& done) {
      CallOptions options;
      options.deadline = absl::Now() + absl::Seconds(20);
      auto stream = co_await OpenBidi(loop, stub, &v1::EchoService::Stub::PrepareAsyncChat,
                                      std::move(options));
      if (stream.ok()) {
        v1::EchoRequest request;
        const bool written = co_await (*stream)->Write(std::move(request));
        const std::optional<v1::EchoResponse> answer = co_await (*stream)->Read();
        if (written && answer.has_value()) name = (*stream)->Peer().common_name;
        co_await (*stream)->WritesDone();
        co_await (*stream)->Finish();
      }
      done.Notify();
    }
  };
  async::Spawn(fixture.loop(), Talk::Run(fixture.loop(), *stub, common_name, done));
  done.WaitForNotification();
  EXPECT_EQ(common_name, "server.test");
}

TEST(PeerTest, AStreamOfAPeerDoesNotHoldUpTheStop) {
  TestCertificates pki;
  OnePeer peers(pki.client_fingerprint());
  EchoFixture fixture(TwoDoors(pki.server(), peers));
  ASSERT_TRUE(fixture.Start().ok());
  const auto stub = PeerStub(fixture, pki.client());
  const auto context = WithoutToken();
  const auto stream = stub->Chat(context.get());
  stream->Write(v1::EchoRequest());
  v1::EchoResponse response;
  ASSERT_TRUE(stream->Read(&response));
  const absl::Time start = absl::Now();
  EXPECT_EQ(fixture.server().Shutdown(absl::Seconds(20)), 0);
  EXPECT_LT(absl::Now() - start, absl::Seconds(10));
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_FALSE(stream->Finish().ok());
}

TEST(PeerTest, AServerDoesNotStartWithoutSomebodyWhoKnowsThePeers) {
  TestCertificates pki;
  OnePeer peers(pki.client_fingerprint());
  ServerOptions no_tls = EchoFixture::OnLoopback();
  no_tls.listeners.push_back({.address = "127.0.0.1:0", .for_peers = true});
  no_tls.peer_authenticator = &peers;
  EXPECT_EQ(EchoFixture(no_tls).Start().code(), absl::StatusCode::kInvalidArgument);
  ServerOptions nobody = EchoFixture::OnLoopback();
  nobody.listeners.push_back({.address = "127.0.0.1:0", .tls = pki.server(), .for_peers = true});
  EXPECT_EQ(EchoFixture(nobody).Start().code(), absl::StatusCode::kInvalidArgument);
  ServerOptions mixed = TwoDoors(pki.server(), peers);
  mixed.listeners.push_back({.address = "127.0.0.1:0", .tls = pki.server()});
  EXPECT_EQ(EchoFixture(mixed).Start().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace redress::rpc
