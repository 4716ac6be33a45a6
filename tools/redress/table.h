#ifndef REDRESS_TOOLS_REDRESS_TABLE_H_
#define REDRESS_TOOLS_REDRESS_TABLE_H_

#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace redress::cli {

enum class Colour { kNone, kGreen, kYellow, kRed, kBold, kDim };

// `text` in a colour, when that is enabled.
std::string Painted(std::string_view text, Colour colour, bool enabled);

// What a stored text could do to a terminal: escape sequences and the like are shown as '?'.
std::string Harmless(std::string_view text);

// How many columns `text` takes on a terminal; combining marks take none, wide characters two.
size_t DisplayWidth(std::string_view text);

// A table for people: columns as wide as they need be, two blanks between, a heading in bold.
class Table {
 public:
  explicit Table(std::vector<std::string> heading) : heading_(std::move(heading)) {}
  // Columns whose texts may be cut, widest first, where a terminal is too narrow for all; others,
  // such as ids, are shown whole whatever it takes.
  void MayCut(std::vector<std::string> columns) { may_cut_ = std::move(columns); }
  void AddRow(std::vector<std::string> row, Colour colour = Colour::kNone) {
    rows_.push_back({std::move(row), colour});
  }
  bool empty() const { return rows_.empty(); }
  // `columns` is how wide it may be; 0 for any width.
  void Print(std::ostream& out, bool colour, size_t columns = 0) const;

 private:
  std::vector<size_t> Widths(size_t columns) const;

  struct Row {
    std::vector<std::string> cells;
    Colour colour;
  };
  std::vector<std::string> heading_;
  std::vector<Row> rows_;
  std::vector<std::string> may_cut_;
};

}  // namespace redress::cli

#endif  // REDRESS_TOOLS_REDRESS_TABLE_H_
