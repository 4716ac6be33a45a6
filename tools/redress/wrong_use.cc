#include "tools/redress/wrong_use.h"

#include <vector>

#include "absl/strings/str_split.h"
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "tools/redress/nearest.h"

namespace redress::cli {
namespace {

std::vector<const CLI::App*> Children(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<std::string> NamesOf(const std::vector<const CLI::App*>& apps) {
  std::vector<std::string> names;
  for (const CLI::App* app : apps) names.push_back(app->get_name());
  return names;
}

// The words that call it: "redress complaint list".
std::string Path(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name()
                                     : Path(*app.get_parent()) + " " + app.get_name();
}

// The innermost command whose name was understood.
const CLI::App& Innermost(const CLI::App& app) {
  const auto parsed = app.get_subcommands();
  return parsed.empty() ? app : Innermost(*parsed.back());
}

// Commands of other groups that have that name: "timeline" is in "status timeline".
void FindElsewhere(const CLI::App& app, std::string_view name, std::vector<std::string>& found) {
  for (const CLI::App* child : Children(app)) {
    if (child->get_name() == name) found.push_back(Path(*child));
    FindElsewhere(*child, name, found);
  }
}

std::string UnknownCommand(const CLI::App& root, const CLI::App& group, const std::string& word) {
  const std::vector<std::string> names = NamesOf(Children(group));
  const std::string said = fmt::format("{}: there is no command \"{}\"", Path(group), word);
  if (const std::string nearest = Nearest(word, names); !nearest.empty()) {
    return fmt::format("{}; did you mean \"{} {}\"?", said, Path(group), nearest);
  }
  std::vector<std::string> elsewhere;
  FindElsewhere(root, word, elsewhere);
  if (!elsewhere.empty()) {
    return fmt::format("{}; did you mean \"{}\"?", said, fmt::join(elsewhere, "\" or \""));
  }
  return fmt::format("{}; there are {}", said, fmt::join(names, ", "));
}

std::string UnknownOption(const CLI::App& root, const CLI::App& command, const std::string& word) {
  const std::string typed = word.substr(0, word.find('='));
  std::vector<std::string> known;
  for (const CLI::App* app : {&command, &root}) {
    for (const CLI::Option* option : app->get_options()) {
      for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
    }
  }
  const std::string nearest = Nearest(typed, known);
  return fmt::format("{}: there is no option {}{}", Path(command), typed,
                     nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest));
}

// Names of fields that the command line calls otherwise; where several are given, the first that
// the command has.
struct Alias {
  std::string_view field;
  std::vector<std::string_view> options;
};

const std::vector<Alias>& Aliases() {
  static const auto& aliases = *new std::vector<Alias>{
      {"answer", {"text"}},
      {"case_number", {"case", "id"}},
      {"case_state", {"state"}},
      {"complaint", {"set"}},
      {"currency_code", {"currency"}},
      {"evidence_id", {"evidence"}},
      {"field_group", {"about"}},
      {"file_name", {"name"}},
      {"filed_by_body_id", {"desk"}},
      {"filed_since", {"since"}},
      {"focal_point_id", {"focal-point"}},
      {"forced_labour_indicators", {"indicator"}},
      {"from_month", {"from"}},
      {"from_whom", {"from"}},
      {"happened_on", {"on"}},
      {"held_at", {"at"}},
      {"holder_body_id", {"holder"}},
      {"how", {"instructed"}},
      {"given_on", {"instructed-on"}},
      {"items", {"question"}},
      {"member_id", {"member"}},
      {"next_date", {"next"}},
      {"parent_referral_id", {"parent"}},
      {"party_body_id", {"party"}},
      {"previous_referral_id", {"after"}},
      {"primary_category", {"category"}},
      {"proposal_number", {"proposal"}},
      {"question_number", {"question"}},
      {"receiver_body_id", {"to", "receiver"}},
      {"receiver_reference", {"reference"}},
      {"referral_id", {"referral", "id"}},
      {"remedies_obtained", {"remedy"}},
      {"reverses_entry_id", {"reverses"}},
      {"secondary_categories", {"also"}},
      {"suggested_body_ids", {"suggest"}},
      {"to_body_id", {"to"}},
      {"to_month", {"to"}},
      {"to_whom", {"to"}},
      {"tracking_code", {"code"}},
      {"until_date", {"until"}},
      {"watch_token", {"token"}},
  };
  return aliases;
}

// Where an option of the command, or of all commands, is called `name`: as people type it.
std::string OptionCalled(const CLI::App& command, const std::string& name) {
  for (const CLI::App* app = &command; app != nullptr; app = app->get_parent()) {
    for (const CLI::Option* option : app->get_options()) {
      if (option->check_lname(name)) return "--" + name;
      if (option->get_positional() && option->get_name(true) == name) return name;
    }
  }
  return "";
}

std::string OptionForSegment(const CLI::App& command, const std::string& segment) {
  std::string name = segment;
  for (char& c : name) {
    if (c == '_') c = '-';
  }
  for (const std::string_view ending : {"", "s", "-id", "-ids"}) {
    if (name.size() <= ending.size() || !name.ends_with(ending)) continue;
    const std::string shorter = name.substr(0, name.size() - ending.size());
    if (std::string option = OptionCalled(command, shorter); !option.empty()) return option;
  }
  for (const Alias& alias : Aliases()) {
    if (alias.field != segment) continue;
    for (const std::string_view candidate : alias.options) {
      std::string option = OptionCalled(command, std::string(candidate));
      if (!option.empty()) return option;
    }
  }
  return "";
}

}  // namespace

std::string ExplainWrongUse(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& innermost = Innermost(app);
  std::string said = error.what();
  if (const std::vector<std::string> unknown = app.remaining(/*recurse=*/true); !unknown.empty()) {
    const bool is_option = unknown[0].size() > 1 && unknown[0][0] == '-';
    if (!is_option && !Children(innermost).empty()) {
      said = UnknownCommand(app, innermost, unknown[0]);
    } else if (is_option && unknown[0][1] == '-') {
      said = UnknownOption(app, innermost, unknown[0]);
    }
  } else if (!Children(innermost).empty() && error.get_name() == "RequiredError") {
    said = fmt::format("{}: which command? {}", Path(innermost),
                       fmt::join(NamesOf(Children(innermost)), ", "));
  }
  return fmt::format("{}\nHelp: {} --help\n", said, Path(innermost));
}

std::string OptionForField(const CLI::App& command, std::string_view field) {
  std::vector<std::string> segments;
  for (const absl::string_view part :
       absl::StrSplit(absl::string_view(field.data(), field.size()), '.')) {
    segments.emplace_back(part.substr(0, part.find('[')));
  }
  // The innermost that was typed says most; "instruction.note" is --instruction-note, not --note.
  for (size_t i = segments.size(); i-- > 0;) {
    if (i > 0) {
      const std::string both = segments[i - 1] + "_" + segments[i];
      if (std::string option = OptionForSegment(command, both); !option.empty()) return option;
    }
    if (std::string option = OptionForSegment(command, segments[i]); !option.empty()) return option;
  }
  return "";
}

}  // namespace redress::cli
