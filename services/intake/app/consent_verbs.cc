#include "services/intake/app/consent_verbs.h"

#include <algorithm>
#include <utility>

#include "services/intake/app/case_tally.h"
#include "services/intake/app/member_loading.h"
#include "services/intake/app/verb_call.h"
#include "services/intake/domain/case_decisions.h"
#include "services/intake/domain/code_lists.h"
#include "services/intake/domain/consent.h"
#include "services/intake/domain/validate_complaint.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

std::vector<MemberId> IdsOf(const std::vector<MemberRow>& rows) {
  std::vector<MemberId> ids;
  for (const MemberRow& row : rows) ids.push_back(row.member_id);
  return ids;
}

// What a member's row says after more was said, and the rest of the member with it. `change_bits`
// returns what is to be added to the member's own record of consents.
template <class ChangeBits>
absl::Status ChangeConsents(const VerbCall& call, CaseChange& change, MemberRow& row,
                            ChangeBits change_bits) {
  CaseHead& head = change.after;
  CaseStore& cases = call.context().cases;
  ASSIGN_OR_RETURN(GroupMember member, cases.OpenMember(head.case_number, *change.key, row));
  CountOut(row, call.today(), head);
  for (Consent& said : change_bits(row.consents)) member.consents.push_back(std::move(said));
  CountIn(row, call.today(), head);
  cases.SealMember(head.case_number, *change.key, member, row);
  cases.PutMember(change.changes, head.case_number, row);
  return absl::OkStatus();
}

// With all members at hand the common groups are worked out anew; otherwise they only narrow.
void UpdateFilingGroups(const std::vector<MemberRow>& rows, CaseHead& head) {
  const bool all = rows.size() == head.member_count;
  for (size_t i = 0; i < rows.size(); ++i) NarrowFilingGroups(rows[i], all && i == 0, head);
}

ConsentChanged EventOf(const Consent& consent, const std::vector<MemberRow>& rows,
                       std::vector<std::string> referral_ids) {
  return {consent.purpose, consent.receiver_body_id, consent.status,         consent.groups,
          IdsOf(rows),     consent.expires_on,       std::move(referral_ids)};
}

template <class Command>
absl::Status CheckRequest(const VerbCall& call, const Command& command) {
  FieldViolations violations;
  NoteFaults(command, call.validation(), violations);
  return violations.ToStatus();
}

// What the member's own record of consents says of what is taken back: one entry per word changed.
std::vector<Consent> Withdrawals(const std::vector<ConsentBit>& before,
                                 const std::vector<ConsentBit>& after, const Date& today) {
  std::vector<Consent> said;
  for (const ConsentBit& bit : after) {
    if (std::find(before.begin(), before.end(), bit) != before.end()) continue;
    Consent consent;
    consent.purpose = bit.purpose;
    consent.receiver_body_id = bit.receiver_body_id;
    consent.status = bit.status;
    consent.given_on = today.ToString();
    said.push_back(std::move(consent));
  }
  return said;
}

}  // namespace

void NoteFaults(const RecordConsentCommand& command, const ValidationContext& context,
                FieldViolations& violations) {
  FieldChecker check(context, violations);
  CheckMemberIds(check, FieldPath("member_ids"), command.member_ids);
  ValidateConsents(command.consents, "consents", context, violations);
}

void NoteFaults(const RevokeConsentCommand& command, const ValidationContext& context,
                FieldViolations& violations) {
  FieldChecker check(context, violations);
  CheckMemberIds(check, FieldPath("member_ids"), command.member_ids);
  check.Required(FieldPath("purpose"), command.purpose, kConsentPurposes);
  if (!command.receiver_body_id.empty()) {
    const absl::StatusOr<BodyId> body = BodyId::Parse(command.receiver_body_id, "receiver_body_id");
    if (!body.ok()) check.Wrong(FieldPath("receiver_body_id"), "is not the id of a body");
    if (command.purpose != kReferralPurpose) {
      check.Wrong(FieldPath("receiver_body_id"), "must be empty unless the purpose is REFERRAL");
    }
  }
  if (command.instruction.has_value()) {
    ValidateInstruction(*command.instruction, "instruction", context, violations);
  }
}

async::Task<absl::StatusOr<VerbAnswer>> ConsentVerbs::RecordConsent(Caller caller, RequestMark mark,
                                                                    RecordConsentCommand command) {
  VerbCall call(context_, "RecordConsent", std::move(caller), std::move(mark));
  absl::StatusOr<std::optional<VerbAnswer>> answered = co_await call.FindAnswer();
  CO_RETURN_IF_ERROR(answered.status());
  if (answered->has_value()) co_return **std::move(answered);
  CO_RETURN_IF_ERROR(CheckRequest(call, command));
  absl::StatusOr<StoredCase> stored = co_await call.LoadCase(command.target);
  CO_RETURN_IF_ERROR(stored.status());
  const CaseNumber number = stored->head.case_number;
  absl::StatusOr<std::vector<MemberRow>> rows =
      co_await LoadMembersOrAll(call, stored->head, std::move(command.member_ids));
  CO_RETURN_IF_ERROR(rows.status());
  absl::Status allowed = CheckNotWithdrawn(*rows);
  if (!allowed.ok()) co_return co_await call.Refused(number, std::move(allowed));

  absl::StatusOr<CaseChange> change = co_await call.Change(*std::move(stored));
  CO_RETURN_IF_ERROR(change.status());
  const std::vector<Consent>& consents = command.consents;
  for (MemberRow& row : *rows) {
    CO_RETURN_IF_ERROR(
        ChangeConsents(call, *change, row, [&consents](std::vector<ConsentBit>& bits) {
          for (const Consent& consent : consents) intake::RecordConsent(bits, BitOf(consent));
          return consents;
        }));
  }
  UpdateFilingGroups(*rows, change->after);
  for (const Consent& consent : consents) {
    std::vector<std::string> affected;
    if (consent.purpose == kReferralPurpose) {
      absl::StatusOr<std::vector<std::string>> open =
          co_await OpenReferralsTo(call, change->after, consent.receiver_body_id);
      CO_RETURN_IF_ERROR(open.status());
      affected = *std::move(open);
    }
    if (!affected.empty() && consent.status == "GRANTED") {
      change->answer.warnings.push_back(
          {"REFERRAL_CAN_BE_UPDATED", "consents", "An open referral could now hold more."});
    }
    change->events.push_back(EventOf(consent, *rows, std::move(affected)));
  }
  change->answer.member_count = static_cast<uint32_t>(rows->size());
  co_return co_await call.Commit(*std::move(change));
}

async::Task<absl::StatusOr<VerbAnswer>> ConsentVerbs::RevokeConsent(Caller caller, RequestMark mark,
                                                                    RevokeConsentCommand command) {
  VerbCall call(context_, "RevokeConsent", std::move(caller), std::move(mark));
  absl::StatusOr<std::optional<VerbAnswer>> answered = co_await call.FindAnswer();
  CO_RETURN_IF_ERROR(answered.status());
  if (answered->has_value()) co_return **std::move(answered);
  CO_RETURN_IF_ERROR(CheckRequest(call, command));
  absl::StatusOr<StoredCase> stored = co_await call.LoadCase(command.target);
  CO_RETURN_IF_ERROR(stored.status());
  const CaseNumber number = stored->head.case_number;
  absl::StatusOr<std::vector<MemberRow>> rows =
      co_await LoadMembersOrAll(call, stored->head, std::move(command.member_ids));
  CO_RETURN_IF_ERROR(rows.status());
  absl::Status allowed =
      CheckInstructed(call.acts_for_self(), command.instruction, "RevokeConsent");
  if (!allowed.ok()) co_return co_await call.Refused(number, std::move(allowed));

  absl::StatusOr<CaseChange> change = co_await call.Change(*std::move(stored));
  CO_RETURN_IF_ERROR(change.status());
  for (MemberRow& row : *rows) {
    bool in_force = false;
    CO_RETURN_IF_ERROR(ChangeConsents(
        call, *change, row, [&call, &command, &in_force](std::vector<ConsentBit>& bits) {
          const std::vector<ConsentBit> before = bits;
          in_force =
              intake::RevokeConsent(bits, command.purpose, command.receiver_body_id, call.today());
          return Withdrawals(before, bits, call.today());
        }));
    if (in_force) ++change->answer.member_count;
  }
  UpdateFilingGroups(*rows, change->after);
  if (change->answer.member_count == 0) {
    change->answer.warnings.push_back(
        {"NOTHING_TO_REVOKE", "purpose", "No consent was in force; stored as a refusal."});
  }
  if (command.purpose == kReferralPurpose) {
    absl::StatusOr<std::vector<std::string>> open =
        co_await OpenReferralsTo(call, change->after, command.receiver_body_id);
    CO_RETURN_IF_ERROR(open.status());
    change->answer.referral_ids = *std::move(open);
  }
  Consent taken_back;
  taken_back.purpose = command.purpose;
  taken_back.receiver_body_id = command.receiver_body_id;
  taken_back.status = "WITHDRAWN";
  change->events.push_back(EventOf(taken_back, *rows, change->answer.referral_ids));
  HistoryRow history;
  history.verb = "REVOKE_CONSENT";
  history.member_ids = IdsOf(*rows);
  history.instruction = command.instruction;
  AddHistory(call, *change, std::move(history));
  co_return co_await call.Commit(*std::move(change));
}

}  // namespace redress::intake
