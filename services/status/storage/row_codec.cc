#include "services/status/storage/row_codec.h"

#include <string>
#include <string_view>
#include <utility>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"
#include "redress/status/storage/v1/change_records.pb.h"
#include "redress/status/storage/v1/directory_records.pb.h"
#include "redress/status/storage/v1/status_records.pb.h"
#include "redress/status/unread/v1/cases.pb.h"
#include "services/platform/status/status_macros.h"
#include "services/status/app/event_data.h"
#include "services/status/app/proto_time.h"
#include "services/status/storage/keys.h"
#include "services/status/storage/parse_row.h"

// Everything but cases and members, which are in case_codec.cc.
namespace redress::status {
namespace {

namespace rows = ::redress::status::storage::v1;

void ToRow(const Mission& from, rows::MissionRow& to) {
  to.set_acting_country(from.acting_country);
  to.set_nationality(from.nationality);
  to.set_host_country(from.host_country);
  to.set_from(from.from);
  to.set_to(from.to);
}

Mission FromRow(const rows::MissionRow& from) {
  return {from.acting_country(), from.nationality(), from.host_country(), from.from(), from.to()};
}

// Reads the bytes of a ListRow by protobuf's numbers and tags. A page has twenty of them and more;
// as messages they would take four pieces of memory each, and the summary a copy.
class ListRowReader {
 public:
  explicit ListRowReader(std::string_view bytes)
      : in_(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int>(bytes.size())) {}

  // All but the summary, of which only the place is kept; false when the bytes are no such row.
  bool Read(ListRow& list) {
    while (const uint32_t tag = in_.ReadTag()) {
      if (!ReadField(tag, list)) return false;
    }
    return in_.ConsumedEntireMessage();
  }

  // `bytes` are those that were read. What is left of them is the summary.
  std::string TakeSummary(std::string bytes) const {
    bytes.resize(static_cast<size_t>(summary_at_ + summary_size_));
    bytes.erase(0, static_cast<size_t>(summary_at_));
    return bytes;
  }

 private:
  using Row = rows::ListRow;
  using Wire = google::protobuf::internal::WireFormatLite;

  static constexpr uint32_t TextTag(int field) {
    return Wire::MakeTag(field, Wire::WIRETYPE_LENGTH_DELIMITED);
  }

  bool ReadField(uint32_t tag, ListRow& list) {
    switch (tag) {
      case TextTag(Row::kSummaryFieldNumber):
        if (!in_.ReadVarintSizeAsInt(&summary_size_)) return false;
        summary_at_ = in_.CurrentPosition();
        return in_.Skip(summary_size_);
      case TextTag(Row::kNationalitiesFieldNumber):
        return Wire::ReadString(&in_, &list.nationalities.emplace_back());
      case TextTag(Row::kHolderBodyIdFieldNumber):
        return Wire::ReadString(&in_, &list.holder_body_id);
      case Wire::MakeTag(Row::kDueMicrosFieldNumber, Wire::WIRETYPE_VARINT): {
        uint64_t micros = 0;
        if (!in_.ReadVarint64(&micros)) return false;
        list.due_at = FromMicros(static_cast<int64_t>(micros));
        return true;
      }
      default:
        return Wire::SkipField(&in_, tag);
    }
  }

  google::protobuf::io::CodedInputStream in_;
  int summary_at_ = 0;
  int summary_size_ = 0;
};

}  // namespace

std::string EncodePosted(const std::string& kind) {
  rows::PostedRow row;
  row.set_kind(kind);
  return row.SerializeAsString();
}

absl::StatusOr<std::string> DecodePosted(std::string_view bytes) {
  ASSIGN_OR_RETURN(const auto row, ParseRow<rows::PostedRow>("posted", bytes));
  return row.kind();
}

std::string EncodeTracked(const TrackedMember& tracked) {
  rows::TrackingRow row;
  row.set_case_number(tracked.case_number);
  row.set_member_id(tracked.member_id);
  return row.SerializeAsString();
}

absl::StatusOr<TrackedMember> DecodeTracked(std::string_view bytes) {
  ASSIGN_OR_RETURN(const auto row, ParseRow<rows::TrackingRow>("tracking", bytes));
  return TrackedMember{row.case_number(), row.member_id()};
}

std::string EncodeList(const ListRow& list) {
  rows::ListRow row;
  row.mutable_summary()->MergeFromString(list.summary);
  for (const std::string& nationality : list.nationalities) row.add_nationalities(nationality);
  row.set_holder_body_id(list.holder_body_id);
  row.set_due_micros(ToMicros(list.due_at));
  return row.SerializeAsString();
}

absl::StatusOr<ListRow> DecodeList(std::string bytes) {
  ListRow list;
  ListRowReader reader(bytes);
  if (!reader.Read(list)) return Damaged("list", bytes.size());
  list.summary = reader.TakeSummary(std::move(bytes));
  return list;
}

std::string EncodeHomeStatus(const HomeStatus& kept) {
  unread::v1::HomeStatusRow row;
  row.set_province(kept.province);
  row.set_filed_by_body_id(kept.filed_by_body_id);
  row.set_status(kept.status);
  row.set_holder_body_id(kept.holder_body_id);
  row.set_due_micros(ToMicros(kept.due_at));
  for (const KeptReferral& referral : kept.referrals) {
    unread::v1::KeptReferralRow* added = row.add_referrals();
    added->set_status(referral.status);
    added->set_receiver_body_id(referral.receiver_body_id);
    added->set_due_micros(ToMicros(referral.due_at));
    added->set_peer_node(referral.peer_node);
    added->set_heard_micros(ToMicros(referral.heard_at));
  }
  for (const CurrencyTotal& total : kept.totals) *row.add_totals() = ToProto(total);
  return row.SerializeAsString();
}

absl::StatusOr<HomeStatus> DecodeHomeStatus(std::string_view bytes) {
  ASSIGN_OR_RETURN(auto row, ParseRow<unread::v1::HomeStatusRow>("home status", bytes));
  HomeStatus kept;
  kept.province = std::move(*row.mutable_province());
  kept.filed_by_body_id = std::move(*row.mutable_filed_by_body_id());
  kept.status = std::move(*row.mutable_status());
  kept.holder_body_id = std::move(*row.mutable_holder_body_id());
  kept.due_at = FromMicros(row.due_micros());
  for (unread::v1::KeptReferralRow& referral : *row.mutable_referrals()) {
    kept.referrals.push_back(
        {std::move(*referral.mutable_status()), std::move(*referral.mutable_receiver_body_id()),
         FromMicros(referral.due_micros()), std::move(*referral.mutable_peer_node()),
         FromMicros(referral.heard_micros())});
  }
  kept.totals = FromProtos(row.totals());
  return kept;
}

std::string EncodeEntry(const TimelineEntry& entry) {
  rows::TimelineRow row;
  row.set_what(entry.what);
  row.set_referral_id(entry.referral_id);
  row.set_case_state(static_cast<int32_t>(entry.case_state));
  row.set_referral_state(static_cast<int32_t>(entry.referral_state));
  row.set_actor_node(entry.actor.node);
  row.set_actor_body_id(entry.actor.body_id);
  row.set_actor_role(entry.actor.role);
  row.set_reason(entry.reason);
  row.set_detail(entry.detail);
  row.set_currency_code(entry.currency);
  row.set_minor_units(entry.minor_units);
  for (const std::string& member_id : entry.member_ids) row.add_member_ids(member_id);
  row.set_member_count(entry.member_count);
  row.set_date_micros(ToMicros(entry.date));
  row.set_lost(entry.lost);
  return row.SerializeAsString();
}

absl::StatusOr<TimelineEntry> DecodeEntry(const TimelinePlace& place, std::string_view bytes) {
  ASSIGN_OR_RETURN(const auto row, ParseRow<rows::TimelineRow>("timeline", bytes));
  TimelineEntry entry;
  entry.place = place;
  entry.what = row.what();
  entry.referral_id = row.referral_id();
  entry.case_state = static_cast<CaseState>(row.case_state());
  entry.referral_state = static_cast<ReferralState>(row.referral_state());
  entry.actor = {row.actor_node(), row.actor_body_id(), row.actor_role()};
  entry.reason = row.reason();
  entry.detail = row.detail();
  entry.currency = row.currency_code();
  entry.minor_units = row.minor_units();
  entry.member_ids.assign(row.member_ids().begin(), row.member_ids().end());
  entry.member_count = row.member_count();
  entry.date = FromMicros(row.date_micros());
  entry.lost = row.lost();
  return entry;
}

std::string EncodeCell(const Cell& cell) {
  rows::CellRow row;
  row.set_cases(cell.cases);
  row.set_workers(cell.workers);
  row.set_resolved(cell.resolved);
  for (const auto& [currency, sum] : cell.sums) {
    rows::CellSum* added = row.add_sums();
    added->set_currency_code(currency);
    added->set_owed_minor(sum.owed);
    added->set_received_minor(sum.received);
  }
  return row.SerializeAsString();
}

absl::StatusOr<Cell> DecodeCell(std::string_view bytes) {
  ASSIGN_OR_RETURN(const auto row, ParseRow<rows::CellRow>("cell", bytes));
  Cell cell;
  cell.cases = row.cases();
  cell.workers = row.workers();
  cell.resolved = row.resolved();
  for (const rows::CellSum& sum : row.sums()) {
    cell.sums[sum.currency_code()] = {sum.owed_minor(), sum.received_minor()};
  }
  return cell;
}

std::string EncodeChange(const Change& change) {
  rows::ChangeRow row;
  row.set_case_number(change.case_number);
  if (change.entry.has_value()) {
    row.set_timeline_key(TimelineKey(change.case_number, *change.entry));
  }
  for (const SeenBefore& before : change.before) {
    rows::SeenBefore* added = row.add_before();
    added->set_scope_kind(static_cast<int32_t>(before.scope.kind));
    added->set_scope_value(before.scope.value);
    added->set_hidden(before.hidden);
    added->set_summary(before.summary.SerializeAsString());
    for (const std::string& nationality : before.nationalities) {
      added->add_nationalities(nationality);
    }
  }
  for (const Scope& scope : change.seen_otherwise) {
    rows::ScopeRow* added = row.add_seen_otherwise();
    added->set_kind(static_cast<int32_t>(scope.kind));
    added->set_value(scope.value);
  }
  row.set_referral_id(change.referral_id);
  for (const std::string& member_id : change.member_ids) row.add_member_ids(member_id);
  return row.SerializeAsString();
}

absl::StatusOr<Change> DecodeChange(uint64_t number, std::string_view bytes) {
  ASSIGN_OR_RETURN(const auto row, ParseRow<rows::ChangeRow>("change", bytes));
  Change change;
  change.number = number;
  change.case_number = row.case_number();
  if (!row.timeline_key().empty()) {
    ASSIGN_OR_RETURN(change.entry, ReadTimelineKey(row.timeline_key()));
  }
  for (const rows::SeenBefore& before : row.before()) {
    SeenBefore seen;
    seen.scope = {static_cast<ScopeKind>(before.scope_kind()), before.scope_value()};
    seen.hidden = before.hidden();
    ASSIGN_OR_RETURN(seen.summary, ParseRow<v1::CaseSummary>("summary", before.summary()));
    seen.nationalities.assign(before.nationalities().begin(), before.nationalities().end());
    change.before.push_back(std::move(seen));
  }
  for (const rows::ScopeRow& scope : row.seen_otherwise()) {
    change.seen_otherwise.push_back({static_cast<ScopeKind>(scope.kind()), scope.value()});
  }
  change.referral_id = row.referral_id();
  change.member_ids.assign(row.member_ids().begin(), row.member_ids().end());
  return change;
}

std::string EncodeCursor(const Cursor& cursor) {
  rows::CursorRow row;
  row.set_number(cursor.number);
  row.set_parts(cursor.parts);
  return row.SerializeAsString();
}

absl::StatusOr<Cursor> DecodeCursor(std::string_view bytes) {
  ASSIGN_OR_RETURN(const auto row, ParseRow<rows::CursorRow>("cursor", bytes));
  return Cursor{row.number(), row.parts()};
}

std::string EncodeStage(BuildStage stage) {
  rows::BuildRow row;
  row.set_stage(static_cast<int32_t>(stage));
  return row.SerializeAsString();
}

absl::StatusOr<BuildStage> DecodeStage(std::string_view bytes) {
  ASSIGN_OR_RETURN(const auto row, ParseRow<rows::BuildRow>("build", bytes));
  return static_cast<BuildStage>(row.stage());
}

std::string EncodeBody(const BodyChange& body) {
  rows::BodyRow row;
  row.set_name(body.name);
  row.set_kind(body.kind);
  row.set_country(body.country);
  row.set_active(body.active);
  return row.SerializeAsString();
}

absl::StatusOr<BodyChange> DecodeBody(std::string_view body_id, std::string_view bytes) {
  ASSIGN_OR_RETURN(const auto row, ParseRow<rows::BodyRow>("body", bytes));
  return BodyChange{std::string(body_id), row.name(), row.kind(), row.country(), row.active()};
}

std::string EncodeLink(const LinkChange& link) {
  rows::LinkRow row;
  row.set_up(link.up);
  row.set_heard_at_micros(ToMicros(link.heard_at));
  return row.SerializeAsString();
}

absl::StatusOr<LinkChange> DecodeLink(std::string_view peer, std::string_view bytes) {
  ASSIGN_OR_RETURN(const auto row, ParseRow<rows::LinkRow>("link", bytes));
  return LinkChange{std::string(peer), row.up(), FromMicros(row.heard_at_micros())};
}

std::string EncodePosting(const PostingChange& posting) {
  rows::PostingRow row;
  row.set_person_id(posting.person_id);
  ToRow(posting.mission, *row.mutable_mission());
  return row.SerializeAsString();
}

absl::StatusOr<PostingChange> DecodePosting(std::string_view posting_id, std::string_view bytes) {
  ASSIGN_OR_RETURN(const auto row, ParseRow<rows::PostingRow>("posting", bytes));
  return PostingChange{std::string(posting_id), row.person_id(), FromRow(row.mission())};
}

std::string EncodeAgreement(const AgreementChange& agreement) {
  rows::AgreementRow row;
  for (const Mission& mission : agreement.missions) ToRow(mission, *row.add_missions());
  return row.SerializeAsString();
}

absl::StatusOr<AgreementChange> DecodeAgreement(std::string_view agreement_id,
                                                std::string_view bytes) {
  ASSIGN_OR_RETURN(const auto row, ParseRow<rows::AgreementRow>("agreement", bytes));
  AgreementChange agreement;
  agreement.agreement_id = std::string(agreement_id);
  for (const rows::MissionRow& mission : row.missions()) {
    agreement.missions.push_back(FromRow(mission));
  }
  return agreement;
}

}  // namespace redress::status
