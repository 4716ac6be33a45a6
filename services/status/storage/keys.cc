#include "services/status/storage/keys.h"

#include "services/platform/kv/key_codec.h"
#include "services/platform/status/status_macros.h"

namespace redress::status {
namespace {

using kv::KeyReader;
using kv::KeyWriter;

void WriteScope(const Scope& scope, KeyWriter& key) {
  key.Byte(static_cast<uint8_t>(scope.kind)).String(scope.value);
}

}  // namespace

std::string BuildKey() { return KeyWriter(kBuildTable).Take(); }

std::string CursorKey(Log log) {
  return KeyWriter(kCursorsTable).Byte(static_cast<uint8_t>(log)).Take();
}

std::string CaseKey(std::string_view case_number) {
  return KeyWriter(kCasesTable).String(case_number).Take();
}

std::string HomeStatusKey(std::string_view case_number) {
  return KeyWriter(kHomeStatusesTable).String(case_number).Take();
}

std::string MemberKey(std::string_view case_number, std::string_view member_id) {
  return KeyWriter(kMembersTable).String(case_number).String(member_id).Take();
}

std::string PostedKey(std::string_view case_number, const EntryId& entry) {
  return KeyWriter(kPostedTable)
      .String(case_number)
      .String(entry.first)
      .String(entry.second)
      .Take();
}

std::string TrackingKey(std::string_view digest) {
  return KeyWriter(kTrackingTable).String(digest).Take();
}

std::string ListPrefix(const ListRange& range) {
  KeyWriter key(kListsTable);
  WriteScope(range.scope, key);
  key.Byte(static_cast<uint8_t>(range.filter)).String(range.value);
  return key.Byte(static_cast<uint8_t>(range.order)).Take();
}

std::string ListKeyBytes(const ListKey& key) {
  KeyWriter writer(kListsTable);
  WriteScope(key.scope, writer);
  writer.Byte(static_cast<uint8_t>(key.filter)).String(key.value);
  writer.Byte(static_cast<uint8_t>(key.order));
  if (key.order == ListOrder::kUpdatedLast) {
    writer.TimeDescending(key.sort_time);
  } else {
    writer.Time(key.sort_time);
  }
  return writer.String(key.case_number).Take();
}

std::string TimelinePrefix(std::string_view case_number) {
  return KeyWriter(kTimelinesTable).String(case_number).Take();
}

std::string TimelineKey(std::string_view case_number, const TimelinePlace& place) {
  return KeyWriter(kTimelinesTable)
      .String(case_number)
      .Time(place.occurred_at)
      .Byte(static_cast<uint8_t>(place.log))
      .U64(place.event_number)
      .Byte(place.index)
      .Take();
}

std::string CellPrefix(const Scope& scope, Dimension row, Dimension column) {
  KeyWriter key(kCellsTable);
  WriteScope(scope, key);
  return key.Byte(static_cast<uint8_t>(row)).Byte(static_cast<uint8_t>(column)).Take();
}

std::string CellKeyBytes(const CellKey& key) {
  KeyWriter writer(kCellsTable);
  WriteScope(key.scope, writer);
  writer.Byte(static_cast<uint8_t>(key.row)).Byte(static_cast<uint8_t>(key.column));
  return writer.String(key.row_value).String(key.column_value).Take();
}

std::string ChangePrefix(Log log) {
  return KeyWriter(kChangesTable).Byte(static_cast<uint8_t>(log)).Take();
}

std::string ChangeKey(Log log, uint64_t number) {
  return KeyWriter(kChangesTable).Byte(static_cast<uint8_t>(log)).U64(number).Take();
}

std::string BandKey(const BandEnd& band) {
  return KeyWriter(kBandsTable).Time(band.at).String(band.case_number).Take();
}

std::string ConsentEndKey(const ConsentEnd& end) {
  return KeyWriter(kConsentEndsTable)
      .Time(end.at)
      .String(end.case_number)
      .String(end.member_id)
      .Take();
}

std::string UnfinishedKey(uint64_t part) { return KeyWriter(kUnfinishedTable).U64(part).Take(); }

std::string NameKey(uint8_t table, std::string_view name) {
  return KeyWriter(table).String(name).Take();
}

absl::StatusOr<TimelinePlace> ReadTimelineKey(std::string_view key) {
  KeyReader reader(key);
  RETURN_IF_ERROR(reader.ExpectTable(kTimelinesTable));
  RETURN_IF_ERROR(reader.String().status());
  TimelinePlace place;
  ASSIGN_OR_RETURN(place.occurred_at, reader.Time());
  ASSIGN_OR_RETURN(const uint8_t log, reader.Byte());
  place.log = static_cast<Log>(log);
  ASSIGN_OR_RETURN(place.event_number, reader.U64());
  ASSIGN_OR_RETURN(place.index, reader.Byte());
  RETURN_IF_ERROR(reader.ExpectEnd());
  return place;
}

absl::StatusOr<CellKey> ReadCellKey(std::string_view key) {
  KeyReader reader(key);
  RETURN_IF_ERROR(reader.ExpectTable(kCellsTable));
  CellKey cell;
  ASSIGN_OR_RETURN(const uint8_t kind, reader.Byte());
  cell.scope.kind = static_cast<ScopeKind>(kind);
  ASSIGN_OR_RETURN(cell.scope.value, reader.String());
  ASSIGN_OR_RETURN(const uint8_t row, reader.Byte());
  ASSIGN_OR_RETURN(const uint8_t column, reader.Byte());
  cell.row = static_cast<Dimension>(row);
  cell.column = static_cast<Dimension>(column);
  ASSIGN_OR_RETURN(cell.row_value, reader.String());
  ASSIGN_OR_RETURN(cell.column_value, reader.String());
  RETURN_IF_ERROR(reader.ExpectEnd());
  return cell;
}

absl::StatusOr<uint64_t> ReadChangeKey(std::string_view key) {
  KeyReader reader(key);
  RETURN_IF_ERROR(reader.ExpectTable(kChangesTable));
  RETURN_IF_ERROR(reader.Byte().status());
  ASSIGN_OR_RETURN(const uint64_t number, reader.U64());
  RETURN_IF_ERROR(reader.ExpectEnd());
  return number;
}

absl::StatusOr<BandEnd> ReadBandKey(std::string_view key) {
  KeyReader reader(key);
  RETURN_IF_ERROR(reader.ExpectTable(kBandsTable));
  BandEnd band;
  ASSIGN_OR_RETURN(band.at, reader.Time());
  ASSIGN_OR_RETURN(band.case_number, reader.String());
  RETURN_IF_ERROR(reader.ExpectEnd());
  return band;
}

absl::StatusOr<ConsentEnd> ReadConsentEndKey(std::string_view key) {
  KeyReader reader(key);
  RETURN_IF_ERROR(reader.ExpectTable(kConsentEndsTable));
  ConsentEnd end;
  ASSIGN_OR_RETURN(end.at, reader.Time());
  ASSIGN_OR_RETURN(end.case_number, reader.String());
  ASSIGN_OR_RETURN(end.member_id, reader.String());
  RETURN_IF_ERROR(reader.ExpectEnd());
  return end;
}

absl::StatusOr<std::string> ReadNameKey(uint8_t table, std::string_view key) {
  KeyReader reader(key);
  RETURN_IF_ERROR(reader.ExpectTable(table));
  ASSIGN_OR_RETURN(std::string name, reader.String());
  RETURN_IF_ERROR(reader.ExpectEnd());
  return name;
}

}  // namespace redress::status
