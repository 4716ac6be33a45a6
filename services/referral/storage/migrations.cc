#include "services/referral/storage/migrations.h"

#include <string>

#include "services/platform/status/status_macros.h"
#include "services/referral/storage/keys.h"

namespace redress::referral {
namespace {

// What a referral of before counts for.
absl::StatusOr<kv::Change> CountResponse(const kv::Entry& entry) {
  const ReferralKeySpace keys;
  ASSIGN_OR_RETURN(const RowKey key, keys.Decode(entry.key));
  rows::ReferralRecord record;
  if (!record.ParseFromString(entry.value)) {
    return absl::DataLossError("the record of a referral cannot be read");
  }
  kv::Change change;
  const ResponseRecord counted = ResponseIn(static_cast<ReferralState>(record.state()));
  const bool home = std::get<ReferralKey>(key).ref.side == Side::kHome;
  if (home && counted != ResponseRecord()) {
    const ResponsesKey to{BodyId::FromTrusted(record.receiver_body_id())};
    change.additions.push_back({keys.Encode(to), ResponseAmounts({}, counted)});
  }
  return change;
}

}  // namespace

std::vector<kv::Migration> ReferralMigrations() {
  return {{2, std::string(1, static_cast<char>(kReferralTable)), CountResponse}};
}

}  // namespace redress::referral
