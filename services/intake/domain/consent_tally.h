#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_CONSENT_TALLY_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_CONSENT_TALLY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/intake/domain/consent.h"
#include "services/platform/time/date.h"

namespace redress::intake {

// Members whose consent ends on the same day.
struct LastDayCount {
  std::string last_day;  // On which it still holds, a whole ISO date; empty: until withdrawn.
  uint32_t members = 0;

  friend bool operator==(const LastDayCount&, const LastDayCount&) = default;
};

// Members who consented to a referral to one receiver, soonest end first.
struct ReceiverTally {
  std::string receiver_body_id;
  std::vector<LastDayCount> last_days;

  friend bool operator==(const ReceiverTally&, const ReceiverTally&) = default;
};

// How many members a receiver has the consent of.
struct ReceiverConsents {
  std::string receiver_body_id;
  uint32_t members = 0;

  friend bool operator==(const ReceiverConsents&, const ReceiverConsents&) = default;
};

// To whom the members of a case agree to be referred, in numbers: kept with the case and changed
// member by member, so that nobody is counted anew over a group of 10,000. Since ends are kept by
// day, a consent that runs out stops counting without anybody's doing. A plain value.
//
// It is bounded, and then says too little but never too much: with more ends than `kMostLastDays`
// for a receiver those closest to each other count until the earlier one, and beyond
// `kMostReceivers` a receiver is not counted. What may leave is never read from here.
struct ConsentTally {
  static constexpr size_t kMostReceivers = 48;
  static constexpr size_t kMostLastDays = 32;

  std::vector<LastDayCount> any;  // Each member once, by the consent that holds longest.
  std::vector<ReceiverTally> receivers;

  // Counts a member whose consents are `bits`, or no longer. To change a member, take it out as it
  // was and add it as it is, both on the same day. What has run out by `today` counts in neither.
  void Add(const std::vector<ConsentBit>& bits, const Date& today);
  void Remove(const std::vector<ConsentBit>& bits, const Date& today);

  // Members with a consent in force on `today`, for whichever receiver.
  uint32_t MembersOn(const Date& today) const;

  // Receivers with a consent in force on `today`: most members first, then by id.
  std::vector<ReceiverConsents> ReceiversOn(const Date& today) const;

  friend bool operator==(const ConsentTally&, const ConsentTally&) = default;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_CONSENT_TALLY_H_
