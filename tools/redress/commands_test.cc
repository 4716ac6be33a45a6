#include "tools/redress/commands.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "redress/common/v1/types.pb.h"
#include "redress/referral/v1/state.pb.h"
#include "tools/redress/arguments.h"

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

TEST_F(CommandsTest, ARepeatableOptionLeavesWhatFollowsItsValueAlone) {
  app_.parse(
      "consent record --group IDENTITY --group MONEY KH-26-0000001-9 --purpose REFERRAL"
      " --how SIGNED --language km");
  const CLI::App* record = app_.get_subcommand("consent")->get_subcommand("record");
  EXPECT_EQ(record->get_option("--group")->count(), 2u);
  EXPECT_EQ(record->get_option("case")->as<std::string>(), "KH-26-0000001-9");
}

TEST_F(CommandsTest, TheCompletionOfEveryShellNamesEveryCommand) {
  const std::string bash = CompletionScript(app_, "bash");
  const std::string zsh = CompletionScript(app_, "zsh");
  const std::string fish = CompletionScript(app_, "fish");
  ForEachLeaf(app_, "", [&](const CLI::App&, const std::string& path) {
    EXPECT_THAT(bash, HasSubstr("\"" + path + "\")"));
    EXPECT_THAT(zsh, HasSubstr("\"" + path + "\")"));
    EXPECT_THAT(fish, HasSubstr("'" + path + "'"));
  });
}

TEST_F(CommandsTest, JsonThatDoesNotFitIsNotRepeated) {
  redress::common::v1::Money money;
  const absl::Status status = ParseJson("own.json", "{\"amount\": Sok Dara}", money);
  EXPECT_EQ(ExitCode(status), 2);
  EXPECT_EQ(status.message(),
            "own.json: line 1, column 12: amount: text in double quotes is expected");
}

TEST(ArgumentsTest, CodesAreTakenInAnyCaseWithHyphensToo) {
  using redress::referral::v1::ReferralState;
  for (const char* name :
       {"IN_PROGRESS", "in-progress", "In_Progress", "referral_state_in_progress"}) {
    const auto state = EnumByName<ReferralState>(name, "--state");
    ASSERT_TRUE(state.ok()) << name;
    EXPECT_EQ(*state, redress::referral::v1::REFERRAL_STATE_IN_PROGRESS) << name;
  }
  const auto unknown = EnumByName<ReferralState>("unspecified", "--state");
  EXPECT_THAT(std::string(unknown.status().message()), HasSubstr("there are SENT, DELIVERED"));

  CLI::App app;
  std::string category;
  std::string number;
  Coded(app.add_option("--category", category));
  AddCaseArgument(&app, number);
  app.parse("kh-26-0000001-9 --category wage-underpayment");
  EXPECT_EQ(category, "WAGE_UNDERPAYMENT");
  EXPECT_EQ(number, "KH-26-0000001-9");
}

}  // namespace
}  // namespace redress::cli
