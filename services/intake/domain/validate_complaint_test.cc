#include "services/intake/domain/validate_complaint.h"

#include <functional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/intake/domain/code_lists.h"
#include "services/intake/domain/testing/sample_filing.h"

namespace redress::intake {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<FieldViolation> Faults(const ComplaintFiling& filing) {
  FieldViolations violations;
  ValidateFiling(filing, "filing", {SampleCodes(), kSampleToday}, violations);
  return violations.list();
}

std::vector<std::string> FaultyFields(const ComplaintFiling& filing) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : Faults(filing)) fields.push_back(violation.field);
  return fields;
}

TEST(ValidateComplaintTest, AFilingThatFillsEveryFieldIsAccepted) {
  for (const FieldViolation& fault : Faults(SampleFiling(3))) {
    ADD_FAILURE() << fault.field << ": " << fault.problem;
  }
}

TEST(ValidateComplaintTest, OnlyWhatIsRequiredIsEnoughAndIrregularStatusNeverBlocks) {
  for (const FieldViolation& fault : Faults(SmallestFiling())) {
    ADD_FAILURE() << fault.field << ": " << fault.problem;
  }
}

struct Case {
  const char* field;    // The one that must be named, without "filing.".
  const char* problem;  // Part of what must be said.
  std::function<void(ComplaintFiling&)> spoil;
};

// One rule each: spoiling one field names that field and no other.
void ExpectEach(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    ComplaintFiling filing = SampleFiling(2);
    one.spoil(filing);
    const auto faults = Faults(filing);
    ASSERT_EQ(faults.size(), 1u) << one.field << " " << one.problem;
    EXPECT_EQ(faults[0].field, std::string("filing.") + one.field);
    EXPECT_THAT(faults[0].problem, HasSubstr(one.problem));
  }
}

TEST(ValidateComplaintTest, EachRuleOfWhatHappenedNamesItsField) {
  using F = ComplaintFiling;
  const std::vector<Case> cases = {
      {"complaint.kind", "INQUIRY, COMPLAINT", [](F& f) { f.complaint.kind = "WISH"; }},
      {"complaint.kind", "is required", [](F& f) { f.complaint.kind = ""; }},
      {"complaint.scope", "INDIVIDUAL, GROUP", [](F& f) { f.complaint.scope = "group"; }},
      {"complaint.channel", "OPEN_HOUSE", [](F& f) { f.complaint.channel = "FAX"; }},
      {"complaint.migration_stage", "DURING", [](F& f) { f.complaint.migration_stage = ""; }},
      {"complaint.corridor.origin", "ISO 3166-1",
       [](F& f) { f.complaint.corridor.origin = "KHM"; }},
      {"complaint.corridor.transit[1]", "ISO 3166-1",
       [](F& f) { f.complaint.corridor.transit = {"TH", "XX"}; }},
      {"complaint.corridor.transit", "at most 10",
       [](F& f) { f.complaint.corridor.transit.assign(11, "TH"); }},
      {"complaint.corridor.destination", "is required",
       [](F& f) { f.complaint.corridor.destination = ""; }},
      {"complaint.incident.from", "not in the future",
       [](F& f) { f.complaint.incident = {"2027", ""}; }},
      {"complaint.incident.to", "not before 2026",
       [](F& f) { f.complaint.incident = {"2026", "2025-12"}; }},
      {"complaint.incident.from", "YYYY-MM-DD", [](F& f) { f.complaint.incident.from = "1/2/26"; }},
      {"complaint.sector", "SEAFOOD_PROCESSING", [](F& f) { f.complaint.sector = "IT"; }},
      {"complaint.primary_category.code", "TRAFFICKING",
       [](F& f) { f.complaint.primary_category.code = "WORK_FROM_HOME"; }},
      {"complaint.primary_category.source_category_code", "is required with OTHER",
       [](F& f) { f.complaint.primary_category.code = "OTHER"; }},
      {"complaint.primary_category.source_category_code", "unless the code is OTHER",
       [](F& f) { f.complaint.primary_category.source_category_code = "WFH"; }},
      {"complaint.primary_category.other_text", "unless the code is OTHER",
       [](F& f) { f.complaint.primary_category.other_text = "more"; }},
      {"complaint.secondary_categories[0].source_category_code", "at most 64 bytes",
       [](F& f) { f.complaint.secondary_categories[0].source_category_code = "work from home"; }},
      {"complaint.secondary_categories[1].code", "given twice",
       [](F& f) { f.complaint.secondary_categories.push_back({"WAGE_UNDERPAYMENT", "", ""}); }},
      {"complaint.remedies_sought[0]", "SHELTER",
       [](F& f) { f.complaint.remedies_sought = {"REVENGE"}; }},
      {"complaint.remedies_sought[1]", "given twice",
       [](F& f) { f.complaint.remedies_sought = {"SHELTER", "SHELTER"}; }},
  };
  ExpectEach(cases);
}

TEST(ValidateComplaintTest, EachRuleOfNarrativesRespondentsAndContractNamesItsField) {
  using F = ComplaintFiling;
  const std::string long_text(64 * 1024 + 1, 'x');
  const std::vector<Case> cases = {
      {"complaint.narrative", "65537 bytes long; at most 65536",
       [&](F& f) { f.complaint.narrative = long_text; }},
      {"complaint.narrative", "not valid UTF-8", [](F& f) { f.complaint.narrative = "\xe1\x9e"; }},
      {"complaint.sensitive_narrative", "control characters",
       [](F& f) { f.complaint.sensitive_narrative = "\x1b[2J"; }},
      {"complaint.narrative_language", "is required",
       [](F& f) { f.complaint.narrative_language = ""; }},
      {"complaint.narrative_language", "ISO 639",
       [](F& f) { f.complaint.narrative_language = "xx"; }},
      {"complaint.respondents", "at least one", [](F& f) { f.complaint.respondents.clear(); }},
      {"complaint.respondents", "at most 20",
       [](F& f) { f.complaint.respondents.resize(21, f.complaint.respondents[0]); }},
      {"complaint.respondents[0]", "at least one of name",
       [](F& f) { f.complaint.respondents[0] = Respondent{.kind = "EMPLOYER"}; }},
      {"complaint.respondents[0].kind", "LABOUR_CONTRACTOR",
       [](F& f) { f.complaint.respondents[0].kind = "BOSS"; }},
      {"complaint.respondents[0].country", "ISO 3166-1",
       [](F& f) { f.complaint.respondents[0].country = "Malaysia"; }},
      {"complaint.respondents[0].licence_validity.to", "not before",
       [](F& f) { f.complaint.respondents[0].licence_validity = {"2020-02", "2020-01"}; }},
      {"complaint.respondents[0].licence_status", "SUSPENDED",
       [](F& f) { f.complaint.respondents[0].licence_status = "OLD"; }},
      {"complaint.respondents[0].conduct[0]", "NEGLIGENT",
       [](F& f) { f.complaint.respondents[0].conduct = {"RUDE"}; }},
      {"complaint.respondents[0].body_id", "my:mtuc",
       [](F& f) { f.complaint.respondents[0].body_id = "mtuc"; }},
      {"complaint.respondents[0].aliases", "at most 10",
       [](F& f) { f.complaint.respondents[0].aliases.assign(11, "x"); }},
      {"complaint.contract_clauses[0].clause", "REST_DAYS",
       [](F& f) { f.complaint.contract_clauses[0].clause = "PAY"; }},
      {"complaint.contract_clauses[0].per", "MONTH",
       [](F& f) { f.complaint.contract_clauses[0].per = ""; }},
      {"complaint.contract_clauses[0].actual_amount.currency_code", "currency of the other",
       [](F& f) { f.complaint.contract_clauses[0].actual_amount->currency_code = "USD"; }},
      {"complaint.contract_clauses[0]", "needs what was promised",
       [](F& f) { f.complaint.contract_clauses[0] = ContractClause{.clause = "JOB"}; }},
      {"complaint.circumstances[0]", "LIFE_AT_RISK",
       [](F& f) { f.complaint.circumstances = {"SAD"}; }},
      {"complaint.heard_of_us", "RADIO_OR_TV", [](F& f) { f.complaint.heard_of_us = "DREAM"; }},
      {"complaint.own_reference", "at most 100",
       [](F& f) { f.complaint.own_reference = std::string(101, 'r'); }},
      {"complaint.earlier_case_number", "check character",
       [](F& f) { f.complaint.earlier_case_number = "KH-26-0000417-0"; }},
      {"complaint.received_on", "not in the future",
       [](F& f) { f.complaint.received_on = "2026-11-24"; }},
      {"complaint.received_on", "YYYY-MM-DD", [](F& f) { f.complaint.received_on = "2026-11"; }},
      {"complaint.province", "ISO 3166-2", [](F& f) { f.complaint.province = "Battambang"; }},
      {"complaint.affected_people", "above 1000000",
       [](F& f) { f.complaint.affected_people = 1'000'001; }},
  };
  ExpectEach(cases);
}

struct MemberCase {
  const char* field;
  const char* problem;
  std::function<void(GroupMember&)> spoil;
};

void ExpectEach(const std::vector<MemberCase>& cases) {
  for (const MemberCase& one : cases) {
    ComplaintFiling filing = SampleFiling(2);
    one.spoil(filing.members[1]);
    const auto faults = Faults(filing);
    ASSERT_EQ(faults.size(), 1u) << one.field << " " << one.problem;
    EXPECT_EQ(faults[0].field, std::string("filing.members[1].") + one.field);
    EXPECT_THAT(faults[0].problem, HasSubstr(one.problem));
  }
}

TEST(ValidateComplaintTest, EachRuleOfAComplainantNamesItsField) {
  using M = GroupMember;
  const std::vector<MemberCase> cases = {
      {"member_id", "must be empty",
       [](M& m) { m.member_id = MemberId::FromTrusted("00000000000000000000000001"); }},
      {"complainant.name", "case_code in its place",
       [](M& m) { m.complainant.name = m.complainant.case_code = ""; }},
      {"complainant.name", "at most 200", [](M& m) { m.complainant.name = std::string(201, 'n'); }},
      {"complainant.sex", "FEMALE, MALE, OTHER, UNKNOWN", [](M& m) { m.complainant.sex = "F"; }},
      {"complainant.birth_date", "in the future",
       [](M& m) { m.complainant.birth_date = "2031-01-01"; }},
      {"complainant.birth_date", "not a date", [](M& m) { m.complainant.birth_date = "May 94"; }},
      {"complainant.age_band", "give one of them", [](M& m) { m.complainant.age_band = "25_34"; }},
      {"complainant.nationality", "ISO 3166-1", [](M& m) { m.complainant.nationality = "Khmer"; }},
      {"complainant.languages[1]", "ISO 639", [](M& m) { m.complainant.languages = {"km", "zz"}; }},
      {"complainant.literacy", "DOES_NOT_READ", [](M& m) { m.complainant.literacy = "NO"; }},
      {"complainant.identity_documents[0].type", "BORDER_PASS",
       [](M& m) { m.complainant.identity_documents[0].type = "CARD"; }},
      {"complainant.identity_documents[0].held_by", "LOST",
       [](M& m) { m.complainant.identity_documents[0].held_by = ""; }},
      {"complainant.identity_documents[0].issuing_country", "ISO 3166-1",
       [](M& m) { m.complainant.identity_documents[0].issuing_country = "ZZ"; }},
      {"complainant.migration_status", "IRREGULAR",
       [](M& m) { m.complainant.migration_status = "ILLEGAL"; }},
      {"complainant.migration_status_expires_on", "YYYY-MM-DD",
       [](M& m) { m.complainant.migration_status_expires_on = "2027"; }},
      {"complainant.migration_channel", "RELATIVE",
       [](M& m) { m.complainant.migration_channel = ""; }},
      {"complainant.where_now", "SHELTER", [](M& m) { m.complainant.where_now = "HERE"; }},
      {"complainant.dependants", "above 100", [](M& m) { m.complainant.dependants = 101; }},
      {"complainant.safe_contact.method", "THROUGH_THIRD_PERSON",
       [](M& m) { m.complainant.safe_contact->method = "PIGEON"; }},
      {"complainant.safe_contact.address", "is required",
       [](M& m) { m.complainant.safe_contact->address = ""; }},
      {"complainant.safe_contact.safe_hours[0].days", "at least one day",
       [](M& m) { m.complainant.safe_contact->safe_hours[0].days.clear(); }},
      {"complainant.safe_contact.safe_hours[0].to", "after",
       [](M& m) { m.complainant.safe_contact->safe_hours[0].to = "17:59"; }},
      {"complainant.safe_contact.safe_hours[0].from", "HH:MM",
       [](M& m) { m.complainant.safe_contact->safe_hours[0].from = "6pm"; }},
      {"complainant.safe_contact.time_zone", "IANA",
       [](M& m) { m.complainant.safe_contact->time_zone = "../../etc/passwd"; }},
      {"complainant.safe_contact.trusted_person.name", "is required",
       [](M& m) { m.complainant.safe_contact->trusted_person->name = ""; }},
  };
  ExpectEach(cases);
}

TEST(ValidateComplaintTest, EachRuleOfAMembersClaimsNamesItsField) {
  using M = GroupMember;
  const std::vector<MemberCase> cases = {
      {"representative.relationship", "SPOUSE",
       [](M& m) { m.representative->relationship = "BOSS"; }},
      {"representative.authority", "POWER_OF_ATTORNEY",
       [](M& m) { m.representative->authority = ""; }},
      {"representative.valid_to", "not before",
       [](M& m) { m.representative->valid_to = "2025-12-31"; }},
      {"claim_lines[0].type", "SEVERANCE", [](M& m) { m.claim_lines[0].type = "PAIN"; }},
      {"claim_lines[0].claimed", "is required", [](M& m) { m.claim_lines[0].claimed.reset(); }},
      {"claim_lines[0].claimed.amount", "above zero",
       [](M& m) { m.claim_lines[0].claimed->amount = "0.00"; }},
      {"claim_lines[0].claimed.amount", "negative",
       [](M& m) { m.claim_lines[0].claimed->amount = "-1"; }},
      {"claim_lines[0].claimed.amount", "3 decimals",
       [](M& m) { m.claim_lines[0].claimed->amount = "1.234"; }},
      {"claim_lines[0].claimed.amount", "is above",
       [](M& m) { m.claim_lines[0].claimed->amount = "99999999999999999999"; }},
      {"claim_lines[0].promised.currency_code", "currency of the other",
       [](M& m) { m.claim_lines[0].promised->currency_code = "KHR"; }},
      {"claim_lines[0].period.to", "not before",
       [](M& m) { m.claim_lines[0].period = {"2026-02", "2026-01"}; }},
      {"fee_lines[0].type", "WORKER_CARD", [](M& m) { m.fee_lines[0].type = "BRIBE"; }},
      {"fee_lines[0].amount", "is required", [](M& m) { m.fee_lines[0].amount.reset(); }},
      {"fee_lines[0].amount.currency_code", "ISO 4217",
       [](M& m) { m.fee_lines[0].amount->currency_code = "US"; }},
      {"fee_lines[0].paid_on", "not in the future", [](M& m) { m.fee_lines[0].paid_on = "2027"; }},
      {"own_reference", "another member", [](M& m) { m.own_reference = "row 1"; }},
  };
  ExpectEach(cases);
}

TEST(ValidateComplaintTest, EachRuleOfAConsentNamesItsField) {
  struct ConsentCase {
    const char* field;
    const char* problem;
    std::function<void(Consent&)> spoil;
  };
  const std::vector<ConsentCase> cases = {
      {"purpose", "FILING, REFERRAL, EMBASSY",
       [](Consent& c) {
         c.purpose = "ALL";
         c.receiver_body_id = "";
       }},
      {"receiver_body_id", "my:mtuc", [](Consent& c) { c.receiver_body_id = ""; }},
      {"receiver_body_id", "must be empty", [](Consent& c) { c.purpose = "EMBASSY"; }},
      {"groups", "at least one", [](Consent& c) { c.groups.clear(); }},
      {"groups[0]", "SENSITIVE_NARRATIVE", [](Consent& c) { c.groups = {FieldGroup::kAlways}; }},
      {"groups[1]", "given twice",
       [](Consent& c) { c.groups = {FieldGroup::kMoney, FieldGroup::kMoney}; }},
      {"status", "GRANTED, REFUSED", [](Consent& c) { c.status = "EXPIRED"; }},
      {"how", "THUMBPRINT", [](Consent& c) { c.how = "SHOUTED"; }},
      {"language", "ISO 639", [](Consent& c) { c.language = "Khmer"; }},
      {"witness", "is required", [](Consent& c) { c.witness = ""; }},
      {"given_on", "is required", [](Consent& c) { c.given_on = ""; }},
      {"given_on", "not in the future", [](Consent& c) { c.given_on = "2026-12-24"; }},
      {"expires_on", "not before", [](Consent& c) { c.expires_on = "2026-11-19"; }},
  };
  for (const ConsentCase& one : cases) {
    std::vector<Consent> consents = {SampleConsent("REFERRAL", "my:mtuc")};
    one.spoil(consents[0]);
    FieldViolations violations;
    ValidateConsents(consents, "consents", {SampleCodes(), kSampleToday}, violations);
    ASSERT_EQ(violations.list().size(), 1u) << one.field << " " << one.problem;
    EXPECT_EQ(violations.list()[0].field, std::string("consents[0].") + one.field);
    EXPECT_THAT(violations.list()[0].problem, HasSubstr(one.problem));
  }
}

TEST(ValidateComplaintTest, EveryWrongFieldIsNamedAtOnce) {
  ComplaintFiling filing = SampleFiling(2);
  filing.complaint.sector = "IT";
  filing.complaint.incident.from = "2030-01-01";
  filing.members[0].claim_lines[0].claimed->amount = "-5";
  filing.members[1].complainant.nationality = "";
  filing.consents[1].language = "";
  EXPECT_THAT(
      FaultyFields(filing),
      ElementsAre("filing.complaint.incident.from", "filing.complaint.sector",
                  "filing.members[0].claim_lines[0].claimed.amount",
                  "filing.members[1].complainant.nationality", "filing.consents[1].language"));
}

TEST(ValidateComplaintTest, AGroupNeedsMembersAndAnIndividualExactlyOne) {
  ComplaintFiling filing = SampleFiling(0);
  EXPECT_THAT(FaultyFields(filing), ElementsAre("filing.members"));
  filing = SampleFiling(201);
  EXPECT_THAT(FaultyFields(filing), ElementsAre("filing.members"));
  filing = SampleFiling(2);
  filing.complaint.scope = "INDIVIDUAL";
  EXPECT_THAT(FaultyFields(filing), ElementsAre("filing.members"));
}

TEST(ValidateComplaintTest, ClaimsThatNoLedgerCouldAddUpAreRefused) {
  ComplaintFiling filing = SampleFiling(2);
  for (GroupMember& member : filing.members) {
    member.claim_lines[0].claimed->amount = "90000000000000000.00";
  }
  EXPECT_THAT(FaultyFields(filing), ElementsAre("filing.members[1].claim_lines[0].claimed"));
}

TEST(ValidateComplaintTest, NothingThatAPersonMayHaveWrittenIsRepeated) {
  ComplaintFiling filing = SampleFiling(1);
  filing.members[0].complainant.sex = "Sok Dara, room 12";
  filing.members[0].complainant.birth_date = "1994-13-01";
  filing.complaint.province = "behind the market in Battambang";
  for (const FieldViolation& fault : Faults(filing)) {
    EXPECT_THAT(fault.problem, Not(HasSubstr("Dara")));
    EXPECT_THAT(fault.problem, Not(HasSubstr("1994")));
    EXPECT_THAT(fault.problem, Not(HasSubstr("market")));
  }
}

TEST(ValidateComplaintTest, TodayAllowsForTheWorkersOwnCalendar) {
  ComplaintFiling filing = SampleFiling(1);
  filing.complaint.received_on = "2026-11-23";
  EXPECT_THAT(FaultyFields(filing), IsEmpty());
}

TEST(ValidateComplaintTest, AmountsAreWrittenWithTheDecimalsOfTheirCurrency) {
  ComplaintFiling filing = SampleFiling(1);
  filing.members[0].claim_lines[0].claimed = WrittenMoney{"VND", "0700"};
  filing.members[0].fee_lines[0].amount = WrittenMoney{"KWD", "5.5"};
  filing.complaint.contract_clauses[0].actual_amount = WrittenMoney{"MYR", "450"};
  WriteAmountsInFull(filing, SampleCodes());
  EXPECT_EQ(filing.members[0].claim_lines[0].claimed->amount, "700");
  EXPECT_EQ(filing.members[0].fee_lines[0].amount->amount, "5.500");
  EXPECT_EQ(filing.complaint.contract_clauses[0].actual_amount->amount, "450.00");
}

TEST(ValidateComplaintTest, NewMembersAndAmendedOnesMeetTheSameRules) {
  const ValidationContext context{SampleCodes(), kSampleToday};
  FieldViolations violations;
  ValidateNewMembers({SampleMember(1), SampleMember(2)}, {SampleConsent("FILING", "")}, context,
                     violations);
  EXPECT_TRUE(violations.empty());
  GroupMember stored = SampleMember(1);
  stored.member_id = MemberId::FromTrusted("00000000000000000000000001");
  stored.consents = {SampleConsent("FILING", "")};
  stored.consents[0].status = "WITHDRAWN";
  ValidateMember(stored, "member", context, violations);
  ValidateComplaint(SampleComplaint(), "complaint", context, violations);
  EXPECT_TRUE(violations.empty());
  stored.complainant.sex = "";
  ValidateMember(stored, "member", context, violations);
  EXPECT_EQ(violations.list().at(0).field, "member.complainant.sex");
}

TEST(CodeListsTest, EveryListHoldsCodesOnceAndInUpperCase) {
  const CodeList* lists[] = {&kCategories, &kSectors,    &kRemedies,    &kSanctions,
                             &kChannels,   &kMoneyKinds, &kConsentHows, &kForcedLabourIndicators};
  for (const CodeList* list : lists) {
    for (std::string_view code : list->codes()) {
      EXPECT_TRUE(IsUpperSnake(code)) << code;
      EXPECT_EQ(std::count(list->codes().begin(), list->codes().end(), code), 1) << code;
    }
  }
  EXPECT_EQ(kCategories.codes().size(), 35u);
  EXPECT_EQ(kForcedLabourIndicators.codes().size(), 11u);
}

}  // namespace
}  // namespace redress::intake
