#include "tools/storedump/describe.h"

#include <span>

#include "absl/strings/ascii.h"
#include "fmt/format.h"
#include "google/protobuf/text_format.h"
#include "redress/intake/storage/v1/case_record.pb.h"
#include "redress/intake/storage/v1/control_record.pb.h"
#include "redress/intake/storage/v1/history_record.pb.h"
#include "redress/intake/storage/v1/member_record.pb.h"
#include "redress/intake/v1/events.pb.h"
#include "redress/referral/storage/v1/directory_records.pb.h"
#include "redress/referral/storage/v1/exchange_records.pb.h"
#include "redress/referral/storage/v1/referral_records.pb.h"
#include "redress/referral/v1/events.pb.h"
#include "redress/referral/v1/reads.pb.h"
#include "redress/referral/v1/referral.pb.h"
#include "redress/status/storage/v1/change_records.pb.h"
#include "redress/status/storage/v1/directory_records.pb.h"
#include "redress/status/storage/v1/status_records.pb.h"
#include "services/intake/storage/keys.h"
#include "services/platform/audit/audit_leaf.h"
#include "services/platform/journal/keys.h"
#include "services/platform/journal/request_log.h"
#include "services/referral/app/responses_row.h"
#include "services/referral/storage/keys.h"
#include "services/status/storage/keys.h"

namespace redress::storedump {
namespace {

using google::protobuf::Message;
namespace in = redress::intake::storage::v1;
namespace re = redress::referral::storage::v1;
namespace st = redress::status::storage::v1;

struct Table {
  uint8_t number;
  std::string_view name;
  const Message* prototype;  // Null: sealed as a whole, or nothing but its key.
};

template <class Row>
const Message* Of() {
  return &Row::default_instance();
}

std::span<const Table> IntakeTables() {
  namespace k = redress::intake::keys;
  static const Table tables[] = {
      {k::kCaseTable, "case", Of<in::ComplaintRecord>()},
      {k::kCaseKeyTable, "case-key", nullptr},
      {k::kComplaintTable, "complaint", nullptr},
      {k::kNarrativeTable, "narrative", nullptr},
      {k::kHistoryTable, "history", Of<in::HistoryRecord>()},
      {k::kMemberTable, "member", Of<in::MemberRecord>()},
      {k::kMemberIdsTable, "member-ids", Of<in::MemberIdsRecord>()},
      {k::kMoneyTable, "money", Of<in::MoneyBatchRecord>()},
      {k::kMoneyByIdTable, "money-by-id", Of<in::MoneyIndexRecord>()},
      {k::kEvidenceTable, "evidence", Of<in::EvidenceRecord>()},
      {k::kEvidenceByIdTable, "evidence-by-id", Of<in::EvidenceIndexRecord>()},
      {k::kDisclosureTable, "disclosure", Of<in::DisclosureRecord>()},
      {k::kApprovalTable, "approval", Of<in::ApprovalRecord>()},
      {k::kListTable, "list", Of<in::ListRecord>()},
      {k::kSimilarTable, "similar", nullptr},
  };
  return tables;
}

std::span<const Table> ReferralTables() {
  namespace k = redress::referral;
  static const Table tables[] = {
      {k::kReferralTable, "referral", Of<re::ReferralRecord>()},
      {k::kFactTable, "fact", Of<re::FactRecord>()},
      {k::kEvidenceTable, "evidence", Of<re::EvidenceRecord>()},
      {k::kMemberTable, "member", Of<re::ReferralMemberRecord>()},
      {k::kPageTable, "page", Of<re::HeldMessageRecord>()},
      {k::kPendingTable, "pending-disclosure", Of<re::PendingDisclosureRecord>()},
      {k::kHeldTable, "held", Of<re::HeldMessageRecord>()},
      {k::kMoneyTable, "money", Of<re::MoneyEntryRecord>()},
      {k::kFileTable, "file", Of<re::ReceivedFileRecord>()},
      {k::kDueTable, "due", Of<re::ClockRecord>()},
      {k::kFiredTable, "fired", Of<re::ClockRecord>()},
      {k::kIndexTable, "list", Of<redress::referral::v1::ReferralSummary>()},
      {k::kCaseKeyTable, "case-key", Of<re::CaseKeyRecord>()},
      {k::kCaseSequenceTable, "case-sequence", Of<re::CaseSequenceRecord>()},
      {k::kOpenDisclosureTable, "open-disclosure", Of<re::OpenDisclosureRecord>()},
      {k::kWorkTable, "work", Of<re::EventCursorRecord>()},
      {k::kBodyTable, "body", Of<re::BodyRecord>()},
      {k::kAgreementTable, "agreement", Of<re::AgreementRecord>()},
      {k::kPostingTable, "posting", Of<re::PostingRecord>()},
      {k::kLinkTable, "link", Of<re::LinkRecord>()},
      {k::kInboxTable, "inbox", Of<re::InboxRecord>()},
      {k::kFailedTable, "failed", Of<re::FailedEnvelopeRecord>()},
      {k::kCursorTable, "cursor", Of<re::EventCursorRecord>()},
      {k::kResponsesTable, "responses", nullptr},
  };
  return tables;
}

std::span<const Table> StatusTables() {
  namespace k = redress::status;
  static const Table tables[] = {
      {k::kBuildTable, "build", Of<st::BuildRow>()},
      {k::kCursorsTable, "cursor", Of<st::CursorRow>()},
      {k::kCasesTable, "case", Of<st::CaseRow>()},
      {k::kMembersTable, "member", Of<st::MemberRow>()},
      {k::kTrackingTable, "tracking", Of<st::TrackingRow>()},
      {k::kListsTable, "list", Of<st::ListRow>()},
      {k::kTimelinesTable, "timeline", Of<st::TimelineRow>()},
      {k::kCellsTable, "cell", Of<st::CellRow>()},
      {k::kChangesTable, "change", Of<st::ChangeRow>()},
      {k::kBandsTable, "band", Of<st::BandRow>()},
      {k::kBodiesTable, "body", Of<st::BodyRow>()},
      {k::kLinksTable, "link", Of<st::LinkRow>()},
      {k::kPostingsTable, "posting", Of<st::PostingRow>()},
      {k::kAgreementsTable, "agreement", Of<st::AgreementRow>()},
      {k::kConsentEndsTable, "consent_end", Of<st::ConsentEndRow>()},
      {k::kHomeStatusesTable, "home_status", Of<st::HomeStatusRow>()},
      {k::kPostedTable, "posted", Of<st::PostedRow>()},
  };
  return tables;
}

constexpr Table kPlatformTables[] = {
    {0x00, "engine", nullptr},
    {journal::kEventsTable, "event", nullptr},
    {journal::kAuditTable, "audit", nullptr},
    {journal::kRequestsTable, "request", nullptr},
    {journal::kOutboxTable, "outbox", nullptr},
};

std::span<const Table> TablesOf(Service service) {
  switch (service) {
    case Service::kIntake:
      return IntakeTables();
    case Service::kReferral:
      return ReferralTables();
    case Service::kStatus:
      return StatusTables();
  }
  return {};
}

const Table* Find(Service service, uint8_t number) {
  for (const Table& table : kPlatformTables) {
    if (table.number == number) return &table;
  }
  for (const Table& table : TablesOf(service)) {
    if (table.number == number) return &table;
  }
  return nullptr;
}

std::string DescribeMessage(const Message& prototype, std::string_view value) {
  const std::unique_ptr<Message> message(prototype.New());
  if (!message->ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return fmt::format("UNREADABLE as {} ({} bytes)", prototype.GetDescriptor()->name(),
                       value.size());
  }
  return OneLine(*message);
}

std::string DescribeAudit(std::string_view value) {
  const auto leaf = audit::DecodeAuditLeaf(value);
  if (!leaf.ok()) return "UNREADABLE as an audit leaf";
  const std::string more =
      leaf->left_out == 0 ? "" : fmt::format(" and {} more like it", leaf->left_out);
  return fmt::format("at: {} body: {} role: {} verb: {} resource: {} outcome: {} {}{}",
                     absl::FormatTime(leaf->at, absl::UTCTimeZone()), leaf->actor.body,
                     leaf->actor.role, leaf->verb, leaf->resource_id,
                     leaf->outcome == audit::Outcome::kDone ? "done" : "refused", leaf->reason,
                     more);
}

std::string DescribeRequest(std::string_view value) {
  const auto row = journal::DecodeRequestRow(value);
  if (!row.ok()) return "UNREADABLE as a request";
  return fmt::format("verb: {} resource: {} answer: <{} bytes>", row->verb, row->resource_id,
                     row->answer.size());
}

std::string DescribeResponses(std::string_view value) {
  redress::referral::ResponsesRow row;
  if (!row.ParseFromString(value)) return "UNREADABLE as responses";
  return fmt::format("answered: {} silent: {} open: {}", row.record.answered, row.record.silent,
                     row.record.open);
}

const Message* EventPrototype(Service service) {
  switch (service) {
    case Service::kIntake:
      return Of<redress::intake::v1::Event>();
    case Service::kReferral:
      return Of<redress::referral::v1::Event>();
    case Service::kStatus:
      break;
  }
  return nullptr;
}

class NoBytes final : public google::protobuf::TextFormat::FastFieldValuePrinter {
 public:
  void PrintBytes(const std::string& value,
                  google::protobuf::TextFormat::BaseTextGenerator* out) const override {
    out->PrintString(fmt::format("<{} bytes>", value.size()));
  }
};

}  // namespace

std::optional<Service> ParseService(std::string_view name) {
  if (name == "intake") return Service::kIntake;
  if (name == "referral") return Service::kReferral;
  if (name == "status") return Service::kStatus;
  return std::nullopt;
}

std::string_view NameOf(Service service) {
  switch (service) {
    case Service::kIntake:
      return "intake";
    case Service::kReferral:
      return "referral";
    case Service::kStatus:
      return "status";
  }
  return "";
}

std::optional<Service> TellService(std::string_view first_key, std::string_view first_high_key) {
  // The first table of each: a case's number, a side's byte before one, and no more than the table.
  const bool first_table = !first_key.empty() && first_key[0] == intake::keys::kCaseTable;
  if (first_table && first_key.size() == 1) return Service::kStatus;
  if (!first_high_key.empty()) return Service::kReferral;  // Intake has nothing there.
  if (!first_table) return std::nullopt;
  return absl::ascii_isupper(static_cast<unsigned char>(first_key[1])) ? Service::kIntake
                                                                       : Service::kReferral;
}

std::string_view TableName(Service service, uint8_t table) {
  const Table* found = Find(service, table);
  return found == nullptr ? std::string_view() : found->name;
}

std::vector<std::string_view> TableNames(Service service) {
  std::vector<std::string_view> names;
  for (const Table& table : kPlatformTables) names.push_back(table.name);
  for (const Table& table : TablesOf(service)) names.push_back(table.name);
  return names;
}

std::optional<uint8_t> TableByName(Service service, std::string_view name) {
  for (const Table& table : kPlatformTables) {
    if (table.name == name) return table.number;
  }
  for (const Table& table : TablesOf(service)) {
    if (table.name == name) return table.number;
  }
  return std::nullopt;
}

std::string OneLine(const Message& message) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  printer.SetUseUtf8StringEscaping(true);
  printer.SetDefaultFieldValuePrinter(new NoBytes);  // The printer owns it.
  std::string text;
  printer.PrintToString(message, &text);
  return text;
}

std::string DescribeValue(Service service, std::string_view key, std::string_view value) {
  if (key.empty()) return "";
  const uint8_t number = static_cast<uint8_t>(key[0]);
  if (number == journal::kAuditTable) return DescribeAudit(value);
  if (number == journal::kRequestsTable) return DescribeRequest(value);
  if (number == journal::kEventsTable && EventPrototype(service) != nullptr) {
    return DescribeMessage(*EventPrototype(service), value);
  }
  if (number == journal::kOutboxTable) return DescribeMessage(*Of<re::OutboxRecord>(), value);
  if (service == Service::kReferral && number == redress::referral::kResponsesTable) {
    return DescribeResponses(value);
  }
  const Table* table = Find(service, number);
  if (table == nullptr) return fmt::format("UNKNOWN TABLE <{} bytes>", value.size());
  if (table->prototype == nullptr) return fmt::format("<{} bytes>", value.size());
  return DescribeMessage(*table->prototype, value);
}

}  // namespace redress::storedump
