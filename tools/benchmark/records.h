#ifndef REDRESS_TOOLS_BENCHMARK_RECORDS_H_
#define REDRESS_TOOLS_BENCHMARK_RECORDS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace redress::benchmark {

inline constexpr size_t kIndexKeys = 4;

// A record as the yardsticks store it: no meaning, but the size and the keys of a complaint.
struct Record {
  std::string key;
  std::string content;
  std::array<std::string, kIndexKeys> index_keys;
};

// Makes records that differ from each other and from those of other runs. Their content does not
// compress, as a complaint that is sealed does not. Not thread-safe.
class RecordMaker {
 public:
  explicit RecordMaker(size_t content_bytes);

  // Good until the next call.
  const Record& Next();

 private:
  uint64_t NextRandom();

  uint64_t random_;
  uint64_t number_ = 0;
  const uint64_t run_;
  Record record_;
};

}  // namespace redress::benchmark

#endif  // REDRESS_TOOLS_BENCHMARK_RECORDS_H_
