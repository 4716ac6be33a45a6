#include "services/intake/domain/consent.h"

#include <fmt/format.h>

#include <algorithm>

#include "services/platform/status/refusal.h"

namespace redress::intake {
namespace {

constexpr std::string_view kGranted = "GRANTED";

bool InForce(const ConsentBit& bit, const Date& today) { return StatusOn(bit, today) == kGranted; }

}  // namespace

ConsentBit BitOf(const Consent& consent) {
  return {consent.purpose, consent.receiver_body_id, consent.status,
          FieldGroupSet::Of(consent.groups), consent.expires_on};
}

std::vector<ConsentBit> BitsOf(const std::vector<Consent>& consents) {
  std::vector<ConsentBit> bits;
  for (const Consent& consent : consents) RecordConsent(bits, BitOf(consent));
  return bits;
}

void RecordConsent(std::vector<ConsentBit>& bits, ConsentBit bit) {
  const auto same = std::find_if(bits.begin(), bits.end(), [&bit](const ConsentBit& one) {
    return one.purpose == bit.purpose && one.receiver_body_id == bit.receiver_body_id;
  });
  if (same == bits.end()) {
    bits.push_back(std::move(bit));
  } else {
    *same = std::move(bit);
  }
}

bool RevokeConsent(std::vector<ConsentBit>& bits, std::string_view purpose,
                   std::string_view receiver_body_id, const Date& today) {
  const bool every_receiver = purpose == kReferralPurpose && receiver_body_id.empty();
  bool was_in_force = false;
  bool said_before = false;
  for (ConsentBit& bit : bits) {
    if (bit.purpose != purpose) continue;
    if (!every_receiver && bit.receiver_body_id != receiver_body_id) continue;
    said_before = true;
    was_in_force = was_in_force || InForce(bit, today);
    if (bit.status == kGranted) bit.status = "WITHDRAWN";
  }
  if (!said_before && !every_receiver) {
    bits.push_back({std::string(purpose), std::string(receiver_body_id), "REFUSED", {}, ""});
  }
  return was_in_force;
}

std::string_view StatusOn(const ConsentBit& bit, const Date& today) {
  if (bit.status != kGranted || bit.expires_on.empty()) return bit.status;
  const std::optional<Date> last = Date::Parse(bit.expires_on);
  // A date that cannot be read is no ground to let data out.
  if (!last || today > last->Latest()) return "EXPIRED";
  return bit.status;
}

std::optional<FieldGroupSet> DisclosableGroups(const std::vector<ConsentBit>& bits,
                                               std::string_view purpose,
                                               std::string_view receiver_body_id,
                                               const Date& today) {
  for (const ConsentBit& bit : bits) {
    if (bit.purpose == purpose && bit.receiver_body_id == receiver_body_id && InForce(bit, today)) {
      return bit.groups;
    }
  }
  return std::nullopt;
}

bool HasConsent(const std::vector<ConsentBit>& bits, std::string_view purpose, const Date& today) {
  return std::any_of(bits.begin(), bits.end(), [&](const ConsentBit& bit) {
    return bit.purpose == purpose && InForce(bit, today);
  });
}

absl::Status CheckFilingConsent(const std::vector<GroupMember>& members,
                                const std::vector<Consent>& common, const Date& today) {
  size_t missing = 0;
  for (const GroupMember& member : members) {
    std::vector<Consent> all = common;
    all.insert(all.end(), member.consents.begin(), member.consents.end());
    if (!HasConsent(BitsOf(all), kFilingPurpose, today)) ++missing;
  }
  if (missing == 0) return absl::OkStatus();
  return RefusePrecondition(
      "CONSENT_MISSING", fmt::format("{} members did not consent to FILING", missing),
      {{"purpose", std::string(kFilingPurpose)}, {"member_count", fmt::format("{}", missing)}});
}

}  // namespace redress::intake
