#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "fmt/format.h"
#include "redress/status/v1/status_service.grpc.pb.h"
#include "tools/redress/case_verb.h"

namespace redress::cli {
namespace {

using namespace redress::status::v1;  // NOLINT: this file is all about these messages.
using StatusStub = StatusService::Stub;

std::unique_ptr<StatusStub> StatusOf(Session& session) { return session.Status<StatusService>(); }

// A filter's flags, shared by list and watch.
struct FilterOptions {
  CaseFilter filter;
  std::string case_state;
  std::string referral_state;
  std::string since;
};

void AddFilterOptions(CLI::App* command, const std::shared_ptr<FilterOptions>& options) {
  const auto text = [&](const char* name, void (CaseFilter::*setter)(const std::string&),
                        const char* help) {
    return command->add_option_function<std::string>(
        name, [options, setter](const std::string& v) { (options->filter.*setter)(v); }, help);
  };
  InCapitals(text("--nationality", &CaseFilter::set_nationality<const std::string&>,
                  "Of the workers, as KH"));
  InCapitals(
      text("--destination", &CaseFilter::set_destination<const std::string&>, "Worked in, as MY"));
  text("--holder", &CaseFilter::set_holder_body_id<const std::string&>,
       "The body that is accountable now, as my:mtuc");
  Coded(text("--category", &CaseFilter::set_category<const std::string&>,
             "A category code, as WAGE_UNDERPAYMENT"));
  command->add_option("--state", options->case_state,
                      "State of the case: FILED, OPEN, INADMISSIBLE, WITHDRAWN, CLOSED_RESOLVED or"
                      " CLOSED_UNRESOLVED");
  command->add_option("--referral-state", options->referral_state,
                      "State of its referral, as ACCEPTED");
  command->add_flag_function(
      "--overdue", [options](int64_t) { options->filter.set_overdue(true); }, "Only overdue ones");
  command->add_option("--since", options->since, "Changed on this day or later, as 2026-11-22");
}

absl::Status FillFilter(const FilterOptions& options, CaseFilter& filter) {
  filter = options.filter;
  if (!options.case_state.empty()) {
    ASSIGN_OR_RETURN(const auto state,
                     EnumByName<redress::intake::v1::CaseState>(options.case_state, "--state"));
    filter.set_case_state(state);
  }
  if (!options.referral_state.empty()) {
    ASSIGN_OR_RETURN(const auto state, EnumByName<redress::referral::v1::ReferralState>(
                                           options.referral_state, "--referral-state"));
    filter.set_referral_state(state);
  }
  if (!options.since.empty()) {
    ASSIGN_OR_RETURN(const int64_t since, SecondsOfDay(options.since, "--since"));
    filter.mutable_since()->set_seconds(since);
  }
  return absl::OkStatus();
}

Colour ColourOf(const CaseSummary& row) {
  if (row.overdue()) return Colour::kRed;
  return row.urgency() == "EMERGENCY" || row.urgency() == "URGENT" ? Colour::kYellow
                                                                   : Colour::kNone;
}

std::vector<std::string> Cells(const CaseSummary& row) {
  return {row.case_number(),
          // Where a case was only referred to, its state at home is not known.
          row.case_state() == redress::intake::v1::CASE_STATE_UNSPECIFIED
              ? "-"
              : ShowEnum(row.case_state()),
          row.referral_id().empty() ? "-" : ShowEnum(row.referral_state()),
          row.holder_name().empty() ? row.holder_body_id() : row.holder_name(), row.category(),
          row.destination(), row.urgency(), std::to_string(row.member_count()),
          ShowTime(row.updated_at()), ShowTime(row.due_at())};
}

const std::vector<std::string>& Heading() {
  static const auto& heading =
      *new std::vector<std::string>{"CASE", "STATE",   "REFERRAL", "HOLDER",  "CATEGORY",
                                    "TO",   "URGENCY", "MEMBERS",  "UPDATED", "DUE"};
  return heading;
}

void AddShow(Commands& commands, CLI::App* group) {
  auto number = std::make_shared<std::string>();
  CLI::App* command = commands.Add(
      group, "show", "Where a case stands, who holds it, what is due and what is owed",
      "-p kh-attache-my status show KH-26-0000001-9", [number](Run& run) -> absl::Status {
        GetCaseStatusRequest request;
        request.set_case_number(*number);
        const auto stub = StatusOf(run.session);
        ASSIGN_OR_RETURN(const auto response,
                         run.session.Call(*stub, &StatusStub::GetCaseStatus, request));
        run.output.Message(response);
        return absl::OkStatus();
      });
  AddCaseArgument(command, *number);
}

struct ListOptions {
  std::shared_ptr<FilterOptions> filter = std::make_shared<FilterOptions>();
  std::string order;
  PageOptions page;
};

// What holds of the list as a whole is as the first page has it: a watch from there misses nothing
// that changed while the others were read.
void AppendCases(const ListCasesResponse& page, ListCasesResponse& all) {
  all.mutable_cases()->MergeFrom(page.cases());
  all.set_next_page_token(page.next_page_token());
}

absl::Status List(Run& run, const ListOptions& options) {
  ListCasesRequest request;
  RETURN_IF_ERROR(FillFilter(*options.filter, *request.mutable_filter()));
  if (!options.order.empty()) {
    ASSIGN_OR_RETURN(const CaseOrder order, EnumByName<CaseOrder>(options.order, "--order"));
    request.set_order(order);
  }
  const auto stub = StatusOf(run.session);
  ASSIGN_OR_RETURN(const auto response, CallPages(run.session, *stub, &StatusStub::ListCases,
                                                  request, options.page, AppendCases));
  Table table(Heading());
  table.MayCut({"HOLDER", "CATEGORY", "REFERRAL"});
  for (const auto& row : response.cases()) table.AddRow(Cells(row), ColourOf(row));
  run.output.List(response, table, "No cases.", response.next_page_token());
  return absl::OkStatus();
}

void AddList(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<ListOptions>();
  CLI::App* command = commands.Add(group, "list", "List the cases you may see",
                                   "-p kh-ministry status list --destination MY --overdue",
                                   [options](Run& run) { return List(run, *options); });
  AddFilterOptions(command, options->filter);
  command->add_option("--order", options->order, "UPDATED_LAST_FIRST, DUE_FIRST or FILED_FIRST");
  AddPageOptions(command, options->page);
}

struct TimelineOptions {
  GetTimelineRequest request;
  PageOptions page;
};

absl::Status Timeline(Run& run, const TimelineOptions& options) {
  const auto stub = StatusOf(run.session);
  ASSIGN_OR_RETURN(const auto response, CallPages(run.session, *stub, &StatusStub::GetTimeline,
                                                  options.request, options.page));
  Table table({"WHEN", "WHAT", "REFERRAL", "BY", "REASON", "AMOUNT", "NOTE"});
  table.MayCut({"NOTE", "REASON", "WHAT"});
  for (const auto& entry : response.entries()) {
    std::string amount;
    if (entry.has_amount()) amount = entry.amount().currency_code() + " " + entry.amount().amount();
    table.AddRow(
        {ShowTime(entry.occurred_at()), entry.what(), entry.referral_id(), entry.actor().body_id(),
         entry.reason(), amount, entry.lost() ? "overtaken" : entry.detail()},
        entry.lost() ? Colour::kDim : Colour::kNone);
  }
  run.output.List(response, table, "Nothing has happened.", response.next_page_token());
  return absl::OkStatus();
}

void AddTimeline(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<TimelineOptions>();
  CLI::App* command = commands.Add(group, "timeline", "What happened to a case, oldest first",
                                   "-p kh-ministry status timeline KH-26-0000001-9",
                                   [options](Run& run) { return Timeline(run, *options); });
  AddCaseArgument(command,
                  [options](const std::string& v) { options->request.set_case_number(v); });
  InCapitals(command->add_option_function<std::string>(
      "--referral", [options](const std::string& v) { options->request.set_referral_id(v); },
      "Only this referral, as KH-26-0000417-X/R1"));
  AddPageOptions(command, options->page);
}

struct WatchOptions {
  std::shared_ptr<FilterOptions> filter = std::make_shared<FilterOptions>();
  std::string case_number;
  std::string token;
  double seconds = 3600;
  uint64_t count = 0;
};

void PrintChange(Run& run, const WatchCasesResponse& message) {
  if (message.has_changed()) {
    const CaseSummary& row = message.changed().summary();
    run.output.Line(fmt::format("{}  {}  {}  {}", ShowTime(row.updated_at()), row.case_number(),
                                message.changed().entry().what(), ShowEnum(row.case_state())),
                    ColourOf(row));
  } else if (message.has_removed()) {
    run.output.Line(fmt::format("{}  no longer shown: {}", message.removed().case_number(),
                                ShowEnum(message.removed().reason())));
  }
}

absl::Status Watch(Run& run, const WatchOptions& options) {
  WatchCasesRequest request;
  RETURN_IF_ERROR(FillFilter(*options.filter, *request.mutable_filter()));
  request.set_case_number(options.case_number);
  request.set_watch_token(options.token);
  const auto stub = StatusOf(run.session);
  ASSIGN_OR_RETURN(const auto context, run.session.NewContext(absl::Seconds(options.seconds)));
  const auto reader = stub->WatchCases(context.get(), request);
  uint64_t seen = 0;
  std::string token;
  for (WatchCasesResponse message; reader->Read(&message);) {
    token = message.watch_token();
    if (message.has_idle()) continue;
    run.output.JsonLine(message);
    PrintChange(run, message);
    if (options.count != 0 && ++seen == options.count) context->TryCancel();
  }
  const grpc::Status status = reader->Finish();
  if (!token.empty()) std::cerr << "Go on with --token " << token << "\n";
  const bool enough = options.count != 0 && seen >= options.count;
  const bool time_is_up = status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
  if (status.ok() || enough || time_is_up) return absl::OkStatus();
  return rpc::FromGrpcStatus(status);
}

void AddWatch(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<WatchOptions>();
  CLI::App* command = commands.Add(group, "watch", "Follow the cases you may see as they change",
                                   "-p kh-ministry status watch --destination MY",
                                   [options](Run& run) { return Watch(run, *options); });
  AddFilterOptions(command, options->filter);
  InCapitals(command->add_option("--case", options->case_number, "Only this case"));
  command->add_option("--token", options->token, "Go on where a list or a watch ended");
  command->add_option("--for", options->seconds, "For how many seconds")->capture_default_str();
  command->add_option("--count", options->count, "Stop after this many changes");
}

void AddTrack(Commands& commands, CLI::App* group) {
  auto code = std::make_shared<std::string>();
  commands
      .Add(group, "track", "Where a worker's case stands, by the code on the receipt",
           "-p kh-kiosk status track 1234-5678-9012-3456",
           [code](Run& run) -> absl::Status {
             TrackByReceiptRequest request;
             request.set_tracking_code(*code);
             const auto stub = StatusOf(run.session);
             ASSIGN_OR_RETURN(const auto response,
                              run.session.Call(*stub, &StatusStub::TrackByReceipt, request));
             run.output.Message(response);
             return absl::OkStatus();
           })
      ->add_option("code", *code, "16 digits")
      ->required();
}

struct CountOptions {
  std::string row;
  std::string column;
  std::string from;
  std::string to;
};

absl::Status Count(Run& run, const CountOptions& options) {
  CountCasesRequest request;
  ASSIGN_OR_RETURN(const Dimension row, EnumByName<Dimension>(options.row, "--row"));
  request.set_row(row);
  if (!options.column.empty()) {
    ASSIGN_OR_RETURN(const Dimension column, EnumByName<Dimension>(options.column, "--column"));
    request.set_column(column);
  }
  request.set_from_month(options.from);
  request.set_to_month(options.to);
  const auto stub = StatusOf(run.session);
  ASSIGN_OR_RETURN(const auto response, run.session.Call(*stub, &StatusStub::CountCases, request));
  Table table({CodeOf(options.row), CodeOf(options.column), "CASES", "WORKERS", "RESOLVED", "OWED",
               "RECEIVED"});
  for (const auto& cell : response.cells()) {
    std::string owed;
    std::string received;
    for (const auto& money : cell.money()) {
      owed +=
          (owed.empty() ? "" : ", ") + money.owed().currency_code() + " " + money.owed().amount();
      received += (received.empty() ? "" : ", ") + money.received().currency_code() + " " +
                  money.received().amount();
    }
    table.AddRow({cell.row(), cell.column(), std::to_string(cell.cases()),
                  std::to_string(cell.workers()), std::to_string(cell.resolved()), owed, received});
  }
  run.output.List(response, table, "No cases.", "");
  if (response.truncated())
    run.output.Line("Not all: count by MONTH_FILED, with --from and --to", Colour::kDim);
  return absl::OkStatus();
}

constexpr char kDimensions[] =
    "DESTINATION, NATIONALITY, SEX, CATEGORY, ASSISTING_ORGANISATION, PROVINCE, DISTRICT, "
    "REGULARITY,"
    " TIME_BAND, CHANNEL, CORRIDOR, SECTOR, CASE_STATE, REFERRAL_STATE, HOLDER, AGENCY, URGENCY or"
    " MONTH_FILED";

void AddCount(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<CountOptions>();
  CLI::App* command = commands.Add(group, "count", "Count cases by one or two dimensions",
                                   "-p kh-ministry status count --row CATEGORY --column SEX",
                                   [options](Run& run) { return Count(run, *options); });
  command->add_option("--row", options->row, kDimensions)->required();
  command->add_option("--column", options->column, "A second dimension");
  command->add_option("--from", options->from, "Filed in this month or later, as 2026-01");
  command->add_option("--to", options->to, "Filed in this month or earlier");
}

}  // namespace

void AddStatusCommands(Commands& commands) {
  CLI::App* group =
      commands.AddGroup("status", "Where cases stand: show, list, watch, count", "Following");
  AddShow(commands, group);
  AddList(commands, group);
  AddTimeline(commands, group);
  AddWatch(commands, group);
  AddTrack(commands, group);
  AddCount(commands, group);
}

}  // namespace redress::cli
