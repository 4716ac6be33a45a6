#include "services/status/app/event_data.h"
#include "services/status/app/proto_time.h"
#include "services/status/clients/event_conversion.h"

namespace redress::status {
namespace {

namespace iv1 = ::redress::intake::v1;

std::vector<std::string> Strings(const google::protobuf::RepeatedPtrField<std::string>& from) {
  return {from.begin(), from.end()};
}

template <class Kind>
void TakeDimensions(const Kind& kind, IntakeEvent& to) {
  if (kind.has_dimensions()) to.dimensions = FromProto(kind.dimensions());
}

void TakeFiled(const iv1::CaseFiled& from, IntakeEvent& to) {
  to.kind = IntakeKind::kFiled;
  TakeDimensions(from, to);
  to.members = FromProtos(from.members());
  to.totals = FromProtos(from.totals());
}

void TakeAmended(const iv1::CaseAmended& from, IntakeEvent& to) {
  to.kind = IntakeKind::kAmended;
  TakeDimensions(from, to);
  if (from.has_member()) to.members.push_back(FromProto(from.member()));
  to.totals = FromProtos(from.totals());
}

void TakeWithdrawn(const iv1::CaseWithdrawn& from, IntakeEvent& to) {
  to.kind = IntakeKind::kWithdrawn;
  TakeDimensions(from, to);
  to.member_ids = Strings(from.member_ids());
  to.reason = from.reason();
  to.undo_until = REDRESS_GET_TIME(from, undo_until);
}

void TakeConsent(const iv1::ConsentChanged& from, IntakeEvent& to) {
  to.kind = IntakeKind::kConsentChanged;
  to.detail = from.purpose();
  to.reason = from.status();
  to.expires_on = from.expires_on();
  to.member_ids = Strings(from.member_ids());
}

void TakeKind(const iv1::Event& from, IntakeEvent& to) {
  switch (from.kind_case()) {
    case iv1::Event::kCaseFiled:
      return TakeFiled(from.case_filed(), to);
    case iv1::Event::kCaseScreened:
      to.kind = IntakeKind::kScreened;
      to.reason = from.case_screened().reason();
      return TakeDimensions(from.case_screened(), to);
    case iv1::Event::kCaseAmended:
      return TakeAmended(from.case_amended(), to);
    case iv1::Event::kCaseWithdrawn:
      return TakeWithdrawn(from.case_withdrawn(), to);
    case iv1::Event::kCaseClosed:
      to.kind = IntakeKind::kClosed;
      to.reason = from.case_closed().reason();
      return;
    case iv1::Event::kCaseReopened:
      to.kind = IntakeKind::kReopened;
      to.detail = from.case_reopened().kind();
      to.member_ids = Strings(from.case_reopened().member_ids());
      return TakeDimensions(from.case_reopened(), to);
    case iv1::Event::kMembersAdded:
      to.kind = IntakeKind::kMembersAdded;
      to.members = FromProtos(from.members_added().members());
      to.totals = FromProtos(from.members_added().totals());
      return TakeDimensions(from.members_added(), to);
    case iv1::Event::kConsentChanged:
      return TakeConsent(from.consent_changed(), to);
    case iv1::Event::kEvidenceAdded:
      to.kind = IntakeKind::kEvidenceAdded;
      to.detail = from.evidence_added().kind();
      if (!from.evidence_added().member_id().empty()) {
        to.member_ids.push_back(from.evidence_added().member_id());
      }
      return;
    case iv1::Event::kMoneyRecorded:
      to.kind = IntakeKind::kMoneyRecorded;
      to.entries = FromProtos(from.money_recorded().entries());
      to.totals = FromProtos(from.money_recorded().totals());
      return;
    case iv1::Event::kApprovalRequested:
      to.kind = IntakeKind::kApprovalRequest;
      to.detail = from.approval_requested().kind();
      return;
    case iv1::Event::kApprovalDecided:
      to.kind = IntakeKind::kApprovalDecided;
      to.detail = from.approval_decided().kind();
      to.reason = from.approval_decided().decision();
      return;
    default:
      // Disclosures are told of by referral's log.
      return;
  }
}

}  // namespace

IntakeEvent FromProto(const iv1::Event& from) {
  IntakeEvent to;
  to.number = from.number();
  to.occurred_at = REDRESS_GET_TIME(from, occurred_at);
  to.case_number = from.case_number();
  to.state = static_cast<CaseState>(from.state());
  to.actor = {from.actor().node_id(), from.actor().body_id(), from.actor().role()};
  TakeKind(from, to);
  return to;
}

}  // namespace redress::status
