#ifndef REDRESS_SERVICES_REFERRAL_DOMAIN_REFERRAL_CHECKS_H_
#define REDRESS_SERVICES_REFERRAL_DOMAIN_REFERRAL_CHECKS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/ids/case_number.h"
#include "services/referral/domain/directory.h"
#include "services/referral/domain/referral_state.h"

namespace redress::referral {

// What is known of a case when somebody asks who may have it: routing facts that identify nobody,
// and respondents that are themselves bodies of the directory.
struct CaseFacts {
  std::string destination;               // Country of the corridor's destination.
  std::vector<std::string> territories;  // ISO 3166-2 of where it happened; no form asks it yet.
  std::string category;                  // Primary.
  std::vector<std::string> other_categories;
  std::string sector;
  std::string urgency;
  uint32_t members = 0;                    // That did not withdraw; the next four are theirs.
  std::vector<std::string> nationalities;  // That of most members first.
  std::vector<std::string> languages;      // Likewise.
  bool union_member = false;               // Every member belongs to a union.
  std::map<BodyId, uint32_t> consented_receivers;  // Members with a REFERRAL consent in force.
  std::vector<BodyId> respondent_bodies;  // By id, or by a name that is one of a respondent's.
};

// An earlier or present referral of the case.
struct PastReferral {
  ReferralId id;
  BodyId receiver;
  ReferralState state = ReferralState::kNone;
};

// Something to know that forbids nothing.
struct Notice {
  std::string code;
  std::string text;  // English, names codes, ids and numbers only.
  friend bool operator==(const Notice&, const Notice&) = default;
};

// What ReferComplaint is tried against.
struct ReferCheck {
  CaseFacts facts;
  bool case_open = false;
  std::string case_state;  // For the refusal's metadata, "FILED".
  std::string case_number;
  Body receiver;
  BodyId referring_body;  // The ministry or the body of the person with the right `refer`.
  std::vector<Agreement> agreements;
  std::string agreement_id;  // Asked for; empty: the one that covers it.
  bool ad_hoc = false;
  DataGroups groups_asked;  // Named in the request; none: whatever is allowed.
  std::vector<PastReferral> past;
  std::vector<BodyId> path;  // With a parent: bodies that had the case on this path.
  uint32_t receiver_open_referrals = 0;
  Date today;
};

// What a referral that may be made is made under.
struct ReferDecision {
  std::string agreement_id;  // Empty: ad hoc.
  uint64_t agreement_version = 0;
  bool ad_hoc = false;
  AgreementClocks clocks;
  std::optional<DataGroups> groups_allowed;  // By the agreement; unset: consent alone decides.
  std::vector<Notice> warnings;
};

// Whether the case may be put before the receiver, the first of these FAILED_PRECONDITIONs that
// applies, else what it is made under and what to warn of:
//   CASE_NOT_OPEN {state, case_number}
//   RECEIVER_IS_RESPONDENT {body_id}
//   RECEIVER_INACTIVE {body_id, since}
//   FORWARD_LOOP {body_id, referral_id}           with a parent: it had the case on this path
//   ALREADY_REFERRED {referral_id}                an open referral to this body exists
//   AGREEMENT_MISSING {receiver}, AGREEMENT_NOT_IN_FORCE {agreement_id, in_force_from},
//   AGREEMENT_EXPIRED {agreement_id}, AGREEMENT_DOES_NOT_COVER {agreement_id, what}
//   DATA_GROUP_NOT_ALLOWED {groups}
// Consent is not asked for here: intake decides on it, member by member, when it discloses.
// Warnings: CATEGORY_NOT_TAKEN, SECTOR_NOT_TAKEN, NATIONALITY_NOT_TAKEN, RECEIVER_OVER_CAPACITY,
// MEMBERSHIP_REQUIRED, NO_FOCAL_POINT_IN_OFFICE, AGREEMENT_AD_HOC: home's copy of a mandate may be
// old, so it never forbids; the receiver can still decline.
absl::StatusOr<ReferDecision> CheckRefer(const ReferCheck& check);

// Whether the body is a respondent of the case.
bool IsRespondent(const Body& body, const CaseFacts& facts);

// What of an agreement does not cover the case: "category", "sector", "nationality" or "members";
// empty when it covers it.
std::string_view NotCovered(const Agreement& agreement, const CaseFacts& facts);

// True when the agreement is between the receiver and a body of the home node. Which body of the
// home node sends is the home node's own affair: a ministry refers under the agreement of its
// unions too.
bool Serves(const Agreement& agreement, const NodeId& home, const BodyId& receiver);

// The agreement in force that serves and covers the case. Of several, one whose party is the
// referring body itself, then the one that began last. nullptr when there is none.
const Agreement* FindAgreement(const std::vector<Agreement>& agreements, const BodyId& referring,
                               const BodyId& receiver, const CaseFacts& facts, const Date& today);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_DOMAIN_REFERRAL_CHECKS_H_
