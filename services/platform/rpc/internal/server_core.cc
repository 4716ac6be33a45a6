#include "services/platform/rpc/internal/server_core.h"

namespace redress::rpc::internal {
namespace {

bool IsWatcher(const MethodTraits& traits) { return traits.gate == Gate::kOpen && traits.streams; }

}  // namespace

void ServerCore::Add(ServerCall* call) {
  call->previous_ = nullptr;
  call->next_ = first_;
  if (first_ != nullptr) first_->previous_ = call;
  first_ = call;
  ++in_flight_;
  if (IsWatcher(call->method().traits())) ++watchers_;
}

void ServerCore::Remove(ServerCall* call) {
  if (call->previous_ != nullptr) {
    call->previous_->next_ = call->next_;
  } else {
    first_ = call->next_;
  }
  if (call->next_ != nullptr) call->next_->previous_ = call->previous_;
  call->previous_ = call->next_ = nullptr;
  --in_flight_;
  if (IsWatcher(call->method().traits())) --watchers_;
}

void ServerCore::Drain() {
  draining_ = true;
  ForEach([](ServerCall& call) {
    const MethodTraits& traits = call.method().traits();
    // A watch of the health ends by itself, after it has told so.
    if (traits.streams && traits.gate != Gate::kOpen) call.Cancel();
    // A peer's stream waits for messages that may not come for hours, and is opened again anyway.
    if (traits.gate == Gate::kPeer) call.Cut();
  });
}

void ServerCore::LetGo() {
  letting_go_ = true;
  ForEach([](ServerCall& call) { call.LetGo(); });
}

}  // namespace redress::rpc::internal
