#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_DISCLOSURE_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_DISCLOSURE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/intake/domain/approval.h"
#include "services/intake/domain/complaint.h"
#include "services/intake/domain/consent.h"
#include "services/intake/domain/field_group.h"
#include "services/platform/ids/names.h"
#include "services/platform/time/date.h"

namespace redress::intake {

// What of a complaint somebody gets: which members, and field by field which part of them. The
// grouping of fields is that of the (group) options in the protos; a test of the converters holds
// the two against each other. Pure functions over values.

// How much is let through.
struct FieldView {
  FieldGroupSet groups;
  // The fields of group NEVER too (consents, own references, earlier case): home staff only.
  bool home_fields = false;
};

// Empties every field whose group is not in the view; a field within another needs both groups.
// Fields of group ALWAYS stay, and nothing is ever put in.
Complaint CutTo(Complaint complaint, const FieldView& view);
GroupMember CutTo(GroupMember member, const FieldView& view);

// What is known of a file as far as disclosure decides on it.
struct EvidenceFacts {
  bool shareable = false;
  bool sensitive = false;
};

// True when the file may go where `groups` may: the member's groups, or the head's for a file of
// the whole case. A file that is not shareable goes nowhere; a sensitive one needs
// SENSITIVE_NARRATIVE beside EVIDENCE_FILES.
bool EvidenceAllowed(const EvidenceFacts& file, FieldGroupSet groups);

// One disclosure as it is asked for.
struct DisclosureRequest {
  std::string receiver_body_id;
  // Only these members, each of whom must then consent; none: every one who did.
  std::vector<MemberId> member_ids;
  // Only these groups, such as an agreement allows; empty: all that is consented.
  FieldGroupSet groups;
  // Those of `member_ids` who do not consent are left out instead.
  bool consenting_only = false;
};

struct DisclosedMemberPlan {
  MemberId member_id;
  FieldGroupSet groups;

  friend bool operator==(const DisclosedMemberPlan&, const DisclosedMemberPlan&) = default;
};

// What leaves.
struct DisclosurePlan {
  // Of the head: the groups that every disclosed member let out.
  FieldGroupSet head_groups;
  std::vector<DisclosedMemberPlan> members;  // In the order in which they were added.
  // True when some group leaves by an approved override and not by consent.
  bool by_override = false;
};

// Works out a disclosure member by member, so that a group of 10,000 needs not be in memory at
// once:
//
//   DisclosurePlanner planner(request, approvals, today);
//   for (each member of the case) planner.Add(id, withdrawn, bits);
//   ASSIGN_OR_RETURN(DisclosurePlan plan, std::move(planner).Finish());
//
// Withdrawn members never leave. A member takes part when a REFERRAL consent for the receiver is in
// force or an override names them; the worker's consent to one receiver says nothing about another.
// Not thread-safe.
class DisclosurePlanner {
 public:
  // `approvals` must outlive the planner.
  DisclosurePlanner(DisclosureRequest request, const std::vector<Approval>& approvals, Date today);

  void Add(const MemberId& member, bool withdrawn, const std::vector<ConsentBit>& bits);

  // FAILED_PRECONDITION CONSENT_MISSING {purpose, receiver, member_count, member_ids} when a member
  // that was asked for did not consent or is not in the case (unless `consenting_only`), or when
  // nobody consented.
  absl::StatusOr<DisclosurePlan> Finish() &&;

 private:
  bool Asked(const MemberId& member) const;

  DisclosureRequest request_;
  const std::vector<Approval>& approvals_;
  Date today_;
  DisclosurePlan plan_;
  std::vector<std::string> missing_;
  uint32_t seen_asked_ = 0;
};

// FAILED_PRECONDITION RECEIVER_IS_RESPONDENT {body_id}: nothing goes to those complained about.
absl::Status CheckReceiver(const std::string& receiver_body_id,
                           const std::vector<std::string>& respondent_body_ids);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_DISCLOSURE_H_
