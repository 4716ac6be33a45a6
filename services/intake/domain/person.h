#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_PERSON_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_PERSON_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/intake/domain/claim.h"
#include "services/intake/domain/field_group.h"
#include "services/platform/ids/names.h"

namespace redress::intake {

// The people of a complaint: the same names and shape as redress/intake/v1/person.proto, whose
// comments say what each field holds. Plain values; not trusted before ValidateFiling has passed.
// Nearly all of it is personal data: never in logs, metrics, errors or file names.

struct IdentityDocument {
  std::string type;
  std::string number;
  std::string issuing_country;
  std::string held_by;

  friend bool operator==(const IdentityDocument&, const IdentityDocument&) = default;
};

struct SafeHours {
  std::vector<std::string> days;
  std::string from;
  std::string to;

  friend bool operator==(const SafeHours&, const SafeHours&) = default;
};

struct TrustedPerson {
  std::string name;
  std::string relationship;
  std::string address;

  friend bool operator==(const TrustedPerson&, const TrustedPerson&) = default;
};

struct SafeContact {
  std::string method;
  std::string address;
  std::vector<SafeHours> safe_hours;
  std::string time_zone;
  bool voicemail_ok = false;
  bool may_say_who_calls = false;
  std::string code_word;
  std::optional<TrustedPerson> trusted_person;

  friend bool operator==(const SafeContact&, const SafeContact&) = default;
};

struct Complainant {
  std::string name;
  std::string case_code;
  std::string sex;
  std::string birth_date;
  std::string age_band;
  std::string nationality;
  std::string home_province;
  std::string home_district;
  std::vector<std::string> languages;
  std::string literacy;
  bool interpreter_needed = false;
  std::vector<IdentityDocument> identity_documents;
  std::string migration_status;
  std::string migration_status_expires_on;
  std::string migration_channel;
  std::string where_now;
  std::string whereabouts;
  uint32_t dependants = 0;
  std::string union_membership;
  std::optional<SafeContact> safe_contact;

  friend bool operator==(const Complainant&, const Complainant&) = default;
};

struct Representative {
  std::string name;
  std::string relationship;
  std::string authority;
  std::string valid_from;
  std::string valid_to;
  std::string address;

  friend bool operator==(const Representative&, const Representative&) = default;
};

// What a worker agreed to, or refused, towards one receiver for one purpose. What follows from a
// list of them is in consent.h.
struct Consent {
  std::string purpose;
  std::string receiver_body_id;
  std::vector<FieldGroup> groups;
  std::string status;
  std::string how;
  std::string language;
  bool interpreter = false;
  std::string witness;
  std::string given_on;
  std::string expires_on;

  friend bool operator==(const Consent&, const Consent&) = default;
};

// One person that the complaint is for.
struct GroupMember {
  MemberId member_id;  // Empty in a filing; given by the node.
  Complainant complainant;
  std::optional<Representative> representative;
  std::vector<ClaimLine> claim_lines;
  std::vector<FeeLine> fee_lines;
  std::vector<Consent> consents;  // In the order in which they were recorded.
  std::string own_reference;
  bool withdrawn = false;

  friend bool operator==(const GroupMember&, const GroupMember&) = default;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_PERSON_H_
