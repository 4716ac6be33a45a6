#include "services/status/app/watch_cases.h"

#include <algorithm>
#include <utility>

#include "services/platform/async/signal.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/status/app/case_queries.h"
#include "services/status/app/views.h"
#include "services/status/domain/reader.h"

namespace redress::status {
namespace {

constexpr size_t kChangesAtOnce = 100;

class Watch {
 public:
  Watch(const AppParts& parts, Caller caller, v1::WatchCasesRequest request, WatchPlace place,
        rpc::Writer<v1::WatchCasesResponse>& writer)
      : parts_(parts),
        caller_(std::move(caller)),
        request_(std::move(request)),
        place_(place),
        first_reader_(parts.directory.ReaderFor(*caller_, parts.clock.Now())),
        writer_(writer) {}

  async::Task<absl::Status> Run(async::CancellationToken cancellation) {
    while (true) {
      const uint64_t seen = parts_.progress.changed.count();
      const WatchPlace taken = PlaceOf(parts_.progress);
      CO_ASSIGN_OR_RETURN(const bool intake_more, co_await SendLog(Log::kIntake, taken.intake));
      CO_ASSIGN_OR_RETURN(const bool referral_more,
                          co_await SendLog(Log::kReferral, taken.referral));
      if (gone_) co_return absl::OkStatus();
      if (intake_more || referral_more) continue;
      const absl::Duration left = caller_->expires - parts_.token_clock.Now();
      if (left <= absl::ZeroDuration()) co_return absl::OkStatus();
      const async::Wake wake = co_await WaitPast(seen, cancellation, std::min(left, kWatchIdle));
      if (wake == async::Wake::kCancelled) co_return absl::OkStatus();
      if (wake == async::Wake::kTimedOut) {
        v1::WatchCasesResponse idle;
        idle.mutable_idle();
        CO_RETURN_IF_ERROR(co_await Send(std::move(idle)));
        if (gone_) co_return absl::OkStatus();
      }
    }
  }

 private:
  async::Task<async::Wake> WaitPast(uint64_t seen, async::CancellationToken cancellation,
                                    absl::Duration limit) {
    return parts_.progress.changed.WaitPast(parts_.executor, seen, std::move(cancellation), limit);
  }

  // Some changes of one log, up to `taken`. True when there are more.
  Answer<bool> SendLog(Log log, uint64_t taken) {
    uint64_t& place = log == Log::kIntake ? place_.intake : place_.referral;
    if (place >= taken || gone_) co_return false;
    CO_ASSIGN_OR_RETURN(const Page<Change> changes,
                        co_await parts_.model.ScanChanges(log, place, kChangesAtOnce));
    bool beyond = false;
    for (const Change& change : changes.rows) {
      beyond = change.number > taken;
      if (beyond) break;
      place = change.number;
      const bool asked_for =
          request_.case_number().empty() || request_.case_number() == change.case_number;
      if (!asked_for) continue;
      CO_RETURN_IF_ERROR(co_await SendChange(change));
      if (gone_) co_return false;
    }
    const bool more = changes.more && !beyond && place < taken;
    // The rest up to there changed nothing that is watched.
    if (!more) place = taken;
    co_return more;
  }

  async::Task<absl::Status> SendChange(const Change& change) {
    Reader reader = parts_.directory.ReaderFor(*caller_, parts_.clock.Now());
    std::vector<Scope> scopes = reader.scopes;
    absl::StatusOr<SightedCase> sighted =
        co_await FindSighted(parts_, std::move(reader), change.case_number);
    if (absl::IsNotFound(sighted.status())) {
      const bool lost = co_await LostSight(change);
      if (!lost) co_return absl::OkStatus();
      co_return co_await SendRemoval(change.case_number, v1::REMOVAL_REASON_RIGHT_LOST);
    }
    if (!sighted.ok()) co_return sighted.status();
    const absl::Time now = parts_.clock.Now();
    v1::CaseSummary summary = SummaryOf(sighted->view);
    const SeenBefore* before = BeforeOf(change, sighted->scope);
    if (!Fits(request_.filter(), summary, sighted->view.nationalities, now)) {
      const bool fitted = before != nullptr && !before->hidden &&
                          Fits(request_.filter(), before->summary, before->nationalities, now);
      if (!fitted) co_return absl::OkStatus();
      co_return co_await SendRemoval(change.case_number, v1::REMOVAL_REASON_NOT_IN_FILTER);
    }
    v1::WatchCasesResponse response;
    if (change.entry.has_value()) {
      const TimelinePlace place = *change.entry;
      CO_ASSIGN_OR_RETURN(const std::optional<TimelineEntry> entry,
                          co_await parts_.model.GetEntry(change.case_number, place));
      std::optional<v1::TimelineEntry> shown;
      if (entry.has_value()) shown = ShowEntry(parts_, *sighted, *entry);
      // What others did behind the reader's back, and changed nothing in view, is not told.
      if (!shown.has_value() && before == nullptr) co_return absl::OkStatus();
      if (shown.has_value()) *response.mutable_changed()->mutable_entry() = std::move(*shown);
    }
    FinishSummary(parts_.directory, now, summary);
    *response.mutable_changed()->mutable_summary() = std::move(summary);
    co_return co_await Send(std::move(response));
  }

  static const SeenBefore* BeforeOf(const Change& change, const std::optional<Scope>& scope) {
    for (const SeenBefore& before : change.before) {
      if (scope.has_value() && before.scope == *scope) return &before;
    }
    return nullptr;
  }

  // The reader saw the case before this change, or would see it had a posting not ended since.
  async::Task<bool> LostSight(const Change& change) {
    for (const SeenBefore& before : change.before) {
      const auto& scopes = first_reader_.scopes;
      const bool mine = std::find(scopes.begin(), scopes.end(), before.scope) != scopes.end();
      if (mine && before.hidden) co_return true;
    }
    absl::StatusOr<SightedCase> once =
        co_await FindSighted(parts_, first_reader_, change.case_number);
    co_return once.ok();
  }

  async::Task<absl::Status> SendRemoval(std::string case_number, v1::RemovalReason reason) {
    v1::WatchCasesResponse response;
    response.mutable_removed()->set_case_number(case_number);
    response.mutable_removed()->set_reason(reason);
    co_return co_await Send(std::move(response));
  }

  async::Task<absl::Status> Send(v1::WatchCasesResponse response) {
    response.set_watch_token(ToWatchToken(place_));
    *response.mutable_as_of() = AsOfNow(parts_);
    const bool sent = co_await writer_.Write(std::move(response));
    gone_ = !sent;
    co_return absl::OkStatus();
  }

  const AppParts& parts_;
  const Caller caller_;
  const v1::WatchCasesRequest request_;
  WatchPlace place_;
  const Reader first_reader_;
  rpc::Writer<v1::WatchCasesResponse>& writer_;
  bool gone_ = false;  // Nobody listens any more.
};

}  // namespace

async::Task<absl::Status> WatchCases(const AppParts& parts, Caller caller,
                                     v1::WatchCasesRequest request,
                                     async::CancellationToken cancellation,
                                     rpc::Writer<v1::WatchCasesResponse>& writer) {
  CO_RETURN_IF_ERROR(CheckReady(parts.progress));
  WatchPlace place = PlaceOf(parts.progress);
  if (!request.watch_token().empty()) {
    CO_ASSIGN_OR_RETURN(const WatchPlace asked, ParseWatchToken(request.watch_token()));
    if (asked.intake > place.intake || asked.referral > place.referral) {
      co_return Refuse(absl::StatusCode::kOutOfRange, "WATCH_TOO_OLD",
                       "the token is of a place that was not reached here; list again");
    }
    place = asked;
  }
  if (!request.case_number().empty()) {
    Reader reader = parts.directory.ReaderFor(*caller, parts.clock.Now());
    absl::StatusOr<SightedCase> sighted =
        co_await FindSighted(parts, std::move(reader), request.case_number());
    // With a token it may have been visible then; its removal is to be told.
    if (!sighted.ok() && request.watch_token().empty()) co_return sighted.status();
  }
  Watch watch(parts, std::move(caller), std::move(request), place, writer);
  co_return co_await watch.Run(std::move(cancellation));
}

}  // namespace redress::status
