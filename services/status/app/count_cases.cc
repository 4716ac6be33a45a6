#include "services/status/app/count_cases.h"

#include <algorithm>
#include <map>
#include <utility>

#include "services/platform/money/money.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/status_macros.h"
#include "services/status/domain/cells.h"
#include "services/status/domain/reader.h"

namespace redress::status {
namespace {

constexpr size_t kMaxCells = 1000;

using Table = std::map<std::pair<std::string, std::string>, Cell>;  // By row and column.

bool InRange(const v1::CountCasesRequest& request, const std::string& month) {
  // Months compare as text.
  return (request.from_month().empty() || month >= request.from_month()) &&
         (request.to_month().empty() || month <= request.to_month());
}

// Which of a cell's values are the row's and the column's of the table asked for.
struct Plan {
  Dimension first = Dimension::kNone;  // As cells are kept.
  Dimension second = Dimension::kNone;
  bool swapped = false;
  bool one_column = false;
};

absl::StatusOr<Plan> PlanFor(const v1::CountCasesRequest& request) {
  const auto row = static_cast<Dimension>(request.row());
  auto column = static_cast<Dimension>(request.column());
  Plan plan;
  plan.one_column = column == Dimension::kNone;
  if (plan.one_column) {
    column = row == Dimension::kDestination ? Dimension::kCategory : Dimension::kDestination;
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

}  // namespace

Answer<v1::CountCasesResponse> CountCases(const AppParts& parts, Caller caller,
                                          v1::CountCasesRequest request) {
  CO_RETURN_IF_ERROR(CheckReady(parts.progress));
  CO_ASSIGN_OR_RETURN(const Plan plan, PlanFor(request));
  v1::CountCasesResponse response;
  *response.mutable_as_of() = AsOfNow(parts);
  const std::vector<Scope> scopes = CountScopes(*caller);
  Table table;
  size_t budget = kKeysPerCall - scopes.size();  // Less the total of each scope.
  for (const Scope& scope : scopes) {
    CellKey total;
    total.scope = scope;
    CO_ASSIGN_OR_RETURN(const Cell all, co_await parts.model.GetCell(total));
    response.set_total_cases(response.total_cases() + static_cast<uint64_t>(all.cases));
    if (budget == 0) {
      response.set_truncated(true);
      continue;
    }
    CO_ASSIGN_OR_RETURN(const auto page,
                        co_await parts.model.ScanCells(scope, plan.first, plan.second, budget));
    if (page.more) response.set_truncated(true);
    budget -= page.rows.size();
    for (const auto& [key, cell] : page.rows) {
      const bool in_range =
          (plan.first != Dimension::kMonthFiled || InRange(request, key.row_value)) &&
          (plan.second != Dimension::kMonthFiled || InRange(request, key.column_value));
      if (!in_range) continue;
      const std::string& row = plan.swapped ? key.column_value : key.row_value;
      const std::string& column = plan.swapped ? key.row_value : key.column_value;
      table[{row, plan.one_column ? std::string() : column}].Add(cell, 1);
    }
  }
  for (const auto& [values, cell] : table) {
    if (cell.cases <= 0) continue;
    if (static_cast<size_t>(response.cells_size()) == kMaxCells) {
      response.set_truncated(true);
      break;
    }
    *response.add_cells() = CellOf(values.first, values.second, cell, parts.codes);
  }
  co_return response;
}

}  // namespace redress::status
