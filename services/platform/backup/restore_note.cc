#include "services/platform/backup/restore_note.h"

#include <optional>
#include <string>

#include "fmt/format.h"
#include "nlohmann/json.hpp"
#include "services/platform/status/status_macros.h"

namespace redress::backup {
namespace {

constexpr uint32_t kFormat = 1;
// Beyond it commit numbers would not fit.
constexpr uint32_t kMostRestores = 1'000'000;
constexpr uint32_t kMostGeneration = UINT32_MAX;

std::string PathOf(const BackupFolder& folder) { return folder.path() + "/restores.json"; }

std::optional<uint32_t> Number(const nlohmann::json& object, const char* name, uint32_t most) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number_unsigned()) return std::nullopt;
  const auto number = found->get<uint64_t>();
  if (number > most) return std::nullopt;
  return static_cast<uint32_t>(number);
}

}  // namespace

absl::StatusOr<RestoreNote> ReadRestoreNote(const BackupFolder& folder) {
  const absl::StatusOr<std::string> text = ReadWhole(PathOf(folder), kMostMarkBytes);
  if (absl::IsNotFound(text.status())) return RestoreNote();
  RETURN_IF_ERROR(text.status());
  const auto object = nlohmann::json::parse(*text, nullptr, /*allow_exceptions=*/false);
  const bool known = object.is_object() && Number(object, "format", kFormat) == kFormat;
  const auto restores = known ? Number(object, "restores", kMostRestores) : std::nullopt;
  const auto generation = known ? Number(object, "generation", kMostGeneration) : std::nullopt;
  if (restores.has_value() && generation.has_value()) return RestoreNote{*restores, *generation};
  return Damaged(fmt::format("{}: cannot be read", PathOf(folder)));
}

absl::Status WriteRestoreNote(const BackupFolder& folder, const RestoreNote& note) {
  const nlohmann::json object = {
      {"format", kFormat}, {"restores", note.restores}, {"generation", note.generation}};
  return WriteWhole(PathOf(folder), object.dump() + "\n");
}

}  // namespace redress::backup
