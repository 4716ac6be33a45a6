#ifndef REDRESS_TOOLS_REDRESS_HELP_FORMAT_H_
#define REDRESS_TOOLS_REDRESS_HELP_FORMAT_H_

#include <memory>
#include <ostream>
#include <sstream>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_split.h"

namespace redress::cli {

// Help as CLI11 writes it, but folded at `columns`: its own runs each description on in one line,
// which an ordinary terminal breaks within words.
class FoldedHelp final : public CLI::Formatter {
 public:
  explicit FoldedHelp(size_t columns) : columns_(columns) {}

  std::string make_option(const CLI::Option* option, bool is_positional) const override {
    return Folded(make_option_name(option, is_positional) + make_option_opts(option),
                  make_option_desc(option));
  }

  // Whether it takes a value and must be given; what value goes with the words.
  std::string make_option_opts(const CLI::Option* option) const override {
    std::string opts;
    if (option->get_type_size() != 0)
      opts = " " + TypeOf(*option).substr(0, TypeOf(*option).find(':'));
    if (option->get_required()) opts += " REQUIRED";
    return opts;
  }

  std::string make_option_desc(const CLI::Option* option) const override {
    std::string aside;
    const auto add = [&](const std::string& more) { aside += (aside.empty() ? "" : "; ") + more; };
    // A range as CLI11 names it: "INT:INT in [1 - 200]".
    const std::string type = TypeOf(*option);
    const size_t range = type.find('[');
    if (range != std::string::npos) {
      add(CLI::detail::find_and_replace(type.substr(range + 1, type.find(']') - range - 1), " - ",
                                        " to "));
    }
    if (!option->get_default_str().empty()) add("default " + option->get_default_str());
    if (!option->get_envname().empty()) add("default $" + option->get_envname());
    return option->get_description() + (aside.empty() ? "" : " (" + aside + ")");
  }

  std::string make_subcommand(const CLI::App* command) const override {
    return Folded(command->get_display_name(true), command->get_description());
  }

 private:
  static std::string TypeOf(const CLI::Option& option) { return option.get_type_name(); }

  std::string Folded(const std::string& name, const std::string& description) const {
    const size_t margin = get_column_width();
    std::string line = "  " + name;
    // A name that reaches into the descriptions has a line of its own.
    std::string out;
    if (line.size() + 2 > margin) {
      out = line + "\n";
      line.clear();
    }
    line.resize(margin, ' ');
    bool begins = true;
    for (const absl::string_view word : absl::StrSplit(description, ' ', absl::SkipEmpty())) {
      if (!begins && line.size() + 1 + word.size() > columns_) {
        out += line + "\n";
        line.assign(margin, ' ');
        begins = true;
      }
      line.append(begins ? "" : " ").append(word.data(), word.size());
      begins = false;
    }
    return out + line + "\n";
  }

  const size_t columns_;
};

}  // namespace redress::cli

#endif  // REDRESS_TOOLS_REDRESS_HELP_FORMAT_H_
