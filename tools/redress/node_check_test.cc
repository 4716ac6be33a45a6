#include "tools/redress/node_check.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/intake/storage/kv_case_store.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/kv/rocksdb_store.h"
#include "services/platform/kv/testing/store_folder.h"
#include "services/status/storage/kv_read_model.h"

namespace redress::cli {
namespace {

using ::testing::HasSubstr;

class NodeCheckTest : public ::testing::Test {
 protected:
  // The data folder of a service whose store has `schema`.
  std::string DataOfSchema(uint32_t schema) {
    kv::RocksDbOptions options;
    options.path = folder_.store();
    options.schema_version = schema;
    const auto store = kv::OpenRocksDbStore(std::move(options), executor_);
    EXPECT_TRUE(store.ok()) << store.status();
    return folder_.store().substr(0, folder_.store().rfind('/'));
  }
  absl::Status CheckAlone(std::string_view service, const NodeData& restored) {
    return CheckRestored(service, restored, SealedParts::Load("").value(), /*scratch=*/"",
                         [this](std::string_view what) { told_.emplace_back(what); });
  }

  const kv::StoreFolder folder_;
  async::ManualExecutor executor_;
  std::vector<std::string> told_;
};

TEST_F(NodeCheckTest, AnEmptyStoreAgreesWithItself) {
  const NodeData data{.intake = DataOfSchema(intake::kIntakeSchemaVersion)};
  const auto checked = CheckNode(data, {}, nullptr);
  ASSERT_TRUE(checked.ok()) << checked.status();
  ASSERT_EQ(checked->size(), 1u);
  EXPECT_TRUE(checked->front().agrees());
}

TEST_F(NodeCheckTest, CodesAreReadWhereTheServicesReadThem) {
  const NodeData data{.intake = DataOfSchema(intake::kIntakeSchemaVersion)};
  NodeCheckOptions options;
  options.iso_codes = folder_.store() + "/no-such-folder";
  EXPECT_EQ(CheckNode(data, options, nullptr).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(NodeCheckTest, AStoreOfANewerReleaseIsNotCompared) {
  const std::string data_dir = DataOfSchema(intake::kIntakeSchemaVersion + 1);
  for (const absl::Status& status : {CheckNode({.intake = data_dir}, {}, nullptr).status(),
                                     CheckAlone("intake", {.intake = data_dir})}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(std::string(status.message()), HasSubstr("A newer version has written it"));
  }
}

TEST_F(NodeCheckTest, AStoreOfAnOlderReleaseIsNotComparedAndABackupOfItIsWhole) {
  const std::string data_dir = DataOfSchema(status::kStatusSchema - 1);
  const absl::Status status = CheckNode({.status = data_dir}, {}, nullptr).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("start this version's service on it once"));
  EXPECT_TRUE(CheckAlone("status", {.status = data_dir}).ok());
  EXPECT_THAT(told_, ::testing::ElementsAre(HasSubstr("of an earlier release")));
}

TEST_F(NodeCheckTest, AStatusWhoseNeighboursAreNotThereIsSaidNotToBeComparedWithThem) {
  const NodeData data{.status = DataOfSchema(status::kStatusSchema)};
  EXPECT_TRUE(CheckAlone("status", data).ok());
  EXPECT_THAT(told_, ::testing::Contains(HasSubstr("not compared with the events")));
}

}  // namespace
}  // namespace redress::cli
