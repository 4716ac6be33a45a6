#ifndef REDRESS_TOOLS_SAMPLE_CASE_FACTS_H_
#define REDRESS_TOOLS_SAMPLE_CASE_FACTS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "services/platform/ids/random.h"
#include "services/platform/time/date.h"
#include "tools/sample/countries.h"
#include "tools/sample/proportions.h"
#include "tools/sample/story.h"

namespace redress::sample {

// What is decided once for a complaint and holds for everybody in it; the writers of its parts read
// it. A plain value; the pointers are to constants.
struct CaseFacts {
  std::string_view category;  // As the source names it; perhaps no code of intake's.
  const Story* story = nullptr;
  const CountryFacts* origin = nullptr;
  const CountryFacts* destination = nullptr;
  std::string_view filed_in;  // Country of the desk, ISO 3166-1 alpha-2.
  std::string_view stage;
  std::string_view sector;
  std::string_view channel;
  std::string respondent;
  bool by_licensed_agency = false;
  Date received_on;
  Date incident_from;  // `months` before incident_to.
  Date incident_to;
  int months = 1;
  int64_t monthly_wage = 0;      // In minor units of the destination's currency.
  int64_t paid_permille = 0;     // Of that wage.
  uint32_t people = 1;           // 1 is an individual complaint.
  bool wants_embassy = false;    // Agrees that the labour attaché follows the case.
  bool refers_to_union = false;  // Agrees to the destination's trade-union contact.

  bool local() const { return origin == destination; }
};

// Draws a complaint of the node, received at most two years before `last_day`.
CaseFacts DrawCase(const NodeProportions& node, const Date& last_day, RandomSource& random);

}  // namespace redress::sample

#endif  // REDRESS_TOOLS_SAMPLE_CASE_FACTS_H_
