#ifndef REDRESS_SERVICES_PLATFORM_KV_TESTING_STORE_FOLDER_H_
#define REDRESS_SERVICES_PLATFORM_KV_TESTING_STORE_FOLDER_H_

#include <cstdlib>
#include <filesystem>
#include <string>

#include "gtest/gtest.h"

namespace redress::kv {

// A folder of a test's own, for a store and what lies beside it; gone with the object.
class StoreFolder {
 public:
  StoreFolder() : folder_(testing::TempDir() + "redress-store-XXXXXX") {
    if (mkdtemp(folder_.data()) == nullptr) std::abort();
  }
  ~StoreFolder() { std::filesystem::remove_all(folder_); }
  StoreFolder(const StoreFolder&) = delete;
  StoreFolder& operator=(const StoreFolder&) = delete;

  // Where the store is to be: nothing is there yet.
  std::string store() const { return folder_ + "/store"; }

 private:
  std::string folder_;
};

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_TESTING_STORE_FOLDER_H_
