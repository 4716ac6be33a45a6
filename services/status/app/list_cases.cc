#include "services/status/app/list_cases.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/platform/codes/field_checks.h"
#include "services/platform/status/status_macros.h"
#include "services/status/app/proto_time.h"
#include "services/status/app/views.h"
#include "services/status/app/watch_token.h"
#include "services/status/domain/reader.h"

namespace redress::status {
namespace {

ListOrder OrderOf(const v1::ListCasesRequest& request) {
  switch (request.order()) {
    case v1::CASE_ORDER_DUE_FIRST:
      return ListOrder::kDueFirst;
    case v1::CASE_ORDER_FILED_FIRST:
      return ListOrder::kFiledFirst;
    case v1::CASE_ORDER_UPDATED_LAST_FIRST:
      return ListOrder::kUpdatedLast;
    default:
      return request.filter().overdue() ? ListOrder::kDueFirst : ListOrder::kUpdatedLast;
  }
}

// The index to read: of the filters given, the one that fits the fewest cases as a rule. What it
// does not say of a case is left in `rest`.
ListRange TakeIndex(ListOrder order, v1::CaseFilter& rest) {
  ListRange range;
  range.order = order;
  if (order != ListOrder::kUpdatedLast) return range;
  if (!rest.holder_body_id().empty()) {
    range.filter = ListFilter::kHolder;
    range.value = rest.holder_body_id();
    rest.clear_holder_body_id();
  } else if (!rest.category().empty()) {
    range.filter = ListFilter::kCategory;
    range.value = rest.category();
    rest.clear_category();
  } else if (rest.referral_state() != 0) {
    range.filter = ListFilter::kReferralState;
    range.value = ReferralStateName(static_cast<ReferralState>(rest.referral_state()));
    rest.clear_referral_state();
  } else if (!rest.destination().empty()) {
    range.filter = ListFilter::kDestination;
    range.value = rest.destination();
    rest.clear_destination();
  } else if (!rest.nationality().empty()) {
    range.filter = ListFilter::kNationality;
    range.value = rest.nationality();
    rest.clear_nationality();
  } else if (rest.case_state() != 0) {
    range.filter = ListFilter::kCaseState;
    range.value = CaseStateName(static_cast<CaseState>(rest.case_state()));
    rest.clear_case_state();
  }
  return range;
}

// One scope's part of the list, read a piece at a time.
struct Stream {
  ListRange range;
  std::string after;
  std::vector<ListedCase> rows;
  size_t next = 0;
  bool at_end = false;

  bool empty() const { return next == rows.size(); }
  const ListedCase& front() const { return rows[next]; }
};

// No later row of the list can fit.
bool IsBeyond(const v1::CaseFilter& filter, ListOrder order, const v1::CaseSummary& summary,
              absl::Time now) {
  if (order == ListOrder::kDueFirst && filter.overdue()) {
    return !IsOverdue(REDRESS_GET_TIME(summary, due_at), now);
  }
  return order == ListOrder::kUpdatedLast && filter.has_since() &&
         FromTimestamp(summary.updated_at()) < FromTimestamp(filter.since());
}

class Listing {
 public:
  Listing(const AppParts& parts, Reader reader, const v1::ListCasesRequest& request,
          std::string after)
      : parts_(parts),
        reader_(std::move(reader)),
        filter_(request.filter()),
        order_(OrderOf(request)),
        wanted_(request.page_size() == 0 ? kDefaultPageSize
                                         : static_cast<size_t>(request.page_size())),
        now_(parts.clock.Now()),
        place_(after) {
    v1::CaseFilter rest = filter_;
    const ListRange range = TakeIndex(order_, rest);
    for (const Scope& scope : reader_.scopes) {
      Stream stream;
      stream.range = range;
      stream.range.scope = scope;
      stream.after = after;
      streams_.push_back(std::move(stream));
    }
    sifts_ = rest.ByteSizeLong() > 0;
  }

  // Fills `response`; gives the place to go on from, empty after the last case.
  Answer<std::string> Run(unread::v1::ListCasesResponse& response) {
    response.mutable_cases()->Reserve(static_cast<int>(wanted_));
    while (static_cast<size_t>(response.cases_size()) < wanted_) {
      CO_ASSIGN_OR_RETURN(const bool filled, co_await Fill());
      if (!filled) co_return place_;
      Stream* first = First();
      if (first == nullptr) co_return std::string();
      ListedCase listed = std::move(first->rows[first->next++]);
      if (sifts_ || !IsWidest(first->range.scope)) {
        v1::CaseSummary summary;
        if (!summary.ParseFromString(listed.row.summary)) {
          co_return absl::DataLossError("the summary of a list row is damaged");
        }
        if (IsBeyond(filter_, order_, summary, now_)) co_return std::string();
        if (streams_.size() > 1 && budget_ == 0) co_return place_;
        place_ = std::move(listed.place);
        if (!Fits(filter_, summary, listed.row.nationalities, now_)) continue;
        CO_ASSIGN_OR_RETURN(const bool shown, co_await IsShownBy(first->range.scope, summary));
        if (!shown) continue;
      } else {
        place_ = std::move(listed.place);
      }
      response.add_cases(Whole(std::move(listed.row)));
    }
    co_return std::all_of(streams_.begin(), streams_.end(), IsDone) ? std::string() : place_;
  }

 private:
  // Reads on where a stream has run dry; false when that would touch too many keys.
  Answer<bool> Fill() {
    for (Stream& stream : streams_) {
      if (!stream.empty() || stream.at_end) continue;
      const size_t limit = std::min(Share(), wanted_);
      if (limit == 0) co_return false;
      CO_ASSIGN_OR_RETURN(Page<ListedCase> page,
                          co_await parts_.model.ScanList(stream.range, stream.after, limit));
      stream.rows = std::move(page.rows);
      stream.next = 0;
      stream.at_end = !page.more;
      if (!stream.rows.empty()) stream.after = stream.rows.back().place;
      budget_ -= stream.rows.size();
    }
    co_return true;
  }

  // How many keys one stream may read. Of several, never so many that none is left to look at a
  // case which a wider scope may show.
  size_t Share() const { return streams_.size() == 1 ? budget_ : budget_ / (2 * streams_.size()); }

  static bool IsDone(const Stream& stream) { return stream.empty() && stream.at_end; }

  Stream* First() {
    Stream* first = nullptr;
    for (Stream& stream : streams_) {
      if (stream.empty()) continue;
      if (first == nullptr || stream.front().place < first->front().place) first = &stream;
    }
    return first;
  }

  // The summary as it is answered; of a field that comes twice on the wire the later counts. Many
  // cases of a page have the same holder, and the same behind their summaries.
  std::string Whole(ListRow row) {
    const bool overdue = IsOverdue(row.due_at, now_);
    // Where nobody holds the case and nothing is overdue it is empty, and known all the same.
    if (!rest_.has_value() || overdue != rest_overdue_ || row.holder_body_id != rest_holder_) {
      rest_ =
          RestOfSummary(parts_.directory, now_, row.holder_body_id, row.due_at).SerializeAsString();
      rest_overdue_ = overdue;
      rest_holder_ = std::move(row.holder_body_id);
    }
    row.summary += *rest_;
    return std::move(row.summary);
  }

  bool IsWidest(const Scope& scope) const { return scope == reader_.scopes.front(); }

  // A case that stands in several of the reader's scopes is shown as the widest of them sees it.
  Answer<bool> IsShownBy(Scope scope, const v1::CaseSummary& summary) {
    if (IsWidest(scope)) co_return true;
    --budget_;
    CO_ASSIGN_OR_RETURN(const std::optional<CaseRow> row,
                        co_await parts_.model.GetCase(summary.case_number()));
    if (!row.has_value()) co_return false;
    const std::optional<Scope> widest = SightOf(reader_, *row);
    co_return widest == scope;
  }

  const AppParts& parts_;
  const Reader reader_;
  const v1::CaseFilter filter_;
  const ListOrder order_;
  const size_t wanted_;
  const absl::Time now_;
  size_t budget_ = kKeysPerCall;
  std::string place_;
  std::vector<Stream> streams_;
  // What stands behind the last summary, and what it follows from.
  std::optional<std::string> rest_;
  std::string rest_holder_;
  bool rest_overdue_ = false;
  bool sifts_ = false;  // Whether a case fits the filter stands in its summary alone.
};

}  // namespace

Answer<unread::v1::ListCasesResponse> ListCases(const AppParts& parts, Caller caller,
                                                v1::ListCasesRequest request) {
  CO_RETURN_IF_ERROR(CheckReady(parts.progress));
  unread::v1::ListCasesResponse response;
  // Before anything is read: what changes meanwhile is then told by the watch.
  *response.mutable_as_of() = AsOfNow(parts);
  response.set_watch_token(SealWatchToken(parts, *caller, PlaceNow(parts)));
  const std::string binding = crypto::PageTokens::Binding(
      {"ListCases", caller->CallerKey(), request.filter().SerializeAsString(),
       std::to_string(static_cast<int>(OrderOf(request)))});
  CO_ASSIGN_OR_RETURN(std::string after, parts.page_tokens.Open(request.page_token(), binding));
  Reader reader = parts.directory.ReaderFor(*caller, parts.clock.Now());
  Listing listing(parts, std::move(reader), request, std::move(after));
  CO_ASSIGN_OR_RETURN(const std::string place, co_await listing.Run(response));
  if (!place.empty()) response.set_next_page_token(parts.page_tokens.Seal(place, binding));
  co_return response;
}

}  // namespace redress::status
