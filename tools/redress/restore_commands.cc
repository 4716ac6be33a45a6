#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "nlohmann/json.hpp"
#include "services/platform/backup/restore.h"
#include "tools/redress/backup_commands.h"
#include "tools/redress/node_check.h"

namespace redress::cli {
namespace {

namespace v1 = node::v1;
namespace fs = std::filesystem;

struct RestoreOptions {
  std::string directory;
  std::optional<uint32_t> point;
  std::string data_dir;
  std::string scratch;
  std::string keys;
};

struct ChosenPoint {
  backup::BackupFolder folder;
  v1::RestorePoint point;
};

absl::StatusOr<ChosenPoint> Choose(const RestoreOptions& options) {
  absl::StatusOr<backup::BackupFolder> folder = backup::BackupFolder::Open(options.directory);
  RETURN_IF_ERROR(LocalError(folder.status()));
  if (!options.point.has_value()) {
    const auto points = folder->ReadPoints();
    RETURN_IF_ERROR(LocalError(points.status()));
    TellUnreadable(points->unreadable);
  }
  absl::StatusOr<v1::RestorePoint> point = folder->Point(options.point);
  RETURN_IF_ERROR(LocalError(point.status()));
  return ChosenPoint{*std::move(folder), *std::move(point)};
}

std::string LostText(const backup::RestoredService& service) {
  const uint64_t last = service.copy.last_commit();
  if (!service.last_acknowledged.has_value()) return fmt::format("all after {}", last);
  if (*service.last_acknowledged == last) return "nothing";
  return fmt::format("{} to {}", last + 1, *service.last_acknowledged);
}

// A path, or what was read from a damaged file, need not be UTF-8.
std::string TextOf(const nlohmann::json& document) {
  return document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

nlohmann::json JsonOf(const backup::RestoredService& service) {
  nlohmann::json one = {{"service", service.copy.service()},
                        {"lastCommit", fmt::format("{}", service.copy.last_commit())},
                        {"nextCommit", fmt::format("{}", service.next_commit)},
                        {"files", fmt::format("{}", service.copy.files())}};
  if (service.last_acknowledged.has_value()) {
    one["lastAcknowledged"] = fmt::format("{}", *service.last_acknowledged);
  }
  return one;
}

absl::Status Restore(Run& run, const RestoreOptions& options) {
  umask(077);
  ASSIGN_OR_RETURN(const ChosenPoint chosen, Choose(options));
  const absl::StatusOr<std::vector<backup::RestoredService>> restored =
      backup::RestoreNode(chosen.folder, chosen.point, options.data_dir, absl::Now(), TellProgress);
  RETURN_IF_ERROR(LocalError(restored.status()));
  Table table({"SERVICE", "ENDS WITH COMMIT", "COMMITS LOST", "GOES ON FROM", "FILES"});
  nlohmann::json services = nlohmann::json::array();
  for (const backup::RestoredService& service : *restored) {
    table.AddRow({service.copy.service(), fmt::format("{}", service.copy.last_commit()),
                  LostText(service), fmt::format("{}", service.next_commit),
                  fmt::format("{}", service.copy.files())});
    services.push_back(JsonOf(service));
  }
  run.output.Document(TextOf({{"node", chosen.point.node()},
                              {"point", chosen.point.number()},
                              {"dataDir", options.data_dir},
                              {"services", services}}));
  run.output.Line(
      fmt::format("Node {} as it was at {} (restore point {}), in {}", chosen.point.node(),
                  MomentText(chosen.point.taken_at()), chosen.point.number(), options.data_dir),
      Colour::kBold);
  run.output.PrintTable(table);
  run.output.Line(
      "Receipts that carry a lost commit's number tell of something that is not here any more:\n"
      "docs/runbook.md, \"After a restore\", says what to do, before and after the start. The\n"
      "node's keys were not in the backup; the services need the same ones.");
  return absl::OkStatus();
}

// A folder beside the backup would fill the backup's disk; the system's is for such things.
std::string ScratchFolder(const RestoreOptions& options) {
  std::error_code error;
  const fs::path base =
      options.scratch.empty() ? fs::temp_directory_path(error) : fs::path(options.scratch);
  return base / fmt::format("redress-verify-{}", getpid());
}

// What VerifyPoint has put there so far.
NodeData RestoredIn(const std::string& scratch) {
  const auto if_there = [&](const char* service) {
    std::error_code error;
    const std::string data_dir = scratch + "/" + service;
    return fs::exists(data_dir, error) ? data_dir : std::string();
  };
  return {if_there("intake"), if_there("referral"), if_there("status")};
}

absl::Status Verify(Run& run, const RestoreOptions& options) {
  umask(077);
  ASSIGN_OR_RETURN(const ChosenPoint chosen, Choose(options));
  const absl::StatusOr<SealedParts> sealed = SealedParts::Load(options.keys);
  RETURN_IF_ERROR(LocalError(sealed.status()));
  const std::string scratch = ScratchFolder(options);
  const backup::StoreCheck check = [&](std::string_view service, const std::string&) {
    return CheckRestored(service, RestoredIn(scratch), *sealed, scratch, TellProgress);
  };
  const absl::StatusOr<std::vector<backup::VerifiedService>> verified =
      backup::VerifyPoint(chosen.folder, chosen.point, scratch, check, TellProgress);
  RETURN_IF_ERROR(LocalError(verified.status()));
  Table table({"SERVICE", "LAST COMMIT", "AUDIT LEAVES", "FILES", "RESULT"});
  nlohmann::json services = nlohmann::json::array();
  bool whole = true;
  for (const backup::VerifiedService& service : *verified) {
    const bool good = service.problem.ok();
    whole = whole && good;
    const std::string problem(service.problem.message());
    table.AddRow({service.copy.service(), fmt::format("{}", service.copy.last_commit()),
                  fmt::format("{}", service.copy.audit_number()),
                  fmt::format("{}", service.copy.files()), good ? "whole" : "DAMAGED"},
                 good ? Colour::kGreen : Colour::kRed);
    services.push_back(
        {{"service", service.copy.service()}, {"whole", good}, {"problem", problem}});
  }
  run.output.Document(TextOf({{"node", chosen.point.node()},
                              {"point", chosen.point.number()},
                              {"whole", whole},
                              {"services", services}}));
  run.output.Line(fmt::format("Restore point {} of node {}, {}", chosen.point.number(),
                              chosen.point.node(), MomentText(chosen.point.taken_at())),
                  Colour::kBold);
  run.output.PrintTable(table);
  if (whole) return absl::OkStatus();
  std::string problems;
  for (const backup::VerifiedService& service : *verified) {
    if (service.problem.ok()) continue;
    problems +=
        fmt::format("\n  {}: {}", service.copy.service(), std::string(service.problem.message()));
  }
  return absl::DataLossError(fmt::format(
      "restore point {} cannot be restored as it was{}\n  See docs/runbook.md, \"A backup is "
      "damaged\"",
      chosen.point.number(), problems));
}

void AddPointOptions(CLI::App* command, RestoreOptions& options) {
  command->add_option("directory", options.directory, "The backup folder")->required();
  command->add_option("--point", options.point,
                      "Number of the restore point, as `node backup list` shows (default: newest)");
}

}  // namespace

void AddRestoreCommands(Commands& commands, CLI::App* node_group, CLI::App* backup_command) {
  auto verified = std::make_shared<RestoreOptions>();
  CLI::App* verify = commands.Add(
      backup_command, "verify", "Prove that a restore point can be restored",
      "node backup verify /backup/kh --point 12\n\n"
      "Reads every file, restores to a scratch folder that is removed afterwards, opens the\n"
      "stores, and compares last commits, events and the roots of the audit logs with what they\n"
      "were; then holds each store against itself, and status against the events of the other "
      "two,\n"
      "as node check does. Exit status 1 when anything differs.",
      [verified](Run& run) { return Verify(run, *verified); }, /*needs_profile=*/false);
  AddPointOptions(verify, *verified);
  verify->add_option("--node-keys", verified->keys,
                     "The folder that --node_keys names: what is sealed is checked too");
  verify->add_option(
      "--scratch", verified->scratch,
      "Where to make the scratch folder; needs room for all stores, the files of one "
      "service, and what status' store takes once more "
      "(default: the system's folder for temporary files)");

  auto restored = std::make_shared<RestoreOptions>();
  CLI::App* restore = commands.Add(
      node_group, "restore", "Put a stopped node back to a restore point",
      "node restore /backup/kh --data-dir /var/lib/redress/kh.restored\n\n"
      "Writes a folder for each service, for its --data_dir. The node must be stopped and stay\n"
      "stopped: two nodes with one identity would give out the same numbers. Peers are told when\n"
      "it starts. Keys and certificates are not in a backup; use the ones that you kept.",
      [restored](Run& run) { return Restore(run, *restored); }, /*needs_profile=*/false);
  AddPointOptions(restore, *restored);
  restore->add_option("--data-dir", restored->data_dir, "Where to: absent or empty")->required();
}

}  // namespace redress::cli
