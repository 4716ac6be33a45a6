#include "tools/redress/commands.h"

#include <fstream>
#include <iostream>
#include <iterator>
#include <utility>

#include "fmt/format.h"
#include "google/protobuf/util/json_util.h"

namespace redress::cli {

CLI::App* Commands::AddGroup(const std::string& name, const std::string& description) {
  CLI::App* group = app_.add_subcommand(name, description);
  group->require_subcommand(1);
  return group;
}

CLI::App* Commands::Add(CLI::App* group, const std::string& name, const std::string& description,
                        const std::string& example, Action action, bool needs_profile) {
  CLI::App* command = group->add_subcommand(name, description);
  SetAction(command, example, std::move(action), needs_profile);
  return command;
}

void Commands::SetAction(CLI::App* command, const std::string& example, Action action,
                         bool needs_profile) {
  command->footer(fmt::format("Example:\n  redress {}", example));
  command->callback([this, action = std::move(action), needs_profile] {
    chosen_ = action;
    needs_profile_ = needs_profile;
  });
}

absl::Status Commands::RunChosen(const Globals& globals, Output& output) {
  Session session(globals);
  if (needs_profile_) {
    if (absl::Status opened = session.Open(); !opened.ok()) {
      return UsageError(std::string(opened.message()));
    }
  }
  Run run{session, output};
  return chosen_(run);
}

absl::StatusOr<std::string> ReadInput(const std::string& path) {
  if (path == "-") {
    return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return UsageError(fmt::format("{}: cannot be read", path));
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

namespace {

absl::Status Parse(const std::string& where, const std::string& text,
                   google::protobuf::Message& message) {
  const auto status = google::protobuf::util::JsonStringToMessage(text, &message);
  if (status.ok()) return absl::OkStatus();
  return UsageError(fmt::format("{}: {}", where, status.message().ToString()));
}

}  // namespace

absl::Status ReadJson(const std::string& path, google::protobuf::Message& message) {
  ASSIGN_OR_RETURN(const std::string text, ReadInput(path));
  return Parse(path, text, message);
}

void AddAllCommands(Commands& commands) {
  AddComplaintCommands(commands);
  AddEvidenceCommands(commands);
  AddConsentCommands(commands);
  AddMoneyCommands(commands);
  AddReferralCommands(commands);
  AddDirectoryCommands(commands);
  AddStatusCommands(commands);
  AddTokenCommands(commands);
  AddNodeCommands(commands);
  AddCompletionCommand(commands);
}

absl::Status ReadJsonArgument(const std::string& text, google::protobuf::Message& message) {
  if (!text.empty() && text[0] == '@') return ReadJson(text.substr(1), message);
  return Parse("JSON", text, message);
}

}  // namespace redress::cli
