#include "services/intake/domain/testing/sample_filing.h"

#include <utility>

#include "fmt/format.h"

namespace redress::intake {
namespace {

WrittenMoney Ringgit(std::string amount) { return {"MYR", std::move(amount)}; }

SafeContact SampleContact() {
  SafeContact contact;
  contact.method = "MESSAGING";
  contact.address = "+60 11 0000 0000";
  contact.safe_hours = {{{"SUNDAY", "SATURDAY"}, "18:00", "24:00"}};
  contact.time_zone = "Asia/Kuala_Lumpur";
  contact.voicemail_ok = true;
  contact.may_say_who_calls = true;
  contact.code_word = "mango";
  contact.trusted_person = TrustedPerson{"Chea Sokha", "sister", "+855 12 000 000"};
  return contact;
}

Complainant SampleComplainant(int number) {
  Complainant person;
  person.name = fmt::format("Sok Dara {}", number);
  person.case_code = fmt::format("BTB-{}", number);
  person.sex = "FEMALE";
  person.birth_date = "1994-05";
  person.nationality = "KH";
  person.home_province = "KH-2";
  person.home_district = "Sangkae";
  person.languages = {"km", "ms"};
  person.literacy = "READS_A_LITTLE";
  person.interpreter_needed = true;
  person.identity_documents = {{"PASSPORT", "N0000001", "KH", "WORKER"}};
  person.migration_status = "REGULAR";
  person.migration_status_expires_on = "2027-06-30";
  person.migration_channel = "AGENCY";
  person.where_now = "DESTINATION";
  person.whereabouts = "hostel behind the factory";
  person.dependants = 3;
  person.union_membership = "CUF";
  person.safe_contact = SampleContact();
  return person;
}

Respondent SampleRespondent() {
  Respondent employer;
  employer.kind = "EMPLOYER";
  employer.name = "Kilang Contoh Sdn. Bhd.";
  employer.aliases = {"Contoh factory"};
  employer.address = "Lot 1, Shah Alam";
  employer.country = "MY";
  employer.licence_number = "L-17";
  employer.licence_issuer = "Ministry of Labour";
  employer.licence_validity = {"2020", "2027-01"};
  employer.licence_status = "VALID";
  employer.conduct = {"ABUSIVE", "NEGLIGENT"};
  employer.description = "blue gate";
  employer.body_id = "my:kilang-contoh";
  return employer;
}

}  // namespace

const IsoCodes& SampleCodes() {
  static const IsoCodes* const codes = new IsoCodes(IsoCodes::Load().value());
  return *codes;
}

Consent SampleConsent(std::string purpose, std::string receiver_body_id) {
  Consent consent;
  consent.purpose = std::move(purpose);
  consent.receiver_body_id = std::move(receiver_body_id);
  if (consent.purpose != "FILING") {
    consent.groups = {FieldGroup::kIdentity, FieldGroup::kNarrative, FieldGroup::kEmployment,
                      FieldGroup::kMoney};
  }
  consent.status = "GRANTED";
  consent.how = "ORAL_WITNESSED";
  consent.language = "km";
  consent.interpreter = true;
  consent.witness = "Chea Sokha";
  consent.given_on = "2026-11-20";
  consent.expires_on = "2027-11-20";
  return consent;
}

GroupMember SampleMember(int number) {
  GroupMember member;
  member.complainant = SampleComplainant(number);
  member.representative = Representative{"Chea Sokha", "SIBLING",    "WRITTEN",
                                         "2026-01-01", "2027-12-31", "+855 12 000 000"};
  member.claim_lines = {{"WAGES",
                         {"2024-10", "2026-09"},
                         Ringgit("18000.00"),
                         Ringgit("10800.00"),
                         Ringgit("7200.00"),
                         "24 months at 450 in place of 750"}};
  member.fee_lines = {{"BROKER", WrittenMoney{"USD", "800.00"}, "agent in town", "2024-08", true}};
  member.own_reference = fmt::format("row {}", number);
  return member;
}

Complaint SampleComplaint() {
  Complaint complaint;
  complaint.kind = "COMPLAINT";
  complaint.scope = "GROUP";
  complaint.channel = "OUTREACH";
  complaint.migration_stage = "DURING";
  complaint.corridor = {"KH", {"TH"}, "MY"};
  complaint.incident = {"2024-10", "2026-09"};
  complaint.sector = "MANUFACTURING";
  complaint.primary_category = {"WAGE_UNDERPAYMENT", "", ""};
  complaint.secondary_categories = {{"OTHER", "WORK_FROM_HOME", "sent home on half pay"}};
  complaint.remedies_sought = {"WAGES_PAID", "COMPENSATION"};
  complaint.narrative = "យើងទទួលបានតែ 450 រីងគីត។";
  complaint.sensitive_narrative = "told to one person only";
  complaint.narrative_language = "km";
  complaint.respondents = {SampleRespondent()};
  complaint.contract_clauses = {
      {"WAGE", "750 a month", "450 a month", Ringgit("750.00"), Ringgit("450.00"), "MONTH", true}};
  complaint.circumstances = {"DECEIVED"};
  complaint.heard_of_us = "UNION";
  complaint.own_reference = "MRC 2026/114";
  complaint.earlier_case_number = "";
  complaint.received_on = "2026-11-20";
  complaint.assisting_organisation = "kh:battambang-mrc";
  complaint.province = "KH-2";
  complaint.district = "Sangkae";
  complaint.affected_people = 90;
  return complaint;
}

ComplaintFiling SampleFiling(int members) {
  ComplaintFiling filing;
  filing.complaint = SampleComplaint();
  for (int number = 1; number <= members; ++number) filing.members.push_back(SampleMember(number));
  filing.consents = {SampleConsent("FILING", ""), SampleConsent("REFERRAL", "my:mtuc")};
  return filing;
}

ComplaintFiling SmallestFiling() {
  ComplaintFiling filing;
  filing.complaint.kind = "INQUIRY";
  filing.complaint.scope = "INDIVIDUAL";
  filing.complaint.channel = "PHONE";
  filing.complaint.migration_stage = "BEFORE";
  filing.complaint.corridor = {"KH", {}, "MY"};
  filing.complaint.sector = "UNSPECIFIED";
  filing.complaint.primary_category = {"DEPLOYMENT_DELAY", "", ""};
  Respondent broker;
  broker.kind = "UNLICENSED_BROKER";
  broker.description = "woman called Srey, shop by the bus station";
  filing.complaint.respondents = {broker};
  GroupMember member;
  member.complainant.case_code = "C-1";
  member.complainant.sex = "UNKNOWN";
  member.complainant.nationality = "XX";
  member.complainant.migration_status = "IRREGULAR";
  member.complainant.migration_channel = "BROKER";
  member.complainant.where_now = "UNKNOWN";
  filing.members = {member};
  return filing;
}

}  // namespace redress::intake
