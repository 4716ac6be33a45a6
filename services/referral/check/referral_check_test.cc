#include "services/referral/check/referral_check.h"

#include <filesystem>
#include <fstream>

#include "services/platform/check/store_rows.h"
#include "services/platform/crypto/sha256.h"
#include "services/platform/journal/keys.h"
#include "services/platform/kv/numbers.h"
#include "services/referral/app/past_referrals.h"
#include "services/referral/app/referral_events.h"
#include "services/referral/app/referral_files.h"
#include "services/referral/app/testing/story_fixture.h"
#include "services/referral/storage/keys.h"
#include "services/referral/storage/migrations.h"

namespace redress::referral {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

class ReferralCheckTest : public StoryTest {
 protected:
  check::Report Check(TestNode& node, bool with_keys = true) {
    return Check(node, node.store, with_keys);
  }
  check::Report Check(TestNode& node, kv::Store& store, bool with_keys = true) {
    check::Report report("referral");
    CheckOptions options;
    if (with_keys) options.wrapping_key = &node.node_key;
    options.codes = world.codes.get();
    options.files = node.parts.files_directory;
    const absl::Status status = CheckReferral(store, std::nullopt, options, report);
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_GT(report.rows(), 10u);
    return report;
  }
  std::vector<check::Difference> Differences(bool with_keys = true) {
    return Check(*world.kh, with_keys).differences();
  }
  void Commit(kv::Mutation mutation) {
    kv::Change change;
    change.mutations.push_back(std::move(mutation));
    EXPECT_EQ(world.Run(world.kh->store.Commit(std::move(change))).outcome,
              kv::CommitOutcome::kCommitted);
  }
  void Delete(const RowKey& key) { Commit(kv::Mutation::Delete(keys_.Encode(key))); }
  std::vector<kv::Entry> RowsOf(const std::string& prefix) {
    kv::ScanRequest request;
    request.prefix = prefix;
    return world.Run(world.kh->store.Scan(request)).value().entries;
  }
  template <class Key>
  typename Key::Row Read(const Key& key) {
    typename Key::Row row;
    EXPECT_TRUE(row.ParseFromString(
        world.Run(world.kh->store.Get(keys_.Encode(key))).value().value().value));
    return row;
  }
  template <class Key>
  void Put(const Key& key, const typename Key::Row& row) {
    Commit(kv::Mutation::Put(keys_.Encode(key), row.SerializeAsString()));
  }
  // A referral with a file that intake still has.
  FileKey ReferWithFile() {
    intake::v1::EvidenceFile file;
    file.set_evidence_id("00000000000000000000000042");
    file.set_size_bytes(3);
    file.set_sha256(crypto::Sha256::Of("abc"));
    world.kh->intake.cases[world.case_number].files.push_back(file);
    world.kh->intake.file_bytes[file.evidence_id()] = "abc";
    return FileKey{RefOf(world.Refer()), RandomId::FromTrusted(file.evidence_id())};
  }
  // Each of its files one step further: fetched, announced, handed over.
  void MoveFiles() {
    const async::CancellationToken none;
    EXPECT_TRUE(world.Run(RunFileTransfersOnce(world.kh->parts, *world.kh_peers, none)).ok());
  }
  static std::string OnlyFileOf(const TestNode& node) {
    std::vector<std::string> paths;
    for (const auto& file : std::filesystem::directory_iterator(node.parts.files_directory)) {
      paths.push_back(file.path());
    }
    EXPECT_THAT(paths, testing::SizeIs(1));
    return paths.at(0);
  }
  static ReferralRef RefOf(const std::string& id) {
    return {Side::kHome, ReferralId::Parse(id, "id").value()};
  }
  static testing::Matcher<const check::Difference&> In(const std::string& table,
                                                       const std::string& problem) {
    return AllOf(Field(&check::Difference::table, table),
                 Field(&check::Difference::problem, HasSubstr(problem)));
  }

  const ReferralKeySpace keys_;
};

TEST_F(ReferralCheckTest, WhatVerbsOfBothNodesHaveWrittenAgrees) {
  const std::string id = world.Refer();
  Accept(id);
  Step(id, "NEGOTIATION");
  Propose(id, "7200.00");
  ASSERT_TRUE(Answers(id, 1, 3, true).ok());
  world.Refer();
  for (TestNode* node : {world.kh.get(), world.my.get()}) {
    EXPECT_THAT(Check(*node).differences(), IsEmpty());
    EXPECT_THAT(Check(*node, false).differences(), IsEmpty());
  }
  EXPECT_THAT(Check(*world.kh, false).left_out(), ElementsAre(HasSubstr("not folded")));
}

TEST_F(ReferralCheckTest, WhatWaitsForAPeerThatIsGoneAgrees) {
  world.weather.down = true;
  ASSERT_TRUE(world.Run(world.kh->home.ReferComplaint(world.ministry, world.ReferRequest())).ok());
  world.Settle();
  const check::Report report = Check(*world.kh);
  EXPECT_THAT(report.differences(), IsEmpty());
  EXPECT_GT(report.rows_by_table().at("outbox"), 1u);
}

TEST_F(ReferralCheckTest, AFileThatWasFetchedAndNotAnnouncedAgrees) {
  const FileKey key = ReferWithFile();
  MoveFiles();
  EXPECT_EQ(Read(key).state(), v1::FILE_STATE_WHOLE);
  EXPECT_TRUE(Read(key).transfer_sha256().empty());
  EXPECT_THAT(Differences(), IsEmpty());
}

TEST_F(ReferralCheckTest, AFileThatIsChangedCutOrGoneIsFoundAtBothNodes) {
  ReferWithFile();
  for (int i = 0; i < 4; ++i) {
    MoveFiles();
    world.Settle();
  }
  for (TestNode* node : {world.kh.get(), world.my.get()}) {
    EXPECT_THAT(Check(*node).differences(), IsEmpty());
    const std::string path = OnlyFileOf(*node);
    std::fstream(path, std::ios::in | std::ios::out | std::ios::binary).put('x');
    EXPECT_THAT(Check(*node).differences(), ElementsAre(In("file", "another digest")));
    std::filesystem::resize_file(path, std::filesystem::file_size(path) - 1);
    EXPECT_THAT(Check(*node).differences(), ElementsAre(In("file", "bytes, and should have")));
    std::filesystem::remove(path);
    EXPECT_THAT(Check(*node).differences(), ElementsAre(In("file", "its file has 0 bytes")));
    EXPECT_THAT(Check(*node, false).differences(), IsEmpty());
  }
}

TEST_F(ReferralCheckTest, WhatClocksHaveEndedAgrees) {
  world.Refer();
  world.Advance(absl::Hours(24 * 60));
  EXPECT_THAT(Check(*world.kh).differences(), IsEmpty());
  EXPECT_THAT(Check(*world.my).differences(), IsEmpty());
}

TEST_F(ReferralCheckTest, AMessageThatIsMissingFromAnOutboxIsFound) {
  world.weather.down = true;
  ASSERT_TRUE(world.Run(world.kh->home.ReferComplaint(world.ministry, world.ReferRequest())).ok());
  world.Settle();
  const std::vector<kv::Entry> waiting = RowsOf(journal::OutboxLog("my"));
  ASSERT_GT(waiting.size(), 1u);
  Commit(kv::Mutation::Delete(waiting.front().key));
  EXPECT_THAT(Differences(), ElementsAre(In("outbox", "what is before it or confirmed ends")));
}

TEST_F(ReferralCheckTest, ACountOfAnswersThatIsWrongMissingOrTooManyIsFound) {
  Accept(world.Refer());
  const ResponsesKey key{BodyId::FromTrusted("my:mtuc")};
  const ResponsesRow counted = Read(key);
  EXPECT_EQ(counted.record, (ResponseRecord{.answered = 1, .silent = 0, .open = 1}));
  Put(key, {{.answered = 1, .silent = 2, .open = 1}});
  EXPECT_THAT(Differences(),
              ElementsAre(In("responses", "there are 1 answered, 0 silent, 1 open")));
  Delete(key);
  EXPECT_THAT(Differences(), ElementsAre(In("responses", "has no row")));
  Commit(kv::Mutation::Put(keys_.Encode(key), "?"));
  EXPECT_THAT(Differences(), ElementsAre(In("responses", "cannot be read")));
  Commit(kv::Mutation::Put(keys_.Encode(key), kv::EncodeNumbers({1, -1, 1})));
  EXPECT_THAT(Differences(), ElementsAre(In("responses", "counts 1 answered, 0 silent")));
  Put(key, counted);
  Put(ResponsesKey{BodyId::FromTrusted("my:nobody")}, counted);
  EXPECT_THAT(Differences(), ElementsAre(In("responses", "there are 0 answered")));
}

TEST_F(ReferralCheckTest, AStoreFromBeforeAnswersWereCountedIsCounted) {
  Accept(world.Refer());
  world.case_number = CaseNumber("KH", 26, 500).ToString();
  world.kh->intake.AddCase(world.case_number, 1);
  world.Refer();
  const ResponsesKey key{BodyId::FromTrusted("my:mtuc")};
  const ResponseRecord counted = Read(key).record;
  EXPECT_EQ(counted, (ResponseRecord{.answered = 1, .silent = 0, .open = 2}));
  Delete(key);
  const std::vector<kv::Migration> migrations = ReferralMigrations();
  ASSERT_EQ(migrations.size(), kSchemaVersion - 1);
  for (const kv::Entry& entry : RowsOf(migrations[0].prefix)) {
    const absl::StatusOr<kv::Change> change = migrations[0].rewrite(entry);
    ASSERT_TRUE(change.ok()) << change.status();
    EXPECT_EQ(world.Run(world.kh->store.Commit(*change)).outcome, kv::CommitOutcome::kCommitted);
  }
  EXPECT_EQ(Read(key).record, counted);
}

TEST_F(ReferralCheckTest, AFactThatIsMissingIsFoundWithAndWithoutKeys) {
  const std::string id = world.Refer();
  Accept(id);
  Delete(FactKey{RefOf(id), Side::kDestination, 1});
  EXPECT_THAT(Differences(false), ElementsAre(In("fact", "fact 2 follows fact 0")));
  EXPECT_THAT(Differences(), Contains(In("referral", "its facts fold to")));
}

TEST_F(ReferralCheckTest, ARecordThatSaysAnotherStateThanItsFactsIsFound) {
  const ReferralKey key{RefOf(world.Refer())};
  rows::ReferralRecord record = Read(key);
  record.set_state(v1::REFERRAL_STATE_ACCEPTED);
  Put(key, record);
  EXPECT_THAT(Differences(), Contains(In("referral", "fold to REFERRAL_STATE_DELIVERED")));
}

TEST_F(ReferralCheckTest, ClocksThatDoNotFollowFromTheFactsAreFound) {
  const ReferralKey key{RefOf(world.Refer())};
  rows::ReferralRecord record = Read(key);
  record.mutable_clocks()->clear_accept_by();
  Put(key, record);
  EXPECT_THAT(Differences(), Contains(In("referral", "its clocks")));
}

TEST_F(ReferralCheckTest, ARunningClockThatNobodyLooksAtIsFound) {
  world.Refer();
  for (const kv::Entry& row : RowsOf(keys_.Prefix({.of = RowRange::Of::kDue}))) {
    Commit(kv::Mutation::Delete(row.key));
  }
  EXPECT_THAT(Differences(), ElementsAre(In("due clock", "nobody will look at it")));
}

// Counts how often somebody begins to read the table of looks.
class DueReadsStore final : public kv::Store {
 public:
  explicit DueReadsStore(kv::Store& store) : store_(store) {}

  async::Task<absl::StatusOr<std::optional<kv::Entry>>> Get(std::string key) override {
    return store_.Get(std::move(key));
  }
  async::Task<absl::StatusOr<kv::ScanPage>> Scan(kv::ScanRequest request) override {
    if (request.prefix == check::TablePrefix(kDueTable)) ++due_reads;
    return store_.Scan(std::move(request));
  }
  async::Task<kv::CommitResult> Commit(kv::Change change) override {
    return store_.Commit(std::move(change));
  }

  int due_reads = 0;

 private:
  kv::Store& store_;
};

TEST_F(ReferralCheckTest, HoweverManyLooksWerePutOffTheirTableIsReadOnce) {
  const auto reads_with_one_to = [this](const std::string& body) {
    v1::ReferComplaintRequest request = world.ReferRequest();
    request.set_receiver_body_id(body);
    request.set_ad_hoc(true);
    const auto referred = world.Run(world.kh->home.ReferComplaint(world.ministry, request));
    EXPECT_TRUE(referred.ok()) << referred.status();
    world.Settle();
    for (const kv::Entry& row : RowsOf(keys_.Prefix({.of = RowRange::Of::kDue}))) {
      DueKey key = std::get<DueKey>(keys_.Decode(row.key).value());
      Commit(kv::Mutation::Delete(row.key));
      key.due += absl::Minutes(1);
      Commit(kv::Mutation::Put(keys_.Encode(key), row.value));
    }
    DueReadsStore store(world.kh->store);
    EXPECT_THAT(Check(*world.kh, store).differences(), IsEmpty());
    return store.due_reads;
  };
  const int with_one = reads_with_one_to("my:mtuc");
  EXPECT_EQ(reads_with_one_to("my:tenaganita"), with_one);
}

TEST_F(ReferralCheckTest, IndexRowsAreHeldAgainstTheirReferralBothWays) {
  const ReferralRef ref = RefOf(world.Refer());
  const rows::ReferralRecord record = Read(ReferralKey{ref});
  IndexKey key = IndexKeysOf(ref, record)[0];
  Delete(key);
  EXPECT_THAT(Differences(), ElementsAre(In("index", "has no row")));
  key.value = "kh:somebody";
  Put(key, SummaryOf(record));
  EXPECT_THAT(Differences(),
              ElementsAre(In("index", "has no row"), In("index", "no referral asks for")));
}

TEST_F(ReferralCheckTest, EvidenceThatIsMissingOrChangedIsFound) {
  const ReferralRef ref = RefOf(world.Refer());
  const EvidenceKey key{ref, Side::kHome, 1};
  rows::EvidenceRecord row = Read(key);
  v1::Evidence evidence;
  ASSERT_TRUE(evidence.ParseFromString(row.evidence()));
  (*evidence.mutable_digest())[0] ^= 1;
  row.set_evidence(evidence.SerializeAsString());
  Put(key, row);
  EXPECT_THAT(Differences(), Contains(In("evidence", "not the digest of what it states")));
  Delete(key);
  EXPECT_THAT(Differences(), Contains(In("evidence", "does not follow piece 0")));
}

TEST_F(ReferralCheckTest, AMemberWhoIsMissingIsFound) {
  const ReferralRef ref = RefOf(world.Refer());
  Delete(MemberKey{ref, 1, MemberId::FromTrusted(FakeIntake::MemberIdOf(2))});
  EXPECT_THAT(Differences(), ElementsAre(In("member", "keeps 3 members, and disclosure 1 has 2")));
}

TEST_F(ReferralCheckTest, WhatIsOfNoReferralIsFound) {
  const ReferralRef ref = RefOf(world.Refer());
  Delete(ReferralKey{ref});
  const auto found = Differences();
  for (const char* table : {"fact", "evidence", "due clock"}) {
    EXPECT_THAT(found, Contains(In(table, "belongs to no referral"))) << table;
  }
  EXPECT_THAT(found, Contains(In("index", "no referral asks for")));
}

TEST_F(ReferralCheckTest, ACaseWithoutItsKeyOrItsLastNumberIsFound) {
  const ReferralRef ref = RefOf(world.Refer());
  Delete(CaseKeyKey{ref.id.case_number()});
  Delete(CaseSequenceKey{ref.id.case_number()});
  const auto found = Differences();
  EXPECT_THAT(found, Contains(In("case key", "is missing")));
  EXPECT_THAT(found, Contains(In("case sequence", "up to 0 were given")));
}

TEST_F(ReferralCheckTest, WhatCameFromFurtherOnThanTheLinkIsFound) {
  world.Refer();
  const LinkKey key{NodeId::FromTrusted("my"), LinkHalf::kIn};
  rows::LinkRecord link = Read(key);
  link.set_in_sequence(0);
  Put(key, link);
  EXPECT_THAT(Differences(), Each(In("inbox", "and the link has come to 1.0")));
  EXPECT_THAT(Differences(), testing::SizeIs(testing::Ge(1u)));
}

TEST_F(ReferralCheckTest, ARowThatCannotBeReadIsFound) {
  const ReferralRef ref = RefOf(world.Refer());
  Commit(kv::Mutation::Put(keys_.Encode(FiredKey{ref, 1, 1}), "\x07"));
  Commit(kv::Mutation::Put(std::string("\x20", 1), ""));
  const auto found = Differences();
  EXPECT_THAT(found, Contains(In("fired clock", "cannot be read")));
  EXPECT_THAT(found, Contains(In("body", "")));
}

}  // namespace
}  // namespace redress::referral
