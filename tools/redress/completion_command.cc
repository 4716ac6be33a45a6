#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "fmt/format.h"
#include "tools/redress/commands.h"

namespace redress::cli {
namespace {

// One shell function: a `case` over the words typed so far, made from the same tree of commands
// that parses them, so that completion never names what is not there.
void AppendCases(const CLI::App& app, const std::string& path, std::string& script) {
  std::string words;
  for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
    words += child->get_name() + " ";
  }
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) words += "--" + name + " ";
  }
  script += fmt::format("    \"{}\") words=\"{}\" ;;\n", path, words);
  for (const CLI::App* child : app.get_subcommands([](const CLI::App*) { return true; })) {
    AppendCases(*child, path.empty() ? child->get_name() : path + " " + child->get_name(), script);
  }
}

}  // namespace

std::string CompletionScript(const CLI::App& app) {
  std::string cases;
  AppendCases(app, "", cases);
  return fmt::format(
      R"BASH(# Completion of redress for bash: source it, or write it to
# /etc/bash_completion.d/redress. For zsh: autoload bashcompinit && bashcompinit first.
_redress() {{
  local path="" words="" word
  local profiles="${{REDRESS_PROFILES:-var/demo/profiles}}"
  if [ "${{COMP_WORDS[COMP_CWORD-1]}}" = --profile ]; then
    COMPREPLY=($(compgen -W "$(cd "$profiles" 2>/dev/null && ls *.json 2>/dev/null | sed 's/\.json$//')" -- "${{COMP_WORDS[COMP_CWORD]}}"))
    return
  fi
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}";
  do
    case " {0} " in *" $word "*) path="${{path:+$path }}$word" ;; esac
  done
  case "$path" in
{1}  esac
  COMPREPLY=($(compgen -W "$words" -- "${{COMP_WORDS[COMP_CWORD]}}"))
}}
complete -o default -F _redress redress)BASH",
      [&app] {
        std::string names;
        for (const CLI::App* group : app.get_subcommands([](const CLI::App*) { return true; })) {
          names += group->get_name() + " ";
          for (const CLI::App* child :
               group->get_subcommands([](const CLI::App*) { return true; })) {
            names += child->get_name() + " ";
          }
        }
        return names;
      }(),
      cases);
}

void AddCompletionCommand(Commands& commands) {
  CLI::App* command = commands.app().add_subcommand(
      "completion", "Print a completion script for bash (and zsh's bashcompinit)");
  commands.SetAction(
      command, "completion > ~/.local/share/bash-completion/completions/redress",
      [&commands](Run& run) {
        run.output.Raw(CompletionScript(commands.app()));
        return absl::OkStatus();
      },
      /*needs_profile=*/false);
}

}  // namespace redress::cli
