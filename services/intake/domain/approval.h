#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_APPROVAL_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_APPROVAL_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "services/intake/domain/field_checker.h"
#include "services/intake/domain/field_group.h"
#include "services/platform/ids/names.h"
#include "services/platform/money/money.h"
#include "services/platform/time/date.h"

namespace redress::intake {

// What needs a second person: letting data out without consent because a life is at risk, and
// giving up money that is owed. Pure functions over values.

enum class ApprovalDecision { kPending, kApproved, kRefused };
// "PENDING", "APPROVED", "REFUSED".
std::string_view ApprovalDecisionName(ApprovalDecision decision);

// Lets groups of data go to one receiver without consent.
struct ConsentOverride {
  std::string receiver_body_id;
  std::vector<FieldGroup> groups;
  std::string expires_on;  // Last day on which a disclosure may rest on it.

  friend bool operator==(const ConsentOverride&, const ConsentOverride&) = default;
};

struct MemberAmount {
  MemberId member_id;
  MoneyAmount amount;

  friend bool operator==(const MemberAmount&, const MemberAmount&) = default;
};

// A request and what came of it. Exactly one of the two subjects is there.
struct Approval {
  RandomId approval_id;
  std::string requested_by;  // Caller key of the person: never shown, only compared.
  ApprovalDecision decision = ApprovalDecision::kPending;
  std::string decided_by;            // As `requested_by`; empty while pending.
  std::vector<MemberId> member_ids;  // Of an override; none: all, also those added later.
  std::optional<ConsentOverride> consent_override;
  std::vector<MemberAmount> write_off;

  friend bool operator==(const Approval&, const Approval&) = default;
};

// "CONSENT_OVERRIDE" or "WRITE_OFF".
std::string_view ApprovalKind(const Approval& approval);

// An override lasts at most so long: a life at risk is a matter of days.
inline constexpr int kLongestOverrideDays = 30;

// Notes what is wrong with an override or a write-off that is asked for, below `path`.
void CheckOverride(FieldChecker& check, const FieldPath& path, const ConsentOverride& requested);
struct WrittenMemberAmount {
  std::string member_id;
  std::optional<WrittenMoney> amount;
};
// Returns the amounts that are right, in order; all of them when nothing was noted.
std::vector<MemberAmount> CheckWriteOff(FieldChecker& check, const FieldPath& path,
                                        const std::vector<WrittenMemberAmount>& requested);

// Decides. FAILED_PRECONDITION:
//   APPROVAL_DECIDED {approval_id, decision}   it was decided before
//   SECOND_PERSON_REQUIRED {approval_id}       the person who asked decides on the own request;
//                                              refusing, that is taking it back, is allowed
// REQUIRES: `decision` is not kPending.
absl::Status Decide(Approval& approval, ApprovalDecision decision, std::string_view person);

// The groups that approved overrides let out of this member's data to the receiver on `today`.
FieldGroupSet OverriddenGroups(const std::vector<Approval>& approvals, const MemberId& member,
                               std::string_view receiver_body_id, const Date& today);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_APPROVAL_H_
