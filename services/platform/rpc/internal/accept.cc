// An accept4 of our own, in front of the C library's, for gRPC to find.
//
// gRPC 1.51 gives a listening socket up for good when accept4 fails with anything but EAGAIN, and
// says so only in its log: a process that once had no descriptor left for a connection goes on
// running and never answers a new client again. (Later versions try again after a second.) There
// is no way to tell gRPC how many connections to take, and the only place where one can be turned
// away before it costs anything is this call.
#include "services/platform/rpc/internal/accept.h"

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "services/platform/files/descriptors.h"

namespace redress::rpc::internal {
namespace {

std::atomic<uint64_t> turned_away{0};

// The system has too little of something. The connection stays in the queue, and is looked at again
// when the next one comes.
bool IsForWantOfSomething(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

// accept(2): errors of that one connection, which "should be treated like EAGAIN by retrying".
bool IsOfThatConnection(int error) {
  return error == ECONNABORTED || error == EPROTO || error == EPERM || error == ENETDOWN ||
         error == ENOPROTOOPT || error == EHOSTDOWN || error == ENONET || error == EHOSTUNREACH ||
         error == ENETUNREACH;
}

}  // namespace

uint64_t ConnectionsTurnedAway() { return turned_away; }

int Accept(int listener, sockaddr* address, socklen_t* length, int flags) {
  const socklen_t room = length == nullptr ? 0 : *length;
  while (true) {
    if (length != nullptr) *length = room;
    const auto accepted =
        static_cast<int>(::syscall(SYS_accept4, listener, address, length, flags));
    if (accepted < 0) {
      if (IsOfThatConnection(errno)) continue;
      if (IsForWantOfSomething(errno)) errno = EAGAIN;
      return accepted;
    }
    if (accepted < files::GetDescriptorShares().connections_below()) return accepted;
    ::close(accepted);
    ++turned_away;
  }
}

}  // namespace redress::rpc::internal

extern "C" int accept4(int listener, sockaddr* address, socklen_t* length, int flags) {
  return redress::rpc::internal::Accept(listener, address, length, flags);
}
