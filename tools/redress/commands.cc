#include "tools/redress/commands.h"

#include <fstream>
#include <iostream>
#include <iterator>
#include <utility>

#include "fmt/format.h"
#include "google/protobuf/util/json_util.h"
#include "tools/redress/json_fit.h"

namespace redress::cli {

CLI::App* Commands::AddGroup(const std::string& name, const std::string& description,
                             const std::string& heading) {
  CLI::App* group = app_.add_subcommand(name, description);
  group->group(heading);
  group->footer(
      fmt::format("Help on one of them, with an example: redress {} COMMAND --help", name));
  group->require_subcommand(1);
  return group;
}

CLI::App* Commands::Add(CLI::App* group, const std::string& name, const std::string& description,
                        const std::string& example, Action action, bool needs_profile) {
  CLI::App* command = group->add_subcommand(name, description);
  command->group("Commands");
  SetAction(command, example, std::move(action), needs_profile);
  return command;
}

void Commands::SetAction(CLI::App* command, const std::string& example, Action action,
                         bool needs_profile) {
  command->footer(fmt::format(
      "Example:\n  redress {}\n\n"
      "Every command takes --profile, --output, --timeout and more, too: redress --help",
      example));
  command->callback([this, command, action = std::move(action), needs_profile] {
    // One that has commands below it is told of theirs, too, after them.
    if (!command->get_subcommands().empty()) return;
    chosen_ = action;
    chosen_command_ = command;
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
  const absl::Status status = chosen_(run);
  if (ExitCode(status) != kUnreachable || globals.profile.empty()) return status;
  // What the caller cannot know, and how to find out without doing it twice.
  std::string hint =
      fmt::format("\n  Whether the node runs: redress -p {} node health", globals.profile);
  if (!session.first_request_id().empty()) {
    hint += fmt::format(
        "\n  Whether it was done is not known; to repeat it without a second effect: --request-id "
        "{}",
        session.first_request_id());
  }
  return absl::Status(status.code(), std::string(status.message()) + hint);
}

absl::StatusOr<std::string> ReadInput(const std::string& path) {
  if (path == "-") {
    return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return UsageError(fmt::format("{}: cannot be read", path));
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

absl::Status ParseJson(const std::string& where, const std::string& text,
                       google::protobuf::Message& message) {
  const auto status = google::protobuf::util::JsonStringToMessage(text, &message);
  if (status.ok()) return absl::OkStatus();
  std::string misfit = ExplainMisfit(text, *message.GetDescriptor());
  // What only the parser itself can tell, such as two fields of which one may be set.
  if (misfit.empty()) misfit = fmt::format("is no {}", message.GetDescriptor()->name());
  return UsageError(fmt::format("{}: {}", where, misfit));
}

absl::Status ReadJson(const std::string& path, google::protobuf::Message& message) {
  ASSIGN_OR_RETURN(const std::string text, ReadInput(path));
  return ParseJson(path == "-" ? "standard input" : path, text, message);
}

// A repeatable option takes one value each time it is given; CLI11's take all that follow, and with
// them the case number.
static void TakeOneValueEach(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    if (option->get_allow_extra_args()) option->allow_extra_args(false);
  }
  for (CLI::App* child : app.get_subcommands([](CLI::App*) { return true; })) {
    TakeOneValueEach(*child);
  }
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
  TakeOneValueEach(commands.app());
}

absl::Status ReadJsonArgument(const std::string& text, google::protobuf::Message& message) {
  if (!text.empty() && text[0] == '@') return ReadJson(text.substr(1), message);
  return ParseJson("the JSON given", text, message);
}

}  // namespace redress::cli
