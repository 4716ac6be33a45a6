#include "services/status/app/watch_cases.h"

#include <algorithm>
#include <utility>

#include "services/platform/async/signal.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/status/app/case_queries.h"
#include "services/status/app/views.h"
#include "services/status/app/watch_token.h"
#include "services/status/domain/reader.h"

namespace redress::status {
namespace {

constexpr size_t kChangesAtOnce = 100;

bool Holds(const std::vector<Scope>& scopes, const Scope& scope) {
  return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

class Watch {
 public:
  Watch(const AppParts& parts, Caller caller, v1::WatchCasesRequest request, WatchPlace place,
        async::CancellationToken cancellation, rpc::Writer<v1::WatchCasesResponse>& writer)
      : parts_(parts),
        caller_(std::move(caller)),
        request_(std::move(request)),
        place_(place),
        cancellation_(std::move(cancellation)),
        held_(parts.directory.ReaderFor(*caller_, place.given_at)),
        last_sent_(parts.token_clock.Now()),
        writer_(writer) {}

  async::Task<absl::Status> Run() {
    while (true) {
      const uint64_t seen = parts_.progress.changed.count();
      const WatchPlace taken = PlaceNow(parts_);
      CO_ASSIGN_OR_RETURN(const bool intake_more, co_await SendLog(Log::kIntake, taken.intake));
      CO_ASSIGN_OR_RETURN(const bool referral_more,
                          co_await SendLog(Log::kReferral, taken.referral));
      if (IsOver()) co_return absl::OkStatus();
      const bool more = intake_more || referral_more;
      if (!more) NoteCaughtUp();
      // Whatever was read and not told of is not read again by who goes on from here.
      const bool long_quiet = LeftUntilIdle() <= absl::ZeroDuration() || looked_at_ >= kKeysPerCall;
      if (long_quiet) CO_RETURN_IF_ERROR(co_await SendIdle());
      if (more) continue;
      const absl::Duration limit = std::min(LeftOfToken(), LeftUntilIdle());
      if (co_await WaitPast(seen, limit) == async::Wake::kCancelled) co_return absl::OkStatus();
    }
  }

 private:
  absl::Duration LeftOfToken() const { return caller_->expires - parts_.token_clock.Now(); }
  absl::Duration LeftUntilIdle() {
    const absl::Time now = parts_.token_clock.Now();
    last_sent_ = std::min(last_sent_, now);  // The clock may have been put back.
    return last_sent_ + kWatchIdle - now;
  }
  // Nobody listens any more, or the caller's token has ended.
  bool IsOver() const {
    return gone_ || cancellation_.IsCancelled() || LeftOfToken() <= absl::ZeroDuration();
  }

  async::Task<async::Wake> WaitPast(uint64_t seen, absl::Duration limit) {
    return parts_.progress.changed.WaitPast(parts_.executor, seen, cancellation_, limit);
  }

  // From here on whatever the caller may see now is told as it changes, and so may have to be taken
  // back. What happened before did so perhaps before there was a right to see it.
  void NoteCaughtUp() {
    place_.given_at = parts_.clock.Now();
    Reader reader = parts_.directory.ReaderFor(*caller_, place_.given_at);
    for (Scope& scope : reader.scopes) {
      if (!Holds(held_.scopes, scope)) held_.scopes.push_back(std::move(scope));
    }
  }

  // Some changes of one log, up to `taken`. True when there are more.
  Answer<bool> SendLog(Log log, uint64_t taken) {
    uint64_t& place = log == Log::kIntake ? place_.intake : place_.referral;
    if (place >= taken || IsOver()) co_return false;
    CO_ASSIGN_OR_RETURN(const Page<Change> changes,
                        co_await parts_.model.ScanChanges(log, place, kChangesAtOnce));
    looked_at_ += changes.rows.size();
    bool beyond = false;
    for (const Change& change : changes.rows) {
      beyond = change.number > taken;
      if (beyond) break;
      if (IsOver()) co_return false;
      place = change.number;
      const bool asked_for =
          request_.case_number().empty() || request_.case_number() == change.case_number;
      if (asked_for) CO_RETURN_IF_ERROR(co_await SendChange(change));
    }
    const bool more = changes.more && !beyond && place < taken;
    // The rest up to there changed nothing that is watched.
    if (!more) place = taken;
    co_return more;
  }

  async::Task<absl::Status> SendChange(const Change& change) {
    const Reader reader = parts_.directory.ReaderFor(*caller_, parts_.clock.Now());
    absl::StatusOr<SightedCase> sighted = co_await FindSighted(parts_, reader, change.case_number);
    if (absl::IsNotFound(sighted.status())) {
      const bool lost = co_await LostSight(change);
      if (!lost) co_return absl::OkStatus();
      co_return co_await SendRemoval(change.case_number, v1::REMOVAL_REASON_RIGHT_LOST);
    }
    if (!sighted.ok()) co_return sighted.status();
    const absl::Time now = parts_.clock.Now();
    v1::CaseSummary summary = SummaryOf(sighted->view);
    const SeenBefore* before = BeforeOf(change, reader, *sighted);
    if (!Fits(request_.filter(), summary, sighted->view.nationalities, now)) {
      const bool fitted =
          before != nullptr && Fits(request_.filter(), before->summary, before->nationalities, now);
      if (!fitted) co_return absl::OkStatus();
      co_return co_await SendRemoval(change.case_number, v1::REMOVAL_REASON_NOT_IN_FILTER);
    }
    v1::WatchCasesResponse response;
    bool told = before != nullptr || SeesOtherwise(change, *sighted);
    if (change.entry.has_value()) {
      const TimelinePlace place = *change.entry;
      CO_ASSIGN_OR_RETURN(const std::optional<TimelineEntry> entry,
                          co_await parts_.model.GetEntry(change.case_number, place));
      std::optional<v1::TimelineEntry> shown;
      if (entry.has_value()) shown = ShowEntry(parts_, *sighted, *entry);
      told = told || shown.has_value();
      if (shown.has_value()) *response.mutable_changed()->mutable_entry() = std::move(*shown);
    }
    // What others did behind the reader's back, and changed nothing in view, is not told.
    if (!told) co_return absl::OkStatus();
    FinishSummary(parts_.directory, now, summary);
    *response.mutable_changed()->mutable_summary() = std::move(summary);
    co_return co_await Send(std::move(response));
  }

  // How the reader saw the case before, when otherwise. By a wider scope, it may be, than now.
  static const SeenBefore* BeforeOf(const Change& change, const Reader& reader,
                                    const SightedCase& sighted) {
    for (const Scope& scope : reader.scopes) {
      for (const SeenBefore& before : change.before) {
        if (before.scope == scope) return &before;
      }
      if (sighted.scope == scope) break;
    }
    return nullptr;
  }

  // Whether the change is in what the reader sees. One with an entry changes nothing of which the
  // entry does not tell, but for those who did not see the case before.
  static bool SeesOtherwise(const Change& change, const SightedCase& sighted) {
    if (sighted.scope.has_value() && Holds(change.seen_otherwise, *sighted.scope)) return true;
    if (change.entry.has_value()) return false;
    if (!sighted.scope.has_value()) {
      TimelineEntry as_entry;
      as_entry.referral_id = change.referral_id;
      as_entry.member_ids = change.member_ids;
      return IsShownToMember(as_entry, *sighted.member);
    }
    return IsToldAll(sighted.scope->kind);
  }

  // The reader saw the case before this change, or would see it had a posting not ended since.
  async::Task<bool> LostSight(const Change& change) {
    for (const SeenBefore& before : change.before) {
      if (before.hidden && Holds(held_.scopes, before.scope)) co_return true;
    }
    absl::StatusOr<SightedCase> once = co_await FindSighted(parts_, held_, change.case_number);
    co_return once.ok();
  }

  async::Task<absl::Status> SendRemoval(std::string case_number, v1::RemovalReason reason) {
    v1::WatchCasesResponse response;
    response.mutable_removed()->set_case_number(case_number);
    response.mutable_removed()->set_reason(reason);
    co_return co_await Send(std::move(response));
  }

  async::Task<absl::Status> SendIdle() {
    v1::WatchCasesResponse idle;
    idle.mutable_idle();
    co_return co_await Send(std::move(idle));
  }

  async::Task<absl::Status> Send(v1::WatchCasesResponse response) {
    // The store was read meanwhile.
    if (IsOver()) co_return absl::OkStatus();
    response.set_watch_token(SealWatchToken(parts_, *caller_, place_));
    *response.mutable_as_of() = AsOfNow(parts_);
    const bool sent = co_await writer_.Write(std::move(response));
    gone_ = !sent;
    last_sent_ = parts_.token_clock.Now();
    looked_at_ = 0;
    co_return absl::OkStatus();
  }

  const AppParts& parts_;
  const Caller caller_;
  const v1::WatchCasesRequest request_;
  WatchPlace place_;
  const async::CancellationToken cancellation_;
  Reader held_;  // What the caller might see when the token was given, and since it caught up.
  absl::Time last_sent_;
  size_t looked_at_ = 0;  // Changes since then.
  rpc::Writer<v1::WatchCasesResponse>& writer_;
  bool gone_ = false;  // Nobody listens any more.
};

// What the token's place is beyond has been reached here once, so either the log is still being
// read, or it was put back to what it was before.
absl::Status CheckReached(const LogProgress& log, uint64_t asked) {
  if (asked <= log.taken) return absl::OkStatus();
  if (!log.end_seen) {
    return absl::UnavailableError("what the token has seen is still to be taken in");
  }
  return Refuse(absl::StatusCode::kOutOfRange, "WATCH_TOO_NEW",
                "the token is of a place that this node, restored since, has not reached; list "
                "again");
}

}  // namespace

async::Task<absl::Status> WatchCases(const AppParts& parts, Caller caller,
                                     v1::WatchCasesRequest request,
                                     async::CancellationToken cancellation,
                                     rpc::Writer<v1::WatchCasesResponse>& writer) {
  CO_RETURN_IF_ERROR(CheckReady(parts.progress));
  WatchPlace place = PlaceNow(parts);
  if (!request.watch_token().empty()) {
    CO_ASSIGN_OR_RETURN(place, OpenWatchToken(parts, *caller, request.watch_token()));
    CO_RETURN_IF_ERROR(CheckReached(parts.progress.intake, place.intake));
    CO_RETURN_IF_ERROR(CheckReached(parts.progress.referral, place.referral));
  }
  if (!request.case_number().empty()) {
    Reader reader = parts.directory.ReaderFor(*caller, parts.clock.Now());
    absl::StatusOr<SightedCase> sighted =
        co_await FindToShow(parts, std::move(reader), request.case_number());
    // With a token it may have been visible then; its removal is to be told.
    if (!sighted.ok() && request.watch_token().empty()) co_return sighted.status();
  }
  Watch watch(parts, std::move(caller), std::move(request), place, std::move(cancellation), writer);
  co_return co_await watch.Run();
}

}  // namespace redress::status
