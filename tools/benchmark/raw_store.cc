#include "tools/benchmark/raw_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <functional>
#include <memory>
#include <system_error>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/time/clock.h"
#include "fmt/format.h"
#include "services/platform/status/status_macros.h"
#include "tools/benchmark/bare_calls.h"
#include "tools/benchmark/records.h"

namespace redress::benchmark {
namespace {

// Repeats `once`, which does `records` records, until the time is over.
absl::StatusOr<Tally> Repeat(const RawStoreSettings& settings, size_t records,
                             const std::function<absl::Status()>& once) {
  Tally tally;
  absl::Time from = absl::Now() + settings.warmup;
  const absl::Time until = from + settings.duration;
  absl::Duration cpu_before = OwnCpuTime();
  bool warm = false;
  for (absl::Time began = absl::Now(); began < until;) {
    if (!warm && began >= from) {
      warm = true;
      from = began;
      cpu_before = OwnCpuTime();
    }
    RETURN_IF_ERROR(once());
    const absl::Time ended = absl::Now();
    if (warm) {
      tally.done += records;
      tally.latencies_us.push_back(static_cast<float>(absl::ToDoubleMicroseconds(ended - began)));
      tally.elapsed = ended - from;
    }
    began = ended;
  }
  tally.own_cpu = OwnCpuTime() - cpu_before;
  return tally;
}

}  // namespace

absl::StatusOr<Tally> WriteRawBatches(const RawStoreSettings& settings) {
  const std::unique_ptr<rocksdb::DB> db = OpenBareStore(settings.directory);
  if (db == nullptr) return absl::UnavailableError("the store cannot be opened");
  rocksdb::WriteOptions synced;
  synced.sync = true;
  RecordMaker maker(settings.record_bytes);
  return Repeat(settings, settings.batch, [&]() -> absl::Status {
    rocksdb::WriteBatch batch;
    for (size_t i = 0; i < settings.batch; ++i) {
      const Record& record = maker.Next();
      batch.Put(record.key, record.content);
      for (const std::string& key : record.index_keys) batch.Put(key, record.key);
      AddMoreRows(settings.more, record.key, record.content, batch);
    }
    const rocksdb::Status written = db->Write(synced, &batch);
    return written.ok() ? absl::OkStatus() : absl::DataLossError(written.ToString());
  });
}

absl::StatusOr<Tally> SyncRawFile(const RawStoreSettings& settings) {
  std::error_code error;
  std::filesystem::create_directories(settings.directory, error);
  const std::string path = settings.directory + "/appended";
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return absl::ErrnoToStatus(errno, path);
  const absl::Cleanup close_file = [file] { close(file); };
  const std::string page(4096, 'p');
  return Repeat(settings, 1, [&]() -> absl::Status {
    if (write(file, page.data(), page.size()) != static_cast<ssize_t>(page.size()) ||
        fdatasync(file) != 0) {
      return absl::ErrnoToStatus(errno, path);
    }
    return absl::OkStatus();
  });
}

}  // namespace redress::benchmark
