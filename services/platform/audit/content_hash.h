#ifndef REDRESS_SERVICES_PLATFORM_AUDIT_CONTENT_HASH_H_
#define REDRESS_SERVICES_PLATFORM_AUDIT_CONTENT_HASH_H_

#include <array>
#include <cstddef>
#include <string_view>

#include "absl/types/span.h"

namespace redress::audit {

using Sha256Digest = std::array<unsigned char, 32>;

// SHA-256 over the parts one after another. No lengths are put between them: callers that could
// mean two things by the same bytes put their own.
Sha256Digest Sha256(absl::Span<const std::string_view> parts);

// What an audit leaf keeps of the content of a change: SHA-256(length of salt as 8 bytes, salt,
// content). The salt is random, kept with the case under its key and destroyed with it; after that
// the hash says nothing even to someone who guesses the content.
// REQUIRES: at least 16 bytes of salt.
Sha256Digest HashContent(std::string_view salt, std::string_view content);

}  // namespace redress::audit

#endif  // REDRESS_SERVICES_PLATFORM_AUDIT_CONTENT_HASH_H_
