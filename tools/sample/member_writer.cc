#include "tools/sample/member_writer.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "fmt/format.h"
#include "tools/sample/draw.h"
#include "tools/sample/money_writer.h"
#include "tools/sample/names.h"

namespace redress::sample {
namespace {

constexpr Share kAgeBands[] = {
    {"18_24", 24}, {"25_34", 44}, {"35_44", 22}, {"45_54", 8}, {"55_AND_OVER", 2}};
constexpr Share kChildren[] = {{"15_17", 4}, {"UNDER_15", 1}};
constexpr Share kLiteracy[] = {
    {"READS_WELL", 45}, {"READS_A_LITTLE", 40}, {"DOES_NOT_READ", 12}, {"UNKNOWN", 3}};
constexpr Share kMigrationStatus[] = {
    {"REGULAR", 62}, {"IRREGULAR", 21}, {"EXPIRED", 8}, {"PENDING", 4}, {"UNKNOWN", 5}};
constexpr Share kMigrationChannel[] = {{"AGENCY", 46},  {"BROKER", 22}, {"AGREEMENT", 12},
                                       {"RELATIVE", 9}, {"DIRECT", 7},  {"UNKNOWN", 4}};
constexpr Share kRelationships[] = {
    {"SPOUSE", 30}, {"PARENT", 36}, {"SIBLING", 20}, {"CHILD", 6}, {"OTHER_RELATIVE", 8}};
constexpr Share kConsentHow[] = {
    {"SIGNED", 55}, {"THUMBPRINT", 22}, {"ORAL_WITNESSED", 17}, {"RECORDED", 6}};
constexpr Share kContactMethods[] = {{"PHONE", 50},    {"MESSAGING", 34},
                                     {"SMS", 6},       {"THROUGH_THIRD_PERSON", 5},
                                     {"IN_PERSON", 3}, {"NONE", 2}};

bool IsChild(const CaseFacts& facts) { return facts.category == "CHILD_LABOUR"; }

// Numbers behind "000" are given out nowhere, so that no sample rings anybody.
std::string InventPhone(std::string_view prefix, RandomSource& random) {
  return fmt::format("{} 000 {:06}", prefix, Below(1000000, random));
}

void WriteAge(const CaseFacts& facts, RandomSource& random, Json& person) {
  if (IsChild(facts)) {
    person["ageBand"] = PickShare(kChildren, random);
    return;
  }
  const uint64_t known = Below(10, random);
  if (known < 6) {
    const int age_days = static_cast<int>(Between(18 * 366, 52 * 365, random));
    person["birthDate"] = AddDays(facts.incident_from, -age_days).ToString();
  } else if (known < 9) {
    person["ageBand"] = PickShare(kAgeBands, random);
  }
}

void WriteSafeContact(const CaseFacts& facts, const CountryFacts& place, RandomSource& random,
                      Json& person) {
  const std::string_view method = PickShare(kContactMethods, random);
  Json contact;
  contact["method"] = method;
  if (method == "PHONE" || method == "SMS" || method == "MESSAGING") {
    contact["address"] = InventPhone(place.phone_prefix, random);
  }
  if (method == "THROUGH_THIRD_PERSON") {
    contact["trustedPerson"] = {{"name", InventPerson(facts.origin->code, "UNKNOWN", random)},
                                {"relationship", "cousin"},
                                {"address", InventPhone(facts.origin->phone_prefix, random)}};
  } else if (method != "NONE" && Chance(300, random)) {
    Json evening = {{"days", {"SUNDAY"}}, {"from", "09:00"}, {"to", "12:00"}};
    if (Chance(500, random)) {
      evening = {{"days", {"MONDAY", "WEDNESDAY", "FRIDAY"}}, {"from", "20:00"}, {"to", "22:00"}};
    }
    contact["safeHours"] = Json::array({std::move(evening)});
    contact["timeZone"] = place.time_zone;
  }
  if (Chance(400, random)) contact["maySayWhoCalls"] = true;
  person["safeContact"] = std::move(contact);
}

void WriteMigration(const CaseFacts& facts, RandomSource& random, Json& person) {
  if (facts.local()) {
    person["migrationStatus"] = "REGULAR";
    person["migrationChannel"] = "UNKNOWN";
    person["whereNow"] = "HOME";
    return;
  }
  const bool not_left_yet = facts.stage == "BEFORE";
  const std::string_view status =
      not_left_yet ? std::string_view("PENDING") : PickShare(kMigrationStatus, random);
  person["migrationStatus"] = status;
  if (status == "EXPIRED") {
    person["migrationStatusExpiresOn"] = facts.incident_to.ToString();
  }
  person["migrationChannel"] = PickShare(kMigrationChannel, random);
  std::string_view where = facts.story->where_now;
  // Many complain only once they are back; those whom others speak for are not.
  const bool filed_abroad = facts.filed_in != facts.destination->code;
  if (where == "DESTINATION" && filed_abroad && !facts.story->by_representative &&
      Chance(300, random)) {
    where = "HOME";
  }
  person["whereNow"] = where;
}

void WritePassport(const CaseFacts& facts, RandomSource& random, Json& person) {
  if (facts.local() || !Chance(700, random)) return;
  std::string_view holder = facts.story->document_holder;
  if (holder == "WORKER" && facts.stage == "DURING" && Chance(200, random)) holder = "EMPLOYER";
  Json passport = {{"type", "PASSPORT"}};
  // "00" begins no issued number.
  if (Chance(600, random)) passport["number"] = fmt::format("X00{:06}", Below(1000000, random));
  passport["issuingCountry"] = facts.origin->code;
  passport["heldBy"] = holder;
  person["identityDocuments"] = Json::array({std::move(passport)});
}

Json WriteComplainant(const CaseFacts& facts, RandomSource& random) {
  const std::string_view sex = PickSex(facts.sector, random);
  Json person;
  if (facts.category == "SEXUAL_ABUSE") {
    person["caseCode"] = fmt::format("S-{:08}", Below(100000000, random));
  } else {
    person["name"] = InventPerson(facts.origin->code, sex, random);
  }
  person["sex"] = sex;
  WriteAge(facts, random, person);
  person["nationality"] = facts.origin->code;
  if (!facts.origin->provinces.empty()) {
    person["homeProvince"] = PickOne<std::string_view>(facts.origin->provinces, random);
  }
  person["languages"] = Json::array({facts.origin->language});
  person["literacy"] = PickShare(kLiteracy, random);
  const bool at_home_desk = facts.filed_in == facts.origin->code;
  if (!at_home_desk && Chance(500, random)) person["interpreterNeeded"] = true;
  WritePassport(facts, random, person);
  WriteMigration(facts, random, person);
  if (const uint64_t dependants = Below(6, random); dependants > 0) {
    person["dependants"] = dependants;
  }
  if (facts.category != "DEATH_REMAINS" && facts.category != "MISSING_PERSON") {
    const bool home = person["whereNow"] == "HOME";
    WriteSafeContact(facts, home ? *facts.origin : *facts.destination, random, person);
  }
  return person;
}

Json WriteRepresentative(const CaseFacts& facts, RandomSource& random) {
  const bool heir = facts.category == "DEATH_REMAINS";
  const std::string_view authority = heir ? "HEIR" : Chance(500, random) ? "ORAL" : "WRITTEN";
  return {{"name", InventPerson(facts.origin->code, "UNKNOWN", random)},
          {"relationship", PickShare(kRelationships, random)},
          {"authority", authority},
          {"address", InventPhone(facts.origin->phone_prefix, random)}};
}

Json WriteConsent(const CaseFacts& facts, std::string_view purpose, std::string_view status,
                  std::string_view how) {
  Json consent = {{"purpose", purpose},
                  {"status", status},
                  {"how", how},
                  {"language", facts.origin->language},
                  {"givenOn", facts.received_on.ToString()}};
  if (facts.filed_in != facts.origin->code) consent["interpreter"] = true;
  return consent;
}

}  // namespace

Json WriteMember(const CaseFacts& facts, uint32_t number, RandomSource& random) {
  Json member;
  member["complainant"] = WriteComplainant(facts, random);
  if (facts.story->by_representative) {
    member["representative"] = WriteRepresentative(facts, random);
  }
  WriteMoney(facts, random, member);
  if (facts.people > 1) {
    // Some in a group do not want what the others agreed to.
    if (facts.wants_embassy && Chance(50, random)) {
      member["consents"] = Json::array({WriteConsent(facts, "EMBASSY", "REFUSED", "SIGNED")});
    }
    member["ownReference"] = fmt::format("{}", number);
  }
  return member;
}

Json WriteCommonConsents(const CaseFacts& facts, RandomSource& random) {
  const std::string_view how = PickShare(kConsentHow, random);
  Json consents = Json::array({WriteConsent(facts, "FILING", "GRANTED", how)});
  if (!facts.local()) {
    const std::string_view embassy = facts.wants_embassy ? "GRANTED" : "REFUSED";
    consents.push_back(WriteConsent(facts, "EMBASSY", embassy, how));
  }
  if (facts.refers_to_union) {
    Json referral = WriteConsent(facts, "REFERRAL", "GRANTED", how);
    referral["receiverBodyId"] = facts.destination->union_body;
    referral["groups"] = {"FIELD_GROUP_IDENTITY",  "FIELD_GROUP_CONTACT",
                          "FIELD_GROUP_NARRATIVE", "FIELD_GROUP_EMPLOYMENT",
                          "FIELD_GROUP_MONEY",     "FIELD_GROUP_EVIDENCE_FILES"};
    consents.push_back(std::move(referral));
  }
  if (how == "ORAL_WITNESSED") {
    const std::string witness = InventPerson(facts.filed_in, "UNKNOWN", random);
    for (Json& consent : consents) consent["witness"] = witness;
  }
  return consents;
}

}  // namespace redress::sample
