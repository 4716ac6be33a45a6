#include "services/referral/app/home_verbs.h"

#include <utility>

#include "services/platform/codes/utf8.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/disclosures.h"
#include "services/referral/app/fact_conversion.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/resend.h"
#include "services/referral/app/verb_runner.h"
#include "services/referral/domain/codes.h"
#include "services/referral/domain/proposal.h"

namespace redress::referral {
namespace {

constexpr size_t kNoteBytes = 4 << 10;
constexpr size_t kAnswerBytes = 16 << 10;

Fact NewFact(FactKind kind, const Caller& caller) {
  Fact fact;
  fact.kind = kind;
  fact.actor = ActorOf(*caller);
  return fact;
}

bool ActsForItself(const auth::Principal& caller) {
  return caller.HasRole(auth::Role::kWorker) || caller.HasRole(auth::Role::kRepresentative);
}

// How the worker's word came, when somebody else brings it.
absl::Status CheckInstruction(const auth::Principal& caller,
                              const v1::AnswerProposalRequest& request, absl::Time now) {
  if (ActsForItself(caller)) {
    for (const v1::MemberAnswer& answer : request.answers()) {
      if (answer.member_id() != caller.member_id) return NotFound("member");
    }
    return absl::OkStatus();
  }
  const common::v1::WorkerInstruction& instruction = request.instruction();
  if (!request.has_instruction() || instruction.how().empty()) {
    return RefusePrecondition("INSTRUCTION_MISSING", "say how the workers gave their answers",
                              {{"verb", "AnswerProposal"}});
  }
  FieldViolations violations;
  if (!kInstructionHows.Contains(instruction.how())) {
    violations.AddValue("instruction.how", instruction.how(), kInstructionHows.Accepted());
  }
  const std::optional<Date> given = Date::Parse(instruction.given_on());
  if (!given || !given->whole() || *given > AddDays(DateOf(now), 1)) {
    violations.AddValue("instruction.given_on", instruction.given_on(),
                        "a date YYYY-MM-DD that is not in the future");
  }
  if (instruction.note().size() > 1'000) {
    violations.Add("instruction.note", "has more than 1000 bytes");
  }
  return violations.ToStatus();
}

std::vector<std::string> ToVector(const google::protobuf::RepeatedPtrField<std::string>& from) {
  return {from.begin(), from.end()};
}

}  // namespace

Answer<v1::ReferComplaintResponse> HomeVerbs::ReferComplaint(Caller caller,
                                                             v1::ReferComplaintRequest request) {
  return disclosures_.Refer(std::move(caller), std::move(request));
}

Answer<v1::ProvideInformationResponse> HomeVerbs::ProvideInformation(
    Caller caller, v1::ProvideInformationRequest request) {
  VerbRequest verb = VerbRequestOf("ProvideInformation", caller, request, Side::kHome);
  FieldViolations violations;
  if (request.answer().empty() && !request.with_disclosure()) {
    violations.Add("answer", "is required unless with_disclosure");
  }
  if (request.answer().size() > kAnswerBytes || !IsValidUtf8(request.answer())) {
    violations.Add("answer", "has to be UTF-8 of at most 16 KiB");
  }
  if (request.evidence_ids_size() > 50) violations.Add("evidence_ids", "names more than 50");
  CO_RETURN_IF_ERROR(violations.ToStatus());

  std::shared_ptr<WholeDisclosure> disclosure;
  if (request.with_disclosure() || !request.evidence_ids().empty()) {
    absl::StatusOr<BegunVerb> begun = co_await BeginVerb(parts_, verb);
    CO_RETURN_IF_ERROR(begun.status());
    if (begun->loaded) {
      const auto& question = begun->loaded->folded.open_question;
      if (question && question->question_number == request.question_number()) {
        std::vector<std::string> everybody;
        absl::StatusOr<WholeDisclosure> prepared = co_await disclosures_.PrepareUpdate(
            *begun->loaded, Joining::kWhoConsents, std::move(everybody));
        CO_RETURN_IF_ERROR(prepared.status());
        disclosure = std::make_shared<WholeDisclosure>(*std::move(prepared));
      }
    }
  }
  std::function<absl::Status(ReferralEdit&, v1::ProvideInformationResponse&)> act =
      [caller, request, disclosure](ReferralEdit& edit, v1::ProvideInformationResponse& response) {
        Fact fact = NewFact(FactKind::kInformationProvided, caller);
        InformationAnswerDetails details;
        details.question_number = request.question_number();
        details.answer = request.answer();
        for (const std::string& id : request.evidence_ids()) {
          ASSIGN_OR_RETURN(RandomId file, RandomId::Parse(id, "evidence_ids"));
          details.files.push_back(std::move(file));
        }
        if (disclosure) {
          RETURN_IF_ERROR(
              Disclosures::ApplyUpdate(edit, *disclosure, ToVector(request.evidence_ids())));
          details.disclosure_number = disclosure->number;
          response.set_disclosure_number(disclosure->number);
        }
        fact.details = std::move(details);
        return edit.Write(std::move(fact)).status();
      };
  co_return co_await RunVerb(parts_, std::move(verb), std::move(act));
}

Answer<v1::AnswerProposalResponse> HomeVerbs::AnswerProposal(Caller caller,
                                                             v1::AnswerProposalRequest request) {
  VerbRequest verb = VerbRequestOf("AnswerProposal", caller, request, Side::kHome);
  CO_RETURN_IF_ERROR(CheckInstruction(*caller, request, parts_.clock.Now()));
  absl::StatusOr<BegunVerb> begun = co_await BeginVerb(parts_, verb);
  CO_RETURN_IF_ERROR(begun.status());
  std::set<MemberId> members;
  uint32_t disclosure = 0;
  if (begun->loaded) {
    disclosure = begun->loaded->record.disclosure_number();
    absl::StatusOr<std::set<MemberId>> disclosed =
        co_await DisclosedMembers(parts_, begun->loaded->ref, disclosure);
    CO_RETURN_IF_ERROR(disclosed.status());
    members = *std::move(disclosed);
  }
  std::function<absl::Status(ReferralEdit&, v1::AnswerProposalResponse&)> act =
      [caller, request, disclosure, members = std::move(members)](
          ReferralEdit& edit, v1::AnswerProposalResponse& response) {
        if (edit.now().record.disclosure_number() != disclosure) {
          return absl::UnavailableError("the disclosure changed meanwhile; repeat the call");
        }
        std::vector<MemberAnswer> answers;
        for (const v1::MemberAnswer& answer : request.answers()) {
          ASSIGN_OR_RETURN(MemberId member, MemberId::Parse(answer.member_id(), "answers"));
          answers.push_back({std::move(member), answer.accepted()});
        }
        ASSIGN_OR_RETURN(
            ProposalAnswerDetails details,
            PrepareAnswers(edit.folded(), request.proposal_number(), std::move(answers), members));
        Fact fact = NewFact(FactKind::kProposalAnswered, caller);
        if (request.has_instruction()) {
          fact.actor.instruction = Deterministic(request.instruction());
        }
        fact.details = std::move(details);
        RETURN_IF_ERROR(edit.Write(std::move(fact)).status());
        const AnswerCount count = CountAnswers(edit.folded(), members);
        response.set_accepted_count(count.accepted);
        response.set_refused_count(count.refused);
        response.set_waiting_count(count.waiting);
        return absl::OkStatus();
      };
  co_return co_await RunVerb(parts_, std::move(verb), std::move(act));
}

Answer<v1::RecallReferralResponse> HomeVerbs::RecallReferral(Caller caller,
                                                             v1::RecallReferralRequest request) {
  VerbRequest verb = VerbRequestOf("RecallReferral", caller, request, Side::kHome);
  std::function<absl::Status(ReferralEdit&, v1::RecallReferralResponse&)> act =
      [caller, request](ReferralEdit& edit, auto&) {
        if (request.note().size() > kNoteBytes || !IsValidUtf8(request.note())) {
          return InvalidField("note", "has to be UTF-8 of at most 4096 bytes");
        }
        RETURN_IF_ERROR(CheckReason(FactKind::kRecallRequested, request.reason(), request.note()));
        Fact fact = NewFact(FactKind::kRecallRequested, caller);
        fact.reason = request.reason();
        fact.note = request.note();
        fact.details = RecallDetails{request.reason() == "CONSENT_REVOKED"};
        return edit.Write(std::move(fact)).status();
      };
  co_return co_await RunVerb(parts_, std::move(verb), std::move(act));
}

Answer<v1::RequeueReferralResponse> HomeVerbs::RequeueReferral(Caller caller,
                                                               v1::RequeueReferralRequest request) {
  VerbRequest verb = VerbRequestOf("RequeueReferral", caller, request, Side::kHome);
  absl::StatusOr<BegunVerb> begun = co_await BeginVerb(parts_, verb);
  CO_RETURN_IF_ERROR(begun.status());
  std::shared_ptr<std::vector<OutgoingMessage>> again;
  if (begun->loaded) {
    absl::StatusOr<std::vector<OutgoingMessage>> messages =
        co_await MessagesAgain(parts_, *begun->loaded);
    CO_RETURN_IF_ERROR(messages.status());
    again = std::make_shared<std::vector<OutgoingMessage>>(*std::move(messages));
  }
  std::function<absl::Status(ReferralEdit&, v1::RequeueReferralResponse&)> act =
      [caller, again](ReferralEdit& edit, auto&) {
        RETURN_IF_ERROR(edit.Write(NewFact(FactKind::kRequeued, caller)).status());
        // The facts written since follow the head again; the new one is sent as any other.
        const absl::Time expires =
            edit.parts().clock.Now() + RulesOf(edit.parts(), edit.now().record).give_up;
        for (OutgoingMessage message : *again) {
          if (!message.message.has_fact()) message.expires = expires;
          edit.SendFirst(std::move(message));
        }
        return absl::OkStatus();
      };
  co_return co_await RunVerb(parts_, std::move(verb), std::move(act));
}

Answer<v1::UpdateDisclosureResponse> HomeVerbs::UpdateDisclosure(
    Caller caller, v1::UpdateDisclosureRequest request) {
  VerbRequest verb = VerbRequestOf("UpdateDisclosure", caller, request, Side::kHome);
  if (request.evidence_ids_size() > 50) {
    co_return InvalidField("evidence_ids", "names more than 50");
  }
  absl::StatusOr<BegunVerb> begun = co_await BeginVerb(parts_, verb);
  CO_RETURN_IF_ERROR(begun.status());
  std::shared_ptr<WholeDisclosure> disclosure;
  if (begun->loaded) {
    CO_RETURN_IF_ERROR(
        Move(PositionOf(begun->loaded->folded, Side::kHome, false), Verb::kUpdateDisclosure)
            .status());
    std::vector<std::string> members = ToVector(request.member_ids());
    absl::StatusOr<WholeDisclosure> prepared = co_await disclosures_.PrepareUpdate(
        *begun->loaded, Joining::kWhoConsents, std::move(members));
    CO_RETURN_IF_ERROR(prepared.status());
    disclosure = std::make_shared<WholeDisclosure>(*std::move(prepared));
  }
  std::function<absl::Status(ReferralEdit&, v1::UpdateDisclosureResponse&)> act =
      [request, disclosure](ReferralEdit& edit, v1::UpdateDisclosureResponse& response) {
        RETURN_IF_ERROR(
            Disclosures::ApplyUpdate(edit, *disclosure, ToVector(request.evidence_ids())));
        response.set_disclosure_number(disclosure->number);
        response.set_member_count(static_cast<uint32_t>(disclosure->members.size()));
        return absl::OkStatus();
      };
  co_return co_await RunVerb(parts_, std::move(verb), std::move(act));
}

}  // namespace redress::referral
