#include <algorithm>

#include "services/intake/domain/code_lists.h"
#include "services/intake/domain/validate_parts.h"
#include "services/platform/ids/names.h"

namespace redress::intake {
namespace {

using DateKind = FieldChecker::DateKind;
using Future = FieldChecker::Future;
using Zero = FieldChecker::Zero;

// Notes every amount that is in another currency than the first of `amounts` that is given: two
// currencies within one line could never be compared.
void CheckSameCurrency(
    FieldChecker& check, const FieldPath& path,
    std::initializer_list<std::pair<std::string_view, const WrittenMoney*>> amounts) {
  const WrittenMoney* first = nullptr;
  for (const auto& [name, money] : amounts) {
    if (money == nullptr) continue;
    if (first == nullptr) {
      first = money;
    } else if (money->currency_code != first->currency_code) {
      const FieldPath amount_path = path.Field(name);
      check.WrongValue(amount_path.Field("currency_code"), money->currency_code,
                       "the currency of the other amounts here");
    }
  }
}

const WrittenMoney* Given(const std::optional<WrittenMoney>& money) {
  return money ? &*money : nullptr;
}

}  // namespace

void CheckRespondent(FieldChecker& check, const FieldPath& path, const Respondent& respondent) {
  check.Required(path.Field("kind"), respondent.kind, kRespondentKinds);
  check.Text(path.Field("name"), respondent.name, 200);
  const FieldPath aliases = path.Field("aliases");
  check.AtMost(aliases, respondent.aliases.size(), 10);
  for (size_t i = 0; i < respondent.aliases.size(); ++i) {
    check.RequiredText(aliases.Item(i), respondent.aliases[i], 200);
  }
  check.Text(path.Field("address"), respondent.address, 500);
  check.Country(path.Field("country"), respondent.country);
  check.Text(path.Field("licence_number"), respondent.licence_number, 64);
  check.Text(path.Field("licence_issuer"), respondent.licence_issuer, 200);
  check.PeriodField(path.Field("licence_validity"), respondent.licence_validity, Future::kAllowed);
  check.Optional(path.Field("licence_status"), respondent.licence_status, kLicenceStatuses);
  check.Codes(path.Field("conduct"), respondent.conduct, kConducts);
  check.Text(path.Field("description"), respondent.description, 1'000);
  if (!respondent.body_id.empty() && !BodyId::Parse(respondent.body_id, "").ok()) {
    check.WrongValue(path.Field("body_id"), respondent.body_id, "a body such as my:mtuc");
  }
  // Workers often do not know the agency's name: anything by which to find it will do.
  if (respondent.name.empty() && respondent.aliases.empty() && respondent.address.empty() &&
      respondent.licence_number.empty() && respondent.description.empty() &&
      respondent.body_id.empty()) {
    check.Wrong(
        path, "needs at least one of name, aliases, address, licence_number, description, body_id");
  }
}

void CheckContractClause(FieldChecker& check, const FieldPath& path, const ContractClause& clause) {
  check.Required(path.Field("clause"), clause.clause, kClauses);
  check.Text(path.Field("promised"), clause.promised, 1'000);
  check.Text(path.Field("actual"), clause.actual, 1'000);
  check.Money(path.Field("promised_amount"), clause.promised_amount, Zero::kAllowed);
  check.Money(path.Field("actual_amount"), clause.actual_amount, Zero::kAllowed);
  CheckSameCurrency(check, path,
                    {{"promised_amount", Given(clause.promised_amount)},
                     {"actual_amount", Given(clause.actual_amount)}});
  const bool amounts = clause.promised_amount || clause.actual_amount;
  if (amounts) {
    check.Required(path.Field("per"), clause.per, kPerUnits);
  } else {
    check.Optional(path.Field("per"), clause.per, kPerUnits);
  }
  if (!amounts && clause.promised.empty() && clause.actual.empty()) {
    check.Wrong(path, "needs what was promised or what was found, in words or as an amount");
  }
}

std::optional<MoneyAmount> CheckClaimLine(FieldChecker& check, const FieldPath& path,
                                          const ClaimLine& line) {
  check.Required(path.Field("type"), line.type, kClaimTypes);
  check.PeriodField(path.Field("period"), line.period, Future::kAllowed);
  check.Money(path.Field("promised"), line.promised, Zero::kAllowed);
  check.Money(path.Field("received"), line.received, Zero::kAllowed);
  const std::optional<MoneyAmount> claimed =
      check.RequiredMoney(path.Field("claimed"), line.claimed, Zero::kRefused);
  CheckSameCurrency(check, path,
                    {{"claimed", Given(line.claimed)},
                     {"promised", Given(line.promised)},
                     {"received", Given(line.received)}});
  check.Text(path.Field("note"), line.note, 500);
  return claimed;
}

void CheckFeeLine(FieldChecker& check, const FieldPath& path, const FeeLine& line) {
  check.Required(path.Field("type"), line.type, kFeeTypes);
  check.RequiredMoney(path.Field("amount"), line.amount, Zero::kAllowed);
  check.Text(path.Field("paid_to"), line.paid_to, 200);
  check.DateField(path.Field("paid_on"), line.paid_on, DateKind::kPartial, Future::kRefused);
}

}  // namespace redress::intake
