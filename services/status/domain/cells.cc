#include "services/status/domain/cells.h"

#include <utility>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace redress::status {
namespace {

constexpr char kUnknownValue[] = "UNKNOWN";

// A value of a dimension, and the workers who have it.
using Values = std::vector<std::pair<std::string, uint32_t>>;

Values ByMember(const CaseView& view, std::string MemberCount::* field) {
  std::map<std::string, uint32_t> counts;
  for (const MemberCount& count : view.dimensions.member_counts) {
    const std::string& value = count.*field;
    counts[value.empty() ? kUnknownValue : value] += count.count;
  }
  return {counts.begin(), counts.end()};
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

Values ValuesOf(Dimension dimension, const CaseView& view) {
  switch (dimension) {
    case Dimension::kNationality:
      return ByMember(view, &MemberCount::nationality);
    case Dimension::kSex:
      return ByMember(view, &MemberCount::sex);
    case Dimension::kRegularity:
      return ByMember(view, &MemberCount::migration_status);
    case Dimension::kAgency: {
      Values values;
      for (const std::string& key : view.dimensions.agency_keys) {
        values.emplace_back(key, view.workers);
      }
      return values;
    }
    default: {
      std::string value = SingleValue(dimension, view);
      if (value.empty()) value = kUnknownValue;
      return {{std::move(value), view.workers}};
    }
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
  for (const CurrencyTotal& total : view.money) {
    if (total.owed == 0 && total.received == 0) continue;
    cell.sums[total.currency] = {total.owed, total.received};
  }
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

bool HasCells(const Scope& scope) { return scope.kind != ScopeKind::kAttache; }

std::map<CellKey, Cell> CellsOf(const Scope& scope, const CaseView& view) {
  std::map<CellKey, Cell> cells;
  if (!HasCells(scope)) return cells;
  Cell base = BaseOf(view);
  base.workers = view.workers;
  cells[{scope, Dimension::kNone, Dimension::kNone, "", ""}] = base;
  std::map<Dimension, Values> values;
  for (uint8_t i = 1; i <= kLastDimension; ++i) {
    values[static_cast<Dimension>(i)] = ValuesOf(static_cast<Dimension>(i), view);
  }
  for (const auto& [row, row_values] : values) {
    for (const auto& [column, column_values] : values) {
      if (row >= column || !IsKept(row, column)) continue;
      for (const auto& [row_value, row_workers] : row_values) {
        for (const auto& [column_value, column_workers] : column_values) {
          // At most one of the two dimensions counts workers one by one.
          Cell cell = base;
          cell.workers = CountsMembers(row) ? row_workers : column_workers;
          cells[{scope, row, column, row_value, column_value}] = std::move(cell);
        }
      }
    }
  }
  return cells;
}

}  // namespace redress::status
