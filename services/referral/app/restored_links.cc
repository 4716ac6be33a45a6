#include "services/referral/app/restored_links.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "services/platform/status/status_macros.h"
#include "services/referral/app/referral_edit.h"
#include "services/referral/app/resend.h"
#include "services/referral/app/verb_runner.h"

namespace redress::referral {
namespace {

constexpr size_t kPage = 100;

// The row of one half of a link, changed by `change` and committed unless it says no.
Answer<bool> ChangeLink(const AppParts& parts, std::string peer, LinkHalf half,
                        std::function<bool(rows::LinkRecord&)> change) {
  for (int attempt = 1;; ++attempt) {
    const LinkKey kept{NodeId::FromTrusted(peer), half};
    LinkKey key = kept;
    auto found = co_await parts.repository.Find(std::move(key));
    CO_RETURN_IF_ERROR(found.status());
    rows::LinkRecord link;
    if (found->has_value()) link = (*found)->row;
    if (!change(link)) co_return false;
    journal::ChangeSet changes;
    parts.repository.ExpectVersion(changes, kept, found->has_value() ? (*found)->version : 0);
    parts.repository.Put(changes, kept, link);
    absl::StatusOr<journal::Committed> committed =
        co_await CommitChanges(parts, std::move(changes));
    if (MayRetry(committed.status(), attempt)) continue;
    CO_RETURN_IF_ERROR(committed.status());
    co_return true;
  }
}

// A later disclosure replaces the one before at a destination that has the referral; one that has
// not takes the head. It goes after the pages, so that it finds the referral in either case.
void InsertUpdate(const LoadedReferral& loaded, std::vector<OutgoingMessage>& messages) {
  if (loaded.record.disclosure_number() < 2 || messages.empty()) return;
  const exchange::v1::ReferralHead& head = messages.front().message.referral_head();
  OutgoingMessage update;
  exchange::v1::DisclosureUpdate& out = *update.message.mutable_disclosure_update();
  out.set_referral_id(loaded.record.referral_id());
  *out.mutable_complaint() = head.complaint();
  out.set_page_count(head.page_count());
  const auto after_pages =
      std::find_if(messages.begin() + 1, messages.end(),
                   [](const OutgoingMessage& one) { return !one.message.has_member_page(); });
  messages.insert(after_pages, std::move(update));
}

Answer<std::vector<OutgoingMessage>> OwnMessages(const AppParts& parts,
                                                 const LoadedReferral& loaded) {
  if (loaded.ref.side == Side::kDestination) co_return FactsAgain(parts, loaded);
  absl::StatusOr<std::vector<OutgoingMessage>> messages = co_await MessagesAgain(parts, loaded);
  CO_RETURN_IF_ERROR(messages.status());
  InsertUpdate(loaded, *messages);
  co_return messages;
}

Answer<bool> SendReferralAgain(const AppParts& parts, std::string peer, ReferralRef ref) {
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<std::optional<LoadedReferral>> loaded = co_await LoadReferral(parts, ref);
    CO_RETURN_IF_ERROR(loaded.status());
    if (!loaded->has_value()) co_return false;
    const rows::ReferralRecord& record = (*loaded)->record;
    const std::string& other =
        ref.side == Side::kHome ? record.destination_node() : record.home_node();
    if (other != peer) co_return false;
    absl::StatusOr<std::vector<OutgoingMessage>> messages = co_await OwnMessages(parts, **loaded);
    CO_RETURN_IF_ERROR(messages.status());
    ReferralEdit edit(parts, **std::move(loaded));
    for (OutgoingMessage& message : *messages) edit.SendFirst(std::move(message));
    journal::ChangeSet changes;
    CO_RETURN_IF_ERROR(edit.Stage(changes));
    absl::StatusOr<journal::Committed> committed =
        co_await CommitChanges(parts, std::move(changes));
    if (MayRetry(committed.status(), attempt)) continue;
    CO_RETURN_IF_ERROR(committed.status());
    WakeRunners(parts, edit.sends(), edit.leaves_work());
    co_return true;
  }
}

// Gathered before anything is sent: sending moves a referral to another place of the index.
Answer<std::vector<ReferralRef>> AllReferrals(const AppParts& parts) {
  std::vector<ReferralRef> refs;
  std::optional<IndexKey> after;
  for (;;) {
    RowRange range{
        .of = RowRange::Of::kIndex, .scope = IndexScope::kNode, .order = IndexOrder::kUpdated};
    std::optional<IndexKey> from = after;
    absl::StatusOr<FoundPage<IndexKey>> page =
        co_await parts.repository.Scan<IndexKey>(std::move(range), std::move(from), kPage);
    CO_RETURN_IF_ERROR(page.status());
    for (const Found<IndexKey>& row : page->rows) refs.push_back(row.key.ref);
    if (!page->more) break;
    after = page->rows.back().key;
  }
  std::reverse(refs.begin(), refs.end());  // Those that were quiet longest first.
  co_return refs;
}

}  // namespace

Answer<bool> MustTellOfRestore(const AppParts& parts, std::string peer) {
  if (!parts.restored || peer == parts.node.ToString()) co_return false;
  LinkKey key{NodeId::FromTrusted(peer), LinkHalf::kOut};
  auto found = co_await parts.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(found.status());
  co_return !found->has_value() || (*found)->row.restores_told() < parts.restored->generation;
}

Answer<bool> NoteRestoreTold(const AppParts& parts, std::string peer) {
  const uint32_t restores = parts.restored ? parts.restored->generation : 0;
  std::function<bool(rows::LinkRecord&)> note = [restores](rows::LinkRecord& link) {
    if (link.restores_told() >= restores) return false;
    if (link.out_epoch() == 0) link.set_out_epoch(1);
    link.set_restores_told(restores);
    return true;
  };
  co_return co_await ChangeLink(parts, std::move(peer), LinkHalf::kOut, std::move(note));
}

Answer<bool> NotePeerRestores(const AppParts& parts, std::string peer, uint32_t restores) {
  if (restores == 0 || peer == parts.node.ToString()) co_return false;
  std::function<bool(rows::LinkRecord&)> note = [restores](rows::LinkRecord& link) {
    if (link.peer_restores() >= restores) return false;
    link.set_peer_restores(restores);
    return true;
  };
  co_return co_await ChangeLink(parts, std::move(peer), LinkHalf::kIn, std::move(note));
}

Answer<bool> SendAgainToRestored(const AppParts& parts, std::string peer) {
  LinkKey key{NodeId::FromTrusted(peer), LinkHalf::kIn};
  auto found = co_await parts.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(found.status());
  if (!found->has_value()) co_return false;
  const uint32_t restores = (*found)->row.peer_restores();
  if (restores <= (*found)->row.peer_restores_answered()) co_return false;
  absl::StatusOr<std::vector<ReferralRef>> refs = co_await AllReferrals(parts);
  CO_RETURN_IF_ERROR(refs.status());
  for (const ReferralRef& ref : *refs) {
    absl::StatusOr<bool> sent = co_await SendReferralAgain(parts, peer, ref);
    CO_RETURN_IF_ERROR(sent.status());
  }
  std::function<bool(rows::LinkRecord&)> note = [restores](rows::LinkRecord& link) {
    link.set_peer_restores_answered(restores);
    return true;
  };
  co_return co_await ChangeLink(parts, std::move(peer), LinkHalf::kIn, std::move(note));
}

}  // namespace redress::referral
