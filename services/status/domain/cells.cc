#include "services/status/domain/cells.h"

#include <utility>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace redress::status {
namespace {

constexpr char kUnknownValue[] = "UNKNOWN";

using Sums = std::map<std::string, Cell::Sum>;

// A value of a dimension, the workers who have it, and what is theirs.
struct Value {
  std::string name;
  uint32_t workers = 0;
  Sums sums;
};
using Values = std::vector<Value>;

std::string NameOf(const std::string& value) { return value.empty() ? kUnknownValue : value; }

void AddSums(const std::vector<CurrencyTotal>& totals, Sums& sums) {
  for (const CurrencyTotal& total : totals) {
    if (total.owed == 0 && total.received == 0) continue;
    Cell::Sum& sum = sums[total.currency];
    sum.owed += total.owed;
    sum.received += total.received;
  }
}

Values ByMember(const CaseView& view, std::string MemberCount::* field,
                std::string MemberKind::* kind_field) {
  std::map<std::string, Value> values;
  for (const MemberCount& count : view.dimensions.member_counts) {
    const std::string name = NameOf(count.*field);
    Value& value = values[name];
    value.name = name;
    value.workers += count.count;
  }
  if (view.money_by_kind.has_value()) {
    for (const auto& [kind, totals] : *view.money_by_kind) {
      const auto found = values.find(NameOf(kind.*kind_field));
      if (found != values.end()) AddSums(totals, found->second.sums);
    }
  } else if (values.size() == 1) {
    AddSums(view.money, values.begin()->second.sums);
  }
  Values all;
  for (auto& [name, value] : values) all.push_back(std::move(value));
  return all;
}

std::string DistrictOf(const CaseDimensions& dimensions) {
  if (dimensions.district.empty()) return "";
  return dimensions.province + "/" + dimensions.district;
}

std::string CorridorOf(const CaseDimensions& dimensions) {
  if (dimensions.origin.empty() || dimensions.destination.empty()) return "";
  return dimensions.origin + "-" + dimensions.destination;
}

std::string SingleValue(Dimension dimension, const CaseView& view) {
  const CaseDimensions& dimensions = view.dimensions;
  switch (dimension) {
    case Dimension::kDestination:
      return dimensions.destination;
    case Dimension::kCategory:
      return dimensions.primary_category;
    case Dimension::kAssistingOrganisation:
      return dimensions.assisting_organisation;
    case Dimension::kProvince:
      return dimensions.province;
    case Dimension::kDistrict:
      return DistrictOf(dimensions);
    case Dimension::kTimeBand:
      return view.time_band;
    case Dimension::kChannel:
      return dimensions.channel;
    case Dimension::kCorridor:
      return CorridorOf(dimensions);
    case Dimension::kSector:
      return dimensions.sector;
    case Dimension::kCaseState:
      return std::string(CaseStateName(view.case_state));
    case Dimension::kReferralState: {
      const ReferralRow* latest = view.latest_referral();
      return std::string(
          ReferralStateName(latest == nullptr ? ReferralState::kNone : latest->state));
    }
    case Dimension::kHolder:
      return view.holder_body_id;
    case Dimension::kUrgency:
      return dimensions.urgency;
    case Dimension::kMonthFiled:
      if (view.filed_at == kNoTime) return "";
      return absl::FormatTime("%E4Y-%m", view.filed_at, absl::UTCTimeZone());
    default:
      return "";
  }
}

Values ValuesOf(Dimension dimension, const CaseView& view, const Sums& whole) {
  switch (dimension) {
    case Dimension::kNationality:
      return ByMember(view, &MemberCount::nationality, &MemberKind::nationality);
    case Dimension::kSex:
      return ByMember(view, &MemberCount::sex, &MemberKind::sex);
    case Dimension::kRegularity:
      return ByMember(view, &MemberCount::migration_status, &MemberKind::migration_status);
    case Dimension::kAgency: {
      Values values;
      for (const std::string& key : view.dimensions.agency_keys) {
        values.push_back({key, view.workers, whole});
      }
      return values;
    }
    default:
      return {{NameOf(SingleValue(dimension, view)), view.workers, whole}};
  }
}

bool CountsMembers(Dimension dimension) {
  return dimension == Dimension::kNationality || dimension == Dimension::kSex ||
         dimension == Dimension::kRegularity;
}

Cell BaseOf(const CaseView& view) {
  Cell cell;
  cell.cases = 1;
  cell.resolved = view.resolved ? 1 : 0;
  AddSums(view.money, cell.sums);
  return cell;
}

}  // namespace

void Cell::Add(const Cell& other, int64_t sign) {
  cases += sign * other.cases;
  workers += sign * other.workers;
  resolved += sign * other.resolved;
  for (const auto& [currency, sum] : other.sums) {
    const auto [entry, added] = sums.try_emplace(currency);
    entry->second.owed += sign * sum.owed;
    entry->second.received += sign * sum.received;
    if (entry->second == Sum()) sums.erase(entry);
  }
}

bool IsKept(Dimension a, Dimension b) {
  if (a == b || a == Dimension::kNone || b == Dimension::kNone) return false;
  const auto leads = [](Dimension one) {
    return one == Dimension::kDestination || one == Dimension::kCategory;
  };
  const auto among_four = [&leads](Dimension one) {
    return leads(one) || one == Dimension::kSex || one == Dimension::kAssistingOrganisation;
  };
  return leads(a) || leads(b) || (among_four(a) && among_four(b));
}

// With the 35 categories and UNKNOWN, 13 values are the most that two scopes have room for within
// the 1,000 keys of a call: those of the channel, and of the time band.
Dimension AddedUpWith(Dimension alone) {
  switch (alone) {
    case Dimension::kSex:
    case Dimension::kRegularity:
    case Dimension::kTimeBand:
    case Dimension::kChannel:
    case Dimension::kCaseState:
    case Dimension::kUrgency:
      return Dimension::kCategory;
    case Dimension::kCategory:
      return Dimension::kUrgency;
    case Dimension::kCorridor:
      return Dimension::kDestination;  // Of which each corridor has one: no more than alone.
    default:
      return Dimension::kNone;
  }
}

bool HasCells(const Scope& scope) { return scope.kind != ScopeKind::kAttache; }

std::map<CellKey, Cell> CellsOf(const Scope& scope, const CaseView& view) {
  std::map<CellKey, Cell> cells;
  if (!HasCells(scope)) return cells;
  Cell base = BaseOf(view);
  base.workers = view.workers;
  cells[{scope, Dimension::kNone, Dimension::kNone, "", ""}] = base;
  std::map<Dimension, Values> values;
  for (uint8_t i = 1; i <= kLastDimension; ++i) {
    values[static_cast<Dimension>(i)] = ValuesOf(static_cast<Dimension>(i), view, base.sums);
  }
  const auto add = [&](CellKey key, const Value& counted) {
    Cell cell = base;
    cell.workers = counted.workers;
    cell.sums = counted.sums;
    cells[std::move(key)] = std::move(cell);
  };
  for (const auto& [row, row_values] : values) {
    for (const Value& value : row_values) {
      if (AddedUpWith(row) != Dimension::kNone) break;
      add({scope, row, Dimension::kNone, value.name, ""}, value);
    }
    for (const auto& [column, column_values] : values) {
      if (row >= column || !IsKept(row, column)) continue;
      for (const Value& row_value : row_values) {
        for (const Value& column_value : column_values) {
          // At most one of the two dimensions counts workers one by one.
          const Value& counted = CountsMembers(row) ? row_value : column_value;
          add({scope, row, column, row_value.name, column_value.name}, counted);
        }
      }
    }
  }
  return cells;
}

}  // namespace redress::status
