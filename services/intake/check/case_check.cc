#include "services/intake/check/case_check.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "services/intake/app/evidence_files.h"
#include "services/intake/check/ledger_check.h"
#include "services/intake/check/member_check.h"
#include "services/intake/storage/control_fields.h"
#include "services/intake/storage/index_rows.h"
#include "services/intake/storage/keys.h"
#include "services/intake/storage/wire.h"
#include "services/platform/crypto/file_cipher.h"
#include "services/platform/kv/key_codec.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

template <class T>
std::set<std::string> TextsOf(const std::vector<T>& ids) {
  std::set<std::string> texts;
  for (const T& id : ids) {
    if constexpr (std::is_same_v<T, std::string>) {
      texts.insert(id);
    } else {
      texts.insert(id.ToString());
    }
  }
  return texts;
}

}  // namespace

CaseCheck::CaseCheck(kv::Store& store, check::StoreRows& rows, const CheckOptions& options,
                     check::Report& report)
    : rows_(rows),
      options_(options),
      report_(report),
      case_keys_(rows, keys::kCaseKeyTable, "case-key", report),
      complaints_(rows, keys::kComplaintTable, "complaint", report),
      narratives_(rows, keys::kNarrativeTable, "narrative", report),
      history_(rows, keys::kHistoryTable, "history", report),
      members_(rows, keys::kMemberTable, "member", report),
      member_ids_(rows, keys::kMemberIdsTable, "member-ids", report),
      money_(rows, keys::kMoneyTable, "money", report),
      evidence_(rows, keys::kEvidenceTable, "evidence", report),
      disclosures_(rows, keys::kDisclosureTable, "disclosure", report),
      approvals_(rows, keys::kApprovalTable, "approval", report),
      money_by_id_(rows, keys::kMoneyByIdTable, "money-by-id", report),
      evidence_by_id_(rows, keys::kEvidenceByIdTable, "evidence-by-id", report),
      lists_(rows, keys::kListTable, "list", report),
      similar_(rows, keys::kSimilarTable, "similar", report) {
  if (options.wrapping_key == nullptr) return;
  sealed_ = std::make_unique<SealedCheck>(store, rows, options, report);
}

std::array<check::CaseRows*, 10> CaseCheck::Tables() {
  return {&case_keys_,  &complaints_, &narratives_, &history_,     &members_,
          &member_ids_, &money_,      &evidence_,   &disclosures_, &approvals_};
}

absl::Status CaseCheck::Start() {
  for (check::CaseRows* table : Tables()) RETURN_IF_ERROR(table->Start());
  return absl::OkStatus();
}

absl::Status CaseCheck::Skip(std::string_view case_part) {
  for (check::CaseRows* table : Tables()) {
    RETURN_IF_ERROR(table->OfCase(case_part, [](const kv::Entry&) {}));
  }
  return absl::OkStatus();
}

absl::Status CaseCheck::Take(const kv::Entry& entry) {
  report_.Looked(kCase);
  CaseHead head;
  const std::string key = kv::DebugPrintKey(entry.key);
  const std::string_view case_part = std::string_view(entry.key).substr(1);
  if (!report_.Holds(wire::Reader::Decode(entry.value, head), kCase, key)) return Skip(case_part);
  const std::string number = head.case_number.ToString();
  if (entry.key != keys::OfCase(keys::kCaseTable, head.case_number)) {
    report_.Differs(kCase, key, fmt::format("holds case {}", number));
    return Skip(case_part);
  }
  if (!CaseNumber::Parse(number, "case_number").ok()) {
    report_.Differs(kCase, key, "is no case number");
  }
  RETURN_IF_ERROR(CheckRows(head, case_part));
  if (sealed_ != nullptr) sealed_->Check(head);
  return CheckLists(head, entry.version);
}

absl::Status CaseCheck::CheckRows(const CaseHead& head, std::string_view case_part) {
  RETURN_IF_ERROR(CheckFiled(head, case_part));
  RETURN_IF_ERROR(CheckHistory(head, case_part));
  RETURN_IF_ERROR(CheckMembersAndMoney(head, case_part));
  RETURN_IF_ERROR(CheckEvidence(head, case_part));
  RETURN_IF_ERROR(CheckDisclosures(head, case_part));
  return CheckApprovals(head, case_part);
}

absl::Status CaseCheck::CheckFiled(const CaseHead& head, std::string_view case_part) {
  size_t case_keys = 0;
  size_t complaints = 0;
  RETURN_IF_ERROR(case_keys_.OfCase(case_part, [&](const kv::Entry&) { ++case_keys; }));
  RETURN_IF_ERROR(complaints_.OfCase(case_part, [&](const kv::Entry&) { ++complaints; }));
  RETURN_IF_ERROR(narratives_.OfCase(case_part, [](const kv::Entry&) {}));
  const std::string subject = head.case_number.ToString();
  if (case_keys != 1) report_.Differs(case_keys_.name(), subject, "the key of the case is missing");
  if (complaints != 1) report_.Differs(complaints_.name(), subject, "what was filed is missing");
  return absl::OkStatus();
}

absl::Status CaseCheck::CheckHistory(const CaseHead& head, std::string_view case_part) {
  const std::string subject = head.case_number.ToString();
  uint32_t last = 0;
  uint32_t amendments = 0;
  CaseState state = CaseState::kFiled;
  RETURN_IF_ERROR(history_.OfCase(case_part, [&](const kv::Entry& entry) {
    Sealed<HistoryRow> record;
    const std::string key = kv::DebugPrintKey(entry.key);
    if (!report_.Holds(wire::Reader::Decode(entry.value, record), history_.name(), key)) return;
    if (record.row.number != last + 1 ||
        entry.key != keys::OfCase(keys::kHistoryTable, head.case_number, record.row.number)) {
      report_.Differs(history_.name(), key, fmt::format("follows number {}", last));
    }
    last = record.row.number;
    state = record.row.state;
    amendments = std::max(amendments, record.row.amendment_number);
  }));
  if (last != head.history_count) {
    report_.Differs(
        history_.name(), subject,
        fmt::format("the case keeps {} lines, and the last is {}", head.history_count, last));
  }
  if (amendments != head.amendment_count) {
    report_.Differs(history_.name(), subject,
                    fmt::format("the case keeps {} amendments, and the last is {}",
                                head.amendment_count, amendments));
  }
  if (state != head.state) {
    report_.Differs(history_.name(), subject,
                    "its last line leads to another state than the case's");
  }
  return absl::OkStatus();
}

absl::Status CaseCheck::CheckMembersAndMoney(const CaseHead& head, std::string_view case_part) {
  const Date day = std::max(DateOf(options_.now), DateOf(head.updated_at));
  MemberCheck members(head, day, report_);
  LedgerCheck ledger(head, rows_, money_by_id_, report_);
  RETURN_IF_ERROR(
      members_.OfCase(case_part, [&](const kv::Entry& entry) { members.TakeMember(entry); }));
  RETURN_IF_ERROR(
      member_ids_.OfCase(case_part, [&](const kv::Entry& entry) { members.TakeIds(entry); }));
  RETURN_IF_ERROR(money_.OfCase(case_part, [&](const kv::Entry& entry) { ledger.Take(entry); }));
  members.Finish();
  RETURN_IF_ERROR(ledger.Finish(members.totals()));
  return CheckSimilar(head, members.similarity_keys());
}

absl::Status CaseCheck::CheckEvidence(const CaseHead& head, std::string_view case_part) {
  std::vector<EvidenceRow> found;
  RETURN_IF_ERROR(evidence_.OfCase(case_part, [&](const kv::Entry& entry) {
    Sealed<EvidenceRow> record;
    const std::string key = kv::DebugPrintKey(entry.key);
    if (!report_.Holds(wire::Reader::Decode(entry.value, record), evidence_.name(), key)) return;
    if (record.row.number != found.size() + 1 ||
        entry.key != keys::OfCase(keys::kEvidenceTable, head.case_number, record.row.number)) {
      report_.Differs(evidence_.name(), key, fmt::format("follows number {}", found.size()));
    }
    found.push_back(std::move(record.row));
  }));
  const std::string subject = head.case_number.ToString();
  if (found.size() != head.evidence_count) {
    report_.Differs(evidence_.name(), subject,
                    fmt::format("the case keeps {} files, and there are {}", head.evidence_count,
                                found.size()));
  }
  for (const EvidenceRow& row : found) {
    const EvidenceIndex index{head.case_number, row.number};
    RETURN_IF_ERROR(evidence_by_id_.Expect(
        {keys::EvidenceById(row.evidence_id), wire::Writer::Encode(index), std::nullopt, subject}));
    CheckFile(head, row);
  }
  return absl::OkStatus();
}

void CaseCheck::CheckFile(const CaseHead& head, const EvidenceRow& row) {
  if (options_.files.empty()) return;
  const std::string subject =
      fmt::format("{} file {}", head.case_number.ToString(), row.evidence_id.ToString());
  std::error_code error;
  const uint64_t size =
      std::filesystem::file_size(EvidencePath(options_.files, row.evidence_id), error);
  const crypto::FileLayout layout{crypto::FileLayout::kMaxChunkSize,
                                  static_cast<uint64_t>(row.size_bytes)};
  if (error) {
    report_.Differs(evidence_.name(), subject, "its file is not beside the store");
  } else if (size != layout.stored_size()) {
    report_.Differs(
        evidence_.name(), subject,
        fmt::format("its file has {} bytes, and should have {}", size, layout.stored_size()));
  }
}

absl::Status CaseCheck::CheckDisclosures(const CaseHead& head, std::string_view case_part) {
  std::set<std::string> open;
  RETURN_IF_ERROR(disclosures_.OfCase(case_part, [&](const kv::Entry& entry) {
    DisclosureRow row;
    const std::string key = kv::DebugPrintKey(entry.key);
    if (!report_.Holds(wire::Reader::Decode(entry.value, row), disclosures_.name(), key)) return;
    const absl::StatusOr<ReferralId> id = ReferralId::Parse(row.referral_id, "referral_id");
    if (!id.ok() || entry.key != keys::Disclosure(*id)) {
      report_.Differs(disclosures_.name(), key, "is that of another referral");
    }
    if (!row.settled_at.has_value()) open.insert(row.referral_id);
  }));
  if (open != TextsOf(head.open_referral_ids)) {
    report_.Differs(disclosures_.name(), head.case_number.ToString(),
                    fmt::format("the case keeps {} open disclosures, and there are {}",
                                head.open_referral_ids.size(), open.size()));
  }
  return absl::OkStatus();
}

absl::Status CaseCheck::CheckApprovals(const CaseHead& head, std::string_view case_part) {
  std::set<std::string> open;
  RETURN_IF_ERROR(approvals_.OfCase(case_part, [&](const kv::Entry& entry) {
    Sealed<ApprovalRow> record;
    const std::string key = kv::DebugPrintKey(entry.key);
    if (!report_.Holds(wire::Reader::Decode(entry.value, record), approvals_.name(), key)) return;
    const Approval& approval = record.row.approval;
    if (entry.key != keys::Approval(head.case_number, approval.approval_id)) {
      report_.Differs(approvals_.name(), key, "is another approval");
    }
    if (approval.decision == ApprovalDecision::kPending) {
      open.insert(approval.approval_id.ToString());
    }
  }));
  if (open != TextsOf(head.open_approval_ids)) {
    report_.Differs(approvals_.name(), head.case_number.ToString(),
                    fmt::format("the case keeps {} open approvals, and there are {}",
                                head.open_approval_ids.size(), open.size()));
  }
  return absl::OkStatus();
}

absl::Status CaseCheck::CheckLists(const CaseHead& head, kv::Version version) {
  const std::string row = wire::Writer::Encode(ListRowOf(head));
  for (std::string& key : ListKeysOf(head)) {
    RETURN_IF_ERROR(lists_.Expect({std::move(key), row, version, head.case_number.ToString()}));
  }
  return absl::OkStatus();
}

absl::Status CaseCheck::CheckSimilar(const CaseHead& head, std::set<uint64_t> keys) {
  keys.insert(head.similarity_keys.begin(), head.similarity_keys.end());
  for (const uint64_t key : keys) {
    RETURN_IF_ERROR(similar_.Expect({keys::Similar(key, head.case_number), std::string(),
                                     std::nullopt, head.case_number.ToString()}));
  }
  return absl::OkStatus();
}

absl::Status CaseCheck::Finish() {
  for (check::CaseRows* table : {&case_keys_, &complaints_, &narratives_, &history_, &members_,
                                 &member_ids_, &money_, &evidence_, &disclosures_, &approvals_}) {
    RETURN_IF_ERROR(table->Finish());
  }
  return FinishIndexes();
}

}  // namespace redress::intake
