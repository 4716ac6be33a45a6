#ifndef REDRESS_TESTS_SIMULATION_ATTEMPT_H_
#define REDRESS_TESTS_SIMULATION_ATTEMPT_H_

#include <functional>
#include <string>
#include <utility>

#include "services/platform/auth/access_table.h"
#include "tests/simulation/call.h"
#include "tests/simulation/deed.h"

namespace redress::simulation {

template <class T>
async::Task<absl::StatusOr<T>> Refused(absl::Status status) {
  co_return status;
}

// Awaits an answer and keeps what of it a repetition must say again.
template <class T>
async::Task<absl::StatusOr<std::string>> Digested(
    async::Task<absl::StatusOr<T>> task, Deed& deed,
    std::function<std::string(const T&, Deed&)> digest) {
  const absl::StatusOr<T> answer = co_await task;
  if (!answer.ok()) co_return answer.status();
  co_return digest(*answer, deed);
}

}  // namespace redress::simulation

#endif  // REDRESS_TESTS_SIMULATION_ATTEMPT_H_
