#include "services/status/app/watch_token.h"

#include <charconv>
#include <string_view>

#include "fmt/format.h"
#include "services/platform/status/field_violations.h"
#include "services/status/app/proto_time.h"

namespace redress::status {
namespace {

std::string BindingOf(const auth::Principal& caller) {
  return crypto::PageTokens::Binding(
      {"WatchCases", caller.CallerKey(), auth::RoleNames(caller.roles), caller.body_id,
       caller.province, caller.posting, caller.case_number, caller.member_id});
}

// Takes a number, and the point behind it, off the text. False when there is none.
template <class Number>
bool TakeNumber(std::string_view& text, Number& number) {
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc()) return false;
  text.remove_prefix(static_cast<size_t>(parsed.ptr - text.data()));
  if (text.starts_with('.')) text.remove_prefix(1);
  return true;
}

}  // namespace

WatchPlace PlaceNow(const AppParts& parts) {
  return {parts.progress.intake.taken, parts.progress.referral.taken, parts.clock.Now()};
}

std::string SealWatchToken(const AppParts& parts, const auth::Principal& caller,
                           const WatchPlace& place) {
  const std::string text =
      fmt::format("{}.{}.{}", place.intake, place.referral, ToMicros(place.given_at));
  return parts.page_tokens.Seal(text, BindingOf(caller));
}

absl::StatusOr<WatchPlace> OpenWatchToken(const AppParts& parts, const auth::Principal& caller,
                                          const std::string& token) {
  const absl::Status bad =
      InvalidField("watch_token", "is not what a list or a watch gave this caller; list again");
  const absl::StatusOr<std::string> opened = parts.page_tokens.Open(token, BindingOf(caller));
  if (!opened.ok()) return bad;
  std::string_view text = *opened;
  WatchPlace place;
  int64_t micros = 0;
  const bool whole = TakeNumber(text, place.intake) && TakeNumber(text, place.referral) &&
                     TakeNumber(text, micros) && text.empty();
  if (!whole) return bad;
  place.given_at = FromMicros(micros);
  return place;
}

}  // namespace redress::status
