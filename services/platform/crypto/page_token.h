#ifndef REDRESS_SERVICES_PLATFORM_CRYPTO_PAGE_TOKEN_H_
#define REDRESS_SERVICES_PLATFORM_CRYPTO_PAGE_TOKEN_H_

#include <initializer_list>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/platform/crypto/secret_key.h"

namespace redress::crypto {

// Page tokens that show nothing and open only for the caller, filter and order they were made for.
//
//   PageTokens tokens(keys.tracking, random);
//   std::string binding = PageTokens::Binding({"ListCases", principal.CallerKey(), filter_bytes});
//   response.next_page_token = tokens.Seal(last_key, binding);
//   ASSIGN_OR_RETURN(std::string after, tokens.Open(request.page_token, binding));
//
// They stay good across restarts, as long as the key does; they have no end of their own, since a
// cursor gives nothing that a fresh list would not. Thread-safe.
class PageTokens {
 public:
  // The key is derived from any key of the node; `random` outlives this.
  PageTokens(const SecretKey& node_key, RandomSource& random);

  // Joins the parts so that no two lists of parts give the same binding. A token shows nothing of
  // it; it is still not for logs, since filters stand in it as they are.
  static std::string Binding(std::initializer_list<std::string_view> parts);

  // base64url text. `cursor` up to 4 KiB.
  std::string Seal(std::string_view cursor, std::string_view binding) const;

  // An empty token, the first page, gives an empty cursor. INVALID_ARGUMENT with reason
  // PAGE_TOKEN_INVALID when it is damaged or of another binding.
  absl::StatusOr<std::string> Open(std::string_view token, std::string_view binding) const;

 private:
  SecretKey key_;
  RandomSource& random_;
};

}  // namespace redress::crypto

#endif  // REDRESS_SERVICES_PLATFORM_CRYPTO_PAGE_TOKEN_H_
