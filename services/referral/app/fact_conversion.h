#ifndef REDRESS_SERVICES_REFERRAL_APP_FACT_CONVERSION_H_
#define REDRESS_SERVICES_REFERRAL_APP_FACT_CONVERSION_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "redress/referral/v1/evidence.pb.h"
#include "redress/referral/v1/fact.pb.h"
#include "redress/referral/v1/fact_details.pb.h"
#include "services/platform/codes/iso_codes.h"
#include "services/platform/status/field_violations.h"
#include "services/referral/domain/evidence.h"
#include "services/referral/domain/fact.h"

namespace redress::referral {

// Facts as the domain knows them and as nodes exchange and keep them. Pure functions.

// Everything but `recorded_at`, which is each node's own.
v1::Fact ToProto(const Fact& fact, const IsoCodes& codes);

// INVALID_ARGUMENT naming every field that cannot be read, under "fact."; the rules of a fact are
// CheckFact's. `recorded_at` is left open.
absl::StatusOr<Fact> FromProto(const v1::Fact& fact, const IsoCodes& codes);

// The bytes that a fact's digest speaks of and that travel: without the person, who is nobody's
// business but the acting body's.
v1::Fact ExchangedForm(v1::Fact fact);
std::string FactBytes(const v1::Fact& fact);
std::string FactDigest(const v1::Fact& fact);

// Details that requests of people carry, checked for form; problems go to `violations` under
// `field`.
v1::MemberTerms ToProto(const MemberTerms& terms, const IsoCodes& codes);
GroupTerms TermsFromProto(const google::protobuf::RepeatedPtrField<v1::MemberTerms>& members,
                          const v1::MemberTerms* for_each_other, std::string_view field,
                          const IsoCodes& codes, FieldViolations& violations);
v1::ProposalDetails ToProto(const ProposalDetails& details, const IsoCodes& codes);
ProposalDetails FromProto(const v1::ProposalDetails& details, const IsoCodes& codes,
                          FieldViolations& violations);
OutcomeDetails FromProto(const v1::OutcomeDetails& details, const IsoCodes& codes,
                         FieldViolations& violations);
v1::InformationRequestDetails ToProto(const InformationRequestDetails& details);
InformationRequestDetails FromProto(const v1::InformationRequestDetails& details,
                                    FieldViolations& violations);
StepDetails FromProto(const v1::StepDetails& details, FieldViolations& violations);

v1::EvidenceStatement ToProto(const EvidenceStatement& statement);
absl::StatusOr<EvidenceStatement> FromProto(const v1::EvidenceStatement& statement);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_FACT_CONVERSION_H_
