#include "services/referral/app/home_verbs.h"

#include <utility>

#include "fmt/format.h"
#include "services/platform/codes/field_checks.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/disclosures.h"
#include "services/referral/app/fact_conversion.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/request_checks.h"
#include "services/referral/app/resend.h"
#include "services/referral/app/verb_runner.h"
#include "services/referral/domain/codes.h"
#include "services/referral/domain/proposal.h"

namespace redress::referral {
namespace {

constexpr int kFilesAtOnce = 50;

Fact NewFact(FactKind kind, const Caller& caller) {
  Fact fact;
  fact.kind = kind;
  fact.actor = ActorOf(*caller);
  return fact;
}

bool ActsForItself(const auth::Principal& caller) {
  return caller.HasRole(auth::Role::kWorker) || caller.HasRole(auth::Role::kRepresentative);
}

std::vector<MemberAnswer> ReadAnswers(const v1::AnswerProposalRequest& request,
                                      FieldViolations& faults) {
  std::vector<MemberAnswer> answers;
  for (int i = 0; i < request.answers_size(); ++i) {
    const std::string field = fmt::format("answers[{}].member_id", i);
    const v1::MemberAnswer& answer = request.answers(i);
    answers.push_back({faults.Read(MemberId::Parse(answer.member_id(), field)), answer.accepted()});
  }
  return answers;
}

bool HasInstruction(const v1::AnswerProposalRequest& request) {
  return request.has_instruction() && !request.instruction().how().empty();
}

// A worker answers for nobody else; whoever brings workers' answers says how they were given.
absl::Status CheckWhoAnswers(const auth::Principal& caller,
                             const v1::AnswerProposalRequest& request) {
  if (!ActsForItself(caller)) {
    if (HasInstruction(request)) return absl::OkStatus();
    return RefusePrecondition("INSTRUCTION_MISSING", "say how the workers gave their answers",
                              {{"verb", "AnswerProposal"}});
  }
  for (const v1::MemberAnswer& answer : request.answers()) {
    if (answer.member_id() != caller.member_id) return NotFound("member");
  }
  return absl::OkStatus();
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
  if (request.answer().empty() && !request.with_disclosure()) {
    verb.faults.Add("answer", "is required unless with_disclosure");
  }
  CheckText("answer", request.answer(), kTextBytes, verb.faults);
  const std::vector<RandomId> files =
      ReadIds<RandomId>("evidence_ids", request.evidence_ids(), kFilesAtOnce, verb.faults);

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
      [caller, request, files, disclosure](ReferralEdit& edit,
                                           v1::ProvideInformationResponse& response) {
        Fact fact = NewFact(FactKind::kInformationProvided, caller);
        InformationAnswerDetails details;
        details.question_number = request.question_number();
        details.answer = request.answer();
        details.files = files;
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
  if (HasInstruction(request)) {
    CheckInstruction("instruction", request.instruction(), DateOf(parts_.clock.Now()), verb.faults);
  }
  const std::vector<MemberAnswer> answers = ReadAnswers(request, verb.faults);
  CheckAnswers(answers, verb.faults);
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
      [caller, request, answers, disclosure, members = std::move(members)](
          ReferralEdit& edit, v1::AnswerProposalResponse& response) {
        RETURN_IF_ERROR(CheckWhoAnswers(*caller, request));
        if (edit.now().record.disclosure_number() != disclosure) {
          return absl::UnavailableError("the disclosure changed meanwhile; repeat the call");
        }
        ASSIGN_OR_RETURN(
            ProposalAnswerDetails details,
            PrepareAnswers(edit.folded(), request.proposal_number(), answers, members));
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
  CheckText("note", request.note(), kNoteBytes, verb.faults);
  CheckReason(FactKind::kRecallRequested, request.reason(), request.note(), verb.faults);
  std::function<absl::Status(ReferralEdit&, v1::RecallReferralResponse&)> act =
      [caller, request](ReferralEdit& edit, auto&) {
        RETURN_IF_ERROR(RefuseIrregularStatus(request.reason()));
        Fact fact = NewFact(FactKind::kRecallRequested, caller);
        fact.reason = request.reason();
        fact.note = request.note();
        fact.details = RecallDetails{request.reason() == "CONSENT_REVOKED"};
        return edit.Write(std::move(fact)).status();
      };
  co_return co_await RunVerb(parts_, std::move(verb), std::move(act));
}

// Meanwhile the case may have ended, or somebody taken consent back.
Answer<HomeVerbs::Requeued> HomeVerbs::Again(const LoadedReferral& loaded) {
  Requeued again;
  CO_ASSIGN_OR_RETURN(again.asked_at, co_await disclosures_.AskingAt(loaded.ref.id));
  absl::StatusOr<bool> current = co_await disclosures_.IsCurrent(loaded);
  if (absl::IsFailedPrecondition(current.status())) {
    again.refused = current.status();
    co_return again;
  }
  CO_RETURN_IF_ERROR(current.status());
  if (!*current) {
    again.refused = RefusePrecondition("DISCLOSURE_CHANGED",
                                       "what may be disclosed has changed since; refer anew",
                                       {{"referral_id", loaded.record.referral_id()}});
  }
  CO_ASSIGN_OR_RETURN(again.messages, co_await MessagesAgain(parts_, loaded));
  co_return again;
}

Answer<v1::RequeueReferralResponse> HomeVerbs::RequeueReferral(Caller caller,
                                                               v1::RequeueReferralRequest request) {
  VerbRequest verb = VerbRequestOf("RequeueReferral", caller, request, Side::kHome);
  absl::StatusOr<BegunVerb> begun = co_await BeginVerb(parts_, verb);
  CO_RETURN_IF_ERROR(begun.status());
  auto again = std::make_shared<Requeued>();
  if (begun->loaded && begun->loaded->folded.state == ReferralState::kUndelivered) {
    CO_ASSIGN_OR_RETURN(*again, co_await Again(*begun->loaded));
  }
  std::function<absl::Status(ReferralEdit&, v1::RequeueReferralResponse&)> act =
      [caller, again](ReferralEdit& edit, auto&) {
        RETURN_IF_ERROR(edit.Write(NewFact(FactKind::kRequeued, caller)).status());
        RETURN_IF_ERROR(again->refused);
        Disclosures::ExpectAskedAt(edit, again->asked_at);
        // The facts written since follow the head again; the new one is sent as any other.
        const absl::Time expires =
            edit.parts().clock.Now() + RulesOf(edit.parts(), edit.now().record).give_up;
        for (OutgoingMessage message : again->messages) {
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
  std::vector<RandomId> files =
      ReadIds<RandomId>("evidence_ids", request.evidence_ids(), kFilesAtOnce, verb.faults);
  ReadIds<MemberId>("member_ids", request.member_ids(), kMembersAtOnce, verb.faults);
  absl::StatusOr<BegunVerb> begun = co_await BeginVerb(parts_, verb);
  CO_RETURN_IF_ERROR(begun.status());
  std::shared_ptr<WholeDisclosure> disclosure;
  if (begun->loaded) {
    CO_RETURN_IF_ERROR(
        Move(PositionOf(begun->loaded->folded, Side::kHome, false), Verb::kUpdateDisclosure)
            .status());
    std::vector<std::string> members = ToVector(request.member_ids());
    std::vector<std::string> joining = members;
    absl::StatusOr<bool> news =
        co_await disclosures_.HasNews(*begun->loaded, std::move(joining), std::move(files));
    CO_RETURN_IF_ERROR(news.status());
    if (!*news) {
      co_return RefusePrecondition("NOTHING_NEW", "the receiver has all that consent allows now",
                                   {{"referral_id", request.referral_id()}});
    }
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
