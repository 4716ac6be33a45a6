#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_replace.h"
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "tools/redress/commands.h"

namespace redress::cli {
namespace {

// The scripts are made from the same tree of commands that parses them, so that completion never
// names what is not there.

std::vector<const CLI::App*> Children(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::string Joined(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + " " + name;
}

void AddOptions(const CLI::App& app, std::vector<std::string>& words) {
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  }
}

// One line of a shell's `case` for each command: what may follow it. `all` are the options that
// every command takes.
void AppendCases(const CLI::App& app, const std::string& path, const std::vector<std::string>& all,
                 std::string& script) {
  std::vector<std::string> words;
  for (const CLI::App* child : Children(app)) words.push_back(child->get_name());
  AddOptions(app, words);
  for (const std::string& option : all) {
    if (std::find(words.begin(), words.end(), option) == words.end()) words.push_back(option);
  }
  script += fmt::format("    \"{}\") words=\"{}\" ;;\n", path, fmt::join(words, " "));
  for (const CLI::App* child : Children(app)) {
    AppendCases(*child, Joined(path, child->get_name()), all, script);
  }
}

void CollectPaths(const CLI::App& app, const std::string& path, std::vector<std::string>& paths) {
  if (!path.empty()) paths.push_back(path);
  for (const CLI::App* child : Children(app)) {
    CollectPaths(*child, Joined(path, child->get_name()), paths);
  }
}

constexpr std::string_view kBash = R"BASH(# Completion of redress for bash: source it, or
#   redress completion bash > ~/.local/share/bash-completion/completions/redress
_redress() {
  local path="" words="" word directory file i
  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"
  local directory="${REDRESS_PROFILES:-var/demo/profiles}"
  # --profile=kh-desk comes as three words.
  [ "$current" = "=" ] && current=""
  [ "$previous" = "=" ] && previous="${COMP_WORDS[COMP_CWORD-2]}"
  case "$previous" in
    -p | --profile)
      for file in "$directory"/*.json; do
        [ -e "$file" ] && file="${file##*/}" && words="$words ${file%.json}"
      done
      COMPREPLY=($(compgen -W "$words" -- "$current"))
      return
      ;;
    -o | --output)
      COMPREPLY=($(compgen -W "text json" -- "$current"))
      return
      ;;
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="${COMP_WORDS[i]}"
    case "|@PATHS@|" in *"|${path:+$path }$word|"*) path="${path:+$path }$word" ;; esac
  done
  case "$path" in
@CASES@  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _redress redress)BASH";

constexpr std::string_view kZsh = R"ZSH(#compdef redress
# Completion of redress for zsh: write it to a folder of $fpath as _redress, or
#   source <(redress completion zsh)
_redress() {
  local path_so_far="" words_here="" word directory i
  directory="${REDRESS_PROFILES:-var/demo/profiles}"
  case "${words[CURRENT-1]}" in
    -p | --profile) compadd -- "$directory"/*.json(N:t:r); return ;;
    -o | --output) compadd text json; return ;;
  esac
  for ((i = 2; i < CURRENT; i++)); do
    word="${words[i]}"
    case "|@PATHS@|" in *"|${path_so_far:+$path_so_far }$word|"*) path_so_far="${path_so_far:+$path_so_far }$word" ;; esac
  done
  local words=""
  case "$path_so_far" in
@CASES@  esac
  compadd -- ${=words} || _files
}
if [ "${funcstack[1]}" = _redress ]; then _redress "$@"; else compdef _redress redress; fi)ZSH";

constexpr std::string_view kFish = R"FISH(# Completion of redress for fish:
#   redress completion fish > ~/.config/fish/completions/redress.fish
function __redress_at
    set -l path
    set -l paths @PATHS@
    for word in (commandline -opc)[2..-1]
        set -l longer (string join -- ' ' $path $word)
        contains -- $longer $paths; and set path (string split ' ' $longer)
    end
    test (string join -- ' ' $path) = "$argv[1]"
end
function __redress_profiles
    set -l directory var/demo/profiles
    set -q REDRESS_PROFILES; and set directory $REDRESS_PROFILES
    for file in $directory/*.json
        basename $file .json
    end
end
complete -c redress -s p -l profile -x -a '(__redress_profiles)'
complete -c redress -s o -l output -x -a 'text json'
)FISH";

// Text within single quotes of fish.
std::string FishQuoted(const std::string& text) {
  return "'" + absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}}) + "'";
}

void AppendFish(const CLI::App& app, const std::string& path, std::string& script) {
  const std::string at = path.empty() ? "" : fmt::format(" -n '__redress_at \"{}\"'", path);
  for (const CLI::App* child : Children(app)) {
    script += fmt::format("complete -c redress -f -n '__redress_at \"{}\"' -a {} -d {}\n", path,
                          child->get_name(), FishQuoted(child->get_description()));
  }
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      if (name == "profile" || name == "output" || (name == "help" && !path.empty())) continue;
      const bool takes_value = option->get_type_size() != 0;
      script += fmt::format("complete -c redress{} -l {}{} -d {}\n", at, name,
                            takes_value ? " -r" : "", FishQuoted(option->get_description()));
    }
  }
  for (const CLI::App* child : Children(app)) {
    AppendFish(*child, Joined(path, child->get_name()), script);
  }
}

}  // namespace

std::string CompletionScript(const CLI::App& app, std::string_view shell) {
  std::vector<std::string> paths;
  CollectPaths(app, "", paths);
  if (shell == "fish") {
    std::string script = absl::StrReplaceAll(
        kFish.data(), {{"@PATHS@", fmt::format("'{}'", fmt::join(paths, "' '"))}});
    AppendFish(app, "", script);
    return script;
  }
  std::vector<std::string> all;
  AddOptions(app, all);
  std::string cases;
  AppendCases(app, "", all, cases);
  return absl::StrReplaceAll(
      shell == "zsh" ? kZsh.data() : kBash.data(),
      {{"@PATHS@", fmt::format("{}", fmt::join(paths, "|"))}, {"@CASES@", cases}});
}

void AddCompletionCommand(Commands& commands) {
  CLI::App* command =
      commands.app().add_subcommand("completion",
                                    "Print a script that completes commands, options"
                                    " and profiles in your shell");
  command->group("Running a node");
  auto shell = std::make_shared<std::string>("bash");
  commands.SetAction(
      command, "completion bash > ~/.local/share/bash-completion/completions/redress",
      [&commands, shell](Run& run) {
        run.output.Raw(CompletionScript(commands.app(), *shell));
        return absl::OkStatus();
      },
      /*needs_profile=*/false);
  command->add_option("shell", *shell, "bash, zsh or fish")
      ->check(CLI::IsMember({"bash", "zsh", "fish"}))
      ->capture_default_str();
}

}  // namespace redress::cli
