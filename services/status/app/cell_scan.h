#ifndef REDRESS_SERVICES_STATUS_APP_CELL_SCAN_H_
#define REDRESS_SERVICES_STATUS_APP_CELL_SCAN_H_

#include <map>
#include <string>
#include <utility>

#include "services/status/app/read_model.h"

namespace redress::status {

// The values of a cell's two dimensions, in the order in which it is kept.
using CellValues = std::pair<std::string, std::string>;
using CellTable = std::map<CellValues, Cell>;

// Which months of filing are counted: "2026-01"; empty: from the first, to the last.
struct MonthRange {
  std::string from;
  std::string to;
};

// Reads the cells of one scope and pair of dimensions, or of one dimension alone, some at a time
// and in order. With a range of months it seeks within each value of the other dimension, so that a
// month costs the same however many others are kept:
//
//   while (!scan.at_end() && budget > 0) {
//     ASSIGN_OR_RETURN(const size_t read, co_await scan.ReadSome(budget, table));
//     budget -= read;
//   }
//
// Not thread-safe.
class CellScan {
 public:
  // Without a range `pair` need not hold MONTH_FILED. `now` is for no more than how far ahead is
  // read. `model` outlives this.
  CellScan(ReadModel& model, CellKey pair, MonthRange months, absl::Time now);

  // Adds to `table` what it finds; gives how many keys it touched, 1 to `limit`.
  Answer<size_t> ReadSome(size_t limit, CellTable& table);

  bool at_end() const { return at_end_; }
  // What comes before these values has been read.
  const CellValues& place() const { return place_; }

 private:
  bool InRange(const std::string& month) const;
  size_t Wanted() const;
  void GoOnFrom(CellValues last);

  ReadModel& model_;
  const CellKey pair_;
  const MonthRange months_;
  const bool has_range_;
  const size_t months_at_once_;
  CellValues place_;
  bool at_end_ = false;
};

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_APP_CELL_SCAN_H_
