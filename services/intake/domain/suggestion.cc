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

}  // namespace

void MemberFacts::Add(const GroupMember& member, const Date& today) {
  const Complainant& person = member.complainant;
  if (IsMinor(person, today)) ++minors;
  if (person.where_now == "DETAINED") ++detained;
  if (HasPaperHeldBy(person, "EMPLOYER")) ++papers_with_employer;
  if (HasPaperHeldBy(person, "AGENCY")) ++papers_with_agency;
  if (PermitExpiresSoon(person, today)) ++permit_expires_soon;
  if (person.migration_status == "IRREGULAR" || person.migration_status == "EXPIRED") ++irregular;
}

MemberFacts FactsOf(const std::vector<GroupMember>& members, const Date& today) {
  MemberFacts facts;
  for (const GroupMember& member : members) {
    if (!member.withdrawn) facts.Add(member, today);
  }
  return facts;
}

}  // namespace redress::intake
