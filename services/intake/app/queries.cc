#include "services/intake/app/queries.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "services/intake/app/case_reader.h"
#include "services/intake/app/verb_call.h"
#include "services/intake/domain/disclosure.h"
#include "services/platform/crypto/name_digest.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

constexpr size_t kHistoryRead = 1000;
constexpr size_t kHistoryAtOnce = 100;
constexpr size_t kShownOfEach = 100;
// With the rows of the case, a call reads no more than 1,000 keys.
constexpr size_t kMembersLookedAt = 990;
constexpr size_t kMembersAtOnce = 20;  // At least, so that what is hidden is passed in few reads.

void CountUp(std::vector<CodeCount>& counts, const std::string& code, uint32_t by) {
  for (CodeCount& one : counts) {
    if (one.code != code) continue;
    one.count += by;
    return;
  }
  counts.push_back({code, by});
}

void LargestFirst(std::vector<CodeCount>& counts) {
  std::stable_sort(counts.begin(), counts.end(),
                   [](const CodeCount& a, const CodeCount& b) { return a.count > b.count; });
}

MembersSummary SummaryOf(const CaseHead& head, const FieldView& view, const Date& today) {
  MembersSummary summary;
  summary.total = head.member_count;
  summary.withdrawn = head.withdrawn_count;
  summary.referral_consents = head.referral_consents.MembersOn(today);
  if (view.home_fields) summary.consented_receivers = head.referral_consents.ReceiversOn(today);
  for (const MemberCount& one : head.member_counts) {
    CountUp(summary.by_sex, one.sex, one.count);
    CountUp(summary.by_nationality, one.nationality, one.count);
  }
  for (const EmbassyCount& one : head.embassy_counts) summary.embassy_consents += one.count;
  if (view.groups.Has(FieldGroup::kEmployment)) {
    summary.union_members = head.member_facts.union_members;
  }
  for (const LanguageCount& one : head.member_facts.languages) {
    summary.by_language.push_back({one.language, one.members});
  }
  LargestFirst(summary.by_sex);
  LargestFirst(summary.by_nationality);
  LargestFirst(summary.by_language);
  return summary;
}

// The history as people see it: who, without the person; instructions stay with the record.
HistoryRow Shown(HistoryRow row, const FieldView& view) {
  row.actor.subject.clear();
  if (row.screening.has_value()) row.screening->screened_by.subject.clear();
  if (row.previous_complaint.has_value()) {
    row.previous_complaint = CutTo(*std::move(row.previous_complaint), view);
  }
  // What others may see of a member hangs on that member's own consents; home staff see all anyhow.
  if (!view.home_fields) row.previous_member.reset();
  if (row.previous_member.has_value()) {
    row.previous_member = CutTo(*std::move(row.previous_member), view);
  }
  // Words about a case are for those who work on it and for those whose case it is.
  if (!view.groups.Has(FieldGroup::kNarrative)) row.note.clear();
  row.instruction.reset();
  return row;
}

void AddShown(HistoryRow row, const FieldView& fields, std::vector<HistoryRow>& shown) {
  if (shown.size() < kShownOfEach) shown.push_back(Shown(std::move(row), fields));
}

// Sorts a part of the history, newest first and later than the parts to come, into what a case
// shows of it.
void Sort(std::vector<HistoryRow> history, const FieldView& fields, CaseView& view) {
  for (HistoryRow& row : history) {
    if (row.verb == "AMEND") {
      AddShown(std::move(row), fields, view.amendments);
    } else if (row.verb == "WITHDRAW" && !view.withdrawal && row.member_ids.empty()) {
      view.withdrawal = Shown(std::move(row), fields);
    } else if (row.verb == "CLOSE" && !view.closure) {
      view.closure = Shown(std::move(row), fields);
    } else if (row.verb == "SCREEN" && view.screening_note.empty()) {
      view.screening_note = Shown(std::move(row), fields).note;
    } else if (row.verb == "REOPEN" || row.verb == "UNDO_WITHDRAWAL" || row.verb == "CONTEST") {
      AddShown(std::move(row), fields, view.reopenings);
    }
  }
}

std::vector<std::string> NameDigests(const std::string& case_number,
                                     const std::vector<Respondent>& respondents) {
  std::vector<std::string> digests;
  const auto add = [&](const std::string& name) {
    std::string digest = crypto::NameDigest(case_number, name);
    if (!digest.empty()) digests.push_back(std::move(digest));
  };
  for (const Respondent& respondent : respondents) {
    add(respondent.name);
    for (const std::string& alias : respondent.aliases) add(alias);
  }
  return digests;
}

void HideSubjects(CaseHead& head) {
  head.filed_by.subject.clear();
  if (head.screening) head.screening->screened_by.subject.clear();
  if (head.withdrawal) head.withdrawal->withdrawn_by.subject.clear();
  head.similarity_keys.clear();
}

void AddOpenApprovals(std::vector<ApprovalRow> rows, CaseView& view) {
  for (ApprovalRow& row : rows) {
    if (row.approval.decision != ApprovalDecision::kPending) continue;
    row.requested_by.subject.clear();
    row.approval.requested_by.clear();
    view.open_approvals.push_back(std::move(row));
  }
}

uint32_t ParseOrdinal(std::string_view cursor) {
  uint32_t ordinal = 0;
  std::from_chars(cursor.data(), cursor.data() + cursor.size(), ordinal);
  return ordinal;
}

}  // namespace

async::Task<absl::StatusOr<CaseView>> Queries::GetComplaint(Caller caller, CaseNumber case_number) {
  absl::StatusOr<CaseReader> reader =
      co_await CaseReader::Open(context_, std::move(caller), "GetComplaint", case_number);
  CO_RETURN_IF_ERROR(reader.status());
  const absl::StatusOr<FieldView> fields = co_await reader->ViewOfHead();
  CO_RETURN_IF_ERROR(fields.status());
  absl::StatusOr<Complaint> complaint = co_await context_.cases.ReadComplaint(
      case_number, reader->key(), fields->groups.Has(FieldGroup::kNarrative),
      fields->groups.Has(FieldGroup::kSensitiveNarrative));
  CO_RETURN_IF_ERROR(complaint.status());
  CaseView view;
  view.head = reader->head();
  view.version = reader->version();
  if (reader->caller().HasRole(auth::Role::kService)) {
    view.respondent_name_digests = NameDigests(case_number.ToString(), complaint->respondents);
  }
  view.complaint = CutTo(*std::move(complaint), *fields);
  view.groups_shown = fields->groups;
  const FieldView routing = RoutingView(reader->caller(), *fields);
  view.members = SummaryOf(view.head, routing, reader->today());
  if (routing.groups.Has(FieldGroup::kEmployment)) {
    view.respondent_body_ids = view.head.respondent_body_ids;
  }
  const absl::Status history = co_await AddHistory(*reader, *fields, view);
  CO_RETURN_IF_ERROR(history);
  absl::StatusOr<std::vector<DisclosureRow>> disclosures =
      co_await context_.cases.ReadDisclosures(case_number, kShownOfEach);
  CO_RETURN_IF_ERROR(disclosures.status());
  view.disclosures = *std::move(disclosures);
  // Why somebody asked for a second person is for those who work on the case.
  if (!view.head.open_approval_ids.empty() && fields->home_fields) {
    absl::StatusOr<std::vector<ApprovalRow>> approvals =
        co_await context_.cases.ReadApprovals(case_number, reader->key());
    CO_RETURN_IF_ERROR(approvals.status());
    AddOpenApprovals(*std::move(approvals), view);
  }
  HideSubjects(view.head);
  co_return view;
}

async::Task<absl::Status> Queries::AddHistory(const CaseReader& reader, const FieldView& fields,
                                              CaseView& view) {
  bool more = view.head.history_count > 0;
  uint64_t before = 0;
  for (size_t read = 0; more && read < kHistoryRead;) {
    absl::StatusOr<RowPage<HistoryRow>> page = co_await context_.cases.ReadHistory(
        view.head.case_number, reader.key(), before, kHistoryAtOnce);
    CO_RETURN_IF_ERROR(page.status());
    read += page->rows.size();
    more = page->more;
    if (more) before = page->rows.back().number;
    Sort(std::move(page->rows), fields, view);
  }
  std::reverse(view.amendments.begin(), view.amendments.end());
  std::reverse(view.reopenings.begin(), view.reopenings.end());
  co_return absl::OkStatus();
}

async::Task<absl::StatusOr<MemberPage>> Queries::ListGroupMembers(Caller caller,
                                                                  CaseNumber case_number,
                                                                  MemberId member_id,
                                                                  PageRequest page) {
  const std::string binding = crypto::PageTokens::Binding(
      {"ListGroupMembers", caller->CallerKey(), case_number.ToString(), member_id.ToString()});
  absl::StatusOr<CaseReader> reader =
      co_await CaseReader::Open(context_, std::move(caller), "ListGroupMembers", case_number);
  CO_RETURN_IF_ERROR(reader.status());
  CO_ASSIGN_OR_RETURN(const std::string cursor, context_.page_tokens.Open(page.token, binding));
  MemberPage found;
  if (!member_id.empty()) {
    std::vector<MemberId> ids = {member_id};
    const absl::StatusOr<std::vector<std::optional<MemberRow>>> rows =
        co_await context_.cases.FindMembers(case_number, reader->head().member_count,
                                            std::move(ids));
    CO_RETURN_IF_ERROR(rows.status());
    const std::optional<MemberRow>& row = rows->front();
    if (!row.has_value() || !reader->SeesMember(*row)) co_return NotFound("member");
    CO_ASSIGN_OR_RETURN(GroupMember member, reader->View(*row));
    found.members.push_back(std::move(member));
    co_return found;
  }
  uint32_t last = ParseOrdinal(cursor);
  for (size_t looked_at = 0; found.members.size() < page.size && looked_at < kMembersLookedAt;) {
    const size_t missing = page.size - found.members.size();
    const size_t limit = std::min(std::max(missing, kMembersAtOnce), kMembersLookedAt - looked_at);
    const absl::StatusOr<RowPage<MemberRow>> read =
        co_await context_.cases.ReadMembers(case_number, last, limit);
    CO_RETURN_IF_ERROR(read.status());
    looked_at += read->rows.size();
    for (const MemberRow& row : read->rows) {
      if (found.members.size() == page.size) break;
      last = row.ordinal;
      if (!reader->SeesMember(row)) continue;
      CO_ASSIGN_OR_RETURN(GroupMember member, reader->View(row));
      found.members.push_back(std::move(member));
    }
    if (!read->more && (read->rows.empty() || last == read->rows.back().ordinal)) co_return found;
  }
  found.next_page_token = context_.page_tokens.Seal(std::to_string(last), binding);
  co_return found;
}

}  // namespace redress::intake
