#ifndef REDRESS_SERVICES_STATUS_WIRING_H_
#define REDRESS_SERVICES_STATUS_WIRING_H_

#include <memory>

#include "absl/status/statusor.h"
#include "services/status/flags.h"

namespace redress::status {

// The whole service, running: store, application, server, and the loops that read the two logs.
// For one thread, main's; destroying it stops it.
class StatusProcess {
 public:
  // Opens the store, begins to read the logs, and serves. While the read models are being built it
  // waits for them up to kWaitForBuild, then serves all the same: the health service says that it
  // is not serving, and calls are answered UNAVAILABLE until they are whole.
  static absl::StatusOr<std::unique_ptr<StatusProcess>> Start(StatusOptions options);
  ~StatusProcess();

  void Stop();

  static constexpr absl::Duration kWaitForBuild = absl::Seconds(10);

 private:
  struct Parts;
  explicit StatusProcess(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_WIRING_H_
