// DownloadEvidence and ListEvidence.

#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "services/intake/app/case_reader.h"
#include "services/intake/app/disclosure_verbs.h"
#include "services/intake/app/evidence_files.h"
#include "services/intake/app/evidence_verbs.h"
#include "services/intake/domain/disclosure.h"
#include "services/platform/status/disk_error.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

class Download final : public EvidenceDownload {
 public:
  Download(const AppContext& context, EvidenceRow file, uint64_t offset)
      : context_(context), file_(std::move(file)), offset_(offset) {}

  async::Task<absl::Status> Open(CaseNumber number, CaseKeyPtr key) {
    auto open = [key = std::move(key), id = file_.evidence_id,
                 path = EvidencePath(context_.files_directory, file_.evidence_id),
                 bound = EvidenceCipherContext(number, file_.evidence_id)] {
      return crypto::SealedFileReader::Open(path, key->ForFile(id.ToString()), bound);
    };
    absl::StatusOr<std::unique_ptr<crypto::SealedFileReader>> reader =
        co_await context_.file_pool.Run(context_.executor, std::move(open));
    // The row says that the file is whole, so that its absence is damage and not a wrong name.
    if (absl::IsNotFound(reader.status())) {
      co_return FileError(absl::StatusCode::kDataLoss, "the stored bytes of the file are missing");
    }
    CO_RETURN_IF_ERROR(reader.status());
    reader_ = *std::move(reader);
    co_return absl::OkStatus();
  }

  const EvidenceView& file() const override { return file_; }

  async::Task<absl::StatusOr<std::string>> Next() override {
    if (offset_ >= static_cast<uint64_t>(file_.size_bytes)) co_return std::string();
    auto read = [reader = reader_, offset = offset_] {
      return reader->Read(offset, kMaxEvidenceChunk);
    };
    absl::StatusOr<std::string> bytes =
        co_await context_.file_pool.Run(context_.executor, std::move(read));
    if (bytes.ok()) offset_ += bytes->size();
    co_return bytes;
  }

 private:
  const AppContext& context_;
  EvidenceRow file_;
  uint64_t offset_;
  // Shared with the job that reads, should the caller go away meanwhile.
  std::shared_ptr<crypto::SealedFileReader> reader_;
};

bool LetsThrough(const EvidenceRow& file, const FieldGroupSet& groups) {
  return groups.Has(FieldGroup::kEvidenceFiles) &&
         (!file.sensitive || groups.Has(FieldGroup::kSensitiveNarrative));
}

// What this reader sees of those whom some files are of: members, and the case for the files that
// are of no member.
struct SeenOwners {
  std::map<MemberId, FieldView> members;
  std::optional<FieldView> of_case;
};

async::Task<absl::StatusOr<SeenOwners>> SeeOwners(const CaseReader& reader,
                                                  const std::vector<EvidenceRow>& files) {
  std::set<MemberId> ids;
  bool of_case = false;
  for (const EvidenceRow& file : files) {
    if (!file.member_id.empty()) ids.insert(file.member_id);
    of_case = of_case || file.member_id.empty();
  }
  SeenOwners seen;
  absl::StatusOr<std::map<MemberId, FieldView>> members =
      co_await reader.ViewsOfMembers(std::move(ids));
  CO_RETURN_IF_ERROR(members.status());
  seen.members = *std::move(members);
  // A worker or representative of a group gets the own files only.
  const bool own_only = reader.head().member_count > 1 && !CheckOwnMember(reader.caller(), "").ok();
  if (!of_case || own_only) co_return seen;
  CO_ASSIGN_OR_RETURN(seen.of_case, co_await reader.ViewOfHead());
  co_return seen;
}

bool MayRead(const SeenOwners& seen, const EvidenceRow& file) {
  if (file.member_id.empty()) return seen.of_case && LetsThrough(file, seen.of_case->groups);
  const auto member = seen.members.find(file.member_id);
  return member != seen.members.end() && LetsThrough(file, member->second.groups);
}

absl::Status NotShareable(const EvidenceRow& file) {
  return RefusePrecondition("EVIDENCE_NOT_SHAREABLE", "consent does not reach this file",
                            {{"evidence_id", file.evidence_id.ToString()}});
}

// For the node's referral service: what the open disclosure lets out, as consent stands now.
async::Task<absl::Status> CheckDisclosed(const AppContext& context, const CaseReader& reader,
                                         const EvidenceRow& file, ReferralId referral_id) {
  const absl::StatusOr<std::optional<DisclosureRow>> row =
      co_await context.cases.FindDisclosure(referral_id);
  CO_RETURN_IF_ERROR(row.status());
  if (!row->has_value() || referral_id.case_number() != reader.head().case_number ||
      (*row)->settled_at.has_value()) {
    co_return NotFound("disclosure");
  }
  const EvidenceFacts facts{file.shareable, file.sensitive};
  if (file.member_id.empty()) {
    co_return EvidenceAllowed(facts, (*row)->groups) ? absl::OkStatus() : NotShareable(file);
  }
  std::vector<MemberId> ids = {file.member_id};
  const absl::StatusOr<std::vector<std::optional<MemberRow>>> members =
      co_await context.cases.FindMembers(reader.head().case_number, reader.head().member_count,
                                         std::move(ids));
  CO_RETURN_IF_ERROR(members.status());
  if (!members->front().has_value()) co_return NotShareable(file);
  const absl::StatusOr<std::vector<ApprovalRow>> rows =
      co_await context.cases.ReadApprovals(reader.head().case_number, reader.key());
  CO_RETURN_IF_ERROR(rows.status());
  std::vector<Approval> approvals;
  for (const ApprovalRow& one : *rows) approvals.push_back(one.approval);
  const DisclosureRequest request{(*row)->receiver_body_id, (*row)->requested_member_ids,
                                  (*row)->requested_groups};
  const std::optional<FieldGroupSet> groups =
      DisclosedGroups(request, approvals, reader.today(), *members->front());
  const bool allowed = groups.has_value() && EvidenceAllowed(facts, *groups);
  co_return allowed ? absl::OkStatus() : NotShareable(file);
}

uint32_t ParseNumber(std::string_view cursor) {
  uint32_t number = 0;
  std::from_chars(cursor.data(), cursor.data() + cursor.size(), number);
  return number;
}

}  // namespace

async::Task<absl::StatusOr<std::unique_ptr<EvidenceDownload>>> EvidenceVerbs::StartDownload(
    Caller caller, CaseNumber case_number, RandomId evidence_id, int64_t offset,
    std::optional<ReferralId> referral_id) {
  const bool service = caller->HasRole(auth::Role::kService);
  const absl::StatusOr<CaseReader> reader =
      co_await CaseReader::Open(context_, std::move(caller), "DownloadEvidence", case_number);
  CO_RETURN_IF_ERROR(reader.status());
  absl::StatusOr<std::optional<EvidenceRow>> file =
      co_await context_.cases.FindEvidence(case_number, reader->key(), std::move(evidence_id));
  CO_RETURN_IF_ERROR(file.status());
  if (!file->has_value()) co_return NotFound("evidence file");
  if (service) {
    if (!referral_id.has_value()) co_return InvalidField("referral_id", "is required");
    const absl::Status disclosed =
        co_await CheckDisclosed(context_, *reader, **file, *std::move(referral_id));
    CO_RETURN_IF_ERROR(disclosed);
  } else {
    const std::vector<EvidenceRow> one = {**file};
    const absl::StatusOr<SeenOwners> seen = co_await SeeOwners(*reader, one);
    CO_RETURN_IF_ERROR(seen.status());
    if (!MayRead(*seen, **file)) co_return NotFound("evidence file");
  }
  if (offset < 0 || offset > (*file)->size_bytes) {
    co_return Refuse(absl::StatusCode::kOutOfRange, "FILE_OFFSET_MISMATCH",
                     fmt::format("offset {} of a file of {} bytes", offset, (*file)->size_bytes),
                     {{"expected_offset", "0"}});
  }
  (*file)->uploaded_by.subject.clear();
  auto download = std::make_unique<Download>(context_, **std::move(file), offset);
  const absl::Status opened = co_await download->Open(case_number, reader->key());
  CO_RETURN_IF_ERROR(opened);
  co_return std::unique_ptr<EvidenceDownload>(std::move(download));
}

async::Task<absl::StatusOr<EvidencePage>> EvidenceVerbs::ListEvidence(Caller caller,
                                                                      CaseNumber case_number,
                                                                      PageRequest page) {
  const std::string binding =
      crypto::PageTokens::Binding({"ListEvidence", caller->CallerKey(), case_number.ToString()});
  const bool service = caller->HasRole(auth::Role::kService);
  const absl::StatusOr<CaseReader> reader =
      co_await CaseReader::Open(context_, std::move(caller), "ListEvidence", case_number);
  CO_RETURN_IF_ERROR(reader.status());
  CO_ASSIGN_OR_RETURN(const std::string cursor, context_.page_tokens.Open(page.token, binding));
  absl::StatusOr<RowPage<EvidenceRow>> read = co_await context_.cases.ReadEvidence(
      case_number, reader->key(), ParseNumber(cursor), page.size);
  CO_RETURN_IF_ERROR(read.status());
  const absl::StatusOr<SeenOwners> seen = co_await SeeOwners(*reader, read->rows);
  CO_RETURN_IF_ERROR(seen.status());
  EvidencePage found;
  uint32_t last = 0;
  for (EvidenceRow& row : read->rows) {
    last = row.number;
    if (!MayRead(*seen, row) && !service) continue;
    row.uploaded_by.subject.clear();
    found.files.push_back(std::move(row));
  }
  if (last > 0 && last < reader->head().evidence_count) {
    found.next_page_token = context_.page_tokens.Seal(std::to_string(last), binding);
  }
  co_return found;
}

}  // namespace redress::intake
