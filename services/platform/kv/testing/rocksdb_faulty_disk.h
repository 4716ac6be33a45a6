#ifndef REDRESS_SERVICES_PLATFORM_KV_TESTING_ROCKSDB_FAULTY_DISK_H_
#define REDRESS_SERVICES_PLATFORM_KV_TESTING_ROCKSDB_FAULTY_DISK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "rocksdb/file_system.h"

namespace redress::kv {

// What a disk does to RocksDB from a certain operation on.
enum class DiskFault {
  kNone,
  kError,     // That one operation fails with EIO; the disk is well again afterwards.
  kFull,      // Nothing can be written any more: ENOSPC.
  kReadOnly,  // Nothing can be written, created, renamed or deleted any more: EROFS.
  kPowerCut,  // The process ends, and what was not synced is gone, or part of it.
};

// The exit status of a process whose power was cut.
inline constexpr int kPowerCutStatus = 99;

// The file system beneath a store of a test, with a fault in it. Everything that RocksDB does to
// files counts as an operation: each opening, reading, writing, syncing, renaming and deleting. Its
// info log is left out, as is what lies beside the store.
//
// A power cut keeps of each file what was synced and a part, chosen by the seed, of what was not:
// so the last record may be torn. Of the new files and new names in folders that were not synced,
// some are there and the later ones are not: journals of file systems keep their order. A deletion
// that was not synced stays done. Thread-safe.
class FaultyDisk final : public rocksdb::FileSystemWrapper {
 public:
  struct Plan {
    DiskFault fault = DiskFault::kNone;
    uint64_t at = 0;    // The operation, counted from 1.
    uint64_t seed = 0;  // Of what a power cut leaves.
  };
  explicit FaultyDisk(Plan plan);

  uint64_t operations() const;

  // What files beneath it ask before they do something. `writes`: it changes the disk.
  rocksdb::IOStatus Pass(bool writes);
  void Written(const std::string& file, uint64_t bytes);
  void Synced(const std::string& file);
  void FolderSynced(const std::string& folder);

  const char* Name() const override { return "FaultyDisk"; }
  rocksdb::IOStatus NewSequentialFile(const std::string& name, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                      rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewRandomAccessFile(const std::string& name,
                                        const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                        rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* folder,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

 private:
  struct File {
    uint64_t written = 0;
    uint64_t synced = 0;
  };
  // A new file, or a new name of one.
  struct NewName {
    std::string name;
    std::string before;                   // Empty for a new file.
    std::optional<std::string> replaced;  // The content of the file that had the name.
  };

  void Undo(const NewName& name) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  [[noreturn]] void CutPower() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Plan plan_;
  mutable absl::Mutex mutex_;
  uint64_t operations_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, File> files_ ABSL_GUARDED_BY(mutex_);  // Those written through this.
  std::vector<NewName> new_names_ ABSL_GUARDED_BY(mutex_);     // Not synced yet, in order.
};

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_TESTING_ROCKSDB_FAULTY_DISK_H_
