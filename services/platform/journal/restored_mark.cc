#include "services/platform/journal/restored_mark.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "services/platform/journal/keys.h"
#include "services/platform/kv/key_codec.h"
#include "services/platform/kv/record_codec.h"
#include "services/platform/status/status_macros.h"

namespace redress::journal {
namespace {

constexpr uint8_t kFormat = 2;
// Without new_restores and generation; peers compared how often it was.
constexpr uint8_t kFormatBefore = 1;

constexpr kv::Version kCommitsOfASecond = 1'000'000;

}  // namespace

uint32_t NextGeneration(uint32_t last, absl::Time now) {
  constexpr int64_t kMost = std::numeric_limits<uint32_t>::max();
  const int64_t seconds = std::clamp<int64_t>(absl::ToUnixSeconds(now), 0, kMost);
  return static_cast<uint32_t>(std::clamp<int64_t>(int64_t{last} + 1, seconds, kMost));
}

kv::Version SkippedUpTo(kv::Version last_commit, uint32_t restores, uint32_t generation) {
  return std::max((last_commit / kRestoredJump + 1) * kRestoredJump,
                  restores * kRestoredJump + generation * kCommitsOfASecond);
}

std::string RestoredMarkKey() { return kv::KeyWriter(kRestoredTable).Take(); }

std::string EncodeRestoredMark(const RestoredMark& mark) {
  return kv::RecordWriter(kFormat)
      .Number(mark.restores)
      .Number(mark.new_restores)
      .Number(mark.generation)
      .Number(mark.last_commit)
      .Signed(absl::ToUnixMicros(mark.taken_at))
      .Signed(absl::ToUnixMicros(mark.restored_at))
      .Take();
}

absl::StatusOr<RestoredMark> DecodeRestoredMark(std::string_view bytes) {
  kv::RecordReader reader(bytes);
  ASSIGN_OR_RETURN(const uint8_t format, reader.FormatUpTo(kFormat));
  RestoredMark mark;
  ASSIGN_OR_RETURN(const uint64_t restores, reader.Number());
  mark.restores = static_cast<uint32_t>(restores);
  mark.generation = mark.restores;
  if (format > kFormatBefore) {
    ASSIGN_OR_RETURN(const uint64_t new_restores, reader.Number());
    mark.new_restores = static_cast<uint32_t>(new_restores);
    ASSIGN_OR_RETURN(const uint64_t generation, reader.Number());
    mark.generation = static_cast<uint32_t>(generation);
  }
  ASSIGN_OR_RETURN(mark.last_commit, reader.Number());
  ASSIGN_OR_RETURN(const int64_t taken_at, reader.Signed());
  mark.taken_at = absl::FromUnixMicros(taken_at);
  ASSIGN_OR_RETURN(const int64_t restored_at, reader.Signed());
  mark.restored_at = absl::FromUnixMicros(restored_at);
  RETURN_IF_ERROR(reader.ExpectEnd());
  return mark;
}

async::Task<absl::StatusOr<std::optional<RestoredMark>>> ReadRestoredMark(kv::Store& store) {
  std::string key = RestoredMarkKey();
  absl::StatusOr<std::optional<kv::Entry>> entry = co_await store.Get(std::move(key));
  CO_RETURN_IF_ERROR(entry.status());
  std::optional<RestoredMark> mark;
  if (entry->has_value()) {
    CO_ASSIGN_OR_RETURN(mark, DecodeRestoredMark((*entry)->value));
    mark->version = (*entry)->version;
  }
  co_return mark;
}

}  // namespace redress::journal
