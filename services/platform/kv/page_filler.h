#ifndef REDRESS_SERVICES_PLATFORM_KV_PAGE_FILLER_H_
#define REDRESS_SERVICES_PLATFORM_KV_PAGE_FILLER_H_

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "services/platform/kv/store.h"

namespace redress::kv {

// Decides where the page of a scan ends. All engines share it, so that they cannot differ in it:
// they offer the entries of the range one after another until one is not taken. Not thread-safe.
class PageFiller {
 public:
  explicit PageFiller(const ScanRequest& request)
      : limit_(request.limit), max_bytes_(request.max_bytes) {
    constexpr size_t kUsualPage = 32;  // Room for a list as people ask for it.
    page_.entries.reserve(std::min(limit_, kUsualPage));
  }

  // False when the page is full; it then says that there is more, and takes nothing else.
  bool Take(std::string_view key, std::string_view value, Version version);
  ScanPage Finish() && { return std::move(page_); }

 private:
  const size_t limit_;
  const size_t max_bytes_;
  size_t bytes_ = 0;
  ScanPage page_;
};

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_PAGE_FILLER_H_
