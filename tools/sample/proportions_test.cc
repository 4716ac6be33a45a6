#include "tools/sample/proportions.h"

#include <fstream>
#include <map>
#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "services/intake/domain/code_lists.h"
#include "services/platform/codes/iso_codes.h"
#include "services/platform/ids/random.h"
#include "tools/sample/countries.h"
#include "tools/sample/names.h"
#include "tools/sample/story.h"

namespace redress::sample {
namespace {

nlohmann::json PublishedTable(std::string_view id) {
  std::ifstream file(REDRESS_TEST_DATA "/published_figures.json");
  const nlohmann::json figures = nlohmann::json::parse(file, nullptr, false);
  for (const nlohmann::json& table : figures["tables"]) {
    if (table["id"] == std::string(id)) return table;
  }
  return {};
}

uint32_t WeightTo(const NodeProportions& node, std::string_view destination) {
  for (const CorridorShare& corridor : node.corridors) {
    if (corridor.destination == destination) return corridor.weight;
  }
  return 0;
}

uint64_t CorridorTotal(const NodeProportions& node) {
  uint64_t total = 0;
  for (const CorridorShare& corridor : node.corridors) total += corridor.weight;
  return total;
}

TEST(ProportionsTest, CategoriesAreThoseOfThePublishedTables) {
  int compared = 0;
  for (std::string_view node : KnownNodes()) {
    const CategoryShares& shares = ProportionsOf(node)->categories;
    const nlohmann::json table = PublishedTable(shares.published_table);
    ASSERT_FALSE(table.is_null()) << shares.published_table;
    if (!table.contains("by_category")) continue;
    EXPECT_EQ(table["by_category"].size(), shares.published.size());
    for (const Share& share : shares.published) {
      EXPECT_EQ(table["by_category"].value(std::string(share.value), 0u), share.weight)
          << shares.published_table << " " << share.value;
    }
    EXPECT_EQ(table["total"].get<uint64_t>(), TotalWeight(shares.published) + shares.rest);
    ++compared;
  }
  EXPECT_GE(compared, 10);
}

TEST(ProportionsTest, CambodiaFollowsItsPublishedSharesOfDelayAndOfThailand) {
  const nlohmann::json table = PublishedTable("ilo-gms-2011-2015");
  const NodeProportions& node = *ProportionsOf("kh");
  EXPECT_EQ(node.categories.published[0].value, "DEPLOYMENT_DELAY");
  EXPECT_EQ(node.categories.published[0].weight, table["cambodia_deployment_delay_share_pct"]);
  EXPECT_EQ(TotalWeight(node.categories.published) + node.categories.rest, 100u);
  EXPECT_EQ(WeightTo(node, "TH"), table["thailand_share_pct"]);
  EXPECT_EQ(CorridorTotal(node), 100u);
}

TEST(ProportionsTest, DestinationsOfIndonesiaAndIndiaAreThePublishedOnes) {
  const nlohmann::json indonesia = PublishedTable("bp2mi-2023-h1");
  for (const auto& [country, cases] : indonesia["by_destination"].items()) {
    EXPECT_EQ(WeightTo(*ProportionsOf("id"), country), cases) << country;
  }
  EXPECT_EQ(CorridorTotal(*ProportionsOf("id")), indonesia["total"]);

  const nlohmann::json india = PublishedTable("india-gulf-2019-06-30");
  for (const auto& [country, cases] : india["by_destination"].items()) {
    EXPECT_EQ(WeightTo(*ProportionsOf("in"), country), cases) << country;
  }
  EXPECT_EQ(CorridorTotal(*ProportionsOf("in")), india["total"]);
}

TEST(ProportionsTest, EveryCorridorLeadsBetweenCountriesThatAreDescribed) {
  for (std::string_view node : KnownNodes()) {
    bool abroad = false;
    for (const CorridorShare& corridor : ProportionsOf(node)->corridors) {
      abroad = abroad || corridor.origin != corridor.destination;
      ASSERT_NE(FactsOf(corridor.origin), nullptr) << corridor.origin;
      ASSERT_NE(FactsOf(corridor.destination), nullptr) << corridor.destination;
      EXPECT_TRUE(HasNames(corridor.origin)) << corridor.origin;
      EXPECT_FALSE(FactsOf(corridor.origin)->provinces.empty()) << corridor.origin;
    }
    EXPECT_TRUE(abroad) << node << ": drawing a corridor would never end";
  }
}

TEST(CountriesTest, CodesAndDecimalsAreThoseOfTheIsoLists) {
  absl::StatusOr<IsoCodes> codes = IsoCodes::Load();
  ASSERT_TRUE(codes.ok()) << codes.status();
  for (const CountryFacts& facts : AllCountries()) {
    EXPECT_TRUE(codes->HasCountry(facts.code)) << facts.code;
    EXPECT_TRUE(codes->HasLanguage(facts.language)) << facts.language;
    EXPECT_EQ(codes->CurrencyDecimals(facts.currency), facts.decimals) << facts.currency;
    EXPECT_EQ(codes->CurrencyDecimals(facts.fee_currency), facts.fee_decimals) << facts.code;
    EXPECT_LT(facts.wage_low, facts.wage_high) << facts.code;
    EXPECT_LT(facts.fee_low, facts.fee_high) << facts.code;
    for (std::string_view province : facts.provinces) {
      EXPECT_TRUE(codes->HasSubdivision(province)) << province;
    }
  }
}

TEST(StoryTest, EveryCategoryHasItsOwnStoryInCodesThatIntakeKnows) {
  for (std::string_view category : kCategories.codes()) {
    const Story& story = StoryOf(category);
    EXPECT_EQ(story.category, category);
    EXPECT_TRUE(intake::kMigrationStages.Contains(story.stage)) << category;
    EXPECT_TRUE(intake::kWhereabouts.Contains(story.where_now)) << category;
    EXPECT_TRUE(kRemedies.Contains(story.remedy)) << category;
    EXPECT_TRUE(story.second_remedy.empty() || kRemedies.Contains(story.second_remedy));
    EXPECT_TRUE(story.circumstance.empty() || intake::kCircumstances.Contains(story.circumstance));
    EXPECT_TRUE(intake::kDocumentHolders.Contains(story.document_holder)) << category;
    EXPECT_THAT(Tell(story, "Malaysia", "the firm", 3, "FISHING"),
                testing::Not(testing::HasSubstr("{")));
  }
  EXPECT_EQ(StoryOf("WORK_FROM_HOME").category, "OTHER");
}

TEST(NamesTest, PeopleOfACountryHaveManyNamesAndSomeInTheirOwnScript) {
  SeededRandom random(11);
  std::set<std::string> names;
  bool own_script = false;
  for (int i = 0; i < 2000; ++i) {
    const std::string name = InventPerson("KH", i % 2 == 0 ? "FEMALE" : "MALE", random);
    own_script = own_script || static_cast<unsigned char>(name[0]) >= 0x80;
    names.insert(name);
  }
  EXPECT_GT(names.size(), 400u);
  EXPECT_TRUE(own_script);
}

}  // namespace
}  // namespace redress::sample
