#ifndef REDRESS_SERVICES_PLATFORM_AUDIT_REFUSAL_LIMIT_H_
#define REDRESS_SERVICES_PLATFORM_AUDIT_REFUSAL_LIMIT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"

namespace redress::audit {

// A budget that fills up steadily: `burst` at once, and one more each `interval`.
struct Allowance {
  uint64_t burst = 1;
  absl::Duration interval;
};

// What is left of an Allowance. Begins full; a clock that goes back takes nothing away.
class Budget {
 public:
  explicit Budget(Allowance allowance) : allowance_(allowance), left_(allowance.burst) {}

  // Fills up by the time that has passed since the last call.
  void Fill(absl::Time now);
  bool full() const { return left_ == allowance_.burst; }
  bool empty() const { return left_ == 0; }
  void Take() { --left_; }  // REQUIRES: !empty().

 private:
  Allowance allowance_;
  uint64_t left_;
  absl::Time filled_at_ = absl::InfinitePast();
};

// Decides which refusals leave a line in the audit log. Each line costs a synced commit and stays
// for ever, so a caller that asks for the same again and again must not have one each time: each
// caller has an allowance, and all of them together have one. What leaves no line is counted, and
// the caller's next line tells the number.
//
// Kept simple: it is in memory, so that a number not told when the process ends is lost; and beyond
// `kMostCallers` that are remembered at once, further ones share one allowance and one number.
//
// Not thread-safe.
class RefusalLimit {
 public:
  struct Allowances {
    Allowance caller{20, absl::Seconds(10)};
    Allowance all{200, absl::Seconds(1)};
  };
  static constexpr size_t kMostCallers = 10'000;

  RefusalLimit() : RefusalLimit(Allowances()) {}
  explicit RefusalLimit(Allowances allowances) : allowances_(allowances), all_(allowances.all) {}

  // Whether a refusal of `caller` may leave a line; then how many have left none since the caller's
  // last.
  std::optional<uint64_t> Admit(const std::string& caller, absl::Time now);

  // The line was not stored after all: it and the `untold` ones are told with the next.
  void NotStored(const std::string& caller, uint64_t untold);

  // How many callers are remembered. For tests.
  size_t size() const { return callers_.size(); }

 private:
  struct Caller {
    explicit Caller(Allowance allowance) : budget(allowance) {}
    Budget budget;
    uint64_t untold = 0;
  };

  Caller& Find(const std::string& caller, absl::Time now);
  void ForgetIdle(absl::Time now);

  const Allowances allowances_;
  Budget all_;
  absl::flat_hash_map<std::string, Caller> callers_;
};

}  // namespace redress::audit

#endif  // REDRESS_SERVICES_PLATFORM_AUDIT_REFUSAL_LIMIT_H_
