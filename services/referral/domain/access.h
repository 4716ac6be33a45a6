#ifndef REDRESS_SERVICES_REFERRAL_DOMAIN_ACCESS_H_
#define REDRESS_SERVICES_REFERRAL_DOMAIN_ACCESS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "services/platform/auth/access_table.h"
#include "services/platform/auth/principal.h"
#include "services/platform/ids/names.h"
#include "services/referral/domain/referral_state.h"

namespace redress::referral {

// The first gate: which roles may use each verb of ReferralService and DirectoryService at all.
// Verbs are named as the RPCs are. What no line allows is denied.
const auth::AccessTable& ReferralAccess();
const auth::AccessTable& DirectoryAccess();

// What the second gate is told of a referral: nothing that identifies anybody.
struct ReferralScope {
  Side local_side = Side::kHome;
  ReferralState state = ReferralState::kNone;
  bool was_shown = false;  // Delivered, and not recalled before; a decline does not unsee it.
  bool loopback = false;   // Both sides are this node, and either may be meant.
  std::string case_number;
  NodeId home_node;
  BodyId receiver;
  BodyId filed_by;               // The desk; at home only.
  std::string province;          // ISO 3166-2 of the complainants' home; at home only.
  bool member_disclosed = true;  // With a worker's token: that member is in this referral.
};

// How much of a referral a caller sees.
enum class Sight {
  kNothing,    // NOT_FOUND, as if absent.
  kOwnMember,  // A worker or representative: state, dates, holder, and the own member.
  kNoContent,  // Auditor: state, history and evidence, no disclosure.
  kAll,        // All that was disclosed.
};

// The second gate for reading. Default deny:
//   service                              everything of its node
//   ministry                             at home: every referral of the node. At the destination:
//                                        none but those addressed to its body
//   desk                                 at home: of cases it filed
//   province                             at home: of cases of its province
//   contact, labour_office               at the destination: addressed to its body, once delivered
//                                        and not recalled before
//   worker, representative               at home: of the one case, when the member is disclosed
//   protection_officer                   everything of its node
//   auditor                              everything of its node, without content
// A person with several roles sees the most that one of them allows. Attachés ask StatusService:
// which members agreed to be seen by an embassy is not known here.
Sight SightOf(const auth::Principal& caller, const ReferralScope& scope);

// The second gate for moving it with the RPC `verb`, after the first one: OK, or NOT_FOUND as if
// the referral were absent. Receivers' verbs want the receiver's body at the destination; home's
// want the ministry, or a person with the right `refer` whose case it is; answers and disclosures
// the filing desk too, answers to proposals the worker or representative of a disclosed member.
absl::Status CheckMayMove(std::string_view verb, const auth::Principal& caller,
                          const ReferralScope& scope);

// Who may change a directory entry: an admin or the ministry any entry of this node, a contact or
// labour office its own body. PERMISSION_DENIED, ROLE_NOT_ALLOWED otherwise.
absl::Status CheckMayPutBody(const auth::Principal& caller, const BodyId& body);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_DOMAIN_ACCESS_H_
