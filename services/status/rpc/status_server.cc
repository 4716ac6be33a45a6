#include "services/status/rpc/status_server.h"

#include <string>
#include <utility>

#include "redress/status/v1/status_service.grpc.pb.h"
#include "services/platform/service/wire_handlers.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/status_macros.h"
#include "services/status/app/case_queries.h"
#include "services/status/app/count_cases.h"
#include "services/status/app/list_cases.h"
#include "services/status/app/tracking.h"
#include "services/status/app/watch_cases.h"
#include "services/status/domain/access.h"
#include "services/status/rpc/request_checks.h"

namespace redress::status {
namespace {

namespace v1 = ::redress::status::v1;
using Generated = v1::StatusService;
using rpc::CallContext;

// The methods hand over bytes, so that text which is not UTF-8 is refused by naming its field and
// not by the transport (wire_handlers.h).
using Service = Generated::WithRawMethod_GetCaseStatus<
    Generated::WithRawMethod_ListCases<Generated::WithRawMethod_GetTimeline<
        Generated::WithRawMethod_WatchCases<Generated::WithRawMethod_TrackByReceipt<
            Generated::WithRawMethod_CountCases<Generated::Service>>>>>>;

rpc::AccessRule RuleFor(std::string_view verb) {
  return [verb](const CallContext& context) {
    return StatusAccess().Check(verb, context.principal());
  };
}

}  // namespace

class StatusServer::Handlers {
 public:
  explicit Handlers(const AppParts& parts) : parts_(parts), queries_(parts), tracking_(parts) {}

  Answer<unread::v1::GetCaseStatusResponse> GetCaseStatus(CallContext& context,
                                                          v1::GetCaseStatusRequest request) {
    CO_RETURN_IF_ERROR(Check(request));
    co_return co_await queries_.GetCaseStatus(context.shared_principal(), std::move(request));
  }

  Answer<unread::v1::ListCasesResponse> ListCases(CallContext& context,
                                                  v1::ListCasesRequest request) {
    CO_RETURN_IF_ERROR(Check(parts_.codes, request));
    co_return co_await status::ListCases(parts_, context.shared_principal(), std::move(request));
  }

  Answer<v1::GetTimelineResponse> GetTimeline(CallContext& context,
                                              v1::GetTimelineRequest request) {
    CO_RETURN_IF_ERROR(Check(request));
    co_return co_await queries_.GetTimeline(context.shared_principal(), std::move(request));
  }

  async::Task<absl::Status> WatchCases(CallContext& context, v1::WatchCasesRequest request,
                                       rpc::Writer<v1::WatchCasesResponse>& writer) {
    CO_RETURN_IF_ERROR(Check(parts_.codes, request));
    co_return co_await status::WatchCases(parts_, context.shared_principal(), std::move(request),
                                          context.cancellation(), writer);
  }

  Answer<v1::TrackByReceiptResponse> TrackByReceipt(CallContext& context,
                                                    v1::TrackByReceiptRequest request) {
    absl::StatusOr<crypto::TrackingCode> code =
        crypto::TrackingCode::Parse(request.tracking_code());
    if (!code.ok()) {
      // How many digits there were, never which.
      co_return InvalidField("tracking_code", std::string(code.status().message()));
    }
    co_return co_await tracking_.TrackByReceipt(context.shared_principal(), std::move(*code));
  }

  Answer<v1::CountCasesResponse> CountCases(CallContext& context, v1::CountCasesRequest request) {
    CO_RETURN_IF_ERROR(Check(request));
    co_return co_await status::CountCases(parts_, context.shared_principal(), std::move(request));
  }

  // Registers a unary verb under its own name, by which the access table knows it too.
  template <class Method, class Request, class Response>
  void Unary(rpc::Server& server, std::string_view verb, Method method,
             Answer<Response> (Handlers::*handler)(CallContext&, Request)) {
    server.Unary(&service_, method, PathOf(verb), RuleFor(verb), service::Wire(this, handler));
  }

  void Register(rpc::Server& server) {
    Unary(server, "GetCaseStatus", &Service::RequestGetCaseStatus, &Handlers::GetCaseStatus);
    Unary(server, "ListCases", &Service::RequestListCases, &Handlers::ListCases);
    Unary(server, "GetTimeline", &Service::RequestGetTimeline, &Handlers::GetTimeline);
    Unary(server, "TrackByReceipt", &Service::RequestTrackByReceipt, &Handlers::TrackByReceipt);
    Unary(server, "CountCases", &Service::RequestCountCases, &Handlers::CountCases);
    server.ServerStream(&service_, &Service::RequestWatchCases, PathOf("WatchCases"),
                        RuleFor("WatchCases"), service::Wire(this, &Handlers::WatchCases));
  }

 private:
  static std::string PathOf(std::string_view verb) {
    return "/" + std::string(kStatusServiceName) + "/" + std::string(verb);
  }

  const AppParts& parts_;
  CaseQueries queries_;
  Tracking tracking_;
  Service service_;
};

StatusServer::StatusServer(const AppParts& parts) : handlers_(std::make_unique<Handlers>(parts)) {}
StatusServer::~StatusServer() = default;

void StatusServer::Register(rpc::Server& server) { handlers_->Register(server); }

}  // namespace redress::status
