// The minimal reading handler: what a read would cost if it were one look into RocksDB and nothing
// else.
#include <memory>
#include <string>

#include "fmt/format.h"
#include "tools/benchmark/bare_calls.h"
#include "tools/benchmark/bare_server.h"

namespace redress::benchmark {
namespace {

// One call: waits for a request, answers it, and is gone with the answer.
class ReadCall final : public BareCall {
 public:
  ReadCall(v1::BareService::AsyncService& service, grpc::ServerCompletionQueue& queue,
           rocksdb::DB& db)
      : service_(service), queue_(queue), db_(db), answer_(&context_) {
    service_.RequestRead(&context_, &request_, &answer_, &queue_, &queue_, this);
  }

  void OnEvent(bool ok) override {
    if (!ok || answered_) {
      delete this;
      return;
    }
    new ReadCall(service_, queue_, db_);
    answered_ = true;
    v1::ReadResponse response;
    if (request_.rows() == 0) {
      const rocksdb::Status read = db_.Get({}, request_.key(), response.add_rows());
      if (!read.ok()) {
        answer_.FinishWithError(grpc::Status(grpc::StatusCode::NOT_FOUND, "no such row"), this);
        return;
      }
    } else {
      Scan(response);
    }
    answer_.Finish(response, grpc::Status::OK, this);
  }

 private:
  void Scan(v1::ReadResponse& response) {
    const std::unique_ptr<rocksdb::Iterator> row(db_.NewIterator({}));
    row->Seek(request_.key());
    for (uint32_t i = 0; i < request_.rows() && row->Valid(); ++i, row->Next()) {
      response.add_rows(row->value().data(), row->value().size());
    }
  }

  v1::BareService::AsyncService& service_;
  grpc::ServerCompletionQueue& queue_;
  rocksdb::DB& db_;
  grpc::ServerContext context_;
  v1::ReadRequest request_;
  grpc::ServerAsyncResponseWriter<v1::ReadResponse> answer_;
  bool answered_ = false;
};

constexpr int kWaitingCalls = 256;

}  // namespace

std::string KnownRowKey(size_t number) { return fmt::format("row/{:06}", number); }

int ServeReading(const std::string& directory, size_t row_bytes) {
  const std::unique_ptr<rocksdb::DB> db = OpenBareStore(directory);
  if (db == nullptr) return 1;
  const std::string row(row_bytes, 'r');
  for (size_t i = 0; i < kKnownRows; ++i) {
    if (!db->Put({}, KnownRowKey(i), row).ok()) return 1;
  }
  v1::BareService::AsyncService service;
  return ServeCalls(service, kWaitingCalls,
                    [&](grpc::ServerCompletionQueue& queue) { new ReadCall(service, queue, *db); });
}

}  // namespace redress::benchmark
