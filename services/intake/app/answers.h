#ifndef REDRESS_SERVICES_INTAKE_APP_ANSWERS_H_
#define REDRESS_SERVICES_INTAKE_APP_ANSWERS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "services/intake/domain/case_state.h"
#include "services/intake/domain/forced_labour.h"
#include "services/intake/domain/money_ledger.h"
#include "services/intake/domain/urgency.h"
#include "services/intake/domain/warning.h"
#include "services/platform/ids/case_number.h"
#include "services/platform/ids/names.h"
#include "services/platform/kv/store.h"

namespace redress::intake {

// What the facts of a case suggest; a person confirms.
struct Suggestions {
  UrgencySuggestion urgency;
  std::vector<IndicatorSuggestion> indicators;

  friend bool operator==(const Suggestions&, const Suggestions&) = default;
};

// The answer of every verb that changes a case: one shape for all, since it is what is remembered
// under the request id and given again, byte for byte, to a repetition. It holds no personal data.
// `version` and the tracking codes are not remembered; they are filled in again each time.
//
// Every verb fills the first part. Of the second, each fills what the comments name.
struct VerbAnswer {
  CaseNumber case_number;
  CaseState state = CaseState::kUnspecified;
  absl::Time committed_at;
  std::vector<Warning> warnings;
  kv::Version version = 0;  // Of the case afterwards: its etag and the commit number.
  bool repeated = false;    // True when an earlier call had done it.

  std::vector<MemberId> member_ids;         // FileComplaint, AddGroupMembers: in request order.
  std::vector<std::string> tracking_codes;  // The same: one per member, "1234-5678-…".
  std::vector<std::string> own_references;  // The same; empty when `repeated`.
  std::optional<Suggestions> suggestions;   // FileComplaint, AmendComplaint.
  uint32_t member_count = 0;                // FileComplaint, AddGroupMembers: in the case;
                                            // RecordConsent, RevokeConsent: concerned.
  uint32_t amendment_number = 0;            // AmendComplaint.
  std::optional<absl::Time> undo_until;     // WithdrawComplaint.
  std::vector<std::string> referral_ids;    // WithdrawComplaint, RevokeConsent: affected;
                                            // SettleDisclosure: still open.
  std::vector<RandomId> entry_ids;          // RecordMoney in request order; Approve.
  std::vector<MoneyTotals> totals;          // RecordMoney: of the case, one per currency.
  RandomId created_id;                      // RequestApproval: the approval; UploadEvidence: file.
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_ANSWERS_H_
