#ifndef REDRESS_TOOLS_SAMPLE_PROPORTIONS_H_
#define REDRESS_TOOLS_SAMPLE_PROPORTIONS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/platform/ids/random.h"
#include "tools/sample/draw.h"

namespace redress::sample {

// How often what is complained about, by whom, between which countries.
//
// What a published table prints is here with the table's own numbers and its id in
// tests/data/published_figures.json, and a test holds the two against each other. Where nothing is
// published (sectors, sexes by sector, most corridors) the numbers are assumptions, marked so, made
// to look like the field and fit for load and demonstration only: never to be quoted.

// Categories of a published table, and how many cases it leaves unexplained. Those are spread over
// the categories that the table does not name.
struct CategoryShares {
  std::string_view published_table;
  Shares published;
  uint32_t rest;
};

struct CorridorShare {
  std::string_view origin;
  std::string_view destination;
  uint32_t weight;
};

// One country's desk.
struct NodeProportions {
  std::string_view node;
  CategoryShares categories;
  std::span<const CorridorShare> corridors;
  Shares channels;
};

// Null when there is no table for the node.
const NodeProportions* ProportionsOf(std::string_view node);

// The nodes that there are tables for.
std::vector<std::string_view> KnownNodes();

// A category code, or a source's own code that intake does not know (WORK_FROM_HOME).
std::string_view PickCategory(const CategoryShares& shares, RandomSource& random);

const CorridorShare& PickCorridor(std::span<const CorridorShare> corridors, RandomSource& random);

// The economic sector of a migrant's work in that country. Assumed.
std::string_view PickSector(std::string_view destination, RandomSource& random);

// FEMALE, MALE, and now and then OTHER or UNKNOWN, as is likely in that sector. Assumed.
std::string_view PickSex(std::string_view sector, RandomSource& random);

// How many people a complaint is for, 1 to 200. With the share of group complaints chosen so that
// the mean comes near the published 7,643 workers in 1,014 cases (ilo-gms-2011-2015).
uint32_t PickGroupSize(RandomSource& random);

}  // namespace redress::sample

#endif  // REDRESS_TOOLS_SAMPLE_PROPORTIONS_H_
