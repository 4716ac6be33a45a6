// The minimal batching handler: what filing would cost if it were a write and nothing else. Bare
// gRPC and RocksDB, nothing of the platform, at most 200 lines of code with what it is made of in
// bare_calls.h, which bench_test.py holds it to.
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tools/benchmark/bare_calls.h"
#include "tools/benchmark/bare_server.h"

namespace redress::benchmark {
namespace {

class StoreCall;

// The one thread that writes: all that is pending, one batch, one sync.
class BatchingWriter {
 public:
  BatchingWriter(rocksdb::DB& db, const MoreRows& more)
      : db_(db), more_(more), thread_([this] { Run(); }) {}
  ~BatchingWriter() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
  }

  void Add(StoreCall* call) {
    bool first = false;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      first = pending_.empty();
      pending_.push_back(call);
    }
    if (first) wake_.notify_one();
  }

 private:
  void Run();

  rocksdb::DB& db_;
  const MoreRows more_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<StoreCall*> pending_;
  bool stopping_ = false;
  uint64_t batches_ = 0;
  std::thread thread_;
};

// One call: waits for a request, hands it to the writer, and is gone with the answer.
class StoreCall final : public BareCall {
 public:
  StoreCall(v1::BareService::AsyncService& service, grpc::ServerCompletionQueue& queue,
            BatchingWriter& writer)
      : service_(service), queue_(queue), writer_(writer), answer_(&context_) {
    service_.RequestStore(&context_, &request_, &answer_, &queue_, &queue_, this);
  }

  // On the polling thread.
  void OnEvent(bool ok) override {
    if (!ok || taken_) {
      delete this;
      return;
    }
    taken_ = true;
    new StoreCall(service_, queue_, writer_);
    writer_.Add(this);
  }

  // On the writer's thread, as Finish is.
  void AddTo(rocksdb::WriteBatch& batch, const MoreRows& more) const {
    batch.Put(request_.key(), request_.record());
    for (const std::string& key : request_.index_keys()) batch.Put(key, request_.key());
    AddMoreRows(more, request_.key(), request_.record(), batch);
  }
  void Finish(const rocksdb::Status& written, uint64_t batch) {
    if (!written.ok()) {
      answer_.FinishWithError(grpc::Status(grpc::StatusCode::UNAVAILABLE, "not written"), this);
      return;
    }
    v1::StoreResponse response;
    response.set_batch(batch);
    answer_.Finish(response, grpc::Status::OK, this);
  }

 private:
  v1::BareService::AsyncService& service_;
  grpc::ServerCompletionQueue& queue_;
  BatchingWriter& writer_;
  grpc::ServerContext context_;
  v1::StoreRequest request_;
  grpc::ServerAsyncResponseWriter<v1::StoreResponse> answer_;
  bool taken_ = false;
};

void BatchingWriter::Run() {
  rocksdb::WriteOptions synced;
  synced.sync = true;
  std::vector<StoreCall*> calls;
  for (;;) {
    {
      std::unique_lock<std::mutex> lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !pending_.empty(); });
      if (pending_.empty()) return;
      calls.clear();
      calls.swap(pending_);
    }
    rocksdb::WriteBatch batch;
    for (const StoreCall* call : calls) call->AddTo(batch, more_);
    const rocksdb::Status written = db_.Write(synced, &batch);
    ++batches_;
    for (StoreCall* call : calls) call->Finish(written, batches_);
  }
}

constexpr int kWaitingFilings = 512;

}  // namespace

int ServeBatching(const std::string& directory, const MoreRows& more) {
  const std::unique_ptr<rocksdb::DB> db = OpenBareStore(directory);
  if (db == nullptr) return 1;
  v1::BareService::AsyncService service;
  auto writer = std::make_unique<BatchingWriter>(*db, more);
  return ServeCalls(
      service, kWaitingFilings,
      [&](grpc::ServerCompletionQueue& queue) { new StoreCall(service, queue, *writer); },
      [&] { writer.reset(); });
}

}  // namespace redress::benchmark
