#include "tools/sample/complaint_writer.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "services/platform/codes/case_codes.h"
#include "services/platform/ids/random.h"
#include "services/platform/money/money.h"
#include "tools/sample/draw.h"
#include "tools/sample/member_writer.h"

namespace redress::sample {
namespace {

constexpr Share kSecondCategories[] = {{"DOCUMENT_RETENTION", 25}, {"EXCESSIVE_HOURS_NO_REST", 20},
                                       {"OVERCHARGED_FEES", 20},   {"HOUSING_CONDITIONS", 12},
                                       {"UNLAWFUL_DEDUCTION", 15}, {"RETALIATION", 8}};
constexpr Share kHeardOfUs[] = {
    {"FRIEND_OR_FAMILY", 40}, {"SOCIAL_MEDIA", 18}, {"NGO", 12},     {"UNION", 10},
    {"AUTHORITY", 9},         {"RADIO_OR_TV", 5},   {"TRAINING", 4}, {"EMBASSY", 2}};

// A code that intake does not know comes in as OTHER, with the source's code kept.
Json WriteCategory(std::string_view code) {
  if (code == "OTHER") return {{"code", "OTHER"}, {"otherText", "question about rights at work"}};
  if (kCategories.Contains(code)) return {{"code", code}};
  return {{"code", "OTHER"}, {"sourceCategoryCode", code}};
}

Json WriteRespondent(const CaseFacts& facts, RandomSource& random) {
  if (facts.story->by_agency) {
    Json agency = {{"kind", facts.by_licensed_agency ? "LICENSED_AGENCY" : "UNLICENSED_BROKER"}};
    // Workers often know the man and not the firm.
    if (!facts.by_licensed_agency && Chance(400, random)) {
      agency["description"] = "came to the village by motorbike, shop near the bus station";
      agency["licenceStatus"] = "NONE";
      return agency;
    }
    agency["name"] = facts.respondent;
    agency["country"] = facts.origin->code;
    if (facts.by_licensed_agency) {
      agency["licenceNumber"] = fmt::format("L-{:04}", Below(10000, random));
    }
    if (facts.category == "RECRUITMENT_FRAUD") agency["conduct"] = {"FRAUDULENT"};
    return agency;
  }
  Json employer = {{"kind", "EMPLOYER"}};
  if (facts.sector == "DOMESTIC_WORK") {
    employer["description"] = "family in a block of flats, the woman is a teacher";
  } else {
    employer["name"] = facts.respondent;
  }
  employer["country"] = facts.destination->code;
  return employer;
}

// The wage promised against the wage paid, where the case is about that.
void WriteWageClause(const CaseFacts& facts, RandomSource& random, Json& complaint) {
  if (facts.story->claim != Claim::kPartOfWages) return;
  const CountryFacts& country = *facts.destination;
  const int64_t paid = facts.monthly_wage / 1000 * facts.paid_permille;
  Json clause = {
      {"clause", "WAGE"},
      {"promisedAmount",
       {{"currencyCode", country.currency},
        {"amount", FormatMinorUnits(facts.monthly_wage, country.decimals)}}},
      {"actualAmount",
       {{"currencyCode", country.currency}, {"amount", FormatMinorUnits(paid, country.decimals)}}},
      {"per", "MONTH"}};
  clause["promised"] = "a month's wage";
  if (Chance(400, random)) clause["inWriting"] = true;
  complaint["contractClauses"] = Json::array({std::move(clause)});
}

void WriteCategories(const CaseFacts& facts, RandomSource& random, Json& complaint) {
  complaint["primaryCategory"] = WriteCategory(facts.category);
  if (facts.local() || facts.stage != "DURING" || !Chance(350, random)) return;
  const std::string_view second = PickShare(kSecondCategories, random);
  if (second == facts.category) return;
  complaint["secondaryCategories"] = Json::array({WriteCategory(second)});
}

Json WriteComplaint(const CaseFacts& facts, RandomSource& random) {
  const Story& story = *facts.story;
  Json complaint;
  complaint["kind"] = story.remedy == "INFORMATION_ONLY" ? "INQUIRY" : "COMPLAINT";
  complaint["scope"] = facts.people > 1 ? "GROUP" : "INDIVIDUAL";
  complaint["channel"] = facts.channel;
  complaint["migrationStage"] = facts.stage;
  complaint["corridor"] = {{"origin", facts.origin->code},
                           {"destination", facts.destination->code}};
  complaint["incident"] = {{"from", facts.incident_from.ToString()},
                           {"to", facts.incident_to.ToString()}};
  complaint["sector"] = facts.sector;
  WriteCategories(facts, random, complaint);
  complaint["remediesSought"] = Json::array({story.remedy});
  if (!story.second_remedy.empty()) complaint["remediesSought"].push_back(story.second_remedy);
  complaint["narrative"] =
      Tell(story, facts.destination->name, facts.respondent, facts.months, facts.sector);
  complaint["narrativeLanguage"] = "en";
  complaint["respondents"] = Json::array({WriteRespondent(facts, random)});
  WriteWageClause(facts, random, complaint);
  if (!story.circumstance.empty() && Chance(800, random)) {
    complaint["circumstances"] = Json::array({story.circumstance});
  }
  if (Chance(600, random)) complaint["heardOfUs"] = PickShare(kHeardOfUs, random);
  complaint["receivedOn"] = facts.received_on.ToString();
  const CountryFacts* desk = FactsOf(facts.filed_in);
  if (Chance(700, random)) {
    complaint["province"] = PickOne<std::string_view>(desk->provinces, random);
  }
  return complaint;
}

}  // namespace

absl::StatusOr<ComplaintWriter> ComplaintWriter::Make(SampleSettings settings) {
  const NodeProportions* proportions = ProportionsOf(settings.node);
  if (proportions == nullptr) {
    return absl::InvalidArgumentError(fmt::format("node: '{}' is not known; accepted: {}",
                                                  settings.node, fmt::join(KnownNodes(), ", ")));
  }
  if (settings.max_members < 1 || settings.max_members > kMaxMembers) {
    return absl::InvalidArgumentError(
        fmt::format("max members: {} is not within 1 to {}", settings.max_members, kMaxMembers));
  }
  if (!settings.last_day.whole()) {
    return absl::InvalidArgumentError("last day: must be a whole date, YYYY-MM-DD");
  }
  return ComplaintWriter(std::move(settings), *proportions);
}

nlohmann::ordered_json ComplaintWriter::Filing(uint64_t index) const {
  // Mixed twice, so that neighbouring indexes and seeds start far apart in the sequence.
  SeededRandom mixer(settings_.seed);
  SeededRandom starts(mixer.Next() ^ (index * 0xd1342543de82ef95));
  SeededRandom random(starts.Next());

  const CaseFacts facts = DrawCase(*proportions_, settings_.last_day, random);
  const uint32_t listed = std::min(facts.people, settings_.max_members);
  Json filing;
  filing["complaint"] = WriteComplaint(facts, random);
  filing["complaint"]["ownReference"] = fmt::format("SAMPLE-{}-{:07}", settings_.seed, index + 1);
  if (listed < facts.people) filing["complaint"]["affectedPeople"] = facts.people;
  // The members come last from the sequence: how many are listed changes nothing before them.
  Json consents = WriteCommonConsents(facts, random);
  Json members = Json::array();
  for (uint32_t i = 0; i < listed; ++i) members.push_back(WriteMember(facts, i + 1, random));
  filing["members"] = std::move(members);
  filing["consents"] = std::move(consents);
  return filing;
}

std::string ComplaintWriter::Line(uint64_t index) const { return Filing(index).dump(); }

}  // namespace redress::sample
