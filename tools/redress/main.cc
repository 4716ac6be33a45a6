// redress: the command line of Redress. Every command is one call to a service of the node that the
// profile names; see `redress --help`.

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iostream>

#include "fmt/format.h"
#include "tools/redress/commands.h"
#include "tools/redress/help_format.h"
#include "tools/redress/wrong_use.h"

namespace {

using namespace redress::cli;  // NOLINT: this file only puts the pieces together.

constexpr char kFooter[] =
    "Exit status: 0 done, 1 refused by the service, 2 wrong use, 3 unreachable.\n"
    "Answers go to stdout, as text or as JSON; everything else goes to stderr.\n"
    "Codes are taken in any case: --state in-progress is IN_PROGRESS.\n\n"
    "Example:\n"
    "  redress -p kh-ministry status list --overdue\n"
    "  redress complaint file --help";

struct Given {
  Globals globals;
  std::string output = "text";
  std::string json_file;
};

void AddGlobalOptions(CLI::App& app, Given& given) {
  app.add_option("--profile,-p", given.globals.profile, "Who you are: the name of a profile")
      ->envname("REDRESS_PROFILE");
  app.add_option("--profiles", given.globals.profiles,
                 "Where profiles lie (default: $REDRESS_PROFILES, else var/demo/profiles)");
  app.add_option("--output,-o", given.output, "text for people, json for programs")
      ->check(CLI::IsMember({"text", "json"}, CLI::ignore_case))
      ->capture_default_str();
  app.add_option("--json-file", given.json_file,
                 "Write the answer as JSON to this file, too: text to read, and ids for a script");
  app.add_option("--timeout", given.globals.timeout_seconds, "Seconds to wait for an answer")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  app.add_option("--request-id", given.globals.request_id,
                 "Mark of this request: repeating it with the same mark has no second effect");
}

// Opened before anything is called: an answer that could not be kept may not come a second time.
// Answers hold personal data, so the file is its owner's.
absl::Status OpenJsonFile(const std::string& path, std::ofstream& file) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor >= 0) close(descriptor);
  file.open(path, std::ios::binary);
  if (descriptor >= 0 && file) return absl::OkStatus();
  return UsageError(fmt::format("--json-file: {} cannot be written", path));
}

absl::Status RunChosen(Commands& commands, const Given& given) {
  std::ofstream copy;
  if (!given.json_file.empty()) RETURN_IF_ERROR(OpenJsonFile(given.json_file, copy));
  Output output(given.globals.json, WantsColour(STDOUT_FILENO), std::cout,
                copy.is_open() ? &copy : nullptr, OutputColumns());
  RETURN_IF_ERROR(commands.RunChosen(given.globals, output));
  if (copy.is_open() && !copy.flush()) {
    return absl::InternalError(
        fmt::format("--json-file: {} was not written whole; what was asked "
                    "for is done",
                    given.json_file));
  }
  return absl::OkStatus();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Files, refers, follows and settles migrant workers' complaints.", "redress");
  const size_t columns = OutputColumns();
  app.formatter(std::make_shared<FoldedHelp>(std::clamp<size_t>(columns, 80, 120)));
  app.footer(kFooter);
  app.require_subcommand(1);
  app.fallthrough();
  Given given;
  AddGlobalOptions(app, given);
  Commands commands(app);
  AddAllCommands(commands);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error, std::cout, std::cerr);
    std::cerr << ExplainWrongUse(app, error);
    return 2;
  }
  given.globals.json = CLI::detail::to_lower(given.output) == "json";
  const absl::Status status = RunChosen(commands, given);
  if (!status.ok()) {
    PrintError(status, std::cerr, WantsColour(STDERR_FILENO), [&](std::string_view field) {
      return commands.chosen() == nullptr ? "" : OptionForField(*commands.chosen(), field);
    });
  }
  return ExitCode(status);
}
