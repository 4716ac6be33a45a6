#include "tests/simulation/disk.h"

#include <algorithm>
#include <utility>

namespace redress::simulation {
namespace {

// A turn of the committer, and what a batch waits for its sync at worst.
constexpr absl::Duration kQuickest = absl::Microseconds(50);

absl::Status PoweredOff() { return absl::UnavailableError("the process has crashed"); }

}  // namespace

DiskStore::DiskStore(Disk& disk, Process& process, uint64_t seed, const Options& options,
                     CommitWatcher watcher)
    : disk_(disk), process_(process), dice_(seed), options_(options), watcher_(std::move(watcher)) {
  process_.OnDeath([this] { PowerOff(); });
}

async::Task<void> DiskStore::Seek() {
  if (!dice_.Chance(options_.slow_reads)) co_return;
  const absl::Duration delay = dice_.Between(kQuickest, options_.disk_delay);
  co_await async::SleepFor(process_, delay);
}

async::Task<absl::StatusOr<std::optional<kv::Entry>>> DiskStore::Get(std::string key) {
  co_await Seek();
  if (process_.dying()) co_return PoweredOff();
  co_return co_await disk_.rows.Get(std::move(key));
}

async::Task<absl::StatusOr<kv::ScanPage>> DiskStore::Scan(kv::ScanRequest request) {
  co_await Seek();
  if (process_.dying()) co_return PoweredOff();
  co_return co_await disk_.rows.Scan(std::move(request));
}

void DiskStore::Apply(Pending& pending) {
  pending.durable = true;
  kv::Change change = pending.change;
  if (disk_.forget) disk_.forget(change);
  pending.result = async::RunToEnd(disk_.turns, disk_.rows.Commit(std::move(change)));
  if (pending.result.outcome == kv::CommitOutcome::kCommitted) {
    watcher_(pending.change, pending.result);
  }
}

void DiskStore::Answer(Pending& pending) {
  if (std::exchange(pending.answered, true)) return;
  pending.done.Set(pending.result);
}

void DiskStore::PowerOff() {
  bool survives = true;
  for (const std::shared_ptr<Pending>& pending : pending_) {
    if (pending->answered) continue;
    survives = survives && dice_.Chance(500);
    if (!pending->durable && survives) Apply(*pending);
    pending->result.outcome = kv::CommitOutcome::kStopped;
    Answer(*pending);
  }
  pending_.clear();
  if (options_.lying_disk && disk_.stale != nullptr) disk_.rows.Restore(*disk_.stale);
}

async::Task<kv::CommitResult> DiskStore::Commit(kv::Change change) {
  auto pending = std::make_shared<Pending>(process_);
  if (process_.dying()) {
    pending->result.outcome = kv::CommitOutcome::kStopped;
    co_return pending->result;
  }
  pending->change = std::move(change);
  pending_.push_back(pending);
  Scheduler& scheduler = process_.scheduler();
  const absl::Duration write = dice_.Between(kQuickest, options_.disk_delay);
  const absl::Duration answer = dice_.Between(kQuickest, options_.disk_delay);
  last_durable_ = std::max(last_durable_, scheduler.now() + write);
  last_answer_ = std::max(last_answer_, last_durable_ + answer);
  if (options_.lying_disk && dice_.Chance(100)) disk_.stale = disk_.rows.Backup();
  // What crashes in between takes these with it: then the pending commit has an answer already.
  scheduler.At(last_durable_, [this, pending] {
    if (!pending->answered) Apply(*pending);
  });
  scheduler.At(last_answer_, [this, pending] {
    if (pending->answered) return;
    Answer(*pending);
    std::erase_if(pending_, [](const auto& one) { return one->answered; });
  });
  co_return co_await pending->done;
}

}  // namespace redress::simulation
