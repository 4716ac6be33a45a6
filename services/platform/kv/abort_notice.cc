#include "services/platform/kv/abort_notice.h"

#include <unistd.h>

#include <csignal>

namespace redress::kv {
namespace {

constexpr char kNotice[] =
    "store: the process gave itself up. When the line above is of RocksDB (file/…, db/…), the disk "
    "has most likely no room left; see docs/runbook.md, \"The process gave itself up\"\n";

void Say(int /*signal*/) {
  // The process ends either way.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kNotice, sizeof(kNotice) - 1);
}

}  // namespace

void SayWhereToLookOnAbort() {
  struct sigaction before{};
  if (::sigaction(SIGABRT, nullptr, &before) != 0 || before.sa_handler != SIG_DFL) return;
  struct sigaction action{};
  action.sa_handler = Say;
  action.sa_flags = SA_RESETHAND;  // abort() then ends the process as it does without a handler.
  ::sigaction(SIGABRT, &action, nullptr);
}

}  // namespace redress::kv
