#include "services/intake/app/disclosure_verbs.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "fmt/format.h"
#include "services/intake/app/verb_call.h"
#include "services/intake/app/whole_reads.h"
#include "services/intake/domain/case_decisions.h"
#include "services/intake/domain/code_lists.h"
#include "services/intake/domain/disclosure.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

constexpr std::string_view kUndelivered = "UNDELIVERED";
constexpr std::string_view kRecalled = "RECALLED";

absl::Status CheckRequest(const VerbCall& call, const DiscloseCommand& command) {
  FieldViolations violations;
  FieldChecker check(call.validation(), violations);
  if (command.disclosure_number == 0) violations.Add("disclosure_number", "is counted from 1");
  if (!BodyId::Parse(command.receiver_body_id, "receiver_body_id").ok()) {
    violations.Add("receiver_body_id", "is not the id of a body");
  }
  if (command.referral_id.case_number() != command.case_number) {
    violations.Add("referral_id", "is not of this case");
  }
  CheckMemberIds(check, FieldPath("member_ids"), command.member_ids, kMaxGroupMembers);
  for (size_t i = 0; i < command.groups.size(); ++i) {
    if (IsNameable(command.groups[i])) continue;
    violations.Add(fmt::format("groups[{}]", i), "accepted are " + NameableFieldGroups());
  }
  return violations.ToStatus();
}

// What a disclosure asks for and rests on.
struct Basis {
  DisclosureRequest request;
  std::vector<Approval> approvals;
  Date today;
};

// The whole plan, over all members.
async::Task<absl::StatusOr<DisclosurePlan>> Plan(const VerbCall& call, const CaseHead& head,
                                                 const Basis& basis) {
  DisclosurePlanner planner(basis.request, basis.approvals, basis.today);
  for (uint32_t after = 0; after < head.member_count;) {
    const absl::StatusOr<RowPage<MemberRow>> page = co_await call.context().cases.ReadMembers(
        head.case_number, after, CaseStore::kMembersPerRead);
    CO_RETURN_IF_ERROR(page.status());
    if (page->rows.empty()) break;
    for (const MemberRow& row : page->rows) {
      planner.Add(row.member_id, row.withdrawn(), row.consents);
    }
    after = page->rows.back().ordinal;
  }
  co_return std::move(planner).Finish();
}

// The head as it leaves: confirmed categories, cut to what everybody let out.
void ConfirmCategories(const CaseHead& head, Complaint& complaint) {
  if (!head.screening || !head.screening->admitted) return;
  const std::vector<Category> filed = [&complaint] {
    std::vector<Category> all = complaint.secondary_categories;
    all.push_back(complaint.primary_category);
    return all;
  }();
  const auto confirmed = [&filed](const std::string& code, const std::string& source) {
    for (const Category& category : filed) {
      if (category.code == code) return category;
    }
    return Category{code, source, {}};
  };
  complaint.primary_category =
      confirmed(head.screening->primary_category, head.screening->source_category_code);
  complaint.secondary_categories.clear();
  for (const std::string& code : head.screening->secondary_categories) {
    complaint.secondary_categories.push_back(confirmed(code, {}));
  }
}

bool SameDisclosure(const DisclosureRow& row, const DisclosurePlan& plan) {
  return !row.settled_at.has_value() && row.groups == plan.head_groups &&
         row.member_count == plan.members.size() && row.by_override == plan.by_override;
}

// Whether a referral that ended one way may turn out to have ended another: one that was given up
// had arrived, one that was recalled had been decided.
bool GivesWay(std::string_view settled, std::string_view outcome) {
  if (settled == kUndelivered) return outcome != kUndelivered;
  return settled == kRecalled &&
         (outcome == "RESOLVED" || outcome == "UNRESOLVED" || outcome == "DECLINED");
}

uint32_t ParseOrdinal(std::string_view cursor) {
  uint32_t ordinal = 0;
  std::from_chars(cursor.data(), cursor.data() + cursor.size(), ordinal);
  return ordinal;
}

}  // namespace

std::optional<FieldGroupSet> DisclosedGroups(const DisclosureRequest& request,
                                             const std::vector<Approval>& approvals,
                                             const Date& today, const MemberRow& row) {
  const std::vector<MemberId>& asked = request.member_ids;
  if (!asked.empty() && !std::binary_search(asked.begin(), asked.end(), row.member_id)) {
    return std::nullopt;
  }
  DisclosurePlanner planner({request.receiver_body_id, {}, request.groups}, approvals, today);
  planner.Add(row.member_id, row.withdrawn(), row.consents);
  const absl::StatusOr<DisclosurePlan> plan = std::move(planner).Finish();
  if (!plan.ok() || plan->members.empty()) return std::nullopt;
  return plan->members.front().groups;
}

// One call of DiscloseComplaint; lives in its coroutine's frame.
class DisclosureVerbs::Call {
 public:
  Call(const AppContext& context, const VerbCall& verb, const DiscloseCommand& command)
      : context_(context), verb_(verb), command_(command) {
    basis_.today = verb.today();
    basis_.request.receiver_body_id = command.receiver_body_id;
    basis_.request.groups = FieldGroupSet::Of(command.groups);
    for (const std::string& id : command.member_ids) {
      basis_.request.member_ids.push_back(MemberId::FromTrusted(id));
    }
    std::sort(basis_.request.member_ids.begin(), basis_.request.member_ids.end());
    basis_.request.consenting_only = command.consenting_only;
  }

  const Basis& basis() const { return basis_; }

  async::Task<absl::Status> ReadApprovals(CaseKeyPtr key) {
    absl::StatusOr<std::vector<ApprovalRow>> rows =
        co_await context_.cases.ReadApprovals(command_.case_number, key);
    CO_RETURN_IF_ERROR(rows.status());
    for (ApprovalRow& row : *rows) basis_.approvals.push_back(std::move(row.approval));
    co_return absl::OkStatus();
  }

  // Whether the receiver may have it at all, and in which number. What was settled as undelivered
  // can come to life again, as the referral can: it arrives late, or is sent again.
  absl::Status CheckAllowed(const CaseHead& head, const std::optional<DisclosureRow>& row) const {
    const bool again = command_.reopen && row.has_value() && row->outcome == kUndelivered;
    if (row.has_value() && row->settled_at.has_value() && !again) {
      return RefusePrecondition("DISCLOSURE_SETTLED",
                                "the disclosure was settled before; use a new referral",
                                {{"referral_id", row->referral_id}, {"outcome", row->outcome}});
    }
    const uint32_t last = row.has_value() ? row->disclosure_number : 0;
    if (command_.disclosure_number > last + 1 || command_.disclosure_number < last) {
      return InvalidField("disclosure_number", fmt::format("{} was asked for; the last is {}",
                                                           command_.disclosure_number, last));
    }
    RETURN_IF_ERROR(
        NextState(head.state, CaseVerb::kDisclose, head.case_number.ToString()).status());
    return CheckReceiver(command_.receiver_body_id, head.respondent_body_ids);
  }

  async::Task<absl::Status> AddMembers(const CaseHead& head, CaseKeyPtr key, uint32_t after,
                                       const std::string& binding, DisclosurePage& page) const {
    while (after < head.member_count) {
      const absl::StatusOr<RowPage<MemberRow>> read =
          co_await context_.cases.ReadMembers(head.case_number, after, command_.page.size);
      CO_RETURN_IF_ERROR(read.status());
      if (read->rows.empty()) break;
      for (const MemberRow& row : read->rows) {
        const std::optional<FieldGroupSet> groups =
            DisclosedGroups(basis_.request, basis_.approvals, basis_.today, row);
        if (groups.has_value()) {
          if (page.members.size() == command_.page.size) {
            page.next_page_token = context_.page_tokens.Seal(std::to_string(after), binding);
            co_return absl::OkStatus();
          }
          CO_ASSIGN_OR_RETURN(GroupMember member,
                              context_.cases.OpenMember(head.case_number, *key, row));
          page.members.push_back({CutTo(std::move(member), FieldView{*groups, false}), *groups});
        }
        after = row.ordinal;
      }
    }
    co_return absl::OkStatus();
  }

  async::Task<absl::StatusOr<DisclosedHead>> Head(const CaseHead& head, CaseKeyPtr key,
                                                  const DisclosurePlan& plan) const {
    const FieldGroupSet groups = plan.head_groups;
    absl::StatusOr<Complaint> complaint = co_await context_.cases.ReadComplaint(
        head.case_number, key, groups.Has(FieldGroup::kNarrative),
        groups.Has(FieldGroup::kSensitiveNarrative));
    CO_RETURN_IF_ERROR(complaint.status());
    ConfirmCategories(head, *complaint);
    DisclosedHead disclosed;
    disclosed.disclosure_number = command_.disclosure_number;
    disclosed.complaint = CutTo(*std::move(complaint), FieldView{groups, false});
    disclosed.urgency = head.Urgency();
    if (head.screening && groups.Has(FieldGroup::kNarrative)) {
      disclosed.forced_labour_indicators = head.screening->forced_labour_indicators;
    }
    disclosed.groups = groups;
    disclosed.member_count = static_cast<uint32_t>(plan.members.size());
    disclosed.filed_at = head.filed_at;
    disclosed.by_override = plan.by_override;
    absl::StatusOr<std::vector<EvidenceRow>> files =
        co_await AllEvidence(context_.cases, head.case_number, key);
    CO_RETURN_IF_ERROR(files.status());
    for (EvidenceRow& file : *files) {
      if (!Allowed(file, plan)) continue;
      file.uploaded_by.subject.clear();
      disclosed.evidence_files.push_back(std::move(file));
    }
    co_return disclosed;
  }

  // Commits the opening, or what has changed of it; the commit's number.
  async::Task<absl::StatusOr<kv::Version>> Open(VerbCall& verb, StoredCase stored,
                                                std::optional<DisclosureRow> row,
                                                const DisclosurePlan& plan) const {
    absl::StatusOr<CaseChange> change = co_await verb.Change(std::move(stored));
    CO_RETURN_IF_ERROR(change.status());
    const std::string referral_id = command_.referral_id.ToString();
    if (!row.has_value()) {
      row.emplace();
      row->referral_id = referral_id;
      row->opened_at = verb.now();
      change->after.open_referral_ids.push_back(referral_id);
    } else if (row->settled_at.has_value()) {
      row->settled_at.reset();
      row->outcome.clear();
      change->after.open_referral_ids.push_back(referral_id);
    }
    row->receiver_body_id = command_.receiver_body_id;
    row->disclosure_number = command_.disclosure_number;
    row->groups = plan.head_groups;
    row->member_count = static_cast<uint32_t>(plan.members.size());
    row->requested_member_ids = basis_.request.member_ids;
    row->requested_groups = basis_.request.groups;
    row->by_override = plan.by_override;
    row->updated_at = verb.now();
    context_.cases.PutDisclosure(change->changes, command_.case_number, *row);
    change->events.push_back(DisclosureOpened{referral_id, row->receiver_body_id,
                                              row->disclosure_number, row->groups.ToVector(),
                                              row->member_count, row->by_override});
    const absl::StatusOr<VerbAnswer> answer = co_await verb.Commit(*std::move(change));
    CO_RETURN_IF_ERROR(answer.status());
    co_return answer->version;
  }

 private:
  static bool Allowed(const EvidenceRow& file, const DisclosurePlan& plan) {
    FieldGroupSet groups = plan.head_groups;
    if (!file.member_id.empty()) {
      const auto member = std::find_if(
          plan.members.begin(), plan.members.end(),
          [&file](const DisclosedMemberPlan& one) { return one.member_id == file.member_id; });
      if (member == plan.members.end()) return false;
      groups = member->groups;
    }
    return EvidenceAllowed({file.shareable, file.sensitive}, groups);
  }

  const AppContext& context_;
  const VerbCall& verb_;
  const DiscloseCommand& command_;
  Basis basis_;
};

async::Task<absl::StatusOr<DisclosurePage>> DisclosureVerbs::DiscloseComplaint(
    Caller caller, DiscloseCommand command) {
  // No etag was given, so a change that came in between is no obstacle.
  for (int tries = 1;; ++tries) {
    absl::StatusOr<DisclosurePage> page = co_await TryDisclose(caller, command);
    const bool overtaken = page.status().code() == absl::StatusCode::kAborted;
    if (!overtaken || tries == kTriesWithoutEtag) co_return page;
  }
}

async::Task<absl::StatusOr<SettledDisclosure>> DisclosureVerbs::SettleDisclosure(
    Caller caller, ReferralId referral_id, std::string outcome) {
  for (int tries = 1;; ++tries) {
    absl::StatusOr<SettledDisclosure> settled = co_await TrySettle(caller, referral_id, outcome);
    const bool overtaken = settled.status().code() == absl::StatusCode::kAborted;
    if (!overtaken || tries == kTriesWithoutEtag) co_return settled;
  }
}

async::Task<absl::StatusOr<DisclosurePage>> DisclosureVerbs::TryDisclose(
    Caller caller, const DiscloseCommand& command) {
  CO_RETURN_IF_ERROR(IntakeAccess().Check("DiscloseComplaint", *caller));
  VerbCall verb(context_, "DiscloseComplaint", caller, std::nullopt);
  CO_RETURN_IF_ERROR(CheckRequest(verb, command));
  const std::string binding = crypto::PageTokens::Binding(
      {"DiscloseComplaint", caller->CallerKey(), command.referral_id.ToString(),
       std::to_string(command.disclosure_number)});
  CO_ASSIGN_OR_RETURN(const std::string cursor,
                      context_.page_tokens.Open(command.page.token, binding));
  CaseTarget target{command.case_number, std::nullopt};
  absl::StatusOr<StoredCase> stored = co_await verb.LoadCase(std::move(target));
  CO_RETURN_IF_ERROR(stored.status());
  absl::StatusOr<std::optional<DisclosureRow>> row =
      co_await context_.cases.FindDisclosure(command.referral_id);
  CO_RETURN_IF_ERROR(row.status());
  Call call(context_, verb, command);
  absl::Status allowed = call.CheckAllowed(stored->head, *row);
  if (!allowed.ok()) co_return co_await verb.Refused(command.case_number, std::move(allowed));
  const absl::StatusOr<CaseKeyPtr> key = co_await context_.cases.KeyOf(command.case_number);
  CO_RETURN_IF_ERROR(key.status());
  const absl::Status approvals = co_await call.ReadApprovals(*key);
  CO_RETURN_IF_ERROR(approvals);

  DisclosurePage page;
  page.case_version = stored->version;
  const CaseHead head = stored->head;
  if (cursor.empty()) {
    absl::StatusOr<DisclosurePlan> plan = co_await Plan(verb, head, call.basis());
    if (!plan.ok()) co_return co_await verb.Refused(command.case_number, plan.status());
    const bool known = row->has_value() && (*row)->disclosure_number == command.disclosure_number &&
                       SameDisclosure(**row, *plan);
    if (known) {
      page.commit_number = (*row)->version;
    } else if (!command.preview) {
      const absl::StatusOr<kv::Version> opened =
          co_await call.Open(verb, *std::move(stored), *std::move(row), *plan);
      CO_RETURN_IF_ERROR(opened.status());
      page.commit_number = *opened;
      page.case_version = *opened;
    }
    absl::StatusOr<DisclosedHead> disclosed = co_await call.Head(head, *key, *plan);
    CO_RETURN_IF_ERROR(disclosed.status());
    page.head = *std::move(disclosed);
  } else if (row->has_value()) {
    page.commit_number = (*row)->version;
  }
  const absl::Status added =
      co_await call.AddMembers(head, *key, ParseOrdinal(cursor), binding, page);
  CO_RETURN_IF_ERROR(added);
  co_return page;
}

async::Task<absl::StatusOr<SettledDisclosure>> DisclosureVerbs::TrySettle(Caller caller,
                                                                          ReferralId referral_id,
                                                                          std::string outcome) {
  CO_RETURN_IF_ERROR(IntakeAccess().Check("SettleDisclosure", *caller));
  VerbCall call(context_, "SettleDisclosure", caller, std::nullopt);
  FieldViolations violations;
  FieldChecker(call.validation(), violations)
      .Required(FieldPath("outcome"), outcome, kSettleOutcomes);
  CO_RETURN_IF_ERROR(violations.ToStatus());
  absl::StatusOr<std::optional<DisclosureRow>> row =
      co_await context_.cases.FindDisclosure(referral_id);
  CO_RETURN_IF_ERROR(row.status());
  if (!row->has_value()) co_return NotFound("disclosure");
  CaseTarget target{referral_id.case_number(), std::nullopt};
  absl::StatusOr<StoredCase> stored = co_await call.LoadCase(std::move(target));
  CO_RETURN_IF_ERROR(stored.status());
  SettledDisclosure settled{referral_id.case_number(), stored->version, (*row)->version,
                            stored->head.open_referral_ids};
  if ((*row)->settled_at.has_value() && !GivesWay((*row)->outcome, outcome)) co_return settled;

  absl::StatusOr<CaseChange> change = co_await call.Change(*std::move(stored));
  CO_RETURN_IF_ERROR(change.status());
  (*row)->settled_at = call.now();
  (*row)->updated_at = call.now();
  (*row)->outcome = outcome;
  context_.cases.PutDisclosure(change->changes, referral_id.case_number(), **row);
  std::erase(change->after.open_referral_ids, (*row)->referral_id);
  settled.open_referral_ids = change->after.open_referral_ids;
  change->events.push_back(DisclosureSettled{(*row)->referral_id, outcome});
  const absl::StatusOr<VerbAnswer> answer = co_await call.Commit(*std::move(change));
  CO_RETURN_IF_ERROR(answer.status());
  settled.case_version = answer->version;
  settled.commit_number = answer->version;
  co_return settled;
}

}  // namespace redress::intake
