#ifndef REDRESS_SERVICES_INTAKE_STORAGE_PERSONAL_FIELDS_H_
#define REDRESS_SERVICES_INTAKE_STORAGE_PERSONAL_FIELDS_H_

#include "services/intake/domain/case_decisions.h"
#include "services/intake/domain/complaint.h"

// The fields of what is sealed (wire.h): complaint_personal.proto, member_personal.proto and
// history_personal.proto of redress.intake.storage.v1. Numbers are on disk and never reused.
namespace redress::intake {

template <class Ar>
void Fields(Ar& ar, WrittenMoney& money) {
  ar(1, money.currency_code);
  ar(2, money.amount);
}

template <class Ar>
void Fields(Ar& ar, Period& period) {
  ar(1, period.from);
  ar(2, period.to);
}

template <class Ar>
void Fields(Ar& ar, Category& category) {
  ar(1, category.code);
  ar(2, category.source_category_code);
  ar(3, category.other_text);
}

template <class Ar>
void Fields(Ar& ar, Corridor& corridor) {
  ar(1, corridor.origin);
  ar(2, corridor.transit);
  ar(3, corridor.destination);
}

template <class Ar>
void Fields(Ar& ar, Respondent& respondent) {
  ar(1, respondent.kind);
  ar(2, respondent.name);
  ar(3, respondent.aliases);
  ar(4, respondent.address);
  ar(5, respondent.country);
  ar(6, respondent.licence_number);
  ar(7, respondent.licence_issuer);
  ar(8, respondent.licence_validity);
  ar(9, respondent.licence_status);
  ar(10, respondent.conduct);
  ar(11, respondent.description);
  ar(12, respondent.body_id);
}

template <class Ar>
void Fields(Ar& ar, ContractClause& clause) {
  ar(1, clause.clause);
  ar(2, clause.promised);
  ar(3, clause.actual);
  ar(4, clause.promised_amount);
  ar(5, clause.actual_amount);
  ar(6, clause.per);
  ar(7, clause.in_writing);
}

// ComplaintPersonal: without the narratives, which lie in rows of their own.
template <class Ar>
void Fields(Ar& ar, Complaint& complaint) {
  ar(1, complaint.kind);
  ar(2, complaint.scope);
  ar(3, complaint.channel);
  ar(4, complaint.migration_stage);
  ar(5, complaint.corridor);
  ar(6, complaint.incident);
  ar(7, complaint.sector);
  ar(8, complaint.primary_category);
  ar(9, complaint.secondary_categories);
  ar(10, complaint.remedies_sought);
  ar(13, complaint.narrative_language);
  ar(14, complaint.respondents);
  ar(15, complaint.contract_clauses);
  ar(16, complaint.circumstances);
  ar(17, complaint.heard_of_us);
  ar(18, complaint.own_reference);
  ar(19, complaint.earlier_case_number);
  ar(20, complaint.received_on);
  ar(21, complaint.assisting_organisation);
  ar(22, complaint.province);
  ar(23, complaint.district);
  ar(24, complaint.affected_people);
}

template <class Ar>
void Fields(Ar& ar, IdentityDocument& document) {
  ar(1, document.type);
  ar(2, document.number);
  ar(3, document.issuing_country);
  ar(4, document.held_by);
}

template <class Ar>
void Fields(Ar& ar, SafeHours& hours) {
  ar(1, hours.days);
  ar(2, hours.from);
  ar(3, hours.to);
}

template <class Ar>
void Fields(Ar& ar, TrustedPerson& person) {
  ar(1, person.name);
  ar(2, person.relationship);
  ar(3, person.address);
}

template <class Ar>
void Fields(Ar& ar, SafeContact& contact) {
  ar(1, contact.method);
  ar(2, contact.address);
  ar(3, contact.safe_hours);
  ar(4, contact.time_zone);
  ar(5, contact.voicemail_ok);
  ar(6, contact.may_say_who_calls);
  ar(7, contact.code_word);
  ar(8, contact.trusted_person);
}

template <class Ar>
void Fields(Ar& ar, Complainant& complainant) {
  ar(1, complainant.name);
  ar(2, complainant.case_code);
  ar(3, complainant.sex);
  ar(4, complainant.birth_date);
  ar(5, complainant.age_band);
  ar(6, complainant.nationality);
  ar(7, complainant.home_province);
  ar(8, complainant.home_district);
  ar(9, complainant.languages);
  ar(10, complainant.literacy);
  ar(11, complainant.interpreter_needed);
  ar(12, complainant.identity_documents);
  ar(13, complainant.migration_status);
  ar(14, complainant.migration_status_expires_on);
  ar(15, complainant.migration_channel);
  ar(16, complainant.where_now);
  ar(17, complainant.whereabouts);
  ar(18, complainant.dependants);
  ar(19, complainant.union_membership);
  ar(20, complainant.safe_contact);
}

template <class Ar>
void Fields(Ar& ar, Representative& representative) {
  ar(1, representative.name);
  ar(2, representative.relationship);
  ar(3, representative.authority);
  ar(4, representative.valid_from);
  ar(5, representative.valid_to);
  ar(6, representative.address);
}

template <class Ar>
void Fields(Ar& ar, ClaimLine& line) {
  ar(1, line.type);
  ar(2, line.period);
  ar(3, line.promised);
  ar(4, line.received);
  ar(5, line.claimed);
  ar(6, line.note);
}

template <class Ar>
void Fields(Ar& ar, FeeLine& line) {
  ar(1, line.type);
  ar(2, line.amount);
  ar(3, line.paid_to);
  ar(4, line.paid_on);
  ar(5, line.receipt_held);
}

template <class Ar>
void Fields(Ar& ar, Consent& consent) {
  ar(1, consent.purpose);
  ar(2, consent.receiver_body_id);
  ar(3, consent.groups);
  ar(4, consent.status);
  ar(5, consent.how);
  ar(6, consent.language);
  ar(7, consent.interpreter);
  ar(8, consent.witness);
  ar(9, consent.given_on);
  ar(10, consent.expires_on);
}

// MemberPersonal: without id and withdrawal, which lie in the clear part of the row.
template <class Ar>
void Fields(Ar& ar, GroupMember& member) {
  ar(2, member.complainant);
  ar(3, member.representative);
  ar(4, member.claim_lines);
  ar(5, member.fee_lines);
  ar(6, member.consents);
  ar(7, member.own_reference);
}

template <class Ar>
void Fields(Ar& ar, WorkerInstruction& instruction) {
  ar(1, instruction.how);
  ar(2, instruction.given_on);
  ar(3, instruction.note);
}

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_STORAGE_PERSONAL_FIELDS_H_
