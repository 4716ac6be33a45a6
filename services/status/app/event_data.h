#ifndef REDRESS_SERVICES_STATUS_APP_EVENT_DATA_H_
#define REDRESS_SERVICES_STATUS_APP_EVENT_DATA_H_

#include <vector>

#include "google/protobuf/repeated_ptr_field.h"
#include "redress/intake/v1/event_data.pb.h"
#include "services/status/domain/case_data.h"

namespace redress::status {

// Between what events say and rows keep as messages of redress/intake/v1/event_data.proto, and the
// domain's own values. Used by clients, which read events, and storage, which keeps rows.

CaseDimensions FromProto(const intake::v1::CaseDimensions& from);
MemberDimensions FromProto(const intake::v1::MemberDimensions& from);
CurrencyTotal FromProto(const intake::v1::CurrencyTotal& from);
PostedEntry FromProto(const intake::v1::PostedEntry& from);

intake::v1::CaseDimensions ToProto(const CaseDimensions& from);
intake::v1::MemberDimensions ToProto(const MemberDimensions& from);
intake::v1::CurrencyTotal ToProto(const CurrencyTotal& from);

template <class Proto>
auto FromProtos(const google::protobuf::RepeatedPtrField<Proto>& from) {
  std::vector<decltype(FromProto(std::declval<const Proto&>()))> values;
  values.reserve(static_cast<size_t>(from.size()));
  for (const Proto& one : from) values.push_back(FromProto(one));
  return values;
}

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_APP_EVENT_DATA_H_
