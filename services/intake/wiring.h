#ifndef REDRESS_SERVICES_INTAKE_WIRING_H_
#define REDRESS_SERVICES_INTAKE_WIRING_H_

#include <memory>

#include "absl/status/statusor.h"
#include "services/intake/flags.h"

namespace redress::intake {

// The whole process of the intake service: makes its parts in order, serves, and takes them down in
// the reverse order. For one thread, main's.
class IntakeProcess {
 public:
  // Serves when it returns: store open, leftovers of broken uploads removed, addresses written.
  // Otherwise the first problem, fit to be shown to an operator.
  static absl::StatusOr<std::unique_ptr<IntakeProcess>> Start(const Options& options);

  // Stops, as far as that was not done.
  ~IntakeProcess();
  IntakeProcess(const IntakeProcess&) = delete;
  IntakeProcess& operator=(const IntakeProcess&) = delete;

  // Takes no more calls, lets those under way finish within --stop_grace, and returns.
  void Stop();

 private:
  struct Parts;
  explicit IntakeProcess(std::unique_ptr<Parts> parts);

  const std::unique_ptr<Parts> parts_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_WIRING_H_
