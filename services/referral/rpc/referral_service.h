#ifndef REDRESS_SERVICES_REFERRAL_RPC_REFERRAL_SERVICE_H_
#define REDRESS_SERVICES_REFERRAL_RPC_REFERRAL_SERVICE_H_

#include <memory>

#include "services/platform/rpc/server.h"
#include "services/referral/app/home_verbs.h"
#include "services/referral/app/receiver_verbs.h"
#include "services/referral/app/referral_files.h"
#include "services/referral/app/referral_queries.h"

namespace redress::referral {

// What the methods of ReferralService are done by. Borrowed.
struct ReferralRooms {
  HomeVerbs& home;
  ReceiverVerbs& receiver;
  ReferralQueries& queries;
  ReferralFiles& files;
  journal::EventFollowers& followers;
};

// redress.referral.v1.ReferralService over the application. Make it, register it, and keep it (and
// the rooms) until the server is shut down.
class ReferralService {
 public:
  explicit ReferralService(const ReferralRooms& rooms);
  ~ReferralService();
  ReferralService(const ReferralService&) = delete;
  ReferralService& operator=(const ReferralService&) = delete;

  void Register(rpc::Server& server);

 private:
  struct Generated;
  void RegisterStreams(rpc::Server& server);

  const ReferralRooms rooms_;
  const std::unique_ptr<Generated> generated_;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_RPC_REFERRAL_SERVICE_H_
