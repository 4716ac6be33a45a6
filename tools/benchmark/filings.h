#ifndef REDRESS_TOOLS_BENCHMARK_FILINGS_H_
#define REDRESS_TOOLS_BENCHMARK_FILINGS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/sample/complaint_writer.h"

namespace redress::benchmark {

// Which invented complaints (tools/sample) to write.
struct FilingsSettings {
  std::string node = "kh";
  uint64_t seed = 1;
  uint64_t first = 0;     // Index of the first one looked at.
  uint64_t count = 1000;  // How many to write.
  size_t bytes = 0;       // Made so large; larger ones are passed over. 0: as large as they are.
  uint32_t max_members = 1;
};

// Invented complaints as serialised ComplaintFiling, each by its index. Thread-safe.
class FilingSource {
 public:
  static absl::StatusOr<FilingSource> Make(const FilingsSettings& settings);
  // Made `bytes` long if it is shorter; empty when the sample is no filing.
  std::string Filing(uint64_t index, size_t bytes) const;

 private:
  explicit FilingSource(sample::ComplaintWriter writer) : writer_(std::move(writer)) {}
  sample::ComplaintWriter writer_;
};

// Writes complaints as serialised ComplaintFiling, each behind its length: what is measured later
// need not turn JSON into messages.
absl::Status WriteFilings(const FilingsSettings& settings, const std::string& path);

// NOT_FOUND when the file is absent or empty, DATA_LOSS when it is cut off.
absl::StatusOr<std::vector<std::string>> ReadFilings(const std::string& path);

// What stands before a serialised message of `size` bytes that is field `field`, 1 to 15, of
// another: so a request is made of a filing without serialising it again.
std::string MessageHead(uint32_t field, size_t size);

}  // namespace redress::benchmark

#endif  // REDRESS_TOOLS_BENCHMARK_FILINGS_H_
