#ifndef REDRESS_SERVICES_INTAKE_APP_CASE_READER_H_
#define REDRESS_SERVICES_INTAKE_APP_CASE_READER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/intake/app/app_context.h"
#include "services/intake/app/caller.h"
#include "services/intake/app/records.h"
#include "services/intake/domain/access.h"
#include "services/intake/domain/complaint.h"
#include "services/platform/async/task.h"
#include "services/platform/time/date.h"

namespace redress::intake {

// How far somebody came who looked for a member that the caller sees.
struct MemberLook {
  bool seen = false;
  size_t looked_at = 0;  // Members that were read.
  uint32_t after = 0;    // The ordinal to go on after; 0 when none is left, or one was found.
};

// One reader of one case: which members they see, and which fields. Made by Open, which has passed
// the first two gates of access.h. Lives in the frame of a query; not thread-safe.
class CaseReader {
 public:
  // PERMISSION_DENIED by role; NOT_FOUND for a case that is absent, erased or not the caller's to
  // see.
  static async::Task<absl::StatusOr<CaseReader>> Open(const AppContext& context, Caller caller,
                                                      std::string_view verb, CaseNumber number);

  const auth::Principal& caller() const { return *caller_; }
  const CaseHead& head() const { return stored_.head; }
  kv::Version version() const { return stored_.version; }
  const CaseKeyPtr& key() const { return key_; }
  const Date& today() const { return today_; }

  bool SeesMember(const MemberRow& row) const;
  // Whether there is a member after `after` that the caller sees today. Reads members until one is
  // found, up to `most`, 1 or more.
  async::Task<absl::StatusOr<MemberLook>> LookForMember(uint32_t after, size_t most) const;

  // The member cut to what the caller gets, with consents as they stand today.
  absl::StatusOr<GroupMember> View(const MemberRow& row) const;

  // The caller's fields of the head. For an attaché it reads the members that may be seen.
  async::Task<absl::StatusOr<FieldView>> ViewOfHead() const;

  // The caller's fields of each of these members; of those whom the caller does not see, nothing.
  async::Task<absl::StatusOr<std::map<MemberId, FieldView>>> ViewsOfMembers(
      std::set<MemberId> ids) const;

 private:
  CaseReader(const AppContext& context, Caller caller, StoredCase stored, CaseKeyPtr key);
  MemberAccessFacts AccessFacts(const MemberRow& row) const;

  const AppContext* context_;
  Caller caller_;
  StoredCase stored_;
  CaseKeyPtr key_;
  CaseFacts facts_;
  Date today_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_CASE_READER_H_
