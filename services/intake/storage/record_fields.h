#ifndef REDRESS_SERVICES_INTAKE_STORAGE_RECORD_FIELDS_H_
#define REDRESS_SERVICES_INTAKE_STORAGE_RECORD_FIELDS_H_

#include <string>
#include <vector>

#include "services/intake/app/answers.h"
#include "services/intake/app/records.h"
#include "services/intake/storage/personal_fields.h"

// The fields of the rows (wire.h): case_record.proto, tally_record.proto and member_record.proto of
// redress.intake.storage.v1; control_fields.h has the rest. Numbers are on disk and never reused.
// Rows with a sealed part carry it as bytes in the last field of the clear one.
namespace redress::intake {

template <class Ar>
void Fields(Ar& ar, Actor& actor) {
  ar(1, actor.node_id);
  ar(2, actor.body_id);
  ar(3, actor.role);
  ar(4, actor.subject);
}

template <class Ar>
void Fields(Ar& ar, MemberCount& count) {
  ar(1, count.sex);
  ar(2, count.nationality);
  ar(3, count.migration_status);
  ar(4, count.migration_channel);
  ar(5, count.count);
}

template <class Ar>
void Fields(Ar& ar, EmbassyCount& count) {
  ar(1, count.nationality);
  ar(2, count.count);
}

template <class Ar>
void Fields(Ar& ar, LastDayCount& count) {
  ar(1, count.last_day);
  ar(2, count.members);
}

template <class Ar>
void Fields(Ar& ar, ReceiverTally& tally) {
  ar(1, tally.receiver_body_id);
  ar(2, tally.last_days);
}

template <class Ar>
void Fields(Ar& ar, ConsentTally& tally) {
  ar(1, tally.any);
  ar(2, tally.receivers);
}

template <class Ar>
void Fields(Ar& ar, LanguageCount& count) {
  ar(1, count.language);
  ar(2, count.members);
}

template <class Ar>
void Fields(Ar& ar, MemberFacts& facts) {
  ar(1, facts.minors);
  ar(2, facts.detained);
  ar(3, facts.papers_with_employer);
  ar(4, facts.papers_with_agency);
  ar(5, facts.permit_expires_soon);
  ar(6, facts.irregular);
  ar(7, facts.union_members);
  ar(8, facts.languages);
}

template <class Ar>
void Fields(Ar& ar, SuggestionReason& reason) {
  ar(1, reason.field);
  ar(2, reason.code);
  ar(3, reason.member_count);
}

template <class Ar>
void Fields(Ar& ar, IndicatorSuggestion& indicator) {
  ar(1, indicator.indicator);
  ar(2, indicator.reasons);
}

template <class Ar>
void Fields(Ar& ar, Suggestions& suggestions) {
  ar(1, suggestions.urgency.urgency);
  ar(2, suggestions.urgency.reasons);
  ar(3, suggestions.indicators);
}

template <class Ar>
void Fields(Ar& ar, Screening& screening) {
  ar(1, screening.screened_at);
  ar(2, screening.screened_by);
  ar(3, screening.admitted);
  ar(4, screening.primary_category);
  ar(5, screening.source_category_code);
  ar(6, screening.secondary_categories);
  ar(7, screening.urgency);
  ar(8, screening.forced_labour_indicators);
  ar(9, screening.reason);
}

template <class Ar>
void Fields(Ar& ar, CaseWithdrawal& withdrawal) {
  ar(1, withdrawal.mark.withdrawn_at);
  ar(2, withdrawal.withdrawn_by);
  ar(3, withdrawal.reason);
  ar(4, withdrawal.mark.undo_until);
  ar(5, withdrawal.mark.state_before);
}

// Of a member.
template <class Ar>
void Fields(Ar& ar, WithdrawalMark& mark) {
  ar(1, mark.withdrawn_at);
  ar(2, mark.undo_until);
  ar(3, mark.state_before);
}

template <class Ar>
void Fields(Ar& ar, MoneyTotals& totals) {
  ar(1, totals.currency);
  for (size_t kind = 0; kind < kSummedKinds; ++kind) {
    ar(2 + static_cast<int>(kind), totals.by_kind[kind]);
  }
  ar(12, totals.owed);
  ar(13, totals.balance);
  ar(14, totals.overpaid);
}

template <class Ar>
void Fields(Ar& ar, CaseHead& head) {
  ar(1, head.case_number);
  ar(2, head.state);
  ar(3, head.filed_at);
  ar(4, head.updated_at);
  ar(5, head.filed_by);
  ar(6, head.kind);
  ar(7, head.scope);
  ar(8, head.channel);
  ar(9, head.migration_stage);
  ar(10, head.origin);
  ar(11, head.transit);
  ar(12, head.destination);
  ar(13, head.sector);
  ar(14, head.primary_category);
  ar(15, head.secondary_categories);
  ar(16, head.source_category_code);
  ar(17, head.assisting_organisation);
  ar(18, head.province);
  ar(19, head.district);
  ar(20, head.respondent_body_ids);
  ar(21, head.agency_keys);
  ar(22, head.suggestions);
  ar(23, head.screening);
  ar(24, head.withdrawal);
  ar(25, head.member_count);
  ar(26, head.withdrawn_count);
  ar(27, head.member_counts);
  ar(28, head.embassy_counts);
  ar(30, head.evidence_count);
  ar(31, head.history_count);
  ar(32, head.amendment_count);
  ar(33, head.money_count);
  ar(34, head.open_referral_ids);
  ar(35, head.open_approval_ids);
  ar(36, head.totals);
  ar(37, head.incident_from);
  ar(38, head.member_facts);
  ar(39, head.filing_groups);
  ar(40, head.members_with_open_balance);
  ar(41, head.similarity_keys);
  ar(42, head.referral_consents);
}

template <class Ar>
void Fields(Ar& ar, ListRow& row) {
  ar(1, row.case_number);
  ar(2, row.state);
  ar(3, row.filed_at);
  ar(4, row.updated_at);
  ar(5, row.filed_by_body_id);
  ar(6, row.origin);
  ar(7, row.transit);
  ar(8, row.destination);
  ar(9, row.sector);
  ar(10, row.primary_category);
  ar(11, row.urgency);
  ar(12, row.urgency_confirmed);
  ar(13, row.member_count);
  ar(14, row.nationalities);
  ar(15, row.province);
}

template <class Ar>
void Fields(Ar& ar, ConsentBit& bit) {
  ar(1, bit.purpose);
  ar(2, bit.receiver_body_id);
  ar(3, bit.status);
  ar(4, bit.groups);
  ar(5, bit.expires_on);
}

template <class Ar>
void Fields(Ar& ar, MemberRow& row) {
  ar(1, row.member_id);
  ar(2, row.ordinal);
  ar(3, row.sex);
  ar(4, row.nationality);
  ar(5, row.migration_status);
  ar(6, row.migration_channel);
  ar(7, row.withdrawal);
  ar(8, row.withdrawn_with_case);
  ar(11, row.consents);
  ar(12, row.totals);
  ar(13, row.similarity_keys);
  ar(14, row.sealed);
}

// The clear part of a row and its sealed bytes, for rows whose struct holds both.
template <class Row>
struct Sealed {
  Row row;
  std::string sealed;
};

template <class Ar>
void Fields(Ar& ar, HistoryRow& row) {
  ar(1, row.number);
  ar(2, row.at);
  ar(3, row.actor);
  ar(4, row.verb);
  ar(5, row.state);
  ar(6, row.member_ids);
  ar(7, row.reason);
  ar(8, row.paths);
  ar(9, row.amendment_number);
  ar(10, row.remedies_obtained);
  ar(11, row.sanctions);
  ar(12, row.screening);
  ar(13, row.undo_until);
  ar(15, row.state_before);
}
template <class Ar>
void Fields(Ar& ar, Sealed<HistoryRow>& record) {
  Fields(ar, record.row);
  ar(14, record.sealed);
}

struct HistoryPersonal {
  std::string note;
  std::optional<WorkerInstruction> instruction;
  std::optional<Complaint> previous_complaint;
  std::string previous_narrative;
  std::optional<GroupMember> previous_member;
};
template <class Ar>
void Fields(Ar& ar, HistoryPersonal& personal) {
  ar(1, personal.note);
  ar(2, personal.instruction);
  ar(3, personal.previous_complaint);
  ar(4, personal.previous_narrative);
  ar(5, personal.previous_member);
}

template <class Ar>
void Fields(Ar& ar, MoneyRow& row) {
  ar(1, row.entry.entry_id);
  ar(3, row.entry.member_id);
  ar(4, row.entry.kind);
  ar(5, row.entry.amount.currency);
  ar(6, row.entry.amount.minor_units);
  ar(7, row.happened_on);
  ar(8, row.entry.reverses_entry_id);
  ar(9, row.reversed_by);
  ar(10, row.referral_id);
  ar(11, row.recorded_by);
  ar(12, row.recorded_at);
  ar(13, row.posted_at);
  ar(14, row.from_claim_lines);
}

template <class Ar>
void Fields(Ar& ar, Sealed<MoneyBatch>& record) {
  ar(1, record.row.first_number);
  ar(2, record.row.rows);
  ar(3, record.sealed);
}

struct MoneyPersonal {
  std::string from_whom;
  std::string to_whom;
  std::string note;
  std::optional<WorkerInstruction> instruction;
};
template <class Ar>
void Fields(Ar& ar, MoneyPersonal& personal) {
  ar(1, personal.from_whom);
  ar(2, personal.to_whom);
  ar(3, personal.note);
  ar(4, personal.instruction);
}

struct MoneyBatchPersonal {
  std::vector<MoneyPersonal> entries;  // One per entry, in order.
};
template <class Ar>
void Fields(Ar& ar, MoneyBatchPersonal& personal) {
  ar(1, personal.entries);
}

// Members that joined in one call, by the ordinal of the first.
struct MemberIds {
  std::vector<MemberId> ids;
};
template <class Ar>
void Fields(Ar& ar, MemberIds& ids) {
  ar(1, ids.ids);
}

struct MoneyIndex {
  CaseNumber case_number;
  uint64_t first_number = 0;
  uint32_t index = 0;
};
template <class Ar>
void Fields(Ar& ar, MoneyIndex& index) {
  ar(1, index.case_number);
  ar(2, index.first_number);
  ar(3, index.index);
}

template <class Ar>
void Fields(Ar& ar, Sealed<EvidenceRow>& record) {
  EvidenceRow& row = record.row;
  ar(1, row.evidence_id);
  ar(2, row.number);
  ar(3, row.kind);
  ar(4, row.size_bytes);
  ar(5, row.member_id);
  ar(6, row.shareable);
  ar(7, row.sensitive);
  ar(8, row.uploaded_at);
  ar(9, row.uploaded_by);
  ar(12, record.sealed);
}

struct EvidencePersonal {
  std::string file_name;
  std::string media_type;
  std::string sha256;
  std::string description;
  std::string original_at;
};
template <class Ar>
void Fields(Ar& ar, EvidencePersonal& personal) {
  ar(1, personal.file_name);
  ar(2, personal.media_type);
  ar(3, personal.sha256);
  ar(4, personal.description);
  ar(5, personal.original_at);
}

struct EvidenceIndex {
  CaseNumber case_number;
  uint32_t number = 0;
};
template <class Ar>
void Fields(Ar& ar, EvidenceIndex& index) {
  ar(1, index.case_number);
  ar(2, index.number);
}

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_STORAGE_RECORD_FIELDS_H_
