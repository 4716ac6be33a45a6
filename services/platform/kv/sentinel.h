#ifndef REDRESS_SERVICES_PLATFORM_KV_SENTINEL_H_
#define REDRESS_SERVICES_PLATFORM_KV_SENTINEL_H_

#include <sys/types.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/kv/store.h"

namespace redress::kv {

// What a sentinel does to its file, as pwrite and fdatasync; a test of a disk that fails gives
// others.
struct SentinelDisk {
  std::function<ssize_t(int file, const void* bytes, size_t size, off_t place)> write = ::pwrite;
  std::function<int(int file)> sync = ::fdatasync;
};

// A small file beside a store that says how far the store had come. RocksDB opens without a word
// when its newest log was deleted or cut, or when its folder was put back to an older state; the
// sentinel is what notices.
//
// It is written after each batch and synced from time to time, since a sync of its own for each
// batch would be a second one for each lone commit: it never claims more than the store had synced,
// and after a power cut it may claim less, by what was committed since its last sync.
//
// Two slots are written in turn, each with a check of its own, so that a write that was cut off
// leaves the other. Not thread-safe: the committer's alone.
class Sentinel {
 public:
  // What the file at `path` says; nullopt when there is none. DATA_LOSS when it says nothing that
  // can be trusted.
  static absl::StatusOr<std::optional<Version>> Read(const std::string& path);

  // Makes or replaces the file so that it says `last`, synced.
  static absl::StatusOr<std::unique_ptr<Sentinel>> Begin(const std::string& path, Version last,
                                                         SentinelDisk disk = {});

  ~Sentinel();
  Sentinel(const Sentinel&) = delete;
  Sentinel& operator=(const Sentinel&) = delete;

  // Says that everything up to `last` was synced; on disk after Sync.
  absl::Status Note(Version last);
  absl::Status Sync();
  // Whether something was noted since the last Sync.
  bool dirty() const { return dirty_; }

 private:
  Sentinel(int descriptor, std::string path, SentinelDisk disk)
      : descriptor_(descriptor), path_(std::move(path)), disk_(std::move(disk)) {}

  const int descriptor_;
  const std::string path_;
  const SentinelDisk disk_;
  int next_slot_ = 0;
  bool dirty_ = false;
};

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_SENTINEL_H_
