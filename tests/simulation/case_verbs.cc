#include "tests/simulation/case_verbs.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "services/intake/domain/access.h"
#include "services/intake/domain/testing/sample_filing.h"
#include "tests/simulation/attempt.h"
#include "tests/simulation/referral_verbs.h"

namespace redress::simulation {
namespace {

using intake::CaseState;
using intake::VerbAnswer;

constexpr int kMostMembers = 3;

intake::WorkerInstruction ByPhone() { return {"PHONE", "2026-11-21", "call noted"}; }

intake::Caller MakeCaller(const std::string& node, const std::string& person,
                          const std::string& body, auth::Role role) {
  auth::Principal principal;
  principal.node = node;
  principal.person_id = person;
  principal.body_id = body;
  principal.roles = {role};
  if (role == auth::Role::kMinistry) principal.rights = {auth::Right::kApprove};
  return std::make_shared<const auth::Principal>(std::move(principal));
}

std::string DigestOf(const VerbAnswer& answer, Deed& deed) {
  std::string digest =
      fmt::format("{} {} {} {}", answer.case_number.ToString(), static_cast<int>(answer.state),
                  absl::ToUnixMicros(answer.committed_at), answer.member_count);
  deed.entry_ids.clear();
  for (const MemberId& id : answer.member_ids) digest += " " + id.ToString();
  for (const RandomId& id : answer.entry_ids) {
    deed.entry_ids.push_back(id.ToString());
    digest += " " + id.ToString();
  }
  return digest;
}

intake::ComplaintFiling NewFiling(Dice& dice, const std::vector<std::string>& bodies,
                                  std::vector<std::string>& consented) {
  const int members = 1 + static_cast<int>(dice.Below(kMostMembers));
  intake::ComplaintFiling filing = intake::SampleFiling(members);
  if (members == 1) filing.complaint.scope = "INDIVIDUAL";
  filing.consents = {intake::SampleConsent("FILING", "")};
  for (const std::string& body : bodies) {
    if (dice.Chance(300)) continue;
    consented.push_back(body);
    filing.consents.push_back(intake::SampleConsent("REFERRAL", body));
  }
  for (intake::Consent& consent : filing.consents) consent.expires_on.clear();
  return filing;
}

}  // namespace

CaseVerbs::CaseVerbs(People& people, const KnownCase& known)
    : people_(people),
      known_(people.knowledge_.cases.at(known.number)),
      dice_(people.dice_),
      node_(*people.nodes_.at(known.home)) {}

void CaseVerbs::Begin(People& people, Node& node, std::shared_ptr<Deed> deed, const char* name,
                      intake::Caller caller, Verb verb,
                      std::function<void(const VerbAnswer&)> on_answer) {
  deed->verb = name;
  const intake::RequestMark mark{
      RequestId::FromTrusted(fmt::format("request-{:010}", deed->number)),
      journal::DigestContent(fmt::format("deed {}", deed->number))};
  deed->attempt = [&node, caller = std::move(caller), name, verb = std::move(verb), mark,
                   on_answer = std::move(on_answer)](Deed& one, Process& client) {
    std::function<async::Task<absl::StatusOr<VerbAnswer>>()> handler = [&node, &one, caller, name,
                                                                        verb, mark] {
      absl::Status gate = intake::IntakeAccess().Check(name, *caller);
      one.by_gate = !gate.ok();
      if (!gate.ok()) return Refused<VerbAnswer>(std::move(gate));
      return verb(node.intake.life->app, caller, mark);
    };
    return Digested<VerbAnswer>(
        Call<VerbAnswer>(node.weather, client, node.intake, std::move(handler)), one,
        [on_answer](const VerbAnswer& answer, Deed& asked) {
          if (on_answer) on_answer(answer);
          return DigestOf(answer, asked);
        });
  };
  people.Begin(std::move(deed));
}

void CaseVerbs::Begin(const char* name, Verb verb) {
  Begin(people_, node_, std::move(deed_), name, caller_, std::move(verb));
}

void CaseVerbs::File(People& people, Node& node) {
  auto deed = people.NewDeed("", node, "");
  std::vector<std::string> consented;
  intake::ComplaintFiling filing = NewFiling(people.dice_, people.knowledge_.bodies, consented);
  const intake::Caller caller =
      MakeCaller(node.name(), deed->person, node.name() + ":desk", auth::Role::kDesk);
  const std::weak_ptr<Deed> weak = deed;  // It owns what refers to it.
  Begin(
      people, node, std::move(deed), "FileComplaint", caller,
      [filing](intake::IntakeApp& app, intake::Caller by, intake::RequestMark mark) {
        return app.filing().FileComplaint(std::move(by), std::move(mark), filing);
      },
      [&people, weak, consented, home = node.name()](const VerbAnswer& answer) {
        const std::string number = answer.case_number.ToString();
        const std::shared_ptr<Deed> kept = weak.lock();
        kept->about = number;
        KnownCase known;
        known.number = number;
        known.home = home;
        for (const MemberId& id : answer.member_ids) {
          known.members.push_back(id.ToString());
          for (const std::string& body : consented) {
            known.consents[{id.ToString(), body}].push_back({true, kept});
          }
        }
        people.knowledge_.cases.try_emplace(number, std::move(known));
      });
}

intake::Caller CaseVerbs::Staff(auth::Role role) {
  std::string body = node_.name() + (role == auth::Role::kDesk ? ":desk" : ":mol");
  if (dice_.Chance(people_.options_.wrong_people)) {
    role = auth::Role::kContact;
    if (dice_.Chance(500)) role = auth::Role::kDesk;
    body = node_.name() + ":union";
  }
  return MakeCaller(node_.name(), deed_->person, body, role);
}

intake::CaseTarget CaseVerbs::Target() {
  const CaseNumber number = *CaseNumber::Parse(known_.number, "case_number");
  const bool stale = !view_.ok() || dice_.Chance(people_.options_.stale_etags);
  return {number, stale ? kv::Version{1} : view_->version};
}

std::vector<std::string> CaseVerbs::SomeMembers() {
  std::vector<std::string> some;
  for (const std::string& member : known_.members) {
    if (dice_.Chance(500)) some.push_back(member);
  }
  if (some.empty()) some.push_back(dice_.Pick(known_.members));
  return some;
}

void CaseVerbs::Say(const std::vector<std::string>& members,
                    const std::vector<std::string>& receivers, bool granted) {
  for (const std::string& member : members) {
    for (const std::string& receiver : receivers) {
      known_.consents[{member, receiver}].push_back({granted, deed_});
    }
  }
}

void CaseVerbs::Act() {
  const auto number = CaseNumber::Parse(known_.number, "case_number");
  const intake::Caller reader =
      MakeCaller(node_.name(), "reader", node_.name() + ":mol", auth::Role::kMinistry);
  view_ = node_.inspector.Run(node_.inspector.intake().queries().GetComplaint(reader, *number));
  const CaseState state = view_.ok() ? view_->head.state : CaseState::kUnspecified;
  if (state == CaseState::kFiled && dice_.Chance(700)) return Screen(dice_.Chance(900));
  if (state == CaseState::kOpen && dice_.Chance(400)) return ReferralVerbs::Refer(people_, known_);
  const bool over = state != CaseState::kFiled && state != CaseState::kOpen;
  deed_ = people_.NewDeed("", node_, known_.number);
  if (over && dice_.Chance(700)) return Reopen();
  if (view_.ok() && !view_->open_approvals.empty() && dice_.Chance(900)) return WriteOff();
  switch (dice_.Below(19)) {
    case 0:
      return Withdraw();
    case 1:
      return Reopen();
    case 2:
      return Close();
    case 3:
    case 16:
    case 17:
    case 18:
      return WriteOff();
    case 4:
      deed_.reset();
      return Screen(true);
    case 5:
    case 6:
      return Consent(false);
    case 7:
    case 8:
      return Consent(true);
    case 9:
    case 10:
      return Amend();
    case 11:
    case 12:
      return AddMember();
    default:
      return Money();
  }
}

void CaseVerbs::Screen(bool admit) {
  const auto number = CaseNumber::Parse(known_.number, "case_number");
  const intake::Caller reader =
      MakeCaller(node_.name(), "reader", node_.name() + ":mol", auth::Role::kMinistry);
  view_ = node_.inspector.Run(node_.inspector.intake().queries().GetComplaint(reader, *number));
  deed_ = people_.NewDeed("", node_, known_.number);
  caller_ = Staff(auth::Role::kMinistry);
  deed_->variant = admit ? "ADMITTED" : "INADMISSIBLE";
  intake::ScreenCommand command{Target(), {}};
  command.decision.admit = admit;
  if (admit) {
    command.decision.primary_category = {"WAGE_UNDERPAYMENT", "", ""};
    command.decision.urgency = "NORMAL";
  } else {
    command.decision.reason = "NOT_A_LABOUR_MATTER";
  }
  Begin("ScreenComplaint",
        [command](intake::IntakeApp& app, intake::Caller by, intake::RequestMark mark) {
          return app.cases().ScreenComplaint(std::move(by), std::move(mark), command);
        });
}

void CaseVerbs::Amend() {
  caller_ = Staff(auth::Role::kDesk);
  intake::AmendCommand command{Target(), {"narrative"}, intake::SampleFiling(1).complaint, {}, ""};
  command.complaint->narrative = fmt::format("told again, {}", deed_->number);
  command.reason = "the worker remembered more";
  Begin("AmendComplaint",
        [command](intake::IntakeApp& app, intake::Caller by, intake::RequestMark mark) {
          return app.cases().AmendComplaint(std::move(by), std::move(mark), command);
        });
}

// Somebody who has not agreed yet that anybody is told.
void CaseVerbs::AddMember() {
  caller_ = Staff(auth::Role::kDesk);
  const int number = static_cast<int>(known_.members.size()) + 1;
  intake::AddMembersCommand command{Target(), {intake::SampleFiling(number).members.back()}, {}};
  command.consents = {intake::SampleConsent("FILING", "")};
  command.consents[0].expires_on.clear();
  Begin(
      people_, node_, std::move(deed_), "AddGroupMembers", caller_,
      [command](intake::IntakeApp& app, intake::Caller by, intake::RequestMark mark) {
        return app.filing().AddGroupMembers(std::move(by), std::move(mark), command);
      },
      [&people = people_, number = known_.number](const VerbAnswer& answer) {
        std::vector<std::string>& members = people.knowledge_.cases.at(number).members;
        for (const MemberId& id : answer.member_ids) {
          // A repeated request is told the same again.
          if (std::find(members.begin(), members.end(), id.ToString()) != members.end()) continue;
          members.push_back(id.ToString());
        }
      });
}

void CaseVerbs::Consent(bool grant) {
  caller_ = Staff(auth::Role::kDesk);
  const std::vector<std::string> members = SomeMembers();
  if (grant) {
    const std::string receiver = dice_.Pick(people_.knowledge_.bodies);
    intake::RecordConsentCommand command{Target(), members, {}};
    command.consents = {intake::SampleConsent("REFERRAL", receiver)};
    command.consents[0].expires_on.clear();
    Say(members, {receiver}, true);
    return Begin("RecordConsent",
                 [command](intake::IntakeApp& app, intake::Caller by, intake::RequestMark mark) {
                   return app.consents().RecordConsent(std::move(by), std::move(mark), command);
                 });
  }
  intake::RevokeConsentCommand command{Target(), members, "REFERRAL", "", ByPhone()};
  if (dice_.Chance(700)) command.receiver_body_id = dice_.Pick(people_.knowledge_.bodies);
  std::vector<std::string> receivers = {command.receiver_body_id};
  if (command.receiver_body_id.empty()) receivers = people_.knowledge_.bodies;
  Say(members, receivers, false);
  Begin("RevokeConsent",
        [command](intake::IntakeApp& app, intake::Caller by, intake::RequestMark mark) {
          return app.consents().RevokeConsent(std::move(by), std::move(mark), command);
        });
}

void CaseVerbs::Withdraw() {
  caller_ = Staff(auth::Role::kDesk);
  intake::WithdrawCommand command{Target(), {{}, "VOLUNTARY", "", ByPhone()}};
  if (known_.members.size() > 1 && dice_.Chance(600)) command.decision.member_ids = SomeMembers();
  deed_->variant = command.decision.member_ids.empty() ? "WHOLE" : "MEMBERS";
  Begin("WithdrawComplaint",
        [command](intake::IntakeApp& app, intake::Caller by, intake::RequestMark mark) {
          return app.cases().WithdrawComplaint(std::move(by), std::move(mark), command);
        });
}

void CaseVerbs::Reopen() {
  caller_ = Staff(auth::Role::kMinistry);
  intake::ReopenCommand command{Target(), {}};
  command.decision.kind = static_cast<intake::ReopenKind>(1 + dice_.Below(3));
  deed_->variant = intake::ReopenKindName(command.decision.kind);
  command.decision.reason = "the worker asked";
  command.decision.instruction = ByPhone();
  Begin("ReopenComplaint",
        [command](intake::IntakeApp& app, intake::Caller by, intake::RequestMark mark) {
          return app.cases().ReopenComplaint(std::move(by), std::move(mark), command);
        });
}

void CaseVerbs::Close() {
  caller_ = Staff(auth::Role::kMinistry);
  intake::CloseCommand command{Target(), {CaseState::kClosedResolved, {"WAGES_PAID"}, {}, "", ""}};
  if (dice_.Chance(500)) {
    command.decision = {CaseState::kClosedUnresolved, {}, {}, "EVIDENCE_LACKING", ""};
  }
  deed_->variant = intake::CaseStateName(command.decision.outcome);
  Begin("CloseComplaint",
        [command](intake::IntakeApp& app, intake::Caller by, intake::RequestMark mark) {
          return app.cases().CloseComplaint(std::move(by), std::move(mark), command);
        });
}

void CaseVerbs::Money() {
  caller_ = Staff(auth::Role::kDesk);
  intake::RecordMoneyCommand command{
      {*CaseNumber::Parse(known_.number, "case_number"), std::nullopt}, {}};
  static const std::vector<std::string> kinds = {"OFFERED",  "AWARDED", "PAID",
                                                 "RECEIVED", "DUE",     "CLAIMED"};
  const uint64_t entries = 1 + dice_.Below(2);
  for (uint64_t i = 0; i < entries; ++i) {
    intake::MoneyEntry entry;
    entry.member_id = dice_.Pick(known_.members);
    entry.kind = dice_.Pick(kinds);
    entry.amount = intake::WrittenMoney{"MYR", fmt::format("{}.25", 1 + dice_.Below(500))};
    entry.happened_on = "2026-11-21";
    if (entry.kind == "RECEIVED") entry.instruction = ByPhone();
    command.entries.push_back({std::move(entry), {}, {}, {}, {}});
  }
  Begin("RecordMoney",
        [command](intake::IntakeApp& app, intake::Caller by, intake::RequestMark mark) {
          return app.money().RecordMoney(std::move(by), std::move(mark), command);
        });
}

// Asks for a write-off, or decides on one that was asked for.
void CaseVerbs::WriteOff() {
  caller_ = Staff(auth::Role::kMinistry);
  if (view_.ok() && !view_->open_approvals.empty()) {
    intake::ApproveCommand command{Target(),
                                   view_->open_approvals[0].approval.approval_id.ToString(),
                                   dice_.Chance(700) ? "APPROVED" : "REFUSED", "looked"};
    deed_->variant = command.decision;
    return Begin("Approve",
                 [command](intake::IntakeApp& app, intake::Caller by, intake::RequestMark mark) {
                   return app.approvals().Approve(std::move(by), std::move(mark), command);
                 });
  }
  intake::RequestApprovalCommand command{Target(), {}, "the factory is gone", {}, {}};
  command.write_off = {{dice_.Pick(known_.members), intake::WrittenMoney{"MYR", "5.00"}}};
  Begin("RequestApproval",
        [command](intake::IntakeApp& app, intake::Caller by, intake::RequestMark mark) {
          return app.approvals().RequestApproval(std::move(by), std::move(mark), command);
        });
}

}  // namespace redress::simulation
