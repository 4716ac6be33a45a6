#include "services/referral/domain/referral_checks.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::referral {
namespace {

bool Takes(const std::vector<std::string>& list, std::string_view code) {
  return list.empty() || std::find(list.begin(), list.end(), code) != list.end();
}

bool TakesAll(const std::vector<std::string>& list, const std::vector<std::string>& codes) {
  return std::all_of(codes.begin(), codes.end(),
                     [&](const std::string& code) { return Takes(list, code); });
}

absl::Status CheckReceiver(const ReferCheck& check) {
  const std::string body_id = check.receiver.body_id.ToString();
  if (IsRespondent(check.receiver, check.facts)) {
    return RefusePrecondition("RECEIVER_IS_RESPONDENT", "the body is a respondent of the case",
                              {{"body_id", body_id}});
  }
  if (!check.receiver.active) {
    const absl::Time since = check.receiver.active_since;
    return RefusePrecondition(
        "RECEIVER_INACTIVE", "the body takes no referrals now",
        {{"body_id", body_id},
         {"since", since == absl::InfinitePast() ? "" : DateOf(since).ToString()}});
  }
  for (const BodyId& passed : check.path) {
    if (passed != check.receiver.body_id) continue;
    std::string referral_id;
    for (const PastReferral& past : check.past) {
      if (past.receiver == passed) referral_id = past.id.ToString();
    }
    return RefusePrecondition("FORWARD_LOOP", "the case was with this body on this path",
                              {{"body_id", body_id}, {"referral_id", referral_id}});
  }
  for (const PastReferral& past : check.past) {
    if (past.receiver == check.receiver.body_id && IsOpen(past.state)) {
      return RefusePrecondition("ALREADY_REFERRED", "an open referral to this body exists",
                                {{"referral_id", past.id.ToString()}});
    }
  }
  return absl::OkStatus();
}

absl::Status CheckStanding(const Agreement& agreement, const Date& today) {
  switch (StandingOf(agreement, today)) {
    case AgreementStanding::kInForce:
      return absl::OkStatus();
    case AgreementStanding::kExpired:
      return RefusePrecondition("AGREEMENT_EXPIRED", "the agreement has ended",
                                {{"agreement_id", agreement.agreement_id}});
    case AgreementStanding::kHalvesMissing:
    case AgreementStanding::kNotYet:
      break;
  }
  return RefusePrecondition("AGREEMENT_NOT_IN_FORCE",
                            "a half is missing, or they differ, or it has not begun",
                            {{"agreement_id", agreement.agreement_id},
                             {"in_force_from", agreement.terms.in_force.from.ToString()}});
}

// The agreement asked for, or the one that covers it; nullptr for an ad hoc referral.
absl::StatusOr<const Agreement*> ChooseAgreement(const ReferCheck& check) {
  if (check.ad_hoc) return nullptr;
  const BodyId& receiver = check.receiver.body_id;
  if (check.agreement_id.empty()) {
    const Agreement* found =
        FindAgreement(check.agreements, check.referring_body, receiver, check.facts, check.today);
    if (found != nullptr) return found;
    // Name the nearest thing: an agreement between the two that does not serve.
    for (const Agreement& agreement : check.agreements) {
      if (!Serves(agreement, NodeOf(check.referring_body), receiver)) continue;
      RETURN_IF_ERROR(CheckStanding(agreement, check.today));
      return RefusePrecondition("AGREEMENT_DOES_NOT_COVER", "the agreement does not cover the case",
                                {{"agreement_id", agreement.agreement_id},
                                 {"what", std::string(NotCovered(agreement, check.facts))}});
    }
    return RefusePrecondition("AGREEMENT_MISSING",
                              "neither an agreement in force nor flagged as ad hoc",
                              {{"receiver", receiver.ToString()}});
  }
  for (const Agreement& agreement : check.agreements) {
    if (agreement.agreement_id != check.agreement_id) continue;
    RETURN_IF_ERROR(CheckStanding(agreement, check.today));
    const std::string_view missing = Serves(agreement, NodeOf(check.referring_body), receiver)
                                         ? NotCovered(agreement, check.facts)
                                         : std::string_view("parties");
    if (missing.empty()) return &agreement;
    return RefusePrecondition(
        "AGREEMENT_DOES_NOT_COVER", "the agreement does not cover the case",
        {{"agreement_id", agreement.agreement_id}, {"what", std::string(missing)}});
  }
  return RefusePrecondition("AGREEMENT_MISSING", "no such agreement is known here",
                            {{"receiver", receiver.ToString()}});
}

absl::Status CheckGroups(const ReferCheck& check, const Agreement* agreement) {
  if (agreement == nullptr) return absl::OkStatus();
  const DataGroups allowed = agreement->terms.groups_allowed;
  const DataGroups refused = check.groups_asked & ~allowed;
  if (refused.none() && allowed.any()) return absl::OkStatus();
  std::string groups;
  for (size_t i = 0; i < refused.size(); ++i) {
    if (!refused.test(i)) continue;
    groups += fmt::format("{}{}", groups.empty() ? "" : ",", DataGroupName(i));
  }
  return RefusePrecondition("DATA_GROUP_NOT_ALLOWED",
                            "the agreement does not let these groups leave", {{"groups", groups}});
}

std::vector<Notice> WarningsFor(const ReferCheck& check, const ReferDecision& decision) {
  std::vector<Notice> warnings;
  const Body& body = check.receiver;
  const std::string id = body.body_id.ToString();
  auto warn = [&](std::string code, std::string text) {
    warnings.push_back({std::move(code), std::move(text)});
  };
  if (!Takes(body.categories, check.facts.category)) {
    warn("CATEGORY_NOT_TAKEN", fmt::format("{} does not list {}", id, check.facts.category));
  }
  if (!Takes(body.sectors, check.facts.sector)) {
    warn("SECTOR_NOT_TAKEN", fmt::format("{} does not list {}", id, check.facts.sector));
  }
  if (!TakesAll(body.nationalities, check.facts.nationalities)) {
    warn("NATIONALITY_NOT_TAKEN", fmt::format("{} does not list every nationality", id));
  }
  if (body.capacity > 0 && check.receiver_open_referrals >= body.capacity) {
    warn("RECEIVER_OVER_CAPACITY", fmt::format("{} holds {} of {} referrals", id,
                                               check.receiver_open_referrals, body.capacity));
  }
  if (body.membership_required && !check.facts.union_member) {
    warn("MEMBERSHIP_REQUIRED", fmt::format("{} acts for its members only", id));
  }
  const bool somebody =
      std::any_of(body.focal_points.begin(), body.focal_points.end(),
                  [&](const FocalPoint& point) { return point.in_office.Contains(check.today); });
  if (!somebody) {
    warn("NO_FOCAL_POINT_IN_OFFICE", fmt::format("{} lists nobody in office today", id));
  }
  if (decision.ad_hoc) warn("AGREEMENT_AD_HOC", "referred without an agreement");
  return warnings;
}

}  // namespace

bool IsRespondent(const Body& body, const CaseFacts& facts) {
  return std::find(facts.respondent_bodies.begin(), facts.respondent_bodies.end(), body.body_id) !=
         facts.respondent_bodies.end();
}

std::string_view NotCovered(const Agreement& agreement, const CaseFacts& facts) {
  const AgreementTerms& terms = agreement.terms;
  if (!Takes(terms.categories, facts.category)) return "category";
  if (!Takes(terms.sectors, facts.sector)) return "sector";
  if (!TakesAll(terms.nationalities, facts.nationalities)) return "nationality";
  if (!terms.covers_non_members && !facts.union_member) return "members";
  return "";
}

bool Serves(const Agreement& agreement, const NodeId& home, const BodyId& receiver) {
  const std::vector<BodyId>& parties = agreement.terms.parties;
  if (parties.size() != 2) return false;
  return (parties[0] == receiver && NodeOf(parties[1]) == home) ||
         (parties[1] == receiver && NodeOf(parties[0]) == home);
}

const Agreement* FindAgreement(const std::vector<Agreement>& agreements, const BodyId& referring,
                               const BodyId& receiver, const CaseFacts& facts, const Date& today) {
  const Agreement* best = nullptr;
  auto rank = [&](const Agreement& agreement) {
    return std::pair(IsBetween(agreement, referring, receiver), agreement.terms.in_force.from);
  };
  for (const Agreement& agreement : agreements) {
    if (!Serves(agreement, NodeOf(referring), receiver) || !NotCovered(agreement, facts).empty() ||
        StandingOf(agreement, today) != AgreementStanding::kInForce) {
      continue;
    }
    if (best == nullptr || rank(*best) < rank(agreement)) best = &agreement;
  }
  return best;
}

absl::StatusOr<ReferDecision> CheckRefer(const ReferCheck& check) {
  if (!check.case_open) {
    return RefusePrecondition("CASE_NOT_OPEN", "only an open case is referred",
                              {{"state", check.case_state}, {"case_number", check.case_number}});
  }
  RETURN_IF_ERROR(CheckReceiver(check));
  ASSIGN_OR_RETURN(const Agreement* agreement, ChooseAgreement(check));
  RETURN_IF_ERROR(CheckGroups(check, agreement));
  ReferDecision decision;
  if (agreement == nullptr) {
    decision.ad_hoc = true;
  } else {
    decision.agreement_id = agreement->agreement_id;
    decision.agreement_version = agreement->halves.front().version;
    decision.clocks = agreement->terms.clocks;
    decision.groups_allowed = agreement->terms.groups_allowed;
  }
  decision.warnings = WarningsFor(check, decision);
  return decision;
}

}  // namespace redress::referral
