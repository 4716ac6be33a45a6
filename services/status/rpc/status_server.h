#ifndef REDRESS_SERVICES_STATUS_RPC_STATUS_SERVER_H_
#define REDRESS_SERVICES_STATUS_RPC_STATUS_SERVER_H_

#include <memory>

#include "services/platform/rpc/server.h"
#include "services/status/app/parts.h"

namespace redress::status {

inline constexpr char kStatusServiceName[] = "redress.status.v1.StatusService";

// StatusService on a server: each handler checks the request, lets the application answer, and is
// otherwise a shell. Who may use which verb is domain/access.h, applied before any handler runs.
class StatusServer {
 public:
  // `parts` outlives this.
  explicit StatusServer(const AppParts& parts);
  ~StatusServer();
  StatusServer(const StatusServer&) = delete;
  StatusServer& operator=(const StatusServer&) = delete;

  // Before the server starts; this outlives it.
  void Register(rpc::Server& server);

 private:
  class Handlers;
  std::unique_ptr<Handlers> handlers_;
};

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_RPC_STATUS_SERVER_H_
