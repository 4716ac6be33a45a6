#include "services/platform/kv/engine.h"

#include "services/platform/status/status_macros.h"

namespace redress::kv {

std::string EncodeOwnNumber(uint64_t number) { return LogKey("", number); }

absl::StatusOr<uint64_t> DecodeOwnNumber(std::string_view bytes) {
  if (bytes.size() < sizeof(uint64_t)) {
    return absl::DataLossError("store: one of the engine's own rows is cut off");
  }
  uint64_t number = 0;
  for (size_t i = 0; i < sizeof(number); ++i) {
    number = (number << 8) | static_cast<unsigned char>(bytes[i]);
  }
  return number;
}

absl::StatusOr<std::optional<uint64_t>> ReadOwnNumber(Engine& engine, std::string_view key) {
  ASSIGN_OR_RETURN(const std::vector<Engine::Row> rows, engine.OwnRows(key));
  if (rows.empty() || rows.front().first != key) return std::optional<uint64_t>();
  ASSIGN_OR_RETURN(const uint64_t number, DecodeOwnNumber(rows.front().second));
  return std::optional<uint64_t>(number);
}

}  // namespace redress::kv
