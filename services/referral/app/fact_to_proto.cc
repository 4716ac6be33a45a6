// The writing half of fact_conversion.h.
#include "fmt/format.h"
#include "services/platform/money/money.h"
#include "services/referral/app/fact_conversion.h"
#include "services/referral/app/proto_time.h"

namespace redress::referral {
namespace {

// Writes the details of one fact into its message, one overload a kind.
struct DetailsWriter {
  v1::Fact& to;
  const IsoCodes& codes;

  void operator()(const std::monostate&) const {}
  void operator()(const SentDetails& from) const {
    to.mutable_sent()->set_receiver_body_id(from.receiver.ToString());
    to.mutable_sent()->set_urgency(from.urgency);
    to.mutable_sent()->set_member_count(from.member_count);
  }
  void operator()(const DeliveredDetails& from) const {
    REDRESS_SET_TIME(*to.mutable_delivered(), arrived_at, from.arrived_at);
    to.mutable_delivered()->set_head_sha256(from.head_sha256);
  }
  void operator()(const SilenceDetails& from) const {
    REDRESS_SET_TIME(*to.mutable_silence(), due_at, from.due_at);
    to.mutable_silence()->set_link_drained(from.link_drained);
    REDRESS_SET_TIME(*to.mutable_silence(), peer_heard_at, from.peer_heard_at);
  }
  void operator()(const AcknowledgedDetails& from) const {
    to.mutable_acknowledged()->set_focal_point_id(from.focal_point_id);
  }
  void operator()(const AcceptedDetails& from) const {
    to.mutable_accepted()->set_focal_point_id(from.focal_point_id);
    to.mutable_accepted()->set_receiver_reference(from.receiver_reference);
  }
  void operator()(const DeclinedDetails& from) const {
    for (const BodyId& body : from.suggested) {
      to.mutable_declined()->add_suggested_body_ids(body.ToString());
    }
  }
  void operator()(const InformationRequestDetails& from) const {
    *to.mutable_information_request() = ToProto(from);
  }
  void operator()(const InformationAnswerDetails& from) const {
    v1::InformationAnswerDetails* answer = to.mutable_information_answer();
    answer->set_question_number(from.question_number);
    answer->set_answer(from.answer);
    answer->set_disclosure_number(from.disclosure_number);
    for (const RandomId& file : from.files) answer->add_evidence_ids(file.ToString());
  }
  void operator()(const ForwardDetails& from) const {
    to.mutable_forward()->set_to_body_id(from.to.ToString());
    if (!from.to.empty()) to.mutable_forward()->set_to_node_id(NodeOf(from.to).ToString());
    if (from.child) to.mutable_forward()->set_child_referral_id(from.child->ToString());
  }
  void operator()(const StepDetails& from) const {
    v1::StepDetails* step = to.mutable_step();
    step->set_kind(from.kind);
    REDRESS_SET_TIME(*step, held_at, from.held_at);
    step->set_place(from.place);
    step->set_announced(from.announced);
    step->set_summary(from.summary);
    for (const HearingNotice& notice : from.notices) {
      v1::HearingNotice* written = step->add_notices();
      written->set_party(notice.party);
      written->set_member_id(notice.member.ToString());
      REDRESS_SET_TIME(*written, notified_at, notice.notified_at);
      written->set_channel(notice.channel);
      written->set_attended(notice.attended);
    }
    REDRESS_SET_TIME(*step, next_date, from.next_date);
    for (const RandomId& file : from.files) step->add_evidence_ids(file.ToString());
  }
  void operator()(const HoldDetails& from) const {
    to.mutable_hold();
    if (from.until) to.mutable_hold()->set_until_date(from.until->ToString());
  }
  void operator()(const ProposalDetails& from) const {
    *to.mutable_proposal() = ToProto(from, codes);
  }
  void operator()(const ProposalAnswerDetails& from) const {
    v1::ProposalAnswerDetails* answered = to.mutable_proposal_answer();
    answered->set_proposal_number(from.proposal_number);
    answered->set_members_left(from.members_left);
    for (const MemberAnswer& answer : from.answers) {
      v1::MemberAnswer* written = answered->add_answers();
      written->set_member_id(answer.member.ToString());
      written->set_accepted(answer.accepted);
    }
  }
  void operator()(const OutcomeDetails& from) const {
    v1::OutcomeDetails* outcome = to.mutable_outcome();
    for (const MemberTerms& terms : from.terms.members) {
      *outcome->add_members() = ToProto(terms, codes);
    }
    if (from.terms.for_each_other) {
      *outcome->mutable_for_each_other() = ToProto(*from.terms.for_each_other, codes);
    }
    outcome->set_awarded(from.awarded);
    outcome->set_sanction(from.sanction);
    outcome->set_summary(from.summary);
    if (from.due) outcome->set_due_date(from.due->ToString());
  }
  void operator()(const RecallDetails& from) const {
    to.mutable_recall()->set_erasure_required(from.erasure_required);
  }
};

}  // namespace

v1::Fact ToProto(const Fact& fact, const IsoCodes& codes) {
  v1::Fact to;
  to.set_number(fact.number);
  to.set_side(static_cast<v1::Side>(fact.side()));
  to.set_kind(static_cast<v1::FactKind>(fact.kind));
  to.set_seen_number(fact.seen);
  REDRESS_SET_TIME(to, occurred_at, fact.occurred_at);
  to.mutable_actor()->set_node_id(fact.actor.node.ToString());
  to.mutable_actor()->set_body_id(fact.actor.body.ToString());
  to.mutable_actor()->set_role(fact.actor.role);
  to.set_reason(fact.reason);
  to.set_note(fact.note);
  to.set_person_id(fact.actor.person.ToString());
  if (!fact.actor.instruction.empty()) {
    to.mutable_instruction()->ParseFromString(fact.actor.instruction);
  }
  std::visit(DetailsWriter{to, codes}, fact.details);
  return to;
}

v1::MemberTerms ToProto(const MemberTerms& terms, const IsoCodes& codes) {
  v1::MemberTerms to;
  to.set_member_id(terms.member.ToString());
  for (const std::string& remedy : terms.remedies) to.add_remedies(remedy);
  for (const MoneyAmount& amount : terms.amounts) {
    common::v1::Money* money = to.add_amounts();
    money->set_currency_code(amount.currency);
    money->set_amount(FormatAmount(amount, codes));
  }
  return to;
}

v1::ProposalDetails ToProto(const ProposalDetails& details, const IsoCodes& codes) {
  v1::ProposalDetails to;
  to.set_proposal_number(details.proposal_number);
  for (const MemberTerms& terms : details.terms.members) *to.add_members() = ToProto(terms, codes);
  if (details.terms.for_each_other) {
    *to.mutable_for_each_other() = ToProto(*details.terms.for_each_other, codes);
  }
  to.set_payer(details.payer);
  to.set_conditions(details.conditions);
  REDRESS_SET_TIME(to, answer_by, details.answer_by);
  return to;
}

v1::InformationRequestDetails ToProto(const InformationRequestDetails& details) {
  v1::InformationRequestDetails to;
  to.set_question_number(details.question_number);
  for (const InformationItem& item : details.items) {
    v1::InformationItem* written = to.add_items();
    written->set_field_group(static_cast<intake::v1::FieldGroup>(item.field_group));
    written->set_question(item.question);
    written->set_member_id(item.member.ToString());
  }
  REDRESS_SET_TIME(to, answer_by, details.answer_by);
  return to;
}

v1::EvidenceStatement ToProto(const EvidenceStatement& statement) {
  v1::EvidenceStatement to;
  to.set_referral_id(statement.referral.ToString());
  to.set_kind(static_cast<v1::EvidenceKind>(statement.kind));
  to.set_issuer_node(statement.issuer.ToString());
  to.set_number(statement.number);
  REDRESS_SET_TIME(to, occurred_at, statement.occurred_at);
  to.set_subject_digest(statement.subject_digest);
  to.set_previous_digest(statement.previous_digest);
  to.set_accepted(statement.accepted);
  to.set_reason(statement.reason);
  to.set_fact_number(statement.fact_number);
  return to;
}

}  // namespace redress::referral
