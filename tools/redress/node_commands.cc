#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "nlohmann/json.hpp"
#include "services/platform/crypto/node_keys.h"
#include "services/platform/crypto/system_random.h"
#include "tools/redress/commands.h"

namespace redress::cli {
namespace {

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

struct Finding {
  std::string service;
  std::string address;
  std::string state;  // "serving", "not serving", "unreachable"
};

Finding Check(Session& session, const std::string& service, const std::string& address) {
  const auto stub = Health::NewStub(session.ChannelTo(address));
  auto context = session.NewContext(absl::Seconds(3));
  if (!context.ok()) return {service, address, "no token"};
  HealthCheckResponse response;
  const grpc::Status status = stub->Check(context->get(), HealthCheckRequest(), &response);
  if (!status.ok()) return {service, address, "unreachable"};
  return {service, address,
          response.status() == HealthCheckResponse::SERVING ? "serving" : "not serving"};
}

absl::Status PrintHealth(Run& run) {
  const Profile& profile = run.session.profile();
  const std::vector<std::pair<std::string, std::string>> services = {
      {"intake", profile.intake}, {"referral", profile.referral}, {"status", profile.status}};
  Table table({"SERVICE", "ADDRESS", "STATE"});
  nlohmann::json rows = nlohmann::json::array();
  bool all_serve = true;
  for (const auto& [service, address] : services) {
    const Finding finding = Check(run.session, service, address);
    const bool serves = finding.state == "serving";
    all_serve = all_serve && serves;
    table.AddRow({finding.service, finding.address, finding.state},
                 serves ? Colour::kGreen : Colour::kRed);
    rows.push_back({{"service", service}, {"address", address}, {"state", finding.state}});
  }
  run.output.Document(nlohmann::json({{"node", profile.node}, {"services", rows}}).dump(2));
  run.output.Line(fmt::format("Node {}", profile.node), Colour::kBold);
  run.output.PrintTable(table);
  if (all_serve) return absl::OkStatus();
  return absl::UnavailableError(fmt::format("node {}: not every service serves", profile.node));
}

}  // namespace

void AddNodeCommands(Commands& commands) {
  CLI::App* group = commands.AddGroup("node", "A node's own affairs", "Running a node");
  commands.Add(group, "health", "Whether each service of the node serves",
               "--profile kh-admin node health", PrintHealth);
  auto directory = std::make_shared<std::string>();
  commands
      .Add(
          group, "keygen", "Make the keys of a new node; keys that are there stay",
          "node keygen /etc/redress/keys",
          [directory](Run& run) -> absl::Status {
            crypto::SystemRandom random;
            ASSIGN_OR_RETURN(const crypto::NodeKeys keys,
                             crypto::EnsureNodeKeys(*directory, random));
            run.output.Value("signingKeyId", keys.signing_id());
            return absl::OkStatus();
          },
          /*needs_profile=*/false)
      ->add_option("directory", *directory, "Made with mode 0700 if absent")
      ->required();
}

}  // namespace redress::cli
