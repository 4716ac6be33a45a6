#include <rapidcheck.h>

#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "redress/status/storage/v1/status_records.pb.h"
#include "redress/status/unread/v1/cases.pb.h"
#include "redress/status/unread/v1/lists.pb.h"
#include "redress/status/v1/case_requests.pb.h"
#include "services/platform/async/manual_executor.h"
#include "services/platform/kv/memory_store.h"
#include "services/platform/kv/testing/short_page_store.h"
#include "services/status/domain/testing/sample_events.h"
#include "services/status/storage/keys.h"
#include "services/status/storage/kv_read_model.h"
#include "services/status/storage/row_codec.h"

namespace redress::status {
namespace {

using testing::Day;

std::string Hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (unsigned char byte : bytes) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

TEST(KeysTest, EachTableHasItsVector) {
  EXPECT_EQ(Hex(BuildKey()), "10");
  EXPECT_EQ(Hex(CursorKey(Log::kReferral)), "1102");
  EXPECT_EQ(Hex(CaseKey("KH")), "124b480001");
  EXPECT_EQ(Hex(HomeStatusKey("KH")), "204b480001");
  EXPECT_EQ(Hex(MemberKey("K", "M")), "134b00014d0001");
  EXPECT_EQ(Hex(TrackingKey(std::string("\0x", 2))), "1400ff780001");
  EXPECT_EQ(Hex(CellPrefix({ScopeKind::kDesk, "d"}, Dimension::kSex, Dimension::kCategory)),
            "17046400010304");
  EXPECT_EQ(Hex(ChangeKey(Log::kIntake, 258)), "18010000000000000102");
  const absl::Time one = absl::FromUnixMicros(1);
  EXPECT_EQ(Hex(BandKey({one, "K"})), "1980000000000000014b0001");
  EXPECT_EQ(Hex(ConsentEndKey({one, "K", "M"})), "1e80000000000000014b00014d0001");
  EXPECT_EQ(Hex(TimelineKey("K", {one, Log::kReferral, 3, 4})),
            "164b0001800000000000000102000000000000000304");
  EXPECT_EQ(
      Hex(ListKeyBytes(
          {{ScopeKind::kProvince, "p"}, ListFilter::kHolder, "h", ListOrder::kDueFirst, one, "K"})),
      "150370000103680001028000000000000001"
      "4b0001");
}

TEST(KeysTest, AListKeyIsItsRangeAndAPlaceThatSortsAsTheListDoes) {
  ListKey older{{ScopeKind::kHome, ""}, ListFilter::kAny, "", ListOrder::kUpdatedLast, Day(1), "A"};
  ListKey newer = older;
  newer.sort_time = Day(2);
  const ListRange range{older.scope, older.filter, older.value, older.order};
  EXPECT_TRUE(ListKeyBytes(older).starts_with(ListPrefix(range)));
  EXPECT_LT(ListKeyBytes(newer), ListKeyBytes(older));
  older.order = newer.order = ListOrder::kFiledFirst;
  EXPECT_LT(ListKeyBytes(older), ListKeyBytes(newer));
}

TEST(KeysTest, KeysAreReadBack) {
  const TimelinePlace place{Day(3), Log::kReferral, 77, 2};
  EXPECT_EQ(ReadTimelineKey(TimelineKey("KH-1", place)).value(), place);
  const CellKey cell{
      {ScopeKind::kReceiver, "my:mtuc"}, Dimension::kSex, Dimension::kCategory, "FEMALE", "OTHER"};
  EXPECT_EQ(ReadCellKey(CellKeyBytes(cell)).value(), cell);
  EXPECT_EQ(ReadChangeKey(ChangeKey(Log::kIntake, 9)).value(), 9u);
  EXPECT_EQ(ReadBandKey(BandKey({Day(1), "KH-1"}))->case_number, "KH-1");
  EXPECT_EQ(ReadConsentEndKey(ConsentEndKey({Day(1), "KH-1", "M"}))->member_id, "M");
  EXPECT_EQ(ReadNameKey(kBodiesTable, NameKey(kBodiesTable, "my:mtuc")).value(), "my:mtuc");
}

TEST(KeysTest, WhatIsCutOffOrOfAnotherTableIsRefused) {
  const std::string key = TimelineKey("KH-1", {Day(3), Log::kReferral, 77, 2});
  for (size_t size = 0; size < key.size(); ++size) {
    EXPECT_EQ(ReadTimelineKey(key.substr(0, size)).status().code(), absl::StatusCode::kDataLoss);
  }
  EXPECT_EQ(ReadCellKey(key).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(ReadBandKey("").status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(ReadConsentEndKey(BandKey({Day(1), "KH-1"})).status().code(),
            absl::StatusCode::kDataLoss);
}

CaseRow FullCase() {
  CaseRow row;
  row.case_number = testing::kCase;
  row.home_here = row.filed = true;
  row.case_state = CaseState::kWithdrawn;
  row.dimensions.destination = "MY";
  row.dimensions.transit = {"TH"};
  row.dimensions.member_counts = {{"FEMALE", "KH", "REGULAR", "AGENCY", 3}};
  row.dimensions.agency_keys = {"licence:12"};
  row.filed_at = Day(0);
  row.state_at = Day(1);
  row.updated_at = Day(2);
  row.ended_at = Day(3);
  row.undo_until = Day(4);
  row.reason = "VOLUNTARY";
  row.screened_by_body_id = testing::kMinistry;
  CurrencyTotal total;
  total.currency = "MYR";
  total.owed = 5;
  total.balance = 4;
  row.totals = {total};
  ReferralRow referral;
  referral.referral_id = testing::kReferral;
  referral.ordinal = 1;
  referral.state = ReferralState::kSolutionProposed;
  referral.was_shown = true;
  referral.receiver_body_id = testing::kUnion;
  referral.dimensions = row.dimensions;
  referral.due_kind = DueKind::kProposal;
  referral.due_at = Day(9);
  referral.member_count = 3;
  referral.open_proposal = 2;
  referral.totals = {total};
  row.referrals = {referral};
  row.tally = {3, 1, 2, 1, 1, 1};
  row.embassy["KH"] = {{1, 0, 1, 0, 1, 0}, {total}};
  row.totals_by_kind[{"FEMALE", "KH", "REGULAR"}] = {total};
  row.open_band = 2;
  return row;
}

TEST(RowCodecTest, RowsAreReadBack) {
  const CaseRow row = FullCase();
  EXPECT_EQ(DecodeCase(row.case_number, EncodeCase(row)).value(), row);
  const CaseRow aside = SetAside(row);
  EXPECT_EQ(DecodeCase(row.case_number, EncodeCase(aside)).value(), aside);
  EXPECT_FALSE(aside.known());

  MemberRow member;
  member.member_id = "M";
  member.known = true;
  member.dimensions.member_id = "M";
  member.dimensions.nationality = "KH";
  member.dimensions.embassy_consent = true;
  member.withdrawn = true;
  member.referral_ids = {testing::kReferral};
  member.answered_proposal = 2;
  member.agreed = true;
  member.money.emplace_back();
  member.money[0].currency = "MYR";
  member.money[0].agreed = member.money[0].owed = member.money[0].balance = 7;
  member.updated_at = Day(1);
  member.dimensions.embassy_expires_on = "2026-12-24";
  member.embassy_lapsed = true;
  EXPECT_EQ(DecodeMember("M", EncodeMember(member)).value(), member);

  TimelineEntry entry;
  entry.place = {Day(1), Log::kIntake, 5, 0};
  entry.what = "CASE_FILED";
  entry.actor = {"kh", testing::kDesk, "DESK"};
  entry.currency = "MYR";
  entry.minor_units = 12;
  entry.member_ids = {"M"};
  entry.member_count = 1;
  entry.date = Day(2);
  entry.lost = true;
  EXPECT_EQ(DecodeEntry(entry.place, EncodeEntry(entry)).value(), entry);

  Cell cell;
  cell.cases = 3;
  cell.workers = 9;
  cell.sums["MYR"] = {100, 20};
  EXPECT_EQ(DecodeCell(EncodeCell(cell)).value(), cell);
}

// All fields of a message that leaves some messages in it unread, and of the one whose bytes it
// has.
void ExpectSameOnTheWire(const google::protobuf::Descriptor& unread,
                         const google::protobuf::Descriptor& read) {
  using Field = google::protobuf::FieldDescriptor;
  ASSERT_EQ(unread.field_count(), read.field_count());
  for (int i = 0; i < unread.field_count(); ++i) {
    const Field& field = *unread.field(i);
    const Field* same = read.FindFieldByNumber(field.number());
    ASSERT_NE(same, nullptr) << field.full_name();
    EXPECT_EQ(same->name(), field.name());
    EXPECT_EQ(same->is_repeated(), field.is_repeated()) << field.full_name();
    const bool handed_on = field.type() == Field::TYPE_BYTES && same->type() == Field::TYPE_MESSAGE;
    if (handed_on) continue;
    ASSERT_EQ(field.type(), same->type()) << field.full_name();
    if (field.message_type() != same->message_type()) {
      ExpectSameOnTheWire(*field.message_type(), *same->message_type());
    }
  }
}

TEST(UnreadTest, WhatIsNotReadStandsWhereItIsWhenItIsRead) {
  ExpectSameOnTheWire(*unread::v1::ListCasesResponse::descriptor(),
                      *v1::ListCasesResponse::descriptor());
  ExpectSameOnTheWire(*unread::v1::HomeStatusRow::descriptor(),
                      *storage::v1::HomeStatusRow::descriptor());
  ExpectSameOnTheWire(*unread::v1::CaseStatus::descriptor(), *v1::CaseStatus::descriptor());
  ExpectSameOnTheWire(*unread::v1::GetCaseStatusResponse::descriptor(),
                      *v1::GetCaseStatusResponse::descriptor());
}

TEST(UnreadTest, AHomeStatusIsGivenBackAsItWasKept) {
  CurrencyTotal total;
  total.currency = "MYR";
  total.owed = 72;
  const HomeStatus kept{"KH-2",    "kh:desk", "a status",
                        "my:mtuc", Day(2),    {{"a referral's", "my:mtuc", Day(3), "my", Day(1)}},
                        {total}};
  EXPECT_EQ(DecodeHomeStatus(EncodeHomeStatus(kept)).value(), kept);
}

TEST(UnreadTest, AListRowIsGivenBackAsItWasKept) {
  v1::CaseSummary summary;
  summary.set_case_number("KH-26-0000417-X");
  const ListRow row{summary.SerializeAsString(), {"KH", "MM"}, "my:mtuc", Day(2)};
  EXPECT_EQ(DecodeList(EncodeList(row)).value(), row);
  EXPECT_EQ(DecodeList(EncodeList(ListRow())).value(), ListRow());
}

TEST(UnreadTest, AListRowIsReadByNumbersAsTheMessageIs) {
  storage::v1::ListRow message;
  message.mutable_summary()->set_case_number("KH-26-0000417-X");
  message.add_nationalities("KH");
  message.add_nationalities("");
  message.set_holder_body_id("my:mtuc");
  message.set_due_micros(-1);
  const ListRow row = DecodeList(message.SerializeAsString()).value();
  EXPECT_EQ(row.summary, message.summary().SerializeAsString());
  EXPECT_THAT(row.nationalities, ::testing::ElementsAre("KH", ""));
  EXPECT_EQ(row.holder_body_id, "my:mtuc");
  EXPECT_EQ(row.due_at, absl::FromUnixMicros(-1));
}

TEST(UnreadTest, AListRowThatIsCutShortInAFieldIsDamaged) {
  v1::CaseSummary summary;
  summary.set_case_number(std::string(200, '9'));
  const std::string whole =
      EncodeList({summary.SerializeAsString(), {}, "my:mtuc", absl::FromUnixMicros(300)});
  EXPECT_EQ(DecodeList(whole.substr(0, 100)).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(DecodeList(whole.substr(0, whole.size() - 1)).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST(MigrationTest, AnOlderStoreIsBuiltAnew) {
  const std::vector<kv::Migration> migrations = StatusMigrations();
  ASSERT_EQ(migrations.size(), kStatusSchema - 1);
  for (const kv::Migration& migration : {migrations.front(), migrations.back()}) {
    EXPECT_EQ(migration.prefix, BuildKey());
    const auto written = migration.rewrite({BuildKey(), EncodeStage(BuildStage::kWhole), 1});
    ASSERT_TRUE(written.ok()) << written.status();
    ASSERT_EQ(written->mutations.size(), 1u);
    EXPECT_EQ(DecodeStage(*written->mutations[0].value).value(), BuildStage::kWiping);
  }
}

// One entry a page, as if each were too large to share one.
TEST(ReadModelTest, WhatDoesNotFitIntoAPageIsReadInSeveral) {
  async::ManualExecutor executor;
  kv::MemoryStore store(executor);
  kv::ShortPageStore short_pages(store);
  const std::unique_ptr<ReadModel> model = MakeReadModel(short_pages);
  WriteSet writes;
  for (const char* id : {"kh:mlvt", "my:mtuc", "my:tenaganita"}) {
    BodyChange body;
    body.body_id = id;
    writes.directory.bodies.push_back(body);
  }
  for (uint64_t number : {1, 2, 3}) {
    Change change;
    change.number = number;
    change.case_number = testing::kCase;
    writes.changes.emplace_back(Log::kIntake, change);
  }
  ASSERT_TRUE(RunToEnd(executor, model->Commit(std::move(writes))).ok());

  EXPECT_EQ(RunToEnd(executor, model->LoadDirectory())->bodies.size(), 3u);
  uint64_t place = 0;
  for (uint64_t number : {1, 2, 3}) {
    const auto page = RunToEnd(executor, model->ScanChanges(Log::kIntake, place, 100));
    ASSERT_EQ(page->rows.size(), 1u);
    place = page->rows[0].number;
    EXPECT_EQ(place, number);
    EXPECT_EQ(page->more, number < 3);
  }
  while (RunToEnd(executor, model->WipeSome()).value()) {
  }
  EXPECT_EQ(store.size(), 0u);
}

TEST(ReadModelTest, CellsAreReadFromTheValuesGivenOn) {
  async::ManualExecutor executor;
  kv::MemoryStore store(executor);
  const std::unique_ptr<ReadModel> model = MakeReadModel(store);
  CellKey key{{ScopeKind::kHome, ""}, Dimension::kDestination, Dimension::kMonthFiled, "", ""};
  const CellKey alone{{ScopeKind::kHome, ""}, Dimension::kDestination, Dimension::kNone, "MY", ""};
  WriteSet writes;
  writes.cells[alone].cases = 1;
  for (const char* destination : {"MY", "TH"}) {
    for (const char* month : {"2026-01", "2026-02", "2026-03"}) {
      key.row_value = destination;
      key.column_value = month;
      writes.cells[key].cases = 1;
    }
  }
  ASSERT_TRUE(RunToEnd(executor, model->Commit(std::move(writes))).ok());
  const auto first = [&](std::string row_value, std::string column_value) {
    CellKey from = key;
    from.row_value = std::move(row_value);
    from.column_value = std::move(column_value);
    const auto page = RunToEnd(executor, model->ScanCells(std::move(from), 1)).value();
    if (page.rows.empty()) return std::string();
    return page.rows[0].first.row_value + " " + page.rows[0].first.column_value;
  };
  EXPECT_EQ(first("", ""), "MY 2026-01");
  EXPECT_EQ(first("MY", "2026-02"), "MY 2026-02");
  EXPECT_EQ(first("MY", std::string("2026-02\0", 8)), "MY 2026-03");
  EXPECT_EQ(first("MY", "2026-04"), "TH 2026-01");
  EXPECT_EQ(first(std::string("MY\0", 3), ""), "TH 2026-01");
  EXPECT_EQ(first("TH", "2026-04"), "");
}

TEST(RowCodecTest, AMemberOfWhomOnlyReferralToldIsNotKnown) {
  MemberRow member;
  member.member_id = "M";
  member.referral_ids = {testing::kReferral};
  EXPECT_EQ(DecodeMember("M", EncodeMember(member)).value(), member);
}

TEST(RowCodecTest, AChangeKeepsHowTheCaseWasSeen) {
  Change change;
  change.number = 4;
  change.case_number = testing::kCase;
  change.entry = TimelinePlace{Day(1), Log::kReferral, 4, 0};
  SeenBefore before;
  before.scope = AttacheScope("KH", "MY");
  before.hidden = true;
  before.summary.set_category("OTHER");
  before.nationalities = {"KH", "VN"};
  change.before = {before};
  change.seen_otherwise = {{ScopeKind::kReceiver, testing::kUnion}, AttacheScope("VN", "MY")};
  change.referral_id = testing::kReferral;
  change.member_ids = {"M", "N"};
  const Change read = DecodeChange(4, EncodeChange(change)).value();
  EXPECT_EQ(read.case_number, change.case_number);
  EXPECT_EQ(read.entry, change.entry);
  ASSERT_EQ(read.before.size(), 1u);
  EXPECT_EQ(read.before[0].scope, before.scope);
  EXPECT_TRUE(read.before[0].hidden);
  EXPECT_EQ(read.before[0].summary.category(), "OTHER");
  EXPECT_EQ(read.before[0].nationalities, before.nationalities);
  EXPECT_EQ(read.seen_otherwise, change.seen_otherwise);
  EXPECT_EQ(read.referral_id, change.referral_id);
  EXPECT_EQ(read.member_ids, change.member_ids);
}

TEST(RowCodecTest, DamagedBytesAreDataLossAndNeverRepeated) {
  const std::string bad = "\xff\xff\xff";
  const absl::Status status = DecodeCase("KH", bad).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(DecodeMember("M", bad).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(DecodeList(bad).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(DecodeCell(bad).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(DecodeChange(1, bad).status().code(), absl::StatusCode::kDataLoss);
}

TEST(RowCodecTest, AnyBytesAreReadOrRefusedButNeverBringItDown) {
  const bool held = rc::check("arbitrary bytes", [](const std::string& bytes) {
    DecodeCase("KH", bytes).status().IgnoreError();
    DecodeChange(1, bytes).status().IgnoreError();
    DecodeList(bytes).status().IgnoreError();
    ReadCellKey(bytes).status().IgnoreError();
    ReadTimelineKey(bytes).status().IgnoreError();
  });
  EXPECT_TRUE(held);
}

}  // namespace
}  // namespace redress::status
