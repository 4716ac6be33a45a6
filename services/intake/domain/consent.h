#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_CONSENT_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_CONSENT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "services/intake/domain/complaint.h"
#include "services/intake/domain/field_group.h"
#include "services/platform/time/date.h"

namespace redress::intake {

// Consent is per member, purpose, receiver and group of data. The latest word on a purpose and
// receiver holds; nothing said is no. Pure functions over values.

inline constexpr std::string_view kFilingPurpose = "FILING";
inline constexpr std::string_view kReferralPurpose = "REFERRAL";
inline constexpr std::string_view kEmbassyPurpose = "EMBASSY";

// The part of a consent that rules read, kept in the clear beside a member: no personal data.
struct ConsentBit {
  std::string purpose;
  std::string receiver_body_id;  // With REFERRAL.
  std::string status;            // GRANTED, REFUSED, WITHDRAWN.
  FieldGroupSet groups;
  std::string expires_on;  // Last day on which it holds; empty: until withdrawn.

  friend bool operator==(const ConsentBit&, const ConsentBit&) = default;
};

ConsentBit BitOf(const Consent& consent);

// The latest word per purpose and receiver, of consents in the order in which they were given.
std::vector<ConsentBit> BitsOf(const std::vector<Consent>& consents);

// Replaces what was said for the same purpose and receiver.
void RecordConsent(std::vector<ConsentBit>& bits, ConsentBit bit);

// Takes consent back: WITHDRAWN where something was granted, and REFUSED where nothing was said for
// that purpose and receiver, so that the refusal is remembered. With REFERRAL and no receiver:
// every receiver. True when any consent was in force on `today`.
bool RevokeConsent(std::vector<ConsentBit>& bits, std::string_view purpose,
                   std::string_view receiver_body_id, const Date& today);

// GRANTED becomes EXPIRED after its last day; the rest is as stored.
std::string_view StatusOn(const ConsentBit& bit, const Date& today);

// The groups that may go to the receiver for the purpose on `today`; nullopt without a consent in
// force. An EMBASSY consent may be in force with no group: state and dates may be seen. The
// receiver is empty for FILING and EMBASSY.
std::optional<FieldGroupSet> DisclosableGroups(const std::vector<ConsentBit>& bits,
                                               std::string_view purpose,
                                               std::string_view receiver_body_id,
                                               const Date& today);

// True with a consent in force for the purpose, for whichever receiver.
bool HasConsent(const std::vector<ConsentBit>& bits, std::string_view purpose, const Date& today);

// What a person other than the worker needs before filing: FAILED_PRECONDITION CONSENT_MISSING
// {purpose, member_count} unless every member consented to FILING, each in own words or in those
// common to all.
absl::Status CheckFilingConsent(const std::vector<GroupMember>& members,
                                const std::vector<Consent>& common, const Date& today);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_CONSENT_H_
