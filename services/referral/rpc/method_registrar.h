#ifndef REDRESS_SERVICES_REFERRAL_RPC_METHOD_REGISTRAR_H_
#define REDRESS_SERVICES_REFERRAL_RPC_METHOD_REGISTRAR_H_

#include <string>
#include <string_view>
#include <utility>

#include "fmt/format.h"
#include "grpcpp/support/byte_buffer.h"
#include "services/platform/auth/access_table.h"
#include "services/platform/rpc/server.h"
#include "services/platform/service/wire_handlers.h"
#include "services/referral/app/parts.h"

namespace redress::referral {

// A generated service with these of its methods: Layers<v1::DirectoryService::Service,
// v1::DirectoryService::WithRawMethod_PutBody, …>::Type. Raw methods hand over bytes, so that text
// which is not UTF-8 is refused by naming its field and not by the transport (wire_handlers.h).
template <class Base, template <class> class... Methods>
struct Layers {
  using Type = Base;
};
template <class Base, template <class> class First, template <class> class... Rest>
struct Layers<Base, First, Rest...> {
  using Type = First<typename Layers<Base, Rest...>::Type>;
};

// Registers the methods of one gRPC service with a server. A method, its line in the access table
// and the verb of the application share one name, so that a verb is added by naming it once:
//
//   MethodRegistrar<Service> methods(server, service, "redress.referral.v1.ReferralService",
//                                    ReferralAccess());
//   methods.Verb("HoldReferral", &Service::RequestHoldReferral, verbs,
//   &ReceiverVerbs::HoldReferral);
//
// A handler of such a verb is nothing but the call: the request is checked, with all its wrong
// fields named at once, by the verb itself, which the node also runs without any rpc (forwards,
// recalls). What is registered borrows server, service, table and verbs.
template <class Service>
class MethodRegistrar {
 public:
  MethodRegistrar(rpc::Server& server, Service& service, std::string_view service_name,
                  const auth::AccessTable& access)
      : server_(server), service_(service), name_(service_name), access_(access) {}

  template <class Method, class Verbs, class Request, class Response>
  void Verb(std::string_view verb, Method method, Verbs& verbs,
            Answer<Response> (Verbs::*act)(Caller, Request)) {
    server_.Unary(&service_, method, NameOf(verb), RuleOf(verb),
                  [&verbs, act](rpc::CallContext& context, grpc::ByteBuffer bytes) {
                    auto call = [&verbs, act,
                                 caller = context.shared_principal()](Request request) mutable {
                      return (verbs.*act)(std::move(caller), std::move(request));
                    };
                    return service::AnswerBytes<Request, Response>(
                        std::move(call), context.method(), std::move(bytes));
                  });
  }

  // For what streams: the full name and the gate of a verb.
  std::string NameOf(std::string_view verb) const { return fmt::format("/{}/{}", name_, verb); }
  rpc::AccessRule RuleOf(std::string_view verb) const {
    return [verb, &access = access_](const rpc::CallContext& context) {
      return access.Check(verb, context.principal());
    };
  }

 private:
  rpc::Server& server_;
  Service& service_;
  const std::string_view name_;
  const auth::AccessTable& access_;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_RPC_METHOD_REGISTRAR_H_
