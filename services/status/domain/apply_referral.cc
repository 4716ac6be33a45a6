#include <algorithm>
#include <utility>

#include "services/status/domain/apply.h"
#include "services/status/domain/ledger.h"
#include "services/status/domain/time_band.h"

namespace redress::status {
namespace {

ReferralRow& ReferralOf(const ReferralEvent& event, CaseRow& row) {
  const uint32_t ordinal = OrdinalOf(event.referral_id);
  auto place =
      std::find_if(row.referrals.begin(), row.referrals.end(),
                   [ordinal](const ReferralRow& referral) { return referral.ordinal >= ordinal; });
  if (place == row.referrals.end() || place->ordinal != ordinal) {
    ReferralRow referral;
    referral.referral_id = event.referral_id;
    referral.ordinal = ordinal;
    place = row.referrals.insert(place, std::move(referral));
  }
  return *place;
}

void TakeDue(const ReferralEvent& event, ReferralRow& referral) {
  referral.due_kind = DueKind::kNone;
  referral.due_at = kNoTime;
  if (IsEnded(referral.state)) return;
  const auto consider = [&referral](DueKind kind, absl::Time at) {
    if (at == kNoTime) return;
    if (referral.due_at != kNoTime && referral.due_at <= at) return;
    referral.due_kind = kind;
    referral.due_at = at;
  };
  consider(DueKind::kDelivery, event.clocks.deliver_by);
  consider(DueKind::kInformation, event.clocks.information_by);
  consider(DueKind::kProposal, event.clocks.proposal_by);
  if (event.clocks.stopped) return;
  consider(DueKind::kAcceptance, event.clocks.accept_by);
  consider(DueKind::kResolution, event.clocks.resolve_by);
}

// What every event of a referral repeats.
void TakeBase(const ReferralEvent& event, ReferralRow& referral) {
  const bool moved = referral.state != event.state_after;
  referral.state = event.state_after;
  referral.was_shown = referral.was_shown || ImpliesShown(event.state_after);
  referral.receiver_body_id = event.receiver_body_id;
  referral.holder_body_id = event.holder_body_id;
  referral.home_node = event.home_node;
  referral.destination_node = event.destination_node;
  referral.home_facts = std::max(referral.home_facts, event.home_facts);
  referral.destination_facts = std::max(referral.destination_facts, event.destination_facts);
  referral.confirmed_facts = std::max(referral.confirmed_facts, event.confirmed_facts);
  referral.in_step = event.in_step;
  referral.heard_at = std::max(referral.heard_at, event.heard_at);
  TakeDue(event, referral);
  if (moved) {
    referral.ended_at = IsEnded(referral.state) ? event.occurred_at : kNoTime;
    referral.reason.clear();
    if (IsEnded(referral.state)) referral.next_date = kNoTime;
    if (referral.state != ReferralState::kSolutionProposed) referral.open_proposal = 0;
  }
}

void TakeAnswers(const ReferralEvent& event, ReferralRow& referral, CaseRows& rows) {
  for (const MemberAnswer& answer : event.answers) {
    const auto found = rows.members.find(answer.member_id);
    if (found == rows.members.end()) continue;
    const MemberRow before = found->second;
    MemberRow& member = found->second;
    member.answered_proposal = event.proposal_number;
    if (answer.accepted) {
      member.agreed = true;
      ++referral.accepted_count;
    }
    member.updated_at = std::max(member.updated_at, event.recorded_at);
    MoveTally(before, member, rows.row);
  }
}

void TakeFact(const ReferralEvent& event, ReferralRow& referral, CaseRows& rows) {
  if (!event.lost) {
    if (event.state_before != event.state_after) referral.reason = event.reason;
    if (event.fact == "STEP_RECORDED") {
      const bool hearing = event.detail == "HEARING" && event.date > event.occurred_at;
      if (event.next_date != kNoTime) {
        referral.next_date = event.next_date;
      } else if (hearing) {
        referral.next_date = event.date;
      }
    }
    if (event.fact == "SOLUTION_PROPOSED") {
      referral.open_proposal = event.proposal_number;
      referral.accepted_count = 0;
    }
  }
  if (event.fact == "PROPOSAL_ANSWERED" && !event.lost) TakeAnswers(event, referral, rows);
}

void TakeMembers(const ReferralEvent& event, ReferralRow& referral, CaseRows& rows) {
  const bool home = rows.row.home_here;
  for (const MemberDimensions& dimensions : event.members) {
    const auto found = rows.members.find(dimensions.member_id);
    if (found == rows.members.end()) continue;
    const MemberRow before = found->second;
    MemberRow& member = found->second;
    if (!home) {
      member.known = true;
      member.dimensions = dimensions;
    }
    auto& ids = member.referral_ids;
    if (std::find(ids.begin(), ids.end(), referral.referral_id) == ids.end()) {
      const auto later = std::find_if(ids.begin(), ids.end(), [&referral](const std::string& id) {
        return OrdinalOf(id) > referral.ordinal;
      });
      // The answers that are kept are those of the last referral.
      if (later == ids.end()) member.answered_proposal = 0;
      ids.insert(later, referral.referral_id);
      ++referral.member_count;
    }
    member.updated_at = std::max(member.updated_at, event.recorded_at);
    MoveTally(before, member, rows.row);
  }
}

// At home the ledger is intake's, which posts these entries itself.
void TakeMoney(const ReferralEvent& event, ReferralRow& referral, CaseRows& rows) {
  if (!event.totals.empty()) referral.totals = event.totals;
  if (rows.row.home_here) return;
  PostEntries(event.entries, event.recorded_at, rows);
}

TimelineEntry EntryOf(const ReferralEvent& event, std::string what) {
  TimelineEntry entry;
  entry.place = {event.occurred_at, Log::kReferral, event.number, static_cast<uint8_t>(0)};
  entry.what = std::move(what);
  entry.referral_id = event.referral_id;
  entry.referral_state = event.state_after;
  entry.actor = event.actor;
  entry.reason = event.reason;
  entry.detail = event.detail;
  entry.date = event.date;
  entry.lost = event.lost;
  return entry;
}

std::vector<TimelineEntry> EntriesOf(const ReferralEvent& event, bool home) {
  if (event.part > 0) return {};
  switch (event.kind) {
    case ReferralKind::kFact: {
      TimelineEntry entry = EntryOf(event, "REFERRAL_" + event.fact);
      entry.member_count = event.members_in_all;
      entry.member_ids = event.all_member_ids;
      return {std::move(entry)};
    }
    case ReferralKind::kMoney:
      if (home) return {};
      return MoneyEntries(event.money, EntryOf(event, "MONEY_RECORDED"));
    case ReferralKind::kFile:
      // Home's own files are told of by intake.
      if (!event.whole || (home && event.of_home)) return {};
      return {EntryOf(event, "EVIDENCE_ADDED")};
    case ReferralKind::kClock: {
      TimelineEntry entry = EntryOf(event, "WARNING_" + event.detail);
      entry.actor = {};
      return {std::move(entry)};
    }
    default:
      return {};
  }
}

}  // namespace

std::vector<TimelineEntry> Apply(const ApplyContext& context, const ReferralEvent& event,
                                 CaseRows& rows) {
  CaseRow& row = rows.row;
  if (row.home_here && !event.at_home) return {};
  ReferralRow& referral = ReferralOf(event, row);
  TakeBase(event, referral);
  switch (event.kind) {
    case ReferralKind::kOpened:
      referral.sent_at = event.sent_at;
      referral.filed_at = event.filed_at;
      [[fallthrough]];
    case ReferralKind::kDisclosureUpdated:
      if (event.dimensions.has_value()) referral.dimensions = *event.dimensions;
      break;
    case ReferralKind::kMembersDisclosed:
      TakeMembers(event, referral, rows);
      break;
    case ReferralKind::kFact:
      TakeFact(event, referral, rows);
      break;
    case ReferralKind::kMoney:
      TakeMoney(event, referral, rows);
      break;
    default:
      break;
  }
  std::vector<TimelineEntry> entries = EntriesOf(event, row.home_here);
  const absl::Time at = event.recorded_at == kNoTime ? event.occurred_at : event.recorded_at;
  if (!entries.empty() || event.kind == ReferralKind::kOpened) {
    referral.updated_at = std::max(referral.updated_at, at);
  }
  if (!row.home_here) row.open_band = std::max(row.open_band, BandOf(row.began_at(), context.now));
  return entries;
}

}  // namespace redress::status
