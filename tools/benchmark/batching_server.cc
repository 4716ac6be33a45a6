// The minimal batching handler: what filing would cost if it were a write and nothing else. Bare
// gRPC and RocksDB, nothing of the platform, at most 200 lines, which bench_test.py holds it to.
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "grpcpp/grpcpp.h"
#include "redress/benchmark/v1/bare.grpc.pb.h"
#include "rocksdb/db.h"
#include "rocksdb/write_batch.h"
#include "tools/benchmark/bare_server.h"

namespace redress::benchmark {
namespace {

class StoreCall;

// Rows that are written beside those of a request, to see what the rows alone cost.
struct MoreRows {
  int count = 0;
  size_t bytes = 0;  // Of each.
};

// The one thread that writes: all that is pending, one batch, one sync.
class BatchingWriter {
 public:
  BatchingWriter(rocksdb::DB& db, MoreRows more)
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
class StoreCall {
 public:
  StoreCall(v1::BareService::AsyncService& service, grpc::ServerCompletionQueue& queue,
            BatchingWriter& writer)
      : service_(service), queue_(queue), writer_(writer), answer_(&context_) {
    service_.RequestStore(&context_, &request_, &answer_, &queue_, &queue_, this);
  }

  // On the polling thread.
  void OnEvent(bool ok) {
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
    const rocksdb::Slice value(request_.record().data(),
                               std::min(more.bytes, request_.record().size()));
    for (int i = 0; i < more.count; ++i) {
      batch.Put(static_cast<char>('0' + i) + request_.key(), value);
    }
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

constexpr int kWaitingCalls = 512;

}  // namespace

int ServeBatching(const std::string& directory, int more_rows, size_t more_bytes) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.compression = rocksdb::kLZ4Compression;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status open = rocksdb::DB::Open(options, directory, &opened);
  if (!open.ok()) {
    std::fprintf(stderr, "%s: %s\n", directory.c_str(), open.ToString().c_str());
    return 1;
  }
  const std::unique_ptr<rocksdb::DB> db(opened);
  v1::BareService::AsyncService service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::ServerCompletionQueue> queue = builder.AddCompletionQueue();
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  auto writer = std::make_unique<BatchingWriter>(*db, MoreRows{more_rows, more_bytes});
  for (int i = 0; i < kWaitingCalls; ++i) new StoreCall(service, *queue, *writer);
  std::printf("%d\n", port);
  std::fflush(stdout);
  std::thread stopper([&] {
    char byte;
    while (read(STDIN_FILENO, &byte, 1) > 0) {
    }
    server->Shutdown();
    writer.reset();
    queue->Shutdown();
  });
  void* tag = nullptr;
  bool ok = false;
  while (queue->Next(&tag, &ok)) static_cast<StoreCall*>(tag)->OnEvent(ok);
  stopper.join();
  return 0;
}

}  // namespace redress::benchmark
