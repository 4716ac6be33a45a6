#ifndef REDRESS_SERVICES_INTAKE_APP_CASE_SERIALS_H_
#define REDRESS_SERVICES_INTAKE_APP_CASE_SERIALS_H_

#include <cstdint>
#include <map>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/intake/app/app_context.h"
#include "services/platform/async/task.h"

namespace redress::intake {

// Gives out the serials of case numbers, one year's after another. The counter lives in memory and
// starts from the last case in the store, so that filing costs no read; the condition that a case
// row is new keeps a number from ever being used twice, whatever the counter says.
// For the executor's thread.
class CaseSerials {
 public:
  explicit CaseSerials(const AppContext& context) : context_(context) {}

  // How many serials are left out after a restore: the cases that were filed since the backup are
  // not here, but their numbers are in people's hands and at other nodes. As many again for each
  // earlier restore of the same backup, and one for every four seconds between backup and restore,
  // so that two restores differ even if the first one left no word: a whole year of that leaves a
  // fifth of the year's numbers.
  static constexpr uint32_t kSkippedByRestore = 10'000;
  static constexpr absl::Duration kOneSkippedEach = absl::Seconds(4);

  // RESOURCE_EXHAUSTED when the year's numbers are used up.
  async::Task<absl::StatusOr<uint32_t>> Next(int year);

  // Takes a number back that was not used, when no later one was given out meanwhile: so that
  // ordinary refusals leave no gaps.
  void GiveBack(int year, uint32_t serial);

  // Has the next call read the store again: after a number turned out to be taken.
  void Forget(int year) { last_.erase(year); }

 private:
  uint32_t SkippedByRestore(const LastCase& last, int year) const;

  const AppContext& context_;
  std::map<int, uint32_t> last_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_CASE_SERIALS_H_
