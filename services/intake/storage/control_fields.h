#ifndef REDRESS_SERVICES_INTAKE_STORAGE_CONTROL_FIELDS_H_
#define REDRESS_SERVICES_INTAKE_STORAGE_CONTROL_FIELDS_H_

#include <string>

#include "services/intake/storage/record_fields.h"

// The fields of the rows that steer rather than tell (wire.h): control_record.proto of
// redress.intake.storage.v1, and the narratives. Numbers are on disk and never reused.
namespace redress::intake {

template <class Ar>
void Fields(Ar& ar, DisclosureRow& row) {
  ar(1, row.referral_id);
  ar(2, row.receiver_body_id);
  ar(3, row.disclosure_number);
  ar(4, row.groups);
  ar(5, row.member_count);
  ar(6, row.requested_member_ids);
  ar(7, row.requested_groups);
  ar(8, row.by_override);
  ar(9, row.opened_at);
  ar(10, row.updated_at);
  ar(11, row.settled_at);
  ar(12, row.outcome);
}

template <class Ar>
void Fields(Ar& ar, MemberAmount& amount) {
  ar(1, amount.member_id);
  ar(2, amount.amount.currency);
  ar(3, amount.amount.minor_units);
}

template <class Ar>
void Fields(Ar& ar, ConsentOverride& override_) {
  ar(1, override_.receiver_body_id);
  ar(2, override_.groups);
  ar(3, override_.expires_on);
}

template <class Ar>
void Fields(Ar& ar, Sealed<ApprovalRow>& record) {
  ApprovalRow& row = record.row;
  ar(1, row.approval.approval_id);
  ar(2, row.approval.requested_by);
  ar(3, row.approval.decision);
  ar(4, row.approval.decided_by);
  ar(5, row.approval.member_ids);
  ar(6, row.approval.consent_override);
  ar(7, row.approval.write_off);
  ar(8, row.requested_by);
  ar(9, row.requested_at);
  ar(10, row.decided_by);
  ar(11, row.decided_at);
  ar(12, row.entry_ids);
  ar(14, record.sealed);
}

struct ApprovalPersonal {
  std::string request_reason;
  std::string decision_reason;
};
template <class Ar>
void Fields(Ar& ar, ApprovalPersonal& personal) {
  ar(1, personal.request_reason);
  ar(2, personal.decision_reason);
}

struct NarrativePersonal {
  std::string text;
};
template <class Ar>
void Fields(Ar& ar, NarrativePersonal& personal) {
  ar(1, personal.text);
}

template <class Ar>
void Fields(Ar& ar, Warning& warning) {
  ar(1, warning.code);
  ar(2, warning.field);
  ar(3, warning.description);
}

template <class Ar>
void Fields(Ar& ar, VerbAnswer& answer) {
  ar(1, answer.case_number);
  ar(2, answer.state);
  ar(3, answer.committed_at);
  ar(4, answer.warnings);
  ar(5, answer.member_ids);
  ar(6, answer.suggestions);
  ar(7, answer.member_count);
  ar(8, answer.amendment_number);
  ar(9, answer.undo_until);
  ar(10, answer.referral_ids);
  ar(11, answer.entry_ids);
  ar(12, answer.totals);
  ar(13, answer.created_id);
}

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_STORAGE_CONTROL_FIELDS_H_
