#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_SUGGESTION_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_SUGGESTION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "services/intake/domain/complaint.h"
#include "services/platform/time/date.h"

namespace redress::intake {

// A fact that a suggestion rests on: where it stands and the code found there, or the name of the
// rule for a date. Never a value of the person's.
struct SuggestionReason {
  std::string field;          // "complaint.circumstances"
  std::string code;           // "CANNOT_LEAVE"
  uint32_t member_count = 0;  // Members that it holds for; 0: the whole case.

  friend bool operator==(const SuggestionReason&, const SuggestionReason&) = default;
};

// How many members speak a language.
struct LanguageCount {
  std::string language;
  uint32_t members = 0;

  friend bool operator==(const LanguageCount&, const LanguageCount&) = default;
};

// What suggestions and routing read of the members, as counts, so that a group of 10,000 needs not
// be in memory at once: Add each member that has not withdrawn. A plain value.
struct MemberFacts {
  static constexpr size_t kMostLanguages = 32;  // Further ones are not counted.

  uint32_t minors = 0;                // Born less than 18 years ago, or so by age band.
  uint32_t detained = 0;              // where_now DETAINED.
  uint32_t papers_with_employer = 0;  // An identity paper held by the employer.
  uint32_t papers_with_agency = 0;    // … by the agency.
  uint32_t permit_expires_soon = 0;   // Within 7 days from today, today included.
  uint32_t irregular = 0;             // IRREGULAR or EXPIRED, so open to abuse.
  uint32_t union_members = 0;         // Named the union that they are of.
  std::vector<LanguageCount> languages;

  void Add(const GroupMember& member, const Date& today);
  // No count goes below zero: what a date made true when it was added may have changed since.
  void Remove(const GroupMember& member, const Date& today);

  friend bool operator==(const MemberFacts&, const MemberFacts&) = default;
};

MemberFacts FactsOf(const std::vector<GroupMember>& members, const Date& today);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_SUGGESTION_H_
