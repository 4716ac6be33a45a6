#ifndef REDRESS_SERVICES_REFERRAL_APP_DETERMINISTIC_H_
#define REDRESS_SERVICES_REFERRAL_APP_DETERMINISTIC_H_

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <string>

#include "google/protobuf/message_lite.h"

namespace redress::referral {

// The same bytes whenever the content is the same: for digests.
inline std::string Deterministic(const google::protobuf::MessageLite& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_DETERMINISTIC_H_
