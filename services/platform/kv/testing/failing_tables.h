#ifndef REDRESS_SERVICES_PLATFORM_KV_TESTING_FAILING_TABLES_H_
#define REDRESS_SERVICES_PLATFORM_KV_TESTING_FAILING_TABLES_H_

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "fmt/format.h"
#include "services/platform/kv/store.h"

namespace redress::kv {

// Has the next tables that RocksDB wants to write fail, as on a disk that takes no more files: a
// folder stands where each would be. Its log goes on in the file that it has. `path` is a store's.
inline void FailTables(const std::string& path) {
  uint64_t last = 0;
  for (const auto& file : std::filesystem::directory_iterator(path)) {
    last = std::max<uint64_t>(last, std::strtoull(file.path().stem().c_str(), nullptr, 10));
  }
  for (uint64_t number = last + 1; number <= last + 100; ++number) {
    std::filesystem::create_directory(fmt::format("{}/{:06}.sst", path, number));
  }
}

// How many logs the store has: one more as soon as RocksDB begins to write a table from what the
// last one holds.
inline int64_t CountLogs(const std::string& path) {
  return std::count_if(std::filesystem::directory_iterator(path), {},
                       [](const auto& file) { return file.path().extension() == ".log"; });
}

// As much as one commit takes.
inline Change LargeChange() {
  Change change;
  for (const char* key : {"a", "b", "c"}) {
    change.mutations.push_back(Mutation::Put(key, std::string(kMaxValueBytes, 'x')));
  }
  return change;
}

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_TESTING_FAILING_TABLES_H_
