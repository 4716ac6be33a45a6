#include <memory>
#include <string>
#include <vector>

#include "tools/redress/case_verb.h"
#include "tools/redress/referral_commands.h"
#include "tools/redress/referral_verb.h"

namespace redress::cli {
namespace {

using namespace redress::referral::v1;  // NOLINT: this file is all about these messages.

struct ReferOptions {
  CaseOptions on;
  ReferComplaintRequest request;
  std::vector<std::string> members;
  std::vector<std::string> groups;
};

absl::Status Refer(Run& run, const ReferOptions& options) {
  ReferComplaintRequest request = options.request;
  request.set_request_id(run.session.RequestId());
  request.set_case_number(options.on.case_number);
  std::string etag = options.on.etag;
  if (etag.empty()) {
    ASSIGN_OR_RETURN(etag, CurrentCaseEtag(run.session, options.on.case_number));
  }
  request.set_case_etag(etag);
  AddAll(options.members, request.mutable_member_ids());
  for (const std::string& name : options.groups) {
    ASSIGN_OR_RETURN(const auto group,
                     EnumByName<redress::intake::v1::FieldGroup>(name, "--group"));
    request.add_groups(group);
  }
  const auto stub = ReferralOf(run.session);
  ASSIGN_OR_RETURN(const auto response,
                   run.session.Call(*stub, &ReferralStub::ReferComplaint, request));
  run.output.Message(response);
  return absl::OkStatus();
}

void AddRefer(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<ReferOptions>();
  CLI::App* command = commands.Add(
      group, "refer", "Send a case to a body that can act on it, within the workers' consent",
      "-p kh-ministry referral refer KH-26-0000001-9 --to my:mtuc --agreement kh-my:cuf-mtuc",
      [options](Run& run) { return Refer(run, *options); });
  AddCaseOptions(command, options->on);
  const auto text = [&](const char* name, void (ReferComplaintRequest::*setter)(const std::string&),
                        const char* help) {
    return command->add_option_function<std::string>(
        name, [options, setter](const std::string& value) { (options->request.*setter)(value); },
        help);
  };
  using R = ReferComplaintRequest;
  text("--to", &R::set_receiver_body_id<const std::string&>, "The receiving body, as my:mtuc")
      ->required();
  text("--agreement", &R::set_agreement_id<const std::string&>, "Under which agreement");
  command->add_flag_function(
      "--ad-hoc", [options](int64_t) { options->request.set_ad_hoc(true); }, "Under no agreement");
  command->add_option("--member", options->members, "A member of a group; none means all");
  command->add_option("--group", options->groups,
                      "Disclose only this field group; none means all that was consented to");
  Coded(text("--urgency", &R::set_urgency<const std::string&>,
             "EMERGENCY, URGENT or NORMAL, instead of the case's own"));
  text("--after", &R::set_previous_referral_id<const std::string&>,
       "The referral that this one follows");
  text("--parent", &R::set_parent_referral_id<const std::string&>,
       "The referral whose receiver asked to forward it");
  text("--note", &R::set_note<const std::string&>, "Anything to add");
}

struct AnswerOptions {
  ReferralOptions on;
  ProvideInformationRequest request;
  std::vector<std::string> evidence;
};

void AddAnswer(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<AnswerOptions>();
  CLI::App* command = commands.Add(
      group, "answer", "Answer the receiver's question",
      "-p kh-ministry referral answer KH-26-0000001-9/R1 --question 1 --text 'Since March 2024'",
      [options](Run& run) -> absl::Status {
        ProvideInformationRequest request = options->request;
        AddAll(options->evidence, request.mutable_evidence_ids());
        return RunReferralVerb(run, options->on, request, &ReferralStub::ProvideInformation);
      });
  AddReferralOptions(command, options->on);
  command
      ->add_option_function<uint32_t>(
          "--question", [options](uint32_t v) { options->request.set_question_number(v); },
          "The number of the question")
      ->required();
  command->add_option_function<std::string>(
      "--text", [options](const std::string& v) { options->request.set_answer(v); }, "The answer");
  command->add_option("--evidence", options->evidence, "A file of the case to send; repeatable");
  command->add_flag_function(
      "--with-disclosure", [options](int64_t) { options->request.set_with_disclosure(true); },
      "Send what was amended, too");
}

struct AnswerProposalOptions {
  ReferralOptions on;
  uint32_t proposal = 0;
  std::vector<std::string> accepting;
  std::vector<std::string> refusing;
  bool all_accept = false;
  InstructionOptions instruction;
};

constexpr int kAnswersPerCall = 200;

// The members of the referral, for "all of them accept".
absl::StatusOr<std::vector<std::string>> AllMembers(Session& session,
                                                    const std::string& referral_id) {
  std::vector<std::string> members;
  GetReferralRequest request;
  request.set_referral_id(referral_id);
  request.set_member_page_size(200);
  const auto stub = ReferralOf(session);
  do {
    ASSIGN_OR_RETURN(const auto response, session.Call(*stub, &ReferralStub::GetReferral, request));
    for (const auto& member : response.referral().members()) {
      members.push_back(member.member().member().member_id());
    }
    request.set_member_page_token(response.next_member_page_token());
  } while (!request.member_page_token().empty());
  return members;
}

absl::Status AnswerProposal(Run& run, AnswerProposalOptions& options) {
  std::vector<std::string> accepting = options.accepting;
  if (options.all_accept) {
    ASSIGN_OR_RETURN(accepting, AllMembers(run.session, options.on.referral_id));
  }
  if (accepting.empty() && options.refusing.empty()) {
    return UsageError("say who answers: --accept, --refuse or --all-accept");
  }
  std::vector<MemberAnswer> answers;
  for (const auto* list : {&accepting, &options.refusing}) {
    for (const std::string& member : *list) {
      answers.emplace_back().set_member_id(member);
      answers.back().set_accepted(list == &accepting);
    }
  }
  const auto stub = ReferralOf(run.session);
  for (size_t at = 0; at < answers.size(); at += kAnswersPerCall) {
    AnswerProposalRequest request;
    RETURN_IF_ERROR(FillReferral(run.session, options.on, request));
    request.set_request_id(run.session.RequestId(at / kAnswersPerCall));
    request.set_proposal_number(options.proposal);
    FillInstruction(options.instruction, request);
    for (size_t i = at; i < answers.size() && i < at + kAnswersPerCall; ++i) {
      *request.add_answers() = answers[i];
    }
    ASSIGN_OR_RETURN(const auto response,
                     run.session.Call(*stub, &ReferralStub::AnswerProposal, request));
    options.on.etag = response.change().etag();
    // The last answer has where the referral stands after all of them.
    if (at + kAnswersPerCall >= answers.size()) run.output.Message(response);
  }
  return absl::OkStatus();
}

void AddAnswerProposal(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<AnswerProposalOptions>();
  CLI::App* command = commands.Add(
      group, "answer-proposal", "Record what the workers answer to a proposed solution",
      "-p kh-desk referral answer-proposal KH-26-0000001-9/R1 --proposal 1 --all-accept"
      " --instructed IN_PERSON",
      [options](Run& run) { return AnswerProposal(run, *options); });
  AddReferralOptions(command, options->on);
  command->add_option("--proposal", options->proposal, "The number of the proposal")->required();
  command->add_option("--accept", options->accepting, "A member who accepts; repeatable");
  command->add_option("--refuse", options->refusing, "A member who refuses; repeatable");
  command->add_flag("--all-accept", options->all_accept, "Every member accepts");
  AddInstructionOptions(command, options->instruction);
}

struct RecallOptions {
  ReferralOptions on;
  std::string reason;
  std::string note;
};

void AddRecall(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<RecallOptions>();
  CLI::App* command = commands.Add(
      group, "recall", "Take a referral back; an outcome reached meanwhile stands",
      "-p kh-ministry referral recall KH-26-0000001-9/R1 --reason WRONG_RECEIVER",
      [options](Run& run) -> absl::Status {
        RecallReferralRequest request;
        request.set_reason(options->reason);
        request.set_note(options->note);
        return RunReferralVerb(run, options->on, request, &ReferralStub::RecallReferral);
      });
  AddReferralOptions(command, options->on);
  Coded(command->add_option("--reason", options->reason,
                            "WITHDRAWN, CONSENT_REVOKED, WRONG_RECEIVER or CASE_CLOSED"))
      ->required();
  command->add_option("--note", options->note, "Anything to add");
}

void AddRequeue(Commands& commands, CLI::App* group) {
  auto on = std::make_shared<ReferralOptions>();
  CLI::App* command = commands.Add(
      group, "requeue", "Send an undelivered referral again, as it was",
      "-p kh-ministry referral requeue KH-26-0000001-9/R1", [on](Run& run) {
        return RunReferralVerb(run, *on, RequeueReferralRequest(), &ReferralStub::RequeueReferral);
      });
  AddReferralOptions(command, *on);
}

struct UpdateOptions {
  ReferralOptions on;
  std::vector<std::string> members;
  std::vector<std::string> evidence;
};

void AddUpdate(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<UpdateOptions>();
  CLI::App* command = commands.Add(
      group, "update", "Send what was amended, late consents and files, within consent",
      "-p kh-ministry referral update KH-26-0000001-9/R1 --evidence 01JDQ8V3M5N7R2T4W6X8Y0Z1AB",
      [options](Run& run) -> absl::Status {
        UpdateDisclosureRequest request;
        AddAll(options->members, request.mutable_member_ids());
        AddAll(options->evidence, request.mutable_evidence_ids());
        return RunReferralVerb(run, options->on, request, &ReferralStub::UpdateDisclosure);
      });
  AddReferralOptions(command, options->on);
  command->add_option("--member", options->members, "A member to add; repeatable");
  command->add_option("--evidence", options->evidence, "A file of the case to send; repeatable");
}

}  // namespace

void AddHomeSideCommands(Commands& commands, CLI::App* group) {
  AddRefer(commands, group);
  AddAnswer(commands, group);
  AddAnswerProposal(commands, group);
  AddRecall(commands, group);
  AddRequeue(commands, group);
  AddUpdate(commands, group);
}

}  // namespace redress::cli
