#ifndef REDRESS_TOOLS_BENCHMARK_BARE_CALLS_H_
#define REDRESS_TOOLS_BENCHMARK_BARE_CALLS_H_

#include <functional>
#include <memory>
#include <string>

#include "grpcpp/grpcpp.h"
#include "redress/benchmark/v1/bare.grpc.pb.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"
#include "tools/benchmark/bare_server.h"

namespace redress::benchmark {

// One call of a yardstick, waiting or being answered. It deletes itself with its last event.
class BareCall {
 public:
  virtual ~BareCall() = default;
  virtual void OnEvent(bool ok) = 0;
};

// One call that is answered where it arrives: waits for a request, answers it, and is gone with the
// answer.
template <class Request, class Response>
class AnsweredCall final : public BareCall {
 public:
  // How the service asks for such a call, and what it is answered with. The second is borrowed.
  using Ask = void (v1::BareService::AsyncService::*)(grpc::ServerContext*, Request*,
                                                      grpc::ServerAsyncResponseWriter<Response>*,
                                                      grpc::CompletionQueue*,
                                                      grpc::ServerCompletionQueue*, void*);
  using Answer = std::function<grpc::Status(const Request&, Response&)>;

  AnsweredCall(v1::BareService::AsyncService& service, grpc::ServerCompletionQueue& queue, Ask ask,
               const Answer& answer)
      : service_(service), queue_(queue), ask_(ask), answer_(answer), writer_(&context_) {
    (service_.*ask_)(&context_, &request_, &writer_, &queue_, &queue_, this);
  }

  void OnEvent(bool ok) override {
    if (!ok || answered_) {
      delete this;
      return;
    }
    new AnsweredCall(service_, queue_, ask_, answer_);
    answered_ = true;
    Response response;
    const grpc::Status status = answer_(request_, response);
    writer_.Finish(response, status, this);
  }

 private:
  v1::BareService::AsyncService& service_;
  grpc::ServerCompletionQueue& queue_;
  const Ask ask_;
  const Answer& answer_;
  grpc::ServerContext context_;
  Request request_;
  grpc::ServerAsyncResponseWriter<Response> writer_;
  bool answered_ = false;
};

// With so many those that only answer or read begin.
inline constexpr int kWaitingCalls = 256;

// What all yardsticks are: gRPC's async API, one completion queue, one polling thread, this one.
// Begins with `waiting` calls, each made by `wait_for_call`; prints the port; serves until standard
// input ends. `on_end` runs when no call is begun any more, and before the queue ends. Gives the
// exit status.
int ServeCalls(
    v1::BareService::AsyncService& service, int waiting,
    const std::function<void(grpc::ServerCompletionQueue&)>& wait_for_call,
    const std::function<void()>& on_end = [] {});

// A RocksDB with its default settings but LZ4, made when absent. Null when it cannot be opened,
// which it has printed.
std::unique_ptr<rocksdb::DB> OpenBareStore(const std::string& directory);

// Each row under a key of its own made of the record's, with the record's first bytes.
void AddMoreRows(const MoreRows& more, const std::string& key, const std::string& record,
                 rocksdb::WriteBatch& batch);

}  // namespace redress::benchmark

#endif  // REDRESS_TOOLS_BENCHMARK_BARE_CALLS_H_
