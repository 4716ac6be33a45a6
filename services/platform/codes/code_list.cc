#include "services/platform/codes/code_list.h"

namespace redress {

std::string CodeList::Accepted() const {
  std::string text;
  for (std::string_view code : codes_) {
    if (!text.empty()) text += ", ";
    text += code;
  }
  return text;
}

bool IsUpperSnake(std::string_view text, size_t max_bytes) {
  if (text.empty() || text.size() > max_bytes || text.back() == '_') return false;
  if (text.front() < 'A' || text.front() > 'Z') return false;
  char before = 'A';
  for (char c : text) {
    const bool word = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!word && (c != '_' || before == '_')) return false;
    before = c;
  }
  return true;
}

}  // namespace redress
