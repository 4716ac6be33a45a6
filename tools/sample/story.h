#ifndef REDRESS_TOOLS_SAMPLE_STORY_H_
#define REDRESS_TOOLS_SAMPLE_STORY_H_

#include <string>
#include <string_view>

namespace redress::sample {

// What money a kind of complaint is about.
enum class Claim {
  kNone,
  kAllWages,      // Nothing was paid.
  kPartOfWages,   // Less was paid than promised.
  kDeduction,     // Part of the wage was kept back.
  kOvertime,      // Extra hours were not paid.
  kFeeRefund,     // What was paid for going is asked back.
  kCompensation,  // A lump sum.
};

// What belongs to a category of complaint, so that the parts of a sample fit together. Codes are
// intake's.
struct Story {
  std::string_view category;
  std::string_view stage;      // BEFORE, DURING, AFTER.
  std::string_view where_now;  // Where the worker usually is by then.
  std::string_view remedy;
  std::string_view second_remedy;  // Empty: none.
  Claim claim;
  std::string_view circumstance;  // Empty: none.
  std::string_view document_holder;
  bool by_agency;              // The respondent is who recruited, not who employs.
  bool in_groups;              // Several workers may complain of it together.
  bool at_home_too;            // May happen to a worker who never migrated.
  bool by_representative;      // Somebody else files, since the worker cannot.
  std::string_view narrative;  // {country}, {respondent}, {months}, {sector} are filled in.
};

// The story of a category; that of OTHER for a code that intake does not know.
const Story& StoryOf(std::string_view category);

// The narrative with its places filled in.
std::string Tell(const Story& story, std::string_view country, std::string_view respondent,
                 int months, std::string_view sector);

}  // namespace redress::sample

#endif  // REDRESS_TOOLS_SAMPLE_STORY_H_
