#ifndef REDRESS_SERVICES_REFERRAL_APP_LOADED_REFERRAL_H_
#define REDRESS_SERVICES_REFERRAL_APP_LOADED_REFERRAL_H_

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "redress/referral/v1/referral.pb.h"
#include "services/referral/app/parts.h"
#include "services/referral/domain/clocks.h"
#include "services/referral/domain/fact.h"
#include "services/referral/domain/fold.h"

namespace redress::referral {

// One side's view of a referral with all its facts, folded. A plain value, read at one moment:
// `version` is what a change made from it expects.
struct LoadedReferral {
  ReferralRef ref;
  rows::ReferralRecord record;
  kv::Version version = 0;  // 0: new, not stored yet.
  CaseKeyPointer case_key;
  std::vector<Fact> home;
  std::vector<Fact> destination;
  FoldedReferral folded;
  std::set<ClockKey> fired;
  std::vector<rows::EvidenceRecord> own_evidence;  // Valid ones, in the order of the chain.

  const std::vector<Fact>& own() const { return ref.side == Side::kHome ? home : destination; }
  uint32_t own_facts() const {
    return ref.side == Side::kHome ? folded.home_facts : folded.destination_facts;
  }
  // The node at the other end of the link; the own one for a loopback referral.
  const std::string& peer() const {
    return ref.side == Side::kHome ? record.destination_node() : record.home_node();
  }
  bool relayed() const;
};

// Nullopt when this node has no such side of a referral. DATA_LOSS when it cannot be read.
Answer<std::optional<LoadedReferral>> LoadReferral(const AppParts& parts, ReferralRef ref);
Answer<std::optional<LoadedReferral>> LoadReferral(Repository& repository, const IsoCodes& codes,
                                                   ReferralRef ref);

// The personal part: what was disclosed, without members, and the sender's note.
absl::StatusOr<rows::ReferralPersonal> OpenPersonal(const AppParts& parts,
                                                    const LoadedReferral& loaded);

// The serialised statement inside a stored piece of evidence; nullopt when it cannot be read.
std::optional<v1::EvidenceStatement> StatementOf(const rows::EvidenceRecord& record);

// The clock rules that the referral carries since it was sent.
ClockRules RulesOf(const ClockConfig& clocks, const rows::ReferralRecord& record);
inline ClockRules RulesOf(const AppParts& parts, const rows::ReferralRecord& record) {
  return RulesOf(parts.clocks, record);
}
// When each clock ends, as far as the facts here say.
v1::Clocks ClocksOf(const ClockConfig& config, const LoadedReferral& loaded);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_LOADED_REFERRAL_H_
