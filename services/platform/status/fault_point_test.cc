#include "services/platform/status/fault_point.h"

#ifdef REDRESS_TEST_HOOKS
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include "gtest/gtest.h"

namespace redress {
namespace {

// A file of fault points that the victim, a child of the test, reads.
class FaultFile {
 public:
  FaultFile() : path_(testing::TempDir() + "/fault." + std::to_string(getpid())) { Write(""); }
  ~FaultFile() { std::remove(path_.c_str()); }

  const std::string& path() const { return path_; }

  void Write(std::string text) const {
    text.resize(128);
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    if (!file) file.open(path_, std::ios::out | std::ios::binary);
    file << text;
  }

 private:
  const std::string path_;
};

TEST(FaultPointDeathTest, ThePassThatTheVariableNamesIsTheLast) {
  EXPECT_EXIT(
      {
        setenv("REDRESS_FAULT", "here:2", 1);
        PassFaultPoint("there");
        PassFaultPoint("here");
        std::fprintf(stderr, "once");
        PassFaultPoint("here");
        std::fprintf(stderr, " twice");
      },
      testing::KilledBySignal(SIGKILL), "once$");
}

TEST(FaultPointDeathTest, AFileNamesAnotherPointWhileTheProcessRuns) {
  const FaultFile file;
  EXPECT_EXIT(
      {
        setenv("REDRESS_FAULT_FILE", file.path().c_str(), 1);
        PassFaultPoint("here");
        file.Write("here:2");
        PassFaultPoint("here");
        file.Write("there:1");
        PassFaultPoint("here");
        std::fprintf(stderr, "still here");
        PassFaultPoint("there");
        std::fprintf(stderr, " and there");
      },
      testing::KilledBySignal(SIGKILL), "still here$");
}

}  // namespace
}  // namespace redress

#endif  // REDRESS_TEST_HOOKS
