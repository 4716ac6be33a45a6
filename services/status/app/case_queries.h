#ifndef REDRESS_SERVICES_STATUS_APP_CASE_QUERIES_H_
#define REDRESS_SERVICES_STATUS_APP_CASE_QUERIES_H_

#include <optional>
#include <string>

#include "redress/status/unread/v1/cases.pb.h"
#include "redress/status/v1/case_requests.pb.h"
#include "redress/status/v1/timeline.pb.h"
#include "services/status/app/parts.h"
#include "services/status/domain/case_view.h"
#include "services/status/domain/reader.h"

namespace redress::status {

// A case as one caller sees it.
struct SightedCase {
  CaseRow row;
  CaseView view;
  std::optional<Scope> scope;       // By which the caller sees it; unset for a worker …
  std::optional<MemberRow> member;  // … who is this member.
};

// NOT_FOUND when it does not exist or the reader may not see it, in the same words.
Answer<SightedCase> FindSighted(const AppParts& parts, Reader reader, std::string case_number);

// As FindSighted, but home's own are told of a case that is set aside: CASE_SET_ASIDE.
Answer<SightedCase> FindToShow(const AppParts& parts, Reader reader, std::string case_number);
// The answer to whoever may know that a case is there which is set aside.
absl::Status SetAsideRefusal();

// An entry of the case's timeline as the caller sees it; nothing when it is not shown. Sums and
// counts over members that the caller may not see are left out.
std::optional<v1::TimelineEntry> ShowEntry(const AppParts& parts, const SightedCase& sighted,
                                           const TimelineEntry& entry);

// Answers about one case. Requests have been validated; errors are those of the RPCs of the same
// names. For the executor's thread.
class CaseQueries {
 public:
  explicit CaseQueries(const AppParts& parts) : parts_(parts) {}

  // The status is handed on as it is kept, for most who ask (home_status.h).
  Answer<unread::v1::GetCaseStatusResponse> GetCaseStatus(Caller caller,
                                                          v1::GetCaseStatusRequest request);
  Answer<v1::GetTimelineResponse> GetTimeline(Caller caller, v1::GetTimelineRequest request);

 private:
  const AppParts& parts_;
};

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_APP_CASE_QUERIES_H_
