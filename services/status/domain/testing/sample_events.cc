#include "services/status/domain/testing/sample_events.h"

#include <utility>

namespace redress::status::testing {

absl::Time Day(int day) {
  return absl::FromUnixSeconds(1793534400) + absl::Hours(24 * day);  // 2026-11-01T12:00:00Z
}

std::string CaseStory::Member(int index) {
  std::string id = std::to_string(index);
  return "0MEMBER" + std::string(19 - id.size(), '0') + id;
}

CaseStory& CaseStory::After(uint64_t intake, uint64_t referral) {
  intake_number_ = intake;
  referral_number_ = referral;
  return *this;
}

IntakeEvent CaseStory::Base(int day, IntakeKind kind) {
  IntakeEvent event;
  event.number = ++intake_number_;
  event.occurred_at = Day(day);
  event.case_number = case_number_;
  event.state = state_;
  event.actor = {"kh", kMinistry, "MINISTRY"};
  event.kind = kind;
  return event;
}

IntakeEvent CaseStory::Filed(int day, int members, int embassy) {
  IntakeEvent event = Base(day, IntakeKind::kFiled);
  event.actor = {"kh", kDesk, "DESK"};
  dimensions_.filed_by_body_id = kDesk;
  dimensions_.assisting_organisation = kDesk;
  dimensions_.scope = members > 1 ? "GROUP" : "INDIVIDUAL";
  dimensions_.channel = "IN_PERSON";
  dimensions_.origin = "KH";
  dimensions_.destination = "MY";
  dimensions_.sector = "MANUFACTURING";
  dimensions_.primary_category = "WAGE_UNDERPAYMENT";
  dimensions_.urgency = "NORMAL";
  dimensions_.province = "KH-2";
  const auto women = static_cast<uint32_t>((members + 1) / 2);
  dimensions_.member_counts = {{"FEMALE", "KH", "REGULAR", "AGENCY", women}};
  const uint32_t men = static_cast<uint32_t>(members) - women;
  if (men > 0) dimensions_.member_counts.push_back({"MALE", "KH", "REGULAR", "AGENCY", men});
  dimensions_.member_count = static_cast<uint32_t>(members);
  event.dimensions = dimensions_;
  for (int i = 0; i < members; ++i) {
    MemberDimensions member;
    member.member_id = Member(i);
    member.tracking_digest = "digest-" + case_number_ + "-" + std::to_string(i);
    member.nationality = "KH";
    member.sex = static_cast<uint32_t>(i) < women ? "FEMALE" : "MALE";
    member.migration_status = "REGULAR";
    member.embassy_consent = i < embassy;
    event.members.push_back(std::move(member));
  }
  CurrencyTotal claimed;
  claimed.currency = "MYR";
  claimed.claimed = 10'000 * members;
  event.totals = {claimed};
  return event;
}

IntakeEvent CaseStory::Screened(int day) {
  state_ = CaseState::kOpen;
  IntakeEvent event = Base(day, IntakeKind::kScreened);
  event.dimensions = dimensions_;
  return event;
}

IntakeEvent CaseStory::Closed(int day) {
  state_ = CaseState::kClosedResolved;
  return Base(day, IntakeKind::kClosed);
}

IntakeEvent CaseStory::Withdrawn(int day, std::vector<std::string> member_ids) {
  if (member_ids.empty()) state_ = CaseState::kWithdrawn;
  IntakeEvent event = Base(day, IntakeKind::kWithdrawn);
  event.member_ids = std::move(member_ids);
  event.reason = "VOLUNTARY";
  event.undo_until = Day(day + 7);
  event.dimensions = dimensions_;
  return event;
}

IntakeEvent CaseStory::Embassy(int day, std::vector<std::string> member_ids, bool granted) {
  IntakeEvent event = Base(day, IntakeKind::kConsentChanged);
  event.detail = "EMBASSY";
  event.reason = granted ? "GRANTED" : "WITHDRAWN";
  event.member_ids = std::move(member_ids);
  return event;
}

IntakeEvent CaseStory::Money(int day, std::string kind, int from, int to) {
  IntakeEvent event = Base(day, IntakeKind::kMoneyRecorded);
  for (int i = from; i < to; ++i) {
    PostedEntry entry;
    entry.entry_id = kind + std::to_string(event.number) + "-" + std::to_string(i);
    entry.member_id = Member(i);
    entry.kind = kind;
    entry.currency = "MYR";
    entry.minor_units = 10'000;
    event.entries.push_back(std::move(entry));
  }
  return event;
}

ReferralEvent CaseStory::ReferralBase(int day, ReferralKind kind, bool at_home) {
  ReferralEvent event;
  event.number = ++referral_number_;
  event.occurred_at = Day(day);
  event.recorded_at = Day(day) + absl::Minutes(1);
  event.referral_id = referral_id();
  event.case_number = case_number_;
  event.at_home = at_home;
  event.state_before = event.state_after = referral_state_;
  event.holder_body_id = kMinistry;
  event.receiver_body_id = kUnion;
  event.home_node = "kh";
  event.destination_node = "my";
  event.home_facts = home_facts_;
  event.destination_facts = destination_facts_;
  event.kind = kind;
  return event;
}

ReferralEvent CaseStory::Sent(int day, bool at_home) {
  home_facts_ = 1;
  ReferralEvent event = ReferralBase(day, ReferralKind::kOpened, at_home);
  event.state_before = ReferralState::kNone;
  event.dimensions = dimensions_;
  event.dimensions->province.clear();
  event.dimensions->filed_by_body_id.clear();
  event.sent_at = Day(day);
  event.filed_at = Day(0);
  event.clocks.deliver_by = Day(day + 7);
  return event;
}

ReferralEvent CaseStory::Disclosed(int day, int members, bool at_home) {
  ReferralEvent event = ReferralBase(day, ReferralKind::kMembersDisclosed, at_home);
  for (int i = 0; i < members; ++i) {
    MemberDimensions member;
    member.member_id = Member(i);
    member.nationality = "KH";
    event.members.push_back(std::move(member));
  }
  return event;
}

ReferralEvent CaseStory::Fact(int day, std::string fact, ReferralState before, ReferralState after,
                              bool at_home) {
  referral_state_ = after;
  ++destination_facts_;
  ReferralEvent event = ReferralBase(day, ReferralKind::kFact, at_home);
  event.state_before = before;
  event.actor = {"my", kUnion, "CONTACT"};
  if (fact == "SOLUTION_PROPOSED") event.proposal_number = 1;
  const bool accepted = after != ReferralState::kSent && after != ReferralState::kDelivered &&
                        after != ReferralState::kAcknowledged && !IsEnded(after);
  if (accepted) {
    event.holder_body_id = kUnion;
    event.clocks.resolve_by = Day(day + 70);
  } else if (!IsEnded(after)) {
    event.clocks.accept_by = Day(day + 7);
  }
  event.fact = std::move(fact);
  return event;
}

ReferralEvent CaseStory::Answered(int day, int from, int to, bool accepted, ReferralState after) {
  const ReferralState before = referral_state_;
  referral_state_ = after;
  ++home_facts_;
  ReferralEvent event = ReferralBase(day, ReferralKind::kFact, true);
  event.state_before = before;
  event.fact = "PROPOSAL_ANSWERED";
  event.proposal_number = 1;
  for (int i = from; i < to; ++i) event.answers.push_back({Member(i), accepted});
  return event;
}

ReferralEvent CaseStory::Confirmed(int day) {
  ReferralEvent event = ReferralBase(day, ReferralKind::kPeerConfirmed, true);
  event.confirmed_facts = home_facts_;
  event.in_step = true;
  return event;
}

Logs WholeStory(CaseStory story) {
  using enum ReferralState;
  Logs logs;
  logs.intake.push_back(story.Filed(0, 5, 3));
  logs.intake.push_back(story.Screened(1));
  logs.referral.push_back(story.Sent(2));
  logs.referral.push_back(story.Disclosed(2, 5));
  logs.referral.push_back(story.Fact(2, "SENT", kNone, kSent));
  logs.referral.push_back(story.Fact(3, "DELIVERED", kSent, kDelivered));
  logs.referral.push_back(story.Fact(4, "ACCEPTED", kDelivered, kAccepted));
  logs.intake.push_back(story.Embassy(5, {CaseStory::Member(4)}, true));
  logs.referral.push_back(story.Fact(6, "SOLUTION_PROPOSED", kAccepted, kSolutionProposed));
  logs.referral.push_back(story.Answered(7, 0, 2, true, kSolutionProposed));
  logs.intake.push_back(story.Withdrawn(8, {CaseStory::Member(3)}));
  logs.referral.push_back(story.Answered(9, 2, 5, true, kResolved));
  logs.intake.push_back(story.Money(10, "AGREED", 0, 5));
  logs.intake.push_back(story.Embassy(11, {CaseStory::Member(0)}, false));
  logs.intake.push_back(story.Money(12, "RECEIVED", 0, 2));
  logs.referral.push_back(story.Confirmed(13));
  return logs;
}

}  // namespace redress::status::testing
