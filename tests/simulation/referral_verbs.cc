#include "tests/simulation/referral_verbs.h"

#include <type_traits>
#include <utility>

#include "fmt/format.h"
#include "services/referral/app/verb_runner.h"
#include "services/referral/domain/access.h"
#include "services/referral/domain/codes.h"
#include "services/referral/domain/life_cycle.h"
#include "tests/simulation/attempt.h"

namespace redress::simulation {
namespace {

namespace v1 = referral::v1;
using referral::ReferralState;
using referral::Side;
using referral::Verb;

template <class Response>
std::string DigestOf(const Response& response, Deed& deed) {
  const v1::ReferralChange& change = response.change();
  if constexpr (requires { response.entry_ids(); }) {
    deed.entry_ids.assign(response.entry_ids().begin(), response.entry_ids().end());
  }
  // Which verb it was depends on what the other members had said.
  if constexpr (std::is_same_v<Response, v1::AnswerProposalResponse>) {
    deed.variant = v1::ReferralState_Name(change.state());
  }
  return fmt::format("{} {} {} {}", change.referral_id(), change.etag(),
                     static_cast<int>(change.state()), change.commit_number());
}

referral::Caller MakeCaller(const std::string& node, const std::string& person,
                            const std::string& body, auth::Role role) {
  auth::Principal principal;
  principal.node = node;
  principal.person_id = person;
  principal.body_id = body;
  principal.roles = {role};
  return std::make_shared<const auth::Principal>(std::move(principal));
}

std::string RequestIdOf(const Deed& deed) { return fmt::format("request-{:010}", deed.number); }

std::string_view AnyOf(const CodeList& codes, Dice& dice) {
  // All but the last, OTHER, which needs a note.
  return codes.codes()[dice.Below(codes.codes().size() - 1)];
}

constexpr Verb kHomeVerbs[] = {Verb::kProvideInformation, Verb::kAnswerProposal, Verb::kRecall,
                               Verb::kRequeue, Verb::kUpdateDisclosure};
constexpr Verb kReceiverVerbs[] = {Verb::kAcknowledge,      Verb::kAccept,
                                   Verb::kDecline,          Verb::kRequestInformation,
                                   Verb::kForward,          Verb::kStart,
                                   Verb::kRecordStep,       Verb::kHold,
                                   Verb::kResume,           Verb::kPropose,
                                   Verb::kWithdrawProposal, Verb::kConcludeResolved,
                                   Verb::kRecordMoney,      Verb::kConcludeUnresolved};

// How likely a person chooses a verb that the state allows, beside the others: ends are chosen
// rarely, or no referral would get far.
uint64_t WeightOf(Verb verb) {
  switch (verb) {
    case Verb::kRecall:
    case Verb::kDecline:
    case Verb::kConcludeResolved:
    case Verb::kConcludeUnresolved:
    case Verb::kForward:
      return 1;
    default:
      return 4;
  }
}

}  // namespace

ReferralVerbs::ReferralVerbs(People& people, const KnownReferral& referral)
    : people_(people), referral_(referral), dice_(people.dice_) {}

Verb ReferralVerbs::Choose(Side side) {
  std::vector<Verb> of;
  const ReferralState state =
      loaded_.has_value() ? loaded_->folded.state : ReferralState::kDelivered;
  const bool any = dice_.Chance(people_.options_.wrong_verbs);
  const auto consider = [&](Verb verb) {
    const bool money = verb == Verb::kRecordMoney && loaded_ && loaded_->folded.accepted;
    if (!any && !money && !referral::FindTransition(state, verb)) return;
    for (uint64_t i = 0; i < WeightOf(verb); ++i) of.push_back(verb);
  };
  if (side == Side::kHome) {
    for (const Verb verb : kHomeVerbs) consider(verb);
  } else {
    for (const Verb verb : kReceiverVerbs) consider(verb);
  }
  return of.empty() ? Verb::kReRefer : dice_.Pick(of);
}

void ReferralVerbs::Load(Side side) {
  loaded_.reset();
  members_.clear();
  node_ = people_.nodes_.at(side == Side::kHome ? referral_.home : referral_.destination).get();
  const auto id = ReferralId::Parse(referral_.id, "id");
  const referral::ReferralRef ref{side, *id};
  auto loaded = node_->inspector.Run(referral::LoadReferral(node_->inspector.referral(), ref));
  if (loaded.ok() && loaded->has_value()) loaded_ = **std::move(loaded);
  if (loaded_.has_value()) {
    auto members = node_->inspector.Run(referral::DisclosedMembers(
        node_->inspector.referral(), ref, loaded_->record.disclosure_number()));
    if (members.ok()) {
      for (const MemberId& member : *members) members_.push_back(member.ToString());
    }
  }
}

void ReferralVerbs::Act() {
  Load(Side::kHome);
  // The receiver, who could take a proposal back, would rarely leave home the time to answer it.
  const bool asked = loaded_ && (loaded_->folded.state == ReferralState::kSolutionProposed ||
                                 loaded_->folded.state == ReferralState::kInfoRequested);
  const Side side = dice_.Chance(asked ? 800 : 300) ? Side::kHome : Side::kDestination;
  if (side == Side::kDestination) Load(side);
  const Verb verb = Choose(side);
  if (verb == Verb::kReRefer) return;
  deed_ = people_.NewDeed("", *node_, referral_.id);
  std::string body = side == Side::kHome ? node_->name() + ":mol" : referral_.receiver;
  auth::Role role = side == Side::kHome ? auth::Role::kMinistry : auth::Role::kContact;
  if (dice_.Chance(people_.options_.wrong_people)) {
    if (dice_.Chance(500)) body = node_->name() + ":desk";
    if (dice_.Chance(500)) role = auth::Role::kDesk;
  }
  caller_ = MakeCaller(node_->name(), deed_->person, body, role);
  side == Side::kHome ? Home(verb) : Receiver(verb);
}

template <class Request>
Request ReferralVerbs::Make() {
  Request request;
  request.set_request_id(RequestIdOf(*deed_));
  request.set_referral_id(referral_.id);
  std::string etag = loaded_ ? referral::EtagOf(loaded_->folded) : "1.1";
  if (dice_.Chance(people_.options_.stale_etags)) etag = "1.0";
  request.set_etag(std::move(etag));
  return request;
}

template <class Request, class Response, class Verbs>
void ReferralVerbs::Begin(const char* verb, Verbs ReferralLife::* verbs,
                          referral::Answer<Response> (Verbs::*method)(referral::Caller, Request),
                          Request request) {
  deed_->verb = verb;
  deed_->attempt = [&node = *node_, caller = caller_, verb, verbs, method,
                    request = std::move(request)](Deed& deed, Process& client) {
    std::function<async::Task<absl::StatusOr<Response>>()> handler = [&node, &deed, caller, verb,
                                                                      verbs, method, request] {
      absl::Status gate = referral::ReferralAccess().Check(verb, *caller);
      deed.by_gate = !gate.ok();
      if (!gate.ok()) return Refused<Response>(std::move(gate));
      return ((*node.referral.life).*verbs.*method)(caller, request);
    };
    return Digested<Response>(
        Call<Response>(node.weather, client, node.referral, std::move(handler)), deed,
        DigestOf<Response>);
  };
  people_.Begin(std::move(deed_));
}

void ReferralVerbs::Home(Verb verb) {
  using L = ReferralLife;
  using H = referral::HomeVerbs;
  if (verb == Verb::kProvideInformation) {
    auto request = Make<v1::ProvideInformationRequest>();
    request.set_question_number(loaded_ ? loaded_->folded.questions : 1);
    request.set_answer("What was asked for.");
    request.set_with_disclosure(dice_.Chance(300));
    deed_->variant = request.with_disclosure() ? "WITH_DISCLOSURE" : "";
    Begin("ProvideInformation", &L::home, &H::ProvideInformation, std::move(request));
  } else if (verb == Verb::kAnswerProposal) {
    auto request = Make<v1::AnswerProposalRequest>();
    request.set_proposal_number(loaded_ ? loaded_->folded.proposals : 1);
    for (const std::string& member : members_) {
      if (members_.size() > 1 && dice_.Chance(300)) continue;
      v1::MemberAnswer* answer = request.add_answers();
      answer->set_member_id(member);
      answer->set_accepted(dice_.Chance(850));
    }
    request.mutable_instruction()->set_how("PHONE");
    request.mutable_instruction()->set_given_on("2026-11-21");
    Begin("AnswerProposal", &L::home, &H::AnswerProposal, std::move(request));
  } else if (verb == Verb::kRecall) {
    auto request = Make<v1::RecallReferralRequest>();
    request.set_reason("WRONG_RECEIVER");
    Begin("RecallReferral", &L::home, &H::RecallReferral, std::move(request));
  } else if (verb == Verb::kRequeue) {
    Begin("RequeueReferral", &L::home, &H::RequeueReferral, Make<v1::RequeueReferralRequest>());
  } else {
    Begin("UpdateDisclosure", &L::home, &H::UpdateDisclosure, Make<v1::UpdateDisclosureRequest>());
  }
}

v1::MemberTerms ReferralVerbs::Terms() {
  v1::MemberTerms terms;
  terms.add_remedies("WAGES_PAID");
  terms.add_amounts()->set_currency_code("MYR");
  terms.mutable_amounts(0)->set_amount(fmt::format("{}.00", 100 + dice_.Below(900)));
  return terms;
}

void ReferralVerbs::Money() {
  auto request = Make<v1::RecordReferralMoneyRequest>();
  intake::v1::MoneyEntry* entry = request.add_entries();
  entry->set_member_id(members_.empty() ? std::string(26, '0') : dice_.Pick(members_));
  static const std::vector<std::string> kinds = {"DUE", "PAID", "RECEIVED", "DEPOSIT_USED"};
  entry->set_kind(dice_.Pick(kinds));
  entry->mutable_amount()->set_currency_code("MYR");
  entry->mutable_amount()->set_amount(fmt::format("{}.50", 1 + dice_.Below(200)));
  entry->set_happened_on("2026-11-21");
  if (entry->kind() == "RECEIVED") {
    entry->mutable_instruction()->set_how("PHONE");
    entry->mutable_instruction()->set_given_on("2026-11-21");
  }
  Begin("RecordReferralMoney", &ReferralLife::receiver,
        &referral::ReceiverVerbs::RecordReferralMoney, std::move(request));
}

void ReferralVerbs::Receiver(Verb verb) {
  using L = ReferralLife;
  using R = referral::ReceiverVerbs;
  const std::string point = referral_.receiver + "/f1";
  if (verb == Verb::kAcknowledge) {
    auto request = Make<v1::AcknowledgeReferralRequest>();
    request.set_focal_point_id(point);
    Begin("AcknowledgeReferral", &L::receiver, &R::AcknowledgeReferral, std::move(request));
  } else if (verb == Verb::kAccept) {
    auto request = Make<v1::AcceptReferralRequest>();
    request.mutable_acceptance()->set_focal_point_id(point);
    Begin("AcceptReferral", &L::receiver, &R::AcceptReferral, std::move(request));
  } else if (verb == Verb::kDecline) {
    auto request = Make<v1::DeclineReferralRequest>();
    request.set_reason(std::string(AnyOf(referral::kDeclineReasons, dice_)));
    Begin("DeclineReferral", &L::receiver, &R::DeclineReferral, std::move(request));
  } else if (verb == Verb::kRequestInformation) {
    auto request = Make<v1::RequestInformationRequest>();
    request.add_items()->set_field_group(intake::v1::FIELD_GROUP_EMPLOYMENT);
    request.mutable_items(0)->set_question("Since when?");
    Begin("RequestInformation", &L::receiver, &R::RequestInformation, std::move(request));
  } else if (verb == Verb::kForward) {
    auto request = Make<v1::ForwardReferralRequest>();
    request.set_to_body_id(dice_.Pick(people_.knowledge_.bodies));
    request.set_reason(std::string(AnyOf(referral::kDeclineReasons, dice_)));
    Begin("ForwardReferral", &L::receiver, &R::ForwardReferral, std::move(request));
  } else if (verb == Verb::kStart) {
    Begin("StartReferral", &L::receiver, &R::StartReferral, Make<v1::StartReferralRequest>());
  } else if (verb == Verb::kRecordStep) {
    auto request = Make<v1::RecordStepRequest>();
    request.mutable_step()->set_kind("NEGOTIATION");
    request.mutable_step()->mutable_held_at()->set_seconds(1'795'000'000);
    Begin("RecordStep", &L::receiver, &R::RecordStep, std::move(request));
  } else if (verb == Verb::kHold) {
    auto request = Make<v1::HoldReferralRequest>();
    request.set_reason(std::string(AnyOf(referral::kHoldReasons, dice_)));
    Begin("HoldReferral", &L::receiver, &R::HoldReferral, std::move(request));
  } else if (verb == Verb::kResume) {
    Begin("ResumeReferral", &L::receiver, &R::ResumeReferral, Make<v1::ResumeReferralRequest>());
  } else if (verb == Verb::kPropose) {
    auto request = Make<v1::ProposeSolutionRequest>();
    *request.mutable_proposal()->mutable_for_each_other() = Terms();
    request.mutable_proposal()->set_payer("EMPLOYER");
    Begin("ProposeSolution", &L::receiver, &R::ProposeSolution, std::move(request));
  } else if (verb == Verb::kWithdrawProposal) {
    auto request = Make<v1::WithdrawProposalRequest>();
    request.set_reason("CORRECTION");
    Begin("WithdrawProposal", &L::receiver, &R::WithdrawProposal, std::move(request));
  } else if (verb == Verb::kConcludeResolved || verb == Verb::kConcludeUnresolved) {
    auto request = Make<v1::ConcludeReferralRequest>();
    request.set_resolved(verb == Verb::kConcludeResolved);
    deed_->variant = request.resolved() ? "RESOLVED" : "UNRESOLVED";
    request.mutable_outcome()->set_awarded(dice_.Chance(300));
    if (request.resolved()) *request.mutable_outcome()->mutable_for_each_other() = Terms();
    if (!request.resolved()) request.set_reason("RESPONDENT_NOT_FOUND");
    Begin("ConcludeReferral", &L::receiver, &R::ConcludeReferral, std::move(request));
  } else {
    Money();
  }
}

void ReferralVerbs::Refer(People& people, const KnownCase& known) {
  KnownReferral none;
  none.case_number = known.number;
  ReferralVerbs verbs(people, none);
  Dice& dice = verbs.dice_;
  verbs.node_ = people.nodes_.at(known.home).get();
  verbs.deed_ = people.NewDeed("", *verbs.node_, known.number);
  const auth::Role role =
      dice.Chance(people.options_.wrong_people) ? auth::Role::kContact : auth::Role::kMinistry;
  verbs.caller_ = MakeCaller(known.home, verbs.deed_->person, known.home + ":mol", role);
  auto view = verbs.node_->inspector.Run(verbs.node_->inspector.intake().queries().GetComplaint(
      verbs.caller_, *CaseNumber::Parse(known.number, "case_number")));
  v1::ReferComplaintRequest request;
  request.set_request_id(RequestIdOf(*verbs.deed_));
  request.set_case_number(known.number);
  const bool stale = !view.ok() || dice.Chance(people.options_.stale_etags);
  request.set_case_etag(stale ? "1" : std::to_string(view->version));
  request.set_receiver_body_id(dice.Pick(people.knowledge_.bodies));
  request.set_ad_hoc(true);
  if (dice.Chance(200)) request.add_member_ids(dice.Pick(known.members));
  if (dice.Chance(200)) request.set_urgency("EMERGENCY");
  verbs.Begin("ReferComplaint", &ReferralLife::home, &referral::HomeVerbs::ReferComplaint,
              std::move(request));
}

}  // namespace redress::simulation
