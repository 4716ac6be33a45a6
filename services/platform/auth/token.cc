#include "services/platform/auth/token.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "fmt/format.h"
#include "nlohmann/json.hpp"
#include "services/platform/crypto/encoding.h"
#include "services/platform/ids/case_number.h"
#include "services/platform/ids/names.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::auth {
namespace {

using Json = nlohmann::json;

constexpr int64_t kMaxUnixSeconds = 253'402'300'799;  // The end of the year 9999.

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// A JSON object from one part of the token. nlohmann's parser does not recurse, and the size is
// bounded before, so nesting costs nothing.
std::optional<Json> ParsePart(absl::string_view part) {
  const std::optional<std::string> text = crypto::Base64UrlDecode({part.data(), part.size()});
  if (!text.has_value()) return std::nullopt;
  Json json = Json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return std::nullopt;
  return json;
}

const std::string* StringAt(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : found->get_ptr<const std::string*>();
}

// The key that the header names, after the header has been found to ask for nothing else.
absl::StatusOr<const Issuer*> FindIssuer(const Json& header, const IssuerRegistry& issuers) {
  // The algorithm is ours to say; the header may only agree.
  const std::string* algorithm = StringAt(header, "alg");
  if (algorithm == nullptr || *algorithm != "EdDSA") {
    return InvalidToken(TokenProblem::kAlgorithm, "only EdDSA is accepted");
  }
  if (header.contains("crit")) {
    return InvalidToken(TokenProblem::kMalformed, "critical extensions are not supported");
  }
  const std::string* key_id = StringAt(header, "kid");
  const Issuer* issuer = key_id == nullptr ? nullptr : issuers.Find(*key_id);
  if (issuer == nullptr) {
    return InvalidToken(TokenProblem::kUnknownKey, "no issuer is registered under its kid");
  }
  return issuer;
}

absl::Status MalformedClaim(const char* name) {
  return InvalidToken(TokenProblem::kClaimMalformed, fmt::format("claim \"{}\"", name));
}

absl::Status NotPermitted(const char* name) {
  return InvalidToken(TokenProblem::kClaimNotPermitted,
                      fmt::format("its issuer may not assert this \"{}\"", name));
}

// Absent gives an empty string.
absl::StatusOr<std::string> OptionalString(const Json& claims, const char* name) {
  if (!claims.contains(name)) return std::string();
  const std::string* value = StringAt(claims, name);
  if (value == nullptr || value->empty()) return MalformedClaim(name);
  return *value;
}

absl::StatusOr<absl::Time> RequiredTime(const Json& claims, const char* name) {
  const auto found = claims.find(name);
  if (found == claims.end() || !found->is_number_integer()) return MalformedClaim(name);
  if (found->is_number_unsigned() && found->get<uint64_t>() > uint64_t{kMaxUnixSeconds}) {
    return MalformedClaim(name);
  }
  const int64_t seconds = found->get<int64_t>();
  if (seconds < 0 || seconds > kMaxUnixSeconds) return MalformedClaim(name);
  return absl::FromUnixSeconds(seconds);
}

template <class E>
absl::StatusOr<EnumSet<E>> NameSet(const Json& claims, const char* name,
                                   std::optional<E> (*parse)(std::string_view)) {
  EnumSet<E> values;
  const auto found = claims.find(name);
  if (found == claims.end()) return values;
  if (!found->is_array()) return MalformedClaim(name);
  for (const Json& item : *found) {
    const auto* text = item.get_ptr<const std::string*>();
    const std::optional<E> value = text == nullptr ? std::nullopt : parse(*text);
    if (!value.has_value()) return MalformedClaim(name);
    values.Insert(*value);
  }
  return values;
}

bool IsCountry(std::string_view text) {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  return text.size() == 2 && upper(text[0]) && upper(text[1]);
}

// ISO 3166-2: "KH-2", "ID-JB".
bool IsProvince(std::string_view text) {
  if (text.size() < 4 || text.size() > 6 || !IsCountry(text.substr(0, 2)) || text[2] != '-') {
    return false;
  }
  for (const char c : text.substr(3)) {
    if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) return false;
  }
  return true;
}

absl::Status CheckTimes(const Json& claims, absl::Time now, absl::Time& expires) {
  ASSIGN_OR_RETURN(const absl::Time issued_at, RequiredTime(claims, "iat"));
  ASSIGN_OR_RETURN(expires, RequiredTime(claims, "exp"));
  if (expires <= issued_at || expires - issued_at > kMaxTokenLifetime) {
    return InvalidToken(TokenProblem::kLifetime, "it must end within 10 minutes of being issued");
  }
  if (issued_at > now + kMaxClockSkew) {
    return InvalidToken(TokenProblem::kIssuedInFuture, "issued in the future; check the clocks");
  }
  if (claims.contains("nbf")) {
    ASSIGN_OR_RETURN(const absl::Time not_before, RequiredTime(claims, "nbf"));
    if (not_before > now + kMaxClockSkew) {
      return InvalidToken(TokenProblem::kIssuedInFuture, "not valid yet");
    }
  }
  if (now >= expires) return ExpiredToken(expires);
  return absl::OkStatus();
}

absl::Status CheckNode(const Json& claims, std::string_view node) {
  const std::string* issuer = StringAt(claims, "iss");
  if (issuer == nullptr) return MalformedClaim("iss");
  if (*issuer != node) return InvalidToken(TokenProblem::kIssuer, "issued by another node");
  const std::string* audience = StringAt(claims, "aud");
  if (audience == nullptr) return MalformedClaim("aud");
  if (*audience != node) return InvalidToken(TokenProblem::kAudience, "meant for another node");
  return absl::OkStatus();
}

// Reads who is calling; every name is in its one spelling, so that it can be compared as bytes.
absl::StatusOr<Principal> ReadPrincipal(const Json& claims) {
  Principal principal;
  ASSIGN_OR_RETURN(principal.person_id, OptionalString(claims, "sub"));
  ASSIGN_OR_RETURN(principal.body_id, OptionalString(claims, "body"));
  ASSIGN_OR_RETURN(principal.roles, NameSet<Role>(claims, "roles", ParseRole));
  ASSIGN_OR_RETURN(principal.rights, NameSet<Right>(claims, "rights", ParseRight));
  ASSIGN_OR_RETURN(principal.posting, OptionalString(claims, "posting"));
  ASSIGN_OR_RETURN(principal.province, OptionalString(claims, "province"));
  ASSIGN_OR_RETURN(principal.case_number, OptionalString(claims, "case"));
  ASSIGN_OR_RETURN(principal.member_id, OptionalString(claims, "member"));
  if (!PersonId::Parse(principal.person_id, "sub").ok()) return MalformedClaim("sub");
  if (principal.roles.empty()) return MalformedClaim("roles");
  if (!principal.body_id.empty() && !BodyId::Parse(principal.body_id, "body").ok()) {
    return MalformedClaim("body");
  }
  if (!principal.posting.empty() && !IsCountry(principal.posting)) return MalformedClaim("posting");
  if (!principal.province.empty() && !IsProvince(principal.province)) {
    return MalformedClaim("province");
  }
  if (!principal.case_number.empty()) {
    const absl::StatusOr<CaseNumber> number = CaseNumber::Parse(principal.case_number, "case");
    if (!number.ok() || number->ToString() != principal.case_number) return MalformedClaim("case");
  }
  if (!principal.member_id.empty() && !MemberId::Parse(principal.member_id, "member").ok()) {
    return MalformedClaim("member");
  }
  return principal;
}

// What a role cannot do without: a reader whose scope is missing would see nothing, or everything.
absl::Status CheckScope(const Principal& principal) {
  constexpr RoleSet kNeedsBody = {Role::kDesk, Role::kContact, Role::kLabourOffice};
  constexpr RoleSet kNeedsMember = {Role::kWorker, Role::kRepresentative};
  if (principal.HasAnyRole(kNeedsBody) && principal.body_id.empty()) return MalformedClaim("body");
  if (principal.HasRole(Role::kAttache) && principal.posting.empty()) {
    return MalformedClaim("posting");
  }
  if (principal.HasRole(Role::kProvince) && principal.province.empty()) {
    return MalformedClaim("province");
  }
  if (principal.HasAnyRole(kNeedsMember)) {
    if (principal.case_number.empty()) return MalformedClaim("case");
    if (principal.member_id.empty()) return MalformedClaim("member");
  }
  return absl::OkStatus();
}

absl::Status CheckPermitted(const Principal& principal, const Issuer& issuer) {
  if (!issuer.roles.ContainsAll(principal.roles)) return NotPermitted("roles");
  if (!issuer.rights.ContainsAll(principal.rights)) return NotPermitted("rights");
  if (!principal.body_id.empty() && !issuer.MayAssertBody(principal.body_id)) {
    return NotPermitted("body");
  }
  if (!principal.posting.empty() && !issuer.MayAssertPosting(principal.posting)) {
    return NotPermitted("posting");
  }
  if (!principal.province.empty() && !issuer.MayAssertProvince(principal.province)) {
    return NotPermitted("province");
  }
  return absl::OkStatus();
}

}  // namespace

std::string MintToken(const crypto::SigningKey& key, const TokenClaims& claims) {
  const Json header = {{"alg", "EdDSA"}, {"kid", key.key_id()}, {"typ", "JWT"}};
  Json payload = {{"iss", claims.issuer_node},
                  {"aud", claims.audience_node},
                  {"sub", claims.person_id},
                  {"roles", Json::array()},
                  {"iat", absl::ToUnixSeconds(claims.issued_at)},
                  {"exp", absl::ToUnixSeconds(claims.expires)}};
  for (uint8_t i = 0; i < static_cast<uint8_t>(Role::kCount); ++i) {
    const Role role = static_cast<Role>(i);
    if (claims.roles.Contains(role)) payload["roles"].push_back(RoleName(role));
  }
  for (const Right right : {Right::kRefer, Right::kApprove}) {
    if (claims.rights.Contains(right)) payload["rights"].push_back(RightName(right));
  }
  const std::vector<std::pair<const char*, const std::string*>> optional = {
      {"body", &claims.body_id},
      {"posting", &claims.posting},
      {"province", &claims.province},
      {"case", &claims.case_number},
      {"member", &claims.member_id}};
  for (const auto& [name, value] : optional) {
    if (!value->empty()) payload[name] = *value;
  }
  const std::string signed_part = fmt::format("{}.{}", crypto::Base64UrlEncode(Dump(header)),
                                              crypto::Base64UrlEncode(Dump(payload)));
  return fmt::format("{}.{}", signed_part, crypto::Base64UrlEncode(key.Sign(signed_part)));
}

std::string_view TokenProblemName(TokenProblem problem) {
  switch (problem) {
    case TokenProblem::kMalformed:
      return "MALFORMED";
    case TokenProblem::kAlgorithm:
      return "ALGORITHM";
    case TokenProblem::kUnknownKey:
      return "UNKNOWN_KEY";
    case TokenProblem::kKeyNotValidNow:
      return "KEY_NOT_VALID_NOW";
    case TokenProblem::kSignature:
      return "SIGNATURE";
    case TokenProblem::kIssuer:
      return "ISSUER";
    case TokenProblem::kAudience:
      return "AUDIENCE";
    case TokenProblem::kLifetime:
      return "LIFETIME";
    case TokenProblem::kIssuedInFuture:
      return "ISSUED_IN_FUTURE";
    case TokenProblem::kClaimMalformed:
      return "CLAIM_MALFORMED";
    case TokenProblem::kClaimNotPermitted:
      return "CLAIM_NOT_PERMITTED";
  }
  return "";
}

absl::Status InvalidToken(TokenProblem problem, std::string_view detail) {
  const std::string cause(TokenProblemName(problem));
  return Refuse(absl::StatusCode::kUnauthenticated, "TOKEN_INVALID",
                fmt::format("token refused ({}): {}", cause, detail), {{"cause", cause}});
}

absl::Status ExpiredToken(absl::Time expired_at) {
  const std::string at = absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", expired_at, absl::UTCTimeZone());
  return Refuse(absl::StatusCode::kUnauthenticated, "TOKEN_EXPIRED",
                fmt::format("token expired at {}; mint a new one", at), {{"expired_at", at}});
}

absl::StatusOr<Principal> VerifyToken(std::string_view token, std::string_view node, absl::Time now,
                                      const IssuerRegistry& issuers) {
  if (token.size() > kMaxTokenSize) {
    return InvalidToken(TokenProblem::kMalformed,
                        fmt::format("{} bytes; at most {}", token.size(), kMaxTokenSize));
  }
  const std::vector<absl::string_view> parts =
      absl::StrSplit(absl::string_view(token.data(), token.size()), '.');
  if (parts.size() != 3) return InvalidToken(TokenProblem::kMalformed, "not three parts");
  const std::optional<Json> header = ParsePart(parts[0]);
  if (!header.has_value()) return InvalidToken(TokenProblem::kMalformed, "its header");
  ASSIGN_OR_RETURN(const Issuer* issuer, FindIssuer(*header, issuers));
  const std::optional<std::string> signature =
      crypto::Base64UrlDecode({parts[2].data(), parts[2].size()});
  const std::string_view signed_part = token.substr(0, parts[0].size() + 1 + parts[1].size());
  if (!signature.has_value() || !issuer->public_key.Verifies(signed_part, *signature)) {
    return InvalidToken(TokenProblem::kSignature, "the signature does not match");
  }
  if (!issuer->ValidAt(now)) {
    return InvalidToken(TokenProblem::kKeyNotValidNow, "its issuer is not valid now");
  }
  const std::optional<Json> claims = ParsePart(parts[1]);
  if (!claims.has_value()) return InvalidToken(TokenProblem::kMalformed, "its claims");
  RETURN_IF_ERROR(CheckNode(*claims, node));
  absl::Time expires;
  RETURN_IF_ERROR(CheckTimes(*claims, now, expires));
  ASSIGN_OR_RETURN(Principal principal, ReadPrincipal(*claims));
  RETURN_IF_ERROR(CheckScope(principal));
  RETURN_IF_ERROR(CheckPermitted(principal, *issuer));
  principal.node = std::string(node);
  principal.key_id = issuer->key_id();
  // Who remembers the principal until then forgets it when its issuer ends.
  principal.expires = std::min(expires, issuer->valid_to);
  return principal;
}

}  // namespace redress::auth
