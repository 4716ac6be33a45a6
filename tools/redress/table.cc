#include "tools/redress/table.h"

#include <algorithm>
#include <ostream>

#include "fmt/format.h"
#include "unicode/uchar.h"
#include "unicode/utf8.h"

namespace redress::cli {
namespace {

// A cut column keeps this much, so that it still says something.
constexpr size_t kLeastColumns = 10;

std::string_view Code(Colour colour) {
  switch (colour) {
    case Colour::kGreen:
      return "\x1b[32m";
    case Colour::kYellow:
      return "\x1b[33m";
    case Colour::kRed:
      return "\x1b[31m";
    case Colour::kBold:
      return "\x1b[1m";
    case Colour::kDim:
      return "\x1b[2m";
    case Colour::kNone:
      break;
  }
  return "";
}

size_t WidthOf(UChar32 c) {
  const int8_t kind = u_charType(c);
  if (kind == U_NON_SPACING_MARK || kind == U_ENCLOSING_MARK || kind == U_FORMAT_CHAR) return 0;
  const int east_asian = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return east_asian == U_EA_WIDE || east_asian == U_EA_FULLWIDTH ? 2 : 1;
}

// As much of `text` as `columns` hold, the last of them for the sign that there was more. Marks
// stay with the letter they belong to.
std::string Cut(const std::string& text, size_t columns) {
  if (DisplayWidth(text) <= columns) return text;
  size_t width = 0;
  int32_t at = 0;
  int32_t end = 0;
  const auto length = static_cast<int32_t>(text.size());
  while (at < length) {
    UChar32 c = 0;
    U8_NEXT(text.data(), at, length, c);
    width += c < 0 ? 1 : WidthOf(c);
    if (width > columns - 1) break;
    end = at;
  }
  return text.substr(0, static_cast<size_t>(end)) + "…";
}

}  // namespace

std::string Painted(std::string_view text, Colour colour, bool enabled) {
  if (!enabled || colour == Colour::kNone) return std::string(text);
  return fmt::format("{}{}\x1b[0m", Code(colour), text);
}

std::string Harmless(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    // U+0080 to U+009F are control characters, too; some terminals take U+009B for ESC [.
    const bool is_c1 = byte == 0xc2 && next >= 0x80 && next < 0xa0;
    if (is_c1) ++i;
    out += is_c1 || (byte < 0x20 && byte != '\n') || byte == 0x7f ? '?' : text[i];
  }
  return out;
}

size_t DisplayWidth(std::string_view text) {
  size_t width = 0;
  int32_t at = 0;
  const auto length = static_cast<int32_t>(text.size());
  while (at < length) {
    UChar32 c = 0;
    U8_NEXT(text.data(), at, length, c);
    width += c < 0 ? 1 : WidthOf(c);
  }
  return width;
}

std::vector<size_t> Table::Widths(size_t columns) const {
  std::vector<size_t> widths;
  std::vector<size_t> may_cut;
  for (const std::string& title : heading_) {
    if (std::find(may_cut_.begin(), may_cut_.end(), title) != may_cut_.end()) {
      may_cut.push_back(widths.size());
    }
    widths.push_back(DisplayWidth(title));
  }
  for (const Row& row : rows_) {
    for (size_t i = 0; i < row.cells.size() && i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(row.cells[i]));
    }
  }
  if (columns == 0 || may_cut.empty()) return widths;
  size_t wanted = 2 * (widths.size() - 1);
  for (const size_t width : widths) wanted += width;
  const std::vector<size_t> whole = widths;
  for (; wanted > columns; --wanted) {
    const size_t widest = *std::max_element(
        may_cut.begin(), may_cut.end(), [&](size_t a, size_t b) { return widths[a] < widths[b]; });
    if (widths[widest] <= std::max(kLeastColumns, DisplayWidth(heading_[widest]))) {
      // Too narrow in any case: the terminal folds the lines, so nothing is won by cutting.
      return whole;
    }
    --widths[widest];
  }
  return widths;
}

void Table::Print(std::ostream& out, bool colour, size_t columns) const {
  const std::vector<size_t> widths = Widths(columns);
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string text;
    for (size_t i = 0; i < cells.size() && i < widths.size(); ++i) {
      std::string cell = Harmless(cells[i]);
      std::replace(cell.begin(), cell.end(), '\n', ' ');
      cell = Cut(cell, widths[i]);
      text += cell;
      if (i + 1 < cells.size()) text.append(widths[i] - DisplayWidth(cell) + 2, ' ');
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
  };
  out << Painted(line(heading_), Colour::kBold, colour) << "\n";
  for (const Row& row : rows_) out << Painted(line(row.cells), row.colour, colour) << "\n";
}

}  // namespace redress::cli
