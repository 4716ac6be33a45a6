#include "services/intake/domain/similar.h"

#include <algorithm>
#include <optional>

#include "services/platform/codes/normal_name.h"
#include "services/platform/time/date.h"

namespace redress::intake {
namespace {

// How much each agreement says. A document number or a desk's own reference is nearly proof;
// corridor and category are what most cases of a country share.
constexpr int kNamePoints = 30;
constexpr int kBirthDatePoints = 20;
constexpr int kDocumentPoints = 50;
constexpr int kContactPoints = 30;
constexpr int kRespondentPoints = 15;
constexpr int kLicencePoints = 15;
constexpr int kCorridorPoints = 5;
constexpr int kCategoryPoints = 5;
constexpr int kPeriodPoints = 5;
constexpr int kReferencePoints = 50;
constexpr int kMostPoints = 100;

bool IsAsciiAlnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

void SortUnique(std::vector<std::string>& values) {
  std::erase(values, std::string());
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

// Both sorted.
bool ShareOne(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  auto left = a.begin();
  auto right = b.begin();
  while (left != a.end() && right != b.end()) {
    if (*left == *right) return true;
    if (*left < *right) {
      ++left;
    } else {
      ++right;
    }
  }
  return false;
}

// Two periods overlap when neither ends before the other begins; an unknown end is open, an unknown
// beginning says nothing.
bool Overlap(const Period& a, const Period& b) {
  const std::optional<Date> a_from = Date::Parse(a.from);
  const std::optional<Date> b_from = Date::Parse(b.from);
  if (!a_from || !b_from) return false;
  const std::optional<Date> a_to = Date::Parse(a.to);
  const std::optional<Date> b_to = Date::Parse(b.to);
  return (!a_to || a_to->Latest() >= b_from->Earliest()) &&
         (!b_to || b_to->Latest() >= a_from->Earliest());
}

void AddMember(const GroupMember& member, SimilarityFacts& facts) {
  const Complainant& person = member.complainant;
  facts.names.push_back(NormaliseName(person.name));
  const std::optional<Date> born = Date::Parse(person.birth_date);
  if (born && born->whole()) facts.birth_dates.push_back(person.birth_date);
  for (const IdentityDocument& document : person.identity_documents) {
    facts.document_numbers.push_back(NormaliseNumber(document.number));
  }
  if (person.safe_contact) facts.contacts.push_back(NormaliseNumber(person.safe_contact->address));
}

}  // namespace

std::string NormaliseNumber(std::string_view number) {
  std::string normal;
  for (char c : number) {
    if (IsAsciiAlnum(c) || static_cast<unsigned char>(c) >= 0x80) normal += Upper(c);
  }
  return normal;
}

SimilarityFacts SimilarityFactsOf(const Complaint& complaint,
                                  const std::vector<GroupMember>& members) {
  SimilarityFacts facts;
  for (const GroupMember& member : members) AddMember(member, facts);
  for (const Respondent& respondent : complaint.respondents) {
    facts.respondents.push_back(NormaliseName(respondent.name));
    for (const std::string& alias : respondent.aliases) {
      facts.respondents.push_back(NormaliseName(alias));
    }
    facts.licence_numbers.push_back(NormaliseNumber(respondent.licence_number));
  }
  facts.categories.push_back(complaint.primary_category.code);
  for (const Category& category : complaint.secondary_categories) {
    facts.categories.push_back(category.code);
  }
  for (std::vector<std::string>* list :
       {&facts.names, &facts.birth_dates, &facts.document_numbers, &facts.contacts,
        &facts.respondents, &facts.licence_numbers, &facts.categories}) {
    SortUnique(*list);
  }
  facts.origin = complaint.corridor.origin;
  facts.destination = complaint.corridor.destination;
  facts.incident = complaint.incident;
  facts.own_reference = complaint.own_reference;
  return facts;
}

Similarity Compare(const SimilarityFacts& a, const SimilarityFacts& b) {
  Similarity similarity;
  const auto count = [&similarity](bool agrees, const char* what, int points) {
    if (!agrees) return false;
    similarity.agreeing.push_back(what);
    similarity.score += points;
    return true;
  };
  const bool name = count(ShareOne(a.names, b.names), "NAME", kNamePoints);
  const bool born = count(ShareOne(a.birth_dates, b.birth_dates), "BIRTH_DATE", kBirthDatePoints);
  const bool document =
      count(ShareOne(a.document_numbers, b.document_numbers), "DOCUMENT_NUMBER", kDocumentPoints);
  const bool contact = count(ShareOne(a.contacts, b.contacts), "CONTACT", kContactPoints);
  count(ShareOne(a.respondents, b.respondents), "RESPONDENT", kRespondentPoints);
  count(ShareOne(a.licence_numbers, b.licence_numbers), "LICENCE_NUMBER", kLicencePoints);
  count(!a.destination.empty() && a.origin == b.origin && a.destination == b.destination,
        "CORRIDOR", kCorridorPoints);
  count(ShareOne(a.categories, b.categories), "CATEGORY", kCategoryPoints);
  count(Overlap(a.incident, b.incident), "INCIDENT_PERIOD", kPeriodPoints);
  count(!a.own_reference.empty() && a.own_reference == b.own_reference, "OWN_REFERENCE",
        kReferencePoints);
  similarity.score = std::min(similarity.score, kMostPoints);
  similarity.same_worker = (name || document) && (born || contact);
  return similarity;
}

std::vector<std::string> CandidateKeys(const SimilarityFacts& facts) {
  std::vector<std::string> keys;
  const auto add = [&keys](std::string_view prefix, const std::vector<std::string>& values) {
    for (const std::string& value : values) keys.push_back(std::string(prefix) + value);
  };
  add("name:", facts.names);
  add("document:", facts.document_numbers);
  add("contact:", facts.contacts);
  add("respondent:", facts.respondents);
  add("licence:", facts.licence_numbers);
  if (!facts.own_reference.empty()) keys.push_back("reference:" + facts.own_reference);
  return keys;
}

}  // namespace redress::intake
