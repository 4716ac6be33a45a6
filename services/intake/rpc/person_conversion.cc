#include "services/intake/rpc/person_conversion.h"

#include <utility>

#include "services/intake/rpc/common_conversion.h"

namespace redress::intake {
namespace {

IdentityDocument FromProto(v1::IdentityDocument&& document) {
  return {.type = std::move(*document.mutable_type()),
          .number = std::move(*document.mutable_number()),
          .issuing_country = std::move(*document.mutable_issuing_country()),
          .held_by = std::move(*document.mutable_held_by())};
}

v1::IdentityDocument ToProto(const IdentityDocument& document) {
  v1::IdentityDocument proto;
  proto.set_type(document.type);
  proto.set_number(document.number);
  proto.set_issuing_country(document.issuing_country);
  proto.set_held_by(document.held_by);
  return proto;
}

TrustedPerson FromProto(v1::TrustedPerson&& person) {
  return {.name = std::move(*person.mutable_name()),
          .relationship = std::move(*person.mutable_relationship()),
          .address = std::move(*person.mutable_address())};
}

v1::TrustedPerson ToProto(const TrustedPerson& person) {
  v1::TrustedPerson proto;
  proto.set_name(person.name);
  proto.set_relationship(person.relationship);
  proto.set_address(person.address);
  return proto;
}

SafeContact FromProto(v1::SafeContact&& contact) {
  SafeContact converted;
  converted.method = std::move(*contact.mutable_method());
  converted.address = std::move(*contact.mutable_address());
  for (v1::SafeHours& hours : *contact.mutable_safe_hours()) {
    converted.safe_hours.push_back({.days = TakeTexts(hours.mutable_days()),
                                    .from = std::move(*hours.mutable_from()),
                                    .to = std::move(*hours.mutable_to())});
  }
  converted.time_zone = std::move(*contact.mutable_time_zone());
  converted.voicemail_ok = contact.voicemail_ok();
  converted.may_say_who_calls = contact.may_say_who_calls();
  converted.code_word = std::move(*contact.mutable_code_word());
  if (contact.has_trusted_person()) {
    converted.trusted_person = FromProto(std::move(*contact.mutable_trusted_person()));
  }
  return converted;
}

v1::SafeContact ToProto(const SafeContact& contact) {
  v1::SafeContact proto;
  proto.set_method(contact.method);
  proto.set_address(contact.address);
  for (const SafeHours& hours : contact.safe_hours) {
    v1::SafeHours* one = proto.add_safe_hours();
    PutTexts(hours.days, one->mutable_days());
    one->set_from(hours.from);
    one->set_to(hours.to);
  }
  proto.set_time_zone(contact.time_zone);
  proto.set_voicemail_ok(contact.voicemail_ok);
  proto.set_may_say_who_calls(contact.may_say_who_calls);
  proto.set_code_word(contact.code_word);
  if (contact.trusted_person) *proto.mutable_trusted_person() = ToProto(*contact.trusted_person);
  return proto;
}

Complainant FromProto(v1::Complainant&& person) {
  Complainant converted;
  converted.name = std::move(*person.mutable_name());
  converted.case_code = std::move(*person.mutable_case_code());
  converted.sex = std::move(*person.mutable_sex());
  converted.birth_date = std::move(*person.mutable_birth_date());
  converted.age_band = std::move(*person.mutable_age_band());
  converted.nationality = std::move(*person.mutable_nationality());
  converted.home_province = std::move(*person.mutable_home_province());
  converted.home_district = std::move(*person.mutable_home_district());
  converted.languages = TakeTexts(person.mutable_languages());
  converted.literacy = std::move(*person.mutable_literacy());
  converted.interpreter_needed = person.interpreter_needed();
  for (v1::IdentityDocument& document : *person.mutable_identity_documents()) {
    converted.identity_documents.push_back(FromProto(std::move(document)));
  }
  converted.migration_status = std::move(*person.mutable_migration_status());
  converted.migration_status_expires_on = std::move(*person.mutable_migration_status_expires_on());
  converted.migration_channel = std::move(*person.mutable_migration_channel());
  converted.where_now = std::move(*person.mutable_where_now());
  converted.whereabouts = std::move(*person.mutable_whereabouts());
  converted.dependants = person.dependants();
  converted.union_membership = std::move(*person.mutable_union_membership());
  if (person.has_safe_contact()) {
    converted.safe_contact = FromProto(std::move(*person.mutable_safe_contact()));
  }
  return converted;
}

v1::Complainant ToProto(const Complainant& person) {
  v1::Complainant proto;
  proto.set_name(person.name);
  proto.set_case_code(person.case_code);
  proto.set_sex(person.sex);
  proto.set_birth_date(person.birth_date);
  proto.set_age_band(person.age_band);
  proto.set_nationality(person.nationality);
  proto.set_home_province(person.home_province);
  proto.set_home_district(person.home_district);
  PutTexts(person.languages, proto.mutable_languages());
  proto.set_literacy(person.literacy);
  proto.set_interpreter_needed(person.interpreter_needed);
  for (const IdentityDocument& document : person.identity_documents) {
    *proto.add_identity_documents() = ToProto(document);
  }
  proto.set_migration_status(person.migration_status);
  proto.set_migration_status_expires_on(person.migration_status_expires_on);
  proto.set_migration_channel(person.migration_channel);
  proto.set_where_now(person.where_now);
  proto.set_whereabouts(person.whereabouts);
  proto.set_dependants(person.dependants);
  proto.set_union_membership(person.union_membership);
  if (person.safe_contact) *proto.mutable_safe_contact() = ToProto(*person.safe_contact);
  return proto;
}

Representative FromProto(v1::Representative&& representative) {
  return {.name = std::move(*representative.mutable_name()),
          .relationship = std::move(*representative.mutable_relationship()),
          .authority = std::move(*representative.mutable_authority()),
          .valid_from = std::move(*representative.mutable_valid_from()),
          .valid_to = std::move(*representative.mutable_valid_to()),
          .address = std::move(*representative.mutable_address())};
}

v1::Representative ToProto(const Representative& representative) {
  v1::Representative proto;
  proto.set_name(representative.name);
  proto.set_relationship(representative.relationship);
  proto.set_authority(representative.authority);
  proto.set_valid_from(representative.valid_from);
  proto.set_valid_to(representative.valid_to);
  proto.set_address(representative.address);
  return proto;
}

}  // namespace

GroupMember FromProto(v1::GroupMember&& member) {
  GroupMember converted;
  converted.member_id = MemberId::FromTrusted(std::move(*member.mutable_member_id()));
  converted.complainant = FromProto(std::move(*member.mutable_complainant()));
  if (member.has_representative()) {
    converted.representative = FromProto(std::move(*member.mutable_representative()));
  }
  for (v1::ClaimLine& line : *member.mutable_claim_lines()) {
    converted.claim_lines.push_back(FromProto(std::move(line)));
  }
  for (v1::FeeLine& line : *member.mutable_fee_lines()) {
    converted.fee_lines.push_back(FromProto(std::move(line)));
  }
  for (v1::Consent& consent : *member.mutable_consents()) {
    converted.consents.push_back(FromProto(std::move(consent)));
  }
  converted.own_reference = std::move(*member.mutable_own_reference());
  converted.withdrawn = member.withdrawn();
  return converted;
}

v1::GroupMember ToProto(const GroupMember& member) {
  v1::GroupMember proto;
  proto.set_member_id(member.member_id.ToString());
  *proto.mutable_complainant() = ToProto(member.complainant);
  if (member.representative) *proto.mutable_representative() = ToProto(*member.representative);
  for (const ClaimLine& line : member.claim_lines) *proto.add_claim_lines() = ToProto(line);
  for (const FeeLine& line : member.fee_lines) *proto.add_fee_lines() = ToProto(line);
  for (const Consent& consent : member.consents) *proto.add_consents() = ToProto(consent);
  proto.set_own_reference(member.own_reference);
  proto.set_withdrawn(member.withdrawn);
  return proto;
}

Consent FromProto(v1::Consent&& consent) {
  Consent converted;
  converted.purpose = std::move(*consent.mutable_purpose());
  converted.receiver_body_id = std::move(*consent.mutable_receiver_body_id());
  converted.groups = FromProto(consent.groups());
  converted.status = std::move(*consent.mutable_status());
  converted.how = std::move(*consent.mutable_how());
  converted.language = std::move(*consent.mutable_language());
  converted.interpreter = consent.interpreter();
  converted.witness = std::move(*consent.mutable_witness());
  converted.given_on = std::move(*consent.mutable_given_on());
  converted.expires_on = std::move(*consent.mutable_expires_on());
  return converted;
}

v1::Consent ToProto(const Consent& consent) {
  v1::Consent proto;
  proto.set_purpose(consent.purpose);
  proto.set_receiver_body_id(consent.receiver_body_id);
  PutGroups(consent.groups, proto.mutable_groups());
  proto.set_status(consent.status);
  proto.set_how(consent.how);
  proto.set_language(consent.language);
  proto.set_interpreter(consent.interpreter);
  proto.set_witness(consent.witness);
  proto.set_given_on(consent.given_on);
  proto.set_expires_on(consent.expires_on);
  return proto;
}

ClaimLine FromProto(v1::ClaimLine&& line) {
  ClaimLine converted;
  converted.type = std::move(*line.mutable_type());
  converted.period = FromProto(std::move(*line.mutable_period()));
  if (line.has_promised()) converted.promised = FromProto(std::move(*line.mutable_promised()));
  if (line.has_received()) converted.received = FromProto(std::move(*line.mutable_received()));
  if (line.has_claimed()) converted.claimed = FromProto(std::move(*line.mutable_claimed()));
  converted.note = std::move(*line.mutable_note());
  return converted;
}

v1::ClaimLine ToProto(const ClaimLine& line) {
  v1::ClaimLine proto;
  proto.set_type(line.type);
  if (line.period != Period()) *proto.mutable_period() = ToProto(line.period);
  if (line.promised) *proto.mutable_promised() = ToProto(*line.promised);
  if (line.received) *proto.mutable_received() = ToProto(*line.received);
  if (line.claimed) *proto.mutable_claimed() = ToProto(*line.claimed);
  proto.set_note(line.note);
  return proto;
}

FeeLine FromProto(v1::FeeLine&& line) {
  FeeLine converted;
  converted.type = std::move(*line.mutable_type());
  if (line.has_amount()) converted.amount = FromProto(std::move(*line.mutable_amount()));
  converted.paid_to = std::move(*line.mutable_paid_to());
  converted.paid_on = std::move(*line.mutable_paid_on());
  converted.receipt_held = line.receipt_held();
  return converted;
}

v1::FeeLine ToProto(const FeeLine& line) {
  v1::FeeLine proto;
  proto.set_type(line.type);
  if (line.amount) *proto.mutable_amount() = ToProto(*line.amount);
  proto.set_paid_to(line.paid_to);
  proto.set_paid_on(line.paid_on);
  proto.set_receipt_held(line.receipt_held);
  return proto;
}

}  // namespace redress::intake
