#ifndef REDRESS_SERVICES_STATUS_DOMAIN_READER_H_
#define REDRESS_SERVICES_STATUS_DOMAIN_READER_H_

#include <optional>
#include <string>
#include <vector>

#include "services/platform/auth/principal.h"
#include "services/platform/time/date.h"
#include "services/status/domain/case_view.h"
#include "services/status/domain/events.h"
#include "services/status/domain/scope.h"
#include "services/status/domain/timeline.h"

namespace redress::status {

// What a caller may look at, worked out from the verified token and, for attachés, from the
// register of postings on that day. A plain value.
struct Reader {
  std::vector<Scope> scopes;  // Widest first.
  std::string case_number;    // A worker's or representative's one case …
  std::string member_id;      // … and member.

  bool is_worker() const { return !case_number.empty() && !member_id.empty(); }
};

// MINISTRY          kHome and what was referred to its own body
// AUDITOR, PROTECTION_OFFICER  kHome and kIncoming
// PROVINCE, DESK    the own; CONTACT, LABOUR_OFFICE: referred to the own body
// ATTACHE           own nationals, and those acted for by an agreement, where posted
// `own` are the missions of the caller's own postings, `proxies` those of all agreements.
Reader ReaderOf(const auth::Principal& caller, const std::vector<Mission>& own,
                const std::vector<Mission>& proxies, const Date& today);

// The scopes over which a caller counts: apart from each other, so that no case counts twice. A
// caller with several roles counts by the widest.
std::vector<Scope> CountScopes(const auth::Principal& caller);

// The widest scope by which this reader sees the case; nothing: as if it were absent.
std::optional<Scope> SightOf(const Reader& reader, const CaseRow& row);

// Whether an entry of the timeline is shown to readers of the scope:
//   receivers  those of their own referrals
//   attachés   no approvals
//   the rest   all
bool IsShown(const TimelineEntry& entry, const Scope& scope, const CaseRow& row);

// Whether it is shown to a worker: nothing that concerns only other members, no approvals, no
// referral that the member is not in.
bool IsShownToMember(const TimelineEntry& entry, const MemberRow& member);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_DOMAIN_READER_H_
