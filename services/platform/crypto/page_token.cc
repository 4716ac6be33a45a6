#include "services/platform/crypto/page_token.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "services/platform/crypto/encoding.h"
#include "services/platform/crypto/sealed.h"
#include "services/platform/status/refusal.h"

namespace redress::crypto {
namespace {

constexpr size_t kMaxToken = 8192;

absl::Status Refused() {
  return Refuse(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID",
                "page_token: damaged, or made for another caller, filter or order; list again from "
                "the first page");
}

}  // namespace

PageTokens::PageTokens(const SecretKey& node_key, RandomSource& random)
    : key_(node_key.Derive("page-token")), random_(random) {}

std::string PageTokens::Binding(std::initializer_list<std::string_view> parts) {
  std::string binding;
  for (std::string_view part : parts) {
    absl::StrAppend(&binding, part.size(), ":", absl::string_view(part.data(), part.size()));
  }
  return binding;
}

std::string PageTokens::Seal(std::string_view cursor, std::string_view binding) const {
  return Base64UrlEncode(crypto::Seal(key_, cursor, binding, random_));
}

absl::StatusOr<std::string> PageTokens::Open(std::string_view token,
                                             std::string_view binding) const {
  if (token.empty()) return std::string();
  if (token.size() > kMaxToken) return Refused();
  const std::optional<std::string> sealed = Base64UrlDecode(token);
  if (!sealed.has_value()) return Refused();
  absl::StatusOr<std::string> cursor = crypto::Open(key_, *sealed, binding);
  if (!cursor.ok()) return Refused();
  return cursor;
}

}  // namespace redress::crypto
