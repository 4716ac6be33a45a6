#ifndef REDRESS_SERVICES_STATUS_DOMAIN_CODES_H_
#define REDRESS_SERVICES_STATUS_DOMAIN_CODES_H_

#include <cstdint>
#include <string_view>

#include "absl/time/time.h"

namespace redress::status {

// "Not known" and "none" of an instant.
inline constexpr absl::Time kNoTime = absl::InfinitePast();

// The states of a case and of a referral, by the numbers of redress.intake.v1.CaseState and
// redress.referral.v1.ReferralState. A number that this code does not know is kept as it is.
enum class CaseState : int32_t {
  kUnknown = 0,  // At a destination node, which knows the referral only.
  kFiled = 1,
  kOpen = 2,
  kInadmissible = 3,
  kWithdrawn = 4,
  kClosedResolved = 5,
  kClosedUnresolved = 6,
};

enum class ReferralState : int32_t {
  kNone = 0,
  kSent = 1,
  kDelivered = 2,
  kUndelivered = 3,
  kAcknowledged = 4,
  kNoResponse = 5,
  kAccepted = 6,
  kDeclined = 7,
  kInfoRequested = 8,
  kForwarded = 9,
  kTransferred = 10,
  kInProgress = 11,
  kOnHold = 12,
  kSolutionProposed = 13,
  kResolved = 14,
  kUnresolved = 15,
  kRecallRequested = 16,
  kRecalled = 17,
};

// "OPEN", "IN_PROGRESS": without prefix, as counts show them. kUnknown is "UNKNOWN", kNone "NONE".
std::string_view CaseStateName(CaseState state);
std::string_view ReferralStateName(ReferralState state);

// The case goes on: FILED or OPEN.
bool IsOpen(CaseState state);
// The referral is over, whichever way. UNDELIVERED and NO_RESPONSE are not: both can go on.
bool IsEnded(ReferralState state);
// The receiver has been shown a referral that has been in such a state.
bool ImpliesShown(ReferralState state);

// Which clock runs out first, by the numbers of redress.status.v1.DueKind.
enum class DueKind : int32_t {
  kNone = 0,
  kScreening = 1,
  kDelivery = 2,
  kAcceptance = 3,
  kInformation = 4,
  kProposal = 5,
  kResolution = 6,
};

// That clock has run out; never one that does not run.
inline bool IsOverdue(absl::Time due_at, absl::Time now) {
  return due_at != kNoTime && due_at < now;
}

// What cases are counted by, by the numbers of redress.status.v1.Dimension.
enum class Dimension : uint8_t {
  kNone = 0,
  kDestination = 1,
  kNationality = 2,
  kSex = 3,
  kCategory = 4,
  kAssistingOrganisation = 5,
  kProvince = 6,
  kDistrict = 7,
  kRegularity = 8,
  kTimeBand = 9,
  kChannel = 10,
  kCorridor = 11,
  kSector = 12,
  kCaseState = 13,
  kReferralState = 14,
  kHolder = 15,
  kAgency = 16,
  kUrgency = 17,
  kMonthFiled = 18,
};
inline constexpr uint8_t kLastDimension = 18;

// Which of the two event logs something comes from. Stored by its number.
enum class Log : uint8_t { kIntake = 1, kReferral = 2 };

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_DOMAIN_CODES_H_
