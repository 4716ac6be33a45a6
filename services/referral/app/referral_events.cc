#include "services/referral/app/referral_events.h"

#include <algorithm>

#include "services/referral/app/fact_conversion.h"
#include "services/referral/app/proto_time.h"

namespace redress::referral {
namespace {

void AddTerms(const GroupTerms& terms, const IsoCodes& codes, v1::FactAdded& added) {
  for (const MemberTerms& one : terms.members) *added.add_member_terms() = ToProto(one, codes);
  if (terms.for_each_other) {
    *added.mutable_terms_for_each_other() = ToProto(*terms.for_each_other, codes);
  }
}

}  // namespace

v1::Event BaseEvent(const AppParts& parts, const LoadedReferral& now) {
  v1::Event event;
  SetTimestamp(parts.clock.Now(), event.mutable_occurred_at());
  SetTimestamp(parts.clock.Now(), event.mutable_recorded_at());
  event.set_referral_id(now.record.referral_id());
  event.set_case_number(now.record.case_number());
  event.set_local_side(static_cast<v1::Side>(now.ref.side));
  event.set_state_before(now.record.state());
  event.set_state_after(now.record.state());
  event.set_holder_body_id(now.record.holder_body_id());
  event.set_receiver_body_id(now.record.receiver_body_id());
  event.set_home_node(now.record.home_node());
  event.set_destination_node(now.record.destination_node());
  *event.mutable_clocks() = now.record.clocks();
  *event.mutable_peer() = PeerViewOf(now);
  return event;
}

v1::FactAdded FactAddedOf(const AppParts& parts, const Fact& fact, bool lost,
                          v1::EvidenceKind evidence) {
  v1::FactAdded added;
  added.set_fact_number(fact.number);
  added.set_side(static_cast<v1::Side>(fact.side()));
  added.set_fact_kind(static_cast<v1::FactKind>(fact.kind));
  added.set_reason(fact.reason);
  added.mutable_actor()->set_node_id(fact.actor.node.ToString());
  added.mutable_actor()->set_body_id(fact.actor.body.ToString());
  added.mutable_actor()->set_role(fact.actor.role);
  added.set_lost(lost);
  added.set_evidence_kind(evidence);
  if (const auto* details = DetailsOf<AcknowledgedDetails>(fact)) {
    added.set_focal_point_id(details->focal_point_id);
  } else if (const auto* details = DetailsOf<AcceptedDetails>(fact)) {
    added.set_focal_point_id(details->focal_point_id);
  } else if (const auto* details = DetailsOf<StepDetails>(fact)) {
    added.set_step_kind(details->kind);
    REDRESS_SET_TIME(added, step_held_at, details->held_at);
    REDRESS_SET_TIME(added, next_date, details->next_date);
  } else if (const auto* details = DetailsOf<InformationRequestDetails>(fact)) {
    added.set_question_number(details->question_number);
  } else if (const auto* details = DetailsOf<InformationAnswerDetails>(fact)) {
    added.set_question_number(details->question_number);
  } else if (const auto* details = DetailsOf<ProposalDetails>(fact)) {
    added.set_proposal_number(details->proposal_number);
    AddTerms(details->terms, parts.codes, added);
  } else if (const auto* details = DetailsOf<ProposalAnswerDetails>(fact)) {
    added.set_proposal_number(details->proposal_number);
    for (const MemberAnswer& answer : details->answers) {
      v1::MemberAnswer* written = added.add_answers();
      written->set_member_id(answer.member.ToString());
      written->set_accepted(answer.accepted);
    }
  } else if (const auto* details = DetailsOf<OutcomeDetails>(fact)) {
    AddTerms(details->terms, parts.codes, added);
    added.set_awarded(details->awarded);
    added.set_sanction(details->sanction);
  } else if (const auto* details = DetailsOf<ForwardDetails>(fact)) {
    added.set_to_body_id(details->to.ToString());
    if (details->child) added.set_child_referral_id(details->child->ToString());
  } else if (const auto* details = DetailsOf<RecallDetails>(fact)) {
    added.set_erasure_required(details->erasure_required);
  }
  return added;
}

v1::PeerView PeerViewOf(const LoadedReferral& loaded) {
  v1::PeerView view;
  view.set_home_facts(loaded.record.home_facts());
  view.set_destination_facts(loaded.record.destination_facts());
  view.set_confirmed_facts(loaded.record.confirmed_facts());
  view.set_in_step(loaded.record.confirmed_facts() == loaded.own_facts());
  return view;
}

absl::Time DueOf(const v1::Clocks& clocks) {
  absl::Time due = absl::InfiniteFuture();
  if (clocks.has_accept_by()) due = std::min(due, ToTime(clocks.accept_by()));
  if (clocks.has_deliver_by()) due = std::min(due, ToTime(clocks.deliver_by()));
  if (clocks.has_information_by()) due = std::min(due, ToTime(clocks.information_by()));
  if (clocks.has_proposal_by()) due = std::min(due, ToTime(clocks.proposal_by()));
  if (clocks.has_resolve_by() && !clocks.stopped()) {
    due = std::min(due, ToTime(clocks.resolve_by()));
  }
  return due;
}

v1::ReferralSummary SummaryOf(const rows::ReferralRecord& record) {
  v1::ReferralSummary summary;
  summary.set_referral_id(record.referral_id());
  summary.set_case_number(record.case_number());
  summary.set_etag(std::to_string(record.home_facts()) + "." +
                   std::to_string(record.destination_facts()));
  summary.set_state(record.state());
  summary.set_direction(record.side() == v1::SIDE_HOME ? v1::DIRECTION_OUTGOING
                                                       : v1::DIRECTION_INCOMING);
  summary.set_home_node(record.home_node());
  summary.set_destination_node(record.destination_node());
  summary.set_receiver_body_id(record.receiver_body_id());
  summary.set_holder_body_id(record.holder_body_id());
  summary.set_urgency(record.dimensions().urgency());
  summary.set_category(record.dimensions().primary_category());
  summary.set_sector(record.dimensions().sector());
  summary.set_member_count(record.member_count());
  REDRESS_SET_TIME(summary, sent_at, FromMicros(record.sent_at_micros()));
  REDRESS_SET_TIME(summary, updated_at, FromMicros(record.updated_at_micros()));
  REDRESS_SET_TIME(summary, due_at, DueOf(record.clocks()));
  return summary;
}

std::vector<IndexKey> IndexKeysOf(const ReferralRef& ref, const rows::ReferralRecord& record) {
  std::vector<std::pair<IndexScope, std::string>> scopes = {
      {IndexScope::kNode, ""},
      {IndexScope::kCase, record.case_number()},
  };
  // The receiver's own list, at its node, begins with what it has been shown.
  if (ref.side == Side::kHome || record.was_shown()) {
    scopes.emplace_back(IndexScope::kReceiver, record.receiver_body_id());
  }
  if (ref.side == Side::kHome) {
    const std::string& filed_by = record.dimensions().filed_by_body_id();
    if (!filed_by.empty()) scopes.emplace_back(IndexScope::kFilingBody, filed_by);
    const std::string& province = record.dimensions().province();
    if (!province.empty()) scopes.emplace_back(IndexScope::kProvince, province);
  }
  std::vector<IndexKey> keys;
  for (auto& [scope, value] : scopes) {
    keys.push_back({scope, value, IndexOrder::kDue, DueOf(record.clocks()), ref});
    keys.push_back(
        {scope, value, IndexOrder::kUpdated, FromMicros(record.updated_at_micros()), ref});
  }
  return keys;
}

}  // namespace redress::referral
