// One byte of one file is not what was written: whoever opens the store or reads from it hears of
// it, or reads what was written. Nothing wrong is ever answered, and nothing is missing in silence.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/kv/rocksdb_store.h"
#include "services/platform/kv/testing/store_folder.h"

namespace redress::kv {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr int kCommitsEachTime = 10;
constexpr int kEntries = 3 * kCommitsEachTime;
constexpr uintmax_t kPlacesInAFile = 40;

std::string ValueOf(int number) { return fmt::format("value {} {}", number, std::string(50, 'v')); }

class DamagedFileTest : public testing::Test {
 protected:
  // Opened thrice: two tables, and a log.
  DamagedFileTest() {
    RocksDbOptions options;
    options.path = whole_.store();
    for (int number = 0; number < kEntries;) {
      const std::unique_ptr<Store> store = OpenRocksDbStore(options, executor_).value();
      for (int i = 0; i < kCommitsEachTime; ++i, ++number) {
        Change change;
        change.appends.push_back({"log", ValueOf(number)});
        async::RunToEnd(executor_, store->Commit(std::move(change)));
      }
    }
  }

  std::vector<std::string> FilesOf(const std::string& kind) const {
    std::vector<std::string> files;
    for (const auto& file : fs::directory_iterator(whole_.store())) {
      const std::string name = file.path().filename();
      if (name.find(kind) != std::string::npos && file.file_size() > 0) files.push_back(name);
    }
    return files;
  }

  // Whether a copy of the store with that byte turned over was noticed to be damaged.
  bool IsNoticed(const std::string& name, uintmax_t place) {
    const StoreFolder copy;
    fs::copy(whole_.store(), copy.store(), fs::copy_options::recursive);
    fs::copy(whole_.store() + ".sentinel", copy.store() + ".sentinel");
    std::fstream file(copy.store() + "/" + name, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(place));
    const char damaged = static_cast<char>(file.get() ^ 0x55);
    file.seekp(static_cast<std::streamoff>(place));
    file.put(damaged);
    file.close();
    RocksDbOptions options;
    options.path = copy.store();
    const absl::StatusOr<std::unique_ptr<Store>> store = OpenRocksDbStore(options, executor_);
    if (!store.ok()) {
      EXPECT_THAT(store.status().ToString(), HasSubstr("docs/runbook.md"));
      return true;
    }
    const auto log = async::RunToEnd(executor_, (*store)->Scan({.prefix = "log", .limit = 100}));
    if (!log.ok()) {
      EXPECT_EQ(log.status().code(), absl::StatusCode::kDataLoss) << log.status();
      EXPECT_THAT(log.status().ToString(), HasSubstr("docs/runbook.md"));
      return true;
    }
    EXPECT_EQ(log->entries.size(), size_t{kEntries}) << "something is missing";
    for (size_t i = 0; i < log->entries.size(); ++i) {
      EXPECT_EQ(log->entries[i].value, ValueOf(static_cast<int>(i)));
    }
    return false;
  }

  // Of how many damaged places in files of that kind somebody heard.
  int CountNoticed(const std::string& kind, size_t files) {
    const std::vector<std::string> names = FilesOf(kind);
    EXPECT_GE(names.size(), files) << kind;
    int noticed = 0;
    for (const std::string& name : names) {
      const uintmax_t size = fs::file_size(whole_.store() + "/" + name);
      const uintmax_t step = std::max<uintmax_t>(1, size / kPlacesInAFile);
      for (uintmax_t place = 0; place < size && !HasFailure(); place += step) {
        SCOPED_TRACE(fmt::format("byte {} of {}", place, name));
        noticed += IsNoticed(name, place) ? 1 : 0;
      }
    }
    return noticed;
  }

  const StoreFolder whole_;
  async::ManualExecutor executor_;
};

TEST_F(DamagedFileTest, ALog) { EXPECT_GE(CountNoticed(".log", 1), 30); }
TEST_F(DamagedFileTest, ATable) { EXPECT_GE(CountNoticed(".sst", 2), 30); }
TEST_F(DamagedFileTest, AManifest) { EXPECT_GE(CountNoticed("MANIFEST", 1), 30); }
TEST_F(DamagedFileTest, TheNameOfTheManifest) { EXPECT_GE(CountNoticed("CURRENT", 1), 10); }

}  // namespace
}  // namespace redress::kv
