#include "services/status/app/count_cases.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "services/platform/money/money.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/status_macros.h"
#include "services/status/app/cell_scan.h"
#include "services/status/domain/cells.h"
#include "services/status/domain/reader.h"

namespace redress::status {
namespace {

// Which of a cell's values are the row's and the column's of the table asked for.
struct Plan {
  Dimension first = Dimension::kNone;  // As cells are kept.
  Dimension second = Dimension::kNone;
  bool swapped = false;
  bool added_up = false;  // Over the values of the dimension that was not asked for.
};

absl::StatusOr<Plan> PlanFor(const v1::CountCasesRequest& request) {
  const auto row = static_cast<Dimension>(request.row());
  auto column = static_cast<Dimension>(request.column());
  Plan plan;
  if (column == Dimension::kNone) {
    column = AddedUpWith(row);
    plan.added_up = column != Dimension::kNone;
    plan.first = row;
    if (!plan.added_up) return plan;
  }
  if (!IsKept(row, column)) {
    return InvalidField("column",
                        "is not counted with that row: DESTINATION, SEX, CATEGORY and "
                        "ASSISTING_ORGANISATION are counted with each other, every other dimension "
                        "with DESTINATION and with CATEGORY");
  }
  plan.swapped = column < row;
  plan.first = std::min(row, column);
  plan.second = std::max(row, column);
  return plan;
}

v1::Cell CellOf(const std::string& row, const std::string& column, const Cell& cell,
                const IsoCodes& codes) {
  v1::Cell shown;
  shown.set_row(row);
  shown.set_column(column);
  shown.set_cases(static_cast<uint64_t>(cell.cases));
  shown.set_workers(static_cast<uint64_t>(std::max<int64_t>(0, cell.workers)));
  shown.set_resolved(static_cast<uint64_t>(std::max<int64_t>(0, cell.resolved)));
  for (const auto& [currency, sum] : cell.sums) {
    v1::CellMoney* money = shown.add_money();
    money->mutable_owed()->set_currency_code(currency);
    money->mutable_owed()->set_amount(FormatAmount({currency, sum.owed}, codes));
    money->mutable_received()->set_currency_code(currency);
    money->mutable_received()->set_amount(FormatAmount({currency, sum.received}, codes));
  }
  return shown;
}

// Reads the cells of all scopes, within `budget` keys. Gives the values up to which all of them
// were read: what comes before is whole; nullopt when that is everything.
Answer<std::optional<CellValues>> ReadCells(std::vector<CellScan>& scans, size_t budget,
                                            CellTable& table) {
  while (budget > 0) {
    const auto open = static_cast<size_t>(std::count_if(
        scans.begin(), scans.end(), [](const CellScan& scan) { return !scan.at_end(); }));
    if (open == 0) co_return std::nullopt;
    const size_t share = std::max<size_t>(budget / open, 1);
    for (CellScan& scan : scans) {
      if (scan.at_end() || budget == 0) continue;
      CO_ASSIGN_OR_RETURN(const size_t read,
                          co_await scan.ReadSome(std::min(share, budget), table));
      budget -= read;
    }
  }
  std::optional<CellValues> end;
  for (const CellScan& scan : scans) {
    if (!scan.at_end() && (!end.has_value() || scan.place() < *end)) end = scan.place();
  }
  co_return end;
}

// The table asked for. With `end`, only those of its cells of which all that counts was read.
CellTable TableOf(const Plan& plan, const CellTable& read, const std::optional<CellValues>& end) {
  CellTable table;
  for (const auto& [values, cell] : read) {
    if (end.has_value()) {
      const bool whole =
          !plan.added_up ? values < *end : !plan.swapped && values.first < end->first;
      if (!whole) continue;
    }
    const std::string& row = plan.swapped ? values.second : values.first;
    const std::string& column = plan.swapped ? values.first : values.second;
    table[{row, plan.added_up ? std::string() : column}].Add(cell, 1);
  }
  return table;
}

}  // namespace

Answer<v1::CountCasesResponse> CountCases(const AppParts& parts, Caller caller,
                                          v1::CountCasesRequest request) {
  CO_RETURN_IF_ERROR(CheckReady(parts.progress));
  CO_ASSIGN_OR_RETURN(const Plan plan, PlanFor(request));
  v1::CountCasesResponse response;
  *response.mutable_as_of() = AsOfNow(parts);
  const std::vector<Scope> scopes = CountScopes(*caller);
  std::vector<CellScan> scans;
  for (const Scope& scope : scopes) {
    CellKey total;
    total.scope = scope;
    CO_ASSIGN_OR_RETURN(const Cell all, co_await parts.model.GetCell(total));
    response.set_total_cases(response.total_cases() + static_cast<uint64_t>(all.cases));
    scans.emplace_back(parts.model, CellKey{scope, plan.first, plan.second, "", ""},
                       MonthRange{request.from_month(), request.to_month()}, parts.clock.Now());
  }
  CellTable read;
  const size_t budget = kKeysPerCall - scopes.size();  // Less the total of each scope.
  CO_ASSIGN_OR_RETURN(const std::optional<CellValues> end, co_await ReadCells(scans, budget, read));
  response.set_truncated(end.has_value());
  for (const auto& [values, cell] : TableOf(plan, read, end)) {
    if (cell.cases > 0)
      *response.add_cells() = CellOf(values.first, values.second, cell, parts.codes);
  }
  co_return response;
}

}  // namespace redress::status
