#ifndef REDRESS_SERVICES_PLATFORM_CRYPTO_CASE_KEY_H_
#define REDRESS_SERVICES_PLATFORM_CRYPTO_CASE_KEY_H_

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "services/platform/crypto/secret_key.h"

namespace redress::crypto {

// The key under which everything personal of one case is encrypted. Destroying every wrap of it is
// how a case is erased, so it is kept nowhere else. Immutable: reading is thread-safe. Zeroed when
// destroyed.
class CaseKey {
 public:
  static CaseKey Generate(RandomSource& random) { return CaseKey(SecretKey::Generate(random)); }

  // For the case's records (sealed.h).
  const SecretKey& records() const { return records_; }
  // For the case's files (file_cipher.h). Apart from `records`, so that a file key sent to a peer
  // tells nothing about the records: each file has its own.
  SecretKey ForFile(std::string_view file_id) const;

  // What the store keeps:
  //
  //   byte 0       format, 0x01
  //   bytes 1–8    the wrapping key's id, so that a rotation finds what is still under an old one
  //   the rest     the sealed key
  //
  // bound to `case_number`: a wrap moved to another case does not open.
  std::string Wrap(const SecretKey& wrapping_key, std::string_view case_number,
                   RandomSource& random) const;

  // FAILED_PRECONDITION when it was wrapped under another key, naming both ids; DATA_LOSS when it
  // was changed or belongs to another case.
  static absl::StatusOr<CaseKey> Unwrap(const SecretKey& wrapping_key, std::string_view case_number,
                                        std::string_view wrapped);

 private:
  explicit CaseKey(SecretKey records) : records_(std::move(records)) {}

  SecretKey records_;
};

}  // namespace redress::crypto

#endif  // REDRESS_SERVICES_PLATFORM_CRYPTO_CASE_KEY_H_
