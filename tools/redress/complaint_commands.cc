#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "fmt/format.h"
#include "tools/redress/case_verb.h"
#include "tools/redress/filing_commands.h"

namespace redress::cli {
namespace {

using namespace redress::intake::v1;  // NOLINT: this file is all about these messages.

void AddShow(Commands& commands, CLI::App* group) {
  auto number = std::make_shared<std::string>();
  CLI::App* command = commands.Add(
      group, "show", "Show a complaint as far as you may see it",
      "-p kh-ministry complaint show KH-26-0000001-9", [number](Run& run) -> absl::Status {
        GetComplaintRequest request;
        request.set_case_number(*number);
        const auto stub = IntakeOf(run.session);
        ASSIGN_OR_RETURN(const auto response,
                         run.session.Call(*stub, &IntakeStub::GetComplaint, request));
        run.output.Message(response.complaint_case());
        return absl::OkStatus();
      });
  AddCaseArgument(command, *number);
}

struct ListOptions {
  ListComplaintsRequest request;
  std::vector<std::string> states;
  std::string since;
  PageOptions page;
};

absl::Status FillList(ListOptions& options, ListComplaintsRequest& request) {
  for (const std::string& name : options.states) {
    ASSIGN_OR_RETURN(const CaseState state, EnumByName<CaseState>(name, "--state"));
    request.add_states(state);
  }
  if (!options.since.empty()) {
    ASSIGN_OR_RETURN(const int64_t since, SecondsOfDay(options.since, "--since"));
    request.mutable_filed_since()->set_seconds(since);
  }
  return absl::OkStatus();
}

absl::Status List(Run& run, ListOptions& options) {
  ListComplaintsRequest request = options.request;
  RETURN_IF_ERROR(FillList(options, request));
  const auto stub = IntakeOf(run.session);
  ASSIGN_OR_RETURN(const auto response, CallPages(run.session, *stub, &IntakeStub::ListComplaints,
                                                  request, options.page));
  Table table({"CASE", "STATE", "FILED", "CATEGORY", "FROM", "TO", "URGENCY", "MEMBERS", "DESK"});
  table.MayCut({"CATEGORY"});
  for (const auto& row : response.cases()) {
    table.AddRow({row.case_number(), ShowEnum(row.state()), ShowTime(row.filed_at()),
                  row.primary_category(), row.corridor().origin(), row.corridor().destination(),
                  row.urgency() + (row.urgency_confirmed() ? "" : " ?"),
                  std::to_string(row.member_count()), row.filed_by_body_id()},
                 row.urgency() == "EMERGENCY" ? Colour::kRed
                 : row.urgency() == "URGENT"  ? Colour::kYellow
                                              : Colour::kNone);
  }
  run.output.List(response, table, "No complaints.", response.next_page_token());
  return absl::OkStatus();
}

void AddList(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<ListOptions>();
  CLI::App* command = commands.Add(group, "list", "List complaints, newest first",
                                   "-p kh-ministry complaint list --state FILED --destination MY",
                                   [options](Run& run) { return List(run, *options); });
  command->add_option("--state", options->states,
                      "FILED, OPEN, INADMISSIBLE, WITHDRAWN, CLOSED_RESOLVED or"
                      " CLOSED_UNRESOLVED; repeatable");
  const auto text = [&](const char* name, auto setter, const char* help) {
    return command->add_option_function<std::string>(
        name, [options, setter](const std::string& value) { (options->request.*setter)(value); },
        help);
  };
  using R = ListComplaintsRequest;
  Coded(text("--category", &R::set_category<const std::string&>,
             "A category code, as WAGE_UNDERPAYMENT"));
  InCapitals(
      text("--destination", &R::set_destination<const std::string&>, "Country worked in, as MY"));
  InCapitals(text("--nationality", &R::set_nationality<const std::string&>,
                  "Country of the workers, as KH"));
  Coded(text("--urgency", &R::set_urgency<const std::string&>, "EMERGENCY, URGENT or NORMAL"));
  text("--desk", &R::set_filed_by_body_id<const std::string&>, "The body that filed, as kh:lscw");
  InCapitals(
      text("--province", &R::set_province<const std::string&>, "Province of the filing, as KH-2"));
  text("--own-reference", &R::set_own_reference<const std::string&>, "The desk's own number");
  command->add_option("--since", options->since, "Filed on this day or later, as 2026-11-22");
  AddPageOptions(command, options->page);
}

struct ScreenOptions {
  CaseOptions on;
  std::string category;
  std::string urgency;
  std::vector<std::string> also;
  std::vector<std::string> indicators;
  std::string inadmissible;
  std::string note;
};

void AddScreen(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<ScreenOptions>();
  CLI::App* command = commands.Add(
      group, "screen", "Confirm categories and urgency and open the case, or find it inadmissible",
      "-p kh-ministry complaint screen KH-26-0000001-9 --category WAGE_UNDERPAYMENT --urgency "
      "NORMAL",
      [options](Run& run) -> absl::Status {
        ScreenComplaintRequest request;
        request.set_admit(options->inadmissible.empty());
        request.set_reason(options->inadmissible);
        if (!options->category.empty()) {
          request.mutable_primary_category()->set_code(options->category);
        }
        for (const std::string& code : options->also) {
          request.add_secondary_categories()->set_code(code);
        }
        request.set_urgency(options->urgency);
        AddAll(options->indicators, request.mutable_forced_labour_indicators());
        request.set_note(options->note);
        return RunCaseVerb(run, options->on, request, &IntakeStub::ScreenComplaint);
      });
  AddCaseOptions(command, options->on);
  Coded(command->add_option("--category", options->category, "The confirmed primary category"));
  Coded(command->add_option("--also", options->also, "A secondary category; repeatable"));
  Coded(command->add_option("--urgency", options->urgency, "EMERGENCY, URGENT or NORMAL"));
  Coded(command->add_option("--indicator", options->indicators,
                            "A forced-labour indicator that you confirm; repeatable"));
  Coded(command->add_option("--inadmissible", options->inadmissible,
                            "Find it inadmissible: NOT_A_LABOUR_MATTER, OUT_OF_JURISDICTION,"
                            " DUPLICATE, INSUFFICIENT_INFORMATION, TIME_BARRED,"
                            " UNABLE_TO_CONTACT_WORKER or OTHER"));
  command->add_option("--note", options->note, "Anything to add");
}

struct AmendOptions {
  CaseOptions on;
  std::string json;
  std::vector<std::string> paths;
  std::string reason;
};

void AddAmend(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<AmendOptions>();
  CLI::App* command = commands.Add(
      group, "amend", "Replace named fields of a complaint; what they held is kept in its history",
      "-p kh-desk complaint amend KH-26-0000001-9 --path sector --set "
      "'{\"sector\":\"MANUFACTURING\"}'"
      " --reason 'asked again'",
      [options](Run& run) -> absl::Status {
        AmendComplaintRequest request;
        RETURN_IF_ERROR(ReadJsonArgument(options->json, *request.mutable_complaint()));
        AddAll(options->paths, request.mutable_paths());
        request.set_reason(options->reason);
        return RunCaseVerb(run, options->on, request, &IntakeStub::AmendComplaint);
      });
  AddCaseOptions(command, options->on);
  command->add_option("--set", options->json, "A complaint with the new values: JSON, or @file")
      ->required();
  command->add_option("--path", options->paths, "A field to replace, as sector; repeatable")
      ->required();
  command->add_option("--reason", options->reason, "Why it is amended")->required();
}

struct WithdrawOptions {
  CaseOptions on;
  std::vector<std::string> members;
  std::string reason;
  std::string note;
  InstructionOptions instruction;
};

void AddWithdraw(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<WithdrawOptions>();
  CLI::App* command = commands.Add(
      group, "withdraw", "Withdraw a complaint, or members of it; it can be undone for 7 days",
      "-p kh-desk complaint withdraw KH-26-0000001-9 --reason SETTLED_PRIVATELY --instructed PHONE",
      [options](Run& run) -> absl::Status {
        WithdrawComplaintRequest request;
        AddAll(options->members, request.mutable_member_ids());
        request.set_reason(options->reason);
        request.set_note(options->note);
        FillInstruction(options->instruction, request);
        return RunCaseVerb(run, options->on, request, &IntakeStub::WithdrawComplaint);
      });
  AddCaseOptions(command, options->on);
  command->add_option("--member", options->members, "A member of a group; none means all");
  Coded(
      command->add_option("--reason", options->reason, "VOLUNTARY, SETTLED_PRIVATELY or PRESSURE"))
      ->required();
  command->add_option("--note", options->note, "Anything to add");
  AddInstructionOptions(command, options->instruction);
}

struct CloseOptions {
  CaseOptions on;
  bool unresolved = false;
  std::vector<std::string> remedies;
  std::vector<std::string> sanctions;
  std::string reason;
  std::string note;
};

void AddClose(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<CloseOptions>();
  CLI::App* command =
      commands.Add(group, "close", "Close a case that has no open referral and no unpaid award",
                   "-p kh-ministry complaint close KH-26-0000001-9 --remedy WAGES_PAID",
                   [options](Run& run) -> absl::Status {
                     CloseComplaintRequest request;
                     request.set_outcome(options->unresolved ? CASE_STATE_CLOSED_UNRESOLVED
                                                             : CASE_STATE_CLOSED_RESOLVED);
                     AddAll(options->remedies, request.mutable_remedies_obtained());
                     AddAll(options->sanctions, request.mutable_sanctions());
                     request.set_reason(options->reason);
                     request.set_note(options->note);
                     return RunCaseVerb(run, options->on, request, &IntakeStub::CloseComplaint);
                   });
  AddCaseOptions(command, options->on);
  command->add_flag("--unresolved", options->unresolved, "Close it without a solution");
  Coded(command->add_option("--remedy", options->remedies,
                            "A remedy obtained, as WAGES_PAID; repeatable"));
  Coded(command->add_option("--sanction", options->sanctions,
                            "A sanction on the respondent; repeatable"));
  Coded(command->add_option("--reason", options->reason,
                            "Why, when unresolved: NO_COMPETENT_BODY, EVIDENCE_LACKING,"
                            " RESPONDENT_NOT_FOUND, RESPONDENT_INSOLVENT, CLAIM_REJECTED,"
                            " TIME_BARRED, UNABLE_TO_CONTACT_WORKER, WORKER_REFUSED or OTHER"));
  command->add_option("--note", options->note, "Anything to add");
}

struct ReopenOptions {
  CaseOptions on;
  std::string kind = "REOPEN";
  std::string reason;
  std::vector<std::string> members;
  InstructionOptions instruction;
};

void AddReopen(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<ReopenOptions>();
  CLI::App* command = commands.Add(
      group, "reopen", "Reopen a case, undo a withdrawal or contest a finding of inadmissible",
      "-p kh-ministry complaint reopen KH-26-0000001-9 --reason 'employer did not pay'"
      " --instructed PHONE",
      [options](Run& run) -> absl::Status {
        ReopenComplaintRequest request;
        ASSIGN_OR_RETURN(const ReopenKind kind, EnumByName<ReopenKind>(options->kind, "--kind"));
        request.set_kind(kind);
        request.set_reason(options->reason);
        AddAll(options->members, request.mutable_member_ids());
        FillInstruction(options->instruction, request);
        return RunCaseVerb(run, options->on, request, &IntakeStub::ReopenComplaint);
      });
  AddCaseOptions(command, options->on);
  command->add_option("--kind", options->kind, "REOPEN, UNDO_WITHDRAWAL or CONTEST")
      ->capture_default_str();
  command->add_option("--reason", options->reason, "Why")->required();
  command->add_option("--member", options->members, "A member whose withdrawal is undone");
  AddInstructionOptions(command, options->instruction);
}

struct MembersOptions {
  ListGroupMembersRequest request;
  PageOptions page;
};

void AddMembers(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<MembersOptions>();
  CLI::App* command = commands.Add(
      group, "members", "List the members of a group as far as you may see them",
      "-p kh-desk complaint members KH-26-0000001-9", [options](Run& run) -> absl::Status {
        const auto stub = IntakeOf(run.session);
        ASSIGN_OR_RETURN(const auto response,
                         CallPages(run.session, *stub, &IntakeStub::ListGroupMembers,
                                   options->request, options->page));
        Table table({"MEMBER", "NAME", "SEX", "NATIONALITY", "WITHDRAWN"});
        for (const auto& member : response.members()) {
          table.AddRow({member.member_id(), member.complainant().name(), member.complainant().sex(),
                        member.complainant().nationality(), member.withdrawn() ? "yes" : ""});
        }
        run.output.List(response, table, "No members.", response.next_page_token());
        return absl::OkStatus();
      });
  AddCaseArgument(command,
                  [options](const std::string& v) { options->request.set_case_number(v); });
  command->add_option_function<std::string>(
      "--member", [options](const std::string& v) { options->request.set_member_id(v); },
      "Only this member");
  AddPageOptions(command, options->page);
}

struct AddMembersOptions {
  CaseOptions on;
  std::string json;
};

void AddAddMembers(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<AddMembersOptions>();
  CLI::App* command = commands.Add(
      group, "add-members", "Add up to 200 members to a group, with their claims and consents",
      "-p kh-desk complaint add-members KH-26-0000001-9 --members @more.json",
      [options](Run& run) -> absl::Status {
        ComplaintFiling filing;
        RETURN_IF_ERROR(ReadJsonArgument(options->json, filing));
        AddGroupMembersRequest request;
        request.mutable_members()->Swap(filing.mutable_members());
        request.mutable_consents()->Swap(filing.mutable_consents());
        return RunCaseVerb(run, options->on, request, &IntakeStub::AddGroupMembers);
      });
  AddCaseOptions(command, options->on);
  command
      ->add_option("--members", options->json,
                   "JSON, or @file: {\"members\": […], \"consents\": […]}")
      ->required();
}

}  // namespace

void AddComplaintCommands(Commands& commands) {
  CLI::App* group =
      commands.AddGroup("complaint", "Complaints: file, screen, amend, close", "Cases");
  AddFilingCommands(commands, group);
  AddShow(commands, group);
  AddList(commands, group);
  AddMembers(commands, group);
  AddAddMembers(commands, group);
  AddScreen(commands, group);
  AddAmend(commands, group);
  AddWithdraw(commands, group);
  AddClose(commands, group);
  AddReopen(commands, group);
}

}  // namespace redress::cli
