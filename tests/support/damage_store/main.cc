// redress-damage-store STORE TABLE: takes the first row of a table out of a stopped service's
// store, by a commit like any other, so that only what is said twice tells. For tests.

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "services/platform/async/manual_executor.h"
#include "services/platform/kv/key_codec.h"
#include "services/platform/kv/rocksdb_store.h"
#include "services/platform/status/status_macros.h"

namespace {

using namespace redress;

absl::StatusOr<std::string> TakeFirstRow(const std::string& path, uint8_t table) {
  async::ManualExecutor executor;
  kv::RocksDbOptions options;
  options.path = path;
  options.free_space_floor_bytes = 0;
  ASSIGN_OR_RETURN(options.schema_version, kv::ReadRocksDbSchemaVersion(path));
  ASSIGN_OR_RETURN(const std::unique_ptr<kv::Store> store,
                   kv::OpenRocksDbStore(std::move(options), executor));
  kv::ScanRequest request;
  request.prefix = kv::KeyWriter(table).Take();
  request.limit = 1;
  ASSIGN_OR_RETURN(const kv::ScanPage page, async::RunToEnd(executor, store->Scan(request)));
  if (page.entries.empty()) return absl::NotFoundError("the table is empty");
  kv::Change change;
  change.mutations.push_back(kv::Mutation::Delete(page.entries.front().key));
  const kv::CommitResult done = async::RunToEnd(executor, store->Commit(std::move(change)));
  if (done.outcome != kv::CommitOutcome::kCommitted) return absl::InternalError("not committed");
  return kv::DebugPrintKey(page.entries.front().key);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: redress-damage-store STORE TABLE, as 0x1d\n";
    return 2;
  }
  const auto taken = TakeFirstRow(argv[1], static_cast<uint8_t>(std::strtoul(argv[2], nullptr, 0)));
  if (!taken.ok()) {
    std::cerr << taken.status().ToString() << "\n";
    return 1;
  }
  std::cout << *taken << "\n";
  return 0;
}
