#include <utility>

#include "redress/status/storage/v1/status_records.pb.h"
#include "services/platform/status/status_macros.h"
#include "services/status/app/event_data.h"
#include "services/status/app/proto_time.h"
#include "services/status/storage/parse_row.h"
#include "services/status/storage/row_codec.h"

// Cases, their referrals and their members.
namespace redress::status {
namespace {

namespace rows = ::redress::status::storage::v1;

void ToRow(const Tally& from, rows::TallyRow& to) {
  to.set_members(from.members);
  to.set_withdrawn(from.withdrawn);
  to.set_disclosed(from.disclosed);
  to.set_agreed(from.agreed);
  to.set_unpaid(from.unpaid);
  to.set_paid(from.paid);
}

Tally FromRow(const rows::TallyRow& from) {
  return {from.members(), from.withdrawn(), from.disclosed(),
          from.agreed(),  from.unpaid(),    from.paid()};
}

void ToRow(const ReferralRow& from, rows::ReferralRow& to) {
  to.set_referral_id(from.referral_id);
  to.set_state(static_cast<int32_t>(from.state));
  to.set_was_shown(from.was_shown);
  to.set_receiver_body_id(from.receiver_body_id);
  to.set_holder_body_id(from.holder_body_id);
  to.set_home_node(from.home_node);
  to.set_destination_node(from.destination_node);
  to.set_reason(from.reason);
  *to.mutable_dimensions() = ToProto(from.dimensions);
  to.set_filed_at_micros(ToMicros(from.filed_at));
  to.set_sent_at_micros(ToMicros(from.sent_at));
  to.set_updated_at_micros(ToMicros(from.updated_at));
  to.set_ended_at_micros(ToMicros(from.ended_at));
  to.set_due_kind(static_cast<int32_t>(from.due_kind));
  to.set_due_at_micros(ToMicros(from.due_at));
  to.set_next_date_micros(ToMicros(from.next_date));
  to.set_home_facts(from.home_facts);
  to.set_destination_facts(from.destination_facts);
  to.set_confirmed_facts(from.confirmed_facts);
  to.set_in_step(from.in_step);
  to.set_heard_at_micros(ToMicros(from.heard_at));
  to.set_member_count(from.member_count);
  to.set_accepted_count(from.accepted_count);
  to.set_open_proposal(from.open_proposal);
  for (const CurrencyTotal& total : from.totals) *to.add_totals() = ToProto(total);
}

ReferralRow FromRow(const rows::ReferralRow& from) {
  ReferralRow to;
  to.referral_id = from.referral_id();
  to.ordinal = OrdinalOf(to.referral_id);
  to.state = static_cast<ReferralState>(from.state());
  to.was_shown = from.was_shown();
  to.receiver_body_id = from.receiver_body_id();
  to.holder_body_id = from.holder_body_id();
  to.home_node = from.home_node();
  to.destination_node = from.destination_node();
  to.reason = from.reason();
  to.dimensions = FromProto(from.dimensions());
  to.filed_at = FromMicros(from.filed_at_micros());
  to.sent_at = FromMicros(from.sent_at_micros());
  to.updated_at = FromMicros(from.updated_at_micros());
  to.ended_at = FromMicros(from.ended_at_micros());
  to.due_kind = static_cast<DueKind>(from.due_kind());
  to.due_at = FromMicros(from.due_at_micros());
  to.next_date = FromMicros(from.next_date_micros());
  to.home_facts = from.home_facts();
  to.destination_facts = from.destination_facts();
  to.confirmed_facts = from.confirmed_facts();
  to.in_step = from.in_step();
  to.heard_at = FromMicros(from.heard_at_micros());
  to.member_count = from.member_count();
  to.accepted_count = from.accepted_count();
  to.open_proposal = from.open_proposal();
  to.totals = FromProtos(from.totals());
  return to;
}

}  // namespace

std::string EncodeCase(const CaseRow& from) {
  rows::CaseRow to;
  to.set_case_state(static_cast<int32_t>(from.case_state));
  if (from.filed) *to.mutable_dimensions() = ToProto(from.dimensions);
  to.set_filed_at_micros(ToMicros(from.filed_at));
  to.set_updated_at_micros(ToMicros(from.updated_at));
  to.set_ended_at_micros(ToMicros(from.ended_at));
  to.set_state_at_micros(ToMicros(from.state_at));
  for (const ReferralRow& referral : from.referrals) ToRow(referral, *to.add_referrals());
  for (const CurrencyTotal& total : from.totals) *to.add_totals() = ToProto(total);
  to.set_reason(from.reason);
  to.set_undo_until_micros(ToMicros(from.undo_until));
  to.set_screening_due_micros(ToMicros(from.screening_due));
  to.set_screened_by_body_id(from.screened_by_body_id);
  to.set_filed(from.filed);
  to.set_home_here(from.home_here);
  to.set_open_band(from.open_band);
  to.set_set_aside(from.set_aside);
  ToRow(from.tally, *to.mutable_tally());
  for (const auto& [nationality, part] : from.embassy) {
    rows::EmbassyRow* row = to.add_embassy();
    row->set_nationality(nationality);
    ToRow(part.tally, *row->mutable_tally());
    for (const CurrencyTotal& total : part.totals) *row->add_totals() = ToProto(total);
    for (const auto& [ordinal, of] : part.referrals) {
      rows::EmbassyReferralRow* referral = row->add_referrals();
      referral->set_ordinal(ordinal);
      referral->set_members(of.members);
      referral->set_agreed(of.agreed);
    }
  }
  for (const auto& [kind, totals] : from.totals_by_kind) {
    rows::KindTotalsRow* row = to.add_totals_by_kind();
    row->set_sex(kind.sex);
    row->set_nationality(kind.nationality);
    row->set_migration_status(kind.migration_status);
    for (const CurrencyTotal& total : totals) *row->add_totals() = ToProto(total);
  }
  return to.SerializeAsString();
}

absl::StatusOr<CaseRow> DecodeCase(std::string_view case_number, std::string_view bytes) {
  ASSIGN_OR_RETURN(const rows::CaseRow from, ParseRow<rows::CaseRow>("case", bytes));
  CaseRow to;
  to.case_number = std::string(case_number);
  to.case_state = static_cast<CaseState>(from.case_state());
  to.dimensions = FromProto(from.dimensions());
  to.filed_at = FromMicros(from.filed_at_micros());
  to.updated_at = FromMicros(from.updated_at_micros());
  to.ended_at = FromMicros(from.ended_at_micros());
  to.state_at = FromMicros(from.state_at_micros());
  for (const rows::ReferralRow& referral : from.referrals()) {
    to.referrals.push_back(FromRow(referral));
  }
  to.totals = FromProtos(from.totals());
  to.reason = from.reason();
  to.undo_until = FromMicros(from.undo_until_micros());
  to.screening_due = FromMicros(from.screening_due_micros());
  to.screened_by_body_id = from.screened_by_body_id();
  to.filed = from.filed();
  to.home_here = from.home_here();
  to.open_band = from.open_band();
  to.set_aside = from.set_aside();
  to.tally = FromRow(from.tally());
  for (const rows::EmbassyRow& row : from.embassy()) {
    EmbassyPart& part = to.embassy[row.nationality()];
    part.tally = FromRow(row.tally());
    part.totals = FromProtos(row.totals());
    for (const rows::EmbassyReferralRow& referral : row.referrals()) {
      part.referrals[referral.ordinal()] = {referral.members(), referral.agreed()};
    }
  }
  for (const rows::KindTotalsRow& row : from.totals_by_kind()) {
    to.totals_by_kind[{row.sex(), row.nationality(), row.migration_status()}] =
        FromProtos(row.totals());
  }
  return to;
}

std::string EncodeMember(const MemberRow& from) {
  rows::MemberRow to;
  const bool has_dimensions = from.known || from.dimensions != MemberDimensions();
  if (has_dimensions) *to.mutable_dimensions() = ToProto(from.dimensions);
  to.set_withdrawn(from.withdrawn);
  for (const std::string& id : from.referral_ids) to.add_referral_ids(id);
  to.set_answered_proposal(from.answered_proposal);
  to.set_agreed(from.agreed);
  for (const CurrencyTotal& total : from.money) *to.add_money() = ToProto(total);
  to.set_updated_at_micros(ToMicros(from.updated_at));
  to.set_embassy_lapsed(from.embassy_lapsed);
  return to.SerializeAsString();
}

absl::StatusOr<MemberRow> DecodeMember(std::string_view member_id, std::string_view bytes) {
  ASSIGN_OR_RETURN(const rows::MemberRow from, ParseRow<rows::MemberRow>("member", bytes));
  MemberRow to;
  to.member_id = std::string(member_id);
  // Told of by the log that names members: then the id is in the dimensions too.
  to.known = !from.dimensions().member_id().empty();
  to.dimensions = FromProto(from.dimensions());
  to.withdrawn = from.withdrawn();
  to.referral_ids.assign(from.referral_ids().begin(), from.referral_ids().end());
  to.answered_proposal = from.answered_proposal();
  to.agreed = from.agreed();
  to.money = FromProtos(from.money());
  to.updated_at = FromMicros(from.updated_at_micros());
  to.embassy_lapsed = from.embassy_lapsed();
  return to;
}

}  // namespace redress::status
