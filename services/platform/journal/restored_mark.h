#ifndef REDRESS_SERVICES_PLATFORM_JOURNAL_RESTORED_MARK_H_
#define REDRESS_SERVICES_PLATFORM_JOURNAL_RESTORED_MARK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/platform/async/task.h"
#include "services/platform/kv/store.h"

namespace redress::journal {

// That a store was put back to a backup: written by the restore before any service has opened the
// store, and never removed. Whoever gives out numbers that have left the store (case numbers,
// referrals, places on a link) asks for it, since some were given out after the backup was taken
// and are known elsewhere.
struct RestoredMark {
  // How often, this time included: as far as the backup and its folder know of it.
  uint32_t restores = 0;
  // Of these, those that the backup did not hold, this time included. After each of the others the
  // same numbers would have been given out again.
  uint32_t new_restores = 1;
  // Larger after each restore, whichever backup it was of: what peers compare.
  uint32_t generation = 0;
  kv::Version last_commit = 0;  // The last commit that the backup held.
  absl::Time taken_at;          // When the backup was taken.
  absl::Time restored_at;
  // The commit that this row was written with, and the first after the restore: what was written
  // by an earlier commit came from the backup. Not part of the row.
  kv::Version version = 0;

  friend bool operator==(const RestoredMark&, const RestoredMark&) = default;
};

// Of two restores of one backup everything is the same but when they were made, and what the
// backup's folder says of the first (backup/restore_note.h). Both are made use of, so that either
// will do.
//
// The generation of a restore at `now` after one of `last` (0: none): seconds, so that it rises by
// itself. A clock that was put back does not lower it.
uint32_t NextGeneration(uint32_t last, absl::Time now);

// The last commit number that is skipped by a restore to `last_commit`. Numbers go on above the
// next multiple of the jump, and where the generation puts them: a million for each second, more
// than any node commits.
inline constexpr kv::Version kRestoredJump = 1'000'000'000'000;
kv::Version SkippedUpTo(kv::Version last_commit, uint32_t restores, uint32_t generation);

std::string RestoredMarkKey();
std::string EncodeRestoredMark(const RestoredMark& mark);
absl::StatusOr<RestoredMark> DecodeRestoredMark(std::string_view bytes);

// Nullopt for a store that never was. `store` must outlive the task.
async::Task<absl::StatusOr<std::optional<RestoredMark>>> ReadRestoredMark(kv::Store& store);

}  // namespace redress::journal

#endif  // REDRESS_SERVICES_PLATFORM_JOURNAL_RESTORED_MARK_H_
