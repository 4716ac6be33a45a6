// What intake reads for a call does not grow with the cases that it keeps.
#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/intake/app/testing/intake_fixture.h"
#include "services/platform/journal/commit.h"
#include "services/platform/kv/testing/counting_store.h"

namespace redress::intake {
namespace {

using KeysRead = std::map<std::string, size_t>;

constexpr size_t kPage = 20;
constexpr uint32_t kFew = 1'000;
constexpr uint32_t kMany = 100'000;

class IntakeGrowthTest : public IntakeTest {
 protected:
  IntakeGrowthTest() : first_(FileGroup(2)) {
    const auto stored = Run(cases_.FindCase(first_.case_number));
    if (stored.ok() && stored->has_value()) head_ = (*stored)->head;
  }

  // Heads, rows of lists and keys of the search for similar cases, as filings of other people leave
  // them. Their other rows are of each case alone, and no list or search comes by them.
  void GrowTo(uint32_t cases) {
    while (serial_ < cases) {
      journal::ChangeSet changes;
      for (int i = 0; i < 100 && serial_ < cases; ++i) {
        CaseHead head = head_;
        head.case_number = CaseNumber("KH", 26, ++serial_);
        head.filed_at += absl::Seconds(serial_);
        cases_.PutCase(changes, nullptr, head);
        const std::string person = "person " + std::to_string(serial_);
        cases_.PutSimilarity(changes, head.case_number, cases_.SimilarityKey(person));
      }
      ASSERT_TRUE(Run(journal::CommitChange(store_, std::move(changes))).ok());
    }
  }

  size_t List(Caller caller, ListFilter filter, std::string token = {}) {
    counting_.TakeKeys();
    const PageRequest page{kPage, std::move(token)};
    const auto list = Run(counted_.queries().ListComplaints(std::move(caller), filter, page));
    EXPECT_TRUE(list.ok()) << list.status();
    EXPECT_EQ(list.ok() ? list->cases.size() : 0, kPage);
    token_ = list.ok() ? list->next_page_token : "";
    return counting_.TakeKeys();
  }
  template <class T>
  size_t Counted(async::Task<T> call) {
    counting_.TakeKeys();
    EXPECT_TRUE(Run(std::move(call)).ok());
    return counting_.TakeKeys();
  }

  KeysRead Read() {
    KeysRead read;
    read["list: of a desk"] = List(Desk(), {});
    read["list: next page"] = List(Desk(), {}, token_);
    read["list: all"] = List(Ministry(), {});
    read["list: of a body"] = List(Ministry(), {.filed_by_body_id = "kh:battambang-mrc"});
    read["list: of a province"] = List(Ministry(), {.province = head_.province});
    read["show"] = Counted(counted_.queries().GetComplaint(Desk(), first_.case_number));
    read["similar"] = Counted(counted_.similar().FindSimilar(Desk(), SampleFiling(1), 10));
    return read;
  }

  kv::CountingStore counting_{store_};
  KvCaseStore counted_cases_{counting_, wrapping_key_, random_};
  IntakeApp counted_{AppContext{NodeId::FromTrusted("kh"), clock_, random_, executor_, pool_,
                                counting_, counted_cases_, refusals_, followers_, SampleCodes(),
                                tracking_key_, page_tokens_, files_, floor_, LifeCycleRules()}};
  const VerbAnswer first_;
  CaseHead head_;
  uint32_t serial_ = 1;
  std::string token_;
};

TEST_F(IntakeGrowthTest, ListsAndSearchesReadAsManyKeysAtAHundredThousandCasesAsAtAThousand) {
  GrowTo(kFew);
  Read();  // Keys of cases are held in memory from the first time on.
  const KeysRead few = Read();
  GrowTo(kMany);
  EXPECT_EQ(Read(), few);
  for (const auto& [what, keys] : few) {
    EXPECT_LE(keys, what.starts_with("list") ? kPage + 1 : 100u) << what;
  }
}

TEST_F(IntakeGrowthTest, AListByWhatHasNoIndexReadsAThousandKeysACallAndGoesOnFromThere) {
  GrowTo(2 * kFew);
  const ListFilter withdrawn{.states = {CaseState::kWithdrawn}};
  size_t keys = 0;
  int calls = 0;
  do {
    counting_.TakeKeys();
    const auto list =
        Run(counted_.queries().ListComplaints(Ministry(), withdrawn, {kPage, token_}));
    ASSERT_TRUE(list.ok()) << list.status();
    EXPECT_TRUE(list->cases.empty());
    token_ = list->next_page_token;
    const size_t read = counting_.TakeKeys();
    EXPECT_LE(read, 1'000u);
    keys += read;
    ++calls;
  } while (!token_.empty());
  EXPECT_GE(keys, 2 * kFew);
  EXPECT_LE(calls, 4);
}

TEST_F(IntakeGrowthTest, AListOfMembersReadsNoMoreThanItShows) {
  const VerbAnswer filed = FileGroup(200);
  counting_.TakeKeys();
  const auto page = Run(
      counted_.queries().ListGroupMembers(Desk(), filed.case_number, {}, PageRequest{kPage, ""}));
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->members.size(), kPage);
  EXPECT_LE(counting_.TakeKeys(), kPage + 5);
}

TEST_F(IntakeGrowthTest, AListOfEvidenceFindsTheMembersWhomItIsOfOnce) {
  const VerbAnswer filed = FileGroup(200);
  for (int i = 0; i < 30; ++i) {
    EvidenceRow row;
    row.evidence_id = NewRandomId(random_);
    row.number = static_cast<uint32_t>(i) + 1;
    row.member_id = filed.member_ids[static_cast<size_t>(i)];
    const auto key = Run(cases_.KeyOf(filed.case_number));
    journal::ChangeSet changes;
    cases_.PutEvidence(changes, filed.case_number, **key, row);
    ASSERT_TRUE(Run(journal::CommitChange(store_, std::move(changes))).ok());
  }
  counting_.TakeKeys();
  const auto page =
      Run(counted_.evidence().ListEvidence(Desk(), filed.case_number, PageRequest{kPage, ""}));
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->files.size(), kPage);
  EXPECT_LE(counting_.TakeKeys(), 2 * kPage + 6) << "a file, its member; and where members are";
}

// Groups who agreed to be shown to attachés, most of them until tomorrow only.
class AttacheGrowthTest : public IntakeGrowthTest {
 protected:
  static constexpr char kTomorrow[] = "2026-11-23";
  static constexpr char kNextYear[] = "2027-06-01";

  static Consent AgreedUntil(std::string day) {
    Consent consent = SampleConsent("EMBASSY", "");
    consent.expires_on = std::move(day);
    return consent;
  }

  VerbAnswer FileAgreed(int members, const std::string& last_until) {
    ComplaintFiling filing = SampleFiling(members);
    for (GroupMember& member : filing.members) member.consents.push_back(AgreedUntil(kTomorrow));
    filing.members.back().consents.back() = AgreedUntil(last_until);
    return File(std::move(filing));
  }

  // 1,200 members.
  VerbAnswer FileLarge(const std::string& last_until) {
    const VerbAnswer large = FileAgreed(200, kTomorrow);
    for (int size = 200; size < 1'200; size += 200) {
      AddMembersCommand command{Anytime(large), {}, {SampleConsent("FILING", "")}};
      for (int i = 0; i < 200; ++i) {
        const bool last = size + i == 1'199;
        command.members.push_back(SampleMember(size + i));
        command.members.back().consents.push_back(AgreedUntil(last ? last_until : kTomorrow));
      }
      Must(Run(app_.filing().AddGroupMembers(Desk(), Mark(), std::move(command))));
    }
    return large;
  }

  CaseListPage ListPage(std::string token) {
    counting_.TakeKeys();
    const auto list =
        Run(counted_.queries().ListComplaints(Attache(), {}, {kPage, std::move(token)}));
    EXPECT_TRUE(list.ok()) << list.status();
    EXPECT_LE(counting_.TakeKeys(), 1'000u);
    return list.ok() ? *list : CaseListPage();
  }
};

TEST_F(AttacheGrowthTest, AListReadsAThousandKeysACallHoweverManyConsentsHaveRunOut) {
  const VerbAnswer first = FileAgreed(3, kNextYear);
  const VerbAnswer large = FileLarge(kNextYear);
  for (int i = 0; i < 300; ++i) FileAgreed(1, kTomorrow);
  clock_.Advance(absl::Hours(3 * 24));
  std::vector<CaseNumber> seen;
  std::string token;
  int calls = 0;
  do {
    CaseListPage page = ListPage(std::move(token));
    for (const ListRow& row : page.cases) seen.push_back(row.case_number);
    token = std::move(page.next_page_token);
    ++calls;
  } while (!token.empty());
  EXPECT_THAT(seen, testing::UnorderedElementsAre(large.case_number, first.case_number));
  EXPECT_LE(calls, 5);
}

TEST_F(AttacheGrowthTest, ACaseIsNotLeftOutWhenTheOneBeforeItGoesFromTheListBetweenTwoPages) {
  const VerbAnswer seen = FileAgreed(3, kNextYear);
  clock_.Advance(absl::Seconds(1));
  const VerbAnswer large = FileLarge(kTomorrow);
  clock_.Advance(absl::Hours(3 * 24));
  const CaseListPage first = ListPage("");
  EXPECT_TRUE(first.cases.empty());
  ASSERT_FALSE(first.next_page_token.empty()) << "the large case was not looked at in part";
  const auto stored = Run(cases_.FindCase(large.case_number));
  ASSERT_TRUE(stored.ok() && stored->has_value());
  CaseHead agreed_by_nobody = (*stored)->head;
  agreed_by_nobody.embassy_counts.clear();
  journal::ChangeSet changes;
  cases_.PutCase(changes, &(*stored)->head, agreed_by_nobody);
  ASSERT_TRUE(Run(journal::CommitChange(store_, std::move(changes))).ok());
  const CaseListPage second = ListPage(first.next_page_token);
  ASSERT_EQ(second.cases.size(), 1u);
  EXPECT_EQ(second.cases[0].case_number, seen.case_number);
}

}  // namespace
}  // namespace redress::intake
