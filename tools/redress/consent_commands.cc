#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "services/platform/time/date.h"
#include "tools/redress/case_verb.h"

namespace redress::cli {
namespace {

using namespace redress::intake::v1;  // NOLINT: this file is all about these messages.

struct RecordOptions {
  CaseOptions on;
  std::vector<std::string> members;
  std::vector<std::string> groups;
  Consent consent;
  bool refused = false;
};

// The setter of one text field behind an option.
template <class Options>
auto SetConsent(const std::shared_ptr<Options>& options,
                void (Consent::*setter)(const std::string&)) {
  return [options, setter](const std::string& value) { (options->consent.*setter)(value); };
}

absl::Status FillGroups(const std::vector<std::string>& names,
                        google::protobuf::RepeatedField<int>* groups) {
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(const FieldGroup group, EnumByName<FieldGroup>(name, "--group"));
    groups->Add(group);
  }
  return absl::OkStatus();
}

absl::Status Record(Run& run, RecordOptions& options) {
  RecordConsentRequest request;
  AddAll(options.members, request.mutable_member_ids());
  Consent consent = options.consent;
  consent.set_status(options.refused ? "REFUSED" : "GRANTED");
  if (consent.given_on().empty()) consent.set_given_on(DateOf(absl::Now()).ToString());
  RETURN_IF_ERROR(FillGroups(options.groups, consent.mutable_groups()));
  *request.add_consents() = consent;
  return RunCaseVerb(run, options.on, request, &IntakeStub::RecordConsent);
}

void AddRecord(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<RecordOptions>();
  CLI::App* command = commands.Add(
      group, "record", "Record what workers allow or refuse to be passed on, to whom and why",
      "-p kh-desk consent record KH-26-0000001-9 --purpose REFERRAL --receiver my:mtuc"
      " --group IDENTITY --group NARRATIVE --group EMPLOYMENT --group MONEY --how SIGNED"
      " --language km",
      [options](Run& run) { return Record(run, *options); });
  AddCaseOptions(command, options->on);
  command->add_option("--member", options->members, "A member of a group; none means all");
  command->add_option("--group", options->groups,
                      "IDENTITY, CONTACT, WHEREABOUTS, NARRATIVE, SENSITIVE_NARRATIVE,"
                      " MIGRATION_STATUS, EMPLOYMENT, MONEY, EVIDENCE_FILES; repeatable");
  const auto text = [&](const char* name, void (Consent::*setter)(const std::string&),
                        const char* help) {
    return command->add_option_function<std::string>(name, SetConsent(options, setter), help);
  };
  Coded(text("--purpose", &Consent::set_purpose<const std::string&>, "FILING, REFERRAL or EMBASSY"))
      ->required();
  text("--receiver", &Consent::set_receiver_body_id<const std::string&>,
       "The body, for REFERRAL, as my:mtuc");
  Coded(text("--how", &Consent::set_how<const std::string&>,
             "SIGNED, THUMBPRINT, ORAL_WITNESSED or RECORDED"))
      ->required();
  text("--language", &Consent::set_language<const std::string&>, "In which language, as km")
      ->required();
  text("--witness", &Consent::set_witness<const std::string&>, "Who witnessed it");
  text("--given-on", &Consent::set_given_on<const std::string&>,
       "On which day, as 2026-11-22 (default: today, UTC)");
  text("--expires-on", &Consent::set_expires_on<const std::string&>, "Until which day");
  command->add_flag("--refused", options->refused, "The worker refused");
}

struct RevokeOptions {
  CaseOptions on;
  std::vector<std::string> members;
  std::string purpose;
  std::string receiver;
  InstructionOptions instruction;
};

void AddRevoke(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<RevokeOptions>();
  CLI::App* command =
      commands.Add(group, "revoke", "Take a consent back; referrals that rest on it are recalled",
                   "-p kh-desk consent revoke KH-26-0000001-9 --purpose EMBASSY --instructed PHONE",
                   [options](Run& run) -> absl::Status {
                     RevokeConsentRequest request;
                     AddAll(options->members, request.mutable_member_ids());
                     request.set_purpose(options->purpose);
                     request.set_receiver_body_id(options->receiver);
                     FillInstruction(options->instruction, request);
                     return RunCaseVerb(run, options->on, request, &IntakeStub::RevokeConsent);
                   });
  AddCaseOptions(command, options->on);
  command->add_option("--member", options->members, "A member of a group; none means all");
  Coded(command->add_option("--purpose", options->purpose, "FILING, REFERRAL or EMBASSY"))
      ->required();
  command->add_option("--receiver", options->receiver, "The body, for REFERRAL");
  AddInstructionOptions(command, options->instruction);
}

struct OverrideOptions {
  CaseOptions on;
  std::vector<std::string> members;
  std::vector<std::string> groups;
  std::string receiver;
  std::string expires_on;
  std::string reason;
};

void AddOverride(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<OverrideOptions>();
  CLI::App* command = commands.Add(
      group, "override", "Ask a second person to let data go without consent: life at risk",
      "-p kh-ministry consent override KH-26-0000001-9 --receiver my:jtksm --group WHEREABOUTS"
      " --expires-on " +
          DayAhead(14) + " --reason 'life at risk'",
      [options](Run& run) -> absl::Status {
        RequestApprovalRequest request;
        AddAll(options->members, request.mutable_member_ids());
        request.set_reason(options->reason);
        ConsentOverride* subject = request.mutable_consent_override();
        subject->set_receiver_body_id(options->receiver);
        subject->set_expires_on(options->expires_on);
        RETURN_IF_ERROR(FillGroups(options->groups, subject->mutable_groups()));
        return RunCaseVerb(run, options->on, request, &IntakeStub::RequestApproval);
      });
  AddCaseOptions(command, options->on);
  command->add_option("--member", options->members, "A member of a group; none means all");
  command->add_option("--group", options->groups, "A field group; repeatable")->required();
  command->add_option("--receiver", options->receiver, "The body")->required();
  command->add_option("--expires-on", options->expires_on, "Until which day, at most 30 ahead")
      ->required();
  command->add_option("--reason", options->reason, "Why")->required();
}

struct ApproveOptions {
  CaseOptions on;
  std::string approval;
  bool refuse = false;
  std::string reason;
};

}  // namespace

void AddConsentCommands(Commands& commands) {
  CLI::App* group = commands.AddGroup("consent", "What workers allow, and overriding it", "Cases");
  AddRecord(commands, group);
  AddRevoke(commands, group);
  AddOverride(commands, group);

  CLI::App* approval = commands.AddGroup("approval", "The second person's decision", "Cases");
  auto options = std::make_shared<ApproveOptions>();
  CLI::App* command =
      commands.Add(approval, "give", "Approve or refuse what somebody else asked for",
                   "-p kh-ministry-second approval give KH-26-0000001-9 01JDQ8V3M5N7R2T4W6X8Y0Z1AB",
                   [options](Run& run) -> absl::Status {
                     ApproveRequest request;
                     request.set_approval_id(options->approval);
                     request.set_decision(options->refuse ? "REFUSED" : "APPROVED");
                     request.set_reason(options->reason);
                     return RunCaseVerb(run, options->on, request, &IntakeStub::Approve);
                   });
  AddCaseOptions(command, options->on);
  command->add_option("approval", options->approval, "Which, as complaint show lists")->required();
  command->add_flag("--refuse", options->refuse, "Refuse it");
  command->add_option("--reason", options->reason, "Why");
}

}  // namespace redress::cli
