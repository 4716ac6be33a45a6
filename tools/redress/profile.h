#ifndef REDRESS_TOOLS_REDRESS_PROFILE_H_
#define REDRESS_TOOLS_REDRESS_PROFILE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/platform/auth/principal.h"
#include "services/platform/auth/token.h"

namespace redress::cli {

// Who somebody is and where their node serves: one JSON file per person and node,
//
//   {"node": "kh", "intake": "127.0.0.1:7001", "referral": "127.0.0.1:7002",
//    "status": "127.0.0.1:7003", "key_file": "../keys/kh-ministry.key", "person": "p-2",
//    "body": "kh:mlvt", "roles": ["ministry"], "rights": ["refer"], "posting": "MY",
//    "province": "KH-2", "case": "KH-26-0000417-X", "member": "…"}
//
// key_file is relative to the profile. What a person is not is left out. A plain value.
struct Profile {
  std::string name;
  std::string node;
  std::string intake;
  std::string referral;
  std::string status;
  std::string key_file;
  std::string person;
  std::string body;
  auth::RoleSet roles;
  auth::RightSet rights;
  std::string posting;
  std::string province;
  std::string case_number;
  std::string member_id;
};

// Where profiles are looked for: `given`, else $REDRESS_PROFILES, else var/demo/profiles.
std::string ProfilesDirectory(std::string_view given);

// NOT_FOUND naming the directory and the profiles it has; INVALID_ARGUMENT naming every wrong
// field.
absl::StatusOr<Profile> LoadProfile(const std::string& directory, const std::string& name);

// The same from text, for tests. `directory` is what key_file is relative to.
absl::StatusOr<Profile> ParseProfile(std::string_view json, const std::string& directory);

// What a token says for this person from `now` on, for as long as tokens may live.
auth::TokenClaims ClaimsOf(const Profile& profile, absl::Time now);

}  // namespace redress::cli

#endif  // REDRESS_TOOLS_REDRESS_PROFILE_H_
