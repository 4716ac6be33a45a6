#ifndef REDRESS_SERVICES_REFERRAL_DOMAIN_DIRECTORY_H_
#define REDRESS_SERVICES_REFERRAL_DOMAIN_DIRECTORY_H_

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/platform/codes/iso_codes.h"
#include "services/platform/ids/names.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/time/date.h"
#include "services/referral/domain/clocks.h"

namespace redress::referral {

// The directory: bodies that can take a case, agreements between them, postings of attachés. Fields
// and their limits are those of protos/redress/referral/v1/directory.proto. Plain values; an empty
// list of sectors, categories, nationalities or territories means all.

// Every entry has one owning node; others hold copies, replaced only by a higher version.
struct Provenance {
  NodeId owner;
  uint64_t version = 0;  // From 1.
  absl::Time changed_at = absl::InfinitePast();
  absl::Time as_of = absl::InfinitePast();  // Of a copy: when its owner was last heard.
  friend bool operator==(const Provenance&, const Provenance&) = default;
};

// A first and a last day, both included; no last day: it goes on.
struct Days {
  Date from;
  std::optional<Date> to;
  bool Contains(const Date& day) const { return from <= day && (!to || day <= *to); }
  friend bool operator==(const Days&, const Days&) = default;
};

struct LocalName {
  std::string language;
  std::string name;
  friend bool operator==(const LocalName&, const LocalName&) = default;
};

// A person in office; names and numbers of offices, never of workers.
struct FocalPoint {
  std::string focal_point_id;  // "my:mtuc/puchong".
  std::string name;
  std::string position;
  Days in_office;
  std::vector<std::string> phones;
  std::vector<std::string> e_mails;
  std::vector<std::string> languages;
  bool around_the_clock = false;
  PersonId person;  // Empty without an account.
  friend bool operator==(const FocalPoint&, const FocalPoint&) = default;
};

struct Body {
  BodyId body_id;
  std::string kind;  // kBodyKinds.
  std::vector<LocalName> names;
  std::string country;
  std::vector<std::string> territories;
  std::vector<std::string> sectors;
  std::vector<std::string> categories;
  std::vector<std::string> nationalities;
  std::vector<std::string> languages;
  std::vector<FocalPoint> focal_points;
  uint32_t capacity = 0;  // Open referrals at once; 0: not said.
  std::string mandate;
  bool membership_required = false;
  bool active = true;
  absl::Time active_since = absl::InfinitePast();
  std::optional<Date> assured_on;
  BodyId assured_by;
  std::string address;
  Provenance provenance;
  friend bool operator==(const Body&, const Body&) = default;
};

// Groups of data by the numbers 1 to 9 of redress.intake.v1.FieldGroup.
using DataGroups = std::bitset<12>;
std::string_view DataGroupName(size_t number);  // "IDENTITY"; empty for a number outside 1 to 9.

// A state whose missions act for another's nationals in a host country where that one has none.
struct ProxyMission {
  std::string acting_country;
  std::string nationality;
  std::string host_country;
  friend bool operator==(const ProxyMission&, const ProxyMission&) = default;
};

struct AgreementTerms {
  std::vector<BodyId> parties;  // Exactly two, in alphabetical order.
  Days in_force;
  std::vector<std::string> categories;
  std::vector<std::string> sectors;
  std::vector<std::string> nationalities;
  bool covers_non_members = false;
  AgreementClocks clocks;
  DataGroups groups_allowed;
  std::vector<ProxyMission> proxy_missions;
  std::string title;
  friend bool operator==(const AgreementTerms&, const AgreementTerms&) = default;
};

// What one party says.
struct AgreementHalf {
  NodeId node;
  BodyId party;
  uint64_t version = 0;
  std::string terms_sha256;  // 32 bytes.
  absl::Time published_at = absl::InfinitePast();
  friend bool operator==(const AgreementHalf&, const AgreementHalf&) = default;
};

struct Agreement {
  std::string agreement_id;  // "kh-my:cuf-mtuc".
  AgreementTerms terms;
  std::vector<AgreementHalf> halves;  // Known here, none to two.
  Provenance provenance;
  friend bool operator==(const Agreement&, const Agreement&) = default;
};

// What bounds an attaché: nationals of the sending country in the host country.
struct Posting {
  std::string posting_id;  // "kh:kl-2026".
  PersonId person;
  std::string sending_country;
  std::string host_country;
  Days days;
  BodyId mission;
  Provenance provenance;
  friend bool operator==(const Posting&, const Posting&) = default;
};

// Both parties' halves are here, by different parties, of one version and with equal digests.
bool HalvesMatch(const Agreement& agreement);

enum class AgreementStanding : uint8_t {
  kInForce,
  kHalvesMissing,  // A half is missing or they differ.
  kNotYet,         // Matching, but its first day is to come.
  kExpired,        // Matching, and its last day has passed.
};
AgreementStanding StandingOf(const Agreement& agreement, const Date& today);

// True when `a` and `b` are its parties, in either order.
bool IsBetween(const Agreement& agreement, const BodyId& a, const BodyId& b);

// The focal point of that id in office on `today`; nullptr otherwise. Borrowed from `body`.
const FocalPoint* FocalPointInOffice(const Body& body, std::string_view focal_point_id,
                                     const Date& today);

// FAILED_PRECONDITION, FOCAL_POINT_UNKNOWN {body_id, focal_point_id}. An empty id is accepted
// unless `required`, and then INVALID_ARGUMENT on `field`.
absl::Status CheckFocalPoint(const Body& body, std::string_view focal_point_id, const Date& today,
                             bool required, std::string_view field);

// Whether a copy may replace what is held: FAILED_PRECONDITION OWNED_BY_ANOTHER_NODE {owner_node}
// when `from` is not the owner, VERSION_NOT_HIGHER {version, current_version}. `held` is nullptr
// for a new entry.
absl::Status CheckReplacement(const Provenance* held, const Provenance& offered,
                              const NodeId& from);

// INVALID_ARGUMENT naming every wrong field, with the paths of the request that puts the entry:
// "body.focal_points[2].from", "terms.clocks.proposal", "posting.to". `today` is the day on which
// the owner changed the body.
absl::Status ValidateBody(const Body& body, const IsoCodes& iso, const Date& today);
absl::Status ValidateAgreement(const Agreement& agreement, const IsoCodes& iso);
absl::Status ValidatePosting(const Posting& posting, const IsoCodes& iso);

// "kh-my:cuf-mtuc" and "kh:kl-2026": their form, not whether there is such an entry.
void CheckAgreementId(std::string_view field, std::string_view id, FieldViolations& violations);
void CheckPostingId(std::string_view field, std::string_view id, FieldViolations& violations);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_DOMAIN_DIRECTORY_H_
