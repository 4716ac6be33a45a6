#ifndef REDRESS_TOOLS_BENCHMARK_SIDES_H_
#define REDRESS_TOOLS_BENCHMARK_SIDES_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/support/byte_buffer.h"

namespace redress::benchmark {

// What is called on one side of a comparison: a method, and its requests already serialised, so
// that making a request costs the client as little on every side. Not thread-safe.
class Side {
 public:
  virtual ~Side() = default;
  virtual std::string_view method() const = 0;
  virtual grpc::ByteBuffer NextRequest() = 0;
  // Called with each answer that came OK, if WantsAnswers says so.
  virtual bool WantsAnswers() const { return false; }
  virtual void Take(const grpc::ByteBuffer& answer) { static_cast<void>(answer); }
};

struct SideSettings {
  std::string name;           // One of SideNames().
  std::string filings;        // file: made by `redress-benchmark filings`.
  size_t first_filing = 0;    // file: where in it to begin; after the last comes the first.
  std::string cases;          // status, list, track: what is there; file: what was filed is added.
  bool keep_cases = false;    // file: whether to add to `cases`.
  size_t request_bytes = 16;  // echo, store
  size_t answer_bytes = 16;   // echo
  size_t page_size = 20;      // list, read; read: 0 reads one row by its key
};

std::vector<std::string> SideNames();

// INVALID_ARGUMENT for an unknown name; NOT_FOUND when a file is missing or empty.
absl::StatusOr<std::unique_ptr<Side>> MakeSide(const SideSettings& settings);

// One case that reads ask for.
struct KnownCase {
  std::string number;
  std::string tracking_code;  // Digits alone; empty when it is not known.
};
absl::StatusOr<std::vector<KnownCase>> ReadCases(const std::string& path);

}  // namespace redress::benchmark

#endif  // REDRESS_TOOLS_BENCHMARK_SIDES_H_
