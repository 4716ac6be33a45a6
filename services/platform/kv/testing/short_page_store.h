#ifndef REDRESS_SERVICES_PLATFORM_KV_TESTING_SHORT_PAGE_STORE_H_
#define REDRESS_SERVICES_PLATFORM_KV_TESTING_SHORT_PAGE_STORE_H_

#include <optional>
#include <string>
#include <utility>

#include "services/platform/kv/store.h"

namespace redress::kv {

// A store whose values are all too large for two of them to share a page: what reads a range
// rightly from it does not take a short page for the end. `store` outlives it.
class ShortPageStore final : public Store {
 public:
  explicit ShortPageStore(Store& store) : store_(store) {}

  async::Task<absl::StatusOr<std::optional<Entry>>> Get(std::string key) override {
    return store_.Get(std::move(key));
  }
  async::Task<absl::StatusOr<ScanPage>> Scan(ScanRequest request) override {
    request.max_bytes = 1;
    return store_.Scan(std::move(request));
  }
  async::Task<CommitResult> Commit(Change change) override {
    return store_.Commit(std::move(change));
  }

 private:
  Store& store_;
};

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_TESTING_SHORT_PAGE_STORE_H_
