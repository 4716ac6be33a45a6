#include "tools/benchmark/bare_calls.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <thread>

namespace redress::benchmark {

int ServeCalls(v1::BareService::AsyncService& service, int waiting,
               const std::function<void(grpc::ServerCompletionQueue&)>& wait_for_call,
               const std::function<void()>& on_end) {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::ServerCompletionQueue> queue = builder.AddCompletionQueue();
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  for (int i = 0; i < waiting; ++i) wait_for_call(*queue);
  std::printf("%d\n", port);
  std::fflush(stdout);
  std::thread stopper([&] {
    char byte;
    while (read(STDIN_FILENO, &byte, 1) > 0) {
    }
    server->Shutdown();
    on_end();
    queue->Shutdown();
  });
  void* tag = nullptr;
  bool ok = false;
  while (queue->Next(&tag, &ok)) static_cast<BareCall*>(tag)->OnEvent(ok);
  stopper.join();
  return 0;
}

void AddMoreRows(const MoreRows& more, const std::string& key, const std::string& record,
                 rocksdb::WriteBatch& batch) {
  const rocksdb::Slice value(record.data(), std::min(more.bytes, record.size()));
  for (int i = 0; i < more.count; ++i) batch.Put(static_cast<char>('0' + i) + key, value);
}

std::unique_ptr<rocksdb::DB> OpenBareStore(const std::string& directory) {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.compression = rocksdb::kLZ4Compression;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status open = rocksdb::DB::Open(options, directory, &opened);
  if (!open.ok()) std::fprintf(stderr, "%s: %s\n", directory.c_str(), open.ToString().c_str());
  return std::unique_ptr<rocksdb::DB>(opened);
}

}  // namespace redress::benchmark
