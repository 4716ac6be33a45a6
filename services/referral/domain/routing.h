#ifndef REDRESS_SERVICES_REFERRAL_DOMAIN_ROUTING_H_
#define REDRESS_SERVICES_REFERRAL_DOMAIN_ROUTING_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "services/referral/domain/directory.h"
#include "services/referral/domain/referral_checks.h"
#include "services/referral/domain/referral_state.h"

namespace redress::referral {

// One reason for (weight above 0) or against (below 0) a receiver; the codes are those of
// redress.referral.v1.SuggestionReason.
struct RoutingReason {
  std::string code;
  std::string text;  // English, one sentence, without personal data.
  int weight = 0;
  friend bool operator==(const RoutingReason&, const RoutingReason&) = default;
};

struct Suggestion {
  BodyId body_id;
  std::string name;        // The first name, for lists.
  int score = 0;           // Sum of the weights; comparable within one answer only.
  bool excluded = false;   // Inactive, or a respondent: forbidden whatever the score.
  bool can_refer = false;  // CheckRefer accepts it once the case is open, with consent as it is.
  std::vector<RoutingReason> reasons_for;      // Strongest first.
  std::vector<RoutingReason> reasons_against;  // Strongest first.
  std::string agreement_id;                    // That would be used; empty: none in force.
  absl::Time as_of = absl::InfinitePast();
  friend bool operator==(const Suggestion&, const Suggestion&) = default;
};

// How a body answered this node's referrals so far.
struct ResponseRecord {
  uint32_t answered = 0;  // Accepted, declined, or asked or passed on, late ones too.
  uint32_t silent = 0;    // At NO_RESPONSE.
  uint32_t open = 0;      // Open now.

  friend bool operator==(const ResponseRecord&, const ResponseRecord&) = default;
};

// What one referral counts for in it while it is in that state. One that home has recalled says
// nothing of its receiver.
ResponseRecord ResponseIn(ReferralState state);

struct RoutingQuestion {
  CaseFacts facts;
  BodyId referring_body;
  std::string country;             // Only bodies that act there; empty: the corridor's destination.
  std::vector<PastReferral> past;  // Of this case.
  std::map<BodyId, ResponseRecord> records;
  absl::Time now;
  size_t limit = 10;
};

// Who can take the case: ranked by score, then by id, excluded ones last. A body of the country
// that takes everything is worth less than one that names the case's category: it says so little.
// A suggestion with its reasons, never a decision; nothing is left out of the list but by `limit`.
std::vector<Suggestion> SuggestRecipients(const RoutingQuestion& question,
                                          const std::vector<Body>& bodies,
                                          const std::vector<Agreement>& agreements,
                                          const std::vector<Posting>& postings);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_DOMAIN_ROUTING_H_
