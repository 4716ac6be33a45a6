#ifndef REDRESS_SERVICES_PLATFORM_RPC_TESTING_TEST_CERTIFICATES_H_
#define REDRESS_SERVICES_PLATFORM_RPC_TESTING_TEST_CERTIFICATES_H_

#include <string>

#include "services/platform/rpc/tls.h"

namespace redress::rpc::testing {

// A small authority made anew in a folder of its own under testing::TempDir, with a certificate for
// a server ("server.test", also valid for localhost and 127.0.0.1) and one for a client
// ("client.test"). Good for a day. The folder goes away with it.
class TestCertificates {
 public:
  TestCertificates();
  ~TestCertificates();
  TestCertificates(const TestCertificates&) = delete;
  TestCertificates& operator=(const TestCertificates&) = delete;

  const TlsFiles& server() const { return server_; }
  const TlsFiles& client() const { return client_; }
  // Lower-case hex of the SHA-256 of the client's certificate.
  const std::string& client_fingerprint() const { return client_fingerprint_; }

 private:
  std::string folder_;
  TlsFiles server_;
  TlsFiles client_;
  std::string client_fingerprint_;
};

}  // namespace redress::rpc::testing

#endif  // REDRESS_SERVICES_PLATFORM_RPC_TESTING_TEST_CERTIFICATES_H_
