#ifndef REDRESS_SERVICES_INTAKE_APP_MEMBER_INTAKE_H_
#define REDRESS_SERVICES_INTAKE_APP_MEMBER_INTAKE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "services/intake/app/case_events.h"
#include "services/intake/app/records.h"
#include "services/intake/app/verb_call.h"

namespace redress::intake {

// Takes validated members (consents spread) into the case of `change`: gives them ids, writes their
// rows, posts what they claim, and adds them to the head's counts and to the answer. Shared by
// filing and by adding to a group; the verb adds its own event out of what is returned.
// With `group` each member gets similarity keys of its own; else the head holds them.
// INVALID_ARGUMENT when a sum of claims would overflow. Nothing is to be committed after an error.
absl::StatusOr<std::vector<MemberDimensions>> TakeInMembers(const VerbCall& call,
                                                            const std::vector<GroupMember>& members,
                                                            bool group, CaseChange& change);

MemberDimensions DimensionsOf(const MemberRow& row, const AppContext& context, const Date& today);

// What a member claims as ledger entries: one CLAIMED per currency, in order of the claim lines.
std::vector<MoneyRow> ClaimsOf(const GroupMember& member, const VerbCall& call);

// Makes a member, or a complaint, findable by those who look for similar cases: writes the rows and
// returns their keys, at most `limit`.
std::vector<uint64_t> IndexSimilar(const VerbCall& call, const Complaint& complaint,
                                   const std::vector<GroupMember>& members, size_t limit,
                                   CaseChange& change);
inline constexpr size_t kMaxHeadSimilarityKeys = 24;
inline constexpr size_t kMaxMemberSimilarityKeys = 8;

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_MEMBER_INTAKE_H_
