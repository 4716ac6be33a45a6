#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/audit/audit_leaf.h"
#include "services/platform/audit/audit_log.h"
#include "services/platform/audit/content_hash.h"
#include "services/platform/kv/memory_store.h"
#include "services/platform/status/refusal.h"
#include "services/platform/time/clock.h"

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
            "0201"
            "0170"
            "0162"
            "046465736b"
            "0156"
            "00"
            "01"
            "00"
            "20" +
                std::string(64, '0') + "00");
}

TEST(AuditLeafTest, ALeafOfTheFirstFormatIsRead) {
  std::string bytes = EncodeAuditLeaf(Refusal());
  bytes[0] = 1;
  bytes.pop_back();  // The number of those left out.
  EXPECT_EQ(DecodeAuditLeaf(bytes).value(), Refusal());
}

TEST(AuditLeafTest, CutOffLengthenedAndUnknownLeavesAreRefused) {
  const std::string bytes = EncodeAuditLeaf(Refusal());
  for (size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_EQ(DecodeAuditLeaf(bytes.substr(0, length)).status().code(),
              absl::StatusCode::kDataLoss);
  }
  EXPECT_FALSE(DecodeAuditLeaf(bytes + "x").ok());
  std::string other_format = bytes;
  other_format[0] = 3;
  EXPECT_FALSE(DecodeAuditLeaf(other_format).ok());
  AuditLeaf unknown_outcome = Refusal();
  unknown_outcome.outcome = static_cast<Outcome>(9);
  EXPECT_FALSE(DecodeAuditLeaf(EncodeAuditLeaf(unknown_outcome)).ok());
}

class RefusalLogTest : public testing::Test {
 protected:
  absl::Status Record(const std::string& caller) {
    return RunToEnd(executor_, log_.Record(caller, Refusal()));
  }
  std::vector<LoggedLeaf> Leaves() {
    return RunToEnd(executor_, ReadAuditLog(store_, 0, 100)).value();
  }

  async::ManualExecutor executor_;
  kv::MemoryStore store_{executor_};
  ManualClock clock_{absl::FromUnixSeconds(1'763'800'000)};
  RefusalLog log_{store_, clock_, {.caller = {2, absl::Seconds(10)}}};
};

TEST_F(RefusalLogTest, ARefusalLeavesALine) {
  EXPECT_TRUE(Record("a").ok());
  EXPECT_TRUE(Record("a").ok());

  const std::vector<LoggedLeaf> leaves = Leaves();
  ASSERT_THAT(leaves, SizeIs(2));
  EXPECT_EQ(leaves[0].number, 1u);
  EXPECT_EQ(leaves[0].leaf, Refusal());
  EXPECT_EQ(leaves[1].version, 2u);
  EXPECT_THAT(RunToEnd(executor_, ReadAuditLog(store_, 1, 10)).value(), SizeIs(1));
}

TEST_F(RefusalLogTest, ACallerInALoopLeavesFewLinesAndTheNextTellsHowManyItLeftOut) {
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(Record("a").ok());
  EXPECT_TRUE(Record("b").ok());
  EXPECT_THAT(Leaves(), SizeIs(3));
  clock_.Advance(absl::Seconds(10));
  EXPECT_TRUE(Record("a").ok());
  const std::vector<LoggedLeaf> leaves = Leaves();
  ASSERT_THAT(leaves, SizeIs(4));
  EXPECT_EQ(leaves[2].leaf.left_out, 0u);
  EXPECT_EQ(leaves[3].leaf.left_out, 998u);
}

TEST_F(RefusalLogTest, AMissingLineIsReportedAndCountedByTheNext) {
  store_.AnswerNextCommit(kv::CommitOutcome::kNoSpace);
  store_.AnswerNextCommit(kv::CommitOutcome::kStopped);
  EXPECT_EQ(GetRefusal(Record("a"))->reason, "STORE_FULL");
  EXPECT_EQ(Record("a").code(), absl::StatusCode::kUnavailable);
  clock_.Advance(absl::Seconds(10));
  EXPECT_TRUE(Record("a").ok());
  EXPECT_EQ(Leaves()[0].leaf.left_out, 2u);
}

}  // namespace
}  // namespace redress::audit
