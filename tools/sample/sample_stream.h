#ifndef REDRESS_TOOLS_SAMPLE_SAMPLE_STREAM_H_
#define REDRESS_TOOLS_SAMPLE_SAMPLE_STREAM_H_

#include <cstdint>
#include <ostream>

#include "absl/status/status.h"
#include "tools/sample/complaint_writer.h"

namespace redress::sample {

// From this count on a run takes long enough to say how far it is.
inline constexpr uint64_t kCountWithProgress = 20'000;

// Writes `count` complaints from index `first` (counted from 0) to `out`, one a line, holding one
// in memory at a time. Every twentieth part of a long run is told on `progress`. DATA_LOSS when
// `out` does not take a line (disk full, pipe closed); what was written before stays.
absl::Status WriteSample(const ComplaintWriter& writer, uint64_t first, uint64_t count,
                         std::ostream& out, std::ostream& progress);

}  // namespace redress::sample

#endif  // REDRESS_TOOLS_SAMPLE_SAMPLE_STREAM_H_
