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
  uint32_t restores = 0;        // How often, this time included.
  kv::Version last_commit = 0;  // The last commit that the backup held.
  absl::Time taken_at;          // When the backup was taken.
  absl::Time restored_at;
  // The commit that this row was written with, and the first after the restore: what was written
  // by an earlier commit came from the backup. Not part of the row.
  kv::Version version = 0;

  friend bool operator==(const RestoredMark&, const RestoredMark&) = default;
};

// After a restore commit numbers go on from the next multiple of this. So no number is used twice,
// however much was lost, and a number tells after which restore it was given.
inline constexpr kv::Version kRestoredJump = 1'000'000'000'000;
// The last number that is skipped by a restore to `last_commit`.
kv::Version SkippedUpTo(kv::Version last_commit);

std::string RestoredMarkKey();
std::string EncodeRestoredMark(const RestoredMark& mark);
absl::StatusOr<RestoredMark> DecodeRestoredMark(std::string_view bytes);

// Nullopt for a store that never was. `store` must outlive the task.
async::Task<absl::StatusOr<std::optional<RestoredMark>>> ReadRestoredMark(kv::Store& store);

}  // namespace redress::journal

#endif  // REDRESS_SERVICES_PLATFORM_JOURNAL_RESTORED_MARK_H_
