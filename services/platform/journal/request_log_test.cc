#include "services/platform/journal/request_log.h"

#include <string>

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/journal/commit.h"
#include "services/platform/journal/keys.h"
#include "services/platform/kv/memory_store.h"
#include "services/platform/status/refusal.h"

namespace redress::journal {
namespace {

RequestIdentity Filing() {
  return {"kh:desk-1", "11111111-2222", "FileComplaint", DigestContent("content")};
}

class RequestLogTest : public testing::Test {
 protected:
  absl::StatusOr<std::optional<RememberedAnswer>> Find(RequestIdentity identity) {
    return RunToEnd(executor_, FindRequest(store_, std::move(identity)));
  }
  kv::Version Remember(RequestIdentity identity) {
    ChangeSet changes;
    changes.Remember(std::move(identity), "KH-26-0000417-X", "answer");
    return RunToEnd(executor_, CommitChange(store_, std::move(changes))).value().version;
  }

  async::ManualExecutor executor_;
  kv::MemoryStore store_{executor_};
};

TEST_F(RequestLogTest, ANewRequestIsNotFound) { EXPECT_EQ(*Find(Filing()), std::nullopt); }

TEST_F(RequestLogTest, ARepeatedRequestFindsItsAnswer) {
  const kv::Version version = Remember(Filing());
  const auto found = Find(Filing());
  ASSERT_TRUE(found.ok() && found->has_value());
  EXPECT_EQ((*found)->answer, "answer");
  EXPECT_EQ((*found)->resource_id, "KH-26-0000417-X");
  EXPECT_EQ((*found)->version, version);
}

TEST_F(RequestLogTest, TheSameIdForSomethingElseIsRefused) {
  Remember(Filing());
  RequestIdentity other_content = Filing();
  other_content.digest = DigestContent("other");
  RequestIdentity other_verb = Filing();
  other_verb.verb = "CloseCase";
  for (const RequestIdentity& identity : {other_content, other_verb}) {
    const absl::Status status = Find(identity).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
    EXPECT_EQ(GetRefusal(status), (Refusal{"REQUEST_ID_REUSED", {{"verb", "FileComplaint"}}}));
  }
}

TEST_F(RequestLogTest, AnotherCallerMayUseTheSameId) {
  Remember(Filing());
  RequestIdentity another = Filing();
  another.caller = "kh:desk-2";
  another.digest = DigestContent("other");
  EXPECT_EQ(*Find(another), std::nullopt);
}

TEST(RequestRowTest, TheStoredFormIsThis) {
  RequestRow row{"V", {}, "id", "a"};
  EXPECT_EQ(absl::BytesToHexString(EncodeRequestRow(row)),
            "01"
            "0156"
            "20" +
                std::string(64, '0') +
                "026964"
                "0161");
  EXPECT_EQ(DecodeRequestRow(EncodeRequestRow(row)).value(), row);
}

TEST(RequestRowTest, DamagedRowsAreRefused) {
  const std::string bytes = EncodeRequestRow({"Verb", DigestContent("x"), "id", "answer"});
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_EQ(DecodeRequestRow(bytes.substr(0, length)).status().code(),
              absl::StatusCode::kDataLoss);
  }
  EXPECT_FALSE(DecodeRequestRow(bytes + "x").ok());
}

TEST(RequestKeyTest, CallerAndIdCannotBeShifted) {
  EXPECT_NE(RequestKey("ab", "c"), RequestKey("a", "bc"));
}

}  // namespace
}  // namespace redress::journal
