#include "services/status/app/parts.h"

#include <charconv>

#include "fmt/format.h"
#include "services/platform/status/field_violations.h"
#include "services/status/app/proto_time.h"

namespace redress::status {

absl::Status CheckReady(const Progress& progress) {
  if (progress.ready()) return absl::OkStatus();
  return absl::UnavailableError(fmt::format(
      "the read models are being built: {} events of intake and {} of referral are still to be "
      "taken in",
      progress.intake.behind(), progress.referral.behind()));
}

v1::AsOf AsOfNow(const AppParts& parts) {
  v1::AsOf as_of;
  REDRESS_SET_TIME(as_of, answered_at, parts.clock.Now());
  as_of.set_intake_event(parts.progress.intake.taken);
  as_of.set_referral_event(parts.progress.referral.taken);
  REDRESS_SET_TIME(as_of, current_at, parts.progress.current_at());
  return as_of;
}

std::string ToWatchToken(const WatchPlace& place) {
  return fmt::format("{}.{}", place.intake, place.referral);
}

absl::StatusOr<WatchPlace> ParseWatchToken(std::string_view token) {
  const absl::Status bad = InvalidField("watch_token", "is not what a list or a watch gave");
  const size_t dot = token.find('.');
  if (dot == std::string_view::npos) return bad;
  WatchPlace place;
  const auto parse = [](std::string_view text, uint64_t& number) {
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
  };
  if (!parse(token.substr(0, dot), place.intake)) return bad;
  if (!parse(token.substr(dot + 1), place.referral)) return bad;
  return place;
}

WatchPlace PlaceOf(const Progress& progress) {
  return {progress.intake.taken, progress.referral.taken};
}

}  // namespace redress::status
