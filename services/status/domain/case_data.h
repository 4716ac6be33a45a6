#ifndef REDRESS_SERVICES_STATUS_DOMAIN_CASE_DATA_H_
#define REDRESS_SERVICES_STATUS_DOMAIN_CASE_DATA_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace redress::status {

// What events say a case is found and counted by, as redress/intake/v1/event_data.proto has it. No
// personal data. Plain values.

struct MemberCount {
  std::string sex;
  std::string nationality;
  std::string migration_status;
  std::string migration_channel;
  uint32_t count = 0;

  friend bool operator==(const MemberCount&, const MemberCount&) = default;
};

struct CaseDimensions {
  std::string filed_by_body_id;
  std::string assisting_organisation;
  std::string kind;
  std::string scope;
  std::string channel;
  std::string migration_stage;
  std::string origin;
  std::vector<std::string> transit;
  std::string destination;
  std::string sector;
  std::string primary_category;
  std::vector<std::string> secondary_categories;
  std::string source_category_code;
  std::string urgency;
  bool urgency_confirmed = false;
  std::vector<std::string> forced_labour_indicators;
  std::string province;
  std::string district;
  std::vector<MemberCount> member_counts;  // Withdrawn ones left out.
  uint32_t member_count = 0;               // Withdrawn ones included.
  std::vector<std::string> agency_keys;

  friend bool operator==(const CaseDimensions&, const CaseDimensions&) = default;
};

struct MemberDimensions {
  std::string member_id;
  std::string tracking_digest;  // At home only.
  std::string nationality;
  std::string sex;
  std::string migration_status;
  std::string migration_channel;
  bool embassy_consent = false;    // At home only: agreed, until taken back …
  std::string embassy_expires_on;  // … or until this day has passed. ISO date; empty: no such day.

  friend bool operator==(const MemberDimensions&, const MemberDimensions&) = default;
};

// Sums in one currency, in minor units.
struct CurrencyTotal {
  std::string currency;
  int64_t claimed = 0;
  int64_t offered = 0;
  int64_t agreed = 0;
  int64_t awarded = 0;
  int64_t due = 0;
  int64_t paid = 0;
  int64_t paid_to_intermediary = 0;
  int64_t deposit_used = 0;
  int64_t received = 0;
  int64_t written_off = 0;
  int64_t owed = 0;     // Awarded, else agreed, member by member.
  int64_t balance = 0;  // Owed and neither received nor written off, member by member.

  friend bool operator==(const CurrencyTotal&, const CurrencyTotal&) = default;
};

// One line of the ledger.
struct PostedEntry {
  std::string entry_id;
  std::string member_id;
  std::string kind;  // "CLAIMED" … "WRITTEN_OFF", "REVERSAL".
  std::string currency;
  int64_t minor_units = 0;  // Above zero.
  std::string reverses_entry_id;
  std::string referral_id;

  friend bool operator==(const PostedEntry&, const PostedEntry&) = default;
};

// Who did something, by body and role.
struct Actor {
  std::string node;
  std::string body_id;
  std::string role;

  friend bool operator==(const Actor&, const Actor&) = default;
};

// Adds an entry of a member to the member's sums: one per currency in order of the code, none that
// is all zero. `kind` is the entry's own, or of a reversal that of the entry that it takes back.
// The rule is intake's: owed is awarded if any, else agreed; the balance is never below zero.
void AddEntry(const PostedEntry& entry, std::string_view kind, std::vector<CurrencyTotal>& sums);

// Adds (`sign` 1) or takes away (-1) sums, currency by currency; keeps `to` in order of the
// currency and without sums that are all zero.
void AddTotals(const std::vector<CurrencyTotal>& totals, int64_t sign,
               std::vector<CurrencyTotal>& to);

// True when something is owed and not received in some currency.
bool HasBalance(const std::vector<CurrencyTotal>& totals);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_DOMAIN_CASE_DATA_H_
