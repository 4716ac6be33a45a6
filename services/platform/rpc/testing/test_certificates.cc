#include "services/platform/rpc/testing/test_certificates.h"

#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "openssl/ec.h"
#include "openssl/evp.h"
#include "openssl/pem.h"
#include "openssl/x509v3.h"

namespace redress::rpc::testing {
namespace {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Certificate = std::unique_ptr<X509, FreeCertificate>;

Key NewKey() { return Key(EVP_EC_gen("P-256")); }

void AddExtension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// `issuer` null: signs itself, as an authority does.
Certificate NewCertificate(const char* name, const char* alternative_names, EVP_PKEY* key,
                           X509* issuer, EVP_PKEY* issuer_key) {
  static long serial = 1;
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 24 * 60 * 60);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509* signer = issuer == nullptr ? certificate.get() : issuer;
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer));
  AddExtension(certificate.get(), signer, NID_basic_constraints,
               issuer == nullptr ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (alternative_names != nullptr) {
    AddExtension(certificate.get(), signer, NID_subject_alt_name, alternative_names);
  }
  X509_sign(certificate.get(), issuer_key, EVP_sha256());
  return certificate;
}

void Write(const std::string& path, EVP_PKEY* key) {
  FILE* file = std::fopen(path.c_str(), "w");
  PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
}

void Write(const std::string& path, X509* certificate) {
  FILE* file = std::fopen(path.c_str(), "w");
  PEM_write_X509(file, certificate);
  std::fclose(file);
}

std::string Fingerprint(X509* certificate) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  X509_digest(certificate, EVP_sha256(), digest, &size);
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<char*>(digest), size));
}

}  // namespace

TestCertificates::TestCertificates() {
  std::string pattern = ::testing::TempDir() + "pki_XXXXXX";
  folder_ = mkdtemp(pattern.data());
  const Key authority_key = NewKey();
  const Certificate authority =
      NewCertificate("Test authority", nullptr, authority_key.get(), nullptr, authority_key.get());
  const std::string authorities = folder_ + "/authority.pem";
  Write(authorities, authority.get());
  const auto issue = [&](const char* name, const char* alternative_names) {
    const Key key = NewKey();
    Certificate certificate =
        NewCertificate(name, alternative_names, key.get(), authority.get(), authority_key.get());
    TlsFiles files{.certificate_file = folder_ + "/" + name + ".pem",
                   .key_file = folder_ + "/" + name + ".key",
                   .authorities_file = authorities};
    Write(files.key_file, key.get());
    Write(files.certificate_file, certificate.get());
    return std::make_pair(files, std::move(certificate));
  };
  server_ = issue("server.test", "DNS:server.test,DNS:localhost,IP:127.0.0.1").first;
  auto client = issue("client.test", "DNS:client.test");
  client_ = client.first;
  client_fingerprint_ = Fingerprint(client.second.get());
}

TestCertificates::~TestCertificates() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace redress::rpc::testing
