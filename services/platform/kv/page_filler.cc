#include "services/platform/kv/page_filler.h"

#include <string>

namespace redress::kv {

bool PageFiller::Take(std::string_view key, std::string_view value, Version version) {
  bytes_ += key.size() + value.size();
  const bool fits = page_.entries.empty() || bytes_ <= max_bytes_;
  if (page_.more || !fits || page_.entries.size() == limit_) {
    page_.more = true;
    return false;
  }
  page_.entries.push_back({std::string(key), std::string(value), version});
  return true;
}

}  // namespace redress::kv
