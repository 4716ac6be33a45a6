#include "services/status/app/tracking.h"

#include <algorithm>
#include <utility>

#include "services/platform/rpc/retry_delay.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/status/app/case_queries.h"
#include "services/status/app/proto_time.h"
#include "services/status/app/views.h"
#include "services/status/domain/case_view.h"

namespace redress::status {
namespace {

// More callers than any node has kiosks; beyond it the windows that are over are dropped.
constexpr size_t kMaxWindows = 10'000;

v1::TrackByReceiptResponse ShowMember(const AppParts& parts, const CaseRow& row,
                                      const MemberRow& member) {
  const CaseView view = SeeMember(row, member);
  v1::TrackByReceiptResponse shown;
  shown.set_case_number(row.case_number);
  shown.set_case_state(static_cast<intake::v1::CaseState>(view.case_state));
  shown.set_holder_body_id(view.holder_body_id);
  shown.set_holder_name(std::string(parts.directory.NameOf(view.holder_body_id)));
  REDRESS_SET_TIME(shown, filed_at, view.filed_at);
  REDRESS_SET_TIME(shown, updated_at, view.updated_at);
  shown.set_due_kind(static_cast<v1::DueKind>(view.due_kind));
  REDRESS_SET_TIME(shown, due_at, view.due_at);
  shown.set_overdue(IsOverdue(view.due_at, parts.clock.Now()));
  if (const ReferralRow* referral = view.latest_referral(); referral != nullptr) {
    shown.set_referral_state(static_cast<referral::v1::ReferralState>(referral->state));
    REDRESS_SET_TIME(shown, next_date, referral->next_date);
    const bool asked = referral->open_proposal > member.answered_proposal;
    shown.set_answer_wanted(asked && !member.agreed && !member.withdrawn);
    *shown.mutable_in_step() = InStepOf(*referral, row.home_here, parts.directory);
  }
  *shown.mutable_money() = MoneyOf(view.money, view.claims_known, parts.codes);
  *shown.mutable_as_of() = AsOfNow(parts);
  return shown;
}

}  // namespace

absl::Status WrongCodes::Check(const std::string& caller, absl::Time now) const {
  const auto found = windows_.find(caller);
  if (found == windows_.end() || found->second.wrong < kMaxWrong) return absl::OkStatus();
  const absl::Time end = found->second.began + kWindow;
  if (now >= end) return absl::OkStatus();
  absl::Status refused =
      Refuse(absl::StatusCode::kResourceExhausted, "OVERLOADED", "too many wrong codes; wait",
             {{"limit", std::to_string(kMaxWrong)}});
  return rpc::WithRetryDelay(std::move(refused), end - now);
}

void WrongCodes::Note(const std::string& caller, absl::Time now) {
  if (windows_.size() >= kMaxWindows) {
    absl::erase_if(windows_, [now](const auto& one) { return now >= one.second.began + kWindow; });
  }
  Window& window = windows_[caller];
  if (window.wrong == 0 || now >= window.began + kWindow) window = {now, 0};
  ++window.wrong;
}

Answer<v1::TrackByReceiptResponse> Tracking::TrackByReceipt(Caller caller,
                                                            crypto::TrackingCode code) {
  CO_RETURN_IF_ERROR(CheckReady(parts_.progress));
  const std::string who = caller->CallerKey();
  CO_RETURN_IF_ERROR(wrong_codes_.Check(who, parts_.token_clock.Now()));
  std::string digest = code.LookupDigest(parts_.tracking_key);
  CO_ASSIGN_OR_RETURN(const std::optional<TrackedMember> tracked,
                      co_await parts_.model.FindTracked(std::move(digest)));
  if (tracked.has_value()) {
    CO_ASSIGN_OR_RETURN(const std::optional<CaseRow> row,
                        co_await parts_.model.GetCase(tracked->case_number));
    CO_ASSIGN_OR_RETURN(const std::optional<MemberRow> member,
                        co_await parts_.model.GetMember(tracked->case_number, tracked->member_id));
    // No wrong code, and whoever has it may know.
    if (row.has_value() && row->set_aside) co_return SetAsideRefusal();
    const bool whole = row.has_value() && row->home_here && row->known() && member.has_value();
    if (whole) co_return ShowMember(parts_, *row, *member);
  }
  wrong_codes_.Note(who, parts_.token_clock.Now());
  co_return NotFound("case of that code");
}

}  // namespace redress::status
