#ifndef REDRESS_SERVICES_STATUS_DOMAIN_TIMELINE_H_
#define REDRESS_SERVICES_STATUS_DOMAIN_TIMELINE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/status/domain/case_data.h"
#include "services/status/domain/codes.h"

namespace redress::status {

// Where an entry stands in its case's timeline: by when it happened, then by the log and number of
// the event. It does not depend on the order in which the logs were read.
struct TimelinePlace {
  absl::Time occurred_at = kNoTime;
  Log log = Log::kIntake;
  uint64_t event_number = 0;
  uint8_t index = 0;  // Within the event.

  friend bool operator==(const TimelinePlace&, const TimelinePlace&) = default;
};

// One thing that happened, in the codes of redress.status.v1.TimelineEntry.
struct TimelineEntry {
  TimelinePlace place;
  std::string what;
  std::string referral_id;  // Empty: it concerns the case.
  CaseState case_state = CaseState::kUnknown;
  ReferralState referral_state = ReferralState::kNone;
  Actor actor;
  std::string reason;
  std::string detail;
  std::string currency;  // Empty: no amount.
  int64_t minor_units = 0;
  // Whom it concerns, when at most kMaxTimelineMembers; the count is right in any case. 0: all.
  std::vector<std::string> member_ids;
  uint32_t member_count = 0;
  absl::Time date = kNoTime;
  bool lost = false;

  friend bool operator==(const TimelineEntry&, const TimelineEntry&) = default;
};
inline constexpr size_t kMaxTimelineMembers = 200;
// Of an event's money the lines after these are left out; the sums hold them.
inline constexpr size_t kMaxEntriesOfEvent = 256;

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_DOMAIN_TIMELINE_H_
