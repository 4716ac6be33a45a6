#include "services/platform/rpc/tls.h"

#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "fmt/format.h"
#include "grpcpp/security/auth_context.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/security/server_credentials.h"
#include "openssl/sha.h"
#include "services/platform/rpc/call_context.h"
#include "services/platform/status/status_macros.h"

namespace redress::rpc {
namespace {

absl::StatusOr<std::string> ReadPem(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (text.empty()) {
    return absl::InvalidArgumentError(fmt::format("{}: cannot be read, or is empty", path));
  }
  return text;
}

struct Pems {
  std::string certificate;
  std::string key;
  std::string authorities;
};

absl::StatusOr<Pems> ReadAll(const TlsFiles& files) {
  Pems pems;
  ASSIGN_OR_RETURN(pems.certificate, ReadPem(files.certificate_file));
  ASSIGN_OR_RETURN(pems.key, ReadPem(files.key_file));
  ASSIGN_OR_RETURN(pems.authorities, ReadPem(files.authorities_file));
  return pems;
}

// SHA-256 of the DER form of the first certificate in `pem`; empty when there is none.
std::string Fingerprint(std::string_view pem) {
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
  const size_t begin = pem.find(kBegin);
  if (begin == std::string_view::npos) return {};
  const size_t body = begin + kBegin.size();
  const size_t end = pem.find(kEnd, body);
  if (end == std::string_view::npos) return {};
  std::string der;
  if (!absl::Base64Unescape(absl::string_view(pem.data() + body, end - body), &der)) return {};
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(der.data()), der.size(), digest);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest), sizeof(digest)));
}

std::string_view View(grpc::string_ref text) { return {text.data(), text.size()}; }

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> MutualTlsServerCredentials(
    const TlsFiles& files) {
  ASSIGN_OR_RETURN(Pems pems, ReadAll(files));
  grpc::SslServerCredentialsOptions options(
      GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = std::move(pems.authorities);
  options.pem_key_cert_pairs.push_back({std::move(pems.key), std::move(pems.certificate)});
  return grpc::SslServerCredentials(options);
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> MutualTlsChannelCredentials(
    const TlsFiles& files) {
  ASSIGN_OR_RETURN(Pems pems, ReadAll(files));
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = std::move(pems.authorities);
  options.pem_private_key = std::move(pems.key);
  options.pem_cert_chain = std::move(pems.certificate);
  return grpc::SslCredentials(options);
}

PeerIdentity ReadPeerIdentity(const grpc::AuthContext& auth_context) {
  PeerIdentity peer;
  if (!auth_context.IsPeerAuthenticated()) return peer;
  for (const grpc::string_ref& name : auth_context.FindPropertyValues("x509_common_name")) {
    peer.common_name = View(name);
  }
  for (const grpc::string_ref& name :
       auth_context.FindPropertyValues("x509_subject_alternative_name")) {
    peer.alternative_names.emplace_back(View(name));
  }
  for (const grpc::string_ref& pem : auth_context.FindPropertyValues("x509_pem_cert")) {
    peer.certificate_sha256 = Fingerprint(View(pem));
  }
  return peer;
}

bool IsLocalAddress(std::string_view address) {
  if (address.starts_with("unix:") || address.starts_with("unix-abstract:")) return true;
  const size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) return false;
  const std::string_view host = address.substr(0, colon);
  return host == "127.0.0.1" || host == "[::1]" || host == "localhost";
}

}  // namespace redress::rpc
