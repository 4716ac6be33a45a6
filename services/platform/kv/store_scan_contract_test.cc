// What a scan gives, whatever engine stands behind kv::Store.
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/kv/testing/store_contract.h"

namespace redress::kv {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class StoreScanContractTest : public StoreContractTest {
 protected:
  ScanPage Scan(ScanRequest request) {
    return async::RunToEnd(executor_, store_->Scan(std::move(request))).value();
  }
  // The keys of each page, from the first to the one that says that there is no more.
  std::vector<std::vector<std::string>> ScanPages(ScanRequest request) {
    std::vector<std::vector<std::string>> pages;
    bool more = true;
    while (more) {
      const ScanPage page = Scan(request);
      std::vector<std::string>& keys = pages.emplace_back();
      for (const Entry& entry : page.entries) keys.push_back(entry.key);
      more = page.more;
      if (more) request.after = keys.back();
    }
    return pages;
  }
};

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
  const auto code_of = [this](const ScanRequest& request) {
    return async::RunToEnd(executor_, store_->Scan(request)).status().code();
  };
  for (const size_t limit : {size_t{0}, kMaxScanLimit + 1}) {
    ScanRequest request;
    request.limit = limit;
    EXPECT_EQ(code_of(request), absl::StatusCode::kInvalidArgument);
  }
  for (const size_t bytes : {size_t{0}, kMaxScanBytes + 1}) {
    ScanRequest request;
    request.max_bytes = bytes;
    EXPECT_EQ(code_of(request), absl::StatusCode::kInvalidArgument);
  }
}

TEST_P(StoreScanContractTest, AScanSaysWhetherThereIsMore) {
  for (const char* key : {"a", "b0", "b1", "c"}) Put(key, "");
  ScanRequest request;
  request.prefix = "b";
  for (const bool reverse : {false, true}) {
    request.reverse = reverse;
    request.limit = 1;
    EXPECT_TRUE(Scan(request).more);
    // As many as the limit, and none besides.
    request.limit = 2;
    EXPECT_FALSE(Scan(request).more);
    request.limit = 3;
    EXPECT_FALSE(Scan(request).more);
  }
  request.prefix = "x";
  EXPECT_FALSE(Scan(request).more);
}

TEST_P(StoreScanContractTest, APageIsCutByBytesAndTheRestFollowsItsLastKey) {
  for (const char* key : {"a", "b0", "b1", "b2", "b3", "b4", "c"}) Put(key, std::string(8, 'x'));
  ScanRequest request;
  request.prefix = "b";
  request.max_bytes = 20;  // Exactly two.
  EXPECT_THAT(ScanPages(request),
              ElementsAre(ElementsAre("b0", "b1"), ElementsAre("b2", "b3"), ElementsAre("b4")));
  request.max_bytes = 19;
  EXPECT_THAT(ScanPages(request), SizeIs(5));

  request.reverse = true;
  request.max_bytes = 20;
  EXPECT_THAT(ScanPages(request),
              ElementsAre(ElementsAre("b4", "b3"), ElementsAre("b2", "b1"), ElementsAre("b0")));
  // Where both limits could cut, the nearer one does.
  request.limit = 1;
  EXPECT_THAT(ScanPages(request), SizeIs(5));
}

TEST_P(StoreScanContractTest, AnEntryThatIsLargerThanAPageIsGivenAlone) {
  for (const char* key : {"b0", "b1", "b2"}) Put(key, key == std::string("b1") ? "large" : "");
  ScanRequest request;
  request.prefix = "b";
  request.max_bytes = 4;
  EXPECT_THAT(ScanPages(request),
              ElementsAre(ElementsAre("b0"), ElementsAre("b1"), ElementsAre("b2")));
  request.max_bytes = 1;
  request.after = "b0";
  EXPECT_THAT(ScanPages(request), ElementsAre(ElementsAre("b1"), ElementsAre("b2")));
}

TEST_P(StoreScanContractTest, AScanOfTheLargestValuesHoldsNoMoreThanAPage) {
  constexpr size_t kValues = 20;
  for (size_t i = 0; i < kValues; ++i) {
    Put(fmt::format("b{:02}", i), std::string(kMaxValueBytes, 'x'));
  }
  ScanRequest request;
  request.limit = kMaxScanLimit;
  const std::vector<std::vector<std::string>> pages = ScanPages(request);
  // The keys take the room of the sixteenth value.
  EXPECT_THAT(pages, ElementsAre(SizeIs(15), SizeIs(5)));
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
