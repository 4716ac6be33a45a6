#include "services/platform/service/measured_store.h"

#include <optional>
#include <string>
#include <utility>

namespace redress::service {
namespace {

class MeasuredStore final : public kv::Store {
 public:
  MeasuredStore(std::unique_ptr<kv::Store> store, telemetry::Metrics& metrics, CommitGate& gate)
      : store_(std::move(store)), metrics_(metrics), gate_(gate) {}

  async::Task<absl::StatusOr<std::optional<kv::Entry>>> Get(std::string key) override {
    return store_->Get(std::move(key));
  }
  async::Task<absl::StatusOr<kv::ScanPage>> Scan(kv::ScanRequest request) override {
    return store_->Scan(std::move(request));
  }
  async::Task<kv::CommitResult> Commit(kv::Change change) override {
    const CommitGate::Pass pass = co_await gate_.Enter();
    kv::CommitResult result = co_await store_->Commit(std::move(change));
    const std::string_view refusal = CommitRefusalName(result.outcome);
    if (!refusal.empty()) metrics_.CommitRefused(refusal);
    co_return result;
  }

 private:
  const std::unique_ptr<kv::Store> store_;
  telemetry::Metrics& metrics_;
  CommitGate& gate_;
};

}  // namespace

std::string_view CommitRefusalName(kv::CommitOutcome outcome) {
  switch (outcome) {
    case kv::CommitOutcome::kCommitted:
      return "";
    case kv::CommitOutcome::kConflict:
      return "conflict";
    case kv::CommitOutcome::kUnknown:
      return "unknown";
    case kv::CommitOutcome::kUnread:
      return "unread";
    case kv::CommitOutcome::kNoSpace:
      return "no_space";
    case kv::CommitOutcome::kTooLarge:
      return "too_large";
    case kv::CommitOutcome::kStopped:
      return "stopped";
    case kv::CommitOutcome::kInvalid:
      return "invalid";
  }
  return "unknown";
}

std::unique_ptr<kv::Store> MeasureStore(std::unique_ptr<kv::Store> store,
                                        telemetry::Metrics& metrics, CommitGate& gate) {
  return std::make_unique<MeasuredStore>(std::move(store), metrics, gate);
}

}  // namespace redress::service
