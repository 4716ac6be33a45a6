#include "services/platform/kv/sentinel.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string_view>
#include <utility>

#include "fmt/format.h"
#include "services/platform/files/sync.h"
#include "services/platform/status/status_macros.h"

namespace redress::kv {
namespace {

// A slot is one line of text, so that an operator can read it. It is smaller than a disk's sector,
// and the two do not share one.
constexpr size_t kSlotBytes = 64;
constexpr off_t kSlotDistance = 4096;
constexpr std::string_view kBegins = "redress store 1 last ";
constexpr size_t kDigits = 16;

absl::Status Failed(const std::string& path, std::string_view doing, int error = errno) {
  return absl::UnavailableError(fmt::format("{}: {}: {}", path, doing, std::strerror(error)));
}

// The number, and its complement as the check: no damage of one byte can leave both right.
std::string SlotOf(Version last) {
  std::string slot = fmt::format("{}{:016x} {:016x}", kBegins, last, ~last);
  slot.resize(kSlotBytes - 1, ' ');
  return slot + "\n";
}

std::optional<Version> ParseSlot(std::string_view slot) {
  if (slot.size() < kSlotBytes || !slot.starts_with(kBegins)) return std::nullopt;
  const char* const digits = slot.data() + kBegins.size();
  Version last = 0;
  Version check = 0;
  const auto first = std::from_chars(digits, digits + kDigits, last, 16);
  const char* const second_digits = digits + kDigits + 1;
  const auto second = std::from_chars(second_digits, second_digits + kDigits, check, 16);
  const bool whole = first.ptr == digits + kDigits && second.ptr == second_digits + kDigits;
  if (!whole || check != ~last) return std::nullopt;
  return last;
}

}  // namespace

absl::StatusOr<std::optional<Version>> Sentinel::Read(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    if (errno == ENOENT) return std::optional<Version>();
    return Failed(path, "open");
  }
  std::optional<Version> last;
  for (const off_t place : {off_t{0}, kSlotDistance}) {
    char slot[kSlotBytes];
    const ssize_t read = ::pread(descriptor, slot, sizeof(slot), place);
    if (read < 0) {
      const absl::Status failed = Failed(path, "read");
      ::close(descriptor);
      return failed;
    }
    const std::optional<Version> said =
        ParseSlot(std::string_view(slot, static_cast<size_t>(read)));
    if (said.has_value()) last = std::max(last.value_or(0), *said);
  }
  ::close(descriptor);
  if (!last.has_value()) return absl::DataLossError(fmt::format("{}: is damaged", path));
  return last;
}

absl::StatusOr<std::unique_ptr<Sentinel>> Sentinel::Begin(const std::string& path, Version last,
                                                          SentinelDisk disk) {
  // Written aside and renamed: there is no moment without a sentinel that can be read.
  const std::string fresh = path + ".new";
  const int descriptor = ::open(fresh.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) return Failed(fresh, "open");
  std::unique_ptr<Sentinel> sentinel(new Sentinel(descriptor, path, std::move(disk)));
  RETURN_IF_ERROR(sentinel->Note(last));
  RETURN_IF_ERROR(sentinel->Note(last));
  RETURN_IF_ERROR(sentinel->Sync());
  if (::rename(fresh.c_str(), path.c_str()) != 0) return Failed(path, "rename");
  if (const int error = files::SyncFolderOf(path); error != 0) {
    return Failed(path, "sync folder", error);
  }
  return sentinel;
}

Sentinel::~Sentinel() { ::close(descriptor_); }

absl::Status Sentinel::Note(Version last) {
  const std::string slot = SlotOf(last);
  const off_t place = next_slot_ * kSlotDistance;
  const ssize_t written = disk_.write(descriptor_, slot.data(), slot.size(), place);
  if (written != static_cast<ssize_t>(slot.size())) {
    return Failed(path_, "write");
  }
  next_slot_ = 1 - next_slot_;
  dirty_ = true;
  return absl::OkStatus();
}

absl::Status Sentinel::Sync() {
  if (disk_.sync(descriptor_) != 0) return Failed(path_, "sync");
  dirty_ = false;
  return absl::OkStatus();
}

}  // namespace redress::kv
