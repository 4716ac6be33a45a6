#ifndef REDRESS_SERVICES_REFERRAL_APP_VERB_RUNNER_H_
#define REDRESS_SERVICES_REFERRAL_APP_VERB_RUNNER_H_

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "services/platform/audit/audit_leaf.h"
#include "services/platform/journal/commit.h"
#include "services/platform/journal/request_log.h"
#include "services/platform/status/field_violations.h"
#include "services/referral/app/deterministic.h"
#include "services/referral/app/loaded_referral.h"
#include "services/referral/app/referral_edit.h"
#include "services/referral/domain/access.h"

namespace redress::referral {

// What every verb on a referral has in common.
struct VerbRequest {
  std::string verb;  // As the RPC is named.
  Caller caller;
  std::string request_id;
  std::string referral_id;
  std::string etag;
  bool etag_optional = false;
  Side side = Side::kHome;  // The side whose verb it is.
  std::string content;      // ContentOf the request.
  FieldViolations faults;   // What the verb found wrong with fields of its own; see CheckForm.
};

// INVALID_ARGUMENT with every wrong field of a request at once: the verb's own and those that all
// verbs have. BeginVerb and RunVerb begin with it; a verb that reads something before calls it
// first, so that nothing is looked up for a form that is wrong.
absl::Status CheckForm(const VerbRequest& request);

// What makes a repeat the same request: its bytes without the request id, and without the etag,
// which says what the caller had read and not what is asked.
template <class Request>
std::string ContentOf(Request request) {
  request.clear_request_id();
  if constexpr (requires { request.clear_etag(); }) request.clear_etag();
  if constexpr (requires { request.clear_case_etag(); }) request.clear_case_etag();
  return Deterministic(request);
}

template <class Request>
VerbRequest VerbRequestOf(std::string verb, Caller caller, const Request& request, Side side) {
  VerbRequest common;
  common.verb = std::move(verb);
  common.caller = std::move(caller);
  common.request_id = request.request_id();
  common.referral_id = request.referral_id();
  common.etag = request.etag();
  common.side = side;
  common.content = ContentOf(request);
  return common;
}

// The two parts of a verb that are its own. Both are plain functions, run again when a commit
// meets another change of the referral.
struct VerbBody {
  std::function<absl::Status(ReferralEdit&)> act;
  // The answer to remember, serialised; `change` still lacks its commit number.
  std::function<std::string(const ReferralEdit&, v1::ReferralChange)> answer;
};

struct VerbResult {
  std::string answer;
  kv::Version version = 0;
};

// The first half of a verb that has to ask somebody else before it can act: the answer remembered
// for the request, or the referral, found, authorised and at the etag.
struct BegunVerb {
  std::optional<VerbResult> remembered;
  std::optional<LoadedReferral> loaded;
};
Answer<BegunVerb> BeginVerb(const AppParts& parts, VerbRequest request);

// Checks the form, finds a remembered answer; else loads the referral (NOT_FOUND for absent and
// foreign alike; WRONG_SIDE when the caller sees it and the verb is the other node's), holds the
// etag, acts, commits. A refusal by the life cycle leaves a line in the audit log, or is
// counted there.
Answer<VerbResult> RunVerbBody(const AppParts& parts, VerbRequest request, VerbBody body);

// The same for a response whose change is its field `change`; `act` may fill in the others.
template <class Response>
Answer<Response> RunVerb(const AppParts& parts, VerbRequest request,
                         std::function<absl::Status(ReferralEdit&, Response&)> act) {
  auto response = std::make_shared<Response>();
  VerbBody body;
  body.act = [response, act = std::move(act)](ReferralEdit& edit) {
    response->Clear();
    return act(edit, *response);
  };
  body.answer = [response](const ReferralEdit&, v1::ReferralChange change) {
    change.MergeFrom(response->change());  // Warnings.
    *response->mutable_change() = std::move(change);
    return response->SerializeAsString();
  };
  absl::StatusOr<VerbResult> result =
      co_await RunVerbBody(parts, std::move(request), std::move(body));
  if (!result.ok()) co_return result.status();
  Response answer;
  if (!answer.ParseFromString(result->answer)) {
    co_return absl::DataLossError("a remembered answer cannot be read");
  }
  answer.mutable_change()->set_commit_number(result->version);
  co_return answer;
}

// What the second gate is told. With a worker's token the member is looked up.
Answer<ReferralScope> ScopeOf(const AppParts& parts, const auth::Principal& caller,
                              const ReferralRef& ref, const rows::ReferralRecord& record);

// Every member of a disclosure.
Answer<std::set<MemberId>> DisclosedMembers(const AppParts& parts, ReferralRef ref,
                                            uint32_t disclosure);

journal::RequestIdentity IdentityOf(const VerbRequest& request);
audit::AuditLeaf LeafOf(const AppParts& parts, const auth::Principal& caller, std::string_view verb,
                        std::string_view resource);

// Commits `changes` and tells the followers of the event log.
Answer<journal::Committed> CommitChanges(const AppParts& parts, journal::ChangeSet changes);

// A refusal that asking again would not change; anything else may go well another time.
bool IsRefusedForGood(const absl::Status& status);

// True when a commit lost to another change and the whole may be tried again.
bool MayRetry(const absl::Status& status, int attempt);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_VERB_RUNNER_H_
