#include "tools/sample/case_facts.h"

#include "tools/sample/draw.h"
#include "tools/sample/names.h"

namespace redress::sample {
namespace {

constexpr int kDaysBack = 730;
constexpr int kDaysPerMonth = 30;

int64_t MinorUnits(int64_t whole, int decimals) {
  for (int i = 0; i < decimals; ++i) whole *= 10;
  return whole;
}

// Draws again while a case among locals would make no sense. Ends: every node has a corridor to
// another country.
const CorridorShare& DrawCorridor(const NodeProportions& node, const Story& story,
                                  RandomSource& random) {
  for (;;) {
    const CorridorShare& corridor = PickCorridor(node.corridors, random);
    if (story.at_home_too || corridor.origin != corridor.destination) return corridor;
  }
}

void DrawRespondent(CaseFacts& facts, RandomSource& random) {
  if (facts.story->by_agency) {
    facts.by_licensed_agency = facts.category != "UNLICENSED_RECRUITMENT" && Chance(600, random);
    facts.respondent = InventAgency(facts.origin->code, random);
    return;
  }
  // A household has no firm; the worker knows the family by a name.
  if (facts.sector == "DOMESTIC_WORK") {
    facts.respondent = "the employer";
    return;
  }
  facts.respondent = InventFirm(facts.destination->code, random);
}

void DrawDates(CaseFacts& facts, const Date& last_day, RandomSource& random) {
  facts.received_on = AddDays(last_day, -static_cast<int>(Below(kDaysBack, random)));
  facts.incident_to = AddDays(facts.received_on, -static_cast<int>(Between(1, 60, random)));
  facts.months =
      static_cast<int>(Chance(800, random) ? Between(1, 9, random) : Between(10, 30, random));
  facts.incident_from = AddDays(facts.incident_to, -facts.months * kDaysPerMonth);
}

void DrawWage(CaseFacts& facts, RandomSource& random) {
  const CountryFacts& country = *facts.destination;
  const int64_t steps = (country.wage_high - country.wage_low) / country.wage_step;
  facts.monthly_wage = MinorUnits(country.wage_low + Between(0, steps, random) * country.wage_step,
                                  country.decimals);
  switch (facts.story->claim) {
    case Claim::kAllWages:
      facts.paid_permille = 0;
      break;
    case Claim::kPartOfWages:
      facts.paid_permille = 50 * Between(8, 17, random);
      break;
    default:
      facts.paid_permille = 10 * Between(80, 95, random);
  }
}

std::string UpperCase(std::string_view node) {
  std::string country(node);
  for (char& letter : country) letter = static_cast<char>(letter - 'a' + 'A');
  return country;
}

}  // namespace

CaseFacts DrawCase(const NodeProportions& node, const Date& last_day, RandomSource& random) {
  CaseFacts facts;
  facts.category = PickCategory(node.categories, random);
  facts.story = &StoryOf(facts.category);
  const CorridorShare& corridor = DrawCorridor(node, *facts.story, random);
  facts.origin = FactsOf(corridor.origin);
  facts.destination = FactsOf(corridor.destination);
  facts.filed_in = FactsOf(UpperCase(node.node))->code;
  // By the API's convention what happens to a local worker happens DURING.
  facts.stage = facts.local() ? "DURING" : facts.story->stage;
  facts.sector = PickSector(corridor.destination, random);
  facts.channel = PickShare(node.channels, random);
  DrawRespondent(facts, random);
  DrawDates(facts, last_day, random);
  DrawWage(facts, random);
  facts.people = facts.story->in_groups ? PickGroupSize(random) : 1;
  facts.wants_embassy = !facts.local() && Chance(600, random);
  facts.refers_to_union =
      !facts.local() && !facts.destination->union_body.empty() && Chance(700, random);
  return facts;
}

}  // namespace redress::sample
