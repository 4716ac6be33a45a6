#ifndef REDRESS_SERVICES_INTAKE_INTAKE_SERVER_FIXTURE_H_
#define REDRESS_SERVICES_INTAKE_INTAKE_SERVER_FIXTURE_H_

#include <memory>
#include <string>

#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "redress/intake/v1/intake_service.grpc.pb.h"
#include "services/intake/app/intake_app.h"
#include "services/intake/rpc/intake_rpc.h"
#include "services/intake/storage/kv_case_store.h"
#include "services/platform/async/blocking_pool.h"
#include "services/platform/crypto/page_token.h"
#include "services/platform/crypto/system_random.h"
#include "services/platform/journal/event_log.h"
#include "services/platform/kv/memory_store.h"
#include "services/platform/rpc/event_loop.h"
#include "services/platform/rpc/server.h"

namespace redress::intake {

// The whole of intake behind a real server on a loopback port, over a store in memory, for tests of
// what a client sees. The node is "kh"; it is 22 November 2026. Tokens are names of persons (see
// PersonTokens in the .cc): "desk", "other-desk", "ministry", "approver", "service".
class IntakeServer {
 public:
  IntakeServer();
  ~IntakeServer();

  std::shared_ptr<grpc::Channel> NewChannel() const;
  std::unique_ptr<v1::IntakeService::Stub> NewStub() const;
  // With a deadline in 20 s and the token of `person`; empty: none.
  static std::unique_ptr<grpc::ClientContext> NewContext(const std::string& person = "desk");

 private:
  class PersonTokens;

  const std::string files_;
  crypto::SystemRandom random_;
  ManualClock clock_;
  rpc::EventLoop loop_;
  async::BlockingPool file_pool_{1, 64};
  kv::MemoryStore store_{loop_};
  journal::EventFollowers followers_{loop_};
  const crypto::SecretKey wrapping_key_{crypto::SecretKey::Generate(random_)};
  const crypto::SecretKey tracking_key_{crypto::SecretKey::Generate(random_)};
  const crypto::PageTokens page_tokens_{tracking_key_, random_};
  KvCaseStore cases_{store_, wrapping_key_, random_};
  audit::RefusalLog refusals_{store_, clock_};
  IntakeApp app_;
  IntakeRpc intake_rpc_;
  std::unique_ptr<PersonTokens> tokens_;
  std::unique_ptr<rpc::Server> server_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_INTAKE_SERVER_FIXTURE_H_
