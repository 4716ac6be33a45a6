#include "tools/redress/case_verb.h"

namespace redress::cli {

absl::StatusOr<std::string> CurrentCaseEtag(Session& session, const std::string& case_number) {
  redress::intake::v1::GetComplaintRequest request;
  request.set_case_number(case_number);
  const std::unique_ptr<IntakeStub> stub = IntakeOf(session);
  ASSIGN_OR_RETURN(const auto response, session.Call(*stub, &IntakeStub::GetComplaint, request));
  return response.complaint_case().etag();
}

}  // namespace redress::cli
