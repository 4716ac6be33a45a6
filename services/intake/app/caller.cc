#include "services/intake/app/caller.h"

#include <charconv>

namespace redress::intake {

std::string ToEtag(kv::Version version) { return std::to_string(version); }

std::optional<kv::Version> ParseEtag(std::string_view etag) {
  kv::Version version = 0;
  const auto [end, error] = std::from_chars(etag.data(), etag.data() + etag.size(), version);
  if (error != std::errc() || end != etag.data() + etag.size()) return std::nullopt;
  // Only the one text that ToEtag writes: no leading zeros.
  if (version == 0 || etag.front() == '0') return std::nullopt;
  return version;
}

}  // namespace redress::intake
