#include "tools/redress/arguments.h"

#include "absl/strings/ascii.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "services/platform/time/date.h"

namespace redress::cli {
namespace {

constexpr char kCaseHelp[] = "Case number, as KH-26-0000417-X";
constexpr char kReferralHelp[] = "Referral, as KH-26-0000417-X/R1";

}  // namespace

std::string CodeOf(std::string_view typed) {
  std::string code = absl::AsciiStrToUpper({typed.data(), typed.size()});
  for (char& c : code) {
    if (c == '-') c = '_';
  }
  return code;
}

CLI::Option* Coded(CLI::Option* option) {
  return option->transform([](const std::string& typed) { return CodeOf(typed); });
}

CLI::Option* InCapitals(CLI::Option* option) {
  return option->transform([](const std::string& typed) { return absl::AsciiStrToUpper(typed); });
}

CLI::Option* AddCaseArgument(CLI::App* command, TextSetter set) {
  return InCapitals(command->add_option_function<std::string>("case", std::move(set), kCaseHelp))
      ->required();
}

CLI::Option* AddCaseArgument(CLI::App* command, std::string& number) {
  return InCapitals(command->add_option("case", number, kCaseHelp))->required();
}

CLI::Option* AddReferralArgument(CLI::App* command, TextSetter set) {
  return InCapitals(
             command->add_option_function<std::string>("referral", std::move(set), kReferralHelp))
      ->required();
}

CLI::Option* AddReferralArgument(CLI::App* command, std::string& referral) {
  return InCapitals(command->add_option("referral", referral, kReferralHelp))->required();
}

CLI::Option* AddCaseOrReferralArgument(CLI::App* command, std::string& id) {
  return InCapitals(command->add_option("id", id, "Case number, or referral as KH-26-0000417-X/R1"))
      ->required();
}

absl::StatusOr<int64_t> SecondsOfDay(const std::string& day, const std::string& option) {
  absl::Time time;
  std::string error;
  if (!absl::ParseTime("%Y-%m-%d", day, absl::UTCTimeZone(), &time, &error)) {
    return UsageError(option + ": a day such as 2026-11-22 is needed");
  }
  return absl::ToUnixSeconds(time);
}

std::string DayAhead(int days) { return DateOf(absl::Now() + absl::Hours(24) * days).ToString(); }

void AddPageOptions(CLI::App* command, PageOptions& options) {
  command->add_option("--page-size", options.size, "Rows a page")
      ->check(CLI::Range(1, kLargestPage))
      ->capture_default_str();
  command->add_option("--page-token", options.token, "Where the page before ended");
  command->add_flag("--all", options.all, "All pages; they are read before anything is shown");
}

}  // namespace redress::cli
