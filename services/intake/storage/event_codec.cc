#include "services/intake/storage/event_codec.h"

#include <utility>
#include <variant>

#include "services/intake/storage/record_fields.h"
#include "services/intake/storage/wire.h"

namespace redress::intake {
namespace event_fields {

// google.protobuf.Timestamp.
struct Timestamp {
  int64_t seconds = 0;
  int64_t nanos = 0;

  static Timestamp Of(absl::Time time) {
    const int64_t micros = absl::ToUnixMicros(time);
    Timestamp stamp{micros / 1'000'000, (micros % 1'000'000) * 1000};
    if (stamp.nanos < 0) {
      stamp.nanos += 1'000'000'000;
      --stamp.seconds;
    }
    return stamp;
  }
};
template <class Ar>
void Fields(Ar& ar, Timestamp& stamp) {
  ar(1, stamp.seconds);
  ar(2, stamp.nanos);
}

// redress.common.v1.Actor: without the subject, which is nobody's but the audit's.
struct ShownActor {
  const Actor& actor;
};
template <class Ar>
void Fields(Ar& ar, ShownActor& shown) {
  ar(1, shown.actor.node_id);
  ar(2, shown.actor.body_id);
  ar(3, shown.actor.role);
}

}  // namespace event_fields

template <class Ar>
void Fields(Ar& ar, CaseDimensions& d) {
  ar(1, d.filed_by_body_id);
  ar(2, d.assisting_organisation);
  ar(3, d.kind);
  ar(4, d.scope);
  ar(5, d.channel);
  ar(6, d.migration_stage);
  ar(7, d.origin);
  ar(8, d.transit);
  ar(9, d.destination);
  ar(10, d.sector);
  ar(11, d.primary_category);
  ar(12, d.secondary_categories);
  ar(13, d.source_category_code);
  ar(14, d.urgency);
  ar(15, d.urgency_confirmed);
  ar(16, d.forced_labour_indicators);
  ar(17, d.province);
  ar(18, d.district);
  ar(19, d.member_counts);
  ar(20, d.member_count);
  ar(21, d.agency_keys);
}

template <class Ar>
void Fields(Ar& ar, MemberDimensions& d) {
  ar(1, d.member_id);
  ar(2, d.tracking_digest);
  ar(3, d.nationality);
  ar(4, d.sex);
  ar(5, d.migration_status);
  ar(6, d.migration_channel);
  ar(7, d.embassy_consent);
  ar(8, d.embassy_expires_on);
}

template <class Ar>
void Fields(Ar& ar, PostedEntry& posted) {
  ar(1, posted.entry.entry_id);
  ar(2, posted.entry.member_id);
  ar(3, std::string(MoneyKindName(posted.entry.kind)));
  ar(4, posted.entry.amount.currency);
  ar(5, posted.entry.amount.minor_units);
  ar(6, posted.happened_on);
  ar(7, posted.entry.reverses_entry_id);
  ar(8, posted.referral_id);
}

// redress.intake.v1.CurrencyTotal: the stored sums without what was paid too much, which is shown
// in the ledger and counted nowhere.
std::vector<MoneyTotals> Sums(std::vector<MoneyTotals> totals) {
  for (MoneyTotals& one : totals) one.overpaid = 0;
  return totals;
}

template <class Ar>
void Fields(Ar& ar, CaseFiled& e) {
  ar(1, e.dimensions);
  ar(2, e.members);
  ar(3, Sums(e.totals));
  ar(4, e.incident_from);
}
template <class Ar>
void Fields(Ar& ar, CaseScreened& e) {
  ar(1, e.admitted);
  ar(2, e.reason);
  ar(3, e.dimensions);
}
template <class Ar>
void Fields(Ar& ar, CaseAmended& e) {
  ar(1, e.amendment_number);
  ar(2, e.paths);
  ar(3, e.dimensions);
  ar(4, e.member);
  ar(5, Sums(e.totals));
}
template <class Ar>
void Fields(Ar& ar, CaseWithdrawn& e) {
  ar(1, e.member_ids);
  ar(2, e.reason);
  ar(3, event_fields::Timestamp::Of(e.undo_until));
  ar(4, e.affected_referral_ids);
  ar(5, e.dimensions);
}
template <class Ar>
void Fields(Ar& ar, CaseClosed& e) {
  ar(1, e.remedies_obtained);
  ar(2, e.sanctions);
  ar(3, e.reason);
}
template <class Ar>
void Fields(Ar& ar, CaseReopened& e) {
  ar(1, e.kind);
  ar(2, e.member_ids);
  ar(3, e.dimensions);
}
template <class Ar>
void Fields(Ar& ar, MembersAdded& e) {
  ar(1, e.members);
  ar(2, e.dimensions);
  ar(3, Sums(e.totals));
}
template <class Ar>
void Fields(Ar& ar, ConsentChanged& e) {
  ar(1, e.purpose);
  ar(2, e.receiver_body_id);
  ar(3, e.status);
  ar(4, e.groups);
  ar(5, e.member_ids);
  ar(6, e.expires_on);
  ar(7, e.affected_referral_ids);
}
template <class Ar>
void Fields(Ar& ar, EvidenceAdded& e) {
  ar(1, e.evidence_id);
  ar(2, e.kind);
  ar(3, e.size_bytes);
  ar(4, e.member_id);
  ar(5, e.shareable);
}
template <class Ar>
void Fields(Ar& ar, MoneyRecorded& e) {
  ar(1, e.entries);
  ar(2, Sums(e.totals));
}
template <class Ar>
void Fields(Ar& ar, DisclosureOpened& e) {
  ar(1, e.referral_id);
  ar(2, e.receiver_body_id);
  ar(3, e.disclosure_number);
  ar(4, e.groups);
  ar(5, e.member_count);
  ar(6, e.by_override);
}
template <class Ar>
void Fields(Ar& ar, DisclosureSettled& e) {
  ar(1, e.referral_id);
  ar(2, e.outcome);
}
template <class Ar>
void Fields(Ar& ar, ApprovalRequested& e) {
  ar(1, e.approval_id);
  ar(2, e.kind);
}
template <class Ar>
void Fields(Ar& ar, ApprovalDecided& e) {
  ar(1, e.approval_id);
  ar(2, e.kind);
  ar(3, e.decision);
}

// The kinds stand in the variant in the order of the oneof, which begins at 10.
constexpr int kFirstKind = 10;

template <class Ar>
void Fields(Ar& ar, CaseEvent& event) {
  ar(2, event_fields::Timestamp::Of(event.occurred_at));
  ar(3, event.case_number);
  ar(4, event.state);
  ar(5, event_fields::ShownActor{event.actor});
  const int kind = kFirstKind + static_cast<int>(event.what.index());
  std::visit([&ar, kind](auto& what) { ar.Present(kind, what); }, event.what);
}

std::string EncodeEvent(const CaseEvent& event) {
  constexpr size_t kUsualBytes = 768;
  return wire::Writer::Encode(event, kUsualBytes);
}

}  // namespace redress::intake
