#ifndef REDRESS_SERVICES_PLATFORM_AUTH_ISSUER_REGISTRY_H_
#define REDRESS_SERVICES_PLATFORM_AUTH_ISSUER_REGISTRY_H_

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/platform/auth/principal.h"
#include "services/platform/crypto/signing_key.h"

namespace redress::auth {

// A key that may sign tokens for this node, and the most that its tokens may say.
struct Issuer {
  crypto::PublicKey public_key;
  std::string label;  // For people: "desk of LSCW". Not used in any decision.
  // Exact ("kh:lscw"), or all that begin so ("kh:*"). A token without a body needs none of these.
  std::vector<std::string> bodies;
  RoleSet roles;
  RightSet rights;
  std::vector<std::string> postings;   // Countries, "MY"; "*" for any.
  std::vector<std::string> provinces;  // ISO 3166-2 codes, "KH-2"; "*" for any.
  absl::Time valid_from = absl::InfinitePast();
  absl::Time valid_to = absl::InfiniteFuture();

  std::string key_id() const { return public_key.key_id(); }
  bool ValidAt(absl::Time now) const { return valid_from <= now && now < valid_to; }
  bool MayAssertBody(std::string_view body_id) const;
  bool MayAssertPosting(std::string_view country) const;
  bool MayAssertProvince(std::string_view province) const;
};

// The issuers of one node, from a JSON file:
//
//   {"version": 1,
//    "issuers": [{"kid": "sig-8f0e…", "public_key": "<base64url>", "label": "desk of LSCW",
//                 "bodies": ["kh:lscw"], "roles": ["desk"], "rights": [],
//                 "postings": [], "provinces": [],
//                 "valid_from": "2026-01-01T00:00:00Z", "valid_to": "2027-01-01T00:00:00Z"}]}
//
// kid, public_key and roles are required; a left-out list is empty; left-out times are open. A kid
// is that of its key (crypto::PublicKey::key_id), so no two keys can share one. A plain value;
// reading it is thread-safe. It holds no secrets.
class IssuerRegistry {
 public:
  static constexpr size_t kMaxFileSize = 4 << 20;

  IssuerRegistry() = default;

  // INVALID_ARGUMENT with a violation for every wrong field at once ("issuers[2].roles[0]").
  static absl::StatusOr<IssuerRegistry> Parse(std::string_view json);
  // NOT_FOUND when absent; FAILED_PRECONDITION when others than its owner may write to it, since
  // who can write to it can be anyone.
  static absl::StatusOr<IssuerRegistry> Load(const std::string& path);

  // Adds it, or replaces the one with the same key.
  void Put(Issuer issuer);

  // Null when unknown. Good until the registry changes.
  const Issuer* Find(std::string_view key_id) const;
  size_t size() const { return issuers_.size(); }

  // What Parse reads, indented, ordered by kid.
  std::string ToJson() const;

 private:
  std::map<std::string, Issuer, std::less<>> issuers_;
};

}  // namespace redress::auth

#endif  // REDRESS_SERVICES_PLATFORM_AUTH_ISSUER_REGISTRY_H_
