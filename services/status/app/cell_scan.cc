#include "services/status/app/cell_scan.h"

#include <algorithm>
#include <charconv>

#include "absl/time/time.h"
#include "services/platform/status/status_macros.h"
#include "services/status/app/parts.h"

namespace redress::status {
namespace {

// Of a range without a first month, for which it is not known how many there are.
constexpr size_t kMonthsAtOnce = 12;

int NumberOf(const std::string& month) {  // "2026-01"
  int year = 0;
  int of_year = 0;
  const char* const end = month.data() + month.size();
  const auto parsed = std::from_chars(month.data(), end, year);
  if (parsed.ptr != end) std::from_chars(parsed.ptr + 1, end, of_year);
  return year * 12 + of_year;
}

// How many months a value of the other dimension can have within the range, as a rule: a case may
// be filed by another node's clock.
size_t MonthsOf(const MonthRange& months, absl::Time now) {
  if (months.from.empty()) return kMonthsAtOnce;
  const std::string to =
      months.to.empty() ? absl::FormatTime("%E4Y-%m", now, absl::UTCTimeZone()) : months.to;
  return static_cast<size_t>(std::max(1, NumberOf(to) - NumberOf(months.from) + 1));
}

// The next text after `text`.
std::string Behind(std::string text) {
  text.push_back('\0');
  return text;
}

}  // namespace

CellScan::CellScan(ReadModel& model, CellKey pair, MonthRange months, absl::Time now)
    : model_(model),
      pair_(std::move(pair)),
      months_(std::move(months)),
      has_range_(!months_.from.empty() || !months_.to.empty()),
      months_at_once_(MonthsOf(months_, now)) {
  if (pair_.row == Dimension::kMonthFiled) place_.first = months_.from;
}

Answer<size_t> CellScan::ReadSome(size_t limit, CellTable& table) {
  CellKey from = pair_;
  from.row_value = place_.first;
  from.column_value = place_.second;
  CO_ASSIGN_OR_RETURN(const auto page,
                      co_await model_.ScanCells(std::move(from), std::min(limit, Wanted())));
  for (const auto& [key, cell] : page.rows) {
    const bool by_row = pair_.row == Dimension::kMonthFiled;
    if (has_range_ && !InRange(by_row ? key.row_value : key.column_value)) continue;
    table[{key.row_value, key.column_value}].Add(cell, 1);
  }
  at_end_ = !page.more;
  if (page.more) {
    const CellKey& last = page.rows.back().first;
    GoOnFrom({last.row_value, last.column_value});
  }
  co_return std::max<size_t>(page.rows.size(), 1);  // One was looked for where none is.
}

bool CellScan::InRange(const std::string& month) const {
  // Months compare as text.
  return month >= months_.from && (months_.to.empty() || month <= months_.to);
}

// At a value of the other dimension that it does not know yet it reads no more than which that is.
size_t CellScan::Wanted() const {
  if (!has_range_) return kKeysPerCall;
  const bool seeks = pair_.row != Dimension::kMonthFiled && !months_.from.empty();
  return seeks && place_.second.empty() ? 1 : months_at_once_;
}

void CellScan::GoOnFrom(CellValues last) {
  if (has_range_ && pair_.row == Dimension::kMonthFiled) {
    at_end_ = !months_.to.empty() && last.first >= months_.to;
  } else if (has_range_ && last.second < months_.from) {
    place_ = {std::move(last.first), months_.from};
    return;
  } else if (has_range_ && !months_.to.empty() && last.second >= months_.to) {
    place_ = {Behind(std::move(last.first)), ""};
    return;
  }
  place_ = {std::move(last.first), Behind(std::move(last.second))};
}

}  // namespace redress::status
