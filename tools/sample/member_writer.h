#ifndef REDRESS_TOOLS_SAMPLE_MEMBER_WRITER_H_
#define REDRESS_TOOLS_SAMPLE_MEMBER_WRITER_H_

#include <cstdint>

#include "nlohmann/json.hpp"
#include "services/platform/ids/random.h"
#include "tools/sample/case_facts.h"

namespace redress::sample {

using Json = nlohmann::ordered_json;

// One person of the case as redress.intake.v1.GroupMember in proto3 JSON. `number` counts the
// members from 1.
Json WriteMember(const CaseFacts& facts, uint32_t number, RandomSource& random);

// What everybody in the case agreed to, as a list of redress.intake.v1.Consent.
Json WriteCommonConsents(const CaseFacts& facts, RandomSource& random);

}  // namespace redress::sample

#endif  // REDRESS_TOOLS_SAMPLE_MEMBER_WRITER_H_
