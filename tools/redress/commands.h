#ifndef REDRESS_TOOLS_REDRESS_COMMANDS_H_
#define REDRESS_TOOLS_REDRESS_COMMANDS_H_

#include <functional>
#include <string>
#include <string_view>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "tools/redress/output.h"
#include "tools/redress/session.h"

namespace redress::cli {

// What a command's action works with.
struct Run {
  Session& session;
  Output& output;
};

// The tree of commands. A group adds each of its commands with a line of help and an example, and
// says what it does; the one that was called is run after everything was parsed.
class Commands {
 public:
  using Action = std::function<absl::Status(Run&)>;

  explicit Commands(CLI::App& app) : app_(app) {}

  // `heading` is what `redress --help` lists the group under.
  CLI::App* AddGroup(const std::string& name, const std::string& description,
                     const std::string& heading);

  // `example` is the whole command line after "redress ". Commands that call no service (minting,
  // making keys, printing a template) need no profile.
  CLI::App* Add(CLI::App* group, const std::string& name, const std::string& description,
                const std::string& example, Action action, bool needs_profile = true);

  // The same for a command that was added elsewhere.
  void SetAction(CLI::App* command, const std::string& example, Action action,
                 bool needs_profile = true);

  CLI::App& app() { return app_; }

  // The command that was parsed; null when none was.
  const CLI::App* chosen() const { return chosen_command_; }

  // The action of the command that was parsed.
  absl::Status RunChosen(const Globals& globals, Output& output);

 private:
  CLI::App& app_;
  Action chosen_;
  const CLI::App* chosen_command_ = nullptr;
  bool needs_profile_ = true;
};

// Reads a file, "-" being standard input. A usage error names the file.
absl::StatusOr<std::string> ReadInput(const std::string& path);

// Reads JSON into a message. A usage error says where it does not fit and what was expected, and
// repeats nothing of it; unknown fields are refused, since a mistyped name would otherwise lose
// what was meant. `where` is what the text is called in that error.
absl::Status ParseJson(const std::string& where, const std::string& text,
                       google::protobuf::Message& message);

// The same from a file, "-" being standard input.
absl::Status ReadJson(const std::string& path, google::protobuf::Message& message);

// Reads JSON text given on the command line, or the file behind "@path".
absl::Status ReadJsonArgument(const std::string& text, google::protobuf::Message& message);

void AddComplaintCommands(Commands& commands);
void AddEvidenceCommands(Commands& commands);
void AddConsentCommands(Commands& commands);
void AddMoneyCommands(Commands& commands);
void AddReferralCommands(Commands& commands);
void AddDirectoryCommands(Commands& commands);
void AddStatusCommands(Commands& commands);
void AddTokenCommands(Commands& commands);
void AddNodeCommands(Commands& commands);
void AddCompletionCommand(Commands& commands);

// All of them.
void AddAllCommands(Commands& commands);

// A script for "bash", "zsh" or "fish" that completes every command and option of `app`, and the
// names of profiles.
std::string CompletionScript(const CLI::App& app, std::string_view shell);

}  // namespace redress::cli

#endif  // REDRESS_TOOLS_REDRESS_COMMANDS_H_
