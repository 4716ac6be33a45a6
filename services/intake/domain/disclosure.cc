#include "services/intake/domain/disclosure.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "services/intake/domain/case_life_cycle.h"
#include "services/platform/status/refusal.h"

namespace redress::intake {
namespace {

using enum FieldGroup;

void Empty(uint32_t& field) { field = 0; }
void Empty(std::string& field) { field.clear(); }
template <class T>
void Empty(std::vector<T>& field) {
  field.clear();
}
template <class T>
void Empty(std::optional<T>& field) {
  field.reset();
}

// Empties `field` unless the view holds `group`.
template <class T>
void Keep(const FieldView& view, FieldGroup group, T& field) {
  const bool kept = group == kNever ? view.home_fields : view.groups.Has(group);
  if (!kept) Empty(field);
}

void CutCategory(const FieldView& view, Category& category) {
  Keep(view, kNarrative, category.other_text);
}

void CutComplainant(const FieldView& view, Complainant& person) {
  Keep(view, kIdentity, person.name);
  Keep(view, kIdentity, person.case_code);
  Keep(view, kIdentity, person.birth_date);
  Keep(view, kIdentity, person.home_province);
  Keep(view, kIdentity, person.home_district);
  Keep(view, kContact, person.literacy);
  for (IdentityDocument& document : person.identity_documents) {
    Keep(view, kEmployment, document.held_by);
  }
  Keep(view, kIdentity, person.identity_documents);
  Keep(view, kMigrationStatus, person.migration_status);
  Keep(view, kMigrationStatus, person.migration_status_expires_on);
  Keep(view, kMigrationStatus, person.migration_channel);
  Keep(view, kWhereabouts, person.where_now);
  Keep(view, kWhereabouts, person.whereabouts);
  Keep(view, kIdentity, person.dependants);
  Keep(view, kEmployment, person.union_membership);
  Keep(view, kContact, person.safe_contact);
}

}  // namespace

Complaint CutTo(Complaint complaint, const FieldView& view) {
  CutCategory(view, complaint.primary_category);
  for (Category& category : complaint.secondary_categories) CutCategory(view, category);
  Keep(view, kNarrative, complaint.narrative);
  Keep(view, kSensitiveNarrative, complaint.sensitive_narrative);
  Keep(view, kNarrative, complaint.narrative_language);
  Keep(view, kEmployment, complaint.respondents);
  for (ContractClause& clause : complaint.contract_clauses) {
    Keep(view, kMoney, clause.promised_amount);
    Keep(view, kMoney, clause.actual_amount);
  }
  Keep(view, kEmployment, complaint.contract_clauses);
  Keep(view, kNarrative, complaint.circumstances);
  Keep(view, kNever, complaint.heard_of_us);
  Keep(view, kNever, complaint.own_reference);
  Keep(view, kNever, complaint.earlier_case_number);
  return complaint;
}

GroupMember CutTo(GroupMember member, const FieldView& view) {
  CutComplainant(view, member.complainant);
  if (member.representative) Keep(view, kContact, member.representative->address);
  Keep(view, kIdentity, member.representative);
  Keep(view, kMoney, member.claim_lines);
  Keep(view, kMoney, member.fee_lines);
  Keep(view, kNever, member.consents);
  Keep(view, kNever, member.own_reference);
  return member;
}

bool EvidenceAllowed(const EvidenceFacts& file, FieldGroupSet groups) {
  return file.shareable && groups.Has(kEvidenceFiles) &&
         (!file.sensitive || groups.Has(kSensitiveNarrative));
}

DisclosurePlanner::DisclosurePlanner(DisclosureRequest request,
                                     const std::vector<Approval>& approvals, Date today)
    : request_(std::move(request)), approvals_(approvals), today_(today) {
  plan_.head_groups = FieldGroupSet::All();
  std::sort(request_.member_ids.begin(), request_.member_ids.end());
}

bool DisclosurePlanner::Asked(const MemberId& member) const {
  return request_.member_ids.empty() ||
         std::binary_search(request_.member_ids.begin(), request_.member_ids.end(), member);
}

void DisclosurePlanner::Add(const MemberId& member, bool withdrawn,
                            const std::vector<ConsentBit>& bits) {
  if (!Asked(member)) return;
  ++seen_asked_;
  const std::string& receiver = request_.receiver_body_id;
  const std::optional<FieldGroupSet> consented =
      DisclosableGroups(bits, kReferralPurpose, receiver, today_);
  const FieldGroupSet overridden = OverriddenGroups(approvals_, member, receiver, today_);
  if (withdrawn || (!consented && overridden.empty())) {
    missing_.push_back(member.ToString());
    return;
  }
  const FieldGroupSet limit = request_.groups.empty() ? FieldGroupSet::All() : request_.groups;
  const FieldGroupSet by_consent = consented.value_or(FieldGroupSet()).And(limit);
  const FieldGroupSet groups = by_consent.Or(overridden.And(limit));
  plan_.by_override = plan_.by_override || !consented || groups != by_consent;
  plan_.head_groups = plan_.head_groups.And(groups);
  plan_.members.push_back({member, groups});
}

absl::StatusOr<DisclosurePlan> DisclosurePlanner::Finish() && {
  const bool asked_all = request_.member_ids.empty();
  const bool absent = seen_asked_ < request_.member_ids.size();
  const bool complete = asked_all || request_.consenting_only || (missing_.empty() && !absent);
  if (!plan_.members.empty() && complete) return std::move(plan_);
  return RefusePrecondition("CONSENT_MISSING",
                            fmt::format("{} members have no consent in force for {}",
                                        missing_.size(), request_.receiver_body_id),
                            {{"purpose", std::string(kReferralPurpose)},
                             {"receiver", request_.receiver_body_id},
                             {"member_count", fmt::format("{}", missing_.size())},
                             {"member_ids", JoinIds(missing_)}});
}

absl::Status CheckReceiver(const std::string& receiver_body_id,
                           const std::vector<std::string>& respondent_body_ids) {
  const auto found =
      std::find(respondent_body_ids.begin(), respondent_body_ids.end(), receiver_body_id);
  if (found == respondent_body_ids.end()) return absl::OkStatus();
  return RefusePrecondition("RECEIVER_IS_RESPONDENT",
                            fmt::format("{} is a respondent of the case", receiver_body_id),
                            {{"body_id", receiver_body_id}});
}

}  // namespace redress::intake
