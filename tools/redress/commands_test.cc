#include "tools/redress/commands.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace redress::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class CommandsTest : public testing::Test {
 protected:
  CommandsTest() { AddAllCommands(commands_); }

  // Every command that does something, with the words that call it.
  template <class Visit>
  static void ForEachLeaf(const CLI::App& app, const std::string& path, Visit visit) {
    const auto children = app.get_subcommands([](const CLI::App*) { return true; });
    if (children.empty()) visit(app, path);
    for (const CLI::App* child : children) {
      ForEachLeaf(*child, path.empty() ? child->get_name() : path + " " + child->get_name(), visit);
    }
  }

  CLI::App app_{"test", "redress"};
  Commands commands_{app_};
};

TEST_F(CommandsTest, EveryCommandHasALineOfHelpAndAnExampleOfItself) {
  int commands = 0;
  ForEachLeaf(app_, "", [&](const CLI::App& command, const std::string& path) {
    ++commands;
    EXPECT_FALSE(command.get_description().empty()) << path;
    EXPECT_THAT(command.get_footer(), StartsWith("Example:\n  redress ")) << path;
    EXPECT_THAT(command.get_footer(), HasSubstr(path)) << path;
  });
  EXPECT_GT(commands, 50);
}

TEST_F(CommandsTest, EveryOptionIsExplained) {
  ForEachLeaf(app_, "", [&](const CLI::App& command, const std::string& path) {
    for (const CLI::Option* option : command.get_options()) {
      EXPECT_FALSE(option->get_description().empty()) << path << " " << option->get_name();
    }
  });
}

TEST_F(CommandsTest, TheCompletionNamesEveryCommand) {
  const std::string script = CompletionScript(app_);
  ForEachLeaf(app_, "", [&](const CLI::App&, const std::string& path) {
    EXPECT_THAT(script, HasSubstr("\"" + path + "\")"));
  });
}

}  // namespace
}  // namespace redress::cli
