#include <filesystem>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/intake/app/evidence_files.h"
#include "services/intake/app/testing/intake_fixture.h"
#include "services/platform/crypto/sha256.h"

namespace redress::intake {
namespace {

using ::testing::Contains;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class EvidenceVerbsTest : public IntakeTest {
 protected:
  static std::string Content(size_t size) {
    std::string bytes(size, '\0');
    for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 7);
    return bytes;
  }
  UploadCommand Announce(const VerbAnswer& filed, const std::string& bytes) {
    UploadCommand command{Anytime(filed), {}};
    command.file.kind = "PAYSLIP";
    command.file.file_name = "payslip of Dara.jpg";
    command.file.media_type = "image/jpeg";
    command.file.size_bytes = static_cast<int64_t>(bytes.size());
    command.file.sha256 = crypto::Sha256::Of(bytes);
    command.file.shareable = true;
    return command;
  }
  absl::StatusOr<VerbAnswer> Upload(Caller caller, UploadCommand command, const std::string& bytes,
                                    RequestMark mark) {
    auto upload =
        Run(app_.evidence().StartUpload(std::move(caller), std::move(mark), std::move(command)));
    if (!upload.ok()) return upload.status();
    if ((*upload)->answered()) return *(*upload)->answered();
    for (size_t at = 0; at < bytes.size(); at += kMaxEvidenceChunk) {
      const absl::Status written = Run((*upload)->Write(bytes.substr(at, kMaxEvidenceChunk)));
      if (!written.ok()) return written;
    }
    return Run((*upload)->Finish());
  }
  absl::StatusOr<std::string> Download(Caller caller, const VerbAnswer& filed, const RandomId& id,
                                       int64_t offset = 0,
                                       std::optional<ReferralId> referral = {}) {
    auto download = Run(app_.evidence().StartDownload(std::move(caller), filed.case_number, id,
                                                      offset, std::move(referral)));
    if (!download.ok()) return download.status();
    std::string bytes;
    while (true) {
      auto chunk = Run((*download)->Next());
      if (!chunk.ok()) return chunk.status();
      if (chunk->empty()) return bytes;
      bytes += *chunk;
    }
  }
  size_t FilesOnDisk() const {
    size_t count = 0;
    for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator(files_)) ++count;
    return count;
  }
};

TEST_F(EvidenceVerbsTest, AFileComesBackAsItWasSent) {
  const VerbAnswer filed = FileGroup(1);
  const std::string bytes = Content(700'001);
  const VerbAnswer uploaded = Must(Upload(Desk(), Announce(filed, bytes), bytes, Mark()));
  EXPECT_EQ(*Download(Desk(), filed, uploaded.created_id), bytes);
  EXPECT_EQ(*Download(Desk(), filed, uploaded.created_id, 500'000), bytes.substr(500'000));
  EXPECT_EQ(LastEvent().evidence_added().size_bytes(), 700'001);
  const auto list = Run(app_.evidence().ListEvidence(Desk(), filed.case_number, {}));
  ASSERT_THAT(list->files, SizeIs(1));
  EXPECT_EQ(list->files[0].file_name, "payslip of Dara.jpg");
  EXPECT_EQ(View(Desk(), filed).head.evidence_count, 1u);
}

TEST_F(EvidenceVerbsTest, ACaseTakesItsLastFileAndNoneAfterIt) {
  const VerbAnswer filed = FileGroup(1);
  const std::string bytes = Content(10);
  for (uint32_t i = 0; i < kMaxEvidenceFiles; ++i) {
    Must(Upload(Desk(), Announce(filed, bytes), bytes, Mark()));
  }
  EXPECT_EQ(ReasonOf(Upload(Desk(), Announce(filed, bytes), bytes, Mark())), "TOO_MANY_FILES");
  EXPECT_EQ(View(Desk(), filed).head.evidence_count, kMaxEvidenceFiles);
  EXPECT_EQ(FilesOnDisk(), kMaxEvidenceFiles);
}

TEST_F(EvidenceVerbsTest, AFileForWhichTheStoreHasNoRoomLeavesNothingOnTheDisk) {
  const VerbAnswer filed = FileGroup(1);
  const std::string bytes = Content(10);
  store_.AnswerNextCommit(kv::CommitOutcome::kNoSpace);
  EXPECT_EQ(ReasonOf(Upload(Desk(), Announce(filed, bytes), bytes, Mark())), "STORE_FULL");
  EXPECT_EQ(FilesOnDisk(), 0u);
}

TEST_F(EvidenceVerbsTest, AFileThatWouldGoBelowTheFloorOfFreeSpaceIsRefusedBeforeItIsBegun) {
  const VerbAnswer filed = FileGroup(1);
  const std::string bytes = Content(10);
  free_bytes_ = 1'009;
  EXPECT_EQ(ReasonOf(Upload(Desk(), Announce(filed, bytes), bytes, Mark())), "STORE_FULL");
  EXPECT_EQ(FilesOnDisk(), 0u);
  free_bytes_ = 1'010;
  Must(Upload(Desk(), Announce(filed, bytes), bytes, Mark()));
}

TEST_F(EvidenceVerbsTest, AnUploadEndsWhereOthersHaveTakenTheRoomMeanwhile) {
  const VerbAnswer filed = FileGroup(1);
  const std::string bytes = Content(10);
  auto upload = Run(app_.evidence().StartUpload(Desk(), Mark(), Announce(filed, bytes)));
  ASSERT_TRUE(upload.ok()) << upload.status();
  ASSERT_TRUE(Run((*upload)->Write(bytes.substr(0, 4))).ok());
  free_bytes_ = 1'005;
  EXPECT_EQ(ReasonOf(Run((*upload)->Write(bytes.substr(4)))), "STORE_FULL");
}

TEST_F(EvidenceVerbsTest, ADownloadBeginsWithinTheFileOrIsToldWhereItEnds) {
  const VerbAnswer filed = FileGroup(1);
  const std::string bytes = Content(10);
  const VerbAnswer uploaded = Must(Upload(Desk(), Announce(filed, bytes), bytes, Mark()));
  EXPECT_EQ(*Download(Desk(), filed, uploaded.created_id, 10), "");
  const auto beyond = Download(Desk(), filed, uploaded.created_id, 11);
  EXPECT_EQ(beyond.status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(ReasonOf(beyond), "FILE_OFFSET_MISMATCH");
}

TEST_F(EvidenceVerbsTest, OnDiskThereIsNeitherNameNorContent) {
  const VerbAnswer filed = FileGroup(1);
  const std::string bytes(5000, 'x');
  const VerbAnswer uploaded = Must(Upload(Desk(), Announce(filed, bytes), bytes, Mark()));
  std::ifstream file(EvidencePath(files_, uploaded.created_id), std::ios::binary);
  const std::string stored((std::istreambuf_iterator<char>(file)), {});
  EXPECT_GT(stored.size(), bytes.size());
  EXPECT_EQ(stored.find("xxxxxxxx"), std::string::npos);
}

TEST_F(EvidenceVerbsTest, TheSameUploadAgainIsAnsweredWithoutTheBytes) {
  const VerbAnswer filed = FileGroup(1);
  const std::string bytes = Content(100);
  const RequestMark mark = Mark();
  const VerbAnswer first = Must(Upload(Desk(), Announce(filed, bytes), bytes, mark));
  const VerbAnswer again = Must(Upload(Desk(), Announce(filed, bytes), "", mark));
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.created_id, first.created_id);
  EXPECT_EQ(FilesOnDisk(), 1u);
}

TEST_F(EvidenceVerbsTest, WrongSizesAndDigestsLeaveNothingVisible) {
  const VerbAnswer filed = FileGroup(1);
  const std::string bytes = Content(100);
  UploadCommand wrong_digest = Announce(filed, bytes);
  wrong_digest.file.sha256 = crypto::Sha256::Of("other");
  const auto mismatch = Upload(Desk(), wrong_digest, bytes, Mark());
  EXPECT_EQ(mismatch.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(ReasonOf(mismatch), "FILE_DIGEST_MISMATCH");
  EXPECT_EQ(ReasonOf(Upload(Desk(), Announce(filed, bytes), bytes.substr(1), Mark())),
            "FILE_SIZE_MISMATCH");
  EXPECT_EQ(ReasonOf(Upload(Desk(), Announce(filed, bytes), bytes + "x", Mark())),
            "FILE_SIZE_MISMATCH");
  UploadCommand too_large = Announce(filed, bytes);
  too_large.file.size_bytes = kMostEvidenceBytes + 1;
  EXPECT_EQ(ReasonOf(Upload(Desk(), too_large, bytes, Mark())), "FILE_TOO_LARGE");
  EXPECT_THAT(Run(app_.evidence().ListEvidence(Desk(), filed.case_number, {}))->files, IsEmpty());
}

TEST_F(EvidenceVerbsTest, StartUpRemovesWhatNoCommitMadeVisible) {
  const VerbAnswer filed = FileGroup(1);
  const std::string bytes = Content(100);
  const VerbAnswer uploaded = Must(Upload(Desk(), Announce(filed, bytes), bytes, Mark()));
  const std::string orphan = EvidencePath(files_, NewRandomId(random_));
  std::ofstream(orphan) << "whole, but without a row";
  std::ofstream(orphan + ".part") << "never finished";
  EXPECT_TRUE(Run(app_.evidence().RemoveOrphans()).ok());
  EXPECT_EQ(FilesOnDisk(), 1u);
  EXPECT_EQ(*Download(Desk(), filed, uploaded.created_id), bytes);
}

TEST_F(EvidenceVerbsTest, OthersDoNotReachAFile) {
  const VerbAnswer filed = FileGroup(2);
  const std::string bytes = Content(10);
  const VerbAnswer uploaded = Must(Upload(Worker(filed, 0), Announce(filed, bytes), bytes, Mark()));
  EXPECT_EQ(*Download(Worker(filed, 0), filed, uploaded.created_id), bytes);
  EXPECT_EQ(Download(Worker(filed, 1), filed, uploaded.created_id).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(Download(OtherDesk(), filed, uploaded.created_id).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(EvidenceVerbsTest, ASensitiveFileIsNotTheMinistrysWithoutConsent) {
  const VerbAnswer filed = FileGroup(1);
  const std::string bytes = Content(10);
  UploadCommand command = Announce(filed, bytes);
  command.file.sensitive = true;
  const VerbAnswer uploaded = Must(Upload(Desk(), command, bytes, Mark()));
  EXPECT_TRUE(Download(Desk(), filed, uploaded.created_id).ok());
  EXPECT_EQ(Download(Ministry(), filed, uploaded.created_id).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(EvidenceVerbsTest, AReferralFetchesOnlyWhatConsentLetsOut) {
  ComplaintFiling filing = SampleFiling(1);
  filing.consents[1].groups.push_back(FieldGroup::kEvidenceFiles);
  const VerbAnswer filed = File(filing);
  Admit(filed);
  const std::string bytes = Content(300'000);
  const VerbAnswer shared = Must(Upload(Desk(), Announce(filed, bytes), bytes, Mark()));
  UploadCommand kept_home = Announce(filed, "at home");
  kept_home.file.shareable = false;
  const VerbAnswer kept = Must(Upload(Desk(), kept_home, "at home", Mark()));
  const ReferralId referral(filed.case_number, 1);
  DiscloseCommand command{referral, 1, filed.case_number, "my:mtuc", {}, {}, {}};
  const auto page = Run(app_.disclosures().DiscloseComplaint(Referral(), command));
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_THAT(page->head->evidence_files, SizeIs(1));
  EXPECT_EQ(*Download(Referral(), filed, shared.created_id, 0, referral), bytes);
  EXPECT_EQ(ReasonOf(Download(Referral(), filed, kept.created_id, 0, referral)),
            "EVIDENCE_NOT_SHAREABLE");
}

}  // namespace
}  // namespace redress::intake
