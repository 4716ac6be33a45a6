#ifndef REDRESS_SERVICES_STATUS_STORAGE_WIDE_COMMIT_H_
#define REDRESS_SERVICES_STATUS_STORAGE_WIDE_COMMIT_H_

#include <cstddef>
#include <vector>

#include "absl/status/status.h"
#include "services/platform/async/task.h"
#include "services/platform/kv/store.h"

namespace redress::status {

// Writes that take effect wholly or not at all, also when they are more than the store takes in one
// commit: what one event changes has no bound that could be promised (a group of many
// nationalities, each counted apart and listed for its attachés). ADR 33.
//
// What fits is one commit. Anything else is first noted whole, as rows that say what is to be
// written; once the last of these is there, the writes themselves follow in several commits, the
// last of which removes the note. Whatever was broken off before the note was whole has not
// happened; afterwards Finish writes it again from the note, to the same end. Readers may
// meanwhile see some of the rows and not yet others.
//
// One writer; for the executor's thread.
class WideCommits {
 public:
  // `store` outlives it.
  explicit WideCommits(kv::Store& store) : store_(store) {}

  // Of several mutations of a key the last counts. FAILED_PRECONDITION when one before was broken
  // off: Finish first. Else as StatusOf.
  async::Task<absl::Status> Commit(std::vector<kv::Mutation> mutations);

  // Ends what was broken off, by this process or one before it. DATA_LOSS when the note cannot be
  // read.
  async::Task<absl::Status> Finish();

 private:
  async::Task<absl::Status> Note(const std::vector<kv::Mutation>& mutations, size_t& parts);
  async::Task<absl::Status> Write(std::vector<kv::Mutation> mutations, size_t parts);
  async::Task<absl::Status> RemoveParts();
  async::Task<absl::Status> CommitOne(kv::Change change);

  kv::Store& store_;
  bool broken_off_ = false;
};

// RESOURCE_EXHAUSTED STORE_FULL when there is no room, UNAVAILABLE when the store is closing or
// cannot tell, INTERNAL when a row is larger than the store takes.
absl::Status StatusOf(const kv::CommitResult& result);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_STORAGE_WIDE_COMMIT_H_
