#ifndef REDRESS_SERVICES_INTAKE_APP_IMPORTING_H_
#define REDRESS_SERVICES_INTAKE_APP_IMPORTING_H_

#include <vector>

#include "absl/status/statusor.h"
#include "services/intake/app/answers.h"
#include "services/intake/app/app_context.h"
#include "services/intake/app/commands.h"
#include "services/intake/app/filing.h"
#include "services/platform/async/task.h"

namespace redress::intake {

// Filing many complaints at once.
class Importing {
 public:
  static constexpr size_t kMaxLines = 64;

  Importing(const AppContext& context, Filing& filing) : context_(context), filing_(filing) {}

  // One result per line, in order: what FileComplaint would have answered, errors included; wrong
  // fields stand below "filing". All lines are handed to the committer together, so that they share
  // one write and sync, each with a commit of its own: a bad line stores nothing and stops nothing.
  // `repeated` says that an earlier import had stored the line.
  // REQUIRES: at most kMaxLines.
  async::Task<std::vector<absl::StatusOr<VerbAnswer>>> ImportBatch(Caller caller,
                                                                   std::vector<ImportLine> lines);

 private:
  const AppContext& context_;
  Filing& filing_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_IMPORTING_H_
