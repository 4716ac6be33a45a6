// What a list reads does not grow with what is stored.
#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/journal/commit.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/referral_events.h"
#include "services/referral/app/testing/story_fixture.h"

namespace redress::referral {
namespace {

using KeysRead = std::map<std::string, size_t>;

constexpr uint32_t kFew = 1'000;
constexpr uint32_t kMany = 100'000;
constexpr int kPage = 20;

// Home's lists, filled with the lines of referrals that somebody else made.
class ReferralGrowthTest : public StoryTest {
 protected:
  void Commit(journal::ChangeSet changes) {
    ASSERT_TRUE(
        world.Run(journal::CommitChange(world.kh->store, std::move(changes), nullptr)).ok());
  }

  // To `count` lines, due and changed at `from` and in the seconds after it.
  void GrowTo(uint32_t count, absl::Time from) {
    while (lines_ < count) {
      journal::ChangeSet changes;
      for (int i = 0; i < 200 && lines_ < count; ++i) AddLines(changes, from);
      Commit(std::move(changes));
    }
  }

  KeysRead Read() {
    v1::ListReferralsRequest all;
    all.set_page_size(kPage);
    v1::ListReferralsRequest receiver = all;
    receiver.set_receiver_body_id("my:mtuc");
    v1::ListReferralsRequest overdue = all;
    overdue.set_overdue(true);
    v1::ListReferralsRequest changed = all;
    changed.set_order(v1::REFERRAL_ORDER_UPDATED_LAST_FIRST);
    SetTimestamp(since_, changed.mutable_updated_since());
    return {{"all", KeysOf(all, kPage)},
            {"of a receiver", KeysOf(receiver, kPage)},
            {"overdue", KeysOf(overdue, kPage)},
            {"changed since", KeysOf(changed, kPage)}};
  }

  absl::Time since_;

 private:
  void AddLines(journal::ChangeSet& changes, absl::Time from) {
    const std::string number = CaseNumber("KH", 26, 10'000 + ++lines_).ToString();
    const ReferralRef ref{Side::kHome, *ReferralId::Parse(number + "/R1", "referral_id")};
    const absl::Time at = from + absl::Seconds(lines_);
    v1::ReferralSummary line;
    line.set_referral_id(ref.id.ToString());
    line.set_receiver_body_id("my:mtuc");
    line.set_state(v1::REFERRAL_STATE_SENT);
    SetTimestamp(at, line.mutable_due_at());
    SetTimestamp(at, line.mutable_updated_at());
    for (const IndexOrder order : {IndexOrder::kDue, IndexOrder::kUpdated}) {
      world.kh->repository.Put(changes, IndexKey{IndexScope::kNode, "", order, at, ref}, line);
      world.kh->repository.Put(changes, IndexKey{IndexScope::kReceiver, "my:mtuc", order, at, ref},
                               line);
    }
  }

  size_t KeysOf(const v1::ListReferralsRequest& list, int shown) {
    world.kh->counted.TakeKeys();
    const auto page = world.Run(world.kh->queries.ListReferrals(world.ministry, list));
    EXPECT_TRUE(page.ok()) << page.status();
    EXPECT_EQ(page.ok() ? page->referrals_size() : 0, shown);
    return world.kh->counted.TakeKeys();
  }

  uint32_t lines_ = 0;
};

TEST_F(ReferralGrowthTest, ListsReadAsManyKeysAtAHundredThousandReferralsAsAtAThousand) {
  const absl::Time now = world.clock.Now();
  since_ = now - absl::Hours(10);
  GrowTo(100, now - absl::Hours(1));          // Overdue, and changed since.
  GrowTo(kFew, now - absl::Hours(24 * 400));  // Overdue for long.
  const KeysRead few = Read();
  GrowTo(kMany, now + absl::Hours(24));  // Not due yet.
  world.clock.Advance(absl::Seconds(1));
  since_ = now + absl::Hours(24);  // Of those the last have changed since.
  EXPECT_EQ(Read(), few);
  for (const auto& [what, keys] : few) EXPECT_LE(keys, kPage + 1u) << what;
}

class DirectoryGrowthTest : public ReferralGrowthTest {
 protected:
  void AddBodies(int count) {
    journal::ChangeSet changes;
    for (int i = 0; i < count; ++i) {
      rows::BodyRecord row;
      v1::Body& body = *row.mutable_body();
      body.set_body_id("th:office-" + std::to_string(10'000 + i));
      body.set_kind("LABOUR_OFFICE");
      body.set_country("TH");
      body.set_active(true);
      body.mutable_provenance()->set_owner_node("th");
      const BodyKey key{BodyId::FromTrusted(body.body_id())};
      world.kh->repository.Put(changes, key, row);
    }
    Commit(std::move(changes));
  }
};

TEST_F(DirectoryGrowthTest, AListOfBodiesReadsNoMoreThanItShowsAndBoundsAFilterThatNothingFits) {
  AddBodies(900);
  v1::ListBodiesRequest list;
  list.set_page_size(kPage);
  list.set_country("TH");
  list.set_node_id("th");
  size_t bodies = 0;
  do {
    world.kh->counted.TakeKeys();
    const auto page = world.Run(world.kh->directory.ListBodies(world.ministry, list));
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_LE(world.kh->counted.TakeKeys(), bodies == 0 ? 100u : kPage + 3u);
    bodies += static_cast<size_t>(page->bodies_size());
    list.set_page_token(page->next_page_token());
  } while (!list.page_token().empty());
  EXPECT_EQ(bodies, 900u);

  list.set_kind("COURT");
  size_t keys = 0;
  int calls = 0;
  do {
    world.kh->counted.TakeKeys();
    const auto page = world.Run(world.kh->directory.ListBodies(world.ministry, list));
    ASSERT_TRUE(page.ok()) << page.status();
    EXPECT_EQ(page->bodies_size(), 0);
    const size_t read = world.kh->counted.TakeKeys();
    EXPECT_LE(read, 1'000u);
    keys += read;
    ++calls;
    list.set_page_token(page->next_page_token());
  } while (!list.page_token().empty());
  EXPECT_GE(keys, 900u);
  EXPECT_EQ(calls, 2);
}

TEST_F(DirectoryGrowthTest, AgreementsAndPostingsArePagedAndEachIsShownOnce) {
  journal::ChangeSet changes;
  std::vector<std::string> all_posted;
  for (int i = 0; i < 7; ++i) {
    const std::string id = "kh-my:a" + std::to_string(i);
    // Of some only one half has come.
    std::vector<std::string> parties = {"kh:cuf"};
    if (i % 3 != 0) parties.push_back("my:mtuc");
    for (const std::string& party : parties) {
      rows::AgreementRecord row;
      row.mutable_half()->set_party_body_id(party);
      row.mutable_half()->set_node_id(party.substr(0, 2));
      row.mutable_terms()->add_party_body_ids("kh:cuf");
      row.mutable_terms()->add_party_body_ids("my:mtuc");
      world.kh->repository.Put(changes, AgreementKey{id, BodyId::FromTrusted(party)}, row);
    }
    rows::PostingRecord posting;
    posting.mutable_posting()->set_posting_id(id);
    posting.mutable_posting()->set_person_id(i % 2 == 0 ? "even" : "odd");
    world.kh->repository.Put(changes, PostingKey{id}, posting);
    all_posted.push_back(id);
  }
  Commit(std::move(changes));
  std::vector<std::string> all_agreed = all_posted;
  all_agreed.push_back("kh-my:mlvt-mtuc");  // Of the story.
  for (int size = 1; size <= 9; ++size) {
    SCOPED_TRACE(size);
    v1::ListAgreementsRequest agreements;
    agreements.set_page_size(size);
    v1::ListPostingsRequest postings;
    postings.set_page_size(size);
    std::vector<std::string> agreed;
    std::vector<std::string> posted;
    int halves = 0;
    do {
      const auto page = world.Run(world.kh->directory.ListAgreements(world.ministry, agreements));
      ASSERT_TRUE(page.ok()) << page.status();
      EXPECT_LE(page->agreements_size(), size);
      for (const auto& one : page->agreements()) {
        agreed.push_back(one.agreement_id());
        halves += one.halves_size();
      }
      agreements.set_page_token(page->next_page_token());
    } while (!agreements.page_token().empty());
    do {
      const auto page = world.Run(world.kh->directory.ListPostings(world.ministry, postings));
      ASSERT_TRUE(page.ok()) << page.status();
      EXPECT_LE(page->postings_size(), size);
      for (const auto& one : page->postings()) posted.push_back(one.posting_id());
      postings.set_page_token(page->next_page_token());
    } while (!postings.page_token().empty());
    EXPECT_EQ(agreed, all_agreed);
    EXPECT_EQ(posted, all_posted);
    EXPECT_EQ(halves, 3 * 1 + 5 * 2);
  }
}

}  // namespace
}  // namespace redress::referral
