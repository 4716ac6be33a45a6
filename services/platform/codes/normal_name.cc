#include "services/platform/codes/normal_name.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace redress {
namespace {

// Words that say what kind of company it is and not which.
constexpr std::string_view kCompanyForms[] = {"bhd", "co",  "company", "corp", "inc", "limited",
                                              "ltd", "plc", "pte",     "pty",  "sdn"};

bool IsAsciiAlnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string NormaliseName(std::string_view name) {
  std::vector<std::string> words(1);
  for (char c : name) {
    const bool other_script = static_cast<unsigned char>(c) >= 0x80;
    if (IsAsciiAlnum(c) || other_script) {
      words.back() += Lower(c);
    } else if (c == '.' || c == '\'') {
      continue;  // "S.D.N." is one word, and so is "Chan'thou".
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  std::erase_if(words, [](const std::string& word) {
    return std::find(std::begin(kCompanyForms), std::end(kCompanyForms), word) !=
           std::end(kCompanyForms);
  });
  std::sort(words.begin(), words.end());
  std::string joined;
  for (const std::string& word : words) {
    if (word.empty()) continue;
    if (!joined.empty()) joined += ' ';
    joined += word;
  }
  return joined;
}

}  // namespace redress
