#ifndef REDRESS_TOOLS_SAMPLE_COMPLAINT_WRITER_H_
#define REDRESS_TOOLS_SAMPLE_COMPLAINT_WRITER_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"
#include "services/platform/time/date.h"
#include "tools/sample/case_facts.h"
#include "tools/sample/proportions.h"

namespace redress::sample {

// Most members that one filing may hold; the API's limit.
inline constexpr uint32_t kMaxMembers = 200;

// What a sample is of.
struct SampleSettings {
  std::string node = "kh";
  uint64_t seed = 1;
  Date last_day{2025, 12, 31};         // No complaint is later.
  uint32_t max_members = kMaxMembers;  // Listed by name, 1 to 200; the others only counted.
};

// Writes invented complaints, as redress.intake.v1.ComplaintFiling in proto3 JSON.
//
//   ASSIGN_OR_RETURN(ComplaintWriter writer, ComplaintWriter::Make({.node = "kh", .seed = 7}));
//   for (uint64_t i = 0; i < 1000; ++i) out << writer.Line(i) << '\n';
//
// Each complaint depends on the seed and its own index alone: samples can be made in parts, and a
// longer sample begins with the shorter one. Thread-safe: never changes. Left simple on purpose:
// nobody complains twice, and respondents repeat only by chance.
class ComplaintWriter {
 public:
  // INVALID_ARGUMENT for a node without a table of proportions or settings out of range.
  static absl::StatusOr<ComplaintWriter> Make(SampleSettings settings);

  // The complaint as one line, without the line's end.
  std::string Line(uint64_t index) const;

  // The same before it is printed.
  nlohmann::ordered_json Filing(uint64_t index) const;

 private:
  ComplaintWriter(SampleSettings settings, const NodeProportions& proportions)
      : settings_(std::move(settings)), proportions_(&proportions) {}

  SampleSettings settings_;
  const NodeProportions* proportions_;
};

}  // namespace redress::sample

#endif  // REDRESS_TOOLS_SAMPLE_COMPLAINT_WRITER_H_
