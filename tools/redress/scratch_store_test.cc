#include "tools/redress/scratch_store.h"

#include <sys/stat.h>

#include <filesystem>

#include "absl/cleanup/cleanup.h"
#include "gtest/gtest.h"
#include "services/platform/kv/testing/store_folder.h"

namespace redress::cli {
namespace {

namespace fs = std::filesystem;

TEST(ScratchStoreTest, NobodyElseCanLookIntoItAndItIsGoneAfterwards) {
  const kv::StoreFolder folder;
  const mode_t before = umask(0);
  const absl::Cleanup put_back = [before] { umask(before); };
  auto made = ScratchStore::Make(folder.store());
  ASSERT_TRUE(made.ok()) << made.status();
  const fs::path path = (*made)->path();
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_all);
  EXPECT_FALSE(fs::is_empty(path));
  made->reset();
  EXPECT_FALSE(fs::exists(path));
}

TEST(ScratchStoreTest, AFolderThatIsThereAlreadyIsNotTaken) {
  const kv::StoreFolder folder;
  const auto first = ScratchStore::Make(folder.store());
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = ScratchStore::Make(folder.store());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(fs::exists((*first)->path()));
}

}  // namespace
}  // namespace redress::cli
