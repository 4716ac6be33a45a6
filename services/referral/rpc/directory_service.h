#ifndef REDRESS_SERVICES_REFERRAL_RPC_DIRECTORY_SERVICE_H_
#define REDRESS_SERVICES_REFERRAL_RPC_DIRECTORY_SERVICE_H_

#include <memory>

#include "services/platform/rpc/server.h"
#include "services/referral/app/directory_verbs.h"

namespace redress::referral {

// redress.referral.v1.DirectoryService over the application; kept as ReferralService is.
class DirectoryService {
 public:
  explicit DirectoryService(DirectoryVerbs& verbs);
  ~DirectoryService();
  DirectoryService(const DirectoryService&) = delete;
  DirectoryService& operator=(const DirectoryService&) = delete;

  void Register(rpc::Server& server);

 private:
  struct Generated;

  DirectoryVerbs& verbs_;
  const std::unique_ptr<Generated> generated_;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_RPC_DIRECTORY_SERVICE_H_
