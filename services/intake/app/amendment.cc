#include "services/intake/app/amendment.h"

#include <algorithm>
#include <span>

#include "fmt/format.h"
#include "services/platform/codes/code_list.h"

namespace redress::intake {
namespace {

constexpr size_t kMaxPaths = 40;

template <class Whole>
struct Part {
  std::string_view path;
  void (*copy)(const Whole& from, Whole& to);
};

template <auto Member>
void CopyOf(const Complaint& from, Complaint& to) {
  to.*Member = from.*Member;
}

template <auto Member>
void CopyOfMember(const GroupMember& from, GroupMember& to) {
  to.*Member = from.*Member;
}

void CopySafeContact(const GroupMember& from, GroupMember& to) {
  to.complainant.safe_contact = from.complainant.safe_contact;
}

// All of Complaint but `scope`, on which everything else rests.
constexpr Part<Complaint> kHeadParts[] = {
    {"kind", CopyOf<&Complaint::kind>},
    {"channel", CopyOf<&Complaint::channel>},
    {"migration_stage", CopyOf<&Complaint::migration_stage>},
    {"corridor", CopyOf<&Complaint::corridor>},
    {"incident", CopyOf<&Complaint::incident>},
    {"sector", CopyOf<&Complaint::sector>},
    {"primary_category", CopyOf<&Complaint::primary_category>},
    {"secondary_categories", CopyOf<&Complaint::secondary_categories>},
    {"remedies_sought", CopyOf<&Complaint::remedies_sought>},
    {"narrative", CopyOf<&Complaint::narrative>},
    {"sensitive_narrative", CopyOf<&Complaint::sensitive_narrative>},
    {"narrative_language", CopyOf<&Complaint::narrative_language>},
    {"respondents", CopyOf<&Complaint::respondents>},
    {"contract_clauses", CopyOf<&Complaint::contract_clauses>},
    {"circumstances", CopyOf<&Complaint::circumstances>},
    {"heard_of_us", CopyOf<&Complaint::heard_of_us>},
    {"own_reference", CopyOf<&Complaint::own_reference>},
    {"earlier_case_number", CopyOf<&Complaint::earlier_case_number>},
    {"received_on", CopyOf<&Complaint::received_on>},
    {"assisting_organisation", CopyOf<&Complaint::assisting_organisation>},
    {"province", CopyOf<&Complaint::province>},
    {"district", CopyOf<&Complaint::district>},
    {"affected_people", CopyOf<&Complaint::affected_people>},
};

constexpr Part<GroupMember> kMemberParts[] = {
    {"complainant", CopyOfMember<&GroupMember::complainant>},
    {"representative", CopyOfMember<&GroupMember::representative>},
    {"claim_lines", CopyOfMember<&GroupMember::claim_lines>},
    {"fee_lines", CopyOfMember<&GroupMember::fee_lines>},
    {"complainant.safe_contact", CopySafeContact},
};

template <class Whole>
const Part<Whole>* Find(std::span<const Part<Whole>> parts, std::string_view path) {
  for (const Part<Whole>& part : parts) {
    if (part.path == path) return &part;
  }
  return nullptr;
}

template <class Whole>
void Check(std::span<const Part<Whole>> parts, const std::vector<std::string>& paths,
           FieldViolations& violations) {
  if (paths.empty() || paths.size() > kMaxPaths) {
    violations.Add("paths", fmt::format("{} paths; accepted are 1 to {}", paths.size(), kMaxPaths));
  }
  for (size_t i = 0; i < paths.size(); ++i) {
    const std::string field = fmt::format("paths[{}]", i);
    if (Find(parts, paths[i]) == nullptr) {
      std::string accepted;
      for (const Part<Whole>& part : parts) {
        accepted += fmt::format("{}{}", accepted.empty() ? "" : ", ", part.path);
      }
      violations.AddValue(field, paths[i], accepted);
    } else if (std::find(paths.begin(), paths.begin() + i, paths[i]) != paths.begin() + i) {
      violations.Add(field, "named twice");
    }
  }
}

template <class Whole>
void Copy(std::span<const Part<Whole>> parts, const std::vector<std::string>& paths,
          const Whole& from, Whole& to) {
  for (const std::string& path : paths) {
    if (const Part<Whole>* part = Find(parts, path)) part->copy(from, to);
  }
}

}  // namespace

void CheckHeadPaths(const std::vector<std::string>& paths, FieldViolations& violations) {
  Check<Complaint>(kHeadParts, paths, violations);
}

void CheckMemberPaths(const std::vector<std::string>& paths, FieldViolations& violations) {
  Check<GroupMember>(kMemberParts, paths, violations);
}

void CopyParts(const std::vector<std::string>& paths, const Complaint& from, Complaint& to) {
  Copy<Complaint>(kHeadParts, paths, from, to);
}

void CopyParts(const std::vector<std::string>& paths, const GroupMember& from, GroupMember& to) {
  Copy<GroupMember>(kMemberParts, paths, from, to);
}

bool Names(const std::vector<std::string>& paths, std::string_view path) {
  return std::find(paths.begin(), paths.end(), path) != paths.end();
}

}  // namespace redress::intake
