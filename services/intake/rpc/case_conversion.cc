#include "services/intake/rpc/case_conversion.h"

#include "services/intake/app/caller.h"
#include "services/intake/rpc/common_conversion.h"
#include "services/intake/rpc/complaint_conversion.h"
#include "services/intake/rpc/person_conversion.h"

namespace redress::intake {
namespace {

v1::Category CategoryOf(const std::string& code, const std::string& source_category_code) {
  v1::Category proto;
  proto.set_code(code);
  proto.set_source_category_code(source_category_code);
  return proto;
}

void PutCounts(const std::vector<CodeCount>& counts,
               google::protobuf::RepeatedPtrField<v1::CodeCount>* proto) {
  for (const CodeCount& count : counts) {
    v1::CodeCount* one = proto->Add();
    one->set_code(count.code);
    one->set_count(count.count);
  }
}

v1::MembersSummary SummaryOf(const MembersSummary& members) {
  v1::MembersSummary proto;
  proto.set_total(members.total);
  proto.set_withdrawn(members.withdrawn);
  PutCounts(members.by_sex, proto.mutable_by_sex());
  PutCounts(members.by_nationality, proto.mutable_by_nationality());
  proto.set_referral_consents(members.referral_consents);
  proto.set_embassy_consents(members.embassy_consents);
  for (const ReceiverConsents& consents : members.consented_receivers) {
    v1::ReceiverConsents* one = proto.add_consented_receivers();
    one->set_receiver_body_id(consents.receiver_body_id);
    one->set_member_count(consents.members);
  }
  PutCounts(members.by_language, proto.mutable_by_language());
  proto.set_union_members(members.union_members);
  return proto;
}

v1::Screening ScreeningOf(const Screening& screening, const std::string& note) {
  v1::Screening proto;
  *proto.mutable_screened_at() = ToProto(screening.screened_at);
  *proto.mutable_screened_by() = ToProto(screening.screened_by);
  proto.set_admitted(screening.admitted);
  if (!screening.primary_category.empty()) {
    *proto.mutable_primary_category() =
        CategoryOf(screening.primary_category, screening.source_category_code);
  }
  for (const std::string& code : screening.secondary_categories) {
    *proto.add_secondary_categories() = CategoryOf(code, "");
  }
  proto.set_urgency(screening.urgency);
  PutTexts(screening.forced_labour_indicators, proto.mutable_forced_labour_indicators());
  proto.set_reason(screening.reason);
  proto.set_note(note);
  return proto;
}

v1::Withdrawal WithdrawalOf(const HistoryRow& row) {
  v1::Withdrawal proto;
  *proto.mutable_withdrawn_at() = ToProto(row.at);
  *proto.mutable_withdrawn_by() = ToProto(row.actor);
  proto.set_reason(row.reason);
  proto.set_note(row.note);
  if (row.undo_until) *proto.mutable_undo_until() = ToProto(*row.undo_until);
  if (row.state_before) proto.set_state_before(ToProto(*row.state_before));
  return proto;
}

v1::Closure ClosureOf(const HistoryRow& row) {
  v1::Closure proto;
  *proto.mutable_closed_at() = ToProto(row.at);
  *proto.mutable_closed_by() = ToProto(row.actor);
  PutTexts(row.remedies_obtained, proto.mutable_remedies_obtained());
  PutTexts(row.sanctions, proto.mutable_sanctions());
  proto.set_reason(row.reason);
  proto.set_note(row.note);
  return proto;
}

v1::Amendment AmendmentOf(const HistoryRow& row) {
  v1::Amendment proto;
  proto.set_number(row.amendment_number);
  *proto.mutable_amended_at() = ToProto(row.at);
  *proto.mutable_amended_by() = ToProto(row.actor);
  PutTexts(row.paths, proto.mutable_paths());
  if (!row.member_ids.empty()) proto.set_member_id(row.member_ids.front().ToString());
  proto.set_reason(row.note);
  if (row.previous_complaint) *proto.mutable_previous() = ToProto(*row.previous_complaint);
  if (row.previous_member) *proto.mutable_previous_member() = ToProto(*row.previous_member);
  return proto;
}

v1::Reopening ReopeningOf(const HistoryRow& row) {
  v1::Reopening proto;
  proto.set_kind(row.verb);
  *proto.mutable_reopened_at() = ToProto(row.at);
  *proto.mutable_reopened_by() = ToProto(row.actor);
  proto.set_reason(row.note);
  return proto;
}

v1::SuggestionReason ReasonOf(const SuggestionReason& reason) {
  v1::SuggestionReason proto;
  proto.set_field(reason.field);
  proto.set_code(reason.code);
  proto.set_member_count(reason.member_count);
  return proto;
}

void PutHistory(const CaseView& view, v1::Case* proto) {
  if (view.head.screening) {
    *proto->mutable_screening() = ScreeningOf(*view.head.screening, view.screening_note);
  }
  if (view.withdrawal) *proto->mutable_withdrawal() = WithdrawalOf(*view.withdrawal);
  if (view.closure) *proto->mutable_closure() = ClosureOf(*view.closure);
  for (const HistoryRow& row : view.amendments) *proto->add_amendments() = AmendmentOf(row);
  for (const HistoryRow& row : view.reopenings) *proto->add_reopenings() = ReopeningOf(row);
}

}  // namespace

v1::Case ToProto(const CaseView& view, const IsoCodes& codes) {
  const CaseHead& head = view.head;
  v1::Case proto;
  proto.set_case_number(head.case_number.ToString());
  proto.set_etag(ToEtag(view.version));
  proto.set_state(ToProto(head.state));
  *proto.mutable_filed_at() = ToProto(head.filed_at);
  *proto.mutable_filed_by() = ToProto(head.filed_by);
  *proto.mutable_complaint() = ToProto(view.complaint);
  PutGroups(view.groups_shown, proto.mutable_groups_shown());
  *proto.mutable_members() = SummaryOf(view.members);
  *proto.mutable_urgency_suggestion() = ToProto(head.suggestions.urgency);
  for (const IndicatorSuggestion& indicator : head.suggestions.indicators) {
    *proto.add_suggested_indicators() = ToProto(indicator);
  }
  PutHistory(view, &proto);
  for (const DisclosureRow& row : view.disclosures) *proto.add_disclosures() = ToProto(row);
  for (const ApprovalRow& row : view.open_approvals) {
    *proto.add_open_approvals() = ToProto(row, codes);
  }
  proto.set_evidence_count(head.evidence_count);
  *proto.mutable_updated_at() = ToProto(head.updated_at);
  PutTexts(view.respondent_body_ids, proto.mutable_respondent_body_ids());
  PutTexts(view.respondent_name_digests, proto.mutable_respondent_name_digests());
  return proto;
}

v1::CaseSummary ToProto(const ListRow& row) {
  v1::CaseSummary proto;
  proto.set_case_number(row.case_number.ToString());
  proto.set_etag(ToEtag(row.version));
  proto.set_state(ToProto(row.state));
  *proto.mutable_filed_at() = ToProto(row.filed_at);
  proto.set_filed_by_body_id(row.filed_by_body_id);
  proto.mutable_corridor()->set_origin(row.origin);
  PutTexts(row.transit, proto.mutable_corridor()->mutable_transit());
  proto.mutable_corridor()->set_destination(row.destination);
  proto.set_sector(row.sector);
  proto.set_primary_category(row.primary_category);
  proto.set_urgency(row.urgency);
  proto.set_urgency_confirmed(row.urgency_confirmed);
  proto.set_member_count(row.member_count);
  *proto.mutable_updated_at() = ToProto(row.updated_at);
  return proto;
}

v1::Approval ToProto(const ApprovalRow& row, const IsoCodes& codes) {
  const Approval& approval = row.approval;
  v1::Approval proto;
  proto.set_approval_id(approval.approval_id.ToString());
  *proto.mutable_requested_by() = ToProto(row.requested_by);
  *proto.mutable_requested_at() = ToProto(row.requested_at);
  for (const MemberId& member : approval.member_ids) proto.add_member_ids(member.ToString());
  proto.set_reason(row.request_reason);
  proto.set_decision(std::string(ApprovalDecisionName(approval.decision)));
  if (row.decided_by) *proto.mutable_decided_by() = ToProto(*row.decided_by);
  if (row.decided_at) *proto.mutable_decided_at() = ToProto(*row.decided_at);
  if (approval.consent_override) {
    v1::ConsentOverride* granted = proto.mutable_consent_override();
    granted->set_receiver_body_id(approval.consent_override->receiver_body_id);
    PutGroups(approval.consent_override->groups, granted->mutable_groups());
    granted->set_expires_on(approval.consent_override->expires_on);
  } else {
    for (const MemberAmount& written_off : approval.write_off) {
      v1::MemberAmount* amount = proto.mutable_write_off()->add_amounts();
      amount->set_member_id(written_off.member_id.ToString());
      *amount->mutable_amount() = ToProto(written_off.amount, codes);
    }
  }
  return proto;
}

v1::Disclosure ToProto(const DisclosureRow& row) {
  v1::Disclosure proto;
  proto.set_referral_id(row.referral_id);
  proto.set_receiver_body_id(row.receiver_body_id);
  proto.set_disclosure_number(row.disclosure_number);
  PutGroups(row.groups, proto.mutable_groups());
  proto.set_member_count(row.member_count);
  *proto.mutable_opened_at() = ToProto(row.opened_at);
  if (row.settled_at) *proto.mutable_settled_at() = ToProto(*row.settled_at);
  proto.set_outcome(row.outcome);
  proto.set_by_override(row.by_override);
  return proto;
}

v1::SimilarCase ToProto(const SimilarCase& similar) {
  v1::SimilarCase proto;
  proto.set_case_number(similar.case_number.ToString());
  proto.set_score(similar.score);
  PutTexts(similar.agreeing, proto.mutable_agreeing());
  proto.set_primary_category(similar.primary_category);
  proto.set_destination(similar.destination);
  proto.set_same_worker(similar.same_worker);
  return proto;
}

v1::UrgencySuggestion ToProto(const UrgencySuggestion& suggestion) {
  v1::UrgencySuggestion proto;
  proto.set_urgency(suggestion.urgency);
  for (const SuggestionReason& reason : suggestion.reasons) *proto.add_reasons() = ReasonOf(reason);
  return proto;
}

v1::ForcedLabourIndicator ToProto(const IndicatorSuggestion& suggestion) {
  v1::ForcedLabourIndicator proto;
  proto.set_indicator(suggestion.indicator);
  for (const SuggestionReason& reason : suggestion.reasons) *proto.add_reasons() = ReasonOf(reason);
  return proto;
}

}  // namespace redress::intake
