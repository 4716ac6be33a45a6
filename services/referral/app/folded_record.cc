#include "services/referral/app/folded_record.h"

#include "services/referral/app/proto_time.h"

namespace redress::referral {

void WriteFolded(const LoadedReferral& loaded, const ClockConfig& clocks,
                 rows::ReferralRecord& record) {
  const FoldedReferral& folded = loaded.folded;
  record.set_state(static_cast<v1::ReferralState>(folded.state));
  record.set_returns_to(static_cast<v1::ReferralState>(folded.state_before));
  record.set_home_facts(folded.home_facts);
  record.set_destination_facts(folded.destination_facts);
  record.set_focal_point_id(folded.focal_point_id);
  record.set_reason(folded.reason);
  record.set_sent_at_micros(ToMicros(folded.sent_at));
  record.set_delivered_at_micros(ToMicros(folded.delivered_at));
  record.set_was_shown(record.was_shown() || folded.was_delivered);
  record.set_question_count(folded.questions);
  record.set_open_question(folded.open_question ? folded.open_question->question_number : 0);
  record.set_proposal_count(folded.proposals);
  record.set_open_proposal(folded.proposal_open ? folded.proposals : 0);
  uint32_t accepted = 0;
  for (const auto& [member, standing] : folded.members) accepted += standing.agreed ? 1 : 0;
  record.set_accepted_count(accepted);
  record.set_erasure_required(folded.recalled_for_erasure);
  if (folded.child) record.set_child_referral_id(folded.child->ToString());
  const bool receiver_holds = folded.accepted && IsOpen(folded.state);
  if (receiver_holds) {
    record.set_holder_body_id(record.receiver_body_id());
  } else if (!loaded.home.empty()) {
    record.set_holder_body_id(loaded.home.front().actor.body.ToString());
  }
  *record.mutable_clocks() = ClocksOf(clocks, loaded);
}

}  // namespace redress::referral
