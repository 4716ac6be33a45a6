#ifndef REDRESS_SERVICES_PLATFORM_RPC_STREAM_H_
#define REDRESS_SERVICES_PLATFORM_RPC_STREAM_H_

#include <optional>

#include "services/platform/async/task.h"

namespace redress::rpc {

// The messages that come in on a stream, in order. One Read at a time; one Read and one Write may
// be under way together. An interface, so that a test hands a handler its own.
template <class T>
class Reader {
 public:
  virtual ~Reader() = default;
  // Nothing when the other side has sent its last message, when it has sent one that cannot be
  // parsed, or when the call is over; which of these may be known only after Read has ended. So
  // where the whole matters, its size or digest is sent along and compared.
  virtual async::Task<std::optional<T>> Read() = 0;
};

// The messages that go out on a stream, in order. One Write at a time: it ends when the transport
// has taken the message, which is the back-pressure.
template <class T>
class Writer {
 public:
  virtual ~Writer() = default;
  // False when the call is over: stop then. True does not say that the message has arrived.
  virtual async::Task<bool> Write(T message) = 0;
};

}  // namespace redress::rpc

#endif  // REDRESS_SERVICES_PLATFORM_RPC_STREAM_H_
