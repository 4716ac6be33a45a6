#ifndef REDRESS_SERVICES_REFERRAL_RPC_EXCHANGE_SERVICE_H_
#define REDRESS_SERVICES_REFERRAL_RPC_EXCHANGE_SERVICE_H_

#include <memory>

#include "services/platform/rpc/server.h"
#include "services/referral/app/inbound.h"
#include "services/referral/app/referral_files.h"

namespace redress::referral {

// redress.exchange.v1.ExchangeService, for peers and nobody else: the server has proved by the
// pinned certificate which node calls before anything here runs. Kept as ReferralService is.
//
// An envelope is handed on, and its receipt sent, before the next one is read: the store batches
// the commits of all links anyway, and nothing is acted on out of order.
class ExchangeService {
 public:
  ExchangeService(Inbound& inbound, ReferralFiles& files);
  ~ExchangeService();
  ExchangeService(const ExchangeService&) = delete;
  ExchangeService& operator=(const ExchangeService&) = delete;

  void Register(rpc::Server& server);

 private:
  struct Generated;

  Inbound& inbound_;
  ReferralFiles& files_;
  const std::unique_ptr<Generated> generated_;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_RPC_EXCHANGE_SERVICE_H_
