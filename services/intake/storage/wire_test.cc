// What is written by field lists is what the generated messages say, byte for byte.

#include "services/intake/storage/wire.h"

#include "gmock/gmock.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "redress/intake/storage/v1/case_record.pb.h"
#include "redress/intake/storage/v1/complaint_personal.pb.h"
#include "redress/intake/storage/v1/control_record.pb.h"
#include "redress/intake/storage/v1/history_personal.pb.h"
#include "redress/intake/storage/v1/history_record.pb.h"
#include "redress/intake/storage/v1/member_personal.pb.h"
#include "redress/intake/storage/v1/member_record.pb.h"
#include "services/intake/domain/testing/sample_filing.h"
#include "services/intake/storage/control_fields.h"
#include "services/intake/storage/record_fields.h"
#include "services/intake/storage/row_sealing.h"

namespace redress::intake {
namespace {

namespace rows = storage::v1;
using ::testing::IsEmpty;

// The message's own bytes, fields in rising order.
std::string Serialised(const google::protobuf::Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return bytes;
}

// Parses `bytes` as `Message` and holds everything that can be held against it: no field unknown,
// and the same bytes when the message writes itself.
template <class Message>
Message Same(const std::string& bytes) {
  Message message;
  EXPECT_TRUE(message.ParseFromString(bytes));
  EXPECT_EQ(Serialised(message), bytes) << message.DebugString();
  message.DiscardUnknownFields();
  EXPECT_EQ(Serialised(message), bytes) << "fields that the message does not have";
  return message;
}

template <class T>
T Reread(const std::string& bytes) {
  T value;
  const absl::Status read = wire::Reader::Decode(bytes, value);
  EXPECT_TRUE(read.ok()) << read;
  return value;
}

Complaint WithoutNarratives() {
  Complaint complaint = SampleComplaint();
  complaint.narrative.clear();
  complaint.sensitive_narrative.clear();
  return complaint;
}

MoneyTotals Totals() {
  MoneyTotals totals;
  totals.currency = "MYR";
  for (size_t i = 0; i < kSummedKinds; ++i) totals.by_kind[i] = static_cast<int64_t>(1000 + i);
  totals.owed = 5;
  totals.balance = 6;
  totals.overpaid = 7;
  return totals;
}

CaseHead Head() {
  CaseHead head;
  head.case_number = CaseNumber("KH", 26, 417);
  head.state = CaseState::kWithdrawn;
  head.filed_at = absl::FromUnixMicros(1'795'334'400'000'001);
  head.updated_at = absl::FromUnixMicros(1'795'334'400'000'002);
  head.filed_by = {"kh", "kh:lscw", "DESK", "0a0b"};
  head.destination = "MY";
  head.transit = {"TH", "SG"};
  head.suggestions.urgency = {"URGENT", {{"complaint.circumstances", "DETAINED", 0}}};
  head.suggestions.indicators = {{"ISOLATION", {{"complaint.circumstances", "ISOLATED", 3}}}};
  head.screening = Screening{absl::FromUnixMicros(5),
                             head.filed_by,
                             true,
                             "OTHER",
                             "X",
                             {"OTHER"},
                             "NORMAL",
                             {"ISOLATION"},
                             ""};
  head.withdrawal =
      CaseWithdrawal{head.filed_by,
                     "PRESSURE",
                     {absl::FromUnixMicros(6), absl::FromUnixMicros(7), CaseState::kOpen}};
  head.member_count = 300;
  head.member_counts = {{"FEMALE", "KH", "REGULAR", "AGENCY", 299}};
  head.embassy_counts = {{"KH", 2}};
  head.filing_groups = {FieldGroup::kIdentity, FieldGroup::kEvidenceFiles};
  head.member_facts.minors = 1;
  head.member_facts.union_members = 2;
  head.member_facts.languages = {{"km", 3}};
  head.money_count = uint64_t{1} << 40;
  head.totals = {Totals()};
  head.referral_consents.any = {{"2027-11-20", 3}, {"", 2}};
  head.referral_consents.receivers = {{"my:mtuc", {{"", 5}}}};
  head.similarity_keys = {1, ~uint64_t{0}, 0x0102030405060708};
  return head;
}

TEST(WireTest, AComplaintIsTheStoredMessage) {
  const std::string bytes = wire::Writer::Encode(SampleComplaint());
  const auto message = Same<rows::ComplaintPersonal>(bytes);
  EXPECT_EQ(message.respondents(0).name(), "Kilang Contoh Sdn. Bhd.");
  EXPECT_EQ(Reread<Complaint>(bytes), WithoutNarratives());
}

TEST(WireTest, AMemberIsTheStoredMessage) {
  GroupMember member = SampleMember();
  member.consents = {SampleConsent("REFERRAL", "my:mtuc"), SampleConsent("FILING", "")};
  const std::string bytes = wire::Writer::Encode(member);
  const auto message = Same<rows::MemberPersonal>(bytes);
  EXPECT_EQ(message.complainant().safe_contact().code_word(), "mango");
  EXPECT_EQ(message.consents(0).groups_size(), 4);
  EXPECT_EQ(Reread<GroupMember>(bytes), member);
}

TEST(WireTest, AHeadIsTheStoredMessage) {
  const std::string bytes = wire::Writer::Encode(Head());
  const auto message = Same<rows::ComplaintRecord>(bytes);
  EXPECT_EQ(message.case_number(), CaseNumber("KH", 26, 417).ToString());
  EXPECT_EQ(message.filing_group_bits(), (1u << 1) | (1u << 9));
  EXPECT_EQ(message.totals(0).written_off_minor(), 1009);
  EXPECT_EQ(message.totals(0).balance_minor(), 6);
  EXPECT_EQ(message.withdrawal().state_before(), 2u);
  EXPECT_EQ(message.member_facts().languages(0).language(), "km");
  EXPECT_EQ(message.referral_consents().any(0).last_day(), "2027-11-20");
  EXPECT_EQ(message.referral_consents().receivers(0).last_days(0).members(), 5u);
  EXPECT_EQ(Reread<CaseHead>(bytes), Head());
}

TEST(WireTest, AListRowIsTheStoredMessage) {
  const std::string bytes = wire::Writer::Encode(ListRowOf(Head()));
  EXPECT_EQ(Same<rows::ListRecord>(bytes).urgency(), "NORMAL");
  EXPECT_EQ(Reread<ListRow>(bytes), ListRowOf(Head()));
}

TEST(WireTest, AMemberRowIsTheStoredMessage) {
  MemberRow row;
  row.member_id = MemberId::FromTrusted("0123456789ABCDEFGHJKMNPQRS");
  row.ordinal = 7;
  row.withdrawal =
      WithdrawalMark{absl::FromUnixMicros(1), absl::FromUnixMicros(2), CaseState::kOpen};
  row.consents = {BitOf(SampleConsent("REFERRAL", "my:mtuc"))};
  row.totals = {Totals()};
  row.similarity_keys = {9};
  row.sealed = std::string(300, '\x80');
  const std::string bytes = wire::Writer::Encode(row);
  const auto message = Same<rows::MemberRecord>(bytes);
  EXPECT_EQ(message.withdrawal().undo_until_us(), 2);
  EXPECT_EQ(message.consents(0).receiver_body_id(), "my:mtuc");
  EXPECT_EQ(Reread<MemberRow>(bytes).sealed, row.sealed);
}

TEST(WireTest, TheOtherRowsAreTheStoredMessages) {
  const Actor actor{"kh", "kh:lscw", "DESK", "0a"};
  const RandomId id = RandomId::FromTrusted("0123456789ABCDEFGHJKMNPQRS");
  Sealed<HistoryRow> history;
  history.row.number = 2;
  history.row.actor = actor;
  history.row.member_ids = {id};
  history.row.undo_until = absl::FromUnixMicros(4);
  history.row.state_before = CaseState::kOpen;
  EXPECT_EQ(Same<rows::HistoryRecord>(wire::Writer::Encode(history)).state_before(), 2u);
  HistoryPersonal personal{"note", WorkerInstruction{"PHONE", "2026-01-01", "x"},
                           WithoutNarratives(), "before", SampleMember()};
  Same<rows::HistoryPersonal>(wire::Writer::Encode(personal));
  Sealed<MoneyBatch> batch;
  batch.row.first_number = 3;
  batch.row.rows.resize(2);
  batch.row.rows[1].entry = {id, id, MoneyKind::kReversal, {"MYR", 720000}, id};
  batch.row.rows[1].reversed_by = id;
  batch.row.rows[1].from_claim_lines = true;
  batch.sealed = "sealed";
  EXPECT_EQ(Same<rows::MoneyBatchRecord>(wire::Writer::Encode(batch)).entries(1).kind(), 10u);
  Same<rows::MoneyBatchPersonal>(wire::Writer::Encode(
      MoneyBatchPersonal{{{}, {"a", "b", "c", WorkerInstruction{"PHONE", "", ""}}}}));
  Same<rows::MoneyIndexRecord>(wire::Writer::Encode(MoneyIndex{CaseNumber("KH", 26, 1), 4, 5}));
  Sealed<EvidenceRow> file;
  file.row.evidence_id = id;
  file.row.size_bytes = 50 << 20;
  file.row.uploaded_by = actor;
  EXPECT_EQ(Same<rows::EvidenceRecord>(wire::Writer::Encode(file)).size_bytes(), 50 << 20);
  Same<rows::EvidencePersonal>(
      wire::Writer::Encode(EvidencePersonal{"a", "b", std::string(32, '\x01'), "d", "e"}));
  Same<rows::EvidenceIndexRecord>(wire::Writer::Encode(EvidenceIndex{CaseNumber("KH", 26, 1), 4}));
  DisclosureRow disclosure;
  disclosure.referral_id = "KH-26-0000417-X/R1";
  disclosure.groups = FieldGroupSet::All();
  disclosure.by_override = true;
  disclosure.settled_at = absl::FromUnixMicros(9);
  EXPECT_EQ(Same<rows::DisclosureRecord>(wire::Writer::Encode(disclosure)).settled_at_us(), 9);
  Sealed<ApprovalRow> approval;
  approval.row.approval.approval_id = id;
  approval.row.approval.decision = ApprovalDecision::kApproved;
  approval.row.approval.consent_override =
      ConsentOverride{"my:mtuc", {FieldGroup::kMoney}, "2026-12-01"};
  approval.row.approval.write_off = {{id, {"MYR", 1}}};
  approval.row.decided_by = actor;
  Same<rows::ApprovalRecord>(wire::Writer::Encode(approval));
  VerbAnswer answer;
  answer.case_number = CaseNumber("KH", 26, 1);
  answer.member_ids = {id, id};
  answer.suggestions = Head().suggestions;
  answer.undo_until = absl::FromUnixMicros(3);
  answer.totals = {Totals()};
  answer.warnings = {{"A", "b", "c"}};
  answer.created_id = id;
  EXPECT_EQ(Same<rows::AnswerRecord>(wire::Writer::Encode(answer)).member_ids_size(), 2);
}

TEST(WireTest, EveryCutIsRefusedOrAShorterMessage) {
  const std::string bytes = wire::Writer::Encode(Head());
  for (size_t length = 0; length < bytes.size(); ++length) {
    CaseHead head;
    const absl::Status read = wire::Reader::Decode(bytes.substr(0, length), head);
    rows::ComplaintRecord message;
    EXPECT_EQ(read.ok(), message.ParseFromString(bytes.substr(0, length))) << length;
  }
}

TEST(WireTest, BytesThatAreNoRecordAreDataLoss) {
  for (std::string_view bytes : {std::string_view("\x00\x00", 2),  // Field number 0.
                                 std::string_view("\x0f"),         // No such wire type.
                                 std::string_view("\x10"),         // No value.
                                 std::string_view("\x12\x01"
                                                  "a"),  // A text for a state.
                                 std::string_view("\x0a\x05"
                                                  "abc"),  // Longer than there is.
                                 std::string_view("\x0a\x03"
                                                  "abc")}) {  // No case number.
    CaseHead head;
    EXPECT_EQ(wire::Reader::Decode(bytes, head).code(), absl::StatusCode::kDataLoss);
  }
}

TEST(WireTest, FieldsOfALaterSchemaAreSkipped) {
  std::string bytes = wire::Writer::Encode(Head());
  bytes += std::string("\xfa\x3f\x02hi", 5);  // 1023: text.
  bytes += std::string("\xf8\x3f\x01", 3);    // 1023: varint.
  bytes += std::string(
      "\xfd\x3f"
      "1234",
      6);  // 1023: fixed32.
  bytes += std::string(
      "\xf9\x3f"
      "12345678",
      10);  // 1023: fixed64.
  EXPECT_EQ(Reread<CaseHead>(bytes), Head());
}

TEST(RowSealingTest, ASealedRowOpensOnlyInItsOwnPlace) {
  SeededRandom random(1);
  const crypto::CaseKey key = crypto::CaseKey::Generate(random);
  const std::string sealed = SealRow(key, SampleMember(), "row 1", random);
  GroupMember member;
  EXPECT_TRUE(OpenRow(key, sealed, "row 1", member).ok());
  EXPECT_EQ(member, SampleMember());
  EXPECT_EQ(OpenRow(key, sealed, "row 2", member).code(), absl::StatusCode::kDataLoss);
  std::string changed = sealed;
  changed.back() ^= 1;
  EXPECT_EQ(OpenRow(key, changed, "row 1", member).code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace redress::intake
