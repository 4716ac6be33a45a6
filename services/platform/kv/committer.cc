#include "services/platform/kv/committer.h"

#include <unistd.h>

#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/platform/async/timer_queue.h"
#include "services/platform/status/fault_point.h"
#include "services/platform/status/status_macros.h"

namespace redress::kv {
namespace {

// A batch takes no more commits beyond this, so that what one sync holds up has a limit.
constexpr size_t kBatchBytes = 8 << 20;
constexpr int kExitLogWriteFailed = 70;

[[noreturn]] void Stop(const char* doing, const absl::Status& status) {
  std::fprintf(stderr,
               "store: %s failed, stopping the process: %s (docs/runbook.md, \"Writing failed\")\n",
               doing, status.ToString().c_str());
  _exit(kExitLogWriteFailed);
}

}  // namespace

Committer::Committer(Engine& engine, async::Executor& executor, CommitterState state,
                     uint64_t free_space_floor, std::unique_ptr<Sentinel> sentinel,
                     BatchObserver observer)
    : engine_(engine),
      executor_(executor),
      free_space_floor_(free_space_floor),
      observer_(std::move(observer)),
      state_(std::move(state)),
      sentinel_(std::move(sentinel)),
      thread_([this] { Run(); }) {}

Committer::~Committer() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    changed_.Signal();
  }
  thread_.join();
  absl::MutexLock lock(&mutex_);
  if (queue_.empty()) return;
  for (const std::shared_ptr<PendingCommit>& pending : queue_) {
    pending->result.outcome = CommitOutcome::kStopped;
  }
  executor_.Post([batch = std::move(queue_)] { ResumeAll(batch); });
}

void Committer::Enqueue(std::shared_ptr<PendingCommit> pending) {
  absl::MutexLock lock(&mutex_);
  queue_.push_back(std::move(pending));
  if (queue_.size() == 1) changed_.Signal();
}

void Committer::Run() {
  for (;;) {
    PendingBatch batch = WaitForBatch();
    if (!batch.empty()) CommitAll(std::move(batch));
    SyncSentinelWhenDue();
    absl::MutexLock lock(&mutex_);
    if (stopping_) break;
  }
  const absl::Status synced = sentinel_->Sync();
  if (!synced.ok()) Stop("syncing the sentinel", synced);
}

PendingBatch Committer::WaitForBatch() {
  PendingBatch batch;
  absl::MutexLock lock(&mutex_);
  while (queue_.empty() && !stopping_) {
    if (!sentinel_->dirty()) {
      changed_.Wait(&mutex_);
    } else if (changed_.WaitWithTimeout(&mutex_, sentinel_due_ - async::SteadyNow())) {
      return batch;
    }
  }
  if (!stopping_) batch.swap(queue_);
  return batch;
}

void Committer::SyncSentinelWhenDue() {
  if (!sentinel_->dirty() || async::SteadyNow() < sentinel_due_) return;
  const absl::Status synced = sentinel_->Sync();
  if (!synced.ok()) Stop("syncing the sentinel", synced);
}

void Committer::CommitAll(PendingBatch all) {
  auto next = all.begin();
  while (next != all.end()) {
    PendingBatch batch;
    CommitBatch commits(
        state_, [this](const std::string& key) { return engine_.VersionOf(key); },
        [this](const std::string& key) { return engine_.ReadValue(key); }, engine_);
    const uint64_t free_bytes = engine_.FreeBytes();
    for (; next != all.end() && engine_.BatchBytes() < kBatchBytes; ++next) {
      CommitResult& result = (*next)->result;
      if (free_bytes >= free_space_floor_) {
        result = commits.Add((*next)->change);
      } else {
        result.outcome = CommitOutcome::kNoSpace;
        result.free_bytes = free_bytes;
        result.floor_bytes = free_space_floor_;
      }
      batch.push_back(std::move(*next));
    }
    if (commits.committed() > 0) Write(commits);
    REDRESS_FAULT_POINT("commit.before_reply");
    executor_.Post([batch = std::move(batch)] { ResumeAll(batch); });
  }
}

void Committer::Write(const CommitBatch& commits) {
  engine_.PutOwnRow(own_rows::kLastVersion, EncodeOwnNumber(state_.last_version));
  for (const std::string& log : commits.touched_logs()) {
    engine_.PutOwnRow(std::string(own_rows::kLogCounter) + log,
                      EncodeOwnNumber(state_.log_counters[log]));
  }
  REDRESS_FAULT_POINT("commit.before");
  const absl::Time began = async::SteadyNow();
  const absl::Status status = engine_.WriteSynced();
  if (!status.ok()) Stop("writing the log", status);
  if (observer_) observer_(commits.committed(), async::SteadyNow() - began);
  REDRESS_FAULT_POINT("commit.after_write");
  if (!sentinel_->dirty()) sentinel_due_ = async::SteadyNow() + kSentinelInterval;
  const absl::Status noted = sentinel_->Note(state_.last_version);
  if (!noted.ok()) Stop("writing the sentinel", noted);
}

absl::StatusOr<CommitterState> RecoverCommitterState(Engine& engine) {
  CommitterState state;
  ASSIGN_OR_RETURN(const std::optional<uint64_t> version,
                   ReadOwnNumber(engine, own_rows::kLastVersion));
  if (!version.has_value()) return absl::DataLossError("store: without its last commit's number");
  state.last_version = *version;
  ASSIGN_OR_RETURN(const std::vector<Engine::Row> counters, engine.OwnRows(own_rows::kLogCounter));
  for (const auto& [key, bytes] : counters) {
    ASSIGN_OR_RETURN(const uint64_t number, DecodeOwnNumber(bytes));
    state.log_counters[key.substr(own_rows::kLogCounter.size())] = number;
  }
  return state;
}

}  // namespace redress::kv
