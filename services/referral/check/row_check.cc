#include "services/referral/check/row_check.h"

#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "services/platform/status/status_macros.h"
#include "services/referral/storage/keys.h"

namespace redress::referral {
namespace {

bool Parses(const RowKey& key, const std::string& value) {
  return std::visit(
      [&value](const auto& of) {
        typename std::decay_t<decltype(of)>::Row row;
        return row.ParseFromString(value);
      },
      key);
}

// The referral that must be there for the row to be. What arrives before its referral is whole
// waits for it, and what is disclosed is stored before the referral that names it.
std::optional<ReferralRef> OwnerOf(const RowKey& key) {
  if (const auto* of = std::get_if<FactKey>(&key)) return of->ref;
  if (const auto* of = std::get_if<EvidenceKey>(&key)) return of->ref;
  if (const auto* of = std::get_if<MoneyKey>(&key)) return of->ref;
  if (const auto* of = std::get_if<FileKey>(&key)) return of->ref;
  if (const auto* of = std::get_if<DueKey>(&key)) return of->ref;
  if (const auto* of = std::get_if<FiredKey>(&key)) return of->ref;
  if (const auto* of = std::get_if<WorkKey>(&key)) return of->ref;
  return std::nullopt;
}

class RowCheck {
 public:
  RowCheck(check::StoreRows& rows, check::Report& report) : rows_(rows), report_(report) {}

  absl::Status Take(const kv::Entry& entry) {
    const std::string table(TableName(static_cast<uint8_t>(entry.key[0])));
    report_.Looked(table);
    const std::string subject = DebugPrint(entry.key);
    const absl::StatusOr<RowKey> key = keys_.Decode(entry.key);
    if (!report_.Holds(key.status(), table, subject)) return absl::OkStatus();
    if (keys_.Encode(*key) != entry.key) {
      report_.Differs(table, subject, "its key is not written as such keys are");
    }
    if (!Parses(*key, entry.value)) report_.Differs(table, subject, "cannot be read");
    const std::optional<ReferralRef> owner = OwnerOf(*key);
    if (!owner.has_value()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const bool there, IsThere(*owner));
    if (!there) report_.Differs(table, subject, "belongs to no referral");
    return absl::OkStatus();
  }

 private:
  // Rows come by their referral, so the last answer mostly does for the next one.
  absl::StatusOr<bool> IsThere(const ReferralRef& ref) {
    if (last_.has_value() && last_->first == ref) return last_->second;
    ASSIGN_OR_RETURN(const std::optional<kv::Entry> referral,
                     rows_.Get(keys_.Encode(ReferralKey{ref})));
    last_.emplace(ref, referral.has_value());
    return last_->second;
  }

  check::StoreRows& rows_;
  check::Report& report_;
  const ReferralKeySpace keys_;
  std::optional<std::pair<ReferralRef, bool>> last_;
};

}  // namespace

absl::Status CheckRows(check::StoreRows& rows, check::Report& report) {
  RowCheck row_check(rows, report);
  for (uint8_t table = kReferralTable; table <= kLastTable; ++table) {
    if (table == kIndexTable) continue;
    RETURN_IF_ERROR(rows.ForEach(check::TablePrefix(table),
                                 [&](const kv::Entry& entry) { return row_check.Take(entry); }));
  }
  return absl::OkStatus();
}

}  // namespace redress::referral
