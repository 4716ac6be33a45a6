#include "services/platform/crypto/case_key.h"

#include <thread>
#include <vector>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/crypto/case_key_cache.h"
#include "services/platform/crypto/node_keys.h"

namespace redress::crypto {
namespace {

constexpr char kCase[] = "KH-26-0000417-X";
SecretKey Key(char fill) { return *SecretKey::FromBytes(std::string(32, fill)); }

TEST(CaseKeyTest, UnwrapsToTheSameKey) {
  SeededRandom random(7);
  const CaseKey key = CaseKey::Generate(random);
  const std::string wrapped = key.Wrap(Key('k'), kCase, random);
  const absl::StatusOr<CaseKey> again = CaseKey::Unwrap(Key('k'), kCase, wrapped);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->records().view(), key.records().view());
  EXPECT_EQ(again->ForFile("1").view(), key.ForFile("1").view());
}

TEST(CaseKeyTest, FilesHaveKeysOfTheirOwn) {
  SeededRandom random(7);
  const CaseKey key = CaseKey::Generate(random);
  EXPECT_NE(key.ForFile("1").view(), key.ForFile("2").view());
  EXPECT_NE(key.ForFile("1").view(), key.records().view());
}

TEST(CaseKeyTest, AnotherNodeKeyIsNamedInTheRefusal) {
  SeededRandom random(7);
  const std::string wrapped = CaseKey::Generate(random).Wrap(Key('k'), kCase, random);
  const absl::Status status = CaseKey::Unwrap(Key('l'), kCase, wrapped).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()),
              ::testing::AllOf(::testing::HasSubstr(KeyId(KeyKind::kEncryption, Key('k'))),
                               ::testing::HasSubstr(KeyId(KeyKind::kEncryption, Key('l')))));
}

TEST(CaseKeyTest, AWrapBelongsToItsCase) {
  SeededRandom random(7);
  const std::string wrapped = CaseKey::Generate(random).Wrap(Key('k'), kCase, random);
  EXPECT_TRUE(absl::IsDataLoss(CaseKey::Unwrap(Key('k'), "KH-26-0000418-V", wrapped).status()));
}

TEST(CaseKeyTest, EveryChangedByteIsNoticed) {
  SeededRandom random(7);
  const std::string wrapped = CaseKey::Generate(random).Wrap(Key('k'), kCase, random);
  for (size_t i = 0; i < wrapped.size(); ++i) {
    std::string changed = wrapped;
    changed[i] ^= 1;
    EXPECT_FALSE(CaseKey::Unwrap(Key('k'), kCase, changed).ok()) << i;
    EXPECT_FALSE(CaseKey::Unwrap(Key('k'), kCase, wrapped.substr(0, i)).ok()) << i;
  }
}

std::shared_ptr<const CaseKey> NewKey() {
  static SeededRandom random(7);
  return std::make_shared<const CaseKey>(CaseKey::Generate(random));
}

TEST(CaseKeyCacheTest, TheOneUsedLongestAgoLeaves) {
  CaseKeyCache cache(2);
  cache.Insert("a", NewKey(), cache.generation());
  cache.Insert("b", NewKey(), cache.generation());
  EXPECT_NE(cache.Find("a"), nullptr);
  cache.Insert("c", NewKey(), cache.generation());
  EXPECT_NE(cache.Find("a"), nullptr);
  EXPECT_EQ(cache.Find("b"), nullptr);
  EXPECT_NE(cache.Find("c"), nullptr);
  EXPECT_EQ(cache.size(), 2u);
}

TEST(CaseKeyCacheTest, InsertReplacesAndEraseForgets) {
  CaseKeyCache cache(2);
  cache.Insert("a", NewKey(), cache.generation());
  const std::shared_ptr<const CaseKey> second = NewKey();
  cache.Insert("a", second, cache.generation());
  EXPECT_EQ(cache.Find("a"), second);
  cache.Erase("a");
  cache.Erase("a");
  EXPECT_EQ(cache.Find("a"), nullptr);
  cache.Insert("b", second, cache.generation());
  cache.Clear();
  EXPECT_EQ(cache.size(), 0u);
}

TEST(CaseKeyCacheTest, AKeyThatWasReadBeforeAnErasureIsNotBroughtBackByIt) {
  CaseKeyCache cache(4);
  const CaseKeyCache::Generation before = cache.generation();
  cache.Erase("a");  // Never here: its reader is still waiting for the store.
  cache.Insert("a", NewKey(), before);
  EXPECT_EQ(cache.Find("a"), nullptr);

  const CaseKeyCache::Generation again = cache.generation();
  cache.Clear();
  cache.Insert("a", NewKey(), again);
  EXPECT_EQ(cache.size(), 0u);

  cache.Insert("a", NewKey(), cache.generation());
  EXPECT_NE(cache.Find("a"), nullptr);
}

TEST(CaseKeyCacheTest, ThreadsShareIt) {
  CaseKeyCache cache(16);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&cache, t] {
      for (int i = 0; i < 2000; ++i) {
        const std::string name = fmt::format("{}", (i * (t + 1)) % 40);
        if (i % 7 == 0) cache.Erase(name);
        const CaseKeyCache::Generation generation = cache.generation();
        if (cache.Find(name) == nullptr) cache.Insert(name, NewKey(), generation);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(cache.size(), 16u);
}

}  // namespace
}  // namespace redress::crypto
