#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_ACCESS_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_ACCESS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "services/intake/domain/consent.h"
#include "services/intake/domain/disclosure.h"
#include "services/platform/auth/access_table.h"
#include "services/platform/auth/principal.h"
#include "services/platform/time/date.h"

namespace redress::intake {

// Who may do and see what, in three gates that every call passes in this order:
//   1. IntakeAccess: which roles may use a verb at all            PERMISSION_DENIED
//   2. MaySeeCase, MaySeeMember: which cases and members          NOT_FOUND, as for an absent one
//   3. HeadView, MemberView: which fields of them                 the others are empty
// Pure functions over values. A caller who holds several roles gets what any of them gives.

// One line per verb and set of roles, for every verb of IntakeService.
const auth::AccessTable& IntakeAccess();

// What of a case decides who sees it. All of it is in the head's clear part.
struct CaseFacts {
  std::string case_number;
  std::string filed_by_body_id;   // Empty for a worker or representative.
  std::string province;           // ISO 3166-2; empty: the nation's own desk.
  std::string destination;        // ISO 3166-1 alpha-2, upper case.
  uint32_t embassy_consents = 0;  // Members whose EMBASSY consent is in force.
};

// What of a member decides.
struct MemberAccessFacts {
  std::string member_id;
  std::string nationality;  // ISO 3166-1 alpha-2, upper case.
  std::vector<ConsentBit> consents;
};

// For an attaché: the nationality followed, that of the body. Postings and proxy agreements are
// referral's, and intake asks nobody: the account says where an attaché is posted, and whom a proxy
// mission acts for is shown by status alone.
std::string AttacheNationality(const auth::Principal& caller);

// True when the caller may know that the case exists. A desk sees what its body filed, a province
// what its province handles, the ministry, the protection officer and services everything of the
// node, a worker or representative the case in the token, an attaché cases in the posted country
// with a member who agreed. For the attaché this is necessary only: at least one member must pass
// MaySeeMember as well.
bool MaySeeCase(const auth::Principal& caller, const CaseFacts& facts);

// True when the caller, who may see the case, may see this member. `followed` are the nationalities
// that an attaché follows; ignored for other roles.
bool MaySeeMember(const auth::Principal& caller, const CaseFacts& facts,
                  const MemberAccessFacts& member, const std::vector<std::string>& followed,
                  const Date& today);

// The fields of the head that the caller, who may see the case, gets. `filing_groups` are the
// groups that every member's FILING consent names; they alone open the narrative of sexual violence
// to the ministry and the province. `embassy_groups` are those that every member the attaché sees
// let out.
FieldView HeadView(const auth::Principal& caller, const CaseFacts& facts, bool group_complaint,
                   FieldGroupSet filing_groups, FieldGroupSet embassy_groups);

// The fields of the members in numbers, and of the respondents that are bodies, for a caller whose
// view of the head is `head`: the same, and for a service all of them, since referral routes a case
// by them. They say nothing of any person.
FieldView RoutingView(const auth::Principal& caller, const FieldView& head);

// The fields of one member likewise. `in_shelter`: where_now is SHELTER, and then a representative,
// who may be family, does not learn where.
FieldView MemberView(const auth::Principal& caller, const CaseFacts& facts,
                     const MemberAccessFacts& member, bool in_shelter, const Date& today);

// True when the caller acts for the own case: a worker or a representative, whose word needs no
// instruction and no filing consent beside it.
bool ActsForSelf(const auth::Principal& caller);

// OK, or NOT_FOUND for a worker or representative who names another member than the own.
absl::Status CheckOwnMember(const auth::Principal& caller, std::string_view member_id);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_ACCESS_H_
