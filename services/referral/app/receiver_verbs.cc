#include "services/referral/app/receiver_verbs.h"

#include <utility>

#include "fmt/format.h"
#include "services/platform/codes/utf8.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/directory_rows.h"
#include "services/referral/app/fact_conversion.h"
#include "services/referral/app/verb_runner.h"
#include "services/referral/domain/codes.h"
#include "services/referral/domain/proposal.h"

namespace redress::referral {
namespace {

constexpr size_t kNoteBytes = 4 << 10;
constexpr size_t kTextBytes = 16 << 10;
constexpr size_t kQuestionBytes = 2 << 10;

void CheckText(std::string_view text, size_t limit, std::string_view field,
               FieldViolations& violations) {
  if (text.size() > limit) {
    violations.Add(field, fmt::format("has {} bytes; at most {}", text.size(), limit));
  } else if (!IsValidUtf8(text)) {
    violations.Add(field, "is not valid UTF-8");
  }
}

Fact NewFact(FactKind kind, const Caller& caller) {
  Fact fact;
  fact.kind = kind;
  fact.actor = ActorOf(*caller);
  return fact;
}

// A fact with a coded reason and a word about it.
absl::StatusOr<Fact> ReasonedFact(FactKind kind, const Caller& caller, const std::string& reason,
                                  const std::string& note) {
  FieldViolations violations;
  CheckText(note, kNoteBytes, "note", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  RETURN_IF_ERROR(CheckReason(kind, reason, note));
  Fact fact = NewFact(kind, caller);
  fact.reason = reason;
  fact.note = note;
  return fact;
}

// The receiver's entry as this node, its owner, has it. Whether the caller may know of the referral
// is found out later: an entry of the directory is no secret.
Answer<Body> ReceiverOf(const AppParts& parts, std::string referral_id) {
  absl::StatusOr<ReferralId> id = ReferralId::Parse(referral_id, "referral_id");
  CO_RETURN_IF_ERROR(id.status());
  ReferralKey key{{Side::kDestination, *id}};
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

Answer<DisclosedNow> DisclosedAt(const AppParts& parts, std::string referral_id, Side side) {
  absl::StatusOr<ReferralId> id = ReferralId::Parse(referral_id, "referral_id");
  CO_RETURN_IF_ERROR(id.status());
  const ReferralRef ref{side, *id};
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
  absl::StatusOr<Body> body = co_await ReceiverOf(parts_, request.referral_id());
  CO_RETURN_IF_ERROR(body.status());
  VerbRequest verb = VerbRequestOf("AcknowledgeReferral", caller, request, Side::kDestination);
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
  absl::StatusOr<Body> body = co_await ReceiverOf(parts_, request.referral_id());
  CO_RETURN_IF_ERROR(body.status());
  VerbRequest verb = VerbRequestOf("AcceptReferral", caller, request, Side::kDestination);
  std::function<absl::Status(ReferralEdit&, v1::AcceptReferralResponse&)> act =
      [caller, request, body = *std::move(body)](ReferralEdit& edit, auto&) {
        const v1::AcceptedDetails& acceptance = request.acceptance();
        FieldViolations violations;
        CheckText(request.note(), kNoteBytes, "note", violations);
        CheckText(acceptance.receiver_reference(), 64, "acceptance.receiver_reference", violations);
        RETURN_IF_ERROR(violations.ToStatus());
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
  std::function<absl::Status(ReferralEdit&, v1::DeclineReferralResponse&)> act =
      [caller, request](ReferralEdit& edit, auto&) {
        ASSIGN_OR_RETURN(
            Fact fact, ReasonedFact(FactKind::kDeclined, caller, request.reason(), request.note()));
        DeclinedDetails details;
        if (request.suggested_body_ids_size() > 10) {
          return InvalidField("suggested_body_ids", "names more than 10 bodies");
        }
        for (const std::string& suggested : request.suggested_body_ids()) {
          ASSIGN_OR_RETURN(BodyId body, BodyId::Parse(suggested, "suggested_body_ids"));
          details.suggested.push_back(std::move(body));
        }
        fact.details = std::move(details);
        return edit.Write(std::move(fact)).status();
      };
  co_return co_await RunVerb(parts_, std::move(verb), std::move(act));
}

Answer<v1::RequestInformationResponse> ReceiverVerbs::RequestInformation(
    Caller caller, v1::RequestInformationRequest request) {
  absl::StatusOr<DisclosedNow> disclosed =
      co_await DisclosedAt(parts_, request.referral_id(), Side::kDestination);
  CO_RETURN_IF_ERROR(disclosed.status());
  VerbRequest verb = VerbRequestOf("RequestInformation", caller, request, Side::kDestination);
  std::function<absl::Status(ReferralEdit&, v1::RequestInformationResponse&)> act =
      [caller, request, disclosed = *std::move(disclosed)](
          ReferralEdit& edit, v1::RequestInformationResponse& response) {
        FieldViolations violations;
        v1::InformationRequestDetails details;
        *details.mutable_items() = request.items();
        if (details.items().empty() || details.items_size() > 50) {
          violations.Add("items", "has to have 1 to 50 items");
        }
        for (int i = 0; i < details.items_size(); ++i) {
          const std::string field = fmt::format("items[{}].question", i);
          CheckText(details.items(i).question(), kQuestionBytes, field, violations);
          if (details.items(i).question().empty()) violations.Add(field, "is required");
        }
        Fact fact = NewFact(FactKind::kInformationRequested, caller);
        InformationRequestDetails asked = FromProto(details, violations);
        RETURN_IF_ERROR(violations.ToStatus());
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
  absl::StatusOr<BodyId> to = BodyId::Parse(request.to_body_id(), "to_body_id");
  CO_RETURN_IF_ERROR(to.status());
  BodyId wanted = *to;
  absl::StatusOr<std::optional<Body>> body = co_await FindBody(parts_, std::move(wanted));
  CO_RETURN_IF_ERROR(body.status());
  VerbRequest verb = VerbRequestOf("ForwardReferral", caller, request, Side::kDestination);
  std::function<absl::Status(ReferralEdit&, v1::ForwardReferralResponse&)> act =
      [caller, request, to = *to, body = *std::move(body)](ReferralEdit& edit, auto&) {
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
  absl::StatusOr<DisclosedNow> disclosed =
      co_await DisclosedAt(parts_, request.referral_id(), Side::kDestination);
  CO_RETURN_IF_ERROR(disclosed.status());
  VerbRequest verb = VerbRequestOf("RecordStep", caller, request, Side::kDestination);
  std::function<absl::Status(ReferralEdit&, v1::RecordStepResponse&)> act =
      [caller, request, disclosed = *std::move(disclosed)](ReferralEdit& edit, auto&) {
        FieldViolations violations;
        StepDetails step = FromProto(request.step(), violations);
        CheckStepCodes(step, violations);
        CheckText(step.place, 512, "step.place", violations);
        CheckText(step.summary, kTextBytes, "step.summary", violations);
        if (!request.step().has_held_at()) violations.Add("step.held_at", "is required");
        if (step.notices.size() > 100) violations.Add("step.notices", "has more than 100 entries");
        RETURN_IF_ERROR(violations.ToStatus());
        for (const HearingNotice& notice : step.notices) {
          RETURN_IF_ERROR(CheckDisclosed(notice.member, disclosed.members));
        }
        Fact fact = NewFact(FactKind::kStepRecorded, caller);
        fact.details = std::move(step);
        return edit.Write(std::move(fact)).status();
      };
  co_return co_await RunVerb(parts_, std::move(verb), std::move(act));
}

Answer<v1::HoldReferralResponse> ReceiverVerbs::HoldReferral(Caller caller,
                                                             v1::HoldReferralRequest request) {
  VerbRequest verb = VerbRequestOf("HoldReferral", caller, request, Side::kDestination);
  std::function<absl::Status(ReferralEdit&, v1::HoldReferralResponse&)> act =
      [caller, request](ReferralEdit& edit, auto&) {
        ASSIGN_OR_RETURN(Fact fact,
                         ReasonedFact(FactKind::kHeld, caller, request.reason(), request.note()));
        HoldDetails details;
        if (!request.until_date().empty()) {
          details.until = Date::Parse(request.until_date());
          const Date yesterday = AddDays(DateOf(edit.parts().clock.Now()), -1);
          if (!details.until || !details.until->whole() || *details.until < yesterday) {
            FieldViolations violations;
            violations.AddValue("until_date", request.until_date(),
                                "a date YYYY-MM-DD that is not past");
            return violations.ToStatus();
          }
        }
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
  absl::StatusOr<DisclosedNow> disclosed =
      co_await DisclosedAt(parts_, request.referral_id(), Side::kDestination);
  CO_RETURN_IF_ERROR(disclosed.status());
  VerbRequest verb = VerbRequestOf("ProposeSolution", caller, request, Side::kDestination);
  std::function<absl::Status(ReferralEdit&, v1::ProposeSolutionResponse&)> act =
      [caller, request, disclosed = *std::move(disclosed)](ReferralEdit& edit,
                                                           v1::ProposeSolutionResponse& response) {
        FieldViolations violations;
        ProposalDetails proposal = FromProto(request.proposal(), edit.parts().codes, violations);
        CheckTermsCodes(proposal.terms, true, "proposal", violations);
        CheckText(proposal.conditions, kTextBytes, "proposal.conditions", violations);
        if (!kPayers.Contains(proposal.payer)) {
          violations.AddValue("proposal.payer", proposal.payer, kPayers.Accepted());
        }
        RETURN_IF_ERROR(violations.ToStatus());
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
  absl::StatusOr<DisclosedNow> disclosed =
      co_await DisclosedAt(parts_, request.referral_id(), Side::kDestination);
  CO_RETURN_IF_ERROR(disclosed.status());
  VerbRequest verb = VerbRequestOf("ConcludeReferral", caller, request, Side::kDestination);
  std::function<absl::Status(ReferralEdit&, v1::ConcludeReferralResponse&)> act =
      [caller, request, disclosed = *std::move(disclosed)](ReferralEdit& edit, auto&) {
        const FactKind kind = request.resolved() ? FactKind::kResolved : FactKind::kUnresolved;
        FieldViolations violations;
        OutcomeDetails outcome = FromProto(request.outcome(), edit.parts().codes, violations);
        CheckTermsCodes(outcome.terms, request.resolved(), "outcome", violations);
        CheckText(outcome.summary, kTextBytes, "outcome.summary", violations);
        CheckText(request.note(), kNoteBytes, "note", violations);
        if (!outcome.sanction.empty() && !kSanctions.Contains(outcome.sanction)) {
          violations.AddValue("outcome.sanction", outcome.sanction, kSanctions.Accepted());
        }
        if (request.resolved() && !request.reason().empty()) {
          violations.Add("reason", "has to be empty when resolved");
        }
        RETURN_IF_ERROR(violations.ToStatus());
        Fact fact = NewFact(kind, caller);
        fact.note = request.note();
        if (request.resolved()) {
          RETURN_IF_ERROR(CheckSameDisclosure(edit, disclosed.disclosure));
          RETURN_IF_ERROR(
              CheckTermsCover(edit.folded(), outcome.terms, disclosed.members, "outcome"));
        } else {
          RETURN_IF_ERROR(CheckReason(kind, request.reason(), request.note()));
          fact.reason = request.reason();
        }
        fact.details = std::move(outcome);
        return edit.Write(std::move(fact)).status();
      };
  co_return co_await RunVerb(parts_, std::move(verb), std::move(act));
}

}  // namespace redress::referral
