#include "services/intake/domain/field_group.h"

#include <iterator>

namespace redress::intake {
namespace {

constexpr std::string_view kNames[] = {"UNSPECIFIED",      "IDENTITY",   "CONTACT",
                                       "WHEREABOUTS",      "NARRATIVE",  "SENSITIVE_NARRATIVE",
                                       "MIGRATION_STATUS", "EMPLOYMENT", "MONEY",
                                       "EVIDENCE_FILES",   "ALWAYS",     "NEVER"};
constexpr int kFirstNameable = 1;
constexpr int kLastNameable = 9;

}  // namespace

std::string_view FieldGroupName(FieldGroup group) {
  const size_t number = static_cast<size_t>(group);
  return kNames[number < std::size(kNames) ? number : 0];
}

std::optional<FieldGroup> FieldGroupNamed(std::string_view name) {
  for (size_t number = 1; number < std::size(kNames); ++number) {
    if (kNames[number] == name) return static_cast<FieldGroup>(number);
  }
  return std::nullopt;
}

bool IsNameable(FieldGroup group) {
  const int number = static_cast<int>(group);
  return number >= kFirstNameable && number <= kLastNameable;
}

std::string NameableFieldGroups() { return FieldGroupSet::All().ToString(); }

FieldGroupSet::FieldGroupSet(std::initializer_list<FieldGroup> groups) {
  for (FieldGroup group : groups) Add(group);
}

FieldGroupSet FieldGroupSet::Of(const std::vector<FieldGroup>& groups) {
  FieldGroupSet set;
  for (FieldGroup group : groups) set.Add(group);
  return set;
}

FieldGroupSet FieldGroupSet::All() {
  FieldGroupSet set;
  for (int number = kFirstNameable; number <= kLastNameable; ++number) {
    set.Add(static_cast<FieldGroup>(number));
  }
  return set;
}

bool FieldGroupSet::Has(FieldGroup group) const {
  if (group == FieldGroup::kAlways) return true;
  return IsNameable(group) && (bits_ >> static_cast<int>(group)) & 1;
}

void FieldGroupSet::Add(FieldGroup group) {
  if (IsNameable(group)) bits_ = static_cast<uint16_t>(bits_ | (1u << static_cast<int>(group)));
}

std::vector<FieldGroup> FieldGroupSet::ToVector() const {
  std::vector<FieldGroup> groups;
  for (int number = kFirstNameable; number <= kLastNameable; ++number) {
    if ((bits_ >> number) & 1) groups.push_back(static_cast<FieldGroup>(number));
  }
  return groups;
}

std::string FieldGroupSet::ToString() const {
  std::string text;
  for (FieldGroup group : ToVector()) {
    if (!text.empty()) text += ", ";
    text += FieldGroupName(group);
  }
  return text;
}

}  // namespace redress::intake
