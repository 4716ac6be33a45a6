#include <algorithm>
#include <functional>
#include <utility>

#include "services/status/domain/apply.h"
#include "services/status/domain/time_band.h"

namespace redress::status {
namespace {

using Edit = std::function<void(MemberRow&)>;

void ChangeMember(const std::string& member_id, absl::Time at, CaseRows& rows, const Edit& edit) {
  const auto found = rows.members.find(member_id);
  if (found == rows.members.end()) return;
  const MemberRow before = found->second;
  edit(found->second);
  found->second.updated_at = std::max(found->second.updated_at, at);
  MoveTally(before, found->second, rows.row);
}

bool HasLapsed(const MemberDimensions& member, absl::Time now) {
  return member.embassy_consent && EndOfConsent(member) <= now;
}

void TakeMembers(const ApplyContext& context, const IntakeEvent& event, CaseRows& rows) {
  for (const MemberDimensions& dimensions : event.members) {
    ChangeMember(dimensions.member_id, event.occurred_at, rows, [&](MemberRow& member) {
      member.known = true;
      member.dimensions = dimensions;
      member.embassy_lapsed = HasLapsed(dimensions, context.now);
    });
  }
}

void TakeEmbassyConsent(const ApplyContext& context, const IntakeEvent& event, CaseRows& rows) {
  const bool granted = event.reason == "GRANTED";
  for (const std::string& member_id : event.member_ids) {
    ChangeMember(member_id, event.occurred_at, rows, [&](MemberRow& member) {
      member.dimensions.embassy_consent = granted;
      member.dimensions.embassy_expires_on = granted ? event.expires_on : "";
      member.embassy_lapsed = HasLapsed(member.dimensions, context.now);
    });
  }
}

void TakeEntries(const IntakeEvent& event, CaseRows& rows) {
  for (const PostedEntry& entry : event.entries) {
    ChangeMember(entry.member_id, event.occurred_at, rows,
                 [&entry](MemberRow& member) { member.entries.push_back(entry); });
  }
}

void SetWithdrawn(const IntakeEvent& event, bool withdrawn, CaseRows& rows) {
  for (const std::string& member_id : event.member_ids) {
    ChangeMember(member_id, event.occurred_at, rows,
                 [withdrawn](MemberRow& member) { member.withdrawn = withdrawn; });
  }
}

void TakeState(const IntakeEvent& event, CaseRow& row) {
  if (row.case_state == event.state) return;
  row.case_state = event.state;
  row.state_at = event.occurred_at;
  if (IsOpen(event.state)) {
    row.ended_at = kNoTime;
    row.reason.clear();
  } else if (row.ended_at == kNoTime) {
    row.ended_at = event.occurred_at;
  }
  if (event.state != CaseState::kFiled) row.screening_due = kNoTime;
  if (event.state != CaseState::kWithdrawn) row.undo_until = kNoTime;
}

void TakeKind(const ApplyContext& context, const IntakeEvent& event, CaseRows& rows) {
  CaseRow& row = rows.row;
  switch (event.kind) {
    case IntakeKind::kFiled:
      row.filed = true;
      row.filed_at = event.occurred_at;
      row.screening_due = event.occurred_at + context.screening_time;
      row.open_band = BandOf(row.filed_at, context.now);
      break;
    case IntakeKind::kScreened:
      row.reason = event.reason;
      row.screened_by_body_id = event.actor.body_id;
      break;
    case IntakeKind::kWithdrawn:
      SetWithdrawn(event, true, rows);
      if (event.state == CaseState::kWithdrawn) {
        row.reason = event.reason;
        row.undo_until = event.undo_until;
      }
      break;
    case IntakeKind::kClosed:
      row.reason = event.reason;
      break;
    case IntakeKind::kReopened:
      SetWithdrawn(event, false, rows);
      if (event.state == CaseState::kFiled) {
        // What is contested or reopened is reviewed anew; an undone withdrawal goes on where it
        // was.
        const bool goes_on = event.detail == "UNDO_WITHDRAWAL";
        row.screening_due = (goes_on ? row.filed_at : event.occurred_at) + context.screening_time;
      }
      break;
    case IntakeKind::kConsentChanged:
      if (event.detail == "EMBASSY") TakeEmbassyConsent(context, event, rows);
      break;
    default:
      break;
  }
}

std::string_view WhatOf(IntakeKind kind) {
  switch (kind) {
    case IntakeKind::kFiled:
      return "CASE_FILED";
    case IntakeKind::kScreened:
      return "CASE_SCREENED";
    case IntakeKind::kAmended:
      return "CASE_AMENDED";
    case IntakeKind::kWithdrawn:
      return "CASE_WITHDRAWN";
    case IntakeKind::kClosed:
      return "CASE_CLOSED";
    case IntakeKind::kReopened:
      return "CASE_REOPENED";
    case IntakeKind::kMembersAdded:
      return "MEMBERS_ADDED";
    case IntakeKind::kConsentChanged:
      return "CONSENT_CHANGED";
    case IntakeKind::kEvidenceAdded:
      return "EVIDENCE_ADDED";
    case IntakeKind::kMoneyRecorded:
      return "MONEY_RECORDED";
    case IntakeKind::kApprovalRequest:
      return "APPROVAL_REQUESTED";
    case IntakeKind::kApprovalDecided:
      return "APPROVAL_DECIDED";
    case IntakeKind::kOther:
      break;
  }
  return "";
}

TimelineEntry EntryOf(const IntakeEvent& event) {
  TimelineEntry entry;
  entry.place = {event.occurred_at, Log::kIntake, event.number, static_cast<uint8_t>(0)};
  entry.what = WhatOf(event.kind);
  entry.case_state = event.state;
  entry.actor = event.actor;
  entry.reason = event.reason;
  entry.detail = event.detail;
  return entry;
}

void NameMembers(const std::vector<std::string>& member_ids, TimelineEntry& entry) {
  entry.member_count = static_cast<uint32_t>(member_ids.size());
  if (member_ids.size() <= kMaxTimelineMembers) entry.member_ids = member_ids;
}

// One line for each kind of money, currency and referral, with the sum.
std::vector<TimelineEntry> MoneyEntries(const IntakeEvent& event) {
  std::vector<TimelineEntry> entries;
  for (const PostedEntry& posted : event.entries) {
    auto same = [&posted](const TimelineEntry& entry) {
      return entry.detail == posted.kind && entry.currency == posted.currency &&
             entry.referral_id == posted.referral_id;
    };
    auto found = std::find_if(entries.begin(), entries.end(), same);
    if (found == entries.end()) {
      TimelineEntry entry = EntryOf(event);
      // Parts of one event differ in their index, so that each keeps its own place.
      entry.place.index = static_cast<uint8_t>(event.part * 16 + entries.size());
      entry.detail = posted.kind;
      entry.currency = posted.currency;
      entry.referral_id = posted.referral_id;
      entries.push_back(std::move(entry));
      found = std::prev(entries.end());
    }
    found->minor_units += posted.minor_units;
    auto& ids = found->member_ids;
    if (std::find(ids.begin(), ids.end(), posted.member_id) == ids.end()) {
      ids.push_back(posted.member_id);
    }
    found->member_count = static_cast<uint32_t>(ids.size());
  }
  return entries;
}

std::vector<TimelineEntry> EntriesOf(const IntakeEvent& event) {
  if (event.kind == IntakeKind::kOther) return {};
  if (event.kind == IntakeKind::kMoneyRecorded) return MoneyEntries(event);
  if (event.part > 0) return {};
  TimelineEntry entry = EntryOf(event);
  const bool some = event.members_in_all > 0 && event.kind != IntakeKind::kFiled;
  if (some) {
    entry.member_count = event.members_in_all;
    std::vector<std::string> ids = event.member_ids;
    for (const MemberDimensions& member : event.members) ids.push_back(member.member_id);
    if (ids.size() == event.members_in_all) NameMembers(ids, entry);
  }
  return {std::move(entry)};
}

}  // namespace

void LapseConsent(absl::Time now, const std::string& member_id, CaseRows& rows) {
  const auto found = rows.members.find(member_id);
  if (found == rows.members.end() || !HasLapsed(found->second.dimensions, now)) return;
  ChangeMember(member_id, kNoTime, rows, [](MemberRow& member) { member.embassy_lapsed = true; });
}

CaseRow NewCase(const ApplyContext& context, const std::string& case_number) {
  CaseRow row;
  row.case_number = case_number;
  row.home_here = IsHomeOf(context.node, case_number);
  return row;
}

MemberRow NewMember(const std::string& member_id) {
  MemberRow member;
  member.member_id = member_id;
  return member;
}

std::vector<TimelineEntry> Apply(const ApplyContext& context, const IntakeEvent& event,
                                 CaseRows& rows) {
  CaseRow& row = rows.row;
  TakeState(event, row);
  TakeKind(context, event, rows);
  TakeMembers(context, event, rows);
  TakeEntries(event, rows);
  if (event.dimensions.has_value()) row.dimensions = *event.dimensions;
  if (!event.totals.empty()) row.totals = event.totals;
  std::vector<TimelineEntry> entries = EntriesOf(event);
  if (!entries.empty()) row.updated_at = std::max(row.updated_at, event.occurred_at);
  return entries;
}

}  // namespace redress::status
