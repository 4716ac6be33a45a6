#ifndef REDRESS_SERVICES_PLATFORM_FILES_FREE_SPACE_H_
#define REDRESS_SERVICES_PLATFORM_FILES_FREE_SPACE_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"

namespace redress::files {

// How much room is left for this process on the file system of `path`, in bytes. UINT64_MAX when it
// does not say: the write itself then decides.
uint64_t FreeBytesOf(const std::string& path);

// What files have to leave free on the disk that they share with the store. The store refuses
// commits below the same floor (kv::RocksDbOptions), so files that went beyond it would take the
// room that is kept for restarts, and could not be committed. Thread-safe while nobody assigns to
// it.
class FreeSpaceFloor {
 public:
  using FreeBytes = std::function<uint64_t(const std::string& path)>;

  // `folder` is where the files are; `floor_bytes` as --free_space_floor_mib has it.
  FreeSpaceFloor(std::string folder, uint64_t floor_bytes, FreeBytes free_bytes = FreeBytesOf);

  // RESOURCE_EXHAUSTED STORE_FULL when less than the floor would be left after `coming_bytes` more.
  // To be asked before a file is begun, with its whole size, and before each piece of it, since
  // others write too. Asks the file system, which takes microseconds.
  absl::Status Check(uint64_t coming_bytes) const;

 private:
  std::string folder_;
  uint64_t floor_bytes_;
  FreeBytes free_bytes_;
};

}  // namespace redress::files

#endif  // REDRESS_SERVICES_PLATFORM_FILES_FREE_SPACE_H_
