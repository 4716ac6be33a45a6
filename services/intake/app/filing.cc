#include "services/intake/app/filing.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "services/intake/app/case_tally.h"
#include "services/intake/app/member_intake.h"
#include "services/intake/app/verb_call.h"
#include "services/intake/domain/consent.h"
#include "services/intake/domain/similar.h"
#include "services/intake/domain/validate_complaint.h"
#include "services/platform/journal/commit.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

constexpr int kTriesForANumber = 3;
constexpr size_t kDuplicatesLookedFor = 3;

absl::Status CheckFiling(const VerbCall& call, const ComplaintFiling& filing) {
  FieldViolations violations;
  ValidateFiling(filing, "filing", call.validation(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  // Somebody else's word needs the worker's consent beside it.
  if (call.acts_for_self()) return absl::OkStatus();
  return CheckFilingConsent(filing.members, filing.consents, call.today());
}

// Documents and a desk's own references are nearly proof of a repetition and cost one short scan
// each; the rest is for FindSimilar, which a person asks for.
std::vector<std::string> TellingKeys(const ComplaintFiling& filing) {
  std::vector<std::string> keys;
  for (const GroupMember& member : filing.members) {
    for (const IdentityDocument& document : member.complainant.identity_documents) {
      const std::string number = NormaliseNumber(document.number);
      if (!number.empty() && keys.size() < kDuplicatesLookedFor) {
        keys.push_back("document:" + number);
      }
    }
  }
  const std::string& reference = filing.complaint.own_reference;
  if (!reference.empty()) keys.push_back("reference:" + reference);
  return keys;
}

async::Task<absl::StatusOr<bool>> LooksFiledBefore(const AppContext& context,
                                                   std::vector<std::string> keys) {
  for (const std::string& key : keys) {
    const uint64_t hash = context.cases.SimilarityKey(key);
    const absl::StatusOr<std::vector<CaseNumber>> hits =
        co_await context.cases.FindSimilar(hash, 1);
    CO_RETURN_IF_ERROR(hits.status());
    if (!hits->empty()) co_return true;
  }
  co_return false;
}

void AddFilingWarnings(bool looks_filed_before, const Date& today, CaseChange& change) {
  if (looks_filed_before) {
    change.answer.warnings.push_back(
        {"POSSIBLE_DUPLICATE", "filing",
         "A case with the same document number or own reference is there; look with FindSimilar."});
  }
  if (change.after.referral_consents.MembersOn(today) == 0) {
    change.answer.warnings.push_back(
        {"CONSENT_NOT_GIVEN_FOR_ANY_RECEIVER", "filing.consents",
         "Nobody agreed to a referral yet, so nothing can leave for another body."});
  }
}

absl::StatusOr<CaseChange> MakeCase(const VerbCall& call, CaseNumber number,
                                    const ComplaintFiling& filing, bool looks_filed_before) {
  CaseStore& cases = call.context().cases;
  CaseChange change;
  CaseHead& head = change.after;
  head.case_number = std::move(number);
  head.state = CaseState::kFiled;
  head.filed_at = call.now();
  head.filed_by = call.actor();
  change.key = cases.CreateCase(change.changes, head);
  const bool group = filing.complaint.scope == "GROUP";
  ASSIGN_OR_RETURN(std::vector<MemberDimensions> members,
                   TakeInMembers(call, filing.members, group, change));
  DescribeComplaint(filing.complaint, head);
  static const std::vector<GroupMember> kNobody;
  head.similarity_keys = IndexSimilar(call, filing.complaint, group ? kNobody : filing.members,
                                      kMaxHeadSimilarityKeys, change);
  cases.PutComplaint(change.changes, head.case_number, *change.key, filing.complaint,
                     !filing.complaint.narrative.empty(),
                     !filing.complaint.sensitive_narrative.empty());
  change.answer.suggestions = head.suggestions;
  AddFilingWarnings(looks_filed_before, call.today(), change);
  change.events.push_back(
      CaseFiled{DimensionsOf(head), std::move(members), head.totals, head.incident_from});
  return change;
}

}  // namespace

Filing::Filing(const AppContext& context) : context_(context), serials_(context) {}

async::Task<absl::StatusOr<VerbAnswer>> Filing::FileComplaint(Caller caller, RequestMark mark,
                                                              ComplaintFiling filing) {
  co_return co_await File("FileComplaint", std::move(caller), std::move(mark), std::move(filing));
}

async::Task<absl::StatusOr<VerbAnswer>> Filing::File(std::string_view verb, Caller caller,
                                                     RequestMark mark, ComplaintFiling filing) {
  VerbCall call(context_, verb, std::move(caller), std::move(mark));
  absl::StatusOr<std::optional<VerbAnswer>> answered = co_await call.FindAnswer();
  CO_RETURN_IF_ERROR(answered.status());
  if (answered->has_value()) co_return **std::move(answered);
  CO_RETURN_IF_ERROR(CheckFiling(call, filing));
  std::vector<std::string> telling = TellingKeys(filing);
  const absl::StatusOr<bool> filed_before = co_await LooksFiledBefore(context_, std::move(telling));
  CO_RETURN_IF_ERROR(filed_before.status());
  SpreadConsents(filing);
  WriteAmountsInFull(filing, context_.codes);
  const std::string country = absl::AsciiStrToUpper(context_.node.ToString());
  const int year = call.today().year % 100;
  for (int tries = 1;; ++tries) {
    const absl::StatusOr<uint32_t> serial = co_await serials_.Next(year);
    CO_RETURN_IF_ERROR(serial.status());
    const CaseNumber number(country, year, *serial);
    absl::StatusOr<CaseChange> change = MakeCase(call, number, filing, *filed_before);
    if (!change.ok()) {
      serials_.GiveBack(year, *serial);
      co_return change.status();
    }
    absl::StatusOr<VerbAnswer> answer = co_await call.Commit(*std::move(change));
    if (answer.ok() && !answer->repeated) co_return answer;
    const bool taken = journal::GetConflictKey(answer.status()).has_value();
    if (taken && tries < kTriesForANumber) {
      // Somebody else writes to this store, or the counter was wrong: look again.
      serials_.Forget(year);
      continue;
    }
    serials_.GiveBack(year, *serial);
    co_return answer;
  }
}

async::Task<absl::StatusOr<VerbAnswer>> Filing::AddGroupMembers(Caller caller, RequestMark mark,
                                                                AddMembersCommand command) {
  VerbCall call(context_, "AddGroupMembers", std::move(caller), std::move(mark));
  absl::StatusOr<std::optional<VerbAnswer>> answered = co_await call.FindAnswer();
  CO_RETURN_IF_ERROR(answered.status());
  if (answered->has_value()) co_return **std::move(answered);
  FieldViolations violations;
  ValidateNewMembers(command.members, command.consents, call.validation(), violations);
  CO_RETURN_IF_ERROR(violations.ToStatus());
  absl::StatusOr<StoredCase> stored = co_await call.LoadCase(command.target);
  CO_RETURN_IF_ERROR(stored.status());
  const CaseNumber number = stored->head.case_number;
  absl::Status allowed = CheckMayAdd(call, stored->head, command);
  if (!allowed.ok()) co_return co_await call.Refused(number, std::move(allowed));

  absl::StatusOr<CaseChange> change = co_await call.Change(*std::move(stored));
  CO_RETURN_IF_ERROR(change.status());
  ComplaintFiling added{{}, std::move(command.members), std::move(command.consents)};
  SpreadConsents(added);
  WriteAmountsInFull(added, context_.codes);
  absl::StatusOr<Complaint> complaint =
      co_await context_.cases.ReadComplaint(number, change->key, false, false);
  CO_RETURN_IF_ERROR(complaint.status());
  CO_ASSIGN_OR_RETURN(std::vector<MemberDimensions> members,
                      TakeInMembers(call, added.members, /*group=*/true, *change));
  DescribeComplaint(*complaint, change->after);
  HistoryRow history;
  history.verb = "ADD_MEMBERS";
  history.member_ids = change->answer.member_ids;
  AddHistory(call, *change, std::move(history));
  change->events.push_back(
      MembersAdded{std::move(members), DimensionsOf(change->after), change->after.totals});
  co_return co_await call.Commit(*std::move(change));
}

absl::Status Filing::CheckMayAdd(const VerbCall& call, const CaseHead& head,
                                 const AddMembersCommand& command) {
  if (head.scope != "GROUP") {
    return RefusePrecondition("NOT_A_GROUP",
                              "members cannot be added to an individual complaint; file a group");
  }
  RETURN_IF_ERROR(
      NextState(head.state, CaseVerb::kAddMembers, head.case_number.ToString()).status());
  const size_t size = head.member_count + command.members.size();
  if (size > kMaxGroupMembers) {
    return RefusePrecondition(
        "GROUP_TOO_LARGE", "the group would exceed its limit",
        {{"limit", std::to_string(kMaxGroupMembers)}, {"size", std::to_string(size)}});
  }
  return CheckFilingConsent(command.members, command.consents, call.today());
}

}  // namespace redress::intake
