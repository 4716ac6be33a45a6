#include "tools/redress/wrong_use.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/redress/commands.h"

namespace redress::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class WrongUseTest : public testing::Test {
 protected:
  WrongUseTest() {
    app_.require_subcommand(1);
    app_.fallthrough();
    app_.add_option("--profile,-p", profile_, "Who you are");
    AddAllCommands(commands_);
  }

  std::string Explain(const std::string& line) {
    try {
      app_.parse(line);
    } catch (const CLI::ParseError& error) {
      return ExplainWrongUse(app_, error);
    }
    return "";
  }

  const CLI::App& Command(const std::string& group, const std::string& name) {
    return *app_.get_subcommand(group)->get_subcommand(name);
  }

  std::string profile_;
  CLI::App app_{"test", "redress"};
  Commands commands_{app_};
};

TEST_F(WrongUseTest, AMistypedCommandIsAnsweredWithTheNearest) {
  EXPECT_EQ(Explain("complain list"),
            "redress: there is no command \"complain\"; did you mean \"redress complaint\"?\n"
            "Help: redress --help\n");
  EXPECT_THAT(Explain("-p kh-desk complaint lsit --state OPEN"),
              StartsWith("redress complaint: there is no command \"lsit\"; did you mean \"redress "
                         "complaint list\"?"));
  EXPECT_THAT(Explain("directory body shwo my:mtuc"), HasSubstr("redress directory body show"));
}

TEST_F(WrongUseTest, ACommandOfAnotherGroupIsFoundThere) {
  EXPECT_THAT(Explain("timeline KH-26-0000001-9"), HasSubstr("\"redress status timeline\"?"));
}

TEST_F(WrongUseTest, ANonsenseCommandIsAnsweredWithThoseThatThereAre) {
  EXPECT_THAT(Explain("money frobnicate"), HasSubstr("there are record, show, write-off"));
}

TEST_F(WrongUseTest, AGroupAloneAsksWhichCommand) {
  EXPECT_THAT(Explain("money"), StartsWith("redress money: which command? record, show"));
}

TEST_F(WrongUseTest, AMistypedOptionIsAnsweredWithTheNearest) {
  EXPECT_EQ(Explain("complaint list --destinaton MY"),
            "redress complaint list: there is no option --destinaton; did you mean "
            "--destination?\nHelp: redress complaint list --help\n");
  EXPECT_THAT(Explain("complaint list --profil=kh-desk"), HasSubstr("did you mean --profile?"));
}

TEST_F(WrongUseTest, AMissingOptionIsNamedWithTheHelpOfItsCommand) {
  const std::string said = Explain("money record KH-26-0000001-9");
  EXPECT_THAT(said, HasSubstr("--kind is required"));
  EXPECT_THAT(said, HasSubstr("Help: redress money record --help"));
}

TEST_F(WrongUseTest, AFieldOfTheRequestIsNamedByWhatWasTyped) {
  const CLI::App& record = Command("money", "record");
  EXPECT_EQ(OptionForField(record, "entries[0].amount.amount"), "--amount");
  EXPECT_EQ(OptionForField(record, "entries[0].amount.currency_code"), "--currency");
  EXPECT_EQ(OptionForField(record, "entries[0].happened_on"), "--on");
  EXPECT_EQ(OptionForField(record, "entries[2].member_id"), "--member");
  EXPECT_EQ(OptionForField(record, "entries[0].instruction.how"), "--instructed");
  EXPECT_EQ(OptionForField(record, "entries[0].instruction.note"), "--instruction-note");
  EXPECT_EQ(OptionForField(record, "case_number"), "id");
  EXPECT_EQ(OptionForField(Command("complaint", "screen"), "primary_category.code"), "--category");
  EXPECT_EQ(OptionForField(Command("complaint", "screen"), "case_number"), "case");
  EXPECT_EQ(OptionForField(Command("consent", "record"), "consents[0].how"), "--how");
  EXPECT_EQ(OptionForField(Command("referral", "refer"), "receiver_body_id"), "--to");
  EXPECT_EQ(OptionForField(Command("referral", "decline"), "suggested_body_ids[1]"), "--suggest");
}

TEST_F(WrongUseTest, AFieldOutOfAFileIsNoOption) {
  EXPECT_EQ(OptionForField(Command("complaint", "file"), "complaint.sector"), "");
}

}  // namespace
}  // namespace redress::cli
