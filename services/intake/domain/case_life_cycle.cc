#include "services/intake/domain/case_life_cycle.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "services/platform/status/refusal.h"

namespace redress::intake {
namespace {

struct Step {
  CaseVerb verb;
  CaseState from;
  CaseState to;
};

using enum CaseState;

// Every pair that is not here is refused.
constexpr Step kSteps[] = {
    {CaseVerb::kAdmit, kFiled, kOpen},
    {CaseVerb::kFindInadmissible, kFiled, kInadmissible},
    {CaseVerb::kAmend, kFiled, kFiled},
    {CaseVerb::kAmend, kOpen, kOpen},
    {CaseVerb::kAddMembers, kFiled, kFiled},
    {CaseVerb::kAddMembers, kOpen, kOpen},
    {CaseVerb::kWithdraw, kFiled, kWithdrawn},
    {CaseVerb::kWithdraw, kOpen, kWithdrawn},
    {CaseVerb::kCloseResolved, kOpen, kClosedResolved},
    {CaseVerb::kCloseUnresolved, kOpen, kClosedUnresolved},
    {CaseVerb::kReopen, kInadmissible, kOpen},
    {CaseVerb::kReopen, kWithdrawn, kWithdrawn},
    {CaseVerb::kReopen, kClosedResolved, kOpen},
    {CaseVerb::kReopen, kClosedUnresolved, kOpen},
    {CaseVerb::kUndoWithdrawal, kWithdrawn, kWithdrawn},
    {CaseVerb::kContest, kInadmissible, kFiled},
    {CaseVerb::kRecordMoney, kFiled, kFiled},
    {CaseVerb::kRecordMoney, kOpen, kOpen},
    {CaseVerb::kRecordMoney, kClosedResolved, kClosedResolved},
    {CaseVerb::kRecordMoney, kClosedUnresolved, kClosedUnresolved},
    {CaseVerb::kRequestApproval, kOpen, kOpen},
    {CaseVerb::kDisclose, kOpen, kOpen},
};

constexpr size_t kMostIds = 20;

}  // namespace

std::string_view CaseStateName(CaseState state) {
  switch (state) {
    case kUnspecified:
      return "UNSPECIFIED";
    case kFiled:
      return "FILED";
    case kOpen:
      return "OPEN";
    case kInadmissible:
      return "INADMISSIBLE";
    case kWithdrawn:
      return "WITHDRAWN";
    case kClosedResolved:
      return "CLOSED_RESOLVED";
    case kClosedUnresolved:
      return "CLOSED_UNRESOLVED";
  }
  return "UNSPECIFIED";
}

std::string_view CaseVerbName(CaseVerb verb) {
  switch (verb) {
    case CaseVerb::kAdmit:
    case CaseVerb::kFindInadmissible:
      return "ScreenComplaint";
    case CaseVerb::kAmend:
      return "AmendComplaint";
    case CaseVerb::kAddMembers:
      return "AddGroupMembers";
    case CaseVerb::kWithdraw:
      return "WithdrawComplaint";
    case CaseVerb::kCloseResolved:
    case CaseVerb::kCloseUnresolved:
      return "CloseComplaint";
    case CaseVerb::kReopen:
    case CaseVerb::kUndoWithdrawal:
    case CaseVerb::kContest:
      return "ReopenComplaint";
    case CaseVerb::kRecordMoney:
      return "RecordMoney";
    case CaseVerb::kRequestApproval:
      return "RequestApproval";
    case CaseVerb::kDisclose:
      return "DiscloseComplaint";
  }
  return "";
}

absl::StatusOr<CaseState> NextState(CaseState from, CaseVerb verb, std::string_view case_number) {
  const auto step = std::find_if(std::begin(kSteps), std::end(kSteps), [&](const Step& one) {
    return one.verb == verb && one.from == from;
  });
  if (step != std::end(kSteps)) return step->to;
  const std::string state(CaseStateName(from));
  if (verb == CaseVerb::kRequestApproval || verb == CaseVerb::kDisclose) {
    return RefusePrecondition(
        "CASE_NOT_OPEN", fmt::format("the case is {}; {} needs OPEN", state, CaseVerbName(verb)),
        {{"state", state}, {"case_number", std::string(case_number)}});
  }
  return RefusePrecondition(
      "TRANSITION_NOT_ALLOWED",
      fmt::format("the case is {}; {} is not possible from there", state, CaseVerbName(verb)),
      {{"state", state}, {"verb", std::string(CaseVerbName(verb))}});
}

WithdrawalMark MarkWithdrawal(CaseState state_before, absl::Time now, const LifeCycleRules& rules) {
  return {now, now + rules.cooling_off, state_before};
}

absl::StatusOr<CaseState> ReopenedState(CaseState from, const std::optional<WithdrawalMark>& mark,
                                        std::string_view case_number) {
  const absl::StatusOr<CaseState> next = NextState(from, CaseVerb::kReopen, case_number);
  if (!next.ok() || *next != kWithdrawn) return next;
  if (!mark.has_value()) return absl::DataLossError("a withdrawn case without its withdrawal");
  return mark->state_before;
}

absl::StatusOr<CaseState> UndoWithdrawal(const WithdrawalMark& mark, absl::Time now) {
  if (now <= mark.undo_until) return mark.state_before;
  const std::string ended =
      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", mark.undo_until, absl::UTCTimeZone());
  return RefusePrecondition("COOLING_OFF_OVER",
                            fmt::format("the withdrawal could be undone until {}", ended),
                            {{"ended_at", ended}});
}

std::string JoinIds(const std::vector<std::string>& ids) {
  std::string text;
  for (size_t i = 0; i < std::min(ids.size(), kMostIds); ++i) {
    if (i > 0) text += ",";
    text += ids[i];
  }
  return text;
}

absl::Status CheckCanClose(const ClosingFacts& facts, const IsoCodes& codes) {
  if (!facts.open_referral_ids.empty()) {
    return RefusePrecondition("REFERRAL_STILL_OPEN",
                              "a referral is still open: conclude or recall it first",
                              {{"referral_ids", JoinIds(facts.open_referral_ids)}});
  }
  if (!facts.open_disclosure_referral_ids.empty()) {
    return RefusePrecondition("DISCLOSURE_OPEN",
                              "data was disclosed for a referral that is not settled",
                              {{"referral_ids", JoinIds(facts.open_disclosure_referral_ids)}});
  }
  std::vector<std::string> balances;
  for (const MoneyAmount& balance : facts.open_balances) {
    if (balance.minor_units != 0) balances.push_back(FormatMoney(balance, codes));
  }
  if (balances.empty()) return absl::OkStatus();
  const std::string listed = JoinIds(balances);
  return RefusePrecondition(
      "AWARD_UNPAID",
      fmt::format("{} is owed and not received: record the receipt or have it written off", listed),
      {{"balances", listed}, {"member_count", fmt::format("{}", facts.members_with_open_balance)}});
}

}  // namespace redress::intake
