#include "services/referral/domain/directory.h"

#include <iterator>

#include "fmt/format.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"

namespace redress::referral {

std::string_view DataGroupName(size_t number) {
  static constexpr std::string_view kNames[] = {"",
                                                "IDENTITY",
                                                "CONTACT",
                                                "WHEREABOUTS",
                                                "NARRATIVE",
                                                "SENSITIVE_NARRATIVE",
                                                "MIGRATION_STATUS",
                                                "EMPLOYMENT",
                                                "MONEY",
                                                "EVIDENCE_FILES"};
  return number < std::size(kNames) ? kNames[number] : "";
}

bool HalvesMatch(const Agreement& agreement) {
  if (agreement.halves.size() != 2) return false;
  const AgreementHalf& one = agreement.halves[0];
  const AgreementHalf& other = agreement.halves[1];
  return one.party != other.party && one.version == other.version && !one.terms_sha256.empty() &&
         one.terms_sha256 == other.terms_sha256;
}

AgreementStanding StandingOf(const Agreement& agreement, const Date& today) {
  if (!HalvesMatch(agreement)) return AgreementStanding::kHalvesMissing;
  if (today < agreement.terms.in_force.from) return AgreementStanding::kNotYet;
  return agreement.terms.in_force.Contains(today) ? AgreementStanding::kInForce
                                                  : AgreementStanding::kExpired;
}

bool IsBetween(const Agreement& agreement, const BodyId& a, const BodyId& b) {
  const std::vector<BodyId>& parties = agreement.terms.parties;
  return parties.size() == 2 &&
         ((parties[0] == a && parties[1] == b) || (parties[0] == b && parties[1] == a));
}

const FocalPoint* FocalPointInOffice(const Body& body, std::string_view focal_point_id,
                                     const Date& today) {
  for (const FocalPoint& point : body.focal_points) {
    if (point.focal_point_id == focal_point_id && point.in_office.Contains(today)) return &point;
  }
  return nullptr;
}

absl::Status CheckFocalPoint(const Body& body, std::string_view focal_point_id, const Date& today,
                             bool required, std::string_view field) {
  if (focal_point_id.empty()) {
    return required ? InvalidField(field, "must name a focal point") : absl::OkStatus();
  }
  if (FocalPointInOffice(body, focal_point_id, today) != nullptr) return absl::OkStatus();
  return RefusePrecondition("FOCAL_POINT_UNKNOWN",
                            "the focal point is not one of the body's in office today",
                            {{"body_id", body.body_id.ToString()},
                             {"focal_point_id", std::string(focal_point_id.substr(0, 64))}});
}

absl::Status CheckReplacement(const Provenance* held, const Provenance& offered,
                              const NodeId& from) {
  const NodeId& owner = held != nullptr ? held->owner : offered.owner;
  if (owner != from || offered.owner != owner) {
    return RefusePrecondition("OWNED_BY_ANOTHER_NODE", "only the owner may change it",
                              {{"owner_node", owner.ToString()}});
  }
  const uint64_t current = held != nullptr ? held->version : 0;
  if (offered.version <= current) {
    return RefusePrecondition("VERSION_NOT_HIGHER", "replaced only by a higher version",
                              {{"version", fmt::format("{}", offered.version)},
                               {"current_version", fmt::format("{}", current)}});
  }
  return absl::OkStatus();
}

}  // namespace redress::referral
