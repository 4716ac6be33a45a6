#include "tools/sample/money_writer.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "services/platform/money/money.h"
#include "tools/sample/draw.h"

namespace redress::sample {
namespace {

using Json = nlohmann::ordered_json;

Json Money(std::string_view currency, int decimals, int64_t minor_units) {
  return {{"currencyCode", currency}, {"amount", FormatMinorUnits(minor_units, decimals)}};
}

int64_t WholeUnit(int decimals) {
  int64_t unit = 1;
  for (int i = 0; i < decimals; ++i) unit *= 10;
  return unit;
}

// Months as people remember them: "2024-03".
Json Months(const Date& from, const Date& to) {
  return {{"from", Date{from.year, from.month, 0}.ToString()},
          {"to", Date{to.year, to.month, 0}.ToString()}};
}

// Wages for the time of the case; in a group some joined later than others.
void WriteWages(const CaseFacts& facts, RandomSource& random, Json& member) {
  const CountryFacts& country = *facts.destination;
  int months = facts.months;
  if (facts.people > 1 && Chance(250, random)) {
    months = static_cast<int>(Between(1, facts.months, random));
  }
  std::string_view type = "WAGES";
  int64_t promised = facts.monthly_wage * months;
  int64_t received = promised / 1000 * facts.paid_permille;
  if (facts.story->claim == Claim::kDeduction) type = "DEDUCTION";
  if (facts.story->claim == Claim::kOvertime) {
    type = "OVERTIME";
    promised = promised / 5;  // About two hours a day.
    received = 0;
  }
  const Json period = Months(AddDays(facts.incident_to, -30 * months), facts.incident_to);
  member["claimLines"] =
      Json::array({{{"type", type},
                    {"period", period},
                    {"promised", Money(country.currency, country.decimals, promised)},
                    {"received", Money(country.currency, country.decimals, received)},
                    {"claimed", Money(country.currency, country.decimals, promised - received)}}});
}

// A lump sum of one to two dozen months' wages, whole units.
void WriteCompensation(const CaseFacts& facts, RandomSource& random, Json& member) {
  const CountryFacts& country = *facts.destination;
  const int64_t unit = WholeUnit(country.decimals);
  const int64_t sum = facts.monthly_wage / unit * unit * Between(1, 24, random);
  member["claimLines"] =
      Json::array({{{"type", facts.category == "DEATH_REMAINS" ? "INSURANCE" : "COMPENSATION"},
                    {"claimed", Money(country.currency, country.decimals, std::max(sum, unit))}}});
}

// What was paid for going, in parts, and the whole of it claimed back.
void WriteFees(const CaseFacts& facts, RandomSource& random, Json& member) {
  const CountryFacts& origin = *facts.origin;
  const int64_t unit = WholeUnit(origin.fee_decimals);
  const int64_t step = origin.fee_low / 10;
  const int64_t total =
      Between(origin.fee_low / step, origin.fee_high / step, random) * step * unit;
  const int64_t papers = total / unit / 8 * unit;
  const int64_t medical = total / unit / 20 * unit;
  const Date paid = facts.incident_from;
  const std::string paid_on = Date{paid.year, paid.month, 0}.ToString();
  Json fees = Json::array();
  const std::pair<std::string_view, int64_t> parts[] = {
      {"BROKER", total - papers - medical}, {"PASSPORT_OR_DOCUMENT", papers}, {"MEDICAL", medical}};
  for (const auto& [type, amount] : parts) {
    Json fee = {{"type", type},
                {"amount", Money(origin.fee_currency, origin.fee_decimals, amount)},
                {"paidOn", paid_on}};
    if (Chance(350, random)) fee["receiptHeld"] = true;
    fees.push_back(std::move(fee));
  }
  member["feeLines"] = std::move(fees);
  member["claimLines"] =
      Json::array({{{"type", "FEE_REFUND"},
                    {"claimed", Money(origin.fee_currency, origin.fee_decimals, total)}}});
}

}  // namespace

void WriteMoney(const CaseFacts& facts, RandomSource& random, nlohmann::ordered_json& member) {
  switch (facts.story->claim) {
    case Claim::kNone:
      return;
    case Claim::kAllWages:
    case Claim::kPartOfWages:
    case Claim::kDeduction:
    case Claim::kOvertime:
      return WriteWages(facts, random, member);
    case Claim::kFeeRefund:
      return WriteFees(facts, random, member);
    case Claim::kCompensation:
      return WriteCompensation(facts, random, member);
  }
}

}  // namespace redress::sample
