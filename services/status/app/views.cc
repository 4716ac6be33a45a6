#include "services/status/app/views.h"

#include <algorithm>

#include "services/platform/money/money.h"
#include "services/status/app/proto_time.h"

namespace redress::status {
namespace {

redress::common::v1::Money MoneyOf(const std::string& currency, int64_t minor_units, int decimals) {
  redress::common::v1::Money money;
  money.set_currency_code(currency);
  money.set_amount(FormatMinorUnits(minor_units, decimals));
  return money;
}

v1::InStep FactsInStep(const ReferralRow& referral, bool home_here) {
  v1::InStep in_step;
  in_step.set_peer_node(PeerOf(referral, home_here));
  in_step.set_in_step(referral.in_step);
  in_step.set_home_facts(referral.home_facts);
  in_step.set_destination_facts(referral.destination_facts);
  in_step.set_confirmed_facts(referral.confirmed_facts);
  return in_step;
}

absl::Time HeardAt(const Directory& directory, const std::string& peer_node, absl::Time heard_at) {
  return std::max(heard_at, directory.HeardFrom(peer_node));
}

}  // namespace

v1::CaseSummary SummaryOf(const CaseView& view) {
  v1::CaseSummary summary;
  summary.set_case_number(view.case_number);
  summary.set_case_state(static_cast<intake::v1::CaseState>(view.case_state));
  if (const ReferralRow* latest = view.latest_referral(); latest != nullptr) {
    summary.set_referral_id(latest->referral_id);
    summary.set_referral_state(static_cast<referral::v1::ReferralState>(latest->state));
  }
  summary.set_holder_body_id(view.holder_body_id);
  summary.set_nationality(view.nationality);
  summary.set_origin(view.dimensions.origin);
  summary.set_destination(view.dimensions.destination);
  summary.set_sector(view.dimensions.sector);
  summary.set_category(view.dimensions.primary_category);
  summary.set_urgency(view.dimensions.urgency);
  summary.set_member_count(view.member_count);
  REDRESS_SET_TIME(summary, filed_at, view.filed_at);
  REDRESS_SET_TIME(summary, updated_at, view.updated_at);
  summary.set_due_kind(static_cast<v1::DueKind>(view.due_kind));
  REDRESS_SET_TIME(summary, due_at, view.due_at);
  summary.set_in_step(view.in_step);
  summary.set_balance_open(view.balance_open);
  return summary;
}

v1::CaseSummary RestOfSummary(const Directory& directory, absl::Time now,
                              const std::string& holder_body_id, absl::Time due_at) {
  v1::CaseSummary rest;
  rest.set_holder_name(std::string(directory.NameOf(holder_body_id)));
  rest.set_overdue(IsOverdue(due_at, now));
  return rest;
}

void FinishSummary(const Directory& directory, absl::Time now, v1::CaseSummary& summary) {
  summary.MergeFrom(
      RestOfSummary(directory, now, summary.holder_body_id(), REDRESS_GET_TIME(summary, due_at)));
}

const std::string& PeerOf(const ReferralRow& referral, bool home_here) {
  return home_here ? referral.destination_node : referral.home_node;
}

v1::InStep InStepOf(const ReferralRow& referral, bool home_here, const Directory& directory) {
  v1::InStep in_step = FactsInStep(referral, home_here);
  REDRESS_SET_TIME(in_step, heard_at, HeardAt(directory, in_step.peer_node(), referral.heard_at));
  return in_step;
}

v1::ReferralStatus ReferralStatusOf(const ReferralRow& referral, bool home_here) {
  v1::ReferralStatus status;
  status.set_referral_id(referral.referral_id);
  status.set_state(static_cast<referral::v1::ReferralState>(referral.state));
  status.set_receiver_body_id(referral.receiver_body_id);
  status.set_destination_node(referral.destination_node);
  status.set_reason(referral.reason);
  REDRESS_SET_TIME(status, sent_at, referral.sent_at);
  REDRESS_SET_TIME(status, updated_at, referral.updated_at);
  status.set_due_kind(static_cast<v1::DueKind>(referral.due_kind));
  REDRESS_SET_TIME(status, due_at, referral.due_at);
  REDRESS_SET_TIME(status, next_date, referral.next_date);
  *status.mutable_in_step() = FactsInStep(referral, home_here);
  status.set_member_count(referral.member_count);
  status.set_accepted_count(referral.accepted_count);
  return status;
}

v1::ReferralStatus RestOfReferral(const Directory& directory, absl::Time now,
                                  const std::string& receiver_body_id, absl::Time due_at,
                                  const std::string& peer_node, absl::Time heard_at) {
  v1::ReferralStatus rest;
  rest.set_receiver_name(std::string(directory.NameOf(receiver_body_id)));
  rest.set_overdue(IsOverdue(due_at, now));
  if (const absl::Time heard = HeardAt(directory, peer_node, heard_at); heard != kNoTime) {
    *rest.mutable_in_step()->mutable_heard_at() = ToTimestamp(heard);
  }
  return rest;
}

google::protobuf::RepeatedPtrField<v1::MoneyTotals> MoneyOf(
    const std::vector<CurrencyTotal>& totals, bool claims_known, const IsoCodes& codes) {
  google::protobuf::RepeatedPtrField<v1::MoneyTotals> shown;
  for (const CurrencyTotal& total : totals) {
    v1::MoneyTotals* one = shown.Add();
    const int decimals = codes.CurrencyDecimals(total.currency).value_or(0);
    const auto money = [&](int64_t minor) { return MoneyOf(total.currency, minor, decimals); };
    one->set_currency_code(total.currency);
    if (claims_known) *one->mutable_claimed() = money(total.claimed);
    *one->mutable_agreed() = money(total.agreed);
    *one->mutable_awarded() = money(total.awarded);
    *one->mutable_owed() = money(total.owed);
    *one->mutable_paid() = money(total.paid + total.paid_to_intermediary + total.deposit_used);
    *one->mutable_received() = money(total.received);
    *one->mutable_written_off() = money(total.written_off);
    *one->mutable_balance() = money(total.balance);
  }
  return shown;
}

v1::CaseStatus BareStatusOf(const CaseView& view) {
  v1::CaseStatus status;
  *status.mutable_summary() = SummaryOf(view);
  for (const std::string& code : view.dimensions.secondary_categories) {
    status.add_secondary_categories(code);
  }
  status.set_reason(view.reason);
  REDRESS_SET_TIME(status, undo_until, view.undo_until);
  v1::MemberProgress* progress = status.mutable_progress();
  progress->set_members(static_cast<uint32_t>(view.progress.members));
  progress->set_withdrawn(static_cast<uint32_t>(view.progress.withdrawn));
  progress->set_disclosed(static_cast<uint32_t>(view.progress.disclosed));
  progress->set_agreed(static_cast<uint32_t>(view.progress.agreed));
  progress->set_unpaid(static_cast<uint32_t>(view.progress.unpaid));
  progress->set_paid(static_cast<uint32_t>(view.progress.paid));
  return status;
}

v1::CaseStatus CaseStatusOf(const CaseView& view, const Directory& directory, const IsoCodes& codes,
                            absl::Time now) {
  v1::CaseStatus status = BareStatusOf(view);
  FinishSummary(directory, now, *status.mutable_summary());
  const bool home_here = view.case_state != CaseState::kUnknown;
  for (const ReferralRow& referral : view.referrals) {
    v1::ReferralStatus* shown = status.add_referrals();
    *shown = ReferralStatusOf(referral, home_here);
    shown->MergeFrom(RestOfReferral(directory, now, referral.receiver_body_id, referral.due_at,
                                    PeerOf(referral, home_here), referral.heard_at));
  }
  *status.mutable_money() = MoneyOf(view.money, view.claims_known, codes);
  return status;
}

v1::TimelineEntry EntryOf(const TimelineEntry& entry, const IsoCodes& codes) {
  v1::TimelineEntry shown;
  REDRESS_SET_TIME(shown, occurred_at, entry.place.occurred_at);
  shown.set_what(entry.what);
  shown.set_referral_id(entry.referral_id);
  shown.set_case_state(static_cast<intake::v1::CaseState>(entry.case_state));
  shown.set_referral_state(static_cast<referral::v1::ReferralState>(entry.referral_state));
  if (entry.actor != Actor()) {
    shown.mutable_actor()->set_node_id(entry.actor.node);
    shown.mutable_actor()->set_body_id(entry.actor.body_id);
    shown.mutable_actor()->set_role(entry.actor.role);
  }
  shown.set_reason(entry.reason);
  shown.set_detail(entry.detail);
  if (!entry.currency.empty()) {
    const int decimals = codes.CurrencyDecimals(entry.currency).value_or(0);
    *shown.mutable_amount() = MoneyOf(entry.currency, entry.minor_units, decimals);
  }
  shown.set_member_count(entry.member_count);
  REDRESS_SET_TIME(shown, date, entry.date);
  shown.set_lost(entry.lost);
  return shown;
}

bool Fits(const v1::CaseFilter& filter, const v1::CaseSummary& summary,
          const std::vector<std::string>& nationalities, absl::Time now) {
  if (!filter.nationality().empty() && filter.nationality() != summary.nationality() &&
      std::find(nationalities.begin(), nationalities.end(), filter.nationality()) ==
          nationalities.end()) {
    return false;
  }
  if (!filter.destination().empty() && filter.destination() != summary.destination()) return false;
  if (!filter.holder_body_id().empty() && filter.holder_body_id() != summary.holder_body_id()) {
    return false;
  }
  if (!filter.category().empty() && filter.category() != summary.category()) return false;
  if (filter.case_state() != 0 && filter.case_state() != summary.case_state()) return false;
  if (filter.referral_state() != 0 && filter.referral_state() != summary.referral_state()) {
    return false;
  }
  if (filter.overdue() && !IsOverdue(REDRESS_GET_TIME(summary, due_at), now)) return false;
  return !filter.has_since() ||
         FromTimestamp(summary.updated_at()) >= FromTimestamp(filter.since());
}

}  // namespace redress::status
