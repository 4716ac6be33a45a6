#ifndef REDRESS_SERVICES_INTAKE_APP_VERB_CALL_H_
#define REDRESS_SERVICES_INTAKE_APP_VERB_CALL_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/intake/app/answers.h"
#include "services/intake/app/app_context.h"
#include "services/intake/app/caller.h"
#include "services/intake/app/case_events.h"
#include "services/intake/app/records.h"
#include "services/intake/domain/access.h"
#include "services/intake/domain/field_checker.h"
#include "services/platform/async/task.h"
#include "services/platform/journal/change_set.h"
#include "services/platform/time/date.h"

namespace redress::intake {

// So often a verb that was given no etag is tried while other changes come in between.
inline constexpr int kTriesWithoutEtag = 5;

// What a verb is about to commit. `before` is unset for a new case.
struct CaseChange {
  std::optional<StoredCase> before;
  CaseHead after;
  CaseKeyPtr key;
  journal::ChangeSet changes;
  std::vector<decltype(CaseEvent::what)> events;
  VerbAnswer answer;
};

// One call of a verb that changes something: what all of them do alike, in the order in which they
// do it. It lives in the verb's coroutine frame and must outlive the tasks it makes.
//
//   VerbCall call(context_, "ScreenComplaint", caller, mark);
//   auto answered = co_await call.FindAnswer();       // done before? then that is the answer
//   auto stored = co_await call.LoadCase(target);     // NOT_FOUND, ETAG_STALE
//   … rules of domain/; a refusal goes through call.Refused …
//   co_return co_await call.Commit(std::move(change));
class VerbCall {
 public:
  // Without a mark for verbs that are idempotent by their own ids.
  VerbCall(const AppContext& context, std::string_view verb, Caller caller,
           std::optional<RequestMark> mark);

  const AppContext& context() const { return context_; }
  const auth::Principal& caller() const { return *caller_; }
  const Actor& actor() const { return actor_; }
  absl::Time now() const { return now_; }
  const Date& today() const { return validation_.today; }
  const ValidationContext& validation() const { return validation_; }
  bool acts_for_self() const { return ActsForSelf(*caller_); }

  // The role gate once more (the rpc layer has asked it before): no way into the store without it.
  // Then the answer given before to the same request; nullopt when it is new.
  async::Task<absl::StatusOr<std::optional<VerbAnswer>>> FindAnswer();

  // The case, when the caller may see it and has read its newest version.
  async::Task<absl::StatusOr<StoredCase>> LoadCase(CaseTarget target);

  // Gives `refusal` back; one that is FAILED_PRECONDITION leaves a line in the audit log, or is
  // counted there (audit::RefusalLog).
  async::Task<absl::Status> Refused(CaseNumber number, absl::Status refusal);

  // Begins a change of a stored case: head and key, both to be changed by the verb.
  async::Task<absl::StatusOr<CaseChange>> Change(StoredCase stored);

  // Commits everything as one and fills in the answer.
  async::Task<absl::StatusOr<VerbAnswer>> Commit(CaseChange change);

 private:
  journal::RequestIdentity Identity() const;
  // Codes are stored nowhere: a repeated answer has them derived again.
  void FillTrackingCodes(VerbAnswer& answer) const;
  absl::StatusOr<VerbAnswer> FromRemembered(const journal::RememberedAnswer& remembered) const;
  audit::AuditLeaf Leaf(const CaseNumber& number) const;

  const AppContext& context_;
  const std::string_view verb_;
  const Caller caller_;
  const std::optional<RequestMark> mark_;
  const absl::Time now_;
  const ValidationContext validation_;
  const Actor actor_;
};

// Who acts, in the first of the caller's roles that the verb accepts.
Actor ActorOf(const auth::Principal& caller, std::string_view verb);

// Names a person in keys and in the second-person rule without telling who it is: a digest of the
// caller key.
std::string SubjectOf(const auth::Principal& caller);

CaseFacts FactsOf(const CaseHead& head);

// NOT_FOUND in the one wording for absent and foreign cases.
absl::Status CaseNotFound();

// Adds a row to the case's history, numbered and stamped.
void AddHistory(const VerbCall& call, CaseChange& change, HistoryRow row);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_VERB_CALL_H_
