#include "services/platform/status/fault_point.h"

#ifdef REDRESS_TEST_HOOKS
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string>
#include <string_view>

namespace redress {
namespace {

struct Fault {
  std::string name;
  int passes_left = 0;
};

Fault FromEnvironment() {
  const char* text = std::getenv("REDRESS_FAULT");
  if (text == nullptr) return {};
  const std::string_view whole(text);
  const size_t colon = whole.find(':');
  if (colon == std::string_view::npos) return {std::string(whole), 1};
  return {std::string(whole.substr(0, colon)), std::atoi(whole.substr(colon + 1).data())};
}

}  // namespace

void PassFaultPoint(const char* name) {
  static const Fault fault = FromEnvironment();
  static std::atomic<int> passes_left{fault.passes_left};
  if (fault.name != name) return;
  if (passes_left.fetch_sub(1) == 1) kill(getpid(), SIGKILL);
}

}  // namespace redress
#endif
