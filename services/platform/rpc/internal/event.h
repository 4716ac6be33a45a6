#ifndef REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_EVENT_H_
#define REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_EVENT_H_

#include <coroutine>
#include <exception>

namespace redress::rpc::internal {

// What every tag on the completion queue points to. `ok` as gRPC documents it per operation.
class Tag {
 public:
  virtual void Proceed(bool ok) = 0;

 protected:
  ~Tag() = default;
};

// A tag that calls a member function of its owner.
template <class Owner, void (Owner::*Function)(bool)>
class MemberTag final : public Tag {
 public:
  explicit MemberTag(Owner* owner) : owner_(owner) {}
  void Proceed(bool ok) override { (owner_->*Function)(ok); }

 private:
  Owner* owner_;
};

// One gRPC operation that a coroutine waits for:
//
//   Event event;
//   stream.Write(message, &event);
//   const bool ok = co_await event;
//
// Lives in the coroutine's frame. All on the loop's thread.
class Event final : public Tag {
 public:
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  void Proceed(bool ok) override {
    ok_ = ok;
    happened_ = true;
    if (waiter_) waiter_.resume();
  }

  bool await_ready() const noexcept { return happened_; }
  void await_suspend(std::coroutine_handle<> waiter) noexcept { waiter_ = waiter; }
  bool await_resume() const noexcept { return ok_; }

 private:
  std::coroutine_handle<> waiter_;
  bool happened_ = false;
  bool ok_ = false;
};

// A coroutine that starts at once, that nobody waits for, and whose frame goes away when it ends.
struct Detached {
  struct promise_type {
    Detached get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
};

}  // namespace redress::rpc::internal

#endif  // REDRESS_SERVICES_PLATFORM_RPC_INTERNAL_EVENT_H_
