#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_VALIDATE_COMPLAINT_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_VALIDATE_COMPLAINT_H_

#include <string_view>
#include <vector>

#include "services/intake/domain/complaint.h"
#include "services/intake/domain/field_checker.h"
#include "services/platform/status/field_violations.h"

namespace redress::intake {

// The rules that a filing must meet, as the comments of the protos state them. Each function notes
// everything that is wrong, each fault at the path under which the caller wrote it, and answers
// nothing else: no violation means valid. What is only suspicious (an award above the claim) is a
// warning elsewhere; irregular migration status is neither.
//
// `root` is the field of the request that holds the value: "filing" for FileComplaintRequest.

// A whole filing: head, members, consents and what must agree between them.
void ValidateFiling(const ComplaintFiling& filing, std::string_view root,
                    const ValidationContext& context, FieldViolations& violations);

// The head alone, as after an amendment.
void ValidateComplaint(const Complaint& complaint, std::string_view root,
                       const ValidationContext& context, FieldViolations& violations);

// One member, as after an amendment. Neither id nor consents, which have verbs of their own, are
// looked at.
void ValidateMember(const GroupMember& member, std::string_view root,
                    const ValidationContext& context, FieldViolations& violations);

// What AddGroupMembers brings: 1 to 200 members under "members" and what all of them agreed to
// under "consents".
void ValidateNewMembers(const std::vector<GroupMember>& members,
                        const std::vector<Consent>& consents, const ValidationContext& context,
                        FieldViolations& violations);

// What RecordConsent brings under `root`: 1 to 20, one per receiver and purpose.
void ValidateConsents(const std::vector<Consent>& consents, std::string_view root,
                      const ValidationContext& context, FieldViolations& violations);

// Writes every amount of a valid filing with exactly the decimals of its currency ("450" becomes
// "450.00"), so that what is shown is always the same.
void WriteAmountsInFull(ComplaintFiling& filing, const IsoCodes& codes);
void WriteAmountsInFull(Complaint& complaint, const IsoCodes& codes);
void WriteAmountsInFull(GroupMember& member, const IsoCodes& codes);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_VALIDATE_COMPLAINT_H_
