#ifndef REDRESS_SERVICES_STATUS_DOMAIN_TESTING_SAMPLE_EVENTS_H_
#define REDRESS_SERVICES_STATUS_DOMAIN_TESTING_SAMPLE_EVENTS_H_

#include <string>
#include <vector>

#include "services/status/domain/events.h"

namespace redress::status::testing {

inline constexpr char kCase[] = "KH-26-0000417-X";
inline constexpr char kReferral[] = "KH-26-0000417-X/R1";
inline constexpr char kDesk[] = "kh:battambang-mrc";
inline constexpr char kMinistry[] = "kh:mlvt";
inline constexpr char kUnion[] = "my:mtuc";

// Noon of day `day` of the case, which was filed on day 0: 1 November 2026.
absl::Time Day(int day);

// Events of one case of Cambodia, as intake's and referral's logs at node kh (or, with
// `at_home` false, referral's at node my) tell them. Numbers rise by one from event to event.
class CaseStory {
 public:
  explicit CaseStory(std::string case_number = kCase) : case_number_(std::move(case_number)) {}

  // Numbers of both logs go on from there.
  CaseStory& After(uint64_t intake, uint64_t referral);

  // `members` members, the first half women, all Khmer. `embassy` of them agree to attachés.
  IntakeEvent Filed(int day, int members, int embassy = 0);
  IntakeEvent Screened(int day);
  IntakeEvent Closed(int day);
  IntakeEvent Withdrawn(int day, std::vector<std::string> member_ids);
  IntakeEvent Embassy(int day, std::vector<std::string> member_ids, bool granted);
  // One entry each for members `from` up to, not including, `to`, of 100.00 MYR.
  IntakeEvent Money(int day, std::string kind, int from, int to);

  ReferralEvent Sent(int day, bool at_home = true);
  ReferralEvent Disclosed(int day, int members, bool at_home = true);
  ReferralEvent Fact(int day, std::string fact, ReferralState before, ReferralState after,
                     bool at_home = true);
  ReferralEvent Answered(int day, int from, int to, bool accepted, ReferralState after);
  ReferralEvent Confirmed(int day);

  static std::string Member(int index);
  std::string referral_id() const { return case_number_ + "/R1"; }
  // The next event's dimensions.
  CaseDimensions& dimensions() { return dimensions_; }

 private:
  IntakeEvent Base(int day, IntakeKind kind);
  ReferralEvent ReferralBase(int day, ReferralKind kind, bool at_home);

  std::string case_number_;
  uint64_t intake_number_ = 0;
  uint64_t referral_number_ = 0;
  CaseState state_ = CaseState::kFiled;
  ReferralState referral_state_ = ReferralState::kSent;
  uint32_t home_facts_ = 0;
  uint32_t destination_facts_ = 0;
  CaseDimensions dimensions_;
};

// The whole story at home: filed by five workers, screened, referred, accepted, proposed, agreed
// to, partly paid.
struct Logs {
  std::vector<IntakeEvent> intake;
  std::vector<ReferralEvent> referral;
};
Logs WholeStory(CaseStory story = CaseStory());

}  // namespace redress::status::testing

#endif  // REDRESS_SERVICES_STATUS_DOMAIN_TESTING_SAMPLE_EVENTS_H_
