#include "services/referral/app/receiver_verbs.h"

#include <utility>

#include "fmt/format.h"
#include "services/platform/codes/field_checks.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/directory_rows.h"
#include "services/referral/app/fact_conversion.h"
#include "services/referral/app/request_checks.h"
#include "services/referral/app/verb_runner.h"
#include "services/referral/domain/codes.h"
#include "services/referral/domain/proposal.h"

namespace redress::referral {
namespace {

Fact NewFact(FactKind kind, const Caller& caller) {
  Fact fact;
  fact.kind = kind;
  fact.actor = ActorOf(*caller);
  return fact;
}

// The form of a coded reason and the word about it.
void CheckReasonAndNote(FactKind kind, const std::string& reason, const std::string& note,
                        FieldViolations& faults) {
  CheckText("note", note, kNoteBytes, faults);
  CheckReason(kind, reason, note, faults);
}

absl::StatusOr<Fact> ReasonedFact(FactKind kind, const Caller& caller, const std::string& reason,
                                  const std::string& note) {
  RETURN_IF_ERROR(RefuseIrregularStatus(reason));
  Fact fact = NewFact(kind, caller);
  fact.reason = reason;
  fact.note = note;
  return fact;
}

// The receiver's entry as this node, its owner, has it. Whether the caller may know of the referral
// is found out later: an entry of the directory is no secret.
Answer<Body> ReceiverOf(const AppParts& parts, const VerbRequest& verb) {
  CO_RETURN_IF_ERROR(CheckForm(verb));
  ReferralKey key{{verb.side, *ReferralId::Parse(verb.referral_id, "referral_id")}};
  auto found = co_await parts.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(found.status());
  Body none;
  if (!found->has_value()) co_return none;
  BodyId body_id = BodyId::FromTrusted((*found)->row.receiver_body_id());
  absl::StatusOr<std::optional<Body>> body = co_await FindBody(parts, std::move(body_id));
  CO_RETURN_IF_ERROR(body.status());
  co_return body->has_value() ? **body : none;
}

struct DisclosedNow {
  uint32_t disclosure = 0;
  std::set<MemberId> members;
};

Answer<DisclosedNow> DisclosedAt(const AppParts& parts, const VerbRequest& verb) {
  CO_RETURN_IF_ERROR(CheckForm(verb));
  const ReferralRef ref{verb.side, *ReferralId::Parse(verb.referral_id, "referral_id")};
  ReferralKey key{ref};
  auto found = co_await parts.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(found.status());
  DisclosedNow now;
  if (!found->has_value()) co_return now;
  now.disclosure = (*found)->row.disclosure_number();
  absl::StatusOr<std::set<MemberId>> members =
      co_await DisclosedMembers(parts, ref, now.disclosure);
  CO_RETURN_IF_ERROR(members.status());
  now.members = *std::move(members);
  co_return now;
}

InformationRequestDetails ReadQuestion(const v1::InformationRequestDetails& details,
                                       FieldViolations& faults) {
  if (details.items().empty() || details.items_size() > 50) {
    faults.AddValue("items", fmt::format("{} items", details.items_size()), "1 to 50");
  }
  for (int i = 0; i < details.items_size() && i < 50; ++i) {
    const std::string field = fmt::format("items[{}].question", i);
    CheckText(field, details.items(i).question(), kQuestionBytes, faults);
    if (details.items(i).question().empty()) faults.Add(field, "is required");
    const int group = details.items(i).field_group();
    if (group != 0 && DataGroupName(static_cast<size_t>(group)).empty()) {
      faults.AddValue(fmt::format("items[{}].field_group", i), std::to_string(group),
                      "a group that can be named, 1 to 9");
    }
  }
  return FromProto(details, faults);
}

absl::Status CheckSameDisclosure(const ReferralEdit& edit, uint32_t disclosure) {
  if (edit.now().record.disclosure_number() == disclosure) return absl::OkStatus();
  return absl::UnavailableError("the disclosure changed meanwhile; repeat the call");
}

absl::Status CheckDisclosed(const MemberId& member, const std::set<MemberId>& disclosed) {
  if (member.empty() || disclosed.contains(member)) return absl::OkStatus();
  return RefusePrecondition("MEMBER_NOT_DISCLOSED", "the member is not in this referral",
                            {{"member_ids", member.ToString()}});
}

}  // namespace

Answer<v1::AcknowledgeReferralResponse> ReceiverVerbs::AcknowledgeReferral(
    Caller caller, v1::AcknowledgeReferralRequest request) {
  VerbRequest verb = VerbRequestOf("AcknowledgeReferral", caller, request, Side::kDestination);
  absl::StatusOr<Body> body = co_await ReceiverOf(parts_, verb);
  CO_RETURN_IF_ERROR(body.status());
  std::function<absl::Status(ReferralEdit&, v1::AcknowledgeReferralResponse&)> act =
      [caller, request, body = *std::move(body)](ReferralEdit& edit, auto&) {
        const Date today = DateOf(edit.parts().clock.Now());
        RETURN_IF_ERROR(
            CheckFocalPoint(body, request.focal_point_id(), today, false, "focal_point_id"));
        Fact fact = NewFact(FactKind::kAcknowledged, caller);
        fact.details = AcknowledgedDetails{request.focal_point_id()};
        return edit.Write(std::move(fact)).status();
      };
  co_return co_await RunVerb(parts_, std::move(verb), std::move(act));
}

Answer<v1::AcceptReferralResponse> ReceiverVerbs::AcceptReferral(
    Caller caller, v1::AcceptReferralRequest request) {
  VerbRequest verb = VerbRequestOf("AcceptReferral", caller, request, Side::kDestination);
  const v1::AcceptedDetails& acceptance = request.acceptance();
  CheckText("note", request.note(), kNoteBytes, verb.faults);
  CheckText("acceptance.receiver_reference", acceptance.receiver_reference(), 64, verb.faults);
  if (acceptance.focal_point_id().empty()) {
    verb.faults.Add("acceptance.focal_point_id", "is required");
  }
  absl::StatusOr<Body> body = co_await ReceiverOf(parts_, verb);
  CO_RETURN_IF_ERROR(body.status());
  std::function<absl::Status(ReferralEdit&, v1::AcceptReferralResponse&)> act =
      [caller, request, body = *std::move(body)](ReferralEdit& edit, auto&) {
        const v1::AcceptedDetails& acceptance = request.acceptance();
        RETURN_IF_ERROR(CheckFocalPoint(body, acceptance.focal_point_id(),
                                        DateOf(edit.parts().clock.Now()), true,
                                        "acceptance.focal_point_id"));
        Fact fact = NewFact(FactKind::kAccepted, caller);
        fact.note = request.note();
        fact.details =
            AcceptedDetails{acceptance.focal_point_id(), acceptance.receiver_reference()};
        return edit.Write(std::move(fact)).status();
      };
  co_return co_await RunVerb(parts_, std::move(verb), std::move(act));
}

Answer<v1::DeclineReferralResponse> ReceiverVerbs::DeclineReferral(
    Caller caller, v1::DeclineReferralRequest request) {
  VerbRequest verb = VerbRequestOf("DeclineReferral", caller, request, Side::kDestination);
  CheckReasonAndNote(FactKind::kDeclined, request.reason(), request.note(), verb.faults);
  DeclinedDetails details;
  details.suggested =
      ReadIds<BodyId>("suggested_body_ids", request.suggested_body_ids(), 10, verb.faults);
  std::function<absl::Status(ReferralEdit&, v1::DeclineReferralResponse&)> act =
      [caller, request, details = std::move(details)](ReferralEdit& edit, auto&) {
        ASSIGN_OR_RETURN(
            Fact fact, ReasonedFact(FactKind::kDeclined, caller, request.reason(), request.note()));
        fact.details = details;
        return edit.Write(std::move(fact)).status();
      };
  co_return co_await RunVerb(parts_, std::move(verb), std::move(act));
}

Answer<v1::RequestInformationResponse> ReceiverVerbs::RequestInformation(
    Caller caller, v1::RequestInformationRequest request) {
  VerbRequest verb = VerbRequestOf("RequestInformation", caller, request, Side::kDestination);
  v1::InformationRequestDetails details;
  *details.mutable_items() = request.items();
  const InformationRequestDetails items = ReadQuestion(details, verb.faults);
  absl::StatusOr<DisclosedNow> disclosed = co_await DisclosedAt(parts_, verb);
  CO_RETURN_IF_ERROR(disclosed.status());
  std::function<absl::Status(ReferralEdit&, v1::RequestInformationResponse&)> act =
      [caller, items, disclosed = *std::move(disclosed)](ReferralEdit& edit,
                                                         v1::RequestInformationResponse& response) {
        Fact fact = NewFact(FactKind::kInformationRequested, caller);
        InformationRequestDetails asked = items;
        for (const InformationItem& item : asked.items) {
          RETURN_IF_ERROR(CheckDisclosed(item.member, disclosed.members));
        }
        asked.answer_by =
            edit.parts().clock.Now() + RulesOf(edit.parts(), edit.now().record).information;
        fact.details = std::move(asked);
        ASSIGN_OR_RETURN(Fact written, edit.Write(std::move(fact)));
        response.set_question_number(
            DetailsOf<InformationRequestDetails>(written)->question_number);
        return absl::OkStatus();
      };
  co_return co_await RunVerb(parts_, std::move(verb), std::move(act));
}

Answer<v1::ForwardReferralResponse> ReceiverVerbs::ForwardReferral(
    Caller caller, v1::ForwardReferralRequest request) {
  VerbRequest verb = VerbRequestOf("ForwardReferral", caller, request, Side::kDestination);
  CheckReasonAndNote(FactKind::kForwardRequested, request.reason(), request.note(), verb.faults);
  const BodyId to = verb.faults.Read(BodyId::Parse(request.to_body_id(), "to_body_id"));
  CO_RETURN_IF_ERROR(CheckForm(verb));
  absl::StatusOr<std::optional<Body>> body = co_await FindBody(parts_, to);
  CO_RETURN_IF_ERROR(body.status());
  std::function<absl::Status(ReferralEdit&, v1::ForwardReferralResponse&)> act =
      [caller, request, to, body = *std::move(body)](ReferralEdit& edit, auto&) {
        ASSIGN_OR_RETURN(Fact fact, ReasonedFact(FactKind::kForwardRequested, caller,
                                                 request.reason(), request.note()));
        if (body && !body->active) {
          return RefusePrecondition("RECEIVER_INACTIVE", "the body takes no referrals now",
                                    {{"body_id", to.ToString()}});
        }
        const auto& path = edit.now().record.path_body_ids();
        if (std::find(path.begin(), path.end(), to.ToString()) != path.end() ||
            to.ToString() == edit.now().record.receiver_body_id()) {
          return RefusePrecondition(
              "FORWARD_LOOP", "the case was with that body on this path",
              {{"body_id", to.ToString()}, {"referral_id", edit.now().record.referral_id()}});
        }
        fact.details = ForwardDetails{to, std::nullopt};
        return edit.Write(std::move(fact)).status();
      };
  co_return co_await RunVerb(parts_, std::move(verb), std::move(act));
}

Answer<v1::StartReferralResponse> ReceiverVerbs::StartReferral(Caller caller,
                                                               v1::StartReferralRequest request) {
  VerbRequest verb = VerbRequestOf("StartReferral", caller, request, Side::kDestination);
  std::function<absl::Status(ReferralEdit&, v1::StartReferralResponse&)> act =
      [caller](ReferralEdit& edit, auto&) {
        return edit.Write(NewFact(FactKind::kStarted, caller)).status();
      };
  co_return co_await RunVerb(parts_, std::move(verb), std::move(act));
}

Answer<v1::RecordStepResponse> ReceiverVerbs::RecordStep(Caller caller,
                                                         v1::RecordStepRequest request) {
  VerbRequest verb = VerbRequestOf("RecordStep", caller, request, Side::kDestination);
  StepDetails step = FromProto(request.step(), verb.faults);
  CheckStepCodes(step, verb.faults);
  CheckText("step.place", step.place, 512, verb.faults);
  CheckText("step.summary", step.summary, kTextBytes, verb.faults);
  absl::StatusOr<DisclosedNow> disclosed = co_await DisclosedAt(parts_, verb);
  CO_RETURN_IF_ERROR(disclosed.status());
  std::function<absl::Status(ReferralEdit&, v1::RecordStepResponse&)> act =
      [caller, step = std::move(step), disclosed = *std::move(disclosed)](ReferralEdit& edit,
                                                                          auto&) {
        for (const HearingNotice& notice : step.notices) {
          RETURN_IF_ERROR(CheckDisclosed(notice.member, disclosed.members));
        }
        Fact fact = NewFact(FactKind::kStepRecorded, caller);
        fact.details = step;
        return edit.Write(std::move(fact)).status();
      };
  co_return co_await RunVerb(parts_, std::move(verb), std::move(act));
}

Answer<v1::HoldReferralResponse> ReceiverVerbs::HoldReferral(Caller caller,
                                                             v1::HoldReferralRequest request) {
  VerbRequest verb = VerbRequestOf("HoldReferral", caller, request, Side::kDestination);
  CheckReasonAndNote(FactKind::kHeld, request.reason(), request.note(), verb.faults);
  HoldDetails details;
  if (!request.until_date().empty()) {
    details.until = Date::Parse(request.until_date());
    const Date yesterday = AddDays(DateOf(parts_.clock.Now()), -1);
    if (!details.until || !details.until->whole() || *details.until < yesterday) {
      verb.faults.AddValue("until_date", request.until_date(),
                           "a date YYYY-MM-DD that is not past");
    }
  }
  std::function<absl::Status(ReferralEdit&, v1::HoldReferralResponse&)> act =
      [caller, request, details](ReferralEdit& edit, auto&) {
        ASSIGN_OR_RETURN(Fact fact,
                         ReasonedFact(FactKind::kHeld, caller, request.reason(), request.note()));
        fact.details = details;
        return edit.Write(std::move(fact)).status();
      };
  co_return co_await RunVerb(parts_, std::move(verb), std::move(act));
}

Answer<v1::ResumeReferralResponse> ReceiverVerbs::ResumeReferral(
    Caller caller, v1::ResumeReferralRequest request) {
  VerbRequest verb = VerbRequestOf("ResumeReferral", caller, request, Side::kDestination);
  std::function<absl::Status(ReferralEdit&, v1::ResumeReferralResponse&)> act =
      [caller](ReferralEdit& edit, auto&) {
        return edit.Write(NewFact(FactKind::kResumed, caller)).status();
      };
  co_return co_await RunVerb(parts_, std::move(verb), std::move(act));
}

Answer<v1::ProposeSolutionResponse> ReceiverVerbs::ProposeSolution(
    Caller caller, v1::ProposeSolutionRequest request) {
  VerbRequest verb = VerbRequestOf("ProposeSolution", caller, request, Side::kDestination);
  ProposalDetails terms = FromProto(request.proposal(), parts_.codes, verb.faults);
  CheckTermsCodes(terms.terms, true, "proposal", verb.faults);
  CheckText("proposal.conditions", terms.conditions, kTextBytes, verb.faults);
  if (!kPayers.Contains(terms.payer)) {
    verb.faults.AddValue("proposal.payer", terms.payer, kPayers.Accepted());
  }
  absl::StatusOr<DisclosedNow> disclosed = co_await DisclosedAt(parts_, verb);
  CO_RETURN_IF_ERROR(disclosed.status());
  std::function<absl::Status(ReferralEdit&, v1::ProposeSolutionResponse&)> act =
      [caller, terms = std::move(terms), disclosed = *std::move(disclosed)](
          ReferralEdit& edit, v1::ProposeSolutionResponse& response) {
        ProposalDetails proposal = terms;
        RETURN_IF_ERROR(CheckSameDisclosure(edit, disclosed.disclosure));
        RETURN_IF_ERROR(
            CheckTermsCover(edit.folded(), proposal.terms, disclosed.members, "proposal"));
        proposal.answer_by =
            edit.parts().clock.Now() + RulesOf(edit.parts(), edit.now().record).proposal;
        Fact fact = NewFact(FactKind::kSolutionProposed, caller);
        fact.details = std::move(proposal);
        ASSIGN_OR_RETURN(Fact written, edit.Write(std::move(fact)));
        response.set_proposal_number(DetailsOf<ProposalDetails>(written)->proposal_number);
        return absl::OkStatus();
      };
  co_return co_await RunVerb(parts_, std::move(verb), std::move(act));
}

Answer<v1::WithdrawProposalResponse> ReceiverVerbs::WithdrawProposal(
    Caller caller, v1::WithdrawProposalRequest request) {
  VerbRequest verb = VerbRequestOf("WithdrawProposal", caller, request, Side::kDestination);
  CheckReasonAndNote(FactKind::kProposalWithdrawn, request.reason(), request.note(), verb.faults);
  std::function<absl::Status(ReferralEdit&, v1::WithdrawProposalResponse&)> act =
      [caller, request](ReferralEdit& edit, auto&) {
        ASSIGN_OR_RETURN(Fact fact, ReasonedFact(FactKind::kProposalWithdrawn, caller,
                                                 request.reason(), request.note()));
        return edit.Write(std::move(fact)).status();
      };
  co_return co_await RunVerb(parts_, std::move(verb), std::move(act));
}

Answer<v1::ConcludeReferralResponse> ReceiverVerbs::ConcludeReferral(
    Caller caller, v1::ConcludeReferralRequest request) {
  VerbRequest verb = VerbRequestOf("ConcludeReferral", caller, request, Side::kDestination);
  const FactKind kind = request.resolved() ? FactKind::kResolved : FactKind::kUnresolved;
  OutcomeDetails outcome = FromProto(request.outcome(), parts_.codes, verb.faults);
  CheckTermsCodes(outcome.terms, request.resolved(), "outcome", verb.faults);
  CheckText("outcome.summary", outcome.summary, kTextBytes, verb.faults);
  CheckCode("outcome.sanction", outcome.sanction, kSanctions, verb.faults);
  CheckReasonAndNote(kind, request.reason(), request.note(), verb.faults);
  absl::StatusOr<DisclosedNow> disclosed = co_await DisclosedAt(parts_, verb);
  CO_RETURN_IF_ERROR(disclosed.status());
  std::function<absl::Status(ReferralEdit&, v1::ConcludeReferralResponse&)> act =
      [caller, kind, request, outcome = std::move(outcome), disclosed = *std::move(disclosed)](
          ReferralEdit& edit, auto&) {
        ASSIGN_OR_RETURN(Fact fact, ReasonedFact(kind, caller, request.reason(), request.note()));
        if (request.resolved()) {
          RETURN_IF_ERROR(CheckSameDisclosure(edit, disclosed.disclosure));
          RETURN_IF_ERROR(
              CheckTermsCover(edit.folded(), outcome.terms, disclosed.members, "outcome"));
        }
        fact.details = outcome;
        return edit.Write(std::move(fact)).status();
      };
  co_return co_await RunVerb(parts_, std::move(verb), std::move(act));
}

}  // namespace redress::referral
