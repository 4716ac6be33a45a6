#ifndef REDRESS_SERVICES_STATUS_STORAGE_ROW_CODEC_H_
#define REDRESS_SERVICES_STATUS_STORAGE_ROW_CODEC_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/status/app/read_model.h"

namespace redress::status {

// Rows to bytes and back. The bytes are messages of redress/status/storage/v1; Decode gives
// DATA_LOSS, naming the row's kind and never its content, for bytes that are no such message.

std::string EncodeCase(const CaseRow& row);
absl::StatusOr<CaseRow> DecodeCase(std::string_view case_number, std::string_view bytes);

std::string EncodeHomeStatus(const HomeStatus& kept);
// The statuses are not looked into.
absl::StatusOr<HomeStatus> DecodeHomeStatus(std::string_view bytes);

std::string EncodeMember(const MemberRow& member);
absl::StatusOr<MemberRow> DecodeMember(std::string_view member_id, std::string_view bytes);

// An entry of the ledger, of which the kind is kept.
std::string EncodePosted(const std::string& kind);
absl::StatusOr<std::string> DecodePosted(std::string_view bytes);

std::string EncodeTracked(const TrackedMember& tracked);
absl::StatusOr<TrackedMember> DecodeTracked(std::string_view bytes);

std::string EncodeList(const ListRow& row);
// The summary is not looked into, and keeps the memory of `bytes`.
absl::StatusOr<ListRow> DecodeList(std::string bytes);

std::string EncodeEntry(const TimelineEntry& entry);
absl::StatusOr<TimelineEntry> DecodeEntry(const TimelinePlace& place, std::string_view bytes);

std::string EncodeCell(const Cell& cell);
absl::StatusOr<Cell> DecodeCell(std::string_view bytes);

std::string EncodeChange(const Change& change);
absl::StatusOr<Change> DecodeChange(uint64_t number, std::string_view bytes);

std::string EncodeCursor(const Cursor& cursor);
absl::StatusOr<Cursor> DecodeCursor(std::string_view bytes);

std::string EncodeStage(BuildStage stage);
absl::StatusOr<BuildStage> DecodeStage(std::string_view bytes);

std::string EncodeBody(const BodyChange& body);
absl::StatusOr<BodyChange> DecodeBody(std::string_view body_id, std::string_view bytes);
std::string EncodeLink(const LinkChange& link);
absl::StatusOr<LinkChange> DecodeLink(std::string_view peer, std::string_view bytes);
std::string EncodePosting(const PostingChange& posting);
absl::StatusOr<PostingChange> DecodePosting(std::string_view posting_id, std::string_view bytes);
std::string EncodeAgreement(const AgreementChange& agreement);
absl::StatusOr<AgreementChange> DecodeAgreement(std::string_view agreement_id,
                                                std::string_view bytes);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_STORAGE_ROW_CODEC_H_
