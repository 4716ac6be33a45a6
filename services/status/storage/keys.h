#ifndef REDRESS_SERVICES_STATUS_STORAGE_KEYS_H_
#define REDRESS_SERVICES_STATUS_STORAGE_KEYS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/status/app/read_model.h"

namespace redress::status {

// The key space of status' store. Table bytes, and the shapes behind them, are on disk and never
// change their meaning; values are messages of redress/status/storage/v1. Everything here can be
// made again from the event logs, so an incompatible change may as well ask for a rebuild.
//
//   0x00 – 0x0f  platform (services/platform/journal/keys.h); status writes no journal
//   0x10         build stage: 10. BuildRow
//   0x11         cursors: 11 ‖ Byte(log). CursorRow
//   0x12         cases: 12 ‖ String(case). CaseRow
//   0x13         members: 13 ‖ String(case) ‖ String(member). MemberRow
//   0x14         tracking codes: 14 ‖ String(digest). TrackingRow
//   0x15         lists: 15 ‖ scope ‖ Byte(filter) ‖ String(value) ‖ Byte(order) ‖ place. ListRow
//                  scope: Byte(kind) ‖ String(value)
//                  place: Time (descending for the last changed first) ‖ String(case)
//   0x16         timelines: 16 ‖ String(case) ‖ Time ‖ Byte(log) ‖ U64(event) ‖ Byte. TimelineRow
//   0x17         cells: 17 ‖ scope ‖ Byte(row) ‖ Byte(column) ‖ String ‖ String. CellRow
//                  of one dimension alone: column 0 and an empty second String
//   0x18         changes: 18 ‖ Byte(log) ‖ U64(event). ChangeRow
//   0x19         time bands: 19 ‖ Time ‖ String(case). BandRow
//   0x1a         bodies: 1a ‖ String(body). BodyRow
//   0x1b         links: 1b ‖ String(peer). LinkRow
//   0x1c         postings: 1c ‖ String(posting). PostingRow
//   0x1d         agreements: 1d ‖ String(agreement). AgreementRow
//   0x1e         ends of consents to attachés: 1e ‖ Time ‖ String(case) ‖ String(member).
//                  ConsentEndRow
//   0x1f         a commit that is not finished (wide_commit.h): 1f ‖ U64(part). UnfinishedHeadRow
//                  for part 0, UnfinishedPartRow from 1
//   0x20         cases as seen by those who see all: 20 ‖ String(case). HomeStatusRow
//   0x21         entries of the ledger: 21 ‖ String(case) ‖ String(member) ‖ String(entry).
//                  PostedRow
inline constexpr uint8_t kBuildTable = 0x10;
inline constexpr uint8_t kCursorsTable = 0x11;
inline constexpr uint8_t kCasesTable = 0x12;
inline constexpr uint8_t kMembersTable = 0x13;
inline constexpr uint8_t kTrackingTable = 0x14;
inline constexpr uint8_t kListsTable = 0x15;
inline constexpr uint8_t kTimelinesTable = 0x16;
inline constexpr uint8_t kCellsTable = 0x17;
inline constexpr uint8_t kChangesTable = 0x18;
inline constexpr uint8_t kBandsTable = 0x19;
inline constexpr uint8_t kBodiesTable = 0x1a;
inline constexpr uint8_t kLinksTable = 0x1b;
inline constexpr uint8_t kPostingsTable = 0x1c;
inline constexpr uint8_t kAgreementsTable = 0x1d;
inline constexpr uint8_t kConsentEndsTable = 0x1e;
inline constexpr uint8_t kUnfinishedTable = 0x1f;
inline constexpr uint8_t kHomeStatusesTable = 0x20;
inline constexpr uint8_t kPostedTable = 0x21;
inline constexpr uint8_t kLastTable = kPostedTable;

std::string BuildKey();
std::string CursorKey(Log log);
std::string CaseKey(std::string_view case_number);
std::string HomeStatusKey(std::string_view case_number);
std::string MemberKey(std::string_view case_number, std::string_view member_id);
std::string PostedKey(std::string_view case_number, const EntryId& entry);
std::string TrackingKey(std::string_view digest);
std::string ListKeyBytes(const ListKey& key);
// What all rows of the range begin with; the rest of a key is its place.
std::string ListPrefix(const ListRange& range);
std::string TimelinePrefix(std::string_view case_number);
std::string TimelineKey(std::string_view case_number, const TimelinePlace& place);
std::string CellKeyBytes(const CellKey& key);
std::string CellPrefix(const Scope& scope, Dimension row, Dimension column);
std::string ChangePrefix(Log log);
std::string ChangeKey(Log log, uint64_t number);
std::string BandKey(const BandEnd& band);
std::string ConsentEndKey(const ConsentEnd& end);
std::string NameKey(uint8_t table, std::string_view name);
std::string UnfinishedKey(uint64_t part);

// Read back. DATA_LOSS for what is no such key.
absl::StatusOr<TimelinePlace> ReadTimelineKey(std::string_view key);
absl::StatusOr<CellKey> ReadCellKey(std::string_view key);
absl::StatusOr<uint64_t> ReadChangeKey(std::string_view key);
absl::StatusOr<BandEnd> ReadBandKey(std::string_view key);
absl::StatusOr<ConsentEnd> ReadConsentEndKey(std::string_view key);
absl::StatusOr<std::string> ReadNameKey(uint8_t table, std::string_view key);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_STORAGE_KEYS_H_
