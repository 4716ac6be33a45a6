#include "services/platform/kv/memory_store.h"

#include <deque>
#include <map>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "services/platform/kv/commit_batch.h"
#include "services/platform/kv/key_codec.h"
#include "services/platform/kv/page_filler.h"
#include "services/platform/kv/pending_commit.h"
#include "services/platform/status/status_macros.h"

namespace redress::kv {
namespace {

struct Row {
  std::string value;
  Version version = 0;
};
using Rows = std::map<std::string, Row>;

class RowsSink final : public BatchSink {
 public:
  explicit RowsSink(Rows& rows) : rows_(rows) {}
  void Put(const std::string& key, Version version, const std::string& value) override {
    rows_[key] = {value, version};
  }
  void Delete(const std::string& key) override { rows_.erase(key); }

 private:
  Rows& rows_;
};

ScanPage ScanForward(const Rows& rows, const ScanRequest& request) {
  PageFiller page(request);
  auto row = request.after < request.prefix ? rows.lower_bound(request.prefix)
                                            : rows.upper_bound(request.after);
  for (; row != rows.end() && row->first.starts_with(request.prefix); ++row) {
    if (!page.Take(row->first, row->second.value, row->second.version)) break;
  }
  return std::move(page).Finish();
}

ScanPage ScanReverse(const Rows& rows, const ScanRequest& request) {
  PageFiller page(request);
  const std::string end = PrefixEnd(request.prefix);
  auto row = end.empty() ? rows.end() : rows.lower_bound(end);
  if (!request.after.empty() && (end.empty() || request.after < end)) {
    row = rows.lower_bound(request.after);
  }
  while (row != rows.begin()) {
    --row;
    if (!row->first.starts_with(request.prefix)) break;
    if (!page.Take(row->first, row->second.value, row->second.version)) break;
  }
  return std::move(page).Finish();
}

}  // namespace

struct MemoryStore::Image {
  Rows rows;
  CommitterState committer;
};

// Shared with the work posted to the executor, so that a store may go before the work is done.
class MemoryStore::State : public std::enable_shared_from_this<State> {
 public:
  explicit State(async::Executor& executor) : executor_(executor) {}

  void Enqueue(std::shared_ptr<PendingCommit> pending) {
    absl::MutexLock lock(&mutex_);
    queue_.push_back(std::move(pending));
    if (queue_.size() > 1) return;
    executor_.Post([self = shared_from_this()] { self->RunBatch(); });
  }

  std::optional<Entry> Get(const std::string& key) const {
    absl::MutexLock lock(&mutex_);
    const auto row = rows_.find(key);
    if (row == rows_.end()) return std::nullopt;
    return Entry{key, row->second.value, row->second.version};
  }

  ScanPage Scan(const ScanRequest& request) const {
    absl::MutexLock lock(&mutex_);
    return request.reverse ? ScanReverse(rows_, request) : ScanForward(rows_, request);
  }

  std::shared_ptr<const Image> Backup() const {
    absl::MutexLock lock(&mutex_);
    return std::make_shared<const Image>(Image{rows_, committer_});
  }
  void Restore(const Image& image) {
    absl::MutexLock lock(&mutex_);
    rows_ = image.rows;
    committer_ = image.committer;
  }

  void AnswerNextCommit(CommitOutcome outcome, bool apply) {
    absl::MutexLock lock(&mutex_);
    prepared_.push_back({outcome, apply});
  }

  size_t size() const {
    absl::MutexLock lock(&mutex_);
    return rows_.size();
  }

 private:
  struct Prepared {
    CommitOutcome outcome;
    bool apply;
  };

  void RunBatch() {
    PendingBatch batch;
    {
      absl::MutexLock lock(&mutex_);
      batch.swap(queue_);
      RowsSink sink(rows_);
      const auto lookup = [this](const std::string& key)
                              ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return Lookup(key); };
      const auto read_value = [this](const std::string& key)
                                  ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return ReadValue(key); };
      CommitBatch commits(committer_, lookup, read_value, sink);
      for (const std::shared_ptr<PendingCommit>& pending : batch) {
        pending->result = Answer(commits, pending->change);
      }
    }
    ResumeAll(batch);
  }

  CommitResult Answer(CommitBatch& commits, const Change& change)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (prepared_.empty()) return commits.Add(change);
    const Prepared prepared = prepared_.front();
    prepared_.pop_front();
    if (prepared.apply) commits.Add(change);
    CommitResult result;
    result.outcome = prepared.outcome;
    if (prepared.outcome == CommitOutcome::kUnread) result.error = absl::DataLossError("damaged");
    return result;
  }

  absl::StatusOr<std::optional<Version>> Lookup(const std::string& key) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto row = rows_.find(key);
    if (row == rows_.end()) return std::optional<Version>();
    return std::optional<Version>(row->second.version);
  }

  absl::StatusOr<std::optional<std::string>> ReadValue(const std::string& key) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto row = rows_.find(key);
    if (row == rows_.end()) return std::optional<std::string>();
    return std::optional<std::string>(row->second.value);
  }

  async::Executor& executor_;
  mutable absl::Mutex mutex_;
  Rows rows_ ABSL_GUARDED_BY(mutex_);
  CommitterState committer_ ABSL_GUARDED_BY(mutex_);
  PendingBatch queue_ ABSL_GUARDED_BY(mutex_);
  std::deque<Prepared> prepared_ ABSL_GUARDED_BY(mutex_);
};

MemoryStore::MemoryStore(async::Executor& executor) : state_(std::make_shared<State>(executor)) {}
MemoryStore::~MemoryStore() = default;

async::Task<absl::StatusOr<std::optional<Entry>>> MemoryStore::Get(std::string key) {
  co_return state_->Get(key);
}

async::Task<absl::StatusOr<ScanPage>> MemoryStore::Scan(ScanRequest request) {
  CO_RETURN_IF_ERROR(CheckScan(request));
  co_return state_->Scan(request);
}

async::Task<CommitResult> MemoryStore::Commit(Change change) {
  CommitResult refused;
  if (const std::optional<CommitOutcome> outcome = RefusedOutright(change)) {
    refused.outcome = *outcome;
    co_return refused;
  }
  const std::shared_ptr<State> state = state_;
  CommitAwaiter<State> awaiter(*state, std::move(change));
  co_return co_await awaiter;
}

void MemoryStore::AnswerNextCommit(CommitOutcome outcome, bool apply) {
  state_->AnswerNextCommit(outcome, apply);
}

std::shared_ptr<const MemoryStore::Image> MemoryStore::Backup() const { return state_->Backup(); }
void MemoryStore::Restore(const Image& image) { state_->Restore(image); }

size_t MemoryStore::size() const { return state_->size(); }

}  // namespace redress::kv
