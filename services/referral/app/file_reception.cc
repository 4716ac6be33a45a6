// Files on their way in: announced by a notice, received piece by piece, checked.
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <utility>

#include "services/platform/crypto/sealed_file.h"
#include "services/platform/files/sync.h"
#include "services/platform/journal/commit.h"
#include "services/platform/status/disk_error.h"
#include "services/platform/status/fault_point.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/file_rows.h"
#include "services/referral/app/inbound_message.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/referral_files.h"

namespace redress::referral {
namespace {

class Reception final : public FileReception {
 public:
  Reception(const AppParts& parts, ReferralRef ref, StoredFile stored)
      : parts_(parts),
        ref_(ref),
        stored_(std::move(stored)),
        path_(FilePath(parts, NewFileName(parts, stored_.found.key))),
        part_(path_ + ".incoming") {
    const bool whole = stored_.found.row.state() == v1::FILE_STATE_WHOLE;
    received_ = whole ? stored_.found.row.transfer_bytes() : SizeOf(part_);
    // More than was announced cannot be of this file.
    if (received_ > stored_.found.row.transfer_bytes()) {
      std::remove(part_.c_str());
      received_ = 0;
    }
    resume_ = received_;
  }

  int64_t resume_offset() const override { return resume_; }
  uint64_t missing_bytes() const {
    return static_cast<uint64_t>(stored_.found.row.transfer_bytes() - received_);
  }

  async::Task<absl::Status> Append(int64_t offset, std::string bytes) override {
    if (offset != received_) {
      co_return Refuse(absl::StatusCode::kOutOfRange, "FILE_OFFSET_MISMATCH",
                       "the offset is another", {{"expected_offset", std::to_string(received_)}});
    }
    if (bytes.empty() || bytes.size() > kFilePiece ||
        received_ + static_cast<int64_t>(bytes.size()) > stored_.found.row.transfer_bytes()) {
      co_return Refuse(absl::StatusCode::kInvalidArgument, "FILE_SIZE_MISMATCH",
                       "more came than was announced",
                       {{"declared_bytes", std::to_string(stored_.found.row.transfer_bytes())},
                        {"received_bytes", std::to_string(received_ + bytes.size())}});
    }
    received_ += static_cast<int64_t>(bytes.size());
    auto append = [path = part_, &floor = parts_.files_floor,
                   bytes = std::move(bytes)]() -> absl::Status {
      RETURN_IF_ERROR(floor.Check(bytes.size()));
      std::ofstream file(path, std::ios::binary | std::ios::app);
      file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
      file.flush();
      if (file) return absl::OkStatus();
      RETURN_IF_ERROR(floor.Check(bytes.size()));
      return FileError(absl::StatusCode::kInternal, "a file could not be written");
    };
    const absl::Status appended =
        co_await parts_.files_pool.Run(parts_.executor, std::move(append));
    REDRESS_FAULT_POINT("file.after_piece");
    co_return appended;
  }

  Answer<FileStored> Finish() override {
    const rows::ReceivedFileRecord& row = stored_.found.row;
    FileStored done;
    done.stored_at = FromMicros(row.whole_at_micros());
    done.commit_number = stored_.found.version;
    if (row.state() == v1::FILE_STATE_WHOLE) co_return done;
    if (received_ != row.transfer_bytes()) {
      co_return Refuse(absl::StatusCode::kInvalidArgument, "FILE_SIZE_MISMATCH",
                       "the stream ended early",
                       {{"declared_bytes", std::to_string(row.transfer_bytes())},
                        {"received_bytes", std::to_string(received_)}});
    }
    auto check = [this] { return TakeName(); };
    absl::Status named = co_await parts_.files_pool.Run(parts_.executor, std::move(check));
    CO_RETURN_IF_ERROR(named);
    REDRESS_FAULT_POINT("file.named");
    const std::string name = NewFileName(parts_, stored_.found.key);
    std::function<void(ReferralEdit&, StoredFile&)> change = [name](ReferralEdit& edit,
                                                                    StoredFile& file) {
      file.personal.set_path(name);
      file.found.row.set_state(v1::FILE_STATE_WHOLE);
      file.found.row.set_received_bytes(file.found.row.transfer_bytes());
      file.found.row.set_whole_at_micros(ToMicros(edit.parts().clock.Now()));
      v1::Event event;
      event.mutable_file()->set_evidence_id(file.found.key.file.ToString());
      event.mutable_file()->set_added_by(file.found.row.added_by());
      event.mutable_file()->set_whole(true);
      edit.AddEvent(std::move(event));
    };
    absl::StatusOr<kv::Version> version =
        co_await ChangeRow(parts_, ref_, stored_.found.key, std::move(change));
    // Then it is not asked for anew. Both names stay: another stream may have made the row
    // meanwhile, and the bytes are to be found under the name that it has.
    if (journal::IsSurelyNotCommitted(version.status())) {
      (void)::link(path_.c_str(), part_.c_str());
    }
    CO_RETURN_IF_ERROR(version.status());
    done.commit_number = *version;
    done.stored_at = parts_.clock.Now();
    co_return done;
  }

 private:
  // Checks what came, outside and inside, and gives it its name.
  absl::Status TakeName() {
    ASSIGN_OR_RETURN(const RawDigest raw, DigestRaw(part_));
    if (raw.sha256 != stored_.found.row.transfer_sha256()) return Drop();
    // On disk before the commit says that it is there. A sync that failed may seem to succeed when
    // it is asked again, so what it was asked for has to come anew.
    const int error = parts_.sync_file(part_);
    if (error == EMFILE || error == ENFILE) {
      return absl::UnavailableError("too many files are open");
    }
    if (error != 0) {
      std::remove(part_.c_str());
      return FileError(absl::StatusCode::kInternal,
                       "a file could not be synced; it has to come again");
    }
    if (std::rename(part_.c_str(), path_.c_str()) != 0 || files::SyncFolderOf(path_) != 0) {
      return FileError(absl::StatusCode::kInternal, "a file could not be given its name");
    }
    std::remove(part_.c_str());  // Still there when both names were of one file.
    std::optional<crypto::SecretKey> file_key =
        crypto::SecretKey::FromBytes(stored_.personal.file_key());
    if (!file_key) return Drop();
    absl::StatusOr<std::unique_ptr<crypto::SealedFileReader>> reader =
        crypto::SealedFileReader::Open(path_, *std::move(file_key), FileContext(stored_.found.key));
    // A disk that cannot be read, or too many open files, say nothing of what came.
    if (!reader.ok() && !absl::IsDataLoss(reader.status())) return reader.status();
    if (!reader.ok() || (*reader)->size() != static_cast<uint64_t>(stored_.file.size_bytes())) {
      return Drop();
    }
    crypto::Sha256 digest;
    uint64_t offset = 0;
    while (offset < (*reader)->size()) {
      absl::StatusOr<std::string> piece = (*reader)->Read(offset, kFilePiece);
      if (!piece.ok()) return absl::IsDataLoss(piece.status()) ? Drop() : piece.status();
      digest.Update(*piece);
      offset += piece->size();
    }
    return digest.Finish() == stored_.file.sha256() ? absl::OkStatus() : Drop();
  }

  absl::Status Drop() {
    std::remove(part_.c_str());
    std::remove(path_.c_str());
    return Refuse(absl::StatusCode::kDataLoss, "FILE_DIGEST_MISMATCH",
                  "what arrived is not what was announced");
  }

  const AppParts& parts_;
  const ReferralRef ref_;
  const StoredFile stored_;
  const std::string path_;
  const std::string part_;
  int64_t received_ = 0;
  int64_t resume_ = 0;
};

}  // namespace

Answer<std::unique_ptr<FileReception>> ReferralFiles::Receive(std::string peer,
                                                              FileOpening opening) {
  absl::StatusOr<ReferralId> id = ReferralId::Parse(opening.referral_id, "referral_id");
  CO_RETURN_IF_ERROR(id.status());
  absl::StatusOr<RandomId> file = RandomId::Parse(opening.evidence_id, "evidence_id");
  CO_RETURN_IF_ERROR(file.status());
  for (Side side : {Side::kDestination, Side::kHome}) {
    const ReferralRef ref{side, *id};
    absl::StatusOr<std::optional<LoadedReferral>> loaded = co_await LoadReferral(parts_, ref);
    CO_RETURN_IF_ERROR(loaded.status());
    if (!loaded->has_value() || (*loaded)->peer() != peer) continue;
    absl::StatusOr<std::optional<StoredFile>> stored = co_await FindFile(parts_, **loaded, *file);
    CO_RETURN_IF_ERROR(stored.status());
    if (!stored->has_value() || (*stored)->found.row.outgoing()) continue;
    const rows::ReceivedFileRecord& row = (*stored)->found.row;
    if (row.transfer_sha256() != opening.transfer_sha256 ||
        row.transfer_bytes() != opening.transfer_bytes) {
      co_return Refuse(absl::StatusCode::kInvalidArgument, "FILE_SIZE_MISMATCH",
                       "the notice announced another file");
    }
    auto reception = std::make_unique<Reception>(parts_, ref, **std::move(stored));
    if (reception->missing_bytes() > 0) {
      CO_RETURN_IF_ERROR(parts_.files_floor.Check(reception->missing_bytes()));
    }
    co_return std::unique_ptr<FileReception>(std::move(reception));
  }
  co_return NotFound("file");
}

Answer<Effect> TakeNotice(InboundMessage& in) {
  const exchange::v1::EvidenceNotice& notice = in.message.evidence_notice();
  absl::StatusOr<ReferralId> id = ReferralId::Parse(notice.referral_id(), "referral_id");
  absl::StatusOr<RandomId> file = RandomId::Parse(notice.file().evidence_id(), "evidence_id");
  if (!id.ok() || !file.ok() || notice.file_key().size() != crypto::SecretKey::kSize ||
      notice.transfer_sha256().size() != 32 || notice.transfer_bytes() < 1 ||
      notice.file().sha256().size() != 32 || notice.file().size_bytes() < 1 ||
      notice.file().size_bytes() > kMaxFileBytes || notice.transfer_bytes() > 2 * kMaxFileBytes) {
    co_return Effect::Refused("MALFORMED");
  }
  // What a disclosure brought comes from home.
  const Side side = notice.disclosure_number() > 0 ? Side::kDestination : Side::kHome;
  const ReferralRef ref{side, *id};
  absl::StatusOr<std::optional<LoadedReferral>> loaded = co_await LoadReferral(in.parts, ref);
  CO_RETURN_IF_ERROR(loaded.status());
  if (!loaded->has_value()) co_return Effect::Refused("UNKNOWN_REFERRAL");
  if ((*loaded)->peer() != in.peer) co_return Effect::Refused("WRONG_SIDE");
  const FileKey key{ref, *file};
  FileKey wanted = key;
  auto known = co_await in.parts.repository.Find(std::move(wanted));
  CO_RETURN_IF_ERROR(known.status());
  if (known->has_value()) co_return Effect::Duplicate();
  ReferralEdit edit(in.parts, **std::move(loaded));
  rows::ReceivedFilePersonal personal;
  personal.set_file(notice.file().SerializeAsString());
  personal.set_file_key(notice.file_key());
  rows::ReceivedFileRecord row;
  row.set_disclosure_number(notice.disclosure_number());
  row.set_added_by(static_cast<v1::Side>(OtherSide(side)));
  row.set_state(v1::FILE_STATE_EXPECTED);
  row.set_size_bytes(notice.file().size_bytes());
  row.set_transfer_bytes(notice.transfer_bytes());
  row.set_transfer_sha256(notice.transfer_sha256());
  row.set_announced_at_micros(ToMicros(in.parts.clock.Now()));
  SealFileRow(in.parts, edit.now(), personal, key, row);
  edit.record().set_file_count(edit.record().file_count() + 1);
  v1::Event event;
  event.mutable_file()->set_evidence_id(file->ToString());
  event.mutable_file()->set_added_by(row.added_by());
  edit.AddEvent(std::move(event));
  CO_RETURN_IF_ERROR(edit.Stage(in.changes));
  in.parts.repository.Put(in.changes, key, row);
  co_return Effect::Accepted();
}

}  // namespace redress::referral
