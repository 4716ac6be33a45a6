#include "tools/benchmark/records.h"

#include <cstring>
#include <random>

#include "fmt/format.h"

namespace redress::benchmark {

RecordMaker::RecordMaker(size_t content_bytes)
    : random_(std::random_device()() | 1u), run_(std::random_device()()) {
  record_.content.resize(content_bytes);
}

const Record& RecordMaker::Next() {
  ++number_;
  record_.key = fmt::format("c/{:08x}{:012x}", run_, number_);
  // Index keys lie apart from each other, as those of a nationality, a body, a name and a day do.
  for (size_t i = 0; i < kIndexKeys; ++i) {
    record_.index_keys[i] = fmt::format("i{}/{:016x}/{}", i, NextRandom(), record_.key);
  }
  for (size_t at = 0; at + sizeof(uint64_t) <= record_.content.size(); at += sizeof(uint64_t)) {
    const uint64_t word = NextRandom();
    std::memcpy(record_.content.data() + at, &word, sizeof word);
  }
  return record_;
}

// xorshift64*: what fills a page need not be hard to guess, only quick to make.
uint64_t RecordMaker::NextRandom() {
  random_ ^= random_ >> 12;
  random_ ^= random_ << 25;
  random_ ^= random_ >> 27;
  return random_ * 0x2545F4914F6CDD1DULL;
}

}  // namespace redress::benchmark
