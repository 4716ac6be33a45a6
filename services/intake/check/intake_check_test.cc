#include "services/intake/check/intake_check.h"

#include <filesystem>
#include <fstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/intake/app/evidence_files.h"
#include "services/intake/app/testing/intake_fixture.h"
#include "services/intake/storage/control_fields.h"
#include "services/intake/storage/index_rows.h"
#include "services/intake/storage/keys.h"
#include "services/intake/storage/wire.h"
#include "services/platform/crypto/sha256.h"
#include "services/platform/journal/keys.h"
#include "services/platform/kv/testing/short_page_store.h"

namespace redress::intake {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class IntakeCheckTest : public IntakeTest {
 protected:
  check::Report Check(kv::Store& store, const std::optional<kv::StoreState>& state = {}) {
    check::Report report("intake");
    CheckOptions options{clock_.Now(), files_};
    if (with_key_) options.wrapping_key = &wrapping_key_;
    const absl::Status status = CheckIntake(store, state, options, report);
    EXPECT_TRUE(status.ok()) << status;
    return report;
  }
  check::Report Check() { return Check(store_); }
  std::vector<check::Difference> Differences() { return Check().differences(); }

  // Something of every kind, by real verbs.
  VerbAnswer FillStore() {
    const VerbAnswer filed = FileGroup(3);
    Admit(filed);
    const VerbAnswer awarded =
        Record(Desk(), filed, {Entry(filed.member_ids[0], "AWARDED", "100.00")});
    MoneyEntry undo = Entry(filed.member_ids[0], "REVERSAL", "100.00");
    undo.reverses_entry_id = awarded.entry_ids[0].ToString();
    Record(Desk(), filed, {undo});
    Record(Desk(), filed, {Entry(filed.member_ids[1], "AWARDED", "7200.00")});
    DiscloseCommand disclose{
        ReferralId(filed.case_number, 1), 1, filed.case_number, "my:mtuc", {}, {}, {}};
    EXPECT_TRUE(Run(app_.disclosures().DiscloseComplaint(Referral(), disclose)).ok());
    WithdrawCommand withdraw{Anytime(filed),
                             {{filed.member_ids[2].ToString()}, "VOLUNTARY", "", ByPhone()}};
    const VerbAnswer last =
        Must(Run(app_.cases().WithdrawComplaint(Desk(), Mark(), std::move(withdraw))));
    Upload(last, "a payslip");
    FileGroup(1);
    return filed;
  }
  VerbAnswer Upload(const VerbAnswer& filed, const std::string& bytes) {
    UploadCommand command{Anytime(filed), {}};
    command.file.kind = "PAYSLIP";
    command.file.file_name = "payslip.jpg";
    command.file.media_type = "image/jpeg";
    command.file.size_bytes = static_cast<int64_t>(bytes.size());
    command.file.sha256 = crypto::Sha256::Of(bytes);
    auto upload = Run(app_.evidence().StartUpload(Desk(), Mark(), std::move(command)));
    EXPECT_TRUE(upload.ok() && Run((*upload)->Write(bytes)).ok());
    return Must(Run((*upload)->Finish()));
  }
  void Commit(kv::Mutation mutation) {
    kv::Change change;
    change.mutations.push_back(std::move(mutation));
    EXPECT_EQ(Run(store_.Commit(std::move(change))).outcome, kv::CommitOutcome::kCommitted);
  }
  void Delete(std::string key) { Commit(kv::Mutation::Delete(std::move(key))); }
  void Put(std::string key, std::string value) {
    Commit(kv::Mutation::Put(std::move(key), std::move(value)));
  }
  template <class Row>
  Row Read(const std::string& key) {
    Row row;
    EXPECT_TRUE(wire::Reader::Decode(Run(store_.Get(key)).value().value().value, row).ok());
    return row;
  }
  std::string FirstKey(uint8_t table) {
    kv::ScanRequest request;
    request.prefix = std::string(1, static_cast<char>(table));
    request.limit = 1;
    return Run(store_.Scan(request)).value().entries.at(0).key;
  }
  bool with_key_ = false;

  static testing::Matcher<const check::Difference&> In(const std::string& table,
                                                       const std::string& problem) {
    return AllOf(Field(&check::Difference::table, table),
                 Field(&check::Difference::problem, HasSubstr(problem)));
  }
  void ChangeMember(const VerbAnswer& filed, uint32_t ordinal,
                    const std::function<void(MemberRow&)>& change) {
    const std::string key = keys::OfCase(keys::kMemberTable, filed.case_number, ordinal);
    MemberRow row = Read<MemberRow>(key);
    change(row);
    Put(key, wire::Writer::Encode(row));
  }
};

TEST_F(IntakeCheckTest, AStoreThatVerbsHaveWrittenAgreesWithItself) {
  EXPECT_TRUE(Check().agrees());
  FillStore();
  const check::Report report = Check();
  EXPECT_THAT(report.differences(), IsEmpty());
  EXPECT_GT(report.rows(), 30u);
  EXPECT_EQ(report.rows_by_table().at("case"), 2u);
  EXPECT_EQ(report.rows_by_table().at("member"), 4u);
}

TEST_F(IntakeCheckTest, RowsOnShortPagesAreAllLookedAt) {
  FillStore();
  kv::ShortPageStore pages(store_);
  const check::Report report = Check(pages);
  EXPECT_THAT(report.differences(), IsEmpty());
  EXPECT_EQ(report.rows_by_table(), Check().rows_by_table());
}

TEST_F(IntakeCheckTest, AListRowThatIsMissingIsFoundByItsCase) {
  const VerbAnswer filed = FillStore();
  const CaseHead head = Read<CaseHead>(keys::OfCase(keys::kCaseTable, filed.case_number));
  Delete(ListKeysOf(head)[1]);
  const auto found = Differences();
  ASSERT_THAT(found, ElementsAre(In("list", "has no row")));
  EXPECT_EQ(found[0].subject, filed.case_number.ToString());
}

TEST_F(IntakeCheckTest, AListRowTooManyIsFound) {
  const VerbAnswer filed = FillStore();
  const CaseHead head = Read<CaseHead>(keys::OfCase(keys::kCaseTable, filed.case_number));
  Put(keys::List({ListScope::Kind::kProvince, "KH-99", ""}, head.filed_at, head.case_number),
      wire::Writer::Encode(ListRowOf(head)));
  EXPECT_THAT(Differences(), ElementsAre(In("list", "no record asks for")));
}

TEST_F(IntakeCheckTest, AListRowThatSaysSomethingElseIsFound) {
  const VerbAnswer filed = FillStore();
  const CaseHead head = Read<CaseHead>(keys::OfCase(keys::kCaseTable, filed.case_number));
  ListRow row = ListRowOf(head);
  ++row.member_count;
  Put(ListKeysOf(head)[0], wire::Writer::Encode(row));
  EXPECT_THAT(Differences(), ElementsAre(In("list", "says something else")));
  Put(ListKeysOf(head)[0], wire::Writer::Encode(ListRowOf(head)));
  EXPECT_THAT(Differences(), ElementsAre(In("list", "and the record of commit")));
}

TEST_F(IntakeCheckTest, IndexRowsOfLookAlikesEntriesAndFilesAreHeldAgainstTheirRecords) {
  FillStore();
  Delete(FirstKey(keys::kSimilarTable));
  Delete(FirstKey(keys::kEvidenceByIdTable));
  Delete(FirstKey(keys::kMoneyByIdTable));
  EXPECT_THAT(Differences(), testing::UnorderedElementsAre(In("similar", "has no row"),
                                                           In("evidence-by-id", "has no row"),
                                                           In("money-by-id", "has no row")));
}

TEST_F(IntakeCheckTest, IndexRowsThatNothingAsksForAreFound) {
  const VerbAnswer filed = FillStore();
  Put(keys::Similar(7, filed.case_number), "");
  Put(keys::MoneyById(NewRandomId(random_)),
      wire::Writer::Encode(MoneyIndex{filed.case_number, 1, 0}));
  Put(keys::EvidenceById(NewRandomId(random_)),
      wire::Writer::Encode(EvidenceIndex{filed.case_number, 1}));
  EXPECT_THAT(Differences(),
              testing::UnorderedElementsAre(In("similar", "no record asks for"),
                                            In("evidence-by-id", "no record asks for"),
                                            In("money-by-id", "no record asks for")));
}

TEST_F(IntakeCheckTest, AMemberWhoIsMissingIsFoundInEachCount) {
  const VerbAnswer filed = FillStore();
  Delete(keys::OfCase(keys::kMemberTable, filed.case_number, 2));
  const auto found = Differences();
  EXPECT_THAT(found, Contains(In("member", "follows ordinal 1")));
  EXPECT_THAT(found, Contains(In("case", "tally of consents")));
  EXPECT_THAT(found, Contains(In("member-ids", "not those that they are found by")));
  EXPECT_THAT(found, Contains(In("money", "who is no member")));
}

TEST_F(IntakeCheckTest, AConsentThatTheCaseDoesNotCountIsFound) {
  const VerbAnswer filed = FillStore();
  ChangeMember(filed, 1, [](MemberRow& row) { row.consents.clear(); });
  EXPECT_THAT(Differences(), ElementsAre(In("case", "tally of consents to referrals")));
}

TEST_F(IntakeCheckTest, AConsentThatRanOutIsNoDifference) {
  const VerbAnswer filed = FileGroup(2);
  Consent consent = SampleConsent("REFERRAL", "my:labour-department");
  consent.expires_on = "2026-12-01";
  RecordConsentCommand command{At(filed), {}, {consent}};
  Must(Run(app_.consents().RecordConsent(Desk(), Mark(), std::move(command))));
  EXPECT_THAT(Differences(), IsEmpty());
  clock_.Advance(absl::Hours(24 * 30));
  EXPECT_THAT(Differences(), IsEmpty());
}

TEST_F(IntakeCheckTest, ABalanceThatItsEntriesDoNotGiveIsFound) {
  const VerbAnswer filed = FillStore();
  ChangeMember(filed, 2, [](MemberRow& row) { row.totals[0].balance -= 1; });
  const auto found = Differences();
  ASSERT_THAT(found, ElementsAre(In("money", "are not those of the entries")));
  EXPECT_THAT(found[0].problem, HasSubstr(filed.member_ids[1].ToString()));
}

TEST_F(IntakeCheckTest, ALedgerBatchThatIsMissingIsFound) {
  const VerbAnswer filed = FillStore();
  Delete(keys::OfCase(keys::kMoneyTable, filed.case_number, 4));
  const auto found = Differences();
  EXPECT_THAT(found, Contains(In("money", "reverses one that is not there")));
  EXPECT_THAT(found, Contains(In("money", "the case keeps 6 entries")));
}

TEST_F(IntakeCheckTest, AHeadThatCountsOtherwiseThanItsRowsIsFound) {
  const VerbAnswer filed = FillStore();
  const std::string key = keys::OfCase(keys::kCaseTable, filed.case_number);
  const CaseHead before = Read<CaseHead>(key);
  const auto found_when = [&](const std::function<void(CaseHead&)>& change) {
    CaseHead head = before;
    change(head);
    Put(key, wire::Writer::Encode(head));
    return Differences();
  };
  EXPECT_THAT(found_when([](CaseHead& head) { ++head.withdrawn_count; }),
              Contains(In("case", "keeps 2 withdrawn members, and there are 1")));
  EXPECT_THAT(found_when([](CaseHead& head) { head.open_referral_ids.clear(); }),
              Contains(In("disclosure", "keeps 0 open disclosures, and there are 1")));
  EXPECT_THAT(found_when([](CaseHead& head) { head.open_approval_ids = {"X"}; }),
              Contains(In("approval", "keeps 1 open approvals, and there are 0")));
  EXPECT_THAT(found_when([](CaseHead& head) { ++head.history_count; }),
              Contains(In("history", "and the last is 2")));
  EXPECT_THAT(found_when([](CaseHead& head) { head.state = CaseState::kWithdrawn; }),
              Contains(In("history", "another state")));
  EXPECT_THAT(found_when([](CaseHead& head) { ++head.members_with_open_balance; }),
              Contains(In("case", "members with an open balance")));
}

TEST_F(IntakeCheckTest, WhatBelongsToNoCaseIsFound) {
  const VerbAnswer filed = FillStore();
  Delete(keys::OfCase(keys::kCaseTable, filed.case_number));
  const auto found = Differences();
  for (const char* table : {"case-key", "complaint", "history", "member", "money", "evidence"}) {
    EXPECT_THAT(found, Contains(In(table, "belongs to no case"))) << table;
  }
  EXPECT_THAT(found, Contains(In("list", "no record asks for")));
}

TEST_F(IntakeCheckTest, OfACaseThatCannotBeReadNothingElseIsSaid) {
  FillStore();
  Put(FirstKey(keys::kCaseTable), "\x07");
  for (const check::Difference& found : Differences()) {
    EXPECT_THAT(found.problem, testing::Not(HasSubstr("belongs to no case"))) << found.table;
  }
  EXPECT_THAT(Differences(), Contains(In("case", "not what was written")));
}

TEST_F(IntakeCheckTest, TheNodeIsThatOfTheFirstCaseThatCanBeRead) {
  EXPECT_EQ(HomeNodeOf(store_).value(), "");
  const VerbAnswer filed = FillStore();
  const std::string node = filed.case_number.home_node();
  EXPECT_EQ(HomeNodeOf(store_).value(), node);
  Put(FirstKey(keys::kCaseTable), "\x07");
  EXPECT_EQ(HomeNodeOf(store_).value(), node);
  kv::ScanRequest cases;
  cases.prefix = std::string(1, static_cast<char>(keys::kCaseTable));
  const kv::ScanPage page = Run(store_.Scan(cases)).value();
  for (const kv::Entry& row : page.entries) Put(row.key, "\x07");
  EXPECT_EQ(HomeNodeOf(store_).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(IntakeCheckTest, ACaseWithoutItsKeyOrWhatWasFiledIsFound) {
  const VerbAnswer filed = FillStore();
  Delete(keys::OfCase(keys::kCaseKeyTable, filed.case_number));
  Delete(keys::OfCase(keys::kComplaintTable, filed.case_number));
  EXPECT_THAT(Differences(),
              ElementsAre(In("case-key", "is missing"), In("complaint", "is missing")));
}

TEST_F(IntakeCheckTest, AFileThatIsGoneOrCutIsFound) {
  const VerbAnswer filed = FillStore();
  const auto row =
      Read<Sealed<EvidenceRow>>(keys::OfCase(keys::kEvidenceTable, filed.case_number, 1)).row;
  const std::string path = EvidencePath(files_, row.evidence_id);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
  EXPECT_THAT(Differences(), ElementsAre(In("evidence", "bytes, and should have")));
  std::filesystem::remove(path);
  EXPECT_THAT(Differences(), ElementsAre(In("evidence", "not beside the store")));
}

TEST_F(IntakeCheckTest, WhatOneMemberIsNoLongerFoundByStillFindsAnother) {
  ComplaintFiling filing = SampleFiling(2);
  for (GroupMember& member : filing.members) {
    member.complainant.safe_contact->address = "+60 12 345 6789";
  }
  const VerbAnswer filed = File(filing);
  EXPECT_THAT(Differences(), IsEmpty());
  AmendCommand command{At(filed), {"complainant.safe_contact"}, {}, filing.members[0], "moved"};
  command.member->member_id = filed.member_ids[0];
  command.member->complainant.safe_contact->address = "+60 12 999 9999";
  Must(Run(app_.cases().AmendComplaint(Desk(), Mark(), std::move(command))));
  EXPECT_THAT(Differences(), IsEmpty());
}

TEST_F(IntakeCheckTest, WithTheKeyWhatIsSealedIsOpenedAndFilesAreRead) {
  with_key_ = true;
  const VerbAnswer filed = FillStore();
  EXPECT_THAT(Differences(), IsEmpty());
  ChangeMember(filed, 1, [](MemberRow& row) { row.sealed[30] ^= 1; });
  const auto row =
      Read<Sealed<EvidenceRow>>(keys::OfCase(keys::kEvidenceTable, filed.case_number, 1)).row;
  std::fstream file(EvidencePath(files_, row.evidence_id),
                    std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(30).put('x');
  file.close();
  EXPECT_THAT(Differences(), ElementsAre(In("member", ""), In("evidence", "")));
  with_key_ = false;
  EXPECT_THAT(Differences(), IsEmpty());
}

TEST_F(IntakeCheckTest, ARowThatCannotBeReadIsFound) {
  const VerbAnswer filed = FillStore();
  Put(keys::OfCase(keys::kHistoryTable, filed.case_number, 1), "\x07");
  EXPECT_THAT(Differences(), Contains(In("history", "not what was written")));
}

TEST_F(IntakeCheckTest, AnEventThatIsMissingAtTheEndIsFoundByTheCounter) {
  FillStore();
  kv::StoreState state{1'000, 1, {}};
  state.logs[journal::EventLog()] = Events().size();
  state.logs[audit::AuditLog()] = AuditLines().size();
  EXPECT_THAT(Check(store_, state).differences(), IsEmpty());
  Delete(kv::LogKey(journal::EventLog(), Events().size()));
  EXPECT_THAT(Check(store_, state).differences(), ElementsAre(In("event", "were given")));
}

}  // namespace
}  // namespace redress::intake
