#include "services/status/app/event_data.h"

namespace redress::status {
namespace {

std::vector<std::string> Strings(const google::protobuf::RepeatedPtrField<std::string>& from) {
  return {from.begin(), from.end()};
}

}  // namespace

CaseDimensions FromProto(const intake::v1::CaseDimensions& from) {
  CaseDimensions to;
  to.filed_by_body_id = from.filed_by_body_id();
  to.assisting_organisation = from.assisting_organisation();
  to.kind = from.kind();
  to.scope = from.scope();
  to.channel = from.channel();
  to.migration_stage = from.migration_stage();
  to.origin = from.origin();
  to.transit = Strings(from.transit());
  to.destination = from.destination();
  to.sector = from.sector();
  to.primary_category = from.primary_category();
  to.secondary_categories = Strings(from.secondary_categories());
  to.source_category_code = from.source_category_code();
  to.urgency = from.urgency();
  to.urgency_confirmed = from.urgency_confirmed();
  to.forced_labour_indicators = Strings(from.forced_labour_indicators());
  to.province = from.province();
  to.district = from.district();
  for (const intake::v1::MemberCount& count : from.member_counts()) {
    to.member_counts.push_back({count.sex(), count.nationality(), count.migration_status(),
                                count.migration_channel(), count.count()});
  }
  to.member_count = from.member_count();
  to.agency_keys = Strings(from.agency_keys());
  return to;
}

intake::v1::CaseDimensions ToProto(const CaseDimensions& from) {
  intake::v1::CaseDimensions to;
  to.set_filed_by_body_id(from.filed_by_body_id);
  to.set_assisting_organisation(from.assisting_organisation);
  to.set_kind(from.kind);
  to.set_scope(from.scope);
  to.set_channel(from.channel);
  to.set_migration_stage(from.migration_stage);
  to.set_origin(from.origin);
  for (const std::string& country : from.transit) to.add_transit(country);
  to.set_destination(from.destination);
  to.set_sector(from.sector);
  to.set_primary_category(from.primary_category);
  for (const std::string& code : from.secondary_categories) to.add_secondary_categories(code);
  to.set_source_category_code(from.source_category_code);
  to.set_urgency(from.urgency);
  to.set_urgency_confirmed(from.urgency_confirmed);
  for (const std::string& code : from.forced_labour_indicators) {
    to.add_forced_labour_indicators(code);
  }
  to.set_province(from.province);
  to.set_district(from.district);
  for (const MemberCount& count : from.member_counts) {
    intake::v1::MemberCount* added = to.add_member_counts();
    added->set_sex(count.sex);
    added->set_nationality(count.nationality);
    added->set_migration_status(count.migration_status);
    added->set_migration_channel(count.migration_channel);
    added->set_count(count.count);
  }
  to.set_member_count(from.member_count);
  for (const std::string& key : from.agency_keys) to.add_agency_keys(key);
  return to;
}

MemberDimensions FromProto(const intake::v1::MemberDimensions& from) {
  MemberDimensions to;
  to.member_id = from.member_id();
  to.tracking_digest = from.tracking_digest();
  to.nationality = from.nationality();
  to.sex = from.sex();
  to.migration_status = from.migration_status();
  to.migration_channel = from.migration_channel();
  to.embassy_consent = from.embassy_consent();
  to.embassy_expires_on = from.embassy_expires_on();
  return to;
}

intake::v1::MemberDimensions ToProto(const MemberDimensions& from) {
  intake::v1::MemberDimensions to;
  to.set_member_id(from.member_id);
  to.set_tracking_digest(from.tracking_digest);
  to.set_nationality(from.nationality);
  to.set_sex(from.sex);
  to.set_migration_status(from.migration_status);
  to.set_migration_channel(from.migration_channel);
  to.set_embassy_consent(from.embassy_consent);
  to.set_embassy_expires_on(from.embassy_expires_on);
  return to;
}

CurrencyTotal FromProto(const intake::v1::CurrencyTotal& from) {
  CurrencyTotal to;
  to.currency = from.currency_code();
  to.claimed = from.claimed_minor();
  to.offered = from.offered_minor();
  to.agreed = from.agreed_minor();
  to.awarded = from.awarded_minor();
  to.due = from.due_minor();
  to.paid = from.paid_minor();
  to.paid_to_intermediary = from.paid_to_intermediary_minor();
  to.deposit_used = from.deposit_used_minor();
  to.received = from.received_minor();
  to.written_off = from.written_off_minor();
  to.owed = from.owed_minor();
  to.balance = from.balance_minor();
  return to;
}

intake::v1::CurrencyTotal ToProto(const CurrencyTotal& from) {
  intake::v1::CurrencyTotal to;
  to.set_currency_code(from.currency);
  to.set_claimed_minor(from.claimed);
  to.set_offered_minor(from.offered);
  to.set_agreed_minor(from.agreed);
  to.set_awarded_minor(from.awarded);
  to.set_due_minor(from.due);
  to.set_paid_minor(from.paid);
  to.set_paid_to_intermediary_minor(from.paid_to_intermediary);
  to.set_deposit_used_minor(from.deposit_used);
  to.set_received_minor(from.received);
  to.set_written_off_minor(from.written_off);
  to.set_owed_minor(from.owed);
  to.set_balance_minor(from.balance);
  return to;
}

PostedEntry FromProto(const intake::v1::PostedEntry& from) {
  return {from.entry_id(),    from.member_id(),         from.kind(),       from.currency_code(),
          from.minor_units(), from.reverses_entry_id(), from.referral_id()};
}

}  // namespace redress::status
