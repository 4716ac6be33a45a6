#include "services/platform/crypto/node_keys.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "fmt/format.h"
#include "services/platform/crypto/encoding.h"
#include "services/platform/files/sync.h"
#include "services/platform/status/status_macros.h"

namespace redress::crypto {
namespace {

constexpr std::string_view kMagic = "redress-key-1";
constexpr size_t kMaxFileSize = 256;

std::string_view KindName(KeyKind kind) {
  switch (kind) {
    case KeyKind::kEncryption:
      return "kek";
    case KeyKind::kTracking:
      return "trk";
    case KeyKind::kSigning:
      return "sig";
  }
  return "";
}

absl::Status NotAKeyFile(KeyKind kind, const std::string& path, std::string_view problem) {
  return absl::InvalidArgumentError(
      fmt::format("{}: not a \"{}\" key file: {}", path, KindName(kind), problem));
}

absl::Status CheckPermissions(int descriptor, const std::string& path) {
  struct stat found{};
  if (::fstat(descriptor, &found) != 0) {
    return absl::InternalError(fmt::format("{}: {}", path, std::strerror(errno)));
  }
  if (!S_ISREG(found.st_mode)) {
    return absl::FailedPreconditionError(fmt::format("{}: not a regular file", path));
  }
  if (found.st_uid != ::geteuid() && found.st_uid != 0) {
    return absl::FailedPreconditionError(fmt::format("{}: belongs to another user", path));
  }
  if ((found.st_mode & 077) != 0) {
    return absl::FailedPreconditionError(
        fmt::format("{}: mode is {:04o}; a key file must be 0600, readable by its owner only", path,
                    found.st_mode & 07777));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadChecked(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    const std::string message = fmt::format("{}: {}", path, std::strerror(errno));
    return errno == ENOENT ? absl::NotFoundError(message) : absl::FailedPreconditionError(message);
  }
  const absl::Cleanup close = [descriptor] { ::close(descriptor); };
  // On the open file, not on the path, which could be another file a moment later.
  RETURN_IF_ERROR(CheckPermissions(descriptor, path));
  std::string text(kMaxFileSize, '\0');
  const ssize_t count = ::read(descriptor, text.data(), text.size());
  if (count < 0) return absl::InternalError(fmt::format("{}: {}", path, std::strerror(errno)));
  text.resize(static_cast<size_t>(count));
  return text;
}

absl::StatusOr<SecretKey> ParseKey(KeyKind kind, const std::string& path, std::string& text) {
  const absl::string_view line = absl::StripAsciiWhitespace(text);
  const std::vector<absl::string_view> parts = absl::StrSplit(line, ' ');
  if (parts.size() != 4 || parts[0] != absl::string_view(kMagic.data(), kMagic.size())) {
    return NotAKeyFile(kind, path, "its line is not \"redress-key-1 <kind> <id> <key>\"");
  }
  const std::string found_kind = std::string(parts[1]);
  if (found_kind != KindName(kind)) {
    return NotAKeyFile(kind, path, "it holds a key of another kind");
  }
  std::optional<std::string> bytes = Base64UrlDecode({parts[3].data(), parts[3].size()});
  if (!bytes.has_value()) return NotAKeyFile(kind, path, "the key is not base64url");
  std::optional<SecretKey> key = SecretKey::FromBytes(*bytes);
  WipeString(*bytes);
  if (!key.has_value()) return NotAKeyFile(kind, path, "the key is not of 32 bytes");
  if (KeyId(kind, *key) != std::string(parts[2])) {
    return NotAKeyFile(kind, path, "the key does not match its id, so one of them was changed");
  }
  return *std::move(key);
}

absl::Status WriteNew(const std::string& path, const std::string& text) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    const std::string message = fmt::format("{}: {}", path, std::strerror(errno));
    return errno == EEXIST ? absl::AlreadyExistsError(message)
                           : absl::FailedPreconditionError(message);
  }
  const bool written =
      ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      ::fsync(descriptor) == 0;
  int error = written ? 0 : errno;
  ::close(descriptor);
  // What is encrypted under the key is synced, so the key's name has to be as well.
  if (written) error = files::SyncFolderOf(path);
  if (error == 0 && written) return absl::OkStatus();
  ::unlink(path.c_str());
  return absl::InternalError(fmt::format("{}: {}", path, std::strerror(error)));
}

absl::Status EnsureDirectory(const std::string& directory) {
  for (size_t end = directory.find('/', 1);; end = directory.find('/', end + 1)) {
    const std::string part = directory.substr(0, end);
    if (::mkdir(part.c_str(), 0700) != 0 && errno != EEXIST) {
      return absl::FailedPreconditionError(fmt::format("{}: {}", part, std::strerror(errno)));
    }
    if (end == std::string::npos) return absl::OkStatus();
  }
}

}  // namespace

std::string KeyId(KeyKind kind, const SecretKey& key) {
  if (kind == KeyKind::kSigning) return SigningKey(key.Clone()).key_id();
  const std::string digest = HmacSha256(key, fmt::format("redress/key-id/1|{}", KindName(kind)));
  return fmt::format("{}-{}", KindName(kind), HexEncode(std::string_view(digest).substr(0, 8)));
}

absl::StatusOr<SecretKey> LoadKey(KeyKind kind, const std::string& path) {
  ASSIGN_OR_RETURN(std::string text, ReadChecked(path));
  absl::StatusOr<SecretKey> key = ParseKey(kind, path, text);
  WipeString(text);
  return key;
}

absl::Status SaveKey(KeyKind kind, const SecretKey& key, const std::string& path) {
  std::string encoded = Base64UrlEncode(key.view());
  std::string text =
      fmt::format("{} {} {} {}\n", kMagic, KindName(kind), KeyId(kind, key), encoded);
  const absl::Status status = WriteNew(path, text);
  WipeString(encoded);
  WipeString(text);
  return status;
}

absl::StatusOr<SigningKey> LoadSigningKey(const std::string& path) {
  ASSIGN_OR_RETURN(SecretKey seed, LoadKey(KeyKind::kSigning, path));
  return SigningKey(std::move(seed));
}

absl::StatusOr<NodeKeys> LoadNodeKeys(const std::string& directory) {
  ASSIGN_OR_RETURN(SecretKey encryption,
                   LoadKey(KeyKind::kEncryption, directory + "/" + NodeKeys::kEncryptionFile));
  ASSIGN_OR_RETURN(SecretKey tracking,
                   LoadKey(KeyKind::kTracking, directory + "/" + NodeKeys::kTrackingFile));
  ASSIGN_OR_RETURN(SigningKey signing, LoadSigningKey(directory + "/" + NodeKeys::kSigningFile));
  return NodeKeys{std::move(encryption), std::move(tracking), std::move(signing)};
}

absl::StatusOr<NodeKeys> EnsureNodeKeys(const std::string& directory, RandomSource& random) {
  RETURN_IF_ERROR(EnsureDirectory(directory));
  constexpr std::array<std::pair<KeyKind, const char*>, 3> kFiles = {{
      {KeyKind::kEncryption, NodeKeys::kEncryptionFile},
      {KeyKind::kTracking, NodeKeys::kTrackingFile},
      {KeyKind::kSigning, NodeKeys::kSigningFile},
  }};
  for (const auto& [kind, name] : kFiles) {
    const absl::Status status = SaveKey(kind, SecretKey::Generate(random), directory + "/" + name);
    if (!status.ok() && !absl::IsAlreadyExists(status)) return status;
  }
  return LoadNodeKeys(directory);
}

}  // namespace redress::crypto
