#include <string_view>

#include "services/status/app/event_data.h"
#include "services/status/app/proto_time.h"
#include "services/status/clients/event_conversion.h"

namespace redress::status {
namespace {

namespace rv1 = ::redress::referral::v1;

// "FACT_KIND_ACCEPTED" → "ACCEPTED".
std::string WithoutPrefix(std::string_view name, std::string_view prefix) {
  if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  return std::string(name);
}

void TakeOpened(const rv1::ReferralOpened& from, ReferralEvent& to) {
  to.kind = ReferralKind::kOpened;
  if (from.has_dimensions()) to.dimensions = FromProto(from.dimensions());
  to.sent_at = REDRESS_GET_TIME(from, sent_at);
  to.filed_at = REDRESS_GET_TIME(from, filed_at);
}

void TakeFact(const rv1::FactAdded& from, ReferralEvent& to) {
  to.kind = ReferralKind::kFact;
  to.fact = WithoutPrefix(rv1::FactKind_Name(from.fact_kind()), "FACT_KIND_");
  to.reason = from.reason();
  to.actor = {from.actor().node_id(), from.actor().body_id(), from.actor().role()};
  to.lost = from.lost();
  to.proposal_number = from.proposal_number();
  to.detail = from.step_kind();
  if (to.detail.empty()) to.detail = from.sanction();
  if (to.detail.empty()) to.detail = from.to_body_id();
  to.date = REDRESS_GET_TIME(from, step_held_at);
  to.next_date = REDRESS_GET_TIME(from, next_date);
  for (const rv1::MemberAnswer& answer : from.answers()) {
    to.answers.push_back({answer.member_id(), answer.accepted()});
  }
}

void TakeMoney(const rv1::MoneyRecorded& from, ReferralEvent& to) {
  to.kind = ReferralKind::kMoney;
  to.entries = FromProtos(from.entries());
  to.totals = FromProtos(from.totals());
}

void TakeClock(const rv1::ClockWarning& from, ReferralEvent& to) {
  to.kind = ReferralKind::kClock;
  to.detail = WithoutPrefix(rv1::ClockKind_Name(from.clock()), "CLOCK_KIND_");
  to.date = REDRESS_GET_TIME(from, due_at);
}

void TakeBody(const rv1::BodyChanged& from, ReferralEvent& to) {
  to.kind = ReferralKind::kBody;
  to.body = {from.body_id(), from.names().empty() ? "" : from.names(0).name(), from.kind(),
             from.country(), from.active()};
}

void TakeAgreement(const rv1::AgreementChanged& from, ReferralEvent& to) {
  to.kind = ReferralKind::kAgreement;
  to.agreement.agreement_id = from.agreement_id();
  if (!from.halves_match()) return;
  for (const rv1::ProxyMission& mission : from.proxy_missions()) {
    to.agreement.missions.push_back({mission.acting_country(), mission.nationality(),
                                     mission.host_country(), from.in_force().from(),
                                     from.in_force().to()});
  }
}

void TakePosting(const rv1::Posting& from, ReferralEvent& to) {
  to.kind = ReferralKind::kPosting;
  to.posting = {from.posting_id(),
                from.person_id(),
                {from.sending_country(), from.sending_country(), from.host_country(), from.from(),
                 from.to()}};
}

void TakeKind(const rv1::Event& from, ReferralEvent& to) {
  switch (from.kind_case()) {
    case rv1::Event::kSent:
      return TakeOpened(from.sent(), to);
    case rv1::Event::kReceived:
      return TakeOpened(from.received(), to);
    case rv1::Event::kMembersDisclosed:
      to.kind = ReferralKind::kMembersDisclosed;
      to.members = FromProtos(from.members_disclosed().members());
      return;
    case rv1::Event::kFact:
      return TakeFact(from.fact(), to);
    case rv1::Event::kDisclosure:
      to.kind = ReferralKind::kDisclosureUpdated;
      if (from.disclosure().has_dimensions()) {
        to.dimensions = FromProto(from.disclosure().dimensions());
      }
      return;
    case rv1::Event::kMoney:
      return TakeMoney(from.money(), to);
    case rv1::Event::kFile:
      to.kind = ReferralKind::kFile;
      to.of_home = from.file().added_by() == rv1::SIDE_HOME;
      to.whole = from.file().whole();
      return;
    case rv1::Event::kClock:
      return TakeClock(from.clock(), to);
    case rv1::Event::kPeerConfirmed:
      to.kind = ReferralKind::kPeerConfirmed;
      return;
    case rv1::Event::kLink:
      to.kind = ReferralKind::kLink;
      to.link = {from.link().peer_node(), from.link().up(),
                 REDRESS_GET_TIME(from.link(), heard_at)};
      return;
    case rv1::Event::kBody:
      return TakeBody(from.body(), to);
    case rv1::Event::kAgreement:
      return TakeAgreement(from.agreement(), to);
    case rv1::Event::kPosting:
      return TakePosting(from.posting().posting(), to);
    default:
      return;
  }
}

}  // namespace

ReferralEvent FromProto(const rv1::Event& from) {
  ReferralEvent to;
  to.number = from.number();
  to.occurred_at = REDRESS_GET_TIME(from, occurred_at);
  to.recorded_at = REDRESS_GET_TIME(from, recorded_at);
  if (to.recorded_at == kNoTime) to.recorded_at = to.occurred_at;
  to.referral_id = from.referral_id();
  to.case_number = from.case_number();
  to.at_home = from.local_side() == rv1::SIDE_HOME;
  to.state_before = static_cast<ReferralState>(from.state_before());
  to.state_after = static_cast<ReferralState>(from.state_after());
  to.holder_body_id = from.holder_body_id();
  to.receiver_body_id = from.receiver_body_id();
  to.home_node = from.home_node();
  to.destination_node = from.destination_node();
  const rv1::Clocks& clocks = from.clocks();
  to.clocks.accept_by = REDRESS_GET_TIME(clocks, accept_by);
  to.clocks.deliver_by = REDRESS_GET_TIME(clocks, deliver_by);
  to.clocks.information_by = REDRESS_GET_TIME(clocks, information_by);
  to.clocks.proposal_by = REDRESS_GET_TIME(clocks, proposal_by);
  to.clocks.resolve_by = REDRESS_GET_TIME(clocks, resolve_by);
  to.clocks.stopped = clocks.stopped();
  to.home_facts = from.peer().home_facts();
  to.destination_facts = from.peer().destination_facts();
  to.confirmed_facts = from.peer().confirmed_facts();
  to.in_step = from.peer().in_step();
  to.heard_at = REDRESS_GET_TIME(from.peer(), heard_at);
  TakeKind(from, to);
  return to;
}

}  // namespace redress::status
