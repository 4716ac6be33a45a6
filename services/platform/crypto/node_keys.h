#ifndef REDRESS_SERVICES_PLATFORM_CRYPTO_NODE_KEYS_H_
#define REDRESS_SERVICES_PLATFORM_CRYPTO_NODE_KEYS_H_

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/crypto/secret_key.h"
#include "services/platform/crypto/signing_key.h"

namespace redress::crypto {

// What a key is for. It is written in the key's file and in the key's id, so that a file given in
// the wrong place is refused and not used.
enum class KeyKind {
  kEncryption,  // "kek": wraps the case keys of a service's store.
  kTracking,    // "trk": tracking codes, and the digests they are looked up by.
  kSigning,     // "sig": an Ed25519 seed that signs tokens.
};

// "kek-" (or trk-, sig-) and 16 hexadecimal digits which depend on the key but do not tell it.
std::string KeyId(KeyKind kind, const SecretKey& key);

// A key file is one line of text:
//
//   redress-key-1 <kind> <key id> <base64url of 32 bytes>
//
// The id lets a mistyped or truncated file be noticed. The file must be a regular file, of this
// user or root, that neither group nor others may read (mode 0600 or 0400).
//
// Load: NOT_FOUND when absent, FAILED_PRECONDITION when others may read it, INVALID_ARGUMENT when
// it is not a key file of that kind. Messages name the path and never the content.
absl::StatusOr<SecretKey> LoadKey(KeyKind kind, const std::string& path);

// Writes a new file, synced, with mode 0600. ALREADY_EXISTS when there is one: a key that encrypts
// something is never overwritten.
absl::Status SaveKey(KeyKind kind, const SecretKey& key, const std::string& path);

absl::StatusOr<SigningKey> LoadSigningKey(const std::string& path);

// The three keys of a node's services, in one directory under these names. Every service of the
// node signs its calls to the others with the service key; intake and referral wrap case keys.
// Immutable after loading, so it may be shared by threads.
struct NodeKeys {
  static constexpr char kEncryptionFile[] = "case-wrap.key";
  static constexpr char kTrackingFile[] = "tracking.key";
  static constexpr char kSigningFile[] = "service.key";

  SecretKey encryption;
  SecretKey tracking;
  SigningKey signing;

  std::string encryption_id() const { return KeyId(KeyKind::kEncryption, encryption); }
  std::string tracking_id() const { return KeyId(KeyKind::kTracking, tracking); }
  const std::string& signing_id() const { return signing.key_id(); }
};

// All three; the first problem when one is missing or unfit.
absl::StatusOr<NodeKeys> LoadNodeKeys(const std::string& directory);

// Makes the directory (mode 0700) and those of the three files that are not there yet; leaves the
// others as they are, so that it can be run again. Then loads them.
absl::StatusOr<NodeKeys> EnsureNodeKeys(const std::string& directory, RandomSource& random);

}  // namespace redress::crypto

#endif  // REDRESS_SERVICES_PLATFORM_CRYPTO_NODE_KEYS_H_
