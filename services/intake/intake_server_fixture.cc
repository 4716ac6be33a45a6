#include "services/intake/intake_server_fixture.h"

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <map>

#include "fmt/format.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "gtest/gtest.h"
#include "services/intake/domain/testing/sample_filing.h"
#include "services/platform/auth/authenticator.h"
#include "services/platform/status/refusal.h"

namespace redress::intake {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(20);

std::string FreshFilesDirectory() {
  static std::atomic<int> next{0};
  const std::string path =
      fmt::format("{}intake-server-{}-{}", ::testing::TempDir(), getpid(), next++);
  std::filesystem::create_directories(path);
  return path;
}

auth::Principal Person(std::string person, std::string body, auth::Role role) {
  auth::Principal principal;
  principal.node = "kh";
  principal.person_id = std::move(person);
  principal.body_id = std::move(body);
  principal.roles = {role};
  return principal;
}

}  // namespace

// Knows a few persons by their names.
class IntakeServer::PersonTokens final : public auth::Authenticator {
 public:
  PersonTokens() {
    Add("desk", Person("sok.dara", "kh:battambang-mrc", auth::Role::kDesk));
    Add("other-desk", Person("chan", "kh:lscw", auth::Role::kDesk));
    Add("ministry", Person("meas", "kh:mlvt", auth::Role::kMinistry));
    Add("service", Person("referral-service", "kh:services", auth::Role::kService));
    auth::Principal approver = Person("ros", "kh:mlvt", auth::Role::kMinistry);
    approver.rights = {auth::Right::kApprove};
    Add("approver", std::move(approver));
  }

  absl::StatusOr<std::shared_ptr<const auth::Principal>> Authenticate(
      std::string_view authorization) override {
    const auto found = persons_.find(authorization);
    if (found != persons_.end()) return found->second;
    return Refuse(absl::StatusCode::kUnauthenticated,
                  authorization.empty() ? "TOKEN_MISSING" : "TOKEN_INVALID", "nobody we know");
  }

 private:
  void Add(const std::string& name, auth::Principal principal) {
    persons_["Bearer " + name] = std::make_shared<const auth::Principal>(std::move(principal));
  }

  std::map<std::string, std::shared_ptr<const auth::Principal>, std::less<>> persons_;
};

IntakeServer::IntakeServer()
    : files_(FreshFilesDirectory()),
      clock_(StartOf(kSampleToday) + absl::Hours(9)),
      app_(AppContext{.node = NodeId::FromTrusted("kh"),
                      .clock = clock_,
                      .random = random_,
                      .executor = loop_,
                      .file_pool = file_pool_,
                      .store = store_,
                      .cases = cases_,
                      .refusals = refusals_,
                      .followers = followers_,
                      .codes = SampleCodes(),
                      .tracking_key = tracking_key_,
                      .page_tokens = page_tokens_,
                      .files_directory = files_,
                      .files_floor = {files_, 0},
                      .life_cycle = {}}),
      intake_rpc_(RpcParts{app_, SampleCodes(), clock_, NodeId::FromTrusted("kh")}),
      tokens_(std::make_unique<PersonTokens>()) {
  rpc::ServerOptions options;
  options.listeners.push_back({.address = "127.0.0.1:0"});
  options.authenticator = tokens_.get();
  server_ = std::make_unique<rpc::Server>(loop_, std::move(options));
  intake_rpc_.RegisterWith(*server_);
  const absl::Status started = server_->Start();
  EXPECT_TRUE(started.ok()) << started;
}

IntakeServer::~IntakeServer() {
  server_->Shutdown(absl::ZeroDuration());
  file_pool_.Stop();
  loop_.Stop();
  std::filesystem::remove_all(files_);
}

std::shared_ptr<grpc::Channel> IntakeServer::NewChannel() const {
  return grpc::CreateChannel(server_->addresses().front(), grpc::InsecureChannelCredentials());
}

std::unique_ptr<v1::IntakeService::Stub> IntakeServer::NewStub() const {
  return v1::IntakeService::NewStub(NewChannel());
}

std::unique_ptr<grpc::ClientContext> IntakeServer::NewContext(const std::string& person) {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
  if (!person.empty()) context->AddMetadata("authorization", "Bearer " + person);
  return context;
}

}  // namespace redress::intake
