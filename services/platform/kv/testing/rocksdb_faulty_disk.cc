#include "services/platform/kv/testing/rocksdb_faulty_disk.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <utility>

namespace redress::kv {
namespace {

namespace fs = std::filesystem;
using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

class ReadFile final : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  ReadFile(FaultyDisk& disk, std::unique_ptr<rocksdb::FSSequentialFile> file)
      : FSSequentialFileOwnerWrapper(std::move(file)), disk_(disk) {}

  IOStatus Read(size_t size, const IOOptions& options, Slice* result, char* scratch,
                IODebugContext* debug) override {
    const IOStatus pass = disk_.Pass(false);
    return pass.ok() ? target()->Read(size, options, result, scratch, debug) : pass;
  }

 private:
  FaultyDisk& disk_;
};

class RandomFile final : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  RandomFile(FaultyDisk& disk, std::unique_ptr<rocksdb::FSRandomAccessFile> file)
      : FSRandomAccessFileOwnerWrapper(std::move(file)), disk_(disk) {}

  IOStatus Read(uint64_t offset, size_t size, const IOOptions& options, Slice* result,
                char* scratch, IODebugContext* debug) const override {
    const IOStatus pass = disk_.Pass(false);
    return pass.ok() ? target()->Read(offset, size, options, result, scratch, debug) : pass;
  }
  IOStatus Prefetch(uint64_t, size_t, const IOOptions&, IODebugContext*) override {
    return IOStatus::NotSupported();
  }

 private:
  FaultyDisk& disk_;
};

class WrittenFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  WrittenFile(FaultyDisk& disk, std::string name, std::unique_ptr<rocksdb::FSWritableFile> file)
      : FSWritableFileOwnerWrapper(std::move(file)), disk_(disk), name_(std::move(name)) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    IOStatus status = disk_.Pass(true);
    if (status.ok()) status = target()->Append(data, options, debug);
    if (status.ok()) disk_.Written(name_, data.size());
    return status;
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    IOStatus status = disk_.Pass(true);
    if (status.ok()) status = target()->Sync(options, debug);
    if (status.ok()) disk_.Synced(name_);
    return status;
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Sync(options, debug);
  }
  // A hint to the system; nothing may rest on it.
  IOStatus RangeSync(uint64_t, uint64_t, const IOOptions&, IODebugContext*) override {
    return disk_.Pass(true);
  }

 private:
  FaultyDisk& disk_;
  const std::string name_;
};

class Folder final : public rocksdb::FSDirectoryWrapper {
 public:
  Folder(FaultyDisk& disk, std::string name, std::unique_ptr<rocksdb::FSDirectory> folder)
      : FSDirectoryWrapper(std::move(folder)), disk_(disk), name_(std::move(name)) {}

  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    IOStatus status = disk_.Pass(true);
    if (status.ok()) status = FSDirectoryWrapper::Fsync(options, debug);
    if (status.ok()) disk_.FolderSynced(name_);
    return status;
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const rocksdb::DirFsyncOptions&) override {
    return Fsync(options, debug);
  }

 private:
  FaultyDisk& disk_;
  const std::string name_;
};

std::string ContentOf(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string FolderOf(const std::string& name) {
  return fs::path(name).parent_path().lexically_normal().string();
}

}  // namespace

FaultyDisk::FaultyDisk(Plan plan) : FileSystemWrapper(FileSystem::Default()), plan_(plan) {}

uint64_t FaultyDisk::operations() const {
  absl::MutexLock lock(&mutex_);
  return operations_;
}

IOStatus FaultyDisk::Pass(bool writes) {
  absl::MutexLock lock(&mutex_);
  ++operations_;
  const bool now = operations_ == plan_.at;
  const bool since = plan_.at > 0 && operations_ >= plan_.at && writes;
  switch (plan_.fault) {
    case DiskFault::kNone:
      break;
    case DiskFault::kError:
      if (now) return IOStatus::IOError("an operation", "Input/output error");
      break;
    case DiskFault::kFull:
      if (since) return IOStatus::NoSpace("an operation", "No space left on device");
      break;
    case DiskFault::kReadOnly:
      if (since) return IOStatus::IOError("an operation", "Read-only file system");
      break;
    case DiskFault::kPowerCut:
      if (now) CutPower();
      break;
  }
  return IOStatus::OK();
}

void FaultyDisk::Undo(const NewName& name) {
  if (name.before.empty()) {
    fs::remove(name.name);
    files_.erase(name.name);
    return;
  }
  if (!fs::exists(name.name)) return;  // It was deleted meanwhile.
  fs::rename(name.name, name.before);
  files_[name.before] = files_[name.name];
  files_.erase(name.name);
  if (name.replaced) std::ofstream(name.name, std::ios::binary) << *name.replaced;
}

void FaultyDisk::CutPower() {
  std::mt19937_64 random(plan_.seed + plan_.at);
  const size_t kept = random() % (new_names_.size() + 1);
  for (; new_names_.size() > kept; new_names_.pop_back()) Undo(new_names_.back());
  for (const auto& [name, file] : files_) {
    if (!fs::exists(name) || file.written == file.synced) continue;
    fs::resize_file(name, file.synced + random() % (file.written - file.synced + 1));
  }
  _exit(kPowerCutStatus);
}

void FaultyDisk::Written(const std::string& file, uint64_t bytes) {
  absl::MutexLock lock(&mutex_);
  files_[file].written += bytes;
}

void FaultyDisk::Synced(const std::string& file) {
  absl::MutexLock lock(&mutex_);
  files_[file].synced = files_[file].written;
}

void FaultyDisk::FolderSynced(const std::string& folder) {
  absl::MutexLock lock(&mutex_);
  const std::string synced = fs::path(folder).lexically_normal().string();
  std::erase_if(new_names_, [&](const NewName& name) { return FolderOf(name.name) == synced; });
}

IOStatus FaultyDisk::NewSequentialFile(const std::string& name, const FileOptions& options,
                                       std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                       IODebugContext* debug) {
  IOStatus status = Pass(false);
  if (status.ok()) status = target()->NewSequentialFile(name, options, file, debug);
  if (status.ok()) *file = std::make_unique<ReadFile>(*this, std::move(*file));
  return status;
}

IOStatus FaultyDisk::NewRandomAccessFile(const std::string& name, const FileOptions& options,
                                         std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                         IODebugContext* debug) {
  IOStatus status = Pass(false);
  if (status.ok()) status = target()->NewRandomAccessFile(name, options, file, debug);
  if (status.ok()) *file = std::make_unique<RandomFile>(*this, std::move(*file));
  return status;
}

IOStatus FaultyDisk::NewWritableFile(const std::string& name, const FileOptions& options,
                                     std::unique_ptr<rocksdb::FSWritableFile>* file,
                                     IODebugContext* debug) {
  IOStatus status = Pass(true);
  if (status.ok()) status = target()->NewWritableFile(name, options, file, debug);
  if (!status.ok()) return status;
  {
    absl::MutexLock lock(&mutex_);
    files_[name] = File();
    new_names_.push_back({name, "", std::nullopt});
  }
  *file = std::make_unique<WrittenFile>(*this, name, std::move(*file));
  return status;
}

IOStatus FaultyDisk::NewDirectory(const std::string& name, const IOOptions& options,
                                  std::unique_ptr<rocksdb::FSDirectory>* folder,
                                  IODebugContext* debug) {
  IOStatus status = Pass(false);
  if (status.ok()) status = target()->NewDirectory(name, options, folder, debug);
  if (status.ok()) *folder = std::make_unique<Folder>(*this, name, std::move(*folder));
  return status;
}

IOStatus FaultyDisk::RenameFile(const std::string& from, const std::string& to,
                                const IOOptions& options, IODebugContext* debug) {
  IOStatus status = Pass(true);
  if (!status.ok()) return status;
  absl::MutexLock lock(&mutex_);
  NewName name{to, from, std::nullopt};
  if (fs::exists(to)) name.replaced = ContentOf(to);
  status = target()->RenameFile(from, to, options, debug);
  if (!status.ok()) return status;
  const auto moved = files_.find(from);
  if (moved != files_.end()) {
    files_[to] = moved->second;
    files_.erase(from);
    new_names_.push_back(std::move(name));
  }
  return status;
}

IOStatus FaultyDisk::DeleteFile(const std::string& name, const IOOptions& options,
                                IODebugContext* debug) {
  IOStatus status = Pass(true);
  if (status.ok()) status = target()->DeleteFile(name, options, debug);
  absl::MutexLock lock(&mutex_);
  if (status.ok()) files_.erase(name);
  return status;
}

}  // namespace redress::kv
