#include "services/platform/codes/utf8.h"

#include <cstddef>
#include <cstdint>

namespace redress {
namespace {

// What may follow a lead byte: how many continuation bytes, and the range of the first, which is
// where overlong forms, surrogates and numbers that are too large show themselves.
struct Sequence {
  int continuations = -1;  // -1: no lead byte.
  uint8_t low = 0x80;
  uint8_t high = 0xbf;
};

Sequence SequenceOf(uint8_t lead) {
  if (lead < 0x80) return {0};
  if (lead >= 0xc2 && lead <= 0xdf) return {1};
  if (lead == 0xe0) return {2, 0xa0, 0xbf};
  if (lead == 0xed) return {2, 0x80, 0x9f};
  if (lead >= 0xe1 && lead <= 0xef) return {2};
  if (lead == 0xf0) return {3, 0x90, 0xbf};
  if (lead >= 0xf1 && lead <= 0xf3) return {3};
  if (lead == 0xf4) return {3, 0x80, 0x8f};
  return {};
}

}  // namespace

bool IsValidUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const Sequence sequence = SequenceOf(static_cast<uint8_t>(text[i]));
    if (sequence.continuations < 0) return false;
    const size_t length = static_cast<size_t>(sequence.continuations) + 1;
    if (length > text.size() - i) return false;
    for (size_t k = 1; k < length; ++k) {
      const uint8_t byte = static_cast<uint8_t>(text[i + k]);
      const uint8_t low = k == 1 ? sequence.low : 0x80;
      const uint8_t high = k == 1 ? sequence.high : 0xbf;
      if (byte < low || byte > high) return false;
    }
    i += length;
  }
  return true;
}

bool HasControlCharacters(std::string_view text) {
  for (char c : text) {
    const uint8_t byte = static_cast<uint8_t>(c);
    if ((byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f) return true;
  }
  return false;
}

}  // namespace redress
