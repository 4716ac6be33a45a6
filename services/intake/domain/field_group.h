#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_FIELD_GROUP_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_FIELD_GROUP_H_

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace redress::intake {

// A group of data that consent speaks about. Numbers are those of redress.intake.v1.FieldGroup and
// are stored; none is ever reused.
enum class FieldGroup : uint8_t {
  kUnspecified = 0,
  kIdentity = 1,            // Who somebody is.
  kContact = 2,             // How to reach somebody safely.
  kWhereabouts = 3,         // Where somebody is now, finer than a country.
  kNarrative = 4,           // What happened, in words.
  kSensitiveNarrative = 5,  // Sexual violence and the like; never implied by kNarrative.
  kMigrationStatus = 6,     // Regular or irregular, and until when.
  kEmployment = 7,          // Respondents, contract, job and site.
  kMoney = 8,               // What is claimed, charged, paid.
  kEvidenceFiles = 9,       // Files and what describes them.
  kAlways = 10,             // Part of every disclosure; not nameable in consent.
  kNever = 11,              // Stays at home whatever the consent; not nameable in consent.
};

// "IDENTITY", "SENSITIVE_NARRATIVE" …; "UNSPECIFIED" for a number outside the list.
std::string_view FieldGroupName(FieldGroup group);
std::optional<FieldGroup> FieldGroupNamed(std::string_view name);

// True for the groups 1 to 9, those that consent and agreements can name.
bool IsNameable(FieldGroup group);

// The nameable groups, as text for errors: "IDENTITY, CONTACT, …".
std::string NameableFieldGroups();

// A set of nameable groups. A plain value.
class FieldGroupSet {
 public:
  constexpr FieldGroupSet() = default;
  FieldGroupSet(std::initializer_list<FieldGroup> groups);

  // Groups that cannot be named (see IsNameable) are left out.
  static FieldGroupSet Of(const std::vector<FieldGroup>& groups);
  static FieldGroupSet All();

  // kAlways is in every set, kNever and kUnspecified in none.
  bool Has(FieldGroup group) const;
  void Add(FieldGroup group);
  bool empty() const { return bits_ == 0; }

  FieldGroupSet And(FieldGroupSet other) const { return FieldGroupSet(bits_ & other.bits_); }
  FieldGroupSet Or(FieldGroupSet other) const { return FieldGroupSet(bits_ | other.bits_); }
  FieldGroupSet Without(FieldGroupSet other) const { return FieldGroupSet(bits_ & ~other.bits_); }

  // By number, ascending.
  std::vector<FieldGroup> ToVector() const;
  // "IDENTITY, MONEY".
  std::string ToString() const;

  friend bool operator==(const FieldGroupSet&, const FieldGroupSet&) = default;

 private:
  constexpr explicit FieldGroupSet(uint16_t bits) : bits_(bits) {}
  uint16_t bits_ = 0;  // Bit n is group n.
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_FIELD_GROUP_H_
