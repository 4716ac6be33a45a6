#ifndef REDRESS_SERVICES_INTAKE_APP_INTAKE_APP_H_
#define REDRESS_SERVICES_INTAKE_APP_INTAKE_APP_H_

#include <memory>

#include "services/intake/app/app_context.h"
#include "services/intake/app/approval_verbs.h"
#include "services/intake/app/case_verbs.h"
#include "services/intake/app/consent_verbs.h"
#include "services/intake/app/disclosure_verbs.h"
#include "services/intake/app/event_feed.h"
#include "services/intake/app/evidence_verbs.h"
#include "services/intake/app/filing.h"
#include "services/intake/app/importing.h"
#include "services/intake/app/money_verbs.h"
#include "services/intake/app/queries.h"
#include "services/intake/app/similar_cases.h"

namespace redress::intake {

// All of what intake does, behind one door: one coroutine per verb of IntakeService, grouped by
// what they work on. It knows neither gRPC nor any engine; what it stores goes through CaseStore
// (app/case_store.h), which storage/ implements.
//
//   IntakeApp app(parts);                             // wiring
//   co_await app.evidence().RemoveOrphans();          // before serving
//   auto answer = co_await app.filing().FileComplaint(caller, mark, std::move(filing));
//
// Every verb that changes something looks up its request first, then loads, authorises, checks the
// version, applies a rule of domain/, and commits everything as one change; nothing is kept in
// memory between calls but caches and the serial counter. A step that the life cycle refuses leaves
// a line in the audit log, or is counted there. All methods are for the executor's thread; the app
// must outlive its tasks.
class IntakeApp {
 public:
  explicit IntakeApp(const AppContext& context)
      : context_(context),
        filing_(context_),
        importing_(context_, filing_),
        cases_(context_),
        consents_(context_),
        money_(context_),
        approvals_(context_),
        disclosures_(context_),
        evidence_(context_),
        queries_(context_),
        similar_(context_),
        events_(context_) {}
  IntakeApp(const IntakeApp&) = delete;
  IntakeApp& operator=(const IntakeApp&) = delete;

  // FileComplaint, AddGroupMembers.
  Filing& filing() { return filing_; }
  // ImportComplaints.
  Importing& importing() { return importing_; }
  // AmendComplaint, ScreenComplaint, WithdrawComplaint, CloseComplaint, ReopenComplaint.
  CaseVerbs& cases() { return cases_; }
  // RecordConsent, RevokeConsent.
  ConsentVerbs& consents() { return consents_; }
  // RecordMoney, ListMoney.
  MoneyVerbs& money() { return money_; }
  // RequestApproval, Approve.
  ApprovalVerbs& approvals() { return approvals_; }
  // DiscloseComplaint, SettleDisclosure.
  DisclosureVerbs& disclosures() { return disclosures_; }
  // UploadEvidence, DownloadEvidence, ListEvidence.
  EvidenceVerbs& evidence() { return evidence_; }
  // GetComplaint, ListComplaints, ListGroupMembers.
  Queries& queries() { return queries_; }
  // FindSimilar.
  SimilarCases& similar() { return similar_; }
  // ReadEvents.
  EventFeed& events() { return events_; }

 private:
  AppContext context_;
  Filing filing_;
  Importing importing_;
  CaseVerbs cases_;
  ConsentVerbs consents_;
  MoneyVerbs money_;
  ApprovalVerbs approvals_;
  DisclosureVerbs disclosures_;
  EvidenceVerbs evidence_;
  Queries queries_;
  SimilarCases similar_;
  EventFeed events_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_INTAKE_APP_H_
