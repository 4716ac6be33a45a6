#include "tools/redress/referral_commands.h"

#include <memory>
#include <string>
#include <vector>

#include "tools/redress/case_verb.h"
#include "tools/redress/referral_verb.h"

namespace redress::cli {
namespace {

using namespace redress::referral::v1;  // NOLINT: this file is all about these messages.

// From so many members on, each has a line instead of all that was disclosed of it.
constexpr int kMembersAsTable = 4;

void PrintReferral(Output& output, const GetReferralResponse& response, bool full) {
  if (full || response.referral().members_size() < kMembersAsTable) {
    output.Message(response);
    return;
  }
  Table table({"MEMBER", "NAME", "AGREED", "CURRENCY", "OWED", "PAID", "RECEIVED", "BALANCE"});
  table.MayCut({"NAME"});
  for (const ReferralMember& member : response.referral().members()) {
    const auto& person = member.member().member();
    const auto& sums = member.balances().empty()
                           ? redress::intake::v1::LedgerBalance::default_instance()
                           : member.balances(0);
    table.AddRow({person.member_id(), person.complainant().name(), member.agreed() ? "yes" : "",
                  sums.currency_code(), sums.owed().amount(), sums.paid().amount(),
                  sums.received().amount(), sums.balance().amount()});
  }
  output.Json(response);
  GetReferralResponse others = response;
  others.mutable_referral()->clear_members();
  output.Fields(others);
  output.PrintTable(table);
  output.Line("All that was disclosed of each member: add --full", Colour::kDim);
}

void AddShow(Commands& commands, CLI::App* group) {
  auto request = std::make_shared<GetReferralRequest>();
  auto full = std::make_shared<bool>(false);
  CLI::App* command = commands.Add(
      group, "show", "Show a referral: what was disclosed, its history, clocks and balances",
      "-p my-mtuc referral show KH-26-0000001-9/R1", [request, full](Run& run) -> absl::Status {
        const auto stub = ReferralOf(run.session);
        ASSIGN_OR_RETURN(const auto response,
                         run.session.Call(*stub, &ReferralStub::GetReferral, *request));
        PrintReferral(run.output, response, *full);
        return absl::OkStatus();
      });
  AddReferralArgument(command, [request](const std::string& v) { request->set_referral_id(v); });
  command->add_flag("--full", *full, "All that was disclosed of each member, of groups too");
  command->add_option_function<int>(
      "--member-page-size", [request](int v) { request->set_member_page_size(v); },
      "Members a page (1 to 200)");
  command->add_option_function<std::string>(
      "--member-page-token", [request](const std::string& v) { request->set_member_page_token(v); },
      "Where the page of members before ended");
}

struct ListOptions {
  ListReferralsRequest request;
  std::vector<std::string> states;
  std::string direction;
  std::string order;
  PageOptions page;
};

absl::Status List(Run& run, const ListOptions& options) {
  ListReferralsRequest request = options.request;
  for (const std::string& name : options.states) {
    ASSIGN_OR_RETURN(const ReferralState state, EnumByName<ReferralState>(name, "--state"));
    request.add_states(state);
  }
  if (!options.direction.empty()) {
    ASSIGN_OR_RETURN(const Direction direction,
                     EnumByName<Direction>(options.direction, "--direction"));
    request.set_direction(direction);
  }
  if (!options.order.empty()) {
    ASSIGN_OR_RETURN(const ReferralOrder order,
                     EnumByName<ReferralOrder>(options.order, "--order"));
    request.set_order(order);
  }
  const auto stub = ReferralOf(run.session);
  ASSIGN_OR_RETURN(const auto response, CallPages(run.session, *stub, &ReferralStub::ListReferrals,
                                                  request, options.page));
  Table table({"REFERRAL", "STATE", "URGENCY", "CATEGORY", "RECEIVER", "MEMBERS", "SENT", "DUE"});
  table.MayCut({"CATEGORY", "STATE"});
  for (const auto& row : response.referrals()) {
    table.AddRow({row.referral_id(), ShowEnum(row.state()), row.urgency(), row.category(),
                  row.receiver_body_id(), std::to_string(row.member_count()),
                  ShowTime(row.sent_at()), ShowTime(row.due_at())},
                 row.overdue() ? Colour::kRed : Colour::kNone);
  }
  run.output.List(response, table, "No referrals.", response.next_page_token());
  return absl::OkStatus();
}

void AddList(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<ListOptions>();
  CLI::App* command = commands.Add(group, "list", "List the referrals you may see",
                                   "-p my-mtuc referral list --state DELIVERED",
                                   [options](Run& run) { return List(run, *options); });
  command->add_option("--state", options->states, "DELIVERED, ACCEPTED …; repeatable");
  command->add_option("--direction", options->direction, "INCOMING or OUTGOING");
  command->add_option("--order", options->order, "DUE_FIRST or UPDATED_LAST_FIRST");
  command->add_option_function<std::string>(
      "--receiver", [options](const std::string& v) { options->request.set_receiver_body_id(v); },
      "The receiving body, as my:mtuc");
  InCapitals(command->add_option_function<std::string>(
      "--case", [options](const std::string& v) { options->request.set_case_number(v); },
      "Only this case"));
  command->add_flag_function(
      "--overdue", [options](int64_t) { options->request.set_overdue(true); }, "Only overdue ones");
  command->add_flag_function(
      "--open", [options](int64_t) { options->request.set_open(true); }, "Only open ones");
  AddPageOptions(command, options->page);
}

absl::Status Suggest(Run& run, const SuggestRecipientsRequest& request) {
  const auto stub = DirectoryOf(run.session);
  ASSIGN_OR_RETURN(const auto response,
                   run.session.Call(*stub, &DirectoryStub::SuggestRecipients, request));
  Table table({"BODY", "NAME", "SCORE", "CAN REFER", "AGREEMENT"});
  for (const auto& row : response.suggestions()) {
    table.AddRow({row.body_id(), row.name(), std::to_string(row.score()),
                  row.can_refer() ? "yes" : "no", row.agreement_id()},
                 row.excluded()    ? Colour::kDim
                 : row.can_refer() ? Colour::kGreen
                                   : Colour::kNone);
  }
  run.output.List(response, table, "Nobody in the directory takes such a case.", "");
  for (const auto& row : response.suggestions()) {
    for (const auto& reason : row.reasons_for()) {
      run.output.Line(row.body_id() + "  + " + reason.text(), Colour::kGreen);
    }
    for (const auto& reason : row.reasons_against()) {
      run.output.Line(row.body_id() + "  - " + reason.text(), Colour::kYellow);
    }
  }
  return absl::OkStatus();
}

void AddSuggest(Commands& commands, CLI::App* group) {
  auto request = std::make_shared<SuggestRecipientsRequest>();
  CLI::App* command =
      commands.Add(group, "suggest", "Who can take a case, with the reasons for and against each",
                   "-p kh-ministry referral suggest KH-26-0000001-9",
                   [request](Run& run) { return Suggest(run, *request); });
  AddCaseArgument(command, [request](const std::string& v) { request->set_case_number(v); });
  InCapitals(command->add_option_function<std::string>(
      "--country", [request](const std::string& v) { request->set_country(v); },
      "Look there instead of in the country worked in, as TH"));
  command->add_option_function<int>(
      "--limit", [request](int v) { request->set_limit(v); }, "How many at most");
}

}  // namespace

void AddReferralCommands(Commands& commands) {
  CLI::App* group =
      commands.AddGroup("referral", "Referrals: send, take, act, settle", "Between bodies");
  AddSuggest(commands, group);
  AddShow(commands, group);
  AddList(commands, group);
  AddHomeSideCommands(commands, group);
  AddReceiverCommands(commands, group);
}

}  // namespace redress::cli
