#include "services/platform/rpc/tls.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/rpc/client.h"
#include "services/platform/rpc/testing/echo_fixture.h"
#include "services/platform/rpc/testing/test_certificates.h"

namespace redress::rpc {
namespace {

using testing::EchoFixture;
using testing::TestCertificates;
namespace v1 = ::redress::rpctest::v1;

ServerOptions Secured(const TlsFiles& files) {
  ServerOptions options;
  options.listeners.push_back({.address = "127.0.0.1:0", .tls = files});
  return options;
}

std::shared_ptr<grpc::Channel> Open(EchoFixture& fixture, const TlsFiles& files) {
  ChannelOptions options;
  options.target = fixture.server().addresses()[0];
  options.tls = files;
  options.expected_name = "server.test";
  auto channel = OpenChannel(options);
  EXPECT_TRUE(channel.ok()) << channel.status();
  return *channel;
}

TEST(TlsTest, BothSidesShowTheirCertificatesAndTheHandlerSeesTheClients) {
  TestCertificates pki;
  EchoFixture fixture(Secured(pki.server()));
  ASSERT_TRUE(fixture.Start().ok());
  const auto stub = v1::EchoService::NewStub(Open(fixture, pki.client()));
  v1::EchoRequest request;
  request.set_text("peer");
  v1::EchoResponse response;
  const grpc::Status status = stub->Echo(EchoFixture::NewContext().get(), request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.text(), "client.test " + pki.client_fingerprint());
}

TEST(TlsTest, AClientOfAnotherAuthorityDoesNotGetIn) {
  TestCertificates pki;
  TestCertificates other;
  EchoFixture fixture(Secured(pki.server()));
  ASSERT_TRUE(fixture.Start().ok());
  TlsFiles files = other.client();
  files.authorities_file = pki.client().authorities_file;
  const auto stub = v1::EchoService::NewStub(Open(fixture, files));
  v1::EchoResponse response;
  EXPECT_EQ(stub->Echo(EchoFixture::NewContext().get(), v1::EchoRequest(), &response).error_code(),
            grpc::StatusCode::UNAVAILABLE);
}

TEST(TlsTest, AClientWithoutTlsDoesNotGetIn) {
  TestCertificates pki;
  EchoFixture fixture(Secured(pki.server()));
  ASSERT_TRUE(fixture.Start().ok());
  v1::EchoResponse response;
  EXPECT_EQ(fixture.NewStub()
                ->Echo(EchoFixture::NewContext().get(), v1::EchoRequest(), &response)
                .error_code(),
            grpc::StatusCode::UNAVAILABLE);
}

TEST(TlsTest, AFileThatCannotBeReadIsNamed) {
  const auto credentials = MutualTlsServerCredentials({.certificate_file = "/nonexistent.pem"});
  EXPECT_THAT(std::string(credentials.status().message()),
              ::testing::HasSubstr("/nonexistent.pem"));
}

TEST(TlsTest, OnlyLoopbackAndUnixSocketsAreLocal) {
  for (const char* local : {"127.0.0.1:1", "[::1]:1", "localhost:1", "unix:/run/x"}) {
    EXPECT_TRUE(IsLocalAddress(local)) << local;
  }
  for (const char* remote : {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "127.0.0.1.example:1",
                             "localhost.example:1", "example", ""}) {
    EXPECT_FALSE(IsLocalAddress(remote)) << remote;
  }
}

}  // namespace
}  // namespace redress::rpc
