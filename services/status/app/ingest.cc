#include "services/status/app/ingest.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "services/platform/async/signal.h"
#include "services/platform/status/fault_point.h"
#include "services/platform/status/status_macros.h"

namespace redress::status {
namespace {

constexpr absl::Duration kFirstPause = absl::Milliseconds(100);
constexpr absl::Duration kLongestPause = absl::Seconds(5);
constexpr absl::Duration kDueInterval = absl::Minutes(1);
constexpr size_t kDueAtOnce = 100;

template <class Event>
constexpr Log LogOf() {
  return std::is_same_v<Event, IntakeEvent> ? Log::kIntake : Log::kReferral;
}

}  // namespace

Ingest::Ingest(Parts parts)
    : parts_(std::move(parts)),
      projector_(parts_.node, parts_.screening_time, parts_.model, parts_.clock) {}

async::Task<absl::Status> Ingest::Open(bool rebuild) {
  CO_ASSIGN_OR_RETURN(BuildStage stage, co_await parts_.model.GetStage());
  if (rebuild || stage == BuildStage::kWiping) {
    // The stage is told first: a wipe that is interrupted goes on at the next start.
    WriteSet begin;
    begin.stage = BuildStage::kWiping;
    CO_RETURN_IF_ERROR(co_await parts_.model.Commit(std::move(begin)));
    bool more = true;
    while (more) {
      CO_ASSIGN_OR_RETURN(more, co_await parts_.model.WipeSome());
      REDRESS_FAULT_POINT("start.while_wiping");
    }
    stage = BuildStage::kNone;
  }
  if (stage == BuildStage::kNone) {
    WriteSet begin;
    begin.stage = stage = BuildStage::kReading;
    CO_RETURN_IF_ERROR(co_await parts_.model.Commit(std::move(begin)));
  }
  CO_RETURN_IF_ERROR(co_await FindPlace());
  parts_.progress.stage = stage;
  co_return absl::OkStatus();
}

async::Task<absl::Status> Ingest::FindPlace() {
  projector_.Forget();
  CO_RETURN_IF_ERROR(co_await parts_.model.FinishCommit());
  CO_ASSIGN_OR_RETURN(intake_cursor_, co_await parts_.model.GetCursor(Log::kIntake));
  CO_ASSIGN_OR_RETURN(referral_cursor_, co_await parts_.model.GetCursor(Log::kReferral));
  CO_ASSIGN_OR_RETURN(DirectoryRows directory, co_await parts_.model.LoadDirectory());
  parts_.directory.Clear();
  parts_.directory.Take(directory);
  parts_.progress.intake.taken = intake_cursor_.number;
  parts_.progress.referral.taken = referral_cursor_.number;
  co_return absl::OkStatus();
}

// Everything that the log was known to have has been taken in now.
void Ingest::NoteCurrent(Log log) {
  LogProgress& progress = parts_.progress.Of(log);
  if (progress.caught_up()) progress.current_at = parts_.clock.Now();
  if (parts_.on_progress) parts_.on_progress(log, progress.behind());
}

void Ingest::Tell(Task task, const absl::Status& status) const {
  if (parts_.on_trouble) parts_.on_trouble(task, status);
}

template <class Event>
async::Task<absl::Status> Ingest::ReadOnce(EventSource<Event>& source, bool follow,
                                           uint64_t& queued,
                                           async::CancellationToken cancellation) {
  constexpr Log kLog = LogOf<Event>();
  LogProgress& progress = parts_.progress.Of(kLog);
  auto opened = co_await source.Read(queued, follow, cancellation);
  if (!opened.ok()) co_return opened.status();
  const std::unique_ptr<LogReading<Event>> reading = std::move(*opened);
  while (true) {
    std::optional<LogMessage<Event>> message = co_await reading->Next();
    if (!message.has_value()) break;
    progress.last_seen = std::max(progress.last_seen, message->last_number);
    if (!message->event.has_value()) {
      NoteCurrent(kLog);
      continue;
    }
    queued = message->event->number;
    progress.last_seen = std::max(progress.last_seen, queued);
    Item item(std::move(*message->event));
    const bool pushed = co_await queue_.Push(parts_.executor, std::move(item), cancellation);
    if (!pushed) co_return absl::CancelledError("stopping");
  }
  co_return co_await reading->Finish();
}

template <class Event>
async::Task<void> Ingest::Follow(EventSource<Event>& source,
                                 async::CancellationToken cancellation) {
  constexpr Log kLog = LogOf<Event>();
  LogProgress& progress = parts_.progress.Of(kLog);
  uint64_t queued = progress.taken;
  absl::Duration pause = kFirstPause;
  while (!cancellation.IsCancelled()) {
    const uint64_t before = queued;
    const bool follow = progress.end_seen;
    const absl::Status status = co_await ReadOnce(source, follow, queued, cancellation);
    if (cancellation.IsCancelled()) co_return;
    if (status.ok() && !follow) {
      progress.end_seen = true;
      Item nudge{Nudge()};  // For a log without a new event the writer would not look.
      const bool pushed = co_await queue_.Push(parts_.executor, std::move(nudge), cancellation);
      if (!pushed) co_return;
      continue;
    }
    if (status.ok() || queued > before) pause = kFirstPause;
    if (!status.ok()) {
      Tell(kLog == Log::kIntake ? Task::kReadIntake : Task::kReadReferral, status);
      const bool slept = co_await async::SleepUnlessCancelled(parts_.executor, pause, cancellation);
      if (!slept) co_return;
      pause = std::min(2 * pause, kLongestPause);
    }
  }
}

template <class Event>
async::Task<absl::Status> Ingest::TakeEvent(Log log, Event event, WriteSet& writes) {
  Cursor& cursor = log == Log::kIntake ? intake_cursor_ : referral_cursor_;
  const uint64_t number = event.number;
  if (number <= cursor.number) co_return absl::OkStatus();
  std::vector<Event> split = Split(std::move(event));
  for (uint32_t part = cursor.parts; part < split.size(); ++part) {
    if (writes.operations() > kCommitOperations) CO_RETURN_IF_ERROR(co_await Commit(writes));
    CO_RETURN_IF_ERROR(co_await projector_.Take(std::move(split[part]), writes));
    cursor.parts = part + 1;
    writes.cursors[log] = cursor;
  }
  cursor = {number, 0};
  writes.cursors[log] = cursor;
  co_return absl::OkStatus();
}

async::Task<absl::Status> Ingest::TakeItem(Item item, WriteSet& writes) {
  if (writes.operations() > kCommitOperations) CO_RETURN_IF_ERROR(co_await Commit(writes));
  if (auto* intake = std::get_if<IntakeEvent>(&item); intake != nullptr) {
    IntakeEvent event = std::move(*intake);
    co_return co_await TakeEvent(Log::kIntake, std::move(event), writes);
  }
  if (auto* referral = std::get_if<ReferralEvent>(&item); referral != nullptr) {
    ReferralEvent event = std::move(*referral);
    co_return co_await TakeEvent(Log::kReferral, std::move(event), writes);
  }
  if (auto* ended = std::get_if<BandEnd>(&item); ended != nullptr) {
    BandEnd band = std::move(*ended);
    co_return co_await projector_.PassBand(std::move(band), writes);
  }
  if (auto* ended = std::get_if<ConsentEnd>(&item); ended != nullptr) {
    ConsentEnd consent = std::move(*ended);
    co_return co_await projector_.EndConsent(std::move(consent), writes);
  }
  co_return absl::OkStatus();
}

async::Task<absl::Status> Ingest::Commit(WriteSet& writes) {
  if (writes.empty()) co_return absl::OkStatus();
  WriteSet taken = std::exchange(writes, WriteSet());
  const DirectoryRows directory = taken.directory;
  const std::map<Log, Cursor> cursors = taken.cursors;
  // Told before it is so: when the process dies in between it is told again, and else never.
  if (parts_.on_set_aside) {
    for (const std::string& case_number : taken.set_aside) parts_.on_set_aside(case_number);
  }
  REDRESS_FAULT_POINT("status.before_commit");
  CO_RETURN_IF_ERROR(co_await parts_.model.Commit(std::move(taken)));
  REDRESS_FAULT_POINT("status.after_commit");
  parts_.directory.Take(directory);
  for (const auto& [log, cursor] : cursors) {
    parts_.progress.Of(log).taken = cursor.number;
    NoteCurrent(log);
  }
  parts_.progress.changed.Notify();
  co_return absl::OkStatus();
}

async::Task<absl::Status> Ingest::MarkWhole() {
  Progress& progress = parts_.progress;
  const bool whole = progress.intake.caught_up() && progress.referral.caught_up();
  if (progress.stage != BuildStage::kReading || !whole) co_return absl::OkStatus();
  WriteSet writes;
  writes.stage = BuildStage::kWhole;
  CO_RETURN_IF_ERROR(co_await parts_.model.Commit(std::move(writes)));
  progress.stage = BuildStage::kWhole;
  progress.changed.Notify();
  co_return absl::OkStatus();
}

async::Task<absl::Status> Ingest::TakeBatch(std::vector<Item> items) {
  WriteSet writes;
  for (Item& one : items) {
    Item item = std::move(one);
    CO_RETURN_IF_ERROR(co_await TakeItem(std::move(item), writes));
    co_await async::ResumeOn(parts_.executor);  // Those who read are answered in between.
  }
  CO_RETURN_IF_ERROR(co_await Commit(writes));
  NoteCurrent(Log::kIntake);
  NoteCurrent(Log::kReferral);
  co_return co_await MarkWhole();
}

async::Task<void> Ingest::Write(async::CancellationToken cancellation) {
  while (true) {
    std::optional<Item> first = co_await queue_.Pop(parts_.executor, cancellation);
    if (!first.has_value()) co_return;
    std::vector<Item> items;
    items.push_back(std::move(*first));
    while (items.size() < kBatch) {
      std::optional<Item> more = queue_.TryPop();
      if (!more.has_value()) break;
      items.push_back(std::move(*more));
    }
    const bool taken = co_await TakeUntilDone(std::move(items), cancellation);
    if (!taken) co_return;
  }
}

async::Task<bool> Ingest::TakeUntilDone(std::vector<Item> items,
                                        async::CancellationToken cancellation) {
  absl::Duration pause = kFirstPause;
  absl::Status status;
  while (true) {
    if (status.ok()) {
      // A batch that failed is taken again from where the store is: events that were committed are
      // passed over by their numbers.
      std::vector<Item> copy = items;
      status = co_await TakeBatch(std::move(copy));
      if (status.ok()) co_return true;
    }
    if (cancellation.IsCancelled()) co_return false;
    Tell(Task::kWrite, status);
    const bool slept = co_await async::SleepUnlessCancelled(parts_.executor, pause, cancellation);
    if (!slept) co_return false;
    pause = std::min(2 * pause, kLongestPause);
    status = co_await FindPlace();
  }
}

async::Task<std::vector<Ingest::Item>> Ingest::FindDue() {
  std::vector<Item> due;
  const auto take = [this, &due, now = parts_.clock.Now()](const auto& found) {
    const absl::Status& trouble = found.ok() ? found->damage : found.status();
    if (!trouble.ok()) Tell(Task::kRunDue, trouble);
    if (!found.ok()) return;  // The next look finds them.
    for (const auto& end : found->ends) {
      if (end.at > now) break;
      due.emplace_back(end);
    }
  };
  const absl::StatusOr<Ends<ConsentEnd>> consents =
      co_await parts_.model.ScanConsentEnds(kDueAtOnce);
  take(consents);
  const absl::StatusOr<Ends<BandEnd>> bands = co_await parts_.model.ScanBands(kDueAtOnce);
  take(bands);
  co_return due;
}

async::Task<void> Ingest::RunDue(async::CancellationToken cancellation) {
  while (true) {
    std::vector<Item> due = co_await FindDue();
    for (Item& one : due) {
      Item item = std::move(one);
      const bool pushed = co_await queue_.Push(parts_.executor, std::move(item), cancellation);
      if (!pushed) co_return;
    }
    // With more to do it looks again as soon as the writer has had its turn.
    const absl::Duration pause = due.empty() ? kDueInterval : absl::Seconds(1);
    const bool slept = co_await async::SleepUnlessCancelled(parts_.executor, pause, cancellation);
    if (!slept) co_return;
  }
}

template async::Task<void> Ingest::Follow<IntakeEvent>(EventSource<IntakeEvent>&,
                                                       async::CancellationToken);
template async::Task<void> Ingest::Follow<ReferralEvent>(EventSource<ReferralEvent>&,
                                                         async::CancellationToken);

}  // namespace redress::status
