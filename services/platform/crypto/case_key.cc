#include "services/platform/crypto/case_key.h"

#include <optional>

#include "fmt/format.h"
#include "services/platform/crypto/encoding.h"
#include "services/platform/crypto/node_keys.h"
#include "services/platform/crypto/sealed.h"
#include "services/platform/status/status_macros.h"

namespace redress::crypto {
namespace {

constexpr char kFormat = 0x01;
constexpr size_t kKeyIdSize = 8;
constexpr size_t kPrefixSize = 1 + kKeyIdSize;

std::string ShortId(const SecretKey& wrapping_key) {
  const std::string id = KeyId(KeyKind::kEncryption, wrapping_key);
  return *HexDecode(std::string_view(id).substr(4));  // After "kek-".
}

std::string Context(std::string_view prefix, std::string_view case_number) {
  return fmt::format("redress/case-key/1|{}|{}", HexEncode(prefix), case_number);
}

}  // namespace

SecretKey CaseKey::ForFile(std::string_view file_id) const {
  return records_.Derive(fmt::format("file/{}", file_id));
}

std::string CaseKey::Wrap(const SecretKey& wrapping_key, std::string_view case_number,
                          RandomSource& random) const {
  std::string wrapped(1, kFormat);
  wrapped += ShortId(wrapping_key);
  wrapped += Seal(wrapping_key, records_.view(), Context(wrapped, case_number), random);
  return wrapped;
}

absl::StatusOr<CaseKey> CaseKey::Unwrap(const SecretKey& wrapping_key, std::string_view case_number,
                                        std::string_view wrapped) {
  if (wrapped.size() != kPrefixSize + kSealedOverhead + SecretKey::kSize || wrapped[0] != kFormat) {
    return absl::DataLossError("wrapped case key: not of a known format");
  }
  const std::string_view prefix = wrapped.substr(0, kPrefixSize);
  if (prefix.substr(1) != ShortId(wrapping_key)) {
    return absl::FailedPreconditionError(
        fmt::format("wrapped case key: needs the node key kek-{}, but this node has {}",
                    HexEncode(prefix.substr(1)), KeyId(KeyKind::kEncryption, wrapping_key)));
  }
  ASSIGN_OR_RETURN(std::string bytes,
                   Open(wrapping_key, wrapped.substr(kPrefixSize), Context(prefix, case_number)));
  std::optional<SecretKey> key = SecretKey::FromBytes(bytes);
  WipeString(bytes);
  return CaseKey(*std::move(key));
}

}  // namespace redress::crypto
