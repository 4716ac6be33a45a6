#include <algorithm>
#include <functional>
#include <utility>

#include "services/status/domain/apply.h"
#include "services/status/domain/ledger.h"
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

std::vector<TimelineEntry> EntriesOf(const IntakeEvent& event) {
  if (event.kind == IntakeKind::kOther || event.part > 0) return {};
  if (event.kind == IntakeKind::kMoneyRecorded) return MoneyEntries(event.money, EntryOf(event));
  TimelineEntry entry = EntryOf(event);
  if (event.kind != IntakeKind::kFiled) {
    entry.member_count = event.members_in_all;
    entry.member_ids = event.all_member_ids;
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
  PostEntries(event.entries, event.occurred_at, rows);
  if (event.dimensions.has_value()) row.dimensions = *event.dimensions;
  if (!event.totals.empty()) row.totals = event.totals;
  std::vector<TimelineEntry> entries = EntriesOf(event);
  if (!entries.empty()) row.updated_at = std::max(row.updated_at, event.occurred_at);
  return entries;
}

}  // namespace redress::status
