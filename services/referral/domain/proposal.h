#ifndef REDRESS_SERVICES_REFERRAL_DOMAIN_PROPOSAL_H_
#define REDRESS_SERVICES_REFERRAL_DOMAIN_PROPOSAL_H_

#include <cstdint>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/status/field_violations.h"
#include "services/referral/domain/fold.h"

namespace redress::referral {

// Proposals are answered member by member: it is RESOLVED when every disclosed member has accepted.
// One refusal takes the referral back to IN_PROGRESS, and those who had accepted keep "agreed": the
// next proposal need not ask them again, unless it names them with other terms. `disclosed` is
// always who is disclosed now and has not withdrawn; at home only, since home decides that.

// Where the answers to the last proposal stand.
struct AnswerCount {
  uint32_t accepted = 0;  // Members bound by terms they accepted, of this or an earlier proposal.
  uint32_t refused = 0;   // Members who refused the last proposal.
  uint32_t waiting = 0;   // Members who have still to answer it.
  friend bool operator==(const AnswerCount&, const AnswerCount&) = default;
};

AnswerCount CountAnswers(const FoldedReferral& folded, const std::set<MemberId>& disclosed);

// The members who have still to answer, for reminders; empty when no proposal is open.
std::vector<MemberId> WaitingMembers(const FoldedReferral& folded,
                                     const std::set<MemberId>& disclosed);

// The form of answers: 1 to 200, no member named twice. Faults are under "answers".
void CheckAnswers(const std::vector<MemberAnswer>& answers, FieldViolations& faults);

// The details of a PROPOSAL_ANSWERED fact, with `members_left` counted. FAILED_PRECONDITION:
//   PROPOSAL_NOT_CURRENT {proposal_number}       none is open, or another one
//   MEMBER_NOT_DISCLOSED {member_ids}
//   PROPOSAL_ALREADY_ANSWERED {member_ids}       an answer is final; so is one kept from before
// INVALID_ARGUMENT for what CheckAnswers finds.
absl::StatusOr<ProposalAnswerDetails> PrepareAnswers(const FoldedReferral& folded,
                                                     uint32_t proposal_number,
                                                     std::vector<MemberAnswer> answers,
                                                     const std::set<MemberId>& disclosed);

// MEMBER_NOT_DISCLOSED {member_ids} when terms name a member who is not; INVALID_ARGUMENT when
// somebody disclosed is left without terms: neither named, nor meant by for_each_other, nor already
// agreed. `field` is "proposal" or "outcome".
absl::Status CheckTermsCover(const FoldedReferral& folded, const GroupTerms& terms,
                             const std::set<MemberId>& disclosed, std::string_view field);

// What binds or was obtained by a member: the terms of a conclusion where one stands, else of the
// proposal the member agreed to; nullptr when there is neither. Borrowed from `folded`.
const MemberTerms* ObtainedTerms(const FoldedReferral& folded, const MemberId& member);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_DOMAIN_PROPOSAL_H_
