#ifndef REDRESS_SERVICES_REFERRAL_APP_PROTO_TIME_H_
#define REDRESS_SERVICES_REFERRAL_APP_PROTO_TIME_H_

#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace redress::referral {

// Instants between the domain, where "not known" is InfinitePast and "never" InfiniteFuture, and
// messages, where both are an absent field. Finer than microseconds is cut off, as in the store.
inline bool IsFinite(absl::Time time) {
  return time != absl::InfinitePast() && time != absl::InfiniteFuture();
}

inline void SetTimestamp(absl::Time time, google::protobuf::Timestamp* to) {
  const int64_t micros = absl::ToUnixMicros(time);
  int64_t seconds = micros / 1'000'000;
  int64_t rest = micros % 1'000'000;
  if (rest < 0) {
    rest += 1'000'000;
    --seconds;
  }
  to->set_seconds(seconds);
  to->set_nanos(static_cast<int32_t>(rest * 1'000));
}

// What google.protobuf.Timestamp allows, the years 1 to 9999. A request may hold anything.
inline bool IsInstant(const google::protobuf::Timestamp& timestamp) {
  return timestamp.seconds() >= -62'135'596'800 && timestamp.seconds() <= 253'402'300'799 &&
         timestamp.nanos() >= 0 && timestamp.nanos() < 1'000'000'000;
}

inline absl::Time ToTime(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

inline void SetDuration(absl::Duration duration, google::protobuf::Duration* to) {
  to->set_seconds(absl::ToInt64Seconds(duration));
  to->set_nanos(static_cast<int32_t>(
      absl::ToInt64Nanoseconds(duration - absl::Seconds(absl::ToInt64Seconds(duration)))));
}

inline absl::Duration ToDuration(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
}

// Microseconds since 1970 as rows keep them; 0 for "not known" and "never".
inline int64_t ToMicros(absl::Time time) { return IsFinite(time) ? absl::ToUnixMicros(time) : 0; }
inline absl::Time FromMicros(int64_t micros) {
  return micros == 0 ? absl::InfinitePast() : absl::FromUnixMicros(micros);
}

}  // namespace redress::referral

// Sets `message.mutable_field()` when `time` is known.
#define REDRESS_SET_TIME(message, field, time)                                                 \
  do {                                                                                         \
    if (const absl::Time redress_time = (time); ::redress::referral::IsFinite(redress_time)) { \
      ::redress::referral::SetTimestamp(redress_time, (message).mutable_##field());            \
    }                                                                                          \
  } while (false)
// The field's time, InfinitePast when absent.
#define REDRESS_GET_TIME(message, field) \
  ((message).has_##field() ? ::redress::referral::ToTime((message).field()) : absl::InfinitePast())

#endif  // REDRESS_SERVICES_REFERRAL_APP_PROTO_TIME_H_
