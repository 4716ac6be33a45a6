#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "tools/redress/case_verb.h"
#include "tools/redress/referral_verb.h"

namespace redress::cli {
namespace {

using namespace redress::intake::v1;  // NOLINT: this file is all about these messages.

struct RecordOptions {
  std::string on;
  std::string etag;
  std::vector<std::string> members;
  MoneyEntry entry;
  std::string amount;
  std::string currency;
  InstructionOptions instruction;
};

// One entry for each member named, alike but for the member.
template <class Request>
void FillEntries(const RecordOptions& options, Request& request) {
  MoneyEntry entry = options.entry;
  entry.mutable_amount()->set_amount(options.amount);
  entry.mutable_amount()->set_currency_code(options.currency);
  FillInstruction(options.instruction, entry);
  for (const std::string& member : options.members) {
    entry.set_member_id(member);
    *request.add_entries() = entry;
  }
  if (options.members.empty()) *request.add_entries() = entry;
}

absl::Status Record(Run& run, const RecordOptions& options) {
  if (options.on.find('/') != std::string::npos) {
    redress::referral::v1::RecordReferralMoneyRequest request;
    FillEntries(options, request);
    return RunReferralVerb(run, {options.on, options.etag}, request,
                           &ReferralStub::RecordReferralMoney);
  }
  // The ledger is only ever added to, so what others add meanwhile is no reason to refuse; the etag
  // is sent when it was asked for.
  RecordMoneyRequest request;
  request.set_request_id(run.session.RequestId());
  request.set_case_number(options.on);
  request.set_etag(options.etag);
  FillEntries(options, request);
  const auto stub = IntakeOf(run.session);
  ASSIGN_OR_RETURN(const auto response, run.session.Call(*stub, &IntakeStub::RecordMoney, request));
  run.output.Message(response);
  return absl::OkStatus();
}

void AddRecord(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<RecordOptions>();
  CLI::App* command = commands.Add(
      group, "record", "Record what was offered, awarded, paid or received, for each member named",
      "-p kh-desk money record KH-26-0000001-9 --kind RECEIVED --member 01JDQ8V3M5N7R2T4W6X8Y0Z1AB "
      "--amount 7200.00"
      " --currency MYR --on 2026-11-20 --instructed IN_PERSON",
      [options](Run& run) { return Record(run, *options); });
  AddCaseOrReferralArgument(command, options->on);
  command->add_option("--etag", options->etag, "Refuse if it has changed since this etag was read");
  command->add_option("--member", options->members, "A member of a group; repeatable");
  const auto text = [&](const char* name, void (MoneyEntry::*setter)(const std::string&),
                        const char* help) {
    return command->add_option_function<std::string>(
        name, [options, setter](const std::string& value) { (options->entry.*setter)(value); },
        help);
  };
  Coded(text("--kind", &MoneyEntry::set_kind<const std::string&>,
             "OFFERED, AGREED, AWARDED, DUE, PAID, PAID_TO_INTERMEDIARY, DEPOSIT_USED, RECEIVED or"
             " REVERSAL"))
      ->required();
  command->add_option("--amount", options->amount, "As 7200.00")->required();
  InCapitals(command->add_option("--currency", options->currency, "As MYR"))->required();
  text("--on", &MoneyEntry::set_happened_on<const std::string&>, "On which day, as 2026-11-20")
      ->required();
  text("--from", &MoneyEntry::set_from_whom<const std::string&>, "Who paid");
  text("--to", &MoneyEntry::set_to_whom<const std::string&>, "Who was paid");
  text("--reverses", &MoneyEntry::set_reverses_entry_id<const std::string&>,
       "The entry that a REVERSAL takes back");
  text("--referral", &MoneyEntry::set_referral_id<const std::string&>, "Through which referral");
  text("--note", &MoneyEntry::set_note<const std::string&>, "Anything to add");
  AddInstructionOptions(command, options->instruction);
}

struct ShowOptions {
  ListMoneyRequest request;
  PageOptions page;
};

std::string Amount(const redress::common::v1::Money& money) {
  return money.amount().empty() ? "-" : money.amount();
}

void AddBalanceRow(Table& table, const LedgerBalance& balance) {
  table.AddRow(
      {balance.member_id().empty() ? "all" : balance.member_id(), balance.currency_code(),
       Amount(balance.claimed()), Amount(balance.owed()), Amount(balance.paid()),
       Amount(balance.received()), Amount(balance.written_off()), Amount(balance.balance())},
      balance.member_id().empty() ? Colour::kBold : Colour::kNone);
}

// Every page has the sums of its members, and those of the whole case.
void AppendMoney(const ListMoneyResponse& page, ListMoneyResponse& all) {
  std::set<std::pair<std::string, std::string>> known;
  for (const LedgerBalance& balance : all.member_balances()) {
    known.emplace(balance.member_id(), balance.currency_code());
  }
  all.mutable_entries()->MergeFrom(page.entries());
  for (const LedgerBalance& balance : page.member_balances()) {
    if (known.emplace(balance.member_id(), balance.currency_code()).second) {
      *all.add_member_balances() = balance;
    }
  }
  *all.mutable_totals() = page.totals();
  all.set_next_page_token(page.next_page_token());
}

absl::Status Show(Run& run, const ShowOptions& options) {
  const auto stub = IntakeOf(run.session);
  ASSIGN_OR_RETURN(const auto response, CallPages(run.session, *stub, &IntakeStub::ListMoney,
                                                  options.request, options.page, AppendMoney));
  Table entries({"WHEN", "KIND", "MEMBER", "AMOUNT", "CURRENCY", "ENTRY"});
  for (const auto& entry : response.entries()) {
    entries.AddRow({entry.happened_on(), entry.kind(), entry.member_id(), entry.amount().amount(),
                    entry.amount().currency_code(), entry.entry_id()});
  }
  Table balances(
      {"MEMBER", "CURRENCY", "CLAIMED", "OWED", "PAID", "RECEIVED", "WRITTEN OFF", "BALANCE"});
  for (const auto& balance : response.member_balances()) AddBalanceRow(balances, balance);
  for (const auto& balance : response.totals()) AddBalanceRow(balances, balance);
  run.output.List(response, entries, "No entries.", response.next_page_token());
  if (!balances.empty()) run.output.PrintTable(balances);
  return absl::OkStatus();
}

void AddShow(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<ShowOptions>();
  CLI::App* command =
      commands.Add(group, "show", "Show the ledger of a case and what is still owed",
                   "-p kh-ministry money show KH-26-0000001-9",
                   [options](Run& run) { return Show(run, *options); });
  AddCaseArgument(command,
                  [options](const std::string& v) { options->request.set_case_number(v); });
  command->add_option_function<std::string>(
      "--member", [options](const std::string& v) { options->request.set_member_id(v); },
      "Only this member");
  AddPageOptions(command, options->page);
}

struct WriteOffOptions {
  CaseOptions on;
  std::vector<std::string> members;
  std::string amount;
  std::string currency;
  std::string reason;
};

void AddWriteOff(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<WriteOffOptions>();
  CLI::App* command =
      commands.Add(group, "write-off", "Ask a second person to write off what cannot be got",
                   "-p kh-ministry money write-off KH-26-0000001-9 --member "
                   "01JDQ8V3M5N7R2T4W6X8Y0Z1AB --amount 100.00 --currency MYR"
                   " --reason 'employer wound up'",
                   [options](Run& run) -> absl::Status {
                     RequestApprovalRequest request;
                     request.set_reason(options->reason);
                     for (const std::string& member : options->members) {
                       MemberAmount* amount = request.mutable_write_off()->add_amounts();
                       amount->set_member_id(member);
                       amount->mutable_amount()->set_amount(options->amount);
                       amount->mutable_amount()->set_currency_code(options->currency);
                     }
                     return RunCaseVerb(run, options->on, request, &IntakeStub::RequestApproval);
                   });
  AddCaseOptions(command, options->on);
  command->add_option("--member", options->members, "Whose; repeatable")->required();
  command->add_option("--amount", options->amount, "For each, as 100.00")->required();
  InCapitals(command->add_option("--currency", options->currency, "As MYR"))->required();
  command->add_option("--reason", options->reason, "Why")->required();
}

}  // namespace

void AddMoneyCommands(Commands& commands) {
  CLI::App* group = commands.AddGroup(
      "money", "The ledger: claimed, awarded, paid, received, still owed", "Cases");
  AddRecord(commands, group);
  AddShow(commands, group);
  AddWriteOff(commands, group);
}

}  // namespace redress::cli
