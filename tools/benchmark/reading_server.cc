// The minimal reading handler: what a read would cost if it were one look into RocksDB and nothing
// else.
#include <memory>
#include <string>

#include "fmt/format.h"
#include "tools/benchmark/answered_call.h"
#include "tools/benchmark/bare_calls.h"
#include "tools/benchmark/bare_server.h"

namespace redress::benchmark {
namespace {

using ReadCall = AnsweredCall<v1::ReadRequest, v1::ReadResponse>;

grpc::Status ReadOne(rocksdb::DB& db, const v1::ReadRequest& request, v1::ReadResponse& response) {
  const rocksdb::Status read = db.Get({}, request.key(), response.add_rows());
  return read.ok() ? grpc::Status::OK : grpc::Status(grpc::StatusCode::NOT_FOUND, "no such row");
}

grpc::Status Scan(rocksdb::DB& db, const v1::ReadRequest& request, v1::ReadResponse& response) {
  const std::unique_ptr<rocksdb::Iterator> row(db.NewIterator({}));
  row->Seek(request.key());
  for (uint32_t i = 0; i < request.rows() && row->Valid(); ++i, row->Next()) {
    response.add_rows(row->value().data(), row->value().size());
  }
  return grpc::Status::OK;
}

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
  const ReadCall::Answer answer = [&db](const v1::ReadRequest& request,
                                        v1::ReadResponse& response) {
    return request.rows() == 0 ? ReadOne(*db, request, response) : Scan(*db, request, response);
  };
  return ServeCalls(service, kWaitingCalls, [&](grpc::ServerCompletionQueue& queue) {
    new ReadCall(service, queue, &v1::BareService::AsyncService::RequestRead, answer);
  });
}

}  // namespace redress::benchmark
