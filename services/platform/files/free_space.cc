#include "services/platform/files/free_space.h"

#include <sys/statvfs.h>

#include <utility>

#include "services/platform/status/refusal.h"

namespace redress::files {

uint64_t FreeBytesOf(const std::string& path) {
  struct statvfs found{};
  if (statvfs(path.c_str(), &found) != 0) return UINT64_MAX;
  return static_cast<uint64_t>(found.f_bavail) * found.f_frsize;
}

FreeSpaceFloor::FreeSpaceFloor(std::string folder, uint64_t floor_bytes, FreeBytes free_bytes)
    : folder_(std::move(folder)), floor_bytes_(floor_bytes), free_bytes_(std::move(free_bytes)) {}

absl::Status FreeSpaceFloor::Check(uint64_t coming_bytes) const {
  const uint64_t free_bytes = free_bytes_(folder_);
  const bool enough = free_bytes >= floor_bytes_ && free_bytes - floor_bytes_ >= coming_bytes;
  return enough ? absl::OkStatus() : RefuseStoreFull(free_bytes, floor_bytes_);
}

}  // namespace redress::files
