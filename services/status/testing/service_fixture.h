#ifndef REDRESS_SERVICES_STATUS_TESTING_SERVICE_FIXTURE_H_
#define REDRESS_SERVICES_STATUS_TESTING_SERVICE_FIXTURE_H_

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "google/protobuf/message.h"
#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/async/task_group.h"
#include "services/platform/crypto/page_token.h"
#include "services/platform/kv/memory_store.h"
#include "services/platform/kv/testing/counting_store.h"
#include "services/status/app/ingest.h"
#include "services/status/app/parts.h"
#include "services/status/domain/testing/sample_events.h"
#include "services/status/storage/kv_read_model.h"

namespace redress::status::testing {

// A log in memory. A reading that follows waits for what is added, until it is cancelled.
template <class Event>
class FakeLog final : public EventSource<Event> {
 public:
  explicit FakeLog(async::Executor& executor) : executor_(executor) {}

  void Add(Event event) {
    events_.push_back(std::move(event));
    added_.Notify();
  }
  void Add(const std::vector<Event>& events) {
    for (const Event& event : events) Add(event);
  }
  // The next `count` readings break off after one event.
  void BreakReadings(int count) { breaks_ = count; }
  // No reading can be opened.
  void SetDown(bool down) { down_ = down; }
  uint64_t last() const { return events_.empty() ? 0 : events_.back().number; }

  async::Task<absl::StatusOr<std::unique_ptr<LogReading<Event>>>> Read(
      uint64_t after, bool follow, async::CancellationToken cancellation) override {
    if (down_) co_return absl::UnavailableError("down");
    co_return std::make_unique<Reading>(*this, after, follow, std::move(cancellation));
  }

 private:
  class Reading final : public LogReading<Event> {
   public:
    Reading(FakeLog& log, uint64_t after, bool follow, async::CancellationToken cancellation)
        : log_(log), after_(after), follow_(follow), cancellation_(std::move(cancellation)) {}

    async::Task<std::optional<LogMessage<Event>>> Next() override {
      while (true) {
        const uint64_t seen = log_.added_.count();
        if (given_ > 0 && log_.breaks_ > 0) {
          --log_.breaks_;
          broken_ = true;
          co_return std::nullopt;
        }
        const auto next =
            std::upper_bound(log_.events_.begin(), log_.events_.end(), after_,
                             [](uint64_t number, const Event& e) { return number < e.number; });
        if (next != log_.events_.end()) {
          after_ = next->number;
          ++given_;
          LogMessage<Event> message;
          message.event = *next;
          message.last_number = log_.last();
          co_return message;
        }
        if (!follow_) co_return std::nullopt;
        const async::Wake wake = co_await log_.added_.WaitPast(log_.executor_, seen, cancellation_);
        if (wake == async::Wake::kCancelled) co_return std::nullopt;
      }
    }
    async::Task<absl::Status> Finish() override {
      co_return broken_ ? absl::UnavailableError("broken off") : absl::OkStatus();
    }

   private:
    FakeLog& log_;
    uint64_t after_;
    const bool follow_;
    const async::CancellationToken cancellation_;
    int given_ = 0;
    bool broken_ = false;
  };

  async::Executor& executor_;
  std::vector<Event> events_;
  async::Signal added_;
  int breaks_ = 0;
  bool down_ = false;
};

// What a reader makes of an answer that holds parts that were not read.
template <class Message>
Message AsRead(const google::protobuf::Message& unread) {
  Message read;
  EXPECT_TRUE(read.ParseFromString(unread.SerializeAsString()));
  return read;
}

// Status of node kh (or another) over a store in memory, reading two logs in memory, without
// sockets. Time stands at day 20 of the sample case.
class TestService {
 public:
  explicit TestService(std::string node = "kh");
  ~TestService();

  // Opens and begins to read. Again after Stop: as another process on the same store.
  void Start(bool rebuild = false);
  void Stop();
  // Lets everything run until nothing more is to be done now.
  void Settle() { executor_.RunUntilIdle(); }
  template <class T>
  T Run(async::Task<T> task) {
    return RunToEnd(executor_, std::move(task));
  }

  // Referral tells of the sample case's bodies, each named "The body <id>".
  void NameBodies();

  // All rows that readers are shown something of. Not the changes: how a case was seen before an
  // event depends on which log was ahead then.
  std::vector<std::pair<std::string, std::string>> Contents();

  FakeLog<IntakeEvent>& intake() { return intake_; }
  FakeLog<ReferralEvent>& referral() { return referral_; }
  async::ManualExecutor& executor() { return executor_; }
  kv::CountingStore& store() { return counting_; }
  const AppParts& parts() const { return *parts_; }
  const Progress& progress() const { return *progress_; }
  const std::vector<std::pair<Ingest::Task, absl::Status>>& troubles() const { return troubles_; }
  const std::vector<std::string>& set_aside() const { return set_aside_; }
  const crypto::SecretKey& tracking_key() const { return tracking_key_; }
  ManualClock& clock() { return clock_; }

  static Caller CallerWith(auth::Role role, std::string body = "");

 private:
  const std::string node_;
  ManualClock clock_{Day(20)};
  async::ManualExecutor executor_{clock_};
  kv::MemoryStore memory_{executor_};
  kv::CountingStore counting_{memory_};
  const std::unique_ptr<ReadModel> model_ = MakeReadModel(counting_);
  std::vector<std::pair<Ingest::Task, absl::Status>> troubles_;
  std::vector<std::string> set_aside_;
  FakeLog<IntakeEvent> intake_{executor_};
  FakeLog<ReferralEvent> referral_{executor_};
  SeededRandom random_{7};
  const crypto::SecretKey tracking_key_ = crypto::SecretKey::Generate(random_);
  const crypto::PageTokens page_tokens_{tracking_key_, random_};
  const IsoCodes codes_ = IsoCodes::Load().value();
  // Of one process.
  std::unique_ptr<Directory> directory_;
  std::unique_ptr<Progress> progress_;
  std::unique_ptr<Ingest> ingest_;
  std::unique_ptr<AppParts> parts_;
  std::unique_ptr<async::TaskGroup> tasks_;
};

}  // namespace redress::status::testing

#endif  // REDRESS_SERVICES_STATUS_TESTING_SERVICE_FIXTURE_H_
