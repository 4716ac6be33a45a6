#include "services/platform/rpc/service_main.h"

#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "absl/synchronization/mutex.h"
#include "fmt/format.h"
#include "nlohmann/json.hpp"

// Read by jemalloc (ADR 32) as the process starts. It gives back what a thread has freed only when
// that thread frees more, unless a thread of its own does: what a compaction took would stay until
// the next one.
extern "C" {
const char* malloc_conf = "background_thread:true";
}

namespace redress::rpc {
namespace {

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

}  // namespace

void PrepareProcess() {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  // Whatever a service writes is for its own user alone.
  umask(S_IRWXG | S_IRWXO);
}

int WaitForStopSignal() {
  const sigset_t signals = StopSignals();
  int received = 0;
  while (sigwait(&signals, &received) != 0) {
  }
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  return received;
}

absl::Status WriteAddressFile(const std::string& path, const std::string& service,
                              const std::map<std::string, std::vector<std::string>>& addresses) {
  if (path.empty()) return absl::OkStatus();
  const nlohmann::json content = {
      {"service", service}, {"pid", getpid()}, {"addresses", addresses}};
  const std::string unfinished = fmt::format("{}.{}", path, getpid());
  {
    std::ofstream file(unfinished, std::ios::trunc);
    file << content.dump(2) << '\n';
    file.close();
    if (!file) return absl::UnavailableError(fmt::format("{}: cannot be written", unfinished));
  }
  if (std::rename(unfinished.c_str(), path.c_str()) != 0) {
    return absl::UnavailableError(fmt::format("{}: cannot be put in place", path));
  }
  return absl::OkStatus();
}

}  // namespace redress::rpc
