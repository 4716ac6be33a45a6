#include "services/referral/app/referral_money.h"

#include <algorithm>
#include <map>
#include <string>

#include "services/platform/money/money.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/domain/proposal.h"

namespace redress::referral {
namespace {

using intake::v1::CurrencyTotal;
using intake::v1::PostedEntry;

CurrencyTotal& TotalFor(google::protobuf::RepeatedPtrField<CurrencyTotal>& totals,
                        const std::string& currency) {
  for (CurrencyTotal& total : totals) {
    if (total.currency_code() == currency) return total;
  }
  CurrencyTotal* added = totals.Add();
  added->set_currency_code(currency);
  return *added;
}

absl::Status AddTo(CurrencyTotal& total, const std::string& kind, int64_t minor) {
  struct Sum {
    const char* kind;
    int64_t (CurrencyTotal::*get)() const;
    void (CurrencyTotal::*set)(int64_t);
  };
  static constexpr Sum kSums[] = {
      {"CLAIMED", &CurrencyTotal::claimed_minor, &CurrencyTotal::set_claimed_minor},
      {"OFFERED", &CurrencyTotal::offered_minor, &CurrencyTotal::set_offered_minor},
      {"AGREED", &CurrencyTotal::agreed_minor, &CurrencyTotal::set_agreed_minor},
      {"AWARDED", &CurrencyTotal::awarded_minor, &CurrencyTotal::set_awarded_minor},
      {"DUE", &CurrencyTotal::due_minor, &CurrencyTotal::set_due_minor},
      {"PAID", &CurrencyTotal::paid_minor, &CurrencyTotal::set_paid_minor},
      {"PAID_TO_INTERMEDIARY", &CurrencyTotal::paid_to_intermediary_minor,
       &CurrencyTotal::set_paid_to_intermediary_minor},
      {"DEPOSIT_USED", &CurrencyTotal::deposit_used_minor, &CurrencyTotal::set_deposit_used_minor},
      {"RECEIVED", &CurrencyTotal::received_minor, &CurrencyTotal::set_received_minor},
      {"WRITTEN_OFF", &CurrencyTotal::written_off_minor, &CurrencyTotal::set_written_off_minor},
  };
  for (const Sum& sum : kSums) {
    if (kind != sum.kind) continue;
    ASSIGN_OR_RETURN(const int64_t added, AddMinorUnits((total.*sum.get)(), minor));
    (total.*sum.set)(added);
  }
  return absl::OkStatus();
}

// Sums by currency. Saturates: what is owed in such a currency is shown as the largest amount there
// is.
class Sums {
 public:
  void Add(const MemberTerms& terms, int64_t times = 1) {
    for (const MoneyAmount& amount : terms.amounts) {
      int64_t& sum = by_currency_[amount.currency];
      for (int64_t i = 0; i < times && sum != INT64_MAX; ++i) {
        sum = AddMinorUnits(sum, amount.minor_units).value_or(INT64_MAX);
      }
    }
  }
  const std::map<std::string, int64_t>& by_currency() const { return by_currency_; }

 private:
  std::map<std::string, int64_t> by_currency_;
};

// What ObtainedTerms gives each member, summed: this node need not know who all of them are.
Sums OwedSums(const FoldedReferral& folded, uint32_t member_count) {
  Sums sums;
  if (!AgreementsStand(folded)) return sums;
  const GroupTerms* outcome =
      folded.state == ReferralState::kResolved && folded.outcome ? &folded.outcome->terms : nullptr;
  if (outcome != nullptr) {
    for (const MemberTerms& named : outcome->members) sums.Add(named);
    const int64_t others = int64_t{member_count} - static_cast<int64_t>(outcome->members.size());
    if (outcome->for_each_other) sums.Add(*outcome->for_each_other, others);
  }
  for (const auto& [member, standing] : folded.members) {
    if (outcome != nullptr && outcome->Find(member) != nullptr) continue;
    if (const MemberTerms* agreed = ObtainedTerms(folded, member)) sums.Add(*agreed);
  }
  return sums;
}

}  // namespace

bool AgreementsStand(const FoldedReferral& folded) {
  return folded.state == ReferralState::kResolved || folded.state == ReferralState::kUnresolved;
}

bool IsAwarded(const FoldedReferral& folded) {
  return folded.state == ReferralState::kResolved && folded.outcome && folded.outcome->awarded;
}

std::vector<CurrencyTotal> TotalsOf(const LoadedReferral& loaded) {
  google::protobuf::RepeatedPtrField<CurrencyTotal> totals = loaded.record.totals();
  const Sums owed = OwedSums(loaded.folded, loaded.record.member_count());
  for (const auto& [currency, minor] : owed.by_currency()) {
    CurrencyTotal& total = TotalFor(totals, currency);
    // The entries may tell of the same award or agreement: never both.
    if (IsAwarded(loaded.folded)) {
      total.set_awarded_minor(std::max(total.awarded_minor(), minor));
    } else {
      total.set_agreed_minor(std::max(total.agreed_minor(), minor));
    }
  }
  std::vector<CurrencyTotal> result;
  for (CurrencyTotal& total : totals) {
    total.set_owed_minor(total.awarded_minor() > 0 ? total.awarded_minor() : total.agreed_minor());
    total.set_balance_minor(std::max<int64_t>(
        0, total.owed_minor() - total.received_minor() - total.written_off_minor()));
    result.push_back(std::move(total));
  }
  return result;
}

bool HasOpenBalance(const LoadedReferral& loaded) {
  for (const CurrencyTotal& total : TotalsOf(loaded)) {
    if (total.balance_minor() > 0) return true;
  }
  return false;
}

absl::Status AddToTotals(rows::ReferralRecord& record, const PostedEntry& entry,
                         const PostedEntry* reversed) {
  CurrencyTotal& total = TotalFor(*record.mutable_totals(), entry.currency_code());
  if (entry.kind() != "REVERSAL") return AddTo(total, entry.kind(), entry.minor_units());
  if (reversed == nullptr) return absl::OkStatus();  // Of an entry that is not known here.
  return AddTo(total, reversed->kind(), -reversed->minor_units());
}

intake::v1::LedgerBalance ToBalance(const CurrencyTotal& total, const IsoCodes& codes) {
  intake::v1::LedgerBalance balance;
  const std::string& currency = total.currency_code();
  balance.set_currency_code(currency);
  auto set = [&](int64_t minor, common::v1::Money* to) {
    to->set_currency_code(currency);
    to->set_amount(FormatAmount({currency, minor}, codes));
  };
  set(total.claimed_minor(), balance.mutable_claimed());
  set(total.offered_minor(), balance.mutable_offered());
  set(total.agreed_minor(), balance.mutable_agreed());
  set(total.awarded_minor(), balance.mutable_awarded());
  set(total.due_minor(), balance.mutable_due());
  set(total.paid_minor(), balance.mutable_paid());
  set(total.paid_to_intermediary_minor(), balance.mutable_paid_to_intermediary());
  set(total.deposit_used_minor(), balance.mutable_deposit_used());
  set(total.received_minor(), balance.mutable_received());
  set(total.written_off_minor(), balance.mutable_written_off());
  set(total.owed_minor(), balance.mutable_owed());
  set(total.balance_minor(), balance.mutable_balance());
  const int64_t over = total.received_minor() + total.written_off_minor() - total.owed_minor();
  set(std::max<int64_t>(0, over), balance.mutable_overpaid());
  return balance;
}

}  // namespace redress::referral
