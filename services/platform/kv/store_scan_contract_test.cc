// What a scan gives, whatever engine stands behind kv::Store.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/kv/testing/store_contract.h"

namespace redress::kv {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class StoreScanContractTest : public StoreContractTest {};

TEST_P(StoreScanContractTest, AScanGivesExactlyThePrefixInOrder) {
  for (const char* key : {"b2", "a", "b1", "b", "c", "b3"}) Put(key, key);
  ScanRequest request;
  request.prefix = "b";
  EXPECT_THAT(ScanKeys(request), ElementsAre("b", "b1", "b2", "b3"));
  request.reverse = true;
  EXPECT_THAT(ScanKeys(request), ElementsAre("b3", "b2", "b1", "b"));
  request.prefix = "x";
  EXPECT_THAT(ScanKeys(request), IsEmpty());
}

TEST_P(StoreScanContractTest, AScanGoesOnAfterAKeyWhetherItExistsOrNot) {
  for (const char* key : {"a9", "b1", "b3", "b5", "c1"}) Put(key, key);
  ScanRequest request;
  request.prefix = "b";
  request.after = "b1";
  EXPECT_THAT(ScanKeys(request), ElementsAre("b3", "b5"));
  request.after = "b2";
  EXPECT_THAT(ScanKeys(request), ElementsAre("b3", "b5"));
  request.after = "b5";
  EXPECT_THAT(ScanKeys(request), IsEmpty());
  request.after = "a1";
  EXPECT_THAT(ScanKeys(request), ElementsAre("b1", "b3", "b5"));
  request.after = "c1";
  EXPECT_THAT(ScanKeys(request), IsEmpty());

  request.reverse = true;
  EXPECT_THAT(ScanKeys(request), ElementsAre("b5", "b3", "b1"));
  request.after = "b5";
  EXPECT_THAT(ScanKeys(request), ElementsAre("b3", "b1"));
  request.after = "b4";
  EXPECT_THAT(ScanKeys(request), ElementsAre("b3", "b1"));
  request.after = "b1";
  EXPECT_THAT(ScanKeys(request), IsEmpty());
  request.after = "a1";
  EXPECT_THAT(ScanKeys(request), IsEmpty());
}

TEST_P(StoreScanContractTest, AScanGivesNoMoreThanItsLimit) {
  for (int i = 0; i < 5; ++i) Put("b" + std::to_string(i), "");
  ScanRequest request;
  request.prefix = "b";
  request.limit = 2;
  EXPECT_THAT(ScanKeys(request), ElementsAre("b0", "b1"));
  request.reverse = true;
  EXPECT_THAT(ScanKeys(request), ElementsAre("b4", "b3"));
}

TEST_P(StoreScanContractTest, AScanLimitOutOfRangeIsRefused) {
  for (const size_t limit : {size_t{0}, kMaxScanLimit + 1}) {
    ScanRequest request;
    request.limit = limit;
    EXPECT_EQ(async::RunToEnd(executor_, store_->Scan(request)).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST_P(StoreScanContractTest, APrefixOfHighestBytesEndsWithTheKeys) {
  for (const char* key : {"a", "a\xff", "a\xff\xff", "a\xff\xff x", "b", "\xff", "\xff\xff"}) {
    Put(key, "");
  }
  ScanRequest request;
  request.prefix = "a\xff";
  EXPECT_THAT(ScanKeys(request), ElementsAre("a\xff", "a\xff\xff", "a\xff\xff x"));
  request.prefix = "\xff";
  EXPECT_THAT(ScanKeys(request), ElementsAre("\xff", "\xff\xff"));
  request.reverse = true;
  EXPECT_THAT(ScanKeys(request), ElementsAre("\xff\xff", "\xff"));
  request.prefix = "a\xff";
  EXPECT_THAT(ScanKeys(request), ElementsAre("a\xff\xff x", "a\xff\xff", "a\xff"));
}

TEST_P(StoreScanContractTest, AnEmptyPrefixGivesEverythingButTheEnginesOwnRows) {
  AppendTo("log", {"x"});
  Put("\x01", "first");
  ScanRequest request;
  EXPECT_THAT(ScanKeys(request), ElementsAre("\x01", LogKey("log", 1)));
  request.reverse = true;
  EXPECT_THAT(ScanKeys(request), ElementsAre(LogKey("log", 1), "\x01"));
  request.prefix = std::string(1, '\0');
  EXPECT_THAT(ScanKeys(request), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Engines, StoreScanContractTest, EveryEngine(), EngineName);

}  // namespace
}  // namespace redress::kv
