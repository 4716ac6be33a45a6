#include "services/referral/app/referral_files.h"

#include <cstdio>
#include <utility>

#include "services/platform/codes/case_codes.h"
#include "services/platform/codes/field_checks.h"
#include "services/platform/crypto/encoding.h"
#include "services/platform/crypto/sealed_file.h"
#include "services/platform/journal/commit.h"
#include "services/platform/status/fault_point.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/file_rows.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/verb_runner.h"
#include "services/referral/app/visible_referral.h"

namespace redress::referral {
namespace {

constexpr uint32_t kMaxFiles = 200;
void CheckFile(const intake::v1::EvidenceFile& file, FieldViolations& faults) {
  if (!kEvidenceKinds.Contains(file.kind())) {
    faults.AddValue("file.kind", file.kind(), kEvidenceKinds.Accepted());
  }
  if (file.size_bytes() < 1) faults.Add("file.size_bytes", "has to be 1 or more");
  if (file.sha256().size() != 32) faults.Add("file.sha256", "has to have 32 bytes");
  if (file.media_type().empty() || file.media_type().size() > 100) {
    faults.Add("file.media_type", "has to have 1 to 100 bytes");
  }
  CheckText("file.file_name", file.file_name(), 200, faults);
  if (file.file_name().find('/') != std::string::npos) {
    faults.Add("file.file_name", "has to be a name without a path");
  }
  CheckText("file.description", file.description(), 1'000, faults);
}

absl::Status CheckSize(const intake::v1::EvidenceFile& file) {
  if (file.size_bytes() <= static_cast<int64_t>(kMaxFileBytes)) return absl::OkStatus();
  return Refuse(absl::StatusCode::kInvalidArgument, "FILE_TOO_LARGE", "the file is too large",
                {{"limit_bytes", std::to_string(kMaxFileBytes)},
                 {"size_bytes", std::to_string(file.size_bytes())}});
}

class Upload final : public FileUpload {
 public:
  Upload(const AppParts& parts, VerbRequest request, intake::v1::EvidenceFile file, FileKey key,
         crypto::SecretKey file_key, std::unique_ptr<crypto::SealedFileWriter> writer)
      : parts_(parts),
        request_(std::move(request)),
        file_(std::move(file)),
        key_(std::move(key)),
        file_key_(std::move(file_key)),
        writer_(std::move(writer)) {}
  ~Upload() override {
    if (writer_ != nullptr) writer_->Discard();
  }

  async::Task<absl::Status> Append(std::string bytes) override {
    if (writer_->size() + bytes.size() > static_cast<uint64_t>(file_.size_bytes())) {
      co_return SizeMismatch(writer_->size() + bytes.size());
    }
    co_return co_await AppendPiece(parts_, *writer_, std::move(bytes));
  }

  Answer<v1::UploadReferralEvidenceResponse> Finish() override {
    if (writer_->size() != static_cast<uint64_t>(file_.size_bytes())) {
      co_return SizeMismatch(writer_->size());
    }
    if (writer_->Digest() != file_.sha256()) {
      co_return Refuse(absl::StatusCode::kDataLoss, "FILE_DIGEST_MISMATCH",
                       "the bytes have another SHA-256 than announced",
                       {{"declared", crypto::HexEncode(file_.sha256())},
                        {"received", crypto::HexEncode(writer_->Digest())}});
    }
    crypto::SealedFileWriter* writer = writer_.get();
    auto finish = [writer] { return writer->Finish(); };
    absl::Status finished = co_await parts_.files_pool.Run(parts_.executor, std::move(finish));
    CO_RETURN_IF_ERROR(finished);
    REDRESS_FAULT_POINT("referral_upload.named");
    writer_.reset();  // The bytes have their name; without a row they are nobody's.
    SetTimestamp(parts_.clock.Now(), file_.mutable_uploaded_at());
    file_.set_uploaded_by_body_id(request_.caller->body_id);
    rows::ReceivedFilePersonal personal;
    personal.set_file(file_.SerializeAsString());
    personal.set_file_key(std::string(file_key_.view()));
    personal.set_path(NewFileName(parts_, key_));
    std::function<absl::Status(ReferralEdit&, v1::UploadReferralEvidenceResponse&)> act =
        [key = key_, file = file_, personal](ReferralEdit& edit,
                                             v1::UploadReferralEvidenceResponse& response) {
          return Record(edit, key, file, personal, response);
        };
    auto answer = co_await RunVerb(parts_, request_, std::move(act));
    // Whoever repeats the call sends the bytes again, to another file.
    if (journal::IsSurelyNotCommitted(answer.status())) {
      auto remove = [path = FilePath(parts_, NewFileName(parts_, key_))] {
        std::remove(path.c_str());
        return absl::OkStatus();
      };
      (void)co_await parts_.files_pool.Run(parts_.executor, std::move(remove));
    }
    co_return answer;
  }

 private:
  absl::Status SizeMismatch(uint64_t received) const {
    return Refuse(absl::StatusCode::kInvalidArgument, "FILE_SIZE_MISMATCH",
                  "the stream has another length than announced",
                  {{"declared_bytes", std::to_string(file_.size_bytes())},
                   {"received_bytes", std::to_string(received)}});
  }

  static absl::Status Record(ReferralEdit& edit, const FileKey& key,
                             const intake::v1::EvidenceFile& file,
                             const rows::ReceivedFilePersonal& personal,
                             v1::UploadReferralEvidenceResponse& response) {
    const AppParts& parts = edit.parts();
    RETURN_IF_ERROR(
        Move(PositionOf(edit.folded(), Side::kDestination, true), Verb::kUploadEvidence).status());
    if (edit.record().file_count() >= kMaxFiles) {
      return RefusePrecondition("TOO_MANY_FILES", "the referral has as many files as it may",
                                {{"limit", std::to_string(kMaxFiles)}});
    }
    rows::ReceivedFileRecord row;
    row.set_added_by(v1::SIDE_DESTINATION);
    row.set_state(v1::FILE_STATE_WHOLE);
    row.set_size_bytes(file.size_bytes());
    row.set_announced_at_micros(ToMicros(parts.clock.Now()));
    row.set_whole_at_micros(ToMicros(parts.clock.Now()));
    row.set_outgoing(true);
    SealFileRow(parts, edit.now(), personal, key, row);
    const Repository& repository = parts.repository;
    edit.AlsoStage([&repository, key, row](journal::ChangeSet& changes) {
      repository.Put(changes, key, row);
    });
    edit.record().set_file_count(edit.record().file_count() + 1);
    edit.LeaveWork(WorkKind::kFile, key.file.ToString());
    v1::Event event;
    event.mutable_file()->set_evidence_id(key.file.ToString());
    event.mutable_file()->set_added_by(v1::SIDE_DESTINATION);
    event.mutable_file()->set_whole(true);
    edit.AddEvent(std::move(event));
    response.set_evidence_id(key.file.ToString());
    return absl::OkStatus();
  }

  const AppParts& parts_;
  VerbRequest request_;
  intake::v1::EvidenceFile file_;
  const FileKey key_;
  const crypto::SecretKey file_key_;
  std::unique_ptr<crypto::SealedFileWriter> writer_;
};

class Reading final : public FileDownload {
 public:
  Reading(const AppParts& parts, intake::v1::EvidenceFile file,
          std::unique_ptr<crypto::SealedFileReader> reader, uint64_t offset)
      : parts_(parts), file_(std::move(file)), reader_(std::move(reader)), offset_(offset) {}

  const intake::v1::EvidenceFile& file() const override { return file_; }
  async::Task<absl::StatusOr<std::string>> Next() override {
    const crypto::SealedFileReader* reader = reader_.get();
    const uint64_t offset = offset_;
    auto read = [reader, offset] { return reader->Read(offset, kFilePiece); };
    absl::StatusOr<std::string> piece =
        co_await parts_.files_pool.Run(parts_.executor, std::move(read));
    if (piece.ok()) offset_ += piece->size();
    co_return piece;
  }

 private:
  const AppParts& parts_;
  const intake::v1::EvidenceFile file_;
  std::unique_ptr<crypto::SealedFileReader> reader_;
  uint64_t offset_;
};

}  // namespace

Answer<ReferralFiles::Begun> ReferralFiles::BeginUpload(Caller caller,
                                                        v1::ReferralEvidenceHeader header) {
  VerbRequest verb =
      VerbRequestOf("UploadReferralEvidence", std::move(caller), header, Side::kDestination);
  verb.etag_optional = true;
  CheckFile(header.file(), verb.faults);
  CO_RETURN_IF_ERROR(CheckForm(verb));
  CO_RETURN_IF_ERROR(CheckSize(header.file()));
  absl::StatusOr<BegunVerb> begun = co_await BeginVerb(parts_, verb);
  CO_RETURN_IF_ERROR(begun.status());
  Begun result;
  if (begun->remembered) {
    if (!result.answered.ParseFromString(begun->remembered->answer)) {
      co_return absl::DataLossError("a remembered answer cannot be read");
    }
    result.answered.mutable_change()->set_commit_number(begun->remembered->version);
    co_return result;
  }
  CO_RETURN_IF_ERROR(
      Move(PositionOf(begun->loaded->folded, Side::kDestination, true), Verb::kUploadEvidence)
          .status());
  CO_RETURN_IF_ERROR(parts_.files_floor.Check(static_cast<uint64_t>(header.file().size_bytes())));
  const FileKey key{begun->loaded->ref, NewRandomId(parts_.random)};
  intake::v1::EvidenceFile file = header.file();
  file.set_evidence_id(key.file.ToString());
  crypto::SecretKey file_key = crypto::SecretKey::Generate(parts_.random);
  absl::StatusOr<std::unique_ptr<crypto::SealedFileWriter>> writer =
      crypto::SealedFileWriter::Create(FilePath(parts_, NewFileName(parts_, key)), file_key.Clone(),
                                       FileContext(key), parts_.random, kFileChunk);
  CO_RETURN_IF_ERROR(writer.status());
  result.upload = std::make_unique<Upload>(parts_, std::move(verb), std::move(file), key,
                                           std::move(file_key), *std::move(writer));
  co_return result;
}

Answer<std::unique_ptr<FileDownload>> ReferralFiles::Download(
    Caller caller, v1::DownloadReferralEvidenceRequest request) {
  FieldViolations faults;
  ReferralId referral = faults.Read(ReferralId::Parse(request.referral_id(), "referral_id"));
  RandomId id = faults.Read(RandomId::Parse(request.evidence_id(), "evidence_id"));
  CO_RETURN_IF_ERROR(faults.ToStatus());
  absl::StatusOr<VisibleReferral> visible =
      co_await FindVisible(parts_, std::move(caller), std::move(referral));
  CO_RETURN_IF_ERROR(visible.status());
  if (visible->sight != Sight::kAll) co_return NotFound("file");
  absl::StatusOr<std::optional<StoredFile>> stored =
      co_await FindFile(parts_, visible->loaded, std::move(id));
  CO_RETURN_IF_ERROR(stored.status());
  if (!stored->has_value()) co_return NotFound("file");
  const StoredFile& file = **stored;
  if (file.personal.path().empty() || file.found.row.whole_at_micros() == 0) {
    co_return RefusePrecondition(
        "FILE_NOT_WHOLE", "the file has not wholly arrived",
        {{"received_bytes", std::to_string(file.found.row.received_bytes())},
         {"size_bytes", std::to_string(file.found.row.size_bytes())}});
  }
  if (request.offset() < 0 || request.offset() > file.file.size_bytes()) {
    co_return Refuse(absl::StatusCode::kOutOfRange, "FILE_OFFSET_MISMATCH",
                     "the offset lies beyond the file",
                     {{"expected_offset", std::to_string(file.file.size_bytes())}});
  }
  std::optional<crypto::SecretKey> file_key =
      crypto::SecretKey::FromBytes(file.personal.file_key());
  if (!file_key) co_return absl::DataLossError("a file has lost its key");
  absl::StatusOr<std::unique_ptr<crypto::SealedFileReader>> reader = crypto::SealedFileReader::Open(
      FilePath(parts_, file.personal.path()), *std::move(file_key), FileContext(file.found.key));
  CO_RETURN_IF_ERROR(reader.status());
  std::unique_ptr<FileDownload> download = std::make_unique<Reading>(
      parts_, file.file, *std::move(reader), static_cast<uint64_t>(request.offset()));
  co_return download;
}

Answer<v1::ListReferralEvidenceResponse> ReferralFiles::List(
    Caller caller, v1::ListReferralEvidenceRequest request) {
  FieldViolations faults;
  ReferralId referral = faults.Read(ReferralId::Parse(request.referral_id(), "referral_id"));
  const size_t limit = ReadPageSize("page_size", request.page_size(), faults);
  CO_RETURN_IF_ERROR(faults.ToStatus());
  const std::string binding = crypto::PageTokens::Binding(
      {"ListReferralEvidence", caller->CallerKey(), request.referral_id()});
  absl::StatusOr<std::string> cursor = parts_.page_tokens.Open(request.page_token(), binding);
  CO_RETURN_IF_ERROR(cursor.status());
  absl::StatusOr<VisibleReferral> visible =
      co_await FindVisible(parts_, std::move(caller), std::move(referral));
  CO_RETURN_IF_ERROR(visible.status());
  v1::ListReferralEvidenceResponse response;
  if (visible->sight != Sight::kAll) co_return response;
  RowRange range{.of = RowRange::Of::kFiles, .ref = visible->loaded.ref};
  std::optional<FileKey> after;
  if (!cursor->empty()) after = FileKey{visible->loaded.ref, RandomId::FromTrusted(*cursor)};
  auto files = co_await parts_.repository.Scan<FileKey>(std::move(range), std::move(after), limit);
  CO_RETURN_IF_ERROR(files.status());
  std::string last;
  for (Found<FileKey>& one : files->rows) {
    last = one.key.file.ToString();
    absl::StatusOr<StoredFile> stored = OpenFileRow(parts_, visible->loaded, std::move(one));
    CO_RETURN_IF_ERROR(stored.status());
    const rows::ReceivedFileRecord& row = stored->found.row;
    v1::ReferralFile* file = response.add_files();
    *file->mutable_file() = stored->file;
    file->set_added_by(row.added_by());
    file->set_state(static_cast<v1::FileState>(row.state()));
    file->set_received_bytes(row.state() == v1::FILE_STATE_WHOLE ? row.size_bytes()
                                                                 : row.received_bytes());
    REDRESS_SET_TIME(*file, whole_at, FromMicros(row.whole_at_micros()));
    file->set_disclosure_number(row.disclosure_number());
  }
  if (files->more) response.set_next_page_token(parts_.page_tokens.Seal(last, binding));
  co_return response;
}

}  // namespace redress::referral
