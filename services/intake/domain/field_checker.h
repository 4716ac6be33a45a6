#ifndef REDRESS_SERVICES_INTAKE_DOMAIN_FIELD_CHECKER_H_
#define REDRESS_SERVICES_INTAKE_DOMAIN_FIELD_CHECKER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/intake/domain/claim.h"
#include "services/platform/codes/code_list.h"
#include "services/platform/codes/iso_codes.h"
#include "services/platform/money/money.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/time/date.h"

namespace redress::intake {

// Where a field is, as links to where it is in; text is made only for a field that is wrong, since
// an import checks some hundred fields per record and nearly all are right. A path must not outlive
// the one it was made from: pass it down, never keep it.
class FieldPath {
 public:
  // "filing", "complaint"; "" when fields stand at the top.
  explicit FieldPath(std::string_view root) : name_(root) {}

  FieldPath Field(std::string_view name) const { return FieldPath(this, name, kNoIndex); }
  FieldPath Item(size_t index) const { return FieldPath(this, {}, index); }

  // "filing.members[3].claim_lines[0].claimed.amount".
  std::string ToString() const;

 private:
  static constexpr size_t kNoIndex = static_cast<size_t>(-1);

  FieldPath(const FieldPath* parent, std::string_view name, size_t index)
      : parent_(parent), name_(name), index_(index) {}

  const FieldPath* parent_ = nullptr;
  std::string_view name_;
  size_t index_ = kNoIndex;
};

// What validation holds against.
struct ValidationContext {
  const IsoCodes& codes;
  Date today;  // In UTC; "not in the future" allows one day more (see DateOf).
};

// Checks single fields and notes what is wrong with each: one function per kind of field, so that
// every field of a kind is checked and worded alike. What was seen is repeated only when it has the
// shape of a code, a date or a number, and not for dates of birth: never what may be personal.
//
// Every text is checked for UTF-8 and control characters. An empty optional field is fine.
// Not thread-safe; lives for one validation.
class FieldChecker {
 public:
  FieldChecker(const ValidationContext& context, FieldViolations& violations)
      : context_(context), violations_(violations) {}

  const ValidationContext& context() const { return context_; }

  void Wrong(const FieldPath& path, std::string_view problem);
  // `seen` is repeated only in the shape of a code.
  void WrongValue(const FieldPath& path, std::string_view seen, std::string_view accepted);

  void Required(const FieldPath& path, std::string_view code, const CodeList& list);
  void Optional(const FieldPath& path, std::string_view code, const CodeList& list);
  // Codes of the list, none twice.
  void Codes(const FieldPath& path, const std::vector<std::string>& codes, const CodeList& list);

  void RequiredText(const FieldPath& path, std::string_view text, size_t max_bytes);
  void Text(const FieldPath& path, std::string_view text, size_t max_bytes);

  void RequiredCountry(const FieldPath& path, std::string_view code);
  void Country(const FieldPath& path, std::string_view code);
  void RequiredLanguage(const FieldPath& path, std::string_view code);
  void Language(const FieldPath& path, std::string_view code);

  // At most `max` entries of a list.
  void AtMost(const FieldPath& path, size_t size, size_t max);

  enum class DateKind { kWhole, kPartial };
  enum class Future { kAllowed, kRefused };
  // The date, when there is one and it is well-formed; a wrong one is noted.
  std::optional<Date> DateField(const FieldPath& path, std::string_view text, DateKind kind,
                                Future future);
  // As above without repeating what was seen.
  void BirthDate(const FieldPath& path, std::string_view text);
  // Ends may be empty or partial; not reversed.
  void PeriodField(const FieldPath& path, const Period& period, Future future);
  // Notes at `to_path` when `to` lies before `from` for certain.
  void NotReversed(const FieldPath& to_path, std::optional<Date> from, std::optional<Date> to);

  enum class Zero { kAllowed, kRefused };
  // The exact amount, when both currency and amount are right.
  std::optional<MoneyAmount> RequiredMoney(const FieldPath& path,
                                           const std::optional<WrittenMoney>& money, Zero zero);
  std::optional<MoneyAmount> Money(const FieldPath& path, const std::optional<WrittenMoney>& money,
                                   Zero zero);

 private:
  bool InFuture(const Date& date) const;
  void DateNotAccepted(const FieldPath& path, std::string_view seen, DateKind kind);

  const ValidationContext& context_;
  FieldViolations& violations_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_DOMAIN_FIELD_CHECKER_H_
