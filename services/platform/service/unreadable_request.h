#ifndef REDRESS_SERVICES_PLATFORM_SERVICE_UNREADABLE_REQUEST_H_
#define REDRESS_SERVICES_PLATFORM_SERVICE_UNREADABLE_REQUEST_H_

#include <string_view>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "services/platform/status/field_violations.h"

namespace redress::service {

// A request in which some text is not UTF-8, on its way to its verb to learn what else is wrong
// with it: a person is told of every wrong field at once. The verb must not be able to act on it:
//
//   UnreadableRequest unreadable(parsed);  // What ParseMessage said.
//   if (!unreadable.Disarm(context.method(), request)) co_return unreadable.ToStatus();
//   … response = co_await verb(request); unreadable.Take(response.status()); …
//
// Lives for one call; not thread-safe.
class UnreadableRequest {
 public:
  explicit UnreadableRequest(absl::Status parsed);

  // Takes the request id from a request that has one, which no verb does without, and makes sure of
  // what else stands in `request`. A request without one is left as it is when the verb, "/…/Name",
  // is declared to have no side effects. Otherwise, and for bytes that are no message: false, and
  // the verb is not to be called.
  bool Disarm(std::string_view method, google::protobuf::Message& request);

  // What the verb answered: of an INVALID_ARGUMENT the fields that are not named yet. Every other
  // answer rests on text that was never sent, and is left out.
  void Take(const absl::Status& answer);

  absl::Status ToStatus() const { return faults_.empty() ? parsed_ : faults_.ToStatus(); }

 private:
  bool Names(std::string_view field) const;

  const absl::Status parsed_;
  FieldViolations faults_;
  bool without_id_ = false;
};

}  // namespace redress::service

#endif  // REDRESS_SERVICES_PLATFORM_SERVICE_UNREADABLE_REQUEST_H_
