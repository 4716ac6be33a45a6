#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_SIMILAR_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_SIMILAR_H_

#include <string>
#include <string_view>
#include <vector>

#include "services/intake/domain/complaint.h"

namespace redress::intake {

// Finding complaints that look alike: the same worker filing twice, the same factory or agency
// again. Pure functions over values; where candidates come from is the store's matter.

// A complaint boiled down to what is compared. Texts are normalised (see
// platform/codes/normal_name.h), each list is sorted and holds nothing twice.
struct SimilarityFacts {
  std::vector<std::string> names;        // Of members.
  std::vector<std::string> birth_dates;  // Whole ones only.
  std::vector<std::string> document_numbers;
  std::vector<std::string> contacts;
  std::vector<std::string> respondents;  // Names and aliases.
  std::vector<std::string> licence_numbers;
  std::vector<std::string> categories;
  std::string origin;
  std::string destination;
  Period incident;
  std::string own_reference;
};

SimilarityFacts SimilarityFactsOf(const Complaint& complaint,
                                  const std::vector<GroupMember>& members);

struct Similarity {
  int score = 0;  // 0 to 100; from kLookFirst on a person should look before filing again.
  // What agrees, in the order of the API's list: NAME, BIRTH_DATE, DOCUMENT_NUMBER, CONTACT,
  // RESPONDENT, LICENCE_NUMBER, CORRIDOR, CATEGORY, INCIDENT_PERIOD, OWN_REFERENCE. Never a value.
  std::vector<std::string> agreeing;
  // Name or document, and birth date or contact, agree.
  bool same_worker = false;

  friend bool operator==(const Similarity&, const Similarity&) = default;
};
inline constexpr int kLookFirst = 80;

// How alike two complaints are; the same both ways round.
Similarity Compare(const SimilarityFacts& a, const SimilarityFacts& b);

// What two complaints must share at least one of to be compared at all, "name:…", "document:…",
// "contact:…", "respondent:…", "licence:…", "reference:…". Personal data: only a keyed hash of it
// may be stored.
std::vector<std::string> CandidateKeys(const SimilarityFacts& facts);

// Letters and digits only, upper case: "N 123-456" and "n123456" are one.
std::string NormaliseNumber(std::string_view number);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_SIMILAR_H_
