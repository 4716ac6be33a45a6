#include "tests/simulation/process.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace redress::simulation {
namespace {

// Work that is left when a process dies ends soon: all it meets are errors. More turns than this
// are a loop that does not look at its cancellation.
constexpr int kMostTurns = 1'000'000;

}  // namespace

Process::Process(Scheduler& scheduler, std::string name)
    : scheduler_(scheduler), name_(std::move(name)) {}

Process::~Process() {
  Die();
  Drain();
}

void Process::Add(absl::Time when, std::function<void()> work) {
  const uint64_t number = ++work_->last;
  work_->waiting.emplace(number, std::move(work));
  if (dying_) return;
  std::weak_ptr<Work> weak = work_;
  scheduler_.At(when, [weak, number] {
    const std::shared_ptr<Work> all = weak.lock();
    if (all == nullptr) return;
    auto mine = all->waiting.extract(number);
    if (!mine.empty()) mine.mapped()();
  });
}

void Process::Post(std::function<void()> work) {
  work_->busy_until = std::max(work_->busy_until, scheduler_.now()) + absl::Microseconds(1);
  Add(work_->busy_until, std::move(work));
}

void Process::PostAfter(absl::Duration delay, std::function<void()> work) {
  Add(scheduler_.now() + std::min(delay, absl::Hours(10'000)), std::move(work));
}

uint64_t Process::OnDeath(std::function<void()> hook) {
  hooks_.emplace(++last_hook_, std::move(hook));
  return last_hook_;
}

void Process::Die() {
  if (dying_) return;
  dying_ = true;
  while (!hooks_.empty()) {
    auto first = hooks_.extract(hooks_.begin());
    first.mapped()();
  }
}

void Process::Drain() {
  for (int turn = 0; !work_->waiting.empty(); ++turn) {
    if (turn > kMostTurns) {
      std::fprintf(stderr, "simulation: %s does not end after its crash\n", name_.c_str());
      std::abort();
    }
    auto first = work_->waiting.extract(work_->waiting.begin());
    first.mapped()();
  }
}

}  // namespace redress::simulation
