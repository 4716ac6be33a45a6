// redress-storedump: prints what a service's store holds, one row a line, without changing it. It
// may be run while the service has the store open, and then shows what was there when it began.

#include <iostream>
#include <string>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/kv/key_codec.h"
#include "services/platform/kv/rocksdb_store.h"
#include "services/platform/status/status_macros.h"
#include "tools/storedump/describe.h"

namespace {

using redress::storedump::Service;

struct Options {
  std::string directory;
  std::string service;
  std::string table;
  std::string key_contains;
  uint64_t limit = 0;
  bool keys_only = false;
  bool raw = false;
};

// The first key after `after`; empty when there is none.
absl::StatusOr<std::string> FirstKeyAfter(redress::kv::Store& store, std::string after) {
  redress::async::ManualExecutor executor;
  redress::kv::ScanRequest request;
  request.after = std::move(after);
  request.limit = 1;
  ASSIGN_OR_RETURN(const auto page, redress::async::RunToEnd(executor, store.Scan(request)));
  return page.entries.empty() ? std::string() : page.entries[0].key;
}

// The service that --service names, held against what the store tells; without it, what that tells.
absl::StatusOr<Service> ChooseService(const Options& options, redress::kv::Store& store) {
  // Up to the service's own tables are those that all services share.
  ASSIGN_OR_RETURN(const std::string first, FirstKeyAfter(store, "\x0f\xff"));
  ASSIGN_OR_RETURN(const std::string high, FirstKeyAfter(store, "\x1f"));
  const auto told = redress::storedump::TellService(first, high);
  const auto given = redress::storedump::ParseService(options.service);
  if (told.has_value() && given.has_value() && *told != *given) {
    return absl::InvalidArgumentError(fmt::format(
        "--service {}: this is a store of {}", options.service, redress::storedump::NameOf(*told)));
  }
  if (given.has_value()) return *given;
  if (told.has_value()) return *told;
  return absl::InvalidArgumentError("the store does not tell whose it is; add --service");
}

int Dump(const Options& options, Service service, redress::kv::Store& store) {
  redress::async::ManualExecutor executor;
  redress::kv::ScanRequest request;
  request.limit = redress::kv::kMaxScanLimit;
  if (!options.table.empty()) {
    const auto table = redress::storedump::TableByName(service, options.table);
    if (!table.has_value()) {
      std::cerr << fmt::format("--table: {} has no table \"{}\"; there are {}\n",
                               redress::storedump::NameOf(service), options.table,
                               fmt::join(redress::storedump::TableNames(service), ", "));
      return 2;
    }
    request.prefix = std::string(1, static_cast<char>(*table));
  }
  uint64_t printed = 0;
  for (;;) {
    const auto page = redress::async::RunToEnd(executor, store.Scan(request));
    if (!page.ok()) {
      std::cerr << page.status().ToString() << "\n";
      return 1;
    }
    for (const redress::kv::Entry& entry : page->entries) {
      const std::string key = redress::kv::DebugPrintKey(entry.key);
      if (key.find(options.key_contains) == std::string::npos) continue;
      std::cout << fmt::format(
          "{:<18} {} @{}",
          redress::storedump::TableName(service, static_cast<uint8_t>(entry.key[0])), key,
          entry.version);
      if (options.raw) {
        std::cout << "  " << entry.key << " " << entry.value;
      } else if (!options.keys_only) {
        std::cout << "  " << redress::storedump::DescribeValue(service, entry.key, entry.value);
      }
      std::cout << "\n";
      if (++printed == options.limit) return 0;
    }
    if (!page->more) return 0;
    request.after = page->entries.back().key;
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Prints the rows of a service's store readably, without changing it.",
               "redress-storedump");
  app.footer(
      "Sealed content and digests are shown by their size only. Each line: table, key, @commit "
      "that\n"
      "last wrote it, fields.\n\nExample:\n"
      "  redress-storedump var/demo/kh/intake/store --table case --limit 5");
  Options options;
  app.add_option("store", options.directory, "The store's folder")->required();
  app.add_option("--service", options.service, "Whose store it is (default: as its tables tell)")
      ->check(CLI::IsMember({"intake", "referral", "status"}));
  app.add_option("--table", options.table, "Only this table, as the first column names it");
  app.add_option("--key", options.key_contains, "Only keys that contain this");
  app.add_option("--limit", options.limit, "At most so many rows");
  app.add_flag("--keys", options.keys_only, "Keys without values");
  app.add_flag("--raw", options.raw, "Keys and values as the bytes that are stored, sealed or not");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const auto store = redress::kv::OpenRocksDbReadOnly(options.directory);
  if (!store.ok()) {
    std::cerr << store.status().ToString() << "\n";
    return 1;
  }
  const auto service = ChooseService(options, **store);
  if (!service.ok()) {
    std::cerr << service.status().message() << "\n";
    return 2;
  }
  return Dump(options, *service, **store);
}
