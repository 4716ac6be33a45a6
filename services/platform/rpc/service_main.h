#ifndef REDRESS_SERVICES_PLATFORM_RPC_SERVICE_MAIN_H_
#define REDRESS_SERVICES_PLATFORM_RPC_SERVICE_MAIN_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace redress::rpc {

// What the main of every service shares:
//
//   int main(int argc, char** argv) {
//     rpc::PrepareProcess();                                   // before any thread
//     ...
//     auto node = Start(options);
//     rpc::WriteAddressFile(options.address_file, "intake", {{"grpc", node->addresses()}});
//     rpc::WaitForStopSignal();
//     node->Stop();
//   }

// First in main, before any thread is started: blocks SIGTERM and SIGINT in this and all later
// threads (WaitForStopSignal takes them), ignores SIGPIPE, keeps the files that are made to this
// user (umask 077), and turns off Abseil's deadlock detection, which Debian builds in and which
// costs 8 to 13 % of the throughput.
void PrepareProcess();

// Waits for SIGTERM or SIGINT. Returns which. A second one while stopping is not waited for: the
// signals are let through again, so that it ends the process at once.
int WaitForStopSignal();

// Writes what was bound as JSON, so that whoever started the process with port 0 finds it:
//   {"service": "intake", "pid": 812, "addresses": {"grpc": ["127.0.0.1:40733"], "metrics": […]}}
// The file appears whole, under its final name, once everything is bound. An empty path: no file.
absl::Status WriteAddressFile(const std::string& path, const std::string& service,
                              const std::map<std::string, std::vector<std::string>>& addresses);

}  // namespace redress::rpc

#endif  // REDRESS_SERVICES_PLATFORM_RPC_SERVICE_MAIN_H_
