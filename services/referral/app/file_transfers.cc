// Files on their way out: fetched from intake, announced, handed over.
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "services/platform/crypto/sealed_file.h"
#include "services/platform/status/fault_point.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/file_rows.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/referral_files.h"
#include "services/referral/app/verb_runner.h"

namespace redress::referral {
namespace {

// Brings a file that a disclosure lets out from intake into a file of this service.
Answer<bool> Fetch(const AppParts& parts, const LoadedReferral& loaded, const StoredFile& stored) {
  CO_RETURN_IF_ERROR(parts.files_floor.Check(static_cast<uint64_t>(stored.file.size_bytes())));
  const FileKey key = stored.found.key;
  crypto::SecretKey file_key = crypto::SecretKey::Generate(parts.random);
  const std::string name = NewFileName(parts, key);
  absl::StatusOr<std::unique_ptr<crypto::SealedFileWriter>> writer =
      crypto::SealedFileWriter::Create(FilePath(parts, name), file_key.Clone(), FileContext(key),
                                       parts.random, kFileChunk);
  CO_RETURN_IF_ERROR(writer.status());
  // The next try begins anew, and is to find the room that this one took.
  absl::Cleanup discard = [to = writer->get()] { to->Discard(); };
  absl::StatusOr<std::unique_ptr<ByteSource>> source = co_await parts.intake.FetchEvidence(
      loaded.record.case_number(), key.file.ToString(), loaded.record.referral_id());
  CO_RETURN_IF_ERROR(source.status());
  while (true) {
    absl::StatusOr<std::string> piece = co_await (*source)->Next();
    CO_RETURN_IF_ERROR(piece.status());
    if (piece->empty()) break;
    const absl::Status appended = co_await AppendPiece(parts, **writer, *std::move(piece));
    CO_RETURN_IF_ERROR(appended);
  }
  if ((*writer)->Digest() != stored.file.sha256()) {
    co_return absl::DataLossError("intake gave other bytes than it announced");
  }
  crypto::SealedFileWriter* to = writer->get();
  auto finish = [to] { return to->Finish(); };
  absl::Status finished = co_await parts.files_pool.Run(parts.executor, std::move(finish));
  CO_RETURN_IF_ERROR(finished);
  std::move(discard).Cancel();
  REDRESS_FAULT_POINT("file.fetched");
  const std::string key_bytes(file_key.view());
  std::function<void(ReferralEdit&, StoredFile&)> change = [name, key_bytes](ReferralEdit& edit,
                                                                             StoredFile& file) {
    file.personal.set_file_key(key_bytes);
    file.personal.set_path(name);
    file.found.row.set_state(v1::FILE_STATE_WHOLE);
    file.found.row.set_whole_at_micros(ToMicros(edit.parts().clock.Now()));
  };
  absl::StatusOr<kv::Version> changed =
      co_await ChangeRow(parts, loaded.ref, key, std::move(change));
  CO_RETURN_IF_ERROR(changed.status());
  co_return true;
}

Answer<bool> Announce(const AppParts& parts, const LoadedReferral& loaded,
                      const StoredFile& stored) {
  const std::string path = FilePath(parts, stored.personal.path());
  auto digest = [path] { return DigestRaw(path); };
  absl::StatusOr<RawDigest> raw = co_await parts.files_pool.Run(parts.executor, std::move(digest));
  CO_RETURN_IF_ERROR(raw.status());
  std::function<void(ReferralEdit&, StoredFile&)> change = [raw = *raw](ReferralEdit& edit,
                                                                        StoredFile& file) {
    file.found.row.set_transfer_sha256(raw.sha256);
    file.found.row.set_transfer_bytes(raw.bytes);
    OutgoingMessage message;
    exchange::v1::EvidenceNotice* notice = message.message.mutable_evidence_notice();
    notice->set_referral_id(edit.now().record.referral_id());
    *notice->mutable_file() = file.file;
    notice->set_file_key(file.personal.file_key());
    notice->set_transfer_sha256(raw.sha256);
    notice->set_transfer_bytes(raw.bytes);
    notice->set_disclosure_number(file.found.row.disclosure_number());
    edit.Send(std::move(message));
  };
  absl::StatusOr<kv::Version> changed =
      co_await ChangeRow(parts, loaded.ref, stored.found.key, std::move(change));
  CO_RETURN_IF_ERROR(changed.status());
  co_return true;
}

// NOT_FOUND while the notice is on its way.
Answer<bool> HandOver(const AppParts& parts, PeerPort& peers, const LoadedReferral& loaded,
                      const StoredFile& stored, async::CancellationToken cancellation) {
  const rows::ReceivedFileRecord& row = stored.found.row;
  FileOpening opening{loaded.record.referral_id(), stored.found.key.file.ToString(),
                      row.transfer_sha256(), row.transfer_bytes()};
  absl::StatusOr<std::unique_ptr<FileStream>> stream =
      co_await peers.OpenTransfer(loaded.peer(), std::move(opening), cancellation);
  CO_RETURN_IF_ERROR(stream.status());
  const std::string path = FilePath(parts, stored.personal.path());
  int64_t offset = (*stream)->resume_offset();
  while (offset < row.transfer_bytes()) {
    auto read = [path, offset] { return ReadRaw(path, offset, kFilePiece); };
    absl::StatusOr<std::string> piece =
        co_await parts.files_pool.Run(parts.executor, std::move(read));
    CO_RETURN_IF_ERROR(piece.status());
    if (piece->empty()) co_return absl::DataLossError("a file is shorter than it was");
    const int64_t at = offset;
    offset += static_cast<int64_t>(piece->size());
    const bool sent = co_await (*stream)->Send(at, *std::move(piece));
    if (!sent) break;
    REDRESS_FAULT_POINT("file.after_send_piece");
  }
  absl::StatusOr<FileStored> finished = co_await (*stream)->Finish();
  CO_RETURN_IF_ERROR(finished.status());
  REDRESS_FAULT_POINT("file.before_receipt_kept");
  std::function<void(ReferralEdit&, StoredFile&)> change = [](ReferralEdit&, StoredFile& file) {
    file.found.row.set_transferred(true);
  };
  absl::StatusOr<kv::Version> changed =
      co_await ChangeRow(parts, loaded.ref, stored.found.key, std::move(change));
  CO_RETURN_IF_ERROR(changed.status());
  co_return true;
}

bool GoNowhereAnyMore(ReferralState state) {
  return state == ReferralState::kRecalled || state == ReferralState::kDeclined ||
         state == ReferralState::kTransferred;
}

// A refusal of intake's may be another tomorrow, but not once the referral has ended: what consent
// does not reach then stays at home, and keeps the disclosure open no longer.
bool StaysAtHome(const absl::Status& fetched, ReferralState state) {
  return IsEnded(state) && (absl::IsNotFound(fetched) || absl::IsFailedPrecondition(fetched));
}

// One step of one file. False when nothing is left to do for it.
Answer<bool> Step(const AppParts& parts, PeerPort& peers, WorkKey work,
                  async::CancellationToken cancellation) {
  absl::StatusOr<std::optional<LoadedReferral>> loaded = co_await LoadReferral(parts, work.ref);
  CO_RETURN_IF_ERROR(loaded.status());
  if (!loaded->has_value()) co_return false;
  absl::StatusOr<std::optional<StoredFile>> stored =
      co_await FindFile(parts, **loaded, RandomId::FromTrusted(work.item));
  CO_RETURN_IF_ERROR(stored.status());
  if (!stored->has_value()) co_return false;
  const rows::ReceivedFileRecord& row = (*stored)->found.row;
  const ReferralState state = (*loaded)->folded.state;
  if (!row.outgoing() || row.transferred() || GoNowhereAnyMore(state)) co_return false;
  if ((*stored)->personal.path().empty()) {
    absl::StatusOr<bool> fetched = co_await Fetch(parts, **loaded, **stored);
    if (StaysAtHome(fetched.status(), state)) {
      parts.work_changed.Notify();  // Its disclosure may be settled now.
      co_return false;
    }
    co_return fetched;
  }
  if (row.transfer_sha256().empty()) co_return co_await Announce(parts, **loaded, **stored);
  co_return co_await HandOver(parts, peers, **loaded, **stored, cancellation);
}

}  // namespace

Answer<bool> WaitsForFiles(const AppParts& parts, const LoadedReferral& loaded) {
  if (loaded.record.file_count() == 0 || GoNowhereAnyMore(loaded.folded.state)) co_return false;
  RowRange range{.of = RowRange::Of::kFiles, .ref = loaded.ref};
  auto files = co_await parts.repository.ScanAll<FileKey>(std::move(range));
  CO_RETURN_IF_ERROR(files.status());
  for (const Found<FileKey>& file : *files) {
    if (!file.row.outgoing() || file.row.state() == v1::FILE_STATE_WHOLE) continue;
    WorkKey work{WorkKind::kFile, loaded.ref, file.key.file.ToString()};
    auto left = co_await parts.repository.Find(std::move(work));
    CO_RETURN_IF_ERROR(left.status());
    if (left->has_value()) co_return true;
  }
  co_return false;
}

Answer<int> RunFileTransfersOnce(const AppParts& parts, PeerPort& peers,
                                 async::CancellationToken cancellation) {
  RowRange range{.of = RowRange::Of::kWork, .work = WorkKind::kFile};
  auto work = co_await parts.repository.ScanAll<WorkKey>(std::move(range));
  CO_RETURN_IF_ERROR(work.status());
  int done = 0;
  absl::Status failed;
  for (const Found<WorkKey>& one : *work) {
    if (cancellation.IsCancelled()) break;
    WorkKey key = one.key;
    absl::StatusOr<bool> stepped = co_await Step(parts, peers, std::move(key), cancellation);
    // One file that cannot move holds up no other.
    if (!stepped.ok()) {
      failed = stepped.status();
      continue;
    }
    ++done;
    if (*stepped) continue;
    journal::ChangeSet changes;
    parts.repository.Delete(changes, one.key);
    absl::StatusOr<journal::Committed> committed =
        co_await CommitChanges(parts, std::move(changes));
    CO_RETURN_IF_ERROR(committed.status());
  }
  if (done == 0) CO_RETURN_IF_ERROR(failed);
  co_return done;
}

async::Task<void> RunFileTransfers(const AppParts& parts, PeerPort& peers,
                                   async::CancellationToken cancellation) {
  while (!cancellation.IsCancelled()) {
    const uint64_t seen = parts.work_changed.count();
    absl::StatusOr<int> done = co_await RunFileTransfersOnce(parts, peers, cancellation);
    if (done.ok() && *done > 0) continue;
    co_await AwaitWork(parts, seen, done.ok(), cancellation);
  }
}

}  // namespace redress::referral
