// Evidence between two nodes: fetched from intake, announced, handed over, and what is done when a
// disk or the want of descriptors is in the way.
#include <sys/resource.h>

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/crypto/sha256.h"
#include "services/platform/files/free_space.h"
#include "services/platform/files/sync.h"
#include "services/platform/status/refusal.h"
#include "services/referral/app/file_rows.h"
#include "services/referral/app/referral_files.h"
#include "services/referral/app/testing/story_fixture.h"

namespace redress::referral {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

// A file of the case, whose content intake has.
intake::v1::EvidenceFile PutFile(TwoNodes& world, const std::string& bytes) {
  intake::v1::EvidenceFile file;
  file.set_evidence_id("00000000000000000000000042");
  file.set_kind("PAYSLIP");
  file.set_media_type("image/jpeg");
  file.set_size_bytes(static_cast<int64_t>(bytes.size()));
  file.set_sha256(crypto::Sha256::Of(bytes));
  world.kh->intake.cases[world.case_number].files.push_back(file);
  world.kh->intake.file_bytes[file.evidence_id()] = bytes;
  return file;
}

// One step of home's: fetching, announcing or handing over.
absl::Status Transfer(TwoNodes& world) {
  auto done =
      world.Run(RunFileTransfersOnce(world.kh->parts, *world.kh_peers, async::CancellationToken()));
  world.Settle();
  return done.status();
}

// How many files the receiver has whole.
int Arrived(TwoNodes& world, const std::string& referral_id) {
  v1::ListReferralEvidenceRequest list;
  list.set_referral_id(referral_id);
  const auto listed = world.Run(world.my->files.List(world.contact, list));
  if (!listed.ok()) return 0;
  int whole = 0;
  for (const auto& file : listed->files()) {
    if (file.state() == v1::FILE_STATE_WHOLE) ++whole;
  }
  return whole;
}

TEST(FileTest, AFileOfTheCaseReachesTheReceiverAndOneOfTheReceiverComesHome) {
  TwoNodes world(1);
  std::string bytes(300'000, 'x');
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7);
  const intake::v1::EvidenceFile file = PutFile(world, bytes);
  const std::string id = world.Refer();
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(Transfer(world).ok());
  v1::DownloadReferralEvidenceRequest download;
  download.set_referral_id(id);
  download.set_evidence_id(file.evidence_id());
  auto opened = world.Run(world.my->files.Download(world.contact, download));
  ASSERT_TRUE(opened.ok()) << opened.status();
  std::string read;
  while (true) {
    auto piece = world.Run((*opened)->Next());
    ASSERT_TRUE(piece.ok()) << piece.status();
    if (piece->empty()) break;
    read += *piece;
  }
  EXPECT_EQ(read, bytes);
  EXPECT_TRUE(absl::IsNotFound(
      world.Run(world.my->files.Download(world.other_contact, download)).status()));

  v1::ReferralEvidenceHeader header;
  header.set_request_id(world.RequestId());
  header.set_referral_id(id);
  *header.mutable_file() = file;
  header.mutable_file()->clear_evidence_id();
  auto upload = world.Run(world.my->files.BeginUpload(world.contact, header));
  ASSERT_TRUE(upload.ok()) << upload.status();
  ASSERT_TRUE(world.Run(upload->upload->Append(bytes.substr(0, 200'000))).ok());
  ASSERT_TRUE(world.Run(upload->upload->Append(bytes.substr(200'000))).ok());
  auto finished = world.Run(upload->upload->Finish());
  ASSERT_TRUE(finished.ok()) << finished.status();
  for (int i = 0; i < 3; ++i) {
    auto done = world.Run(
        RunFileTransfersOnce(world.my->parts, *world.my_peers, async::CancellationToken()));
    ASSERT_TRUE(done.ok()) << done.status();
    world.Settle();
  }
  download.set_evidence_id(finished->evidence_id());
  auto at_home = world.Run(world.kh->files.Download(world.ministry, download));
  ASSERT_TRUE(at_home.ok()) << at_home.status();
  v1::ListReferralEvidenceRequest list;
  list.set_referral_id(id);
  auto listed = world.Run(world.kh->files.List(world.ministry, list));
  ASSERT_TRUE(listed.ok());
  EXPECT_EQ(listed->files_size(), 2);
}

TEST(FileTest, AFileOnADiskThatFailsIsNotTakenForAShorterOne) {
  // A folder can be opened, and reading from it fails.
  EXPECT_TRUE(absl::IsUnavailable(ReadRaw(testing::TempDir(), 0, 10).status()));
  EXPECT_TRUE(absl::IsUnavailable(DigestRaw(testing::TempDir()).status()));
  EXPECT_TRUE(absl::IsNotFound(ReadRaw(testing::TempDir() + "/nowhere", 0, 10).status()));
}

TEST(FileTest, AFileThatCannotBeOpenedForWantOfDescriptorsIsNotTakenForDamaged) {
  TwoNodes world(1);
  const std::string bytes(1'000, 'x');
  const intake::v1::EvidenceFile file = PutFile(world, bytes);
  const std::string id = world.Refer();
  struct rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  struct rlimit lowered = before;
  lowered.rlim_cur = 7;  // So few that files of people have no share of them.
  std::vector<absl::StatusCode> scarce;
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &lowered), 0);
    for (int j = 0; j < 2; ++j) scarce.push_back(Transfer(world).code());
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT_TRUE(Transfer(world).ok());
  }
  // It cannot be fetched from intake, twice; it can be announced; the peer cannot look at it.
  const auto refused = absl::StatusCode::kResourceExhausted;
  EXPECT_EQ(scarce,
            (std::vector<absl::StatusCode>{refused, refused, absl::StatusCode::kOk, refused}));
  v1::DownloadReferralEvidenceRequest download;
  download.set_referral_id(id);
  download.set_evidence_id(file.evidence_id());
  auto opened = world.Run(world.my->files.Download(world.contact, download));
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(world.Run((*opened)->Next()).value(), bytes);
}

TEST(FileTest, WhatCouldNotBeSyncedComesAgain) {
  TwoNodes world(1);
  PutFile(world, std::string(1'000, 'x'));
  const std::string id = world.Refer();
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(Transfer(world).ok());
  std::vector<std::string> synced;
  bool fails = true;
  world.my->parts.sync_file = [&](const std::string& path) {
    synced.push_back(path);
    return fails ? EIO : files::SyncFile(path);
  };
  EXPECT_FALSE(Transfer(world).ok());
  ASSERT_EQ(synced.size(), 1u);
  // Not even what came is left: to sync it once more would say that it is on the disk.
  EXPECT_EQ(SizeOf(synced[0]), 0);
  fails = false;
  EXPECT_TRUE(Transfer(world).ok());
  EXPECT_EQ(synced.size(), 2u);
  EXPECT_EQ(Arrived(world, id), 1);
}

TEST(FileTest, AFileThatWouldGoBelowTheFloorOfFreeSpaceIsNotTakenYet) {
  TwoNodes world(1);
  PutFile(world, std::string(1'000, 'x'));
  const std::string id = world.Refer();
  uint64_t free_bytes = 1'999;
  const files::FreeSpaceFloor floor(world.my->parts.files_directory, 1'000,
                                    [&free_bytes](const std::string&) { return free_bytes; });
  world.kh->parts.files_floor = floor;
  world.my->parts.files_floor = floor;
  EXPECT_EQ(GetRefusal(Transfer(world))->reason, "STORE_FULL");  // Home cannot fetch it.
  free_bytes = 2'000;
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(Transfer(world).ok());
  // Sealed it is larger than it was.
  EXPECT_EQ(GetRefusal(Transfer(world))->reason, "STORE_FULL");
  free_bytes = 3'000;
  EXPECT_TRUE(Transfer(world).ok());
  EXPECT_EQ(Arrived(world, id), 1);

  v1::ReferralEvidenceHeader header;
  header.set_request_id(world.RequestId());
  header.set_referral_id(id);
  *header.mutable_file() = world.kh->intake.cases[world.case_number].files.front();
  header.mutable_file()->clear_evidence_id();
  free_bytes = 1'999;
  const auto upload = world.Run(world.my->files.BeginUpload(world.contact, header));
  EXPECT_EQ(GetRefusal(upload.status())->reason, "STORE_FULL");
}

// Files and parts of files that a node has on its disk.
std::vector<std::string> FilesOf(const TestNode& node) {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(node.parts.files_directory)) {
    names.push_back(file.path().filename());
  }
  return names;
}

// Has the disk keep too little free from the `asked`-th time on that somebody wants to know.
files::FreeSpaceFloor FullWhenAsked(const TestNode& node, int asked) {
  return {node.parts.files_directory, 1'000, [asked, times = 0](const std::string&) mutable {
            return ++times < asked ? UINT64_MAX : 0;
          }};
}

TEST(FileTest, WhatIsFetchedUntilThereIsNoRoomLeavesNothing) {
  TwoNodes world(1);
  PutFile(world, std::string(300'000, 'x'));
  world.Refer();
  const files::FreeSpaceFloor roomy = world.kh->parts.files_floor;
  world.kh->parts.files_floor = FullWhenAsked(*world.kh, 2);
  EXPECT_EQ(GetRefusal(Transfer(world))->reason, "STORE_FULL");
  EXPECT_THAT(FilesOf(*world.kh), IsEmpty());
  world.kh->parts.files_floor = roomy;
  EXPECT_TRUE(Transfer(world).ok());
  EXPECT_THAT(FilesOf(*world.kh), SizeIs(1));
}

TEST(FileTest, WhatCameUntilThereWasNoRoomIsKeptAndTheRestComes) {
  TwoNodes world(1);
  PutFile(world, std::string(600'000, 'x'));
  const std::string id = world.Refer();
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(Transfer(world).ok());
  const files::FreeSpaceFloor roomy = world.my->parts.files_floor;
  world.my->parts.files_floor = FullWhenAsked(*world.my, 3);
  EXPECT_EQ(GetRefusal(Transfer(world))->reason, "STORE_FULL");
  ASSERT_THAT(FilesOf(*world.my), SizeIs(1));
  const std::string part = world.my->parts.files_directory + "/" + FilesOf(*world.my)[0];
  EXPECT_EQ(SizeOf(part), static_cast<int64_t>(kFilePiece));
  world.my->parts.files_floor = roomy;
  EXPECT_TRUE(Transfer(world).ok());
  EXPECT_EQ(Arrived(world, id), 1);
}

TEST(FileTest, AFileForWhoseRowThereWasNoRoomDoesNotComeAnew) {
  TwoNodes world(1);
  PutFile(world, std::string(1'000, 'x'));
  const std::string id = world.Refer();
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(Transfer(world).ok());
  world.my->store.AnswerNextCommit(kv::CommitOutcome::kNoSpace);
  EXPECT_EQ(GetRefusal(Transfer(world))->reason, "STORE_FULL");
  EXPECT_EQ(Arrived(world, id), 0);
  EXPECT_THAT(FilesOf(*world.my), SizeIs(2)) << "also by the name that another's row may have";
  // No room for a single byte more.
  const std::string folder = world.my->parts.files_directory;
  world.my->parts.files_floor = {folder, 1'000, [](const std::string&) { return 1'000; }};
  EXPECT_TRUE(Transfer(world).ok());
  EXPECT_EQ(Arrived(world, id), 1);
  EXPECT_THAT(FilesOf(*world.my), SizeIs(1));
}

TEST(FileTest, AnUploadThatIsRefusedLeavesNothing) {
  TwoNodes world(1);
  const std::string bytes(1'000, 'x');
  const intake::v1::EvidenceFile file = PutFile(world, bytes);
  const std::string id = world.Refer();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Transfer(world).ok());
  const size_t before = FilesOf(*world.my).size();
  const auto begin = [&] {
    v1::ReferralEvidenceHeader header;
    header.set_request_id(world.RequestId());
    header.set_referral_id(id);
    *header.mutable_file() = file;
    header.mutable_file()->clear_evidence_id();
    return world.Run(world.my->files.BeginUpload(world.contact, header));
  };
  auto without_room = begin();
  ASSERT_TRUE(without_room.ok()) << without_room.status();
  const files::FreeSpaceFloor roomy = world.my->parts.files_floor;
  world.my->parts.files_floor = FullWhenAsked(*world.my, 1);
  const absl::Status piece = world.Run(without_room->upload->Append(bytes));
  EXPECT_EQ(GetRefusal(piece)->reason, "STORE_FULL");
  without_room->upload.reset();
  EXPECT_THAT(FilesOf(*world.my), SizeIs(before));

  world.my->parts.files_floor = roomy;
  auto without_row = begin();
  ASSERT_TRUE(without_row.ok()) << without_row.status();
  ASSERT_TRUE(world.Run(without_row->upload->Append(bytes)).ok());
  world.my->store.AnswerNextCommit(kv::CommitOutcome::kNoSpace);
  const auto refused = world.Run(without_row->upload->Finish());
  EXPECT_EQ(GetRefusal(refused.status())->reason, "STORE_FULL");
  EXPECT_THAT(FilesOf(*world.my), SizeIs(before));
}

}  // namespace
}  // namespace redress::referral
