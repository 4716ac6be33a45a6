#include "services/platform/crypto/sealed_file.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "fmt/format.h"
#include "gtest/gtest.h"
#include "services/platform/crypto/system_random.h"
#include "services/platform/status/refusal.h"

namespace redress::crypto {
namespace {

constexpr uint32_t kChunk = 1000;
SecretKey Key() { return *SecretKey::FromBytes(std::string(32, 'k')); }

std::string FreshPath() {
  SystemRandom random;
  return fmt::format("{}/sealed-{:x}", ::testing::TempDir(), random.Next());
}

std::string Content(size_t size) {
  std::string content(size, '\0');
  SeededRandom random(size);
  random.Fill(absl::MakeSpan(reinterpret_cast<uint8_t*>(content.data()), size));
  return content;
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void WriteFile(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

std::unique_ptr<SealedFileWriter> NewWriter(const std::string& path) {
  SystemRandom random;
  auto writer = SealedFileWriter::Create(path, Key(), "ctx", random, kChunk);
  EXPECT_TRUE(writer.ok()) << writer.status();
  return *std::move(writer);
}

void Write(const std::string& path, const std::string& content) {
  const std::unique_ptr<SealedFileWriter> writer = NewWriter(path);
  for (size_t i = 0; i < content.size(); i += 333) {
    ASSERT_TRUE(writer->Append(std::string_view(content).substr(i, 333)).ok());
  }
  EXPECT_EQ(writer->size(), content.size());
  EXPECT_EQ(writer->Digest(), Sha256::Of(content));
  ASSERT_TRUE(writer->Finish().ok());
}

absl::StatusOr<std::string> ReadAll(const std::string& path, uint64_t offset = 0) {
  absl::StatusOr<std::unique_ptr<SealedFileReader>> reader =
      SealedFileReader::Open(path, Key(), "ctx");
  if (!reader.ok()) return reader.status();
  std::string content;
  while (true) {
    absl::StatusOr<std::string> piece = (*reader)->Read(offset + content.size(), 700);
    if (!piece.ok()) return piece.status();
    if (piece->empty()) return content;
    content += *piece;
  }
}

TEST(SealedFileTest, ReadsWhatWasWrittenFromAnyOffset) {
  for (size_t size : {0, 1, 999, 1000, 1001, 2000, 5432}) {
    const std::string path = FreshPath();
    const std::string content = Content(size);
    Write(path, content);
    for (uint64_t offset : {size_t{0}, size / 2, size}) {
      const absl::StatusOr<std::string> read = ReadAll(path, offset);
      ASSERT_TRUE(read.ok()) << read.status();
      EXPECT_EQ(*read, content.substr(offset));
    }
    EXPECT_EQ(ReadAll(path, size + 1).status().code(), absl::StatusCode::kOutOfRange);
  }
}

TEST(SealedFileTest, IsThereOnlyWhenWhole) {
  const std::string path = FreshPath();
  const std::unique_ptr<SealedFileWriter> writer = NewWriter(path);
  ASSERT_TRUE(writer->Append(Content(5000)).ok());
  EXPECT_TRUE(absl::IsNotFound(ReadAll(path).status()));
  writer->Discard();
  EXPECT_NE(::access((path + ".part").c_str(), F_OK), 0);
}

TEST(SealedFileTest, IsReadableByItsOwnerAlone) {
  const std::string path = FreshPath();
  Write(path, "x");
  struct stat found{};
  ASSERT_EQ(::stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

TEST(SealedFileTest, EveryCutIsNoticed) {
  const std::string path = FreshPath();
  Write(path, Content(2500));
  const std::string stored = ReadFile(path);
  for (size_t length = 0; length < stored.size(); ++length) {
    WriteFile(path, stored.substr(0, length));
    EXPECT_TRUE(absl::IsDataLoss(ReadAll(path).status())) << length;
  }
}

TEST(SealedFileTest, ChangedAndSwappedChunksAreNoticed) {
  const std::string path = FreshPath();
  Write(path, Content(2500));
  const std::string stored = ReadFile(path);
  for (size_t i = 0; i < stored.size(); i += 97) {
    std::string changed = stored;
    changed[i] ^= 1;
    WriteFile(path, changed);
    EXPECT_TRUE(absl::IsDataLoss(ReadAll(path).status())) << i;
  }
  WriteFile(path, stored.substr(0, 24) + stored.substr(24 + 1016, 1016) + stored.substr(24, 1016) +
                      stored.substr(24 + 2032));
  EXPECT_TRUE(absl::IsDataLoss(ReadAll(path).status()));
}

TEST(SealedFileTest, AnotherContextDoesNotOpen) {
  const std::string path = FreshPath();
  Write(path, "x");
  EXPECT_TRUE(absl::IsDataLoss(SealedFileReader::Open(path, Key(), "other").status()));
}

TEST(SealedFileTest, ResumesAtWholeChunksAfterAnyCut) {
  const std::string content = Content(4321);
  const std::string path = FreshPath();
  {
    const std::unique_ptr<SealedFileWriter> writer = NewWriter(path);
    ASSERT_TRUE(writer->Append(content).ok());
  }
  const std::string part = ReadFile(path + ".part");
  for (size_t length : {size_t{24}, size_t{500}, size_t{1040}, size_t{1041}, part.size()}) {
    WriteFile(path + ".part", part.substr(0, length));
    auto resumed = SealedFileWriter::Resume(path, Key(), "ctx");
    ASSERT_TRUE(resumed.ok()) << resumed.status();
    EXPECT_EQ((*resumed)->size(), (length - 24) / 1016 * 1000);
    ASSERT_TRUE((*resumed)->Append(std::string_view(content).substr((*resumed)->size())).ok());
    EXPECT_EQ((*resumed)->Digest(), Sha256::Of(content));
    ASSERT_TRUE((*resumed)->Finish().ok());
    EXPECT_EQ(*ReadAll(path), content);
  }
}

TEST(SealedFileTest, ResumesAFileThatWasNeverRenamed) {
  const std::string content = Content(2000);
  const std::string path = FreshPath();
  Write(path, content);
  ASSERT_EQ(std::rename(path.c_str(), (path + ".part").c_str()), 0);
  auto resumed = SealedFileWriter::Resume(path, Key(), "ctx");
  ASSERT_TRUE(resumed.ok());
  EXPECT_EQ((*resumed)->size(), 1000u);
  EXPECT_TRUE(absl::IsFailedPrecondition((*resumed)->Finish()));
  ASSERT_TRUE((*resumed)->Append(std::string_view(content).substr(1000)).ok());
  ASSERT_TRUE((*resumed)->Finish().ok());
  EXPECT_EQ(*ReadAll(path), content);
}

TEST(SealedFileTest, NothingToResumeIsNotFoundAndNonsenseIsDataLoss) {
  const std::string path = FreshPath();
  EXPECT_TRUE(absl::IsNotFound(SealedFileWriter::Resume(path, Key(), "ctx").status()));
  WriteFile(path + ".part", "nonsense");
  EXPECT_TRUE(absl::IsDataLoss(SealedFileWriter::Resume(path, Key(), "ctx").status()));
}

// A limit of this process, as long as it lives.
class LoweredLimit {
 public:
  LoweredLimit(__rlimit_resource resource, rlim_t limit) : resource_(resource) {
    EXPECT_EQ(::getrlimit(resource, &before_), 0);
    struct rlimit lowered = before_;
    lowered.rlim_cur = limit;
    EXPECT_EQ(::setrlimit(resource, &lowered), 0);
  }
  ~LoweredLimit() { ::setrlimit(resource_, &before_); }

 private:
  const __rlimit_resource resource_;
  struct rlimit before_{};
};

void ExpectTooManyOpen(const absl::Status& status) {
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  ASSERT_TRUE(GetRefusal(status).has_value());
  EXPECT_EQ(GetRefusal(status)->reason, "OVERLOADED");
}

TEST(SealedFileTest, WithTooManyFilesOpenItIsRefusedAndLeavesNothing) {
  const std::string path = FreshPath();
  const std::string fresh = FreshPath();
  Write(path, Content(2000));
  SystemRandom random;
  // With none nothing can be opened at all, with so few it is outside the share of such files.
  for (const rlim_t limit : {rlim_t{0}, rlim_t{7}}) {
    const LoweredLimit lowered(RLIMIT_NOFILE, limit);
    ExpectTooManyOpen(SealedFileReader::Open(path, Key(), "ctx").status());
    ExpectTooManyOpen(SealedFileWriter::Create(fresh, Key(), "ctx", random, kChunk).status());
  }
  EXPECT_NE(::access((fresh + ".part").c_str(), F_OK), 0);
  EXPECT_EQ(*ReadAll(path), Content(2000));
}

// At whichever byte the disk takes no more, of the header or later.
TEST(SealedFileTest, OnADiskThatTakesNoMoreItIsRefusedAndDiscardedWhole) {
  ::signal(SIGXFSZ, SIG_IGN);
  const std::string content = Content(5000);
  SystemRandom random;
  for (const rlim_t room : {0, 1, 20, 500, 1500, 4000, 5000}) {
    const std::string path = FreshPath();
    {
      const LoweredLimit lowered(RLIMIT_FSIZE, room);
      auto writer = SealedFileWriter::Create(path, Key(), "ctx", random, kChunk);
      if (writer.ok()) {
        absl::Status written = (*writer)->Append(content);
        if (written.ok()) written = (*writer)->Finish();
        EXPECT_FALSE(written.ok()) << room;
        (*writer)->Discard();
      }
    }
    EXPECT_NE(::access(path.c_str(), F_OK), 0) << room;
    EXPECT_NE(::access((path + ".part").c_str(), F_OK), 0) << room;
  }
}

}  // namespace
}  // namespace redress::crypto
