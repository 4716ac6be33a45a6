#ifndef REDRESS_SERVICES_INTAKE_APP_QUERIES_H_
#define REDRESS_SERVICES_INTAKE_APP_QUERIES_H_

#include "absl/status/statusor.h"
#include "services/intake/app/app_context.h"
#include "services/intake/app/caller.h"
#include "services/intake/app/case_reader.h"
#include "services/intake/app/commands.h"
#include "services/intake/app/views.h"
#include "services/platform/async/task.h"

namespace redress::intake {

// Reading cases. What the caller may not see is left empty; a case that the caller may not see at
// all is NOT_FOUND.
class Queries {
 public:
  explicit Queries(const AppContext& context) : context_(context) {}

  async::Task<absl::StatusOr<CaseView>> GetComplaint(Caller caller, CaseNumber case_number);

  // Latest filed first, from index rows alone (for an attaché also from heads and members, since a
  // consent may have run out); looks at 1,000 rows at most, so that a page may be short, or empty,
  // and still have a successor. PAGE_TOKEN_INVALID.
  async::Task<absl::StatusOr<CaseListPage>> ListComplaints(Caller caller, ListFilter filter,
                                                           PageRequest page);

  // In the order of filing; `member_id` empty: all that the caller may see.
  async::Task<absl::StatusOr<MemberPage>> ListGroupMembers(Caller caller, CaseNumber case_number,
                                                           MemberId member_id, PageRequest page);

 private:
  // What a case shows of its last 1,000 changes.
  async::Task<absl::Status> AddHistory(const CaseReader& reader, const FieldView& fields,
                                       CaseView& view);
  // ListComplaints of an attaché. The token of `page` is what is to be sealed: where to begin, and
  // afterwards where to go on, empty at the end.
  async::Task<absl::Status> ListForAttache(Caller caller, ListFilter filter, ListScope scope,
                                           size_t page_size, CaseListPage& page);
  async::Task<absl::StatusOr<MemberLook>> LookForMember(Caller caller, CaseNumber case_number,
                                                        uint32_t after, size_t most);
  async::Task<absl::StatusOr<CaseListPage>> ListByReference(Caller caller, ListFilter filter);

  const AppContext& context_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_QUERIES_H_
