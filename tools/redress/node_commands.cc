#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "nlohmann/json.hpp"
#include "redress/node/v1/node_service.grpc.pb.h"
#include "services/platform/crypto/node_keys.h"
#include "services/platform/crypto/system_random.h"
#include "tools/redress/backup_commands.h"
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
  // Set when the service's store was put back to a backup; told to administrators only.
  std::optional<node::v1::Restored> restored = std::nullopt;
};

std::optional<node::v1::Restored> RestoredAt(Session& session, const std::string& address) {
  using Service = node::v1::NodeService;
  const auto stub = Service::NewStub(session.ChannelTo(address));
  const auto store = session.Call(*stub, &Service::Stub::GetStore, node::v1::GetStoreRequest());
  if (!store.ok() || !store->has_restored()) return std::nullopt;
  return store->restored();
}

Finding Check(Session& session, const std::string& service, const std::string& address) {
  const auto stub = Health::NewStub(session.ChannelTo(address));
  auto context = session.NewContext(absl::Seconds(3));
  if (!context.ok()) return {service, address, "no token"};
  HealthCheckResponse response;
  const grpc::Status status = stub->Check(context->get(), HealthCheckRequest(), &response);
  if (!status.ok()) return {service, address, "unreachable"};
  if (response.status() != HealthCheckResponse::SERVING) return {service, address, "not serving"};
  return {service, address, "serving", RestoredAt(session, address)};
}

absl::Status PrintHealth(Run& run) {
  const Profile& profile = run.session.profile();
  const std::vector<std::pair<std::string, std::string>> services = {
      {"intake", profile.intake}, {"referral", profile.referral}, {"status", profile.status}};
  Table table({"SERVICE", "ADDRESS", "STATE"});
  nlohmann::json rows = nlohmann::json::array();
  bool all_serve = true;
  std::vector<std::string> notes;
  for (const auto& [service, address] : services) {
    const Finding finding = Check(run.session, service, address);
    const bool serves = finding.state == "serving";
    all_serve = all_serve && serves;
    table.AddRow({finding.service, finding.address, finding.state},
                 serves ? Colour::kGreen : Colour::kRed);
    rows.push_back({{"service", service}, {"address", address}, {"state", finding.state}});
    if (!finding.restored.has_value()) continue;
    const node::v1::Restored& restored = *finding.restored;
    rows.back()["restored"] = {{"times", restored.restores()},
                               {"lastCommit", fmt::format("{}", restored.last_commit())},
                               {"nextCommit", fmt::format("{}", restored.next_commit())}};
    notes.push_back(
        fmt::format("{} was put back to a backup of {}, on {}: commits {} to {} are not here",
                    service, MomentText(restored.taken_at()), MomentText(restored.restored_at()),
                    restored.last_commit() + 1, restored.next_commit() - 1));
  }
  run.output.Document(nlohmann::json({{"node", profile.node}, {"services", rows}}).dump(2));
  run.output.Line(fmt::format("Node {}", profile.node), Colour::kBold);
  run.output.PrintTable(table);
  for (const std::string& note : notes) run.output.Line(note, Colour::kYellow);
  if (all_serve) return absl::OkStatus();
  return absl::UnavailableError(fmt::format("node {}: not every service serves", profile.node));
}

}  // namespace

void AddNodeCommands(Commands& commands) {
  CLI::App* group = commands.AddGroup("node", "A node's own affairs", "Running a node");
  commands.Add(group, "health", "Whether each service of the node serves",
               "--profile kh-admin node health", PrintHealth);
  AddRestoreCommands(commands, group, AddBackupCommands(commands, group));
  AddCheckCommand(commands, group);
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
