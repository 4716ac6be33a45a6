// UploadEvidence, and what start-up removes of uploads that never ended.

#include <utility>

#include "fmt/format.h"
#include "services/intake/app/evidence_files.h"
#include "services/intake/app/evidence_verbs.h"
#include "services/intake/app/member_loading.h"
#include "services/intake/app/verb_call.h"
#include "services/intake/app/whole_reads.h"
#include "services/intake/domain/case_decisions.h"
#include "services/platform/crypto/encoding.h"
#include "services/platform/journal/commit.h"
#include "services/platform/status/fault_point.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

absl::Status SizeMismatch(int64_t declared, int64_t received) {
  return Refuse(
      absl::StatusCode::kInvalidArgument, "FILE_SIZE_MISMATCH",
      fmt::format("{} bytes were announced and {} came", declared, received),
      {{"declared_bytes", std::to_string(declared)}, {"received_bytes", std::to_string(received)}});
}

absl::Status DigestMismatch(std::string_view declared, std::string_view received) {
  return Refuse(
      absl::StatusCode::kDataLoss, "FILE_DIGEST_MISMATCH",
      "the bytes received have another SHA-256 than announced; send the file again",
      {{"declared", crypto::HexEncode(declared)}, {"received", crypto::HexEncode(received)}});
}

absl::Status CheckFile(const VerbCall& call, const EvidenceFile& file) {
  RETURN_IF_ERROR(CheckEvidenceSize(file.size_bytes));
  FieldViolations violations;
  ValidateEvidenceFile(file, "file", call.validation(), violations);
  return violations.ToStatus();
}

async::Task<void> DiscardLater(async::BlockingPool& pool, async::Executor& executor,
                               std::shared_ptr<EvidencePart> part) {
  auto discard = [part = std::move(part)] {
    part->Discard();
    return absl::OkStatus();
  };
  // A full or stopped pool leaves the part to the next start.
  (void)co_await pool.Run(executor, std::move(discard));
}

class Upload final : public EvidenceUpload {
 public:
  Upload(const AppContext& context, Caller caller, RequestMark mark, UploadCommand command)
      : context_(context),
        call_(context, "UploadEvidence", std::move(caller), std::move(mark)),
        command_(std::move(command)) {}

  ~Upload() override {
    if (part_ == nullptr || done_) return;
    async::Spawn(context_.executor, DiscardLater(context_.file_pool, context_.executor, part_));
  }

  // Everything that is known before the bytes come.
  async::Task<absl::Status> Start() {
    absl::StatusOr<std::optional<VerbAnswer>> answered = co_await call_.FindAnswer();
    CO_RETURN_IF_ERROR(answered.status());
    answered_ = *std::move(answered);
    if (answered_.has_value()) co_return absl::OkStatus();
    CO_RETURN_IF_ERROR(CheckFile(call_, command_.file));
    const absl::StatusOr<StoredCase> stored = co_await call_.LoadCase(command_.target);
    CO_RETURN_IF_ERROR(stored.status());
    std::string& member_id = command_.file.member_id;
    if (member_id.empty() && !CheckOwnMember(call_.caller(), "").ok()) {
      member_id = call_.caller().member_id;
    }
    std::vector<std::string> ids;
    if (!member_id.empty()) ids.push_back(member_id);
    const absl::StatusOr<std::vector<MemberRow>> rows =
        co_await LoadMembers(call_, stored->head, std::move(ids));
    CO_RETURN_IF_ERROR(rows.status());
    if (stored->head.evidence_count >= kMaxEvidenceFiles) {
      co_return RefusePrecondition("TOO_MANY_FILES", "the case has as many files as it may",
                                   {{"limit", std::to_string(kMaxEvidenceFiles)}});
    }
    absl::StatusOr<CaseKeyPtr> key = co_await context_.cases.KeyOf(command_.target.case_number);
    CO_RETURN_IF_ERROR(key.status());
    CO_RETURN_IF_ERROR(context_.files_floor.Check(static_cast<uint64_t>(command_.file.size_bytes)));
    evidence_id_ = NewRandomId(context_.random);
    co_return co_await CreatePart(*std::move(key));
  }

  const std::optional<VerbAnswer>& answered() const override { return answered_; }

  async::Task<absl::Status> Write(std::string chunk) override {
    if (chunk.empty() || chunk.size() > kMaxEvidenceChunk) {
      co_return InvalidField(
          "chunk", fmt::format("{} bytes; accepted are 1 to {}", chunk.size(), kMaxEvidenceChunk));
    }
    received_ += static_cast<int64_t>(chunk.size());
    if (received_ > command_.file.size_bytes) {
      co_return SizeMismatch(command_.file.size_bytes, received_);
    }
    auto append = [part = part_, &floor = context_.files_floor, chunk = std::move(chunk)] {
      const absl::Status room = floor.Check(chunk.size());
      return room.ok() ? part->Append(chunk) : room;
    };
    const absl::Status appended =
        co_await context_.file_pool.Run(context_.executor, std::move(append));
    REDRESS_FAULT_POINT("upload.after_piece");
    co_return appended;
  }

  async::Task<absl::StatusOr<VerbAnswer>> Finish() override {
    if (answered_.has_value()) co_return *answered_;
    if (received_ != command_.file.size_bytes) {
      co_return SizeMismatch(command_.file.size_bytes, received_);
    }
    auto digest = [part = part_] { return part->Digest(); };
    const absl::StatusOr<std::string> received =
        co_await context_.file_pool.Run(context_.executor, std::move(digest));
    CO_RETURN_IF_ERROR(received.status());
    if (*received != command_.file.sha256) {
      co_return DigestMismatch(command_.file.sha256, *received);
    }
    auto finish = [part = part_] { return part->Finish(); };
    const absl::Status finished =
        co_await context_.file_pool.Run(context_.executor, std::move(finish));
    CO_RETURN_IF_ERROR(finished);
    REDRESS_FAULT_POINT("upload.named");
    done_ = true;
    absl::StatusOr<VerbAnswer> answer = absl::AbortedError("not tried");
    for (int tries = 0; tries < kTriesWithoutEtag; ++tries) {
      answer = co_await MakeVisible();
      const bool overtaken = answer.status().code() == absl::StatusCode::kAborted;
      if (!overtaken || command_.target.version.has_value()) break;
    }
    // Whoever repeats the call sends the bytes again, to another file.
    const bool unused =
        answer.ok() ? answer->repeated : journal::IsSurelyNotCommitted(answer.status());
    if (unused) co_await RemoveUnused();
    co_return answer;
  }

 private:
  async::Task<absl::Status> CreatePart(CaseKeyPtr key) {
    part_ = std::make_shared<EvidencePart>();
    auto create = [part = part_, key = std::move(key), id = evidence_id_,
                   path = EvidencePath(context_.files_directory, evidence_id_),
                   bound = EvidenceCipherContext(command_.target.case_number, evidence_id_),
                   &random = context_.random] {
      return part->Create(path, key->ForFile(id.ToString()), bound, random);
    };
    absl::Status created = co_await context_.file_pool.Run(context_.executor, std::move(create));
    co_return created;
  }

  EvidenceRow Row(uint32_t number) const {
    const EvidenceFile& file = command_.file;
    EvidenceRow row;
    row.evidence_id = evidence_id_;
    row.number = number;
    row.kind = file.kind;
    row.size_bytes = file.size_bytes;
    row.member_id = MemberId::FromTrusted(file.member_id);
    row.shareable = file.shareable;
    row.sensitive = file.sensitive;
    row.uploaded_at = call_.now();
    row.uploaded_by = call_.actor();
    row.file_name = file.file_name;
    row.media_type = file.media_type;
    row.sha256 = file.sha256;
    row.description = file.description;
    row.original_at = file.original_at;
    return row;
  }

  // The bytes lie synced by now; this commit is what makes the file exist.
  async::Task<absl::StatusOr<VerbAnswer>> MakeVisible() {
    const CaseNumber number = command_.target.case_number;
    absl::StatusOr<StoredCase> stored = co_await call_.LoadCase(command_.target);
    CO_RETURN_IF_ERROR(stored.status());
    absl::StatusOr<CaseChange> change = co_await call_.Change(*std::move(stored));
    CO_RETURN_IF_ERROR(change.status());
    const absl::StatusOr<std::vector<EvidenceRow>> others =
        co_await AllEvidence(context_.cases, number, change->key);
    CO_RETURN_IF_ERROR(others.status());
    const EvidenceRow row = Row(++change->after.evidence_count);
    for (const EvidenceRow& other : *others) {
      if (other.sha256 != row.sha256) continue;
      change->answer.warnings.push_back(
          {"SAME_FILE_IN_CASE", "file", "A file of the same digest is in the case already."});
      break;
    }
    context_.cases.PutEvidence(change->changes, number, *change->key, row);
    change->answer.created_id = evidence_id_;
    change->events.push_back(
        EvidenceAdded{row.evidence_id, row.kind, row.size_bytes, row.member_id, row.shareable});
    co_return co_await call_.Commit(*std::move(change));
  }

  // The bytes of an upload that another try had made visible, or that were not committed.
  async::Task<void> RemoveUnused() {
    auto remove = [path = EvidencePath(context_.files_directory, evidence_id_)] {
      return RemoveFile(path);
    };
    (void)co_await context_.file_pool.Run(context_.executor, std::move(remove));
  }

  const AppContext& context_;
  VerbCall call_;
  UploadCommand command_;
  std::optional<VerbAnswer> answered_;
  RandomId evidence_id_;
  std::shared_ptr<EvidencePart> part_;
  int64_t received_ = 0;
  bool done_ = false;
};

}  // namespace

async::Task<absl::StatusOr<std::unique_ptr<EvidenceUpload>>> EvidenceVerbs::StartUpload(
    Caller caller, RequestMark mark, UploadCommand command) {
  auto upload =
      std::make_unique<Upload>(context_, std::move(caller), std::move(mark), std::move(command));
  const absl::Status started = co_await upload->Start();
  CO_RETURN_IF_ERROR(started);
  co_return std::unique_ptr<EvidenceUpload>(std::move(upload));
}

async::Task<absl::Status> EvidenceVerbs::RemoveOrphans() {
  auto remove_parts = [directory = context_.files_directory] { return RemoveParts(directory); };
  const absl::StatusOr<std::vector<std::string>> names =
      co_await context_.file_pool.Run(context_.executor, std::move(remove_parts));
  CO_RETURN_IF_ERROR(names.status());
  for (const std::string& name : *names) {
    const absl::StatusOr<RandomId> id = RandomId::Parse(name, "file");
    if (!id.ok()) continue;  // Not one of ours.
    const absl::StatusOr<bool> known = co_await context_.cases.HasEvidence(*id);
    CO_RETURN_IF_ERROR(known.status());
    if (*known) continue;
    REDRESS_FAULT_POINT("start.before_orphan_removed");
    auto remove = [path = EvidencePath(context_.files_directory, *id)] { return RemoveFile(path); };
    const absl::Status removed =
        co_await context_.file_pool.Run(context_.executor, std::move(remove));
    CO_RETURN_IF_ERROR(removed);
  }
  co_return absl::OkStatus();
}

}  // namespace redress::intake
