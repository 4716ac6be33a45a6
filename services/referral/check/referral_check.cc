#include "services/referral/check/referral_check.h"

#include "redress/referral/v1/events.pb.h"
#include "services/platform/check/journal_check.h"
#include "services/platform/check/store_rows.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/check/link_check.h"
#include "services/referral/check/one_referral.h"
#include "services/referral/check/row_check.h"
#include "services/referral/storage/keys.h"

namespace redress::referral {
namespace {

absl::Status ReadEvent(std::string_view bytes) {
  v1::Event event;
  if (event.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return absl::OkStatus();
  return absl::DataLossError("cannot be read as an event");
}

check::JournalRules Rules() {
  check::JournalRules rules;
  rules.event = ReadEvent;
  // Which message an answer is depends on the verb; the row itself is all that can be held.
  rules.request = [](const journal::RequestRow&) { return absl::OkStatus(); };
  rules.has_outboxes = true;
  for (uint8_t table = kReferralTable; table <= kLastTable; ++table) {
    rules.tables.push_back(table);
  }
  return rules;
}

}  // namespace

absl::Status CheckReferral(kv::Store& store, const std::optional<kv::StoreState>& state,
                           const CheckOptions& options, check::Report& report) {
  check::StoreRows rows(store);
  RETURN_IF_ERROR(check::CheckJournal(rows, Rules(), state, report));
  RETURN_IF_ERROR(CheckRows(rows, report));
  RETURN_IF_ERROR(CheckLinks(rows, state, report));
  ReferralRecordCheck referrals(store, rows, options, report);
  RETURN_IF_ERROR(rows.ForEach(check::TablePrefix(kReferralTable),
                               [&](const kv::Entry& entry) { return referrals.Take(entry); }));
  RETURN_IF_ERROR(referrals.Finish());
  if (options.wrapping_key == nullptr || options.codes == nullptr) {
    report.LeftOut("without the node's keys facts are counted and not folded");
  }
  return absl::OkStatus();
}

}  // namespace redress::referral
