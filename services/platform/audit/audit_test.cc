#include <cstdint>
#include <string>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/audit/audit_leaf.h"
#include "services/platform/audit/audit_log.h"
#include "services/platform/audit/content_hash.h"
#include "services/platform/kv/memory_store.h"
#include "services/platform/status/refusal.h"

namespace redress::audit {
namespace {

using ::testing::SizeIs;

std::string Hex(const Sha256Digest& digest) {
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

AuditLeaf Refusal() {
  AuditLeaf leaf;
  leaf.at = absl::FromUnixMicros(1763800000123456);
  leaf.actor = {"my:p-0007", "my:mtuc", "contact"};
  leaf.verb = "DeclineReferral";
  leaf.resource_id = "KH-26-0000417-X/R1";
  leaf.outcome = Outcome::kRefused;
  leaf.reason = "TRANSITION_NOT_ALLOWED";
  leaf.content_hash = HashContent(std::string(16, 's'), "content");
  return leaf;
}

TEST(ContentHashTest, Sha256GivesTheStandardsValues) {
  EXPECT_EQ(Hex(Sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hex(Sha256({"a", "bc"})),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(ContentHashTest, TheSameContentUnderAnotherSaltHashesOtherwise) {
  const std::string salt(16, 'a');
  EXPECT_EQ(HashContent(salt, "x"), HashContent(salt, "x"));
  EXPECT_NE(HashContent(salt, "x"), HashContent(std::string(16, 'b'), "x"));
  // What is salt and what is content cannot be shifted.
  EXPECT_NE(HashContent(salt + "x", ""), HashContent(salt, "x"));
}

TEST(AuditLeafTest, ALeafComesBack) {
  EXPECT_EQ(DecodeAuditLeaf(EncodeAuditLeaf(Refusal())).value(), Refusal());
  EXPECT_EQ(DecodeAuditLeaf(EncodeAuditLeaf(AuditLeaf())).value(), AuditLeaf());
}

TEST(AuditLeafTest, TheStoredFormIsThis) {
  AuditLeaf leaf;
  leaf.at = absl::FromUnixMicros(-1);
  leaf.actor = {"p", "b", "desk"};
  leaf.verb = "V";
  EXPECT_EQ(absl::BytesToHexString(EncodeAuditLeaf(leaf)),
            "0101"
            "0170"
            "0162"
            "046465736b"
            "0156"
            "00"
            "01"
            "00"
            "20" +
                std::string(64, '0'));
}

TEST(AuditLeafTest, CutOffLengthenedAndUnknownLeavesAreRefused) {
  const std::string bytes = EncodeAuditLeaf(Refusal());
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_EQ(DecodeAuditLeaf(bytes.substr(0, length)).status().code(),
              absl::StatusCode::kDataLoss);
  }
  EXPECT_FALSE(DecodeAuditLeaf(bytes + "x").ok());
  std::string other_format = bytes;
  other_format[0] = 2;
  EXPECT_FALSE(DecodeAuditLeaf(other_format).ok());
  AuditLeaf unknown_outcome = Refusal();
  unknown_outcome.outcome = static_cast<Outcome>(9);
  EXPECT_FALSE(DecodeAuditLeaf(EncodeAuditLeaf(unknown_outcome)).ok());
}

TEST(AuditLogTest, ARefusalLeavesALine) {
  async::ManualExecutor executor;
  kv::MemoryStore store(executor);

  EXPECT_TRUE(RunToEnd(executor, RecordRefusal(store, Refusal())).ok());
  EXPECT_TRUE(RunToEnd(executor, RecordRefusal(store, Refusal())).ok());

  const auto leaves = RunToEnd(executor, ReadAuditLog(store, 0, 10)).value();
  ASSERT_THAT(leaves, SizeIs(2));
  EXPECT_EQ(leaves[0].number, 1u);
  EXPECT_EQ(leaves[0].leaf, Refusal());
  EXPECT_EQ(leaves[1].version, 2u);
  EXPECT_THAT(RunToEnd(executor, ReadAuditLog(store, 1, 10)).value(), SizeIs(1));
}

TEST(AuditLogTest, AMissingLineIsReported) {
  async::ManualExecutor executor;
  kv::MemoryStore store(executor);
  store.AnswerNextCommit(kv::CommitOutcome::kNoSpace);
  store.AnswerNextCommit(kv::CommitOutcome::kStopped);
  EXPECT_EQ(GetRefusal(RunToEnd(executor, RecordRefusal(store, Refusal())))->reason, "STORE_FULL");
  EXPECT_EQ(RunToEnd(executor, RecordRefusal(store, Refusal())).code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace redress::audit
