#ifndef REDRESS_SERVICES_PLATFORM_KV_TESTING_STORE_CONTRACT_H_
#define REDRESS_SERVICES_PLATFORM_KV_TESTING_STORE_CONTRACT_H_

// What the contract suites share: a fixture over any engine, and the list of engines. An engine
// joins by adding itself to EveryEngine; no test knows which one it is talking to.
#include <cstdlib>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/kv/memory_store.h"
#include "services/platform/kv/rocksdb_store.h"
#include "services/platform/kv/store.h"
#include "services/platform/kv/testing/store_folder.h"

namespace redress::kv {
struct EngineUnderTest {
  std::string name;
  bool durable;
  std::function<std::unique_ptr<Store>(const std::string& path, async::Executor& executor)> open;
};

inline void PrintTo(const EngineUnderTest& engine, std::ostream* out) { *out << engine.name; }

class StoreContractTest : public testing::TestWithParam<EngineUnderTest> {
 protected:
  StoreContractTest() : store_(GetParam().open(path_, executor_)) {}

  void Reopen() {
    store_.reset();
    store_ = GetParam().open(path_, executor_);
  }

  CommitResult Commit(Change change) {
    return async::RunToEnd(executor_, store_->Commit(std::move(change)));
  }
  Version Put(std::string key, std::string value) {
    Change change;
    change.mutations.push_back(Mutation::Put(std::move(key), std::move(value)));
    const CommitResult result = Commit(std::move(change));
    EXPECT_EQ(result.outcome, CommitOutcome::kCommitted);
    return result.version;
  }
  CommitResult AppendTo(std::string log, std::vector<std::string> values) {
    Change change;
    for (std::string& value : values) change.appends.push_back({log, std::move(value)});
    return Commit(std::move(change));
  }

  std::optional<Entry> Get(std::string key) {
    return async::RunToEnd(executor_, store_->Get(std::move(key))).value();
  }
  std::vector<std::string> ScanKeys(ScanRequest request) {
    std::vector<std::string> keys;
    const auto page = async::RunToEnd(executor_, store_->Scan(std::move(request)));
    for (const Entry& entry : page.value().entries) {
      keys.push_back(entry.key);
    }
    return keys;
  }

  // Starts all of them before the committer may take any, then waits: as near to one batch as an
  // engine allows. Results are in order.
  std::vector<CommitResult> CommitTogether(std::vector<Change> changes);

  async::ManualExecutor executor_;
  const StoreFolder folder_;
  const std::string path_ = folder_.store();
  std::unique_ptr<Store> store_;
};

inline async::Task<void> KeepResult(Store* store, Change change, CommitResult* result,
                                    int* finished) {
  *result = co_await store->Commit(std::move(change));
  ++*finished;
}

inline std::vector<CommitResult> StoreContractTest::CommitTogether(std::vector<Change> changes) {
  std::vector<CommitResult> results(changes.size());
  int finished = 0;
  for (size_t i = 0; i < changes.size(); ++i) {
    Spawn(executor_, KeepResult(store_.get(), std::move(changes[i]), &results[i], &finished));
  }
  while (finished < static_cast<int>(results.size())) {
    if (executor_.RunUntilIdle() == 0 && !executor_.WaitForWork(absl::Seconds(30))) std::abort();
  }
  return results;
}

inline std::unique_ptr<Store> OpenRocksDb(const std::string& path, async::Executor& executor) {
  RocksDbOptions options;
  options.path = path;
  absl::StatusOr<std::unique_ptr<Store>> store = OpenRocksDbStore(options, executor);
  if (!store.ok()) {
    ADD_FAILURE() << store.status();
    std::abort();
  }
  return std::move(*store);
}

inline auto EveryEngine() {
  return testing::Values(EngineUnderTest{"Memory", false,
                                         [](const std::string&, async::Executor& executor) {
                                           return std::make_unique<MemoryStore>(executor);
                                         }},
                         EngineUnderTest{"RocksDb", true, OpenRocksDb});
}

inline std::string EngineName(const testing::TestParamInfo<EngineUnderTest>& info) {
  return info.param.name;
}

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_TESTING_STORE_CONTRACT_H_
