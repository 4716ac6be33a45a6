#include <sys/stat.h>

#include <memory>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "nlohmann/json.hpp"
#include "tools/redress/backup_commands.h"
#include "tools/redress/node_check.h"

namespace redress::cli {
namespace {

// More would not be read; --json-file has a thousand for each service.
constexpr size_t kMostShown = 40;

struct CheckCommandOptions {
  std::string directory;
  NodeData data;
  NodeCheckOptions check;
  bool no_files = false;
  bool no_events = false;
};

// The folder of a node has one of each service in it, as a restore writes it.
absl::StatusOr<NodeData> DataOf(const CheckCommandOptions& options) {
  NodeData data = options.data;
  if (!options.directory.empty()) {
    const auto fill = [&](const char* service, std::string& data_dir) {
      if (data_dir.empty()) data_dir = options.directory + "/" + service;
    };
    fill("intake", data.intake);
    fill("referral", data.referral);
    fill("status", data.status);
  }
  if (data.intake.empty() && data.referral.empty() && data.status.empty()) {
    return UsageError("directory: is required; or --intake, --referral, --status");
  }
  return data;
}

nlohmann::json JsonOf(const CheckedService& checked) {
  const check::Report& report = checked.report;
  nlohmann::json tables = nlohmann::json::object();
  for (const auto& [table, rows] : report.rows_by_table()) tables[table] = rows;
  nlohmann::json differences = nlohmann::json::array();
  for (const check::Difference& one : report.differences()) {
    differences.push_back(
        {{"table", one.table}, {"subject", one.subject}, {"problem", one.problem}});
  }
  return {{"service", report.service()},
          {"agrees", checked.agrees()},
          {"rows", report.rows()},
          {"rowsByTable", tables},
          {"differenceCount", report.count()},
          {"differences", differences},
          {"leftOut", report.left_out()},
          {"unreadable", std::string(checked.unreadable.message())}};
}

void PrintDifferences(Run& run, const std::vector<CheckedService>& all) {
  Table table({"SERVICE", "TABLE", "ROW", "WHAT IS WRONG"});
  size_t shown = 0;
  uint64_t there = 0;
  for (const CheckedService& checked : all) {
    there += checked.report.count();
    for (const check::Difference& one : checked.report.differences()) {
      if (shown == kMostShown) break;
      ++shown;
      table.AddRow({checked.report.service(), one.table, one.subject, one.problem});
    }
  }
  if (table.empty()) return;
  run.output.PrintTable(table);
  if (there > shown) run.output.Line(fmt::format("and {} more", there - shown), Colour::kDim);
}

absl::Status CheckStores(Run& run, const CheckCommandOptions& given) {
  umask(077);
  ASSIGN_OR_RETURN(const NodeData data, DataOf(given));
  NodeCheckOptions options = given.check;
  options.files = !given.no_files;
  options.events = !given.no_events;
  const absl::StatusOr<std::vector<CheckedService>> checked =
      CheckNode(data, options, TellProgress);
  RETURN_IF_ERROR(LocalError(checked.status()));
  Table table({"SERVICE", "ROWS", "DIFFERENCES", "RESULT"});
  nlohmann::json services = nlohmann::json::array();
  bool agrees = true;
  std::vector<std::string> notes;
  for (const CheckedService& one : *checked) {
    agrees = agrees && one.agrees();
    const char* result = !one.unreadable.ok() ? "UNREADABLE" : one.agrees() ? "agrees" : "DIFFERS";
    table.AddRow({one.report.service(), fmt::format("{}", one.report.rows()),
                  fmt::format("{}", one.report.count()), result},
                 one.agrees() ? Colour::kGreen : Colour::kRed);
    services.push_back(JsonOf(one));
    for (const std::string& what : one.report.left_out()) {
      notes.push_back(fmt::format("{}: {}", one.report.service(), what));
    }
    if (!one.unreadable.ok()) {
      notes.push_back(
          fmt::format("{}: {}", one.report.service(), std::string(one.unreadable.message())));
    }
  }
  run.output.Document(nlohmann::json({{"agrees", agrees}, {"services", services}}).dump(2));
  run.output.PrintTable(table);
  PrintDifferences(run, *checked);
  for (const std::string& note : notes) run.output.Line(note, Colour::kYellow);
  if (agrees) return absl::OkStatus();
  return absl::DataLossError(
      "the stores contradict themselves; see docs/runbook.md, \"A store contradicts itself\"");
}

}  // namespace

void AddCheckCommand(Commands& commands, CLI::App* node_group) {
  auto options = std::make_shared<CheckCommandOptions>();
  CLI::App* check = commands.Add(
      node_group, "check", "Hold a stopped node's stores against themselves",
      "node check var/demo/kh --node-keys var/demo/kh/keys\n\n"
      "Recomputes every index, count, balance and read model from the records and events that it\n"
      "is made from, and tells each difference. The services must be stopped; nothing is written\n"
      "to their folders. With the node's keys facts are folded and sealed parts and files read;\n"
      "without them what lies in the clear must do. Status' read models are made anew in a folder\n"
      "that is removed afterwards, and takes the room that status' store takes. What could not be\n"
      "compared is told (leftOut with --output json), and is no difference. Exit status 0 only "
      "when\n"
      "all that was compared agrees.",
      [options](Run& run) { return CheckStores(run, *options); }, /*needs_profile=*/false);
  check->add_option("directory", options->directory,
                    "The node's folder, with intake, referral and status in it");
  check->add_option("--intake", options->data.intake, "The --data_dir of intake, elsewhere");
  check->add_option("--referral", options->data.referral, "The --data_dir of referral, elsewhere");
  check->add_option("--status", options->data.status, "The --data_dir of status, elsewhere");
  check->add_option("--node-keys", options->check.keys, "The folder that --node_keys names");
  check->add_option("--iso-codes", options->check.iso_codes,
                    "The folder that --iso_codes names, when the services have it");
  check->add_flag("--no-files", options->no_files, "Leave evidence files alone");
  check->add_flag("--no-events", options->no_events,
                  "Do not make status' read models anew from the events");
  check->add_option("--scratch", options->check.scratch,
                    "Where to make them (default: the system's folder for temporary files)");
}

}  // namespace redress::cli
