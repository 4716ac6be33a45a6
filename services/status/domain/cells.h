#ifndef REDRESS_SERVICES_STATUS_DOMAIN_CELLS_H_
#define REDRESS_SERVICES_STATUS_DOMAIN_CELLS_H_

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "services/status/domain/case_view.h"
#include "services/status/domain/scope.h"

namespace redress::status {

// Where a count is kept. The dimensions are in the order of their numbers; one alone has kNone as
// its column and no value there, and both kNone is the one cell that counts every case of the scope
// once.
struct CellKey {
  Scope scope;
  Dimension row = Dimension::kNone;
  Dimension column = Dimension::kNone;
  std::string row_value;
  std::string column_value;

  friend auto operator<=>(const CellKey&, const CellKey&) = default;
  friend bool operator==(const CellKey&, const CellKey&) = default;
};

// What is counted. Also a difference, then below zero.
struct Cell {
  struct Sum {
    int64_t owed = 0;
    int64_t received = 0;
    friend bool operator==(const Sum&, const Sum&) = default;
  };
  int64_t cases = 0;
  int64_t workers = 0;
  int64_t resolved = 0;
  std::map<std::string, Sum> sums;  // By currency; none that is all zero.

  bool empty() const { return *this == Cell(); }
  void Add(const Cell& other, int64_t sign);
  friend bool operator==(const Cell&, const Cell&) = default;
};

// Pairs kept: DESTINATION, SEX, CATEGORY and ASSISTING_ORGANISATION with each other, and every
// other dimension with DESTINATION and with CATEGORY.
bool IsKept(Dimension a, Dimension b);

// The pair from which a dimension alone is added up: with one of which every case has exactly one
// value, and of so few values that a call reads the pair of two scopes whole. kNone where no pair
// is small enough, as the dimension has values without a bound, or the codes of it are many: it is
// then kept alone as well, in cells of its own.
Dimension AddedUpWith(Dimension alone);

// Attachés list and do not count; everybody else's scopes have cells.
bool HasCells(const Scope& scope);

// What one case adds to the cells of a scope. A case with members of two sexes is in the cells of
// both, each time with the workers of that sex and with their money. Of a case that was referred
// here, what each member is owed is not told: its money is then in a cell that counts workers one
// by one only when all of them have the value, and in no such cell otherwise.
std::map<CellKey, Cell> CellsOf(const Scope& scope, const CaseView& view);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_DOMAIN_CELLS_H_
