#include "services/intake/domain/suggestion.h"

#include <algorithm>
#include <string_view>

namespace redress::intake {
namespace {

constexpr int kPermitDays = 7;
constexpr int kAdultYears = 18;

bool IsMinor(const Complainant& person, const Date& today) {
  if (person.age_band == "UNDER_15" || person.age_band == "15_17") return true;
  const std::optional<Date> born = Date::Parse(person.birth_date);
  if (!born) return false;
  // A birth date known in part makes a minor only when every day that it can mean does. A 29th of
  // February that is no day in the adult year compares as the day before the 1st of March.
  const Date first = born->Earliest();
  return today < Date{first.year + kAdultYears, first.month, first.day};
}

bool HasPaperHeldBy(const Complainant& person, std::string_view holder) {
  return std::any_of(
      person.identity_documents.begin(), person.identity_documents.end(),
      [holder](const IdentityDocument& document) { return document.held_by == holder; });
}

bool PermitExpiresSoon(const Complainant& person, const Date& today) {
  const std::optional<Date> last = Date::Parse(person.migration_status_expires_on);
  return last && last->whole() && *last >= today && *last <= AddDays(today, kPermitDays);
}

// Each language that the person speaks, once.
std::vector<std::string> LanguagesOf(const Complainant& person) {
  std::vector<std::string> languages = person.languages;
  std::sort(languages.begin(), languages.end());
  languages.erase(std::unique(languages.begin(), languages.end()), languages.end());
  return languages;
}

void CountUp(const std::string& language, std::vector<LanguageCount>& languages) {
  for (LanguageCount& one : languages) {
    if (one.language != language) continue;
    ++one.members;
    return;
  }
  if (languages.size() < MemberFacts::kMostLanguages) languages.push_back({language, 1});
}

void Less(uint32_t& from, uint32_t by) { from -= std::min(from, by); }

}  // namespace

void MemberFacts::Add(const GroupMember& member, const Date& today) {
  const Complainant& person = member.complainant;
  if (IsMinor(person, today)) ++minors;
  if (person.where_now == "DETAINED") ++detained;
  if (HasPaperHeldBy(person, "EMPLOYER")) ++papers_with_employer;
  if (HasPaperHeldBy(person, "AGENCY")) ++papers_with_agency;
  if (PermitExpiresSoon(person, today)) ++permit_expires_soon;
  if (person.migration_status == "IRREGULAR" || person.migration_status == "EXPIRED") ++irregular;
  if (!person.union_membership.empty()) ++union_members;
  for (const std::string& language : LanguagesOf(person)) CountUp(language, languages);
}

void MemberFacts::Remove(const GroupMember& member, const Date& today) {
  MemberFacts gone;
  gone.Add(member, today);
  Less(minors, gone.minors);
  Less(detained, gone.detained);
  Less(papers_with_employer, gone.papers_with_employer);
  Less(papers_with_agency, gone.papers_with_agency);
  Less(permit_expires_soon, gone.permit_expires_soon);
  Less(irregular, gone.irregular);
  Less(union_members, gone.union_members);
  for (LanguageCount& one : languages) {
    for (const LanguageCount& spoken : gone.languages) {
      if (one.language == spoken.language) Less(one.members, spoken.members);
    }
  }
  std::erase_if(languages, [](const LanguageCount& one) { return one.members == 0; });
}

MemberFacts FactsOf(const std::vector<GroupMember>& members, const Date& today) {
  MemberFacts facts;
  for (const GroupMember& member : members) {
    if (!member.withdrawn) facts.Add(member, today);
  }
  return facts;
}

}  // namespace redress::intake
