#ifndef REDRESS_TOOLS_REDRESS_COMMANDS_H_
#define REDRESS_TOOLS_REDRESS_COMMANDS_H_

#include <functional>
#include <string>

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

  CLI::App* AddGroup(const std::string& name, const std::string& description);

  // `example` is the whole command line after "redress ". Commands that call no service (minting,
  // making keys, printing a template) need no profile.
  CLI::App* Add(CLI::App* group, const std::string& name, const std::string& description,
                const std::string& example, Action action, bool needs_profile = true);

  // The same for a command that was added elsewhere.
  void SetAction(CLI::App* command, const std::string& example, Action action,
                 bool needs_profile = true);

  CLI::App& app() { return app_; }

  // The action of the command that was parsed.
  absl::Status RunChosen(const Globals& globals, Output& output);

 private:
  CLI::App& app_;
  Action chosen_;
  bool needs_profile_ = true;
};

// Reads a file, "-" being standard input. A usage error names the file.
absl::StatusOr<std::string> ReadInput(const std::string& path);

// Reads JSON into a message. INVALID_ARGUMENT says where it does not fit; unknown fields are
// refused, since a mistyped name would otherwise lose what was meant.
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

// A bash script that completes every command and option of `app`.
std::string CompletionScript(const CLI::App& app);

}  // namespace redress::cli

#endif  // REDRESS_TOOLS_REDRESS_COMMANDS_H_
