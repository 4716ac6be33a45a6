#ifndef REDRESS_SERVICES_INTAKE_APP_LEDGER_POSTING_H_
#define REDRESS_SERVICES_INTAKE_APP_LEDGER_POSTING_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/intake/app/case_events.h"
#include "services/intake/app/records.h"
#include "services/intake/app/verb_call.h"
#include "services/platform/async/task.h"

namespace redress::intake {

// Gathers the entries that one verb posts: keeps the sums of members and case right as they come,
// and writes all of it into the change at the end.
//
//   LedgerPosting posting(call, change);
//   posting.AddMember(row);                       // each member that entries are for, once
//   RETURN_IF_ERROR(posting.Post(std::move(money_row), nullptr));
//   posting.Write();                              // ledger rows and members; event posted()
//
// Not thread-safe; lives for one verb.
class LedgerPosting {
 public:
  // Both must outlive it.
  LedgerPosting(const VerbCall& call, CaseChange& change) : call_(call), change_(change) {}

  void AddMember(MemberRow row);
  // Null when it was not added.
  const MemberRow* Member(const MemberId& id) const;

  // Errors as money_ledger.h's Post. `reversed` is the entry that a reversal undoes, as FindEntry
  // gave it; it is marked so, ENTRY_ALREADY_REVERSED when it was before.
  absl::Status Post(MoneyRow row, FoundEntry* reversed);

  // True when an entry of this very call has that id.
  bool HasPosted(const RandomId& entry_id) const;

  void Write();

  // What was posted, for the event.
  std::vector<PostedEntry> posted() const;
  // Of all members that entries were for.
  std::vector<Warning> Warnings() const;

 private:
  const VerbCall& call_;
  CaseChange& change_;
  std::map<MemberId, MemberRow> members_;
  std::map<uint64_t, MoneyBatch> touched_;  // Batches with a newly reversed entry, by number.
  std::vector<MoneyRow> rows_;
};

// Replaces what the ledger says that a member claims by what the member's claim lines say now:
// reverses the entries that stand for the old lines and posts new ones. A sum that stays the same
// is left alone. `row` is changed and is the caller's to write. Returns what was posted.
async::Task<absl::StatusOr<std::vector<PostedEntry>>> ReplaceClaims(const VerbCall& call,
                                                                    const GroupMember& amended,
                                                                    MemberRow& row,
                                                                    CaseChange& change);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_LEDGER_POSTING_H_
