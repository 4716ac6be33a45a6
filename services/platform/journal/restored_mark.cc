#include "services/platform/journal/restored_mark.h"

#include <utility>

#include "services/platform/journal/keys.h"
#include "services/platform/kv/key_codec.h"
#include "services/platform/kv/record_codec.h"
#include "services/platform/status/status_macros.h"

namespace redress::journal {
namespace {

constexpr uint8_t kFormat = 1;

}  // namespace

kv::Version SkippedUpTo(kv::Version last_commit) {
  return (last_commit / kRestoredJump + 1) * kRestoredJump;
}

std::string RestoredMarkKey() { return kv::KeyWriter(kRestoredTable).Take(); }

std::string EncodeRestoredMark(const RestoredMark& mark) {
  return kv::RecordWriter(kFormat)
      .Number(mark.restores)
      .Number(mark.last_commit)
      .Signed(absl::ToUnixMicros(mark.taken_at))
      .Signed(absl::ToUnixMicros(mark.restored_at))
      .Take();
}

absl::StatusOr<RestoredMark> DecodeRestoredMark(std::string_view bytes) {
  kv::RecordReader reader(bytes);
  RETURN_IF_ERROR(reader.ExpectFormat(kFormat));
  RestoredMark mark;
  ASSIGN_OR_RETURN(const uint64_t restores, reader.Number());
  mark.restores = static_cast<uint32_t>(restores);
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
