#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "tools/redress/case_verb.h"
#include "tools/redress/referral_commands.h"
#include "tools/redress/referral_verb.h"

namespace redress::cli {
namespace {

using namespace redress::referral::v1;  // NOLINT: this file is all about these messages.

// A command whose request is filled by its own options alone.
template <class Request, class Response>
struct ReceiverVerb {
  ReferralOptions on;
  Request request;

  static std::pair<CLI::App*, std::shared_ptr<ReceiverVerb>> Add(
      Commands& commands, CLI::App* group, const std::string& name, const std::string& description,
      const std::string& example,
      grpc::Status (ReferralStub::*method)(grpc::ClientContext*, const Request&, Response*)) {
    auto verb = std::make_shared<ReceiverVerb>();
    CLI::App* command = commands.Add(
        group, name, description, "-p my-mtuc referral " + name + " KH-26-0000001-9/R1" + example,
        [verb, method](Run& run) { return RunReferralVerb(run, verb->on, verb->request, method); });
    AddReferralOptions(command, verb->on);
    return {command, verb};
  }
};

template <class Target>
using Setter = void (Target::*)(const std::string&);

// A text field of the request.
template <class Verb, class Request>
CLI::Option* AddField(CLI::App* command, const char* name, std::shared_ptr<Verb> verb,
                      Setter<Request> setter, const char* help) {
  return command->add_option_function<std::string>(
      name, [verb, setter](const std::string& value) { (verb->request.*setter)(value); }, help);
}

CLI::Validator IsoTime(const std::function<void(absl::Time)>& set) {
  return CLI::Validator(
      [set](std::string& text) -> std::string {
        absl::Time time;
        std::string error;
        for (const char* format : {"%Y-%m-%dT%H:%M:%E*S%Ez", "%Y-%m-%d %H:%M", "%Y-%m-%d"}) {
          if (absl::ParseTime(format, text, absl::UTCTimeZone(), &time, &error)) {
            set(time);
            return "";
          }
        }
        return "a time such as \"2026-11-22 09:30\" (UTC) or 2026-11-22T09:30:00+08:00 is needed";
      },
      "TIME");
}

constexpr char kDeclineReasons[] =
    "OUT_OF_MANDATE, NO_CAPACITY, NOT_COVERED_BY_AGREEMENT, MEMBERSHIP_REQUIRED,"
    " CONFLICT_OF_INTEREST, DUPLICATE, INSUFFICIENT_INFORMATION, TIME_BARRED,"
    " UNABLE_TO_CONTACT_WORKER, WORKER_REFUSED, UNSAFE_TO_PROCEED or OTHER";

void AddTaking(Commands& commands, CLI::App* group) {
  using Acknowledge = ReceiverVerb<AcknowledgeReferralRequest, AcknowledgeReferralResponse>;
  auto [acknowledge, acknowledging] =
      Acknowledge::Add(commands, group, "acknowledge", "Say that a person has opened it", "",
                       &ReferralStub::AcknowledgeReferral);
  AddField(acknowledge, "--focal-point", acknowledging,
           Setter<AcknowledgeReferralRequest>(
               &AcknowledgeReferralRequest::set_focal_point_id<const std::string&>),
           "Who has it for now");

  using Accept = ReceiverVerb<AcceptReferralRequest, AcceptReferralResponse>;
  auto [accept, accepting] =
      Accept::Add(commands, group, "accept", "Take the case on, naming who answers for it",
                  " --focal-point my:mtuc/puchong", &ReferralStub::AcceptReferral);
  accept
      ->add_option_function<std::string>(
          "--focal-point",
          [verb = accepting](const std::string& v) {
            verb->request.mutable_acceptance()->set_focal_point_id(v);
          },
          "Who answers for it, as directory body show lists")
      ->required();
  accept->add_option_function<std::string>(
      "--reference",
      [verb = accepting](const std::string& v) {
        verb->request.mutable_acceptance()->set_receiver_reference(v);
      },
      "Your own file number");
  AddField(accept, "--note", accepting,
           Setter<AcceptReferralRequest>(&AcceptReferralRequest::set_note<const std::string&>),
           "Anything to add");

  using Decline = ReceiverVerb<DeclineReferralRequest, DeclineReferralResponse>;
  using DeclineR = DeclineReferralRequest;
  auto [decline, declining] =
      Decline::Add(commands, group, "decline", "Decline it for a coded reason",
                   " --reason NO_CAPACITY --note 'until January'", &ReferralStub::DeclineReferral);
  Coded(AddField(decline, "--reason", declining,
                 Setter<DeclineR>(&DeclineR::set_reason<const std::string&>), kDeclineReasons))
      ->required();
  AddField(decline, "--note", declining, Setter<DeclineR>(&DeclineR::set_note<const std::string&>),
           "What the next reader should know");
  decline->add_option_function<std::vector<std::string>>(
      "--suggest",
      [verb = declining](const std::vector<std::string>& bodies) {
        AddAll(bodies, verb->request.mutable_suggested_body_ids());
      },
      "A body that might take it; repeatable");
}

void AddAsking(Commands& commands, CLI::App* group) {
  using Ask = ReceiverVerb<RequestInformationRequest, RequestInformationResponse>;
  auto [ask, asking] =
      Ask::Add(commands, group, "ask", "Ask for what is missing; the clock stops",
               " --question 'Since when?' --about MONEY", &ReferralStub::RequestInformation);
  ask->add_option_function<std::vector<std::string>>(
         "--question",
         [verb = asking](const std::vector<std::string>& questions) {
           for (const std::string& question : questions) {
             verb->request.add_items()->set_question(question);
           }
         },
         "What is missing; repeatable")
      ->required();
  ask->add_option_function<std::string>(
         "--about",
         [verb = asking](const std::string& name) {
           const auto group = EnumByName<redress::intake::v1::FieldGroup>(name, "--about");
           if (!group.ok()) throw CLI::ValidationError(std::string(group.status().message()));
           for (auto& item : *verb->request.mutable_items()) item.set_field_group(*group);
         },
         "The field group it belongs to, as MONEY")
      ->required();

  using Forward = ReceiverVerb<ForwardReferralRequest, ForwardReferralResponse>;
  using ForwardR = ForwardReferralRequest;
  auto [forward, forwarding] =
      Forward::Add(commands, group, "forward", "Ask the home side to send it to another body",
                   " --to my:jtksm --reason OUT_OF_MANDATE", &ReferralStub::ForwardReferral);
  AddField(forward, "--to", forwarding,
           Setter<ForwardR>(&ForwardR::set_to_body_id<const std::string&>), "Which body")
      ->required();
  Coded(AddField(forward, "--reason", forwarding,
                 Setter<ForwardR>(&ForwardR::set_reason<const std::string&>), kDeclineReasons))
      ->required();
  AddField(forward, "--note", forwarding, Setter<ForwardR>(&ForwardR::set_note<const std::string&>),
           "Anything to add");
}

void AddWorking(Commands& commands, CLI::App* group) {
  using Start = ReceiverVerb<StartReferralRequest, StartReferralResponse>;
  Start::Add(commands, group, "start", "Say that work has begun (the first step says so, too)", "",
             &ReferralStub::StartReferral);

  using Step = ReceiverVerb<RecordStepRequest, RecordStepResponse>;
  auto [step, stepping] =
      Step::Add(commands, group, "step", "Record a step: negotiation, visit, hearing, court …",
                " --kind NEGOTIATION --at '2026-11-20 09:30' --summary 'Employer offered half'",
                &ReferralStub::RecordStep);
  const auto text = [&, command = step, verb = stepping](
                        const char* name, Setter<StepDetails> setter, const char* help) {
    return command->add_option_function<std::string>(
        name, [verb, setter](const std::string& v) { (verb->request.mutable_step()->*setter)(v); },
        help);
  };
  Coded(text("--kind", &StepDetails::set_kind<const std::string&>,
             "NEGOTIATION, MEDIATION, INSPECTION, VISIT, HEARING, LABOUR_COURT, APPEAL, CRIMINAL,"
             " ENFORCEMENT, WORKER_CONTACT or OTHER"))
      ->required();
  text("--place", &StepDetails::set_place<const std::string&>, "Where");
  text("--summary", &StepDetails::set_summary<const std::string&>, "What came of it");
  step->add_option("--at", "When it was held")->check(IsoTime([verb = stepping](absl::Time time) {
    verb->request.mutable_step()->mutable_held_at()->set_seconds(absl::ToUnixSeconds(time));
  }));
  step->add_option("--next", "The next date")->check(IsoTime([verb = stepping](absl::Time time) {
    verb->request.mutable_step()->mutable_next_date()->set_seconds(absl::ToUnixSeconds(time));
  }));
  step->add_flag_function(
      "--announced",
      [verb = stepping](int64_t) { verb->request.mutable_step()->set_announced(true); },
      "A visit that was announced");
  step->add_option_function<std::string>(
      "--details",
      [verb = stepping](const std::string& json) {
        StepDetails details;
        const absl::Status status = ReadJsonArgument(json, details);
        if (!status.ok()) throw CLI::ValidationError(std::string(status.message()));
        verb->request.mutable_step()->MergeFrom(details);
      },
      "The rest as JSON or @file: notices of a hearing, files");

  using Hold = ReceiverVerb<HoldReferralRequest, HoldReferralResponse>;
  using HoldR = HoldReferralRequest;
  auto [hold, holding] =
      Hold::Add(commands, group, "hold", "Pause it for a coded reason; the clock stops",
                " --reason WAITING_FOR_COURT --until " + DayAhead(60), &ReferralStub::HoldReferral);
  Coded(AddField(hold, "--reason", holding, Setter<HoldR>(&HoldR::set_reason<const std::string&>),
                 "WAITING_FOR_WORKER, WAITING_FOR_RESPONDENT, WAITING_FOR_AUTHORITY,"
                 " WAITING_FOR_COURT, WORKER_ASKED, SAFETY or OTHER"))
      ->required();
  AddField(hold, "--note", holding, Setter<HoldR>(&HoldR::set_note<const std::string&>),
           "Anything to add");
  AddField(hold, "--until", holding, Setter<HoldR>(&HoldR::set_until_date<const std::string&>),
           "Until which day");

  using Resume = ReceiverVerb<ResumeReferralRequest, ResumeReferralResponse>;
  Resume::Add(commands, group, "resume", "Go on after a pause", "", &ReferralStub::ResumeReferral);
}

template <class Details>
void ReadDetails(const std::string& json, Details* details) {
  const absl::Status status = ReadJsonArgument(json, *details);
  if (!status.ok()) throw CLI::ValidationError(std::string(status.message()));
}

void AddSettling(Commands& commands, CLI::App* group) {
  using Propose = ReceiverVerb<ProposeSolutionRequest, ProposeSolutionResponse>;
  auto [propose, proposing] = Propose::Add(
      commands, group, "propose", "Propose a solution: remedies, and an amount for each member",
      " --remedy WAGES_PAID --each 7200.00 --currency MYR --payer EMPLOYER",
      &ReferralStub::ProposeSolution);
  auto amount = std::make_shared<std::pair<std::string, std::string>>();
  const auto set_each = [verb = proposing, amount] {
    if (amount->first.empty() || amount->second.empty()) return;
    MemberTerms* terms = verb->request.mutable_proposal()->mutable_for_each_other();
    terms->clear_amounts();
    terms->add_amounts()->set_amount(amount->first);
    terms->mutable_amounts(0)->set_currency_code(amount->second);
  };
  propose->add_option_function<std::string>(
      "--each",
      [amount, set_each](const std::string& v) {
        amount->first = v;
        set_each();
      },
      "The amount for each member, as 7200.00");
  InCapitals(propose->add_option_function<std::string>(
      "--currency",
      [amount, set_each](const std::string& v) {
        amount->second = v;
        set_each();
      },
      "As MYR"));
  Coded(propose->add_option_function<std::vector<std::string>>(
      "--remedy",
      [verb = proposing](const std::vector<std::string>& remedies) {
        AddAll(remedies,
               verb->request.mutable_proposal()->mutable_for_each_other()->mutable_remedies());
      },
      "A remedy, as WAGES_PAID; repeatable"));
  Coded(propose->add_option_function<std::string>(
      "--payer",
      [verb = proposing](const std::string& v) { verb->request.mutable_proposal()->set_payer(v); },
      "Who is to pay: EMPLOYER, AGENCY, DEPOSIT, INSURANCE, COURT or OTHER"));
  propose->add_option_function<std::string>(
      "--terms",
      [verb = proposing](const std::string& json) {
        ReadDetails(json, verb->request.mutable_proposal());
      },
      "The whole proposal as JSON or @file, with terms of its own for each member");

  using Take = ReceiverVerb<WithdrawProposalRequest, WithdrawProposalResponse>;
  using TakeR = WithdrawProposalRequest;
  auto [take, taking] = Take::Add(commands, group, "withdraw-proposal", "Withdraw an open proposal",
                                  " --reason RESPONDENT_WITHDREW", &ReferralStub::WithdrawProposal);
  Coded(AddField(take, "--reason", taking, Setter<TakeR>(&TakeR::set_reason<const std::string&>),
                 "RESPONDENT_WITHDREW, CORRECTION, CIRCUMSTANCES_CHANGED or OTHER"))
      ->required();
  AddField(take, "--note", taking, Setter<TakeR>(&TakeR::set_note<const std::string&>),
           "Anything to add");
}

void AddConcluding(Commands& commands, CLI::App* group) {
  using Conclude = ReceiverVerb<ConcludeReferralRequest, ConcludeReferralResponse>;
  using ConcludeR = ConcludeReferralRequest;
  auto [conclude, concluding] = Conclude::Add(
      commands, group, "conclude", "End it with an outcome: resolved, or unresolved and why",
      " --resolved --outcome @outcome.json", &ReferralStub::ConcludeReferral);
  conclude->add_flag_function(
      "--resolved", [verb = concluding](int64_t) { verb->request.set_resolved(true); },
      "A solution was found (which does not mean that it is paid)");
  Coded(AddField(conclude, "--reason", concluding,
                 Setter<ConcludeR>(&ConcludeR::set_reason<const std::string&>),
                 "Why it is unresolved: a coded reason"));
  AddField(conclude, "--note", concluding,
           Setter<ConcludeR>(&ConcludeR::set_note<const std::string&>), "Anything to add");
  conclude->add_option_function<std::string>(
      "--outcome",
      [verb = concluding](const std::string& json) {
        ReadDetails(json, verb->request.mutable_outcome());
      },
      "What was obtained, as JSON or @file");
}

}  // namespace

void AddReceiverCommands(Commands& commands, CLI::App* group) {
  AddTaking(commands, group);
  AddAsking(commands, group);
  AddWorking(commands, group);
  AddSettling(commands, group);
  AddConcluding(commands, group);
}

}  // namespace redress::cli
