// Does to a store what the release with a newer schema does when it first opens it: runs a
// migration to each schema up to that one over every entry, which leaves them as they are.
//
//   redress-newer-release STORE SCHEMA
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/kv/rocksdb_store.h"

int main(int argc, char** argv) {
  using namespace redress;  // NOLINT: this file only puts the pieces together.
  uint32_t schema = 0;
  if (argc != 3 || !absl::SimpleAtoi(argv[2], &schema) || schema < 2) {
    std::fprintf(stderr, "usage: redress-newer-release STORE SCHEMA\n");
    return 2;
  }
  kv::RocksDbOptions options;
  options.path = argv[1];
  options.schema_version = schema;
  for (uint32_t to = 2; to <= schema; ++to) {
    const auto keep = [](const kv::Entry&) -> absl::StatusOr<kv::Change> { return kv::Change(); };
    options.migrations.push_back({.to = to, .prefix = "", .rewrite = keep});
  }
  async::ManualExecutor executor;
  const auto store = kv::OpenRocksDbStore(std::move(options), executor);
  if (store.ok()) return EXIT_SUCCESS;
  std::fprintf(stderr, "redress-newer-release: %s\n", store.status().ToString().c_str());
  return EXIT_FAILURE;
}
