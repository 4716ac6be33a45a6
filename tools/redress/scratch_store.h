#ifndef REDRESS_TOOLS_REDRESS_SCRATCH_STORE_H_
#define REDRESS_TOOLS_REDRESS_SCRATCH_STORE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/kv/store.h"

namespace redress::cli {

// A store that is made for one check and removed with the object. What it holds is about people: no
// other user of the machine can look into its folder.
class ScratchStore {
 public:
  // In a folder of its own in `base`; empty: in the system's folder for temporary files.
  static absl::StatusOr<std::unique_ptr<ScratchStore>> Make(const std::string& base);
  ~ScratchStore();
  ScratchStore(const ScratchStore&) = delete;
  ScratchStore& operator=(const ScratchStore&) = delete;

  const std::string& path() const { return path_; }
  kv::Store& store() { return *store_; }
  async::ManualExecutor& executor() { return executor_; }

 private:
  explicit ScratchStore(std::string path) : path_(std::move(path)) {}

  const std::string path_;
  async::ManualExecutor executor_;
  std::unique_ptr<kv::Store> store_;
};

}  // namespace redress::cli

#endif  // REDRESS_TOOLS_REDRESS_SCRATCH_STORE_H_
