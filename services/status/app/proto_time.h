#ifndef REDRESS_SERVICES_STATUS_APP_PROTO_TIME_H_
#define REDRESS_SERVICES_STATUS_APP_PROTO_TIME_H_

#include <cstdint>

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "services/status/domain/codes.h"

namespace redress::status {

// Instants between the domain, where kNoTime stands for "none", and messages, where an absent field
// does. Finer than microseconds is cut off, as in the store.
inline google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  const int64_t micros = absl::ToUnixMicros(time);
  const int64_t seconds = absl::ToUnixSeconds(absl::FromUnixMicros(micros));
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<int32_t>((micros - seconds * 1'000'000) * 1'000));
  return timestamp;
}

inline absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Microseconds(timestamp.nanos() / 1'000);
}

// Microseconds since 1970 as rows keep them; 0 for none.
inline int64_t ToMicros(absl::Time time) { return time == kNoTime ? 0 : absl::ToUnixMicros(time); }
inline absl::Time FromMicros(int64_t micros) {
  return micros == 0 ? kNoTime : absl::FromUnixMicros(micros);
}

}  // namespace redress::status

// Sets `message.field` when there is a `time`.
#define REDRESS_SET_TIME(message, field, time)                                     \
  do {                                                                             \
    if (const absl::Time redress_time = (time); redress_time != kNoTime) {         \
      *(message).mutable_##field() = ::redress::status::ToTimestamp(redress_time); \
    }                                                                              \
  } while (false)
// The field's time, kNoTime when absent.
#define REDRESS_GET_TIME(message, field)                                         \
  ((message).has_##field() ? ::redress::status::FromTimestamp((message).field()) \
                           : ::redress::status::kNoTime)

#endif  // REDRESS_SERVICES_STATUS_APP_PROTO_TIME_H_
