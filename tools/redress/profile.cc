#include "tools/redress/profile.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "nlohmann/json.hpp"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/status_macros.h"

namespace redress::cli {
namespace {

using nlohmann::json;

class ProfileReader {
 public:
  ProfileReader(const json& object, FieldViolations& violations)
      : object_(object), violations_(violations) {}

  std::string Text(const char* name, bool required) {
    const auto found = object_.find(name);
    if (found == object_.end()) {
      if (required) violations_.Add(name, "is missing; text is needed");
      return {};
    }
    if (!found->is_string()) {
      violations_.Add(name, "is no text");
      return {};
    }
    return found->get<std::string>();
  }

  template <class Set, class Parse>
  Set Names(const char* name, Parse parse, std::string_view accepted) {
    Set set;
    const auto found = object_.find(name);
    if (found == object_.end()) return set;
    if (!found->is_array()) {
      violations_.Add(name, "is no list");
      return set;
    }
    for (size_t i = 0; i < found->size(); ++i) {
      const json& entry = (*found)[i];
      const auto value = parse(entry.is_string() ? entry.get<std::string>() : std::string());
      if (value.has_value()) {
        set.Insert(*value);
      } else {
        violations_.AddValue(fmt::format("{}[{}]", name, i),
                             entry.is_string() ? entry.get<std::string>() : "", accepted);
      }
    }
    return set;
  }

 private:
  const json& object_;
  FieldViolations& violations_;
};

std::vector<std::string> ProfilesIn(const std::string& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator at(directory, error), end; !error && at != end;
       at.increment(error)) {
    if (at->path().extension() == ".json") names.push_back(at->path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

std::string ProfilesDirectory(std::string_view given) {
  if (!given.empty()) return std::string(given);
  if (const char* set = std::getenv("REDRESS_PROFILES"); set != nullptr && *set != '\0') return set;
  return "var/demo/profiles";
}

absl::StatusOr<Profile> LoadProfile(const std::string& directory, const std::string& name) {
  const std::vector<std::string> known = ProfilesIn(directory);
  if (name.empty() || std::find(known.begin(), known.end(), name) == known.end()) {
    const std::string there =
        known.empty()
            ? fmt::format("{} has none; is --profiles or REDRESS_PROFILES right?", directory)
            : fmt::format("in {} there are: {}", directory, fmt::join(known, ", "));
    return absl::NotFoundError(
        name.empty()
            ? fmt::format("--profile: none was given, and one is needed to say who you are; {}",
                          there)
            : fmt::format("--profile: there is no \"{}\"; {}", name, there));
  }
  std::ifstream file(directory + "/" + name + ".json");
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  ASSIGN_OR_RETURN(Profile profile, ParseProfile(text, directory));
  profile.name = name;
  return profile;
}

absl::StatusOr<Profile> ParseProfile(std::string_view text, const std::string& directory) {
  const json object = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return InvalidField("profile", "is no JSON object");
  FieldViolations violations;
  ProfileReader reader(object, violations);
  Profile profile;
  profile.node = reader.Text("node", true);
  profile.intake = reader.Text("intake", true);
  profile.referral = reader.Text("referral", true);
  profile.status = reader.Text("status", true);
  profile.key_file = reader.Text("key_file", true);
  profile.person = reader.Text("person", true);
  profile.body = reader.Text("body", false);
  profile.roles = reader.Names<auth::RoleSet>("roles", auth::ParseRole, "a role such as desk");
  profile.rights = reader.Names<auth::RightSet>("rights", auth::ParseRight, "refer or approve");
  profile.posting = reader.Text("posting", false);
  profile.province = reader.Text("province", false);
  profile.case_number = reader.Text("case", false);
  profile.member_id = reader.Text("member", false);
  RETURN_IF_ERROR(violations.ToStatus());
  profile.key_file = (std::filesystem::path(directory) / profile.key_file).lexically_normal();
  return profile;
}

auth::TokenClaims ClaimsOf(const Profile& profile, absl::Time now) {
  auth::TokenClaims claims;
  claims.issuer_node = profile.node;
  claims.audience_node = profile.node;
  claims.person_id = profile.person;
  claims.body_id = profile.body;
  claims.roles = profile.roles;
  claims.rights = profile.rights;
  claims.posting = profile.posting;
  claims.province = profile.province;
  claims.case_number = profile.case_number;
  claims.member_id = profile.member_id;
  claims.issued_at = absl::FromUnixSeconds(absl::ToUnixSeconds(now));
  claims.expires = claims.issued_at + auth::kMaxTokenLifetime;
  return claims;
}

}  // namespace redress::cli
