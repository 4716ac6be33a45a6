#ifndef REDRESS_SERVICES_PLATFORM_KV_TESTING_COUNTING_STORE_H_
#define REDRESS_SERVICES_PLATFORM_KV_TESTING_COUNTING_STORE_H_

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "services/platform/kv/store.h"

namespace redress::kv {

// A store that counts the keys that are read from it, and the mutations of its largest commit.
// `store` outlives it.
class CountingStore final : public Store {
 public:
  explicit CountingStore(Store& store) : store_(store) {}

  async::Task<absl::StatusOr<std::optional<Entry>>> Get(std::string key) override {
    ++keys_;
    co_return co_await store_.Get(std::move(key));
  }
  async::Task<absl::StatusOr<ScanPage>> Scan(ScanRequest request) override {
    auto page = co_await store_.Scan(std::move(request));
    // A scan that finds nothing looked for it.
    if (page.ok()) keys_ += std::max<size_t>(page->entries.size(), 1);
    co_return page;
  }
  async::Task<CommitResult> Commit(Change change) override {
    largest_ = std::max(largest_, change.mutations.size());
    co_return co_await store_.Commit(std::move(change));
  }

  size_t TakeKeys() { return std::exchange(keys_, 0); }
  size_t largest_commit() const { return largest_; }

 private:
  Store& store_;
  size_t keys_ = 0;
  size_t largest_ = 0;
};

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_TESTING_COUNTING_STORE_H_
