// redress: the command line of Redress. Every command is one call to a service of the node that the
// profile names; see `redress --help`.

#include <iostream>

#include "tools/redress/commands.h"

namespace {

using namespace redress::cli;  // NOLINT: this file only puts the pieces together.

constexpr char kFooter[] =
    "Exit status: 0 done, 1 refused by the service, 2 wrong use, 3 unreachable.\n"
    "Answers go to stdout, as text or as JSON; everything else goes to stderr.\n"
    "Every command takes --help and shows an example.";

void AddGlobalOptions(CLI::App& app, Globals& globals, std::string& output) {
  app.add_option("--profile,-p", globals.profile, "Who you are: the name of a profile")
      ->envname("REDRESS_PROFILE");
  app.add_option("--profiles", globals.profiles,
                 "Where profiles lie (default: $REDRESS_PROFILES, else var/demo/profiles)");
  app.add_option("--output,-o", output, "text for people, json for programs")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  app.add_option("--timeout", globals.timeout_seconds, "Seconds to wait for an answer")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  app.add_option("--request-id", globals.request_id,
                 "Mark of this request: repeating it with the same mark has no second effect");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Files, refers, follows and settles migrant workers' complaints.", "redress");
  app.footer(kFooter);
  app.require_subcommand(1);
  app.fallthrough();
  Globals globals;
  std::string output_kind = "text";
  AddGlobalOptions(app, globals, output_kind);
  Commands commands(app);
  AddAllCommands(commands);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error, std::cout, std::cerr) == 0 ? 0 : 2;
  }
  globals.json = output_kind == "json";
  Output output(globals.json, WantsColour(), std::cout);
  const absl::Status status = commands.RunChosen(globals, output);
  if (!status.ok()) PrintError(status, std::cerr, WantsColour());
  return ExitCode(status);
}
