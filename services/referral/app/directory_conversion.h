#ifndef REDRESS_SERVICES_REFERRAL_APP_DIRECTORY_CONVERSION_H_
#define REDRESS_SERVICES_REFERRAL_APP_DIRECTORY_CONVERSION_H_

#include <string>

#include "redress/referral/v1/directory.pb.h"
#include "services/platform/status/field_violations.h"
#include "services/referral/domain/directory.h"

namespace redress::referral {

// Directory entries as messages and as the rules know them. Pure functions. What cannot be read
// (an ill-formed date or id) goes to `violations` under the field's path; whether the values are
// allowed is for the domain's Validate functions.
v1::Body ToProto(const Body& body);
Body FromProto(const v1::Body& body, FieldViolations& violations);

v1::AgreementTerms ToProto(const AgreementTerms& terms);
AgreementTerms FromProto(const v1::AgreementTerms& terms, FieldViolations& violations);
v1::AgreementHalf ToProto(const AgreementHalf& half);
AgreementHalf FromProto(const v1::AgreementHalf& half);

v1::Posting ToProto(const Posting& posting);
Posting FromProto(const v1::Posting& posting, FieldViolations& violations);

// SHA-256 over the deterministic bytes of the terms.
std::string TermsDigest(const v1::AgreementTerms& terms);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_DIRECTORY_CONVERSION_H_
