#ifndef REDRESS_SERVICES_PLATFORM_CRYPTO_NAME_DIGEST_H_
#define REDRESS_SERVICES_PLATFORM_CRYPTO_NAME_DIGEST_H_

#include <string>
#include <string_view>

namespace redress::crypto {

// The digest (32 bytes) by which one service of a node tells another whom a case is about without
// naming them: whoever knows a name can ask whether it is that one. Names that NormaliseName makes
// one have one digest, and each case has its own of a name. Empty for a name of which nothing is
// left. A name can be guessed from it, so it is personal data: for the node's own services, in the
// answer to a call, never stored or logged.
std::string NameDigest(std::string_view case_number, std::string_view name);

}  // namespace redress::crypto

#endif  // REDRESS_SERVICES_PLATFORM_CRYPTO_NAME_DIGEST_H_
