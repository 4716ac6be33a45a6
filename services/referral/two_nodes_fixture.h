#ifndef REDRESS_SERVICES_REFERRAL_TWO_NODES_FIXTURE_H_
#define REDRESS_SERVICES_REFERRAL_TWO_NODES_FIXTURE_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "gtest/gtest.h"
#include "redress/referral/v1/directory_service.grpc.pb.h"
#include "redress/referral/v1/referral_service.grpc.pb.h"
#include "services/platform/auth/principal.h"
#include "services/platform/crypto/signing_key.h"
#include "services/platform/crypto/system_random.h"
#include "services/platform/rpc/status_conversion.h"
#include "services/platform/rpc/tls.h"
#include "services/referral/clients/testing/fake_intake.h"
#include "services/referral/wiring.h"

// For tests: two nodes in one process, each with its own store, joined by real sockets with mutual
// TLS and the certificates of the development authority. Only intake is a fake.
namespace redress::referral::testing {

// Asks until it holds; false after 30 s.
bool Eventually(const std::function<bool()>& condition);

// A folder with certificates of nodes kh, my and th; gone with it.
class Ground {
 public:
  Ground();
  ~Ground();
  Ground(const Ground&) = delete;
  Ground& operator=(const Ground&) = delete;

  std::string Path(std::string_view name) const;
  // Where the exchange of `node` listens.
  std::string Socket(std::string_view node) const;
  rpc::TlsFiles Tls(std::string_view node) const;
  // One entry of a list of peers: `node`, pinned to the certificate of `certificate_of`.
  std::string PeerEntry(std::string_view node, std::string_view certificate_of) const;

 private:
  std::string directory_;
};

// One node: its keys, an issuer who may assert everything, a fake intake, and the service. kh and
// my are pinned at it.
class Node {
 public:
  Node(const Ground& ground, std::string id);

  void Start();
  void Stop() { process_.reset(); }

  std::string Token(auth::Role role, std::string_view body) const;

  // A call of somebody, as a status with its reason.
  template <class Stub, class Request, class Response>
  absl::Status Call(Stub& stub,
                    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    auth::Role role, std::string_view body, const Request& request,
                    Response& response) const {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    context.AddMetadata("authorization", "Bearer " + Token(role, body));
    return rpc::FromGrpcStatus((stub.*method)(&context, request, &response));
  }

  v1::ReferralService::Stub& referrals() const { return *referrals_; }
  v1::DirectoryService::Stub& directory() const { return *directory_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  FakeIntake& intake() { return intake_; }

 private:
  const std::string id_;
  crypto::SystemRandom random_;
  crypto::SigningKey people_;
  FakeIntake intake_;
  Options options_;
  std::unique_ptr<ReferralProcess> process_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::ReferralService::Stub> referrals_;
  std::unique_ptr<v1::DirectoryService::Stub> directory_;
};

// Nodes kh and my, running, and one open case at kh.
class TwoNodes : public ::testing::Test {
 protected:
  TwoNodes();
  void SetUp() override;

  static std::string RequestId();

  // Puts the body at its own node.
  void Publish(Node& node, const std::string& body_id, const std::string& country);
  // Waits until the node knows of the body.
  void AwaitBody(Node& node, const std::string& body_id);
  // The union at my, and kh knows of it.
  void PublishUnion();
  // Ad hoc, by the ministry of kh; the referral's id.
  std::string Refer(const std::string& body_id);
  absl::Status Accept(const std::string& id, v1::AcceptReferralResponse& response);

  // As somebody sees it; empty when not at all.
  v1::Referral Shown(Node& node, auth::Role role, std::string_view body, const std::string& id);
  v1::Referral AtHome(const std::string& id);
  v1::Referral AtUnion(const std::string& id);

  Ground ground_;
  Node kh_;
  Node my_;
  std::string case_;
};

}  // namespace redress::referral::testing

#endif  // REDRESS_SERVICES_REFERRAL_TWO_NODES_FIXTURE_H_
