#include "tools/sample/sample_stream.h"

#include "fmt/format.h"

namespace redress::sample {

absl::Status WriteSample(const ComplaintWriter& writer, uint64_t first, uint64_t count,
                         std::ostream& out, std::ostream& progress) {
  const uint64_t stride = count / 20;
  for (uint64_t written = 0; written < count;) {
    out << writer.Line(first + written) << '\n';
    if (!out) {
      return absl::DataLossError(fmt::format("writing stopped after {} complaints", written));
    }
    ++written;
    if (count >= kCountWithProgress && written % stride == 0) {
      progress << fmt::format("{} of {} complaints written\n", written, count);
    }
  }
  out.flush();
  if (!out)
    return absl::DataLossError(fmt::format("the last of {} complaints is not whole", count));
  return absl::OkStatus();
}

}  // namespace redress::sample
