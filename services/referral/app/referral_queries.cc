#include "services/referral/app/referral_queries.h"

#include <map>
#include <utility>

#include "fmt/format.h"
#include "redress/exchange/v1/message.pb.h"
#include "services/platform/codes/field_checks.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/fact_conversion.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/referral_events.h"
#include "services/referral/app/referral_money.h"
#include "services/referral/app/visible_referral.h"
#include "services/referral/domain/proposal.h"

namespace redress::referral {
namespace {

// Notes, details and people are for those who see everything; a person's id for the own body only.
v1::Fact ShownFact(const AppParts& parts, const Fact& fact, const auth::Principal& caller,
                   Sight sight) {
  v1::Fact shown = ToProto(fact, parts.codes);
  if (fact.actor.body.empty() || fact.actor.body.ToString() != caller.body_id) {
    shown.clear_person_id();
  }
  if (sight == Sight::kAll) return shown;
  shown.clear_note();
  shown.clear_instruction();
  shown.clear_details();
  return shown;
}

void AddHistory(const AppParts& parts, const VisibleReferral& visible,
                const auth::Principal& caller, v1::Referral& referral) {
  const LoadedReferral& loaded = visible.loaded;
  for (const FoldStep& step : loaded.folded.steps) {
    const std::vector<Fact>& facts =
        step.fact.side == Side::kHome ? loaded.home : loaded.destination;
    const Fact& fact = facts[step.fact.number - 1];
    v1::HistoryEntry* entry = referral.add_history();
    *entry->mutable_fact() = ShownFact(parts, fact, caller, visible.sight);
    entry->set_state_before(static_cast<v1::ReferralState>(step.before));
    entry->set_state_after(static_cast<v1::ReferralState>(step.after));
    entry->set_lost(step.lost());
    if (step.lost_to) {
      entry->set_lost_to_side(static_cast<v1::Side>(step.lost_to->side));
      entry->set_lost_to_number(step.lost_to->number);
    }
    REDRESS_SET_TIME(*entry, recorded_at, fact.recorded_at);
  }
}

v1::Referral BaseOf(const LoadedReferral& loaded) {
  const rows::ReferralRecord& record = loaded.record;
  v1::Referral referral;
  referral.set_referral_id(record.referral_id());
  referral.set_case_number(record.case_number());
  referral.set_etag(EtagOf(loaded.folded));
  referral.set_state(record.state());
  referral.set_local_side(record.side());
  referral.set_home_node(record.home_node());
  referral.set_destination_node(record.destination_node());
  referral.set_receiver_body_id(record.receiver_body_id());
  referral.set_focal_point_id(record.focal_point_id());
  referral.set_holder_body_id(record.holder_body_id());
  referral.set_urgency(record.dimensions().urgency());
  *referral.mutable_agreement() = record.agreement();
  referral.set_parent_referral_id(record.parent_referral_id());
  referral.set_child_referral_id(record.child_referral_id());
  referral.set_previous_referral_id(record.previous_referral_id());
  REDRESS_SET_TIME(referral, sent_at, FromMicros(record.sent_at_micros()));
  REDRESS_SET_TIME(referral, delivered_at, FromMicros(record.delivered_at_micros()));
  REDRESS_SET_TIME(referral, updated_at, FromMicros(record.updated_at_micros()));
  *referral.mutable_clock_rules() = record.clock_rules();
  *referral.mutable_clocks() = record.clocks();
  *referral.mutable_peer() = PeerViewOf(loaded);
  referral.set_reason(record.reason());
  referral.set_disclosure_number(record.disclosure_number());
  referral.set_member_count(record.member_count());
  return referral;
}

// Sums of each member out of the entries that this node knows.
using MemberSums = std::map<std::string, rows::ReferralRecord>;

Answer<MemberSums> SumsByMember(const AppParts& parts, const LoadedReferral& loaded) {
  RowRange range{.of = RowRange::Of::kMoney, .ref = loaded.ref};
  auto entries = co_await parts.repository.ScanAll<MoneyKey>(std::move(range));
  CO_RETURN_IF_ERROR(entries.status());
  std::map<std::string, const intake::v1::PostedEntry*> by_id;
  for (const Found<MoneyKey>& one : *entries) by_id[one.row.entry().entry_id()] = &one.row.entry();
  MemberSums sums;
  for (const Found<MoneyKey>& one : *entries) {
    auto reversed = by_id.find(one.row.entry().reverses_entry_id());
    CO_RETURN_IF_ERROR(AddToTotals(sums[one.row.entry().member_id()], one.row.entry(),
                                   reversed == by_id.end() ? nullptr : reversed->second));
  }
  co_return sums;
}

void AddMember(const AppParts& parts, const LoadedReferral& loaded, const MemberSums& sums,
               const intake::v1::DisclosedMember& disclosed, v1::Referral& referral) {
  const MemberId id = MemberId::FromTrusted(disclosed.member().member_id());
  v1::ReferralMember* member = referral.add_members();
  *member->mutable_member() = disclosed;
  const FoldedReferral& folded = loaded.folded;
  auto standing = folded.members.find(id);
  if (standing != folded.members.end()) {
    member->set_agreed(standing->second.agreed);
    member->set_answered_proposal(standing->second.answered_proposal);
  }
  if (folded.proposal) {
    if (const MemberTerms* terms = folded.proposal->terms.Find(id)) {
      *member->mutable_proposed() = ToProto(*terms, parts.codes);
    }
  }
  const MemberTerms* obtained = IsEnded(folded.state) ? ObtainedTerms(folded, id) : nullptr;
  if (obtained != nullptr) *member->mutable_obtained() = ToProto(*obtained, parts.codes);
  // One member's view of the same rule: what is owed by the terms, and what the entries say.
  LoadedReferral one;
  one.record.set_member_count(1);
  auto known = sums.find(id.ToString());
  if (known != sums.end()) *one.record.mutable_totals() = known->second.totals();
  one.folded.state = folded.state;
  if (obtained != nullptr) {
    one.folded.outcome.emplace();
    one.folded.outcome->terms.members = {*obtained};
    one.folded.outcome->awarded = folded.outcome && folded.outcome->awarded;
  }
  for (const intake::v1::CurrencyTotal& total : TotalsOf(one)) {
    intake::v1::LedgerBalance* balance = member->add_balances();
    *balance = ToBalance(total, parts.codes);
    balance->set_member_id(id.ToString());
  }
}

struct MemberCursor {
  uint32_t page = 1;
  uint32_t index = 0;
};

MemberCursor ReadCursor(const std::string& text) {
  MemberCursor cursor;
  if (std::sscanf(text.c_str(), "%u:%u", &cursor.page, &cursor.index) != 2) return {};
  return cursor;
}

// One page of the members that the caller sees. Returns where the next one begins, or nothing.
Answer<std::string> AddMembers(const AppParts& parts, const VisibleReferral& visible,
                               const auth::Principal& caller, std::string from, size_t limit,
                               v1::Referral& referral) {
  const LoadedReferral& loaded = visible.loaded;
  absl::StatusOr<MemberSums> sums = co_await SumsByMember(parts, loaded);
  CO_RETURN_IF_ERROR(sums.status());
  MemberCursor cursor = ReadCursor(from);
  while (true) {
    PageKey key{loaded.ref, loaded.record.disclosure_number(), cursor.page};
    const RowKey row_key = key;
    auto page = co_await parts.repository.Find(std::move(key));
    CO_RETURN_IF_ERROR(page.status());
    if (!page->has_value()) co_return std::string();
    absl::StatusOr<std::string> bytes =
        parts.repository.Open(*loaded.case_key, row_key, (*page)->row.sealed());
    CO_RETURN_IF_ERROR(bytes.status());
    exchange::v1::Message message;
    message.ParseFromString(*bytes);
    const auto& members = message.member_page().members();
    for (; cursor.index < static_cast<uint32_t>(members.size()); ++cursor.index) {
      const intake::v1::DisclosedMember& member = members[static_cast<int>(cursor.index)];
      const bool own = member.member().member_id() == caller.member_id;
      if (visible.sight == Sight::kOwnMember && !own) continue;
      if (static_cast<size_t>(referral.members_size()) == limit) {
        co_return fmt::format("{}:{}", cursor.page, cursor.index);
      }
      AddMember(parts, loaded, *sums, member, referral);
    }
    cursor = {cursor.page + 1, 0};
  }
}

Answer<bool> AddEvidence(const AppParts& parts, const LoadedReferral& loaded,
                         v1::Referral& referral) {
  RowRange range{.of = RowRange::Of::kEvidence, .ref = loaded.ref};
  auto pieces = co_await parts.repository.ScanAll<EvidenceKey>(std::move(range));
  CO_RETURN_IF_ERROR(pieces.status());
  for (const Found<EvidenceKey>& piece : *pieces) {
    if (!piece.row.valid()) continue;
    v1::Evidence* shown = referral.add_evidence();
    shown->ParseFromString(piece.row.evidence());
    shown->mutable_content()->ParseFromString(shown->statement());
  }
  co_return true;
}

absl::Status AddContent(const AppParts& parts, const LoadedReferral& loaded,
                        v1::Referral& referral) {
  ASSIGN_OR_RETURN(rows::ReferralPersonal personal, OpenPersonal(parts, loaded));
  *referral.mutable_complaint() = std::move(*personal.mutable_complaint());
  for (const intake::v1::CurrencyTotal& total : TotalsOf(loaded)) {
    *referral.add_balances() = ToBalance(total, parts.codes);
  }
  if (loaded.folded.open_question) {
    *referral.mutable_open_question() = ToProto(*loaded.folded.open_question);
  }
  if (loaded.folded.proposal_open && loaded.folded.proposal) {
    *referral.mutable_open_proposal() = ToProto(*loaded.folded.proposal, parts.codes);
  }
  return absl::OkStatus();
}

}  // namespace

Answer<v1::GetReferralResponse> ReferralQueries::GetReferral(Caller caller,
                                                             v1::GetReferralRequest request) {
  FieldViolations faults;
  ReferralId id = faults.Read(ReferralId::Parse(request.referral_id(), "referral_id"));
  const size_t page_size = ReadPageSize("member_page_size", request.member_page_size(), faults);
  CO_RETURN_IF_ERROR(faults.ToStatus());
  const std::string binding =
      crypto::PageTokens::Binding({"GetReferral", caller->CallerKey(), request.referral_id()});
  absl::StatusOr<std::string> cursor =
      parts_.page_tokens.Open(request.member_page_token(), binding);
  CO_RETURN_IF_ERROR(cursor.status());
  absl::StatusOr<VisibleReferral> visible = co_await FindVisible(parts_, caller, std::move(id));
  CO_RETURN_IF_ERROR(visible.status());
  const LoadedReferral& loaded = visible->loaded;
  v1::GetReferralResponse response;
  SetTimestamp(parts_.clock.Now(), response.mutable_as_of());
  v1::Referral& referral = *response.mutable_referral();
  const bool first = cursor->empty();
  referral = BaseOf(loaded);
  if (first) {
    LinkKey key{NodeId::FromTrusted(loaded.peer()), LinkHalf::kIn};
    auto link = co_await parts_.repository.Find(std::move(key));
    CO_RETURN_IF_ERROR(link.status());
    if (link->has_value()) {
      REDRESS_SET_TIME(*referral.mutable_peer(), heard_at,
                       FromMicros((*link)->row.heard_at_micros()));
    }
    AddHistory(parts_, *visible, *caller, referral);
    absl::StatusOr<bool> evidence = co_await AddEvidence(parts_, loaded, referral);
    CO_RETURN_IF_ERROR(evidence.status());
    if (visible->sight == Sight::kAll) {
      CO_RETURN_IF_ERROR(AddContent(parts_, loaded, referral));
    }
  }
  if (visible->sight == Sight::kAll || visible->sight == Sight::kOwnMember) {
    absl::StatusOr<std::string> next =
        co_await AddMembers(parts_, *visible, *caller, *std::move(cursor), page_size, referral);
    CO_RETURN_IF_ERROR(next.status());
    if (!next->empty()) {
      response.set_next_member_page_token(parts_.page_tokens.Seal(*next, binding));
    }
  }
  co_return response;
}

Answer<std::vector<v1::ReadEventsResponse>> ReferralQueries::ReadEvents(uint64_t after,
                                                                        size_t limit) {
  absl::StatusOr<uint64_t> last = co_await journal::LastEventNumber(parts_.store);
  CO_RETURN_IF_ERROR(last.status());
  if (after > *last) {
    co_return absl::OutOfRangeError("the log ends before that number; it is another store's");
  }
  absl::StatusOr<std::vector<journal::LoggedEvent>> events =
      co_await journal::ReadEvents(parts_.store, after, limit);
  CO_RETURN_IF_ERROR(events.status());
  std::vector<v1::ReadEventsResponse> responses;
  for (const journal::LoggedEvent& event : *events) {
    v1::ReadEventsResponse response;
    if (!response.mutable_event()->ParseFromString(event.bytes)) {
      co_return absl::DataLossError("an event cannot be read");
    }
    response.mutable_event()->set_number(event.number);
    response.set_last_number(std::max(*last, event.number));
    responses.push_back(std::move(response));
  }
  co_return responses;
}

}  // namespace redress::referral
