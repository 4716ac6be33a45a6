#include <algorithm>

#include "services/intake/domain/code_lists.h"
#include "services/intake/domain/validate_parts.h"
#include "services/platform/ids/names.h"

namespace redress::intake {
namespace {

using DateKind = FieldChecker::DateKind;
using Future = FieldChecker::Future;

constexpr std::string_view kStateless = "XX";

// "HH:MM" as minutes since midnight; "24:00" only as an end.
std::optional<int> MinutesOf(std::string_view text) {
  const auto digit = [text](size_t i) { return text[i] >= '0' && text[i] <= '9'; };
  if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) {
    return std::nullopt;
  }
  const int hours = (text[0] - '0') * 10 + (text[1] - '0');
  const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
  if (minutes > 59 || hours > 24 || (hours == 24 && minutes != 0)) return std::nullopt;
  return hours * 60 + minutes;
}

// The shape of an IANA name. Not looked up: zones come and go with releases of the tz database, and
// nothing here computes with one.
bool LooksLikeTimeZone(std::string_view name) {
  if (name == "UTC") return true;
  if (name.size() > 64 || name.find('/') == std::string_view::npos || name.front() == '/' ||
      name.back() == '/') {
    return false;
  }
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '_' || c == '-' || c == '+';
  });
}

void CheckIdentityDocument(FieldChecker& check, const FieldPath& path,
                           const IdentityDocument& document) {
  check.Required(path.Field("type"), document.type, kDocumentTypes);
  check.Text(path.Field("number"), document.number, 64);
  check.Country(path.Field("issuing_country"), document.issuing_country);
  check.Required(path.Field("held_by"), document.held_by, kDocumentHolders);
}

void CheckSafeHours(FieldChecker& check, const FieldPath& path, const SafeHours& hours) {
  const FieldPath days = path.Field("days");
  if (hours.days.empty()) check.Wrong(days, "needs at least one day");
  check.Codes(days, hours.days, kWeekdays);
  const std::optional<int> from = MinutesOf(hours.from);
  const std::optional<int> to = MinutesOf(hours.to);
  if (!from) check.Wrong(path.Field("from"), "must be a time HH:MM of 24 hours");
  if (!to) check.Wrong(path.Field("to"), "must be a time HH:MM of 24 hours");
  if (from && to && *to <= *from) check.Wrong(path.Field("to"), "must be after `from`");
}

void CheckSafeContact(FieldChecker& check, const FieldPath& path, const SafeContact& contact) {
  check.Required(path.Field("method"), contact.method, kContactMethods);
  const bool needs_address = kContactMethods.Contains(contact.method) &&
                             contact.method != "IN_PERSON" &&
                             contact.method != "THROUGH_THIRD_PERSON" && contact.method != "NONE";
  if (needs_address) {
    check.RequiredText(path.Field("address"), contact.address, 200);
  } else {
    check.Text(path.Field("address"), contact.address, 200);
  }
  const FieldPath hours = path.Field("safe_hours");
  check.AtMost(hours, contact.safe_hours.size(), 21);
  for (size_t i = 0; i < contact.safe_hours.size(); ++i) {
    CheckSafeHours(check, hours.Item(i), contact.safe_hours[i]);
  }
  const bool zone_needed = !contact.safe_hours.empty();
  if ((zone_needed || !contact.time_zone.empty()) && !LooksLikeTimeZone(contact.time_zone)) {
    check.Wrong(path.Field("time_zone"), "must be an IANA time zone such as Asia/Kuala_Lumpur");
  }
  check.Text(path.Field("code_word"), contact.code_word, 64);
  const FieldPath trusted = path.Field("trusted_person");
  if (contact.trusted_person) {
    check.RequiredText(trusted.Field("name"), contact.trusted_person->name, 200);
    check.Text(trusted.Field("relationship"), contact.trusted_person->relationship, 100);
    check.RequiredText(trusted.Field("address"), contact.trusted_person->address, 200);
  } else if (contact.method == "THROUGH_THIRD_PERSON") {
    check.Wrong(trusted, "is required with the method THROUGH_THIRD_PERSON");
  }
}

}  // namespace

void CheckComplainant(FieldChecker& check, const FieldPath& path, const Complainant& complainant) {
  check.Text(path.Field("name"), complainant.name, 200);
  check.Text(path.Field("case_code"), complainant.case_code, 64);
  if (complainant.name.empty() && complainant.case_code.empty()) {
    check.Wrong(path.Field("name"), "is required, or case_code in its place");
  }
  check.Required(path.Field("sex"), complainant.sex, kSexes);
  check.BirthDate(path.Field("birth_date"), complainant.birth_date);
  check.Optional(path.Field("age_band"), complainant.age_band, kAgeBands);
  if (!complainant.birth_date.empty() && !complainant.age_band.empty()) {
    check.Wrong(path.Field("age_band"), "is given beside birth_date; give one of them");
  }
  if (complainant.nationality != kStateless) {
    check.RequiredCountry(path.Field("nationality"), complainant.nationality);
  }
  check.Text(path.Field("home_province"), complainant.home_province, 100);
  check.Text(path.Field("home_district"), complainant.home_district, 100);
  const FieldPath languages = path.Field("languages");
  check.AtMost(languages, complainant.languages.size(), 10);
  for (size_t i = 0; i < complainant.languages.size(); ++i) {
    check.RequiredLanguage(languages.Item(i), complainant.languages[i]);
  }
  check.Optional(path.Field("literacy"), complainant.literacy, kLiteracies);
  const FieldPath documents = path.Field("identity_documents");
  check.AtMost(documents, complainant.identity_documents.size(), 10);
  for (size_t i = 0; i < complainant.identity_documents.size(); ++i) {
    CheckIdentityDocument(check, documents.Item(i), complainant.identity_documents[i]);
  }
  check.Required(path.Field("migration_status"), complainant.migration_status, kMigrationStatuses);
  check.DateField(path.Field("migration_status_expires_on"),
                  complainant.migration_status_expires_on, DateKind::kWhole, Future::kAllowed);
  check.Required(path.Field("migration_channel"), complainant.migration_channel,
                 kMigrationChannels);
  check.Required(path.Field("where_now"), complainant.where_now, kWhereabouts);
  check.Text(path.Field("whereabouts"), complainant.whereabouts, 1'000);
  if (complainant.dependants > 100) check.Wrong(path.Field("dependants"), "is above 100");
  check.Text(path.Field("union_membership"), complainant.union_membership, 200);
  if (complainant.safe_contact) {
    CheckSafeContact(check, path.Field("safe_contact"), *complainant.safe_contact);
  }
}

void CheckRepresentative(FieldChecker& check, const FieldPath& path,
                         const Representative& representative) {
  check.RequiredText(path.Field("name"), representative.name, 200);
  check.Required(path.Field("relationship"), representative.relationship, kRelationships);
  check.Required(path.Field("authority"), representative.authority, kAuthorities);
  const std::optional<Date> from = check.DateField(
      path.Field("valid_from"), representative.valid_from, DateKind::kWhole, Future::kAllowed);
  const FieldPath to_path = path.Field("valid_to");
  check.NotReversed(
      to_path, from,
      check.DateField(to_path, representative.valid_to, DateKind::kWhole, Future::kAllowed));
  check.Text(path.Field("address"), representative.address, 200);
}

void CheckConsent(FieldChecker& check, const FieldPath& path, const Consent& consent) {
  check.Required(path.Field("purpose"), consent.purpose, kConsentPurposes);
  const bool for_referral = consent.purpose == "REFERRAL";
  const FieldPath receiver = path.Field("receiver_body_id");
  if (for_referral && !BodyId::Parse(consent.receiver_body_id, "").ok()) {
    check.WrongValue(receiver, consent.receiver_body_id, "a body such as my:mtuc");
  } else if (!for_referral && !consent.receiver_body_id.empty()) {
    check.Wrong(receiver, "must be empty unless the purpose is REFERRAL");
  }
  const FieldPath groups = path.Field("groups");
  for (size_t i = 0; i < consent.groups.size(); ++i) {
    if (!IsNameable(consent.groups[i])) {
      check.WrongValue(groups.Item(i), FieldGroupName(consent.groups[i]), NameableFieldGroups());
    }
    const auto here = consent.groups.begin() + static_cast<ptrdiff_t>(i);
    if (std::find(consent.groups.begin(), here, *here) != here) {
      check.Wrong(groups.Item(i), "is given twice");
    }
  }
  if (for_referral && consent.status == "GRANTED" && consent.groups.empty()) {
    check.Wrong(groups, "needs at least one group: " + NameableFieldGroups());
  }
  check.Required(path.Field("status"), consent.status, kRecordableConsentStatuses);
  check.Required(path.Field("how"), consent.how, kConsentHows);
  check.RequiredLanguage(path.Field("language"), consent.language);
  if (consent.how == "ORAL_WITNESSED") {
    check.RequiredText(path.Field("witness"), consent.witness, 200);
  } else {
    check.Text(path.Field("witness"), consent.witness, 200);
  }
  const FieldPath given_on = path.Field("given_on");
  if (consent.given_on.empty()) check.Wrong(given_on, "is required: a date YYYY-MM-DD");
  const std::optional<Date> given =
      check.DateField(given_on, consent.given_on, DateKind::kWhole, Future::kRefused);
  const FieldPath expires_on = path.Field("expires_on");
  check.NotReversed(
      expires_on, given,
      check.DateField(expires_on, consent.expires_on, DateKind::kWhole, Future::kAllowed));
}

}  // namespace redress::intake
