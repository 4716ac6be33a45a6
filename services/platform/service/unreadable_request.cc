#include "services/platform/service/unreadable_request.h"

#include <algorithm>
#include <string>
#include <utility>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"
#include "services/platform/ids/names.h"

namespace redress::service {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::MethodOptions;

constexpr char kRequestId[] = "request_id";

// By what the proto says of the verb.
bool HasNoSideEffects(std::string_view method) {
  std::string name(method.substr(std::min(method.find_first_not_of('/'), method.size())));
  std::replace(name.begin(), name.end(), '/', '.');
  const MethodDescriptor* found = DescriptorPool::generated_pool()->FindMethodByName(name);
  return found != nullptr && found->options().idempotency_level() == MethodOptions::NO_SIDE_EFFECTS;
}

}  // namespace

UnreadableRequest::UnreadableRequest(absl::Status parsed) : parsed_(std::move(parsed)) {
  if (!GetFieldViolations(parsed_).empty()) faults_.Take(parsed_);
}

bool UnreadableRequest::Disarm(std::string_view method, google::protobuf::Message& request) {
  if (faults_.empty()) return false;
  const FieldDescriptor* id = request.GetDescriptor()->FindFieldByName(kRequestId);
  if (id == nullptr) return HasNoSideEffects(method);
  if (!Names(kRequestId)) {
    faults_.Take(
        RequestId::Parse(request.GetReflection()->GetString(request, id), kRequestId).status());
  }
  request.GetReflection()->ClearField(&request, id);
  without_id_ = true;
  return true;
}

void UnreadableRequest::Take(const absl::Status& answer) {
  if (!absl::IsInvalidArgument(answer)) return;
  for (const FieldViolation& fault : GetFieldViolations(answer)) {
    if (Names(fault.field) || (without_id_ && fault.field == kRequestId)) continue;
    faults_.Add(fault.field, fault.problem);
  }
}

bool UnreadableRequest::Names(std::string_view field) const {
  return std::any_of(faults_.list().begin(), faults_.list().end(),
                     [&](const FieldViolation& fault) { return fault.field == field; });
}

}  // namespace redress::service
