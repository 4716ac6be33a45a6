#ifndef REDRESS_TOOLS_SAMPLE_MONEY_WRITER_H_
#define REDRESS_TOOLS_SAMPLE_MONEY_WRITER_H_

#include "nlohmann/json.hpp"
#include "services/platform/ids/random.h"
#include "tools/sample/case_facts.h"

namespace redress::sample {

// Adds to a member what that member claims and was charged: "claimLines" and "feeLines", as the
// story of the case asks; nothing when it is not about money. What is claimed is promised less
// received, to the minor unit, and never zero.
void WriteMoney(const CaseFacts& facts, RandomSource& random, nlohmann::ordered_json& member);

}  // namespace redress::sample

#endif  // REDRESS_TOOLS_SAMPLE_MONEY_WRITER_H_
