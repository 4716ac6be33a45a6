#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "fmt/format.h"
#include "services/platform/auth/issuer_registry.h"
#include "services/platform/crypto/node_keys.h"
#include "services/platform/crypto/system_random.h"
#include "tools/redress/commands.h"

namespace redress::cli {
namespace {

struct Registration {
  std::string registry;
  std::string key;
  std::string label;
  std::vector<std::string> bodies;
  std::vector<std::string> roles;
  std::vector<std::string> rights;
  std::vector<std::string> postings;
  std::vector<std::string> provinces;
  int days = 365;
};

absl::Status GenerateKey(const std::string& path, Output& output) {
  crypto::SystemRandom random;
  const crypto::SecretKey seed = crypto::SecretKey::Generate(random);
  RETURN_IF_ERROR(crypto::SaveKey(crypto::KeyKind::kSigning, seed, path));
  ASSIGN_OR_RETURN(const crypto::SigningKey key, crypto::LoadSigningKey(path));
  output.Value("keyId", key.key_id());
  return absl::OkStatus();
}

template <class Set, class Parse>
absl::StatusOr<Set> ParseNames(const std::vector<std::string>& names, Parse parse,
                               const char* option) {
  Set set;
  for (const std::string& name : names) {
    const auto value = parse(name);
    if (!value.has_value()) return UsageError(fmt::format("{}: \"{}\" is unknown", option, name));
    set.Insert(*value);
  }
  return set;
}

// Written whole or not at all: a service may be reading it.
absl::Status ReplaceFile(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".new";
  {
    std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
    file << text << std::flush;
    if (!file) return absl::InternalError(fmt::format("{}: cannot be written", temporary));
  }
  std::error_code error;
  std::filesystem::permissions(
      temporary,
      std::filesystem::perms::owner_read | std::filesystem::perms::owner_write |
          std::filesystem::perms::group_read | std::filesystem::perms::others_read,
      error);
  std::filesystem::rename(temporary, path, error);
  if (error) return absl::InternalError(fmt::format("{}: {}", path, error.message()));
  return absl::OkStatus();
}

absl::Status Register(const Registration& registration, Output& output) {
  auth::IssuerRegistry registry;
  if (std::filesystem::exists(registration.registry)) {
    ASSIGN_OR_RETURN(registry, auth::IssuerRegistry::Load(registration.registry));
  }
  ASSIGN_OR_RETURN(const crypto::SigningKey key, crypto::LoadSigningKey(registration.key));
  auth::Issuer issuer;
  issuer.public_key = key.public_key();
  issuer.label = registration.label;
  issuer.bodies = registration.bodies;
  ASSIGN_OR_RETURN(issuer.roles,
                   ParseNames<auth::RoleSet>(registration.roles, auth::ParseRole, "--role"));
  ASSIGN_OR_RETURN(issuer.rights,
                   ParseNames<auth::RightSet>(registration.rights, auth::ParseRight, "--right"));
  issuer.postings = registration.postings;
  issuer.provinces = registration.provinces;
  issuer.valid_to = absl::Now() + absl::Hours(24) * registration.days;
  registry.Put(std::move(issuer));
  RETURN_IF_ERROR(ReplaceFile(registration.registry, registry.ToJson()));
  output.Value("keyId", key.key_id());
  return absl::OkStatus();
}

void AddRegister(Commands& commands, CLI::App* group) {
  auto registration = std::make_shared<Registration>();
  CLI::App* command = commands.Add(
      group, "register", "Let a key sign tokens for a node, and say the most they may claim",
      "token register --registry issuers.json --key desk.key --body kh:lscw --role desk",
      [registration](Run& run) { return Register(*registration, run.output); },
      /*needs_profile=*/false);
  command
      ->add_option("--registry", registration->registry,
                   "The node's file of issuers; made if absent")
      ->required();
  command->add_option("--key", registration->key, "The key file")->required();
  command->add_option("--label", registration->label, "For people: whose key it is");
  command->add_option("--body", registration->bodies, "A body its tokens may act for; repeatable");
  command->add_option("--role", registration->roles, "A role its tokens may hold; repeatable")
      ->required();
  command->add_option("--right", registration->rights, "refer or approve; repeatable");
  command->add_option("--posting", registration->postings, "A country an attaché may be posted to");
  command->add_option("--province", registration->provinces, "A province, as KH-2");
  command->add_option("--days", registration->days, "How long the key is good for")
      ->check(CLI::Range(1, 3650))
      ->capture_default_str();
}

}  // namespace

void AddTokenCommands(Commands& commands) {
  CLI::App* group =
      commands.AddGroup("token", "Tokens and the keys that sign them", "Running a node");
  commands.Add(group, "mint", "Print a token for 10 minutes, as every command mints for itself",
               "--profile kh-ministry token mint", [](Run& run) -> absl::Status {
                 ASSIGN_OR_RETURN(const std::string token, run.session.MintToken());
                 run.output.Value("token", token);
                 return absl::OkStatus();
               });
  auto path = std::make_shared<std::string>();
  commands
      .Add(
          group, "keygen", "Make a key that signs a person's tokens; prints its id",
          "token keygen var/desk.key", [path](Run& run) { return GenerateKey(*path, run.output); },
          /*needs_profile=*/false)
      ->add_option("file", *path, "Where to write it; never overwritten")
      ->required();
  AddRegister(commands, group);
}

}  // namespace redress::cli
