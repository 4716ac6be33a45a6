#ifndef REDRESS_SERVICES_PLATFORM_KV_MEMORY_STORE_H_
#define REDRESS_SERVICES_PLATFORM_KV_MEMORY_STORE_H_

#include <cstddef>
#include <memory>

#include "services/platform/async/executor.h"
#include "services/platform/kv/store.h"

namespace redress::kv {

// A store in memory for unit tests and the simulation: the same committer semantics as the engines
// on disk (batches, conditions that see the earlier commits of a batch, versions, numbered logs),
// without a thread of its own. A commit is taken up by the next turn of the executor, so that a run
// on a deterministic executor is deterministic.
//
// Thread-safe.
class MemoryStore : public Store {
 public:
  explicit MemoryStore(async::Executor& executor);
  ~MemoryStore() override;

  async::Task<absl::StatusOr<std::optional<Entry>>> Get(std::string key) override;
  async::Task<absl::StatusOr<ScanPage>> Scan(ScanRequest request) override;
  async::Task<CommitResult> Commit(Change change) override;

  // Has the next commit answered with `outcome` whatever its conditions say, to try what a caller
  // does then. With `apply` it is done all the same: kUnknown with `apply` is the lost answer of a
  // remote engine; with kUnread the error is DATA_LOSS. Calls add up; each serves one commit.
  void AnswerNextCommit(CommitOutcome outcome, bool apply = false);

  // What a backup holds, and putting it back: everything committed since is forgotten, its numbers
  // included. Nothing may be pending then.
  struct Image;
  std::shared_ptr<const Image> Backup() const;
  void Restore(const Image& image);

  // How many keys there are. For tests.
  size_t size() const;

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_MEMORY_STORE_H_
