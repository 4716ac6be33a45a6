// The rows of a disclosure that nobody sees yet: storing them, and clearing away what an earlier
// try left under the same number.
#include <set>
#include <utility>

#include "services/platform/status/status_macros.h"
#include "services/referral/app/deterministic.h"
#include "services/referral/app/disclosures.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/verb_runner.h"

namespace redress::referral {
namespace {

// Deletes the rows of the range that `stays` does not name, after `after` only when it is set.
template <class Key, class Stays>
Answer<bool> DeleteOthers(const AppParts& parts, RowRange range, std::optional<Key> after,
                          const Stays& stays) {
  bool more = true;
  while (more) {
    RowRange next = range;
    std::optional<Key> from = after;
    absl::StatusOr<FoundPage<Key>> page = co_await parts.repository.Scan<Key>(
        std::move(next), std::move(from), kv::kMaxOperationsPerCommit);
    CO_RETURN_IF_ERROR(page.status());
    journal::ChangeSet changes;
    for (const Found<Key>& one : page->rows) {
      if (!stays(one.key)) parts.repository.Delete(changes, one.key);
    }
    more = page->more;
    if (more) after = page->rows.back().key;
    if (changes.change().mutations.empty()) continue;
    absl::StatusOr<journal::Committed> committed =
        co_await CommitChanges(parts, std::move(changes));
    CO_RETURN_IF_ERROR(committed.status());
  }
  co_return true;
}

// Most disclosures are of a few people. Their rows go into the commit of the referral itself, which
// has room for that much besides all else, and so wait for the disk once less.
constexpr int kMostMembersWithReferral = 50;
constexpr size_t kMostBytesWithReferral = 64 << 10;

bool GoesWithReferral(const WholeDisclosure& disclosure) {
  return disclosure.pages.size() == 1 &&
         disclosure.pages[0].members_size() <= kMostMembersWithReferral &&
         disclosure.pages[0].ByteSizeLong() <= kMostBytesWithReferral;
}

void StagePage(const AppParts& parts, const ReferralRef& ref, const crypto::CaseKey& case_key,
               const exchange::v1::MemberPage& page, journal::ChangeSet& changes) {
  const PageKey key{ref, page.disclosure_number(), page.page()};
  exchange::v1::Message message;
  *message.mutable_member_page() = page;
  rows::HeldMessageRecord row;
  row.set_sender_node(parts.node.ToString());
  row.set_received_at_micros(ToMicros(parts.clock.Now()));
  row.set_sealed(parts.repository.Seal(case_key, key, Deterministic(message)));
  parts.repository.Put(changes, key, row);
  for (const intake::v1::DisclosedMember& member : page.members()) {
    rows::ReferralMemberRecord counted;
    *counted.mutable_dimensions() = DimensionsOf(member);
    const MemberKey member_key{ref, page.disclosure_number(),
                               MemberId::FromTrusted(member.member().member_id())};
    parts.repository.Put(changes, member_key, counted);
  }
}

}  // namespace

DisclosureTurn::DisclosureTurn(std::shared_ptr<std::set<std::string>> taken, std::string id)
    : taken_(std::move(taken)), id_(std::move(id)) {}

DisclosureTurn::~DisclosureTurn() { taken_->erase(id_); }

std::shared_ptr<const DisclosureTurn> DisclosureTurn::Take(
    std::shared_ptr<std::set<std::string>> taken, const ReferralId& id) {
  std::string name = id.ToString();
  if (!taken->insert(name).second) return nullptr;
  return std::shared_ptr<const DisclosureTurn>(
      new DisclosureTurn(std::move(taken), std::move(name)));
}

void Disclosures::StageWithReferral(ReferralEdit& edit, const WholeDisclosure& disclosure) {
  if (!GoesWithReferral(disclosure)) return;
  edit.AlsoStage([&edit, page = disclosure.pages[0]](journal::ChangeSet& changes) {
    StagePage(edit.parts(), edit.now().ref, *edit.now().case_key, page, changes);
  });
}

// One commit a page. Nobody sees the rows before the referral names their disclosure.
Answer<bool> Disclosures::Store(WholeDisclosure& disclosure, ReferralRef ref,
                                CaseKeyPointer case_key) {
  disclosure.turn = DisclosureTurn::Take(turns_, ref.id);
  if (disclosure.turn == nullptr) {
    co_return absl::UnavailableError("another disclosure is under way; repeat the call");
  }
  // What is part of the referral by now is not written over.
  ReferralKey referral_key{ref};
  auto referral = co_await parts_.repository.Find(std::move(referral_key));
  CO_RETURN_IF_ERROR(referral.status());
  if (referral->has_value() && (*referral)->row.disclosure_number() >= disclosure.number) {
    co_return absl::UnavailableError("another disclosure came first; repeat the call");
  }
  for (const exchange::v1::MemberPage& page : disclosure.pages) {
    if (GoesWithReferral(disclosure)) break;
    journal::ChangeSet changes;
    StagePage(parts_, ref, *case_key, page, changes);
    absl::StatusOr<journal::Committed> committed =
        co_await CommitChanges(parts_, std::move(changes));
    CO_RETURN_IF_ERROR(committed.status());
  }
  co_return co_await DeleteLeftovers(disclosure, ref);
}

// An earlier try at the same number that came to nothing may have disclosed more. What is left of
// it would be counted, shown and sent again as if it were part of this one.
Answer<bool> Disclosures::DeleteLeftovers(const WholeDisclosure& disclosure, ReferralRef ref) {
  RowRange pages{.of = RowRange::Of::kPages, .ref = ref, .disclosure = disclosure.number};
  std::optional<PageKey> last =
      PageKey{ref, disclosure.number, static_cast<uint32_t>(disclosure.pages.size())};
  const auto no_page_stays = [](const PageKey&) { return false; };
  absl::StatusOr<bool> deleted =
      co_await DeleteOthers<PageKey>(parts_, std::move(pages), std::move(last), no_page_stays);
  CO_RETURN_IF_ERROR(deleted.status());
  std::set<std::string> disclosed;
  for (const intake::v1::MemberDimensions& member : disclosure.members) {
    disclosed.insert(member.member_id());
  }
  const auto is_disclosed = [&disclosed](const MemberKey& key) {
    return disclosed.contains(key.member.ToString());
  };
  RowRange members{.of = RowRange::Of::kMembers, .ref = ref, .disclosure = disclosure.number};
  std::optional<MemberKey> from_start;
  co_return co_await DeleteOthers<MemberKey>(parts_, std::move(members), std::move(from_start),
                                             is_disclosed);
}

}  // namespace redress::referral
