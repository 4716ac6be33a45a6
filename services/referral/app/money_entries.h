#ifndef REDRESS_SERVICES_REFERRAL_APP_MONEY_ENTRIES_H_
#define REDRESS_SERVICES_REFERRAL_APP_MONEY_ENTRIES_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "redress/intake/v1/event_data.pb.h"
#include "redress/intake/v1/money.pb.h"
#include "services/platform/codes/code_list.h"
#include "services/platform/status/field_violations.h"
#include "services/referral/app/parts.h"
#include "services/referral/app/referral_edit.h"

namespace redress::referral {

// What the destination of a referral records; every other kind is home's.
inline constexpr std::string_view kDestinationMoneyKindCodes[] = {
    "OFFERED",      "AWARDED",  "DUE",     "PAID", "PAID_TO_INTERMEDIARY",
    "DEPOSIT_USED", "RECEIVED", "REVERSAL"};
inline constexpr CodeList kDestinationMoneyKinds(kDestinationMoneyKindCodes);

// An entry without names and words. INVALID_ARGUMENT when it is not well formed: id, member, kind,
// currency, amount above zero, day.
absl::StatusOr<intake::v1::PostedEntry> PostedFormOf(const intake::v1::MoneyEntry& entry,
                                                     const IsoCodes& codes);

// Entries that are new to one side of a referral, with what they reverse.
struct EntriesPlan {
  struct Entry {
    intake::v1::MoneyEntry entry;
    intake::v1::PostedEntry posted;
    std::optional<intake::v1::PostedEntry> reversed;  // When it is known here.
  };
  std::vector<Entry> fresh;
};

// What the reversals of one node are held against.
struct ReversibleEntries {
  struct Reversal {
    std::string entry_id;
    std::string node;
  };
  std::map<std::string, intake::v1::PostedEntry> entries;  // Of that node, by id.
  std::map<std::string, Reversal> reversals;  // Of either node, by the id of what they undo.
};

Answer<ReversibleEntries> FindReversibleEntries(const AppParts& parts, ReferralRef ref,
                                                std::string node);

// Whether home's ledger would take the reversal: it undoes an entry of its own node, that is none
// itself, of the same member and amount. Not whether the entry was undone before.
void CheckReversal(const intake::v1::PostedEntry& reversal, const ReversibleEntries& known,
                   const std::string& field, FieldViolations& violations);

// Leaves out what is recorded already. ALREADY_EXISTS, ENTRY_ID_REUSED {entry_id}: the id stands
// with other content.
Answer<EntriesPlan> PlanEntries(const AppParts& parts, ReferralRef ref,
                                std::vector<intake::v1::MoneyEntry> entries);

// Records them: rows, sums, event. With `post`, they are left for intake's ledger.
absl::Status ApplyEntries(ReferralEdit& edit, const EntriesPlan& plan,
                          const std::string& recorded_by_node, bool post);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_MONEY_ENTRIES_H_
