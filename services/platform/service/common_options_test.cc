#include "services/platform/service/common_options.h"

#include <map>
#include <string>
#include <vector>

#include "absl/flags/reflection.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace redress::service {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

// Keeps one test's flags from the next.
class CommonOptionsTest : public ::testing::Test {
 protected:
  static void Set(const char* name, const char* value) {
    std::string error;
    ASSERT_TRUE(absl::FindCommandLineFlag(name)->ParseFrom(value, &error)) << error;
  }
  absl::FlagSaver saver_;
};

TEST_F(CommonOptionsTest, EverythingThatIsMissingIsNamedAtOnce) {
  FieldViolations violations;
  CommonOptionsFromFlags(violations);
  EXPECT_THAT(violations.list(), ElementsAre(Field(&FieldViolation::field, "--node"),
                                             Field(&FieldViolation::field, "--data_dir"),
                                             Field(&FieldViolation::field, "--node_keys"),
                                             Field(&FieldViolation::field, "--issuers")));
}

TEST_F(CommonOptionsTest, FlagsBecomeOptions) {
  Set("node", "kh");
  Set("data_dir", "/var/lib/redress/intake");
  Set("node_keys", "/etc/redress/keys");
  Set("issuers", "/etc/redress/issuers.json");
  Set("listen", "127.0.0.1:7001,unix:/run/redress/intake.sock");
  Set("stop_grace", "3s");
  Set("stop_patience", "5s");
  Set("longest_wait", "25ms");
  Set("most_calls", "200");
  Set("block_cache_mib", "3");
  Set("memtable_mib", "5");
  Set("message_memory_mib", "70");
  FieldViolations violations;
  const CommonOptions options = CommonOptionsFromFlags(violations);
  EXPECT_THAT(violations.list(), IsEmpty());
  EXPECT_EQ(options.node.ToString(), "kh");
  EXPECT_EQ(options.store_directory(), "/var/lib/redress/intake/store");
  EXPECT_THAT(options.listen, ElementsAre("127.0.0.1:7001", "unix:/run/redress/intake.sock"));
  EXPECT_EQ(options.stop_grace, absl::Seconds(3));
  EXPECT_EQ(options.stop_patience, absl::Seconds(5));
  EXPECT_EQ(options.longest_wait, absl::Milliseconds(25));
  EXPECT_EQ(options.most_calls, 200);
  EXPECT_EQ(options.block_cache_bytes, 3u << 20);
  EXPECT_EQ(options.memtable_bytes, 5u << 20);
  EXPECT_EQ(options.message_bytes, 70u << 20);
}

TEST_F(CommonOptionsTest, CallsAreNeitherTurnedAwayAtOnceNorLeftWaitingForEver) {
  Set("node", "kh");
  Set("data_dir", "/var/lib/redress/intake");
  Set("node_keys", "/etc/redress/keys");
  Set("issuers", "/etc/redress/issuers.json");
  Set("listen", "127.0.0.1:7001");
  for (const char* wait : {"0s", "999us", "11s", "inf"}) {
    Set("longest_wait", wait);
    FieldViolations violations;
    CommonOptionsFromFlags(violations);
    EXPECT_THAT(violations.list(), ElementsAre(Field(&FieldViolation::field, "--longest_wait")));
  }
}

TEST_F(CommonOptionsTest, MemoryIsNeitherTooLittleToWorkWithNorWithoutBound) {
  Set("node", "kh");
  Set("data_dir", "/var/lib/redress/intake");
  Set("node_keys", "/etc/redress/keys");
  Set("issuers", "/etc/redress/issuers.json");
  const std::map<const char*, std::vector<const char*>> wrong = {
      {"block_cache_mib", {"0", "65537"}},
      {"memtable_mib", {"0", "65537"}},
      {"message_memory_mib", {"63", "65537"}},
      {"most_calls", {"99", "-1", "100001"}}};
  for (const auto& [name, values] : wrong) {
    const absl::FlagSaver others;
    for (const char* value : values) {
      Set(name, value);
      FieldViolations violations;
      CommonOptionsFromFlags(violations);
      EXPECT_THAT(violations.list(),
                  ElementsAre(Field(&FieldViolation::field, std::string("--") + name)));
    }
  }
}

TEST_F(CommonOptionsTest, AStopIsNeitherEndlessNorCutShortAtOnce) {
  Set("node", "kh");
  Set("data_dir", "/var/lib/redress/intake");
  Set("node_keys", "/etc/redress/keys");
  Set("issuers", "/etc/redress/issuers.json");
  Set("listen", "127.0.0.1:7001");
  for (const char* patience : {"1s", "11m", "inf"}) {
    Set("stop_patience", patience);
    FieldViolations violations;
    CommonOptionsFromFlags(violations);
    EXPECT_THAT(violations.list(), ElementsAre(Field(&FieldViolation::field, "--stop_patience")));
  }
}

TEST_F(CommonOptionsTest, AWordThatIsNoFlagIsRefused) {
  char program[] = "redress-intake";
  char word[] = "serve";
  char* arguments[] = {program, word, nullptr};
  const absl::Status status = ReadCommandLine("Serves.", 2, arguments);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace redress::service
