#include "services/referral/domain/proposal.h"

#include <string>
#include <utility>

#include "fmt/format.h"
#include "services/platform/status/refusal.h"

namespace redress::referral {
namespace {

constexpr size_t kMostAnswers = 200;
constexpr size_t kMostIdsInMetadata = 20;

enum class Stand { kAgreed, kRefused, kWaiting };

Stand StandOf(const FoldedReferral& folded, const MemberId& member) {
  auto found = folded.members.find(member);
  if (found == folded.members.end()) return Stand::kWaiting;
  if (found->second.agreed) return Stand::kAgreed;
  const bool refused = found->second.answered_proposal == folded.proposals &&
                       folded.proposals > 0 && !found->second.accepted;
  return refused ? Stand::kRefused : Stand::kWaiting;
}

absl::Status RefuseMembers(std::string_view reason, std::string_view message,
                           const std::vector<MemberId>& members) {
  std::string ids;
  for (size_t i = 0; i < members.size() && i < kMostIdsInMetadata; ++i) {
    if (i > 0) ids += ',';
    ids += members[i].ToString();
  }
  return RefusePrecondition(reason, message, {{"member_ids", ids}});
}

}  // namespace

void CheckAnswers(const std::vector<MemberAnswer>& answers, FieldViolations& faults) {
  if (answers.empty() || answers.size() > kMostAnswers) {
    faults.Add("answers",
               fmt::format("has {} entries; 1 to {} are accepted", answers.size(), kMostAnswers));
  }
  std::set<MemberId> named;
  for (size_t i = 0; i < answers.size() && i < kMostAnswers; ++i) {
    // An id that could not be read is at fault already.
    if (answers[i].member.empty() || named.insert(answers[i].member).second) continue;
    faults.Add(fmt::format("answers[{}].member_id", i), "names a member a second time");
  }
}

AnswerCount CountAnswers(const FoldedReferral& folded, const std::set<MemberId>& disclosed) {
  AnswerCount count;
  for (const MemberId& member : disclosed) {
    switch (StandOf(folded, member)) {
      case Stand::kAgreed:
        ++count.accepted;
        break;
      case Stand::kRefused:
        ++count.refused;
        break;
      case Stand::kWaiting:
        ++count.waiting;
        break;
    }
  }
  return count;
}

std::vector<MemberId> WaitingMembers(const FoldedReferral& folded,
                                     const std::set<MemberId>& disclosed) {
  std::vector<MemberId> waiting;
  if (!folded.proposal_open) return waiting;
  for (const MemberId& member : disclosed) {
    if (StandOf(folded, member) == Stand::kWaiting) waiting.push_back(member);
  }
  return waiting;
}

absl::StatusOr<ProposalAnswerDetails> PrepareAnswers(const FoldedReferral& folded,
                                                     uint32_t proposal_number,
                                                     std::vector<MemberAnswer> answers,
                                                     const std::set<MemberId>& disclosed) {
  FieldViolations faults;
  CheckAnswers(answers, faults);
  if (!faults.empty()) return faults.ToStatus();
  if (!folded.proposal_open || folded.proposals != proposal_number) {
    return RefusePrecondition(
        "PROPOSAL_NOT_CURRENT", "that proposal is not open",
        {{"proposal_number", fmt::format("{}", folded.proposal_open ? folded.proposals : 0)}});
  }
  std::vector<MemberId> foreign;
  std::vector<MemberId> answered;
  uint32_t newly_accepted = 0;
  for (const MemberAnswer& answer : answers) {
    if (!disclosed.contains(answer.member)) foreign.push_back(answer.member);
    if (StandOf(folded, answer.member) != Stand::kWaiting) answered.push_back(answer.member);
    if (answer.accepted) ++newly_accepted;
  }
  if (!foreign.empty()) {
    return RefuseMembers("MEMBER_NOT_DISCLOSED", "members were not disclosed in this referral",
                         foreign);
  }
  if (!answered.empty()) {
    return RefuseMembers("PROPOSAL_ALREADY_ANSWERED", "members have answered this proposal",
                         answered);
  }
  const uint32_t accepted = CountAnswers(folded, disclosed).accepted + newly_accepted;
  return ProposalAnswerDetails{.proposal_number = proposal_number,
                               .answers = std::move(answers),
                               .members_left = static_cast<uint32_t>(disclosed.size()) - accepted};
}

absl::Status CheckTermsCover(const FoldedReferral& folded, const GroupTerms& terms,
                             const std::set<MemberId>& disclosed, std::string_view field) {
  std::vector<MemberId> foreign;
  std::set<MemberId> named;
  for (const MemberTerms& one : terms.members) {
    if (!disclosed.contains(one.member)) foreign.push_back(one.member);
    named.insert(one.member);
  }
  if (!foreign.empty()) {
    return RefuseMembers("MEMBER_NOT_DISCLOSED", "members were not disclosed in this referral",
                         foreign);
  }
  if (terms.for_each_other) return absl::OkStatus();
  size_t without = 0;
  for (const MemberId& member : disclosed) {
    if (!named.contains(member) && StandOf(folded, member) != Stand::kAgreed) ++without;
  }
  if (without == 0) return absl::OkStatus();
  return InvalidField(
      fmt::format("{}.for_each_other", field),
      fmt::format("is not set, and {} disclosed members have no terms of their own", without));
}

const MemberTerms* ObtainedTerms(const FoldedReferral& folded, const MemberId& member) {
  if (folded.state == ReferralState::kResolved && folded.outcome) {
    if (const MemberTerms* terms = folded.outcome->terms.Find(member)) return terms;
  }
  auto found = folded.members.find(member);
  if (found == folded.members.end() || !found->second.agreed) return nullptr;
  const uint32_t number = found->second.agreed_proposal;
  if (folded.proposal && folded.proposal->proposal_number == number) {
    return folded.proposal->terms.Find(member);
  }
  auto earlier = folded.earlier_proposals.find(number);
  return earlier == folded.earlier_proposals.end() ? nullptr : earlier->second.terms.Find(member);
}

}  // namespace redress::referral
