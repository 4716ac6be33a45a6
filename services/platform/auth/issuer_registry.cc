#include "services/platform/auth/issuer_registry.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "fmt/format.h"
#include "nlohmann/json.hpp"
#include "services/platform/ids/names.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/status_macros.h"

namespace redress::auth {
namespace {

using Json = nlohmann::json;

constexpr int kVersion = 1;
constexpr std::array<std::string_view, 10> kIssuerFields = {
    "kid",    "public_key", "label",     "bodies",     "roles",
    "rights", "postings",   "provinces", "valid_from", "valid_to"};

bool MatchesAny(const std::vector<std::string>& patterns, std::string_view value) {
  return std::any_of(patterns.begin(), patterns.end(), [value](std::string_view pattern) {
    if (!pattern.empty() && pattern.back() == '*') {
      return value.substr(0, pattern.size() - 1) == pattern.substr(0, pattern.size() - 1);
    }
    return value == pattern;
  });
}

bool IsBodyPattern(const std::string& text) {
  if (text.empty() || text.back() != '*') return BodyId::Parse(text, "").ok();
  return std::all_of(text.begin(), text.end() - 1, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ':' || c == '-';
  });
}

bool IsPlacePattern(const std::string& text) {
  if (text == "*") return true;
  return text.size() >= 2 && text.size() <= 6 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
         });
}

bool IsRole(const std::string& text) { return ParseRole(text).has_value(); }
bool IsRight(const std::string& text) { return ParseRight(text).has_value(); }

// Reads one issuer, adding to `violations` what is wrong with it.
class IssuerReader {
 public:
  IssuerReader(const Json& json, std::string path, FieldViolations& violations)
      : json_(json), path_(std::move(path)), violations_(violations) {}

  Issuer Read() {
    Issuer issuer;
    // A misspelt name, "valid_until", would otherwise open what it was meant to close.
    for (const auto& [name, value] : json_.items()) {
      if (std::find(kIssuerFields.begin(), kIssuerFields.end(), name) == kIssuerFields.end()) {
        violations_.AddValue(path_, name, "only fields that are documented");
      }
    }
    ReadKey(issuer);
    issuer.label = String("label").value_or("");
    issuer.bodies = Strings("bodies", IsBodyPattern, "a body such as kh:lscw, or kh:*");
    issuer.postings = Strings("postings", IsPlacePattern, "a country such as MY, or *");
    issuer.provinces = Strings("provinces", IsPlacePattern, "a province such as KH-2, or *");
    for (const std::string& name : Strings("roles", IsRole, "a role such as desk")) {
      issuer.roles.Insert(*ParseRole(name));
    }
    for (const std::string& name : Strings("rights", IsRight, "refer or approve")) {
      issuer.rights.Insert(*ParseRight(name));
    }
    if (!json_.contains("roles")) violations_.Add(Path("roles"), "required");
    ReadTime("valid_from", issuer.valid_from);
    ReadTime("valid_to", issuer.valid_to);
    if (issuer.valid_to <= issuer.valid_from) {
      violations_.Add(Path("valid_to"), "must be after valid_from");
    }
    return issuer;
  }

 private:
  std::string Path(std::string_view name) const { return fmt::format("{}.{}", path_, name); }

  std::optional<std::string> String(const char* name) {
    const auto found = json_.find(name);
    if (found == json_.end()) return std::nullopt;
    if (const auto* text = found->get_ptr<const std::string*>()) return *text;
    violations_.Add(Path(name), "must be a string");
    return std::nullopt;
  }

  void ReadKey(Issuer& issuer) {
    const std::string text = String("public_key").value_or("");
    const std::optional<crypto::PublicKey> key = crypto::PublicKey::FromText(text);
    if (!key.has_value()) {
      violations_.AddValue(Path("public_key"), text, "an Ed25519 public key in base64url");
      return;
    }
    issuer.public_key = *key;
    const std::string kid = String("kid").value_or("");
    if (kid != key->key_id()) {
      violations_.AddValue(Path("kid"), kid, fmt::format("the id of its key, {}", key->key_id()));
    }
  }

  std::vector<std::string> Strings(const char* name, bool (*accept)(const std::string&),
                                   std::string_view accepted) {
    std::vector<std::string> values;
    const auto found = json_.find(name);
    if (found == json_.end()) return values;
    if (!found->is_array()) {
      violations_.Add(Path(name), "must be a list of strings");
      return values;
    }
    for (size_t i = 0; i < found->size(); ++i) {
      const auto* text = (*found)[i].get_ptr<const Json::string_t*>();
      if (text != nullptr && accept(*text)) {
        values.push_back(*text);
      } else {
        violations_.AddValue(fmt::format("{}[{}]", Path(name), i),
                             text == nullptr ? "" : std::string_view(*text), accepted);
      }
    }
    return values;
  }

  void ReadTime(const char* name, absl::Time& time) {
    const std::optional<std::string> text = String(name);
    if (!text.has_value()) return;
    absl::Time parsed;
    if (!absl::ParseTime(absl::RFC3339_full, *text, &parsed, nullptr)) {
      violations_.AddValue(Path(name), *text, "an instant such as 2026-01-01T00:00:00Z");
      return;
    }
    time = parsed;
  }

  const Json& json_;
  const std::string path_;
  FieldViolations& violations_;
};

absl::StatusOr<std::string> ReadFile(const std::string& path, size_t limit) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    const std::string message = fmt::format("{}: {}", path, std::strerror(errno));
    return errno == ENOENT ? absl::NotFoundError(message) : absl::FailedPreconditionError(message);
  }
  const absl::Cleanup close = [descriptor] { ::close(descriptor); };
  struct stat found{};
  if (::fstat(descriptor, &found) != 0 || !S_ISREG(found.st_mode)) {
    return absl::FailedPreconditionError(fmt::format("{}: not a regular file", path));
  }
  if ((found.st_mode & 022) != 0) {
    return absl::FailedPreconditionError(
        fmt::format("{}: mode is {:04o}; only its owner may be able to write to it", path,
                    found.st_mode & 07777));
  }
  if (static_cast<size_t>(found.st_size) > limit) {
    return absl::FailedPreconditionError(
        fmt::format("{}: {} bytes; at most {}", path, found.st_size, limit));
  }
  std::string text(static_cast<size_t>(found.st_size), '\0');
  size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::read(descriptor, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return absl::InternalError(fmt::format("{}: {}", path, std::strerror(errno)));
    if (count == 0) break;
    done += static_cast<size_t>(count);
  }
  text.resize(done);
  return text;
}

std::string TimeText(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

}  // namespace

bool Issuer::MayAssertBody(std::string_view body_id) const { return MatchesAny(bodies, body_id); }
bool Issuer::MayAssertPosting(std::string_view country) const {
  return MatchesAny(postings, country);
}
bool Issuer::MayAssertProvince(std::string_view province) const {
  return MatchesAny(provinces, province);
}

absl::StatusOr<IssuerRegistry> IssuerRegistry::Parse(std::string_view text) {
  const Json json = Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return InvalidField("registry", "not a JSON object");
  FieldViolations violations;
  IssuerRegistry registry;
  const auto version = json.find("version");
  if (version == json.end() || !version->is_number_integer() || *version != kVersion) {
    violations.Add("version", "must be 1");
  }
  const auto issuers = json.find("issuers");
  if (issuers == json.end() || !issuers->is_array()) {
    violations.Add("issuers", "must be a list");
    return violations.ToStatus();
  }
  for (size_t i = 0; i < issuers->size(); ++i) {
    const std::string path = fmt::format("issuers[{}]", i);
    if (!(*issuers)[i].is_object()) {
      violations.Add(path, "must be an object");
      continue;
    }
    Issuer issuer = IssuerReader((*issuers)[i], path, violations).Read();
    if (registry.Find(issuer.key_id()) != nullptr) violations.Add(path + ".kid", "is there twice");
    registry.Put(std::move(issuer));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return registry;
}

absl::StatusOr<IssuerRegistry> IssuerRegistry::Load(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMaxFileSize));
  return Parse(text);
}

void IssuerRegistry::Put(Issuer issuer) {
  std::string key_id = issuer.key_id();
  issuers_.insert_or_assign(std::move(key_id), std::move(issuer));
}

const Issuer* IssuerRegistry::Find(std::string_view key_id) const {
  const auto found = issuers_.find(key_id);
  return found == issuers_.end() ? nullptr : &found->second;
}

std::string IssuerRegistry::ToJson() const {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const auto& [key_id, issuer] : issuers_) {
    nlohmann::ordered_json item = {{"kid", key_id}, {"public_key", issuer.public_key.ToText()}};
    if (!issuer.label.empty()) item["label"] = issuer.label;
    if (!issuer.bodies.empty()) item["bodies"] = issuer.bodies;
    item["roles"] = nlohmann::ordered_json::array();
    for (uint8_t i = 0; i < static_cast<uint8_t>(Role::kCount); ++i) {
      const Role role = static_cast<Role>(i);
      if (issuer.roles.Contains(role)) item["roles"].push_back(RoleName(role));
    }
    for (const Right right : {Right::kRefer, Right::kApprove}) {
      if (issuer.rights.Contains(right)) item["rights"].push_back(RightName(right));
    }
    if (!issuer.postings.empty()) item["postings"] = issuer.postings;
    if (!issuer.provinces.empty()) item["provinces"] = issuer.provinces;
    if (issuer.valid_from != absl::InfinitePast()) item["valid_from"] = TimeText(issuer.valid_from);
    if (issuer.valid_to != absl::InfiniteFuture()) item["valid_to"] = TimeText(issuer.valid_to);
    list.push_back(std::move(item));
  }
  const nlohmann::ordered_json json = {{"version", kVersion}, {"issuers", std::move(list)}};
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace redress::auth
