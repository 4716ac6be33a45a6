#include "services/referral/domain/routing.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "fmt/format.h"

namespace redress::referral {
namespace {

constexpr absl::Duration kStaleAfter = absl::Hours(30 * 24);
constexpr int kAssuredWithinDays = 365;

bool Lists(const std::vector<std::string>& list, std::string_view code) {
  return std::find(list.begin(), list.end(), code) != list.end();
}

bool Shares(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& one) { return Lists(b, one); });
}

// Weighs one body. Lives for one suggestion.
class Weighing {
 public:
  Weighing(const RoutingQuestion& question, const Body& body)
      : question_(question), facts_(question.facts), body_(body), today_(DateOf(question.now)) {
    result_.body_id = body.body_id;
    if (!body.names.empty()) result_.name = body.names.front().name;
    result_.as_of = body.provenance.as_of;
  }

  Suggestion Weigh(const std::vector<Agreement>& agreements, const std::vector<Posting>& postings) {
    WeighExclusion();
    WeighMandate();
    WeighPlaceAndLanguage();
    const bool agreed = WeighAgreement(agreements);
    const bool consented = WeighConsent();
    WeighReadiness(postings);
    const bool free = WeighPast();
    WeighRecord();
    result_.can_refer = !result_.excluded && agreed && consented && free;
    auto stronger = [](const RoutingReason& a, const RoutingReason& b) {
      return std::abs(a.weight) > std::abs(b.weight);
    };
    std::stable_sort(result_.reasons_for.begin(), result_.reasons_for.end(), stronger);
    std::stable_sort(result_.reasons_against.begin(), result_.reasons_against.end(), stronger);
    return std::move(result_);
  }

 private:
  void Add(std::string_view code, int weight, std::string text) {
    result_.score += weight;
    auto& reasons = weight > 0 ? result_.reasons_for : result_.reasons_against;
    reasons.push_back({std::string(code), std::move(text), weight});
  }

  void WeighExclusion() {
    if (!body_.active) {
      Add("INACTIVE", -100, "It takes no referrals now.");
      result_.excluded = true;
    }
    if (IsRespondent(body_, facts_)) {
      Add("IS_RESPONDENT", -100, "The complaint is against it.");
      result_.excluded = true;
    }
  }

  void WeighMandate() {
    if (Lists(body_.categories, facts_.category)) {
      Add("TAKES_CATEGORY", 30, fmt::format("It names {} among what it takes.", facts_.category));
    } else if (body_.categories.empty()) {
      Add("TAKES_CATEGORY", 10, "It takes every category.");
    } else if (Shares(body_.categories, facts_.other_categories)) {
      Add("CATEGORY_NOT_TAKEN", -15, "It takes only a secondary category of the case.");
    } else {
      Add("CATEGORY_NOT_TAKEN", -40, fmt::format("It does not take {}.", facts_.category));
    }
    if (Lists(body_.sectors, facts_.sector)) {
      Add("TAKES_SECTOR", 15, fmt::format("It names the sector {}.", facts_.sector));
    } else if (body_.sectors.empty()) {
      Add("TAKES_SECTOR", 5, "It takes every sector.");
    } else {
      Add("SECTOR_NOT_TAKEN", -20, fmt::format("It does not take the sector {}.", facts_.sector));
    }
    for (const std::string& nationality : facts_.nationalities) {
      if (body_.nationalities.empty() || Lists(body_.nationalities, nationality)) continue;
      Add("NATIONALITY_NOT_TAKEN", -30, fmt::format("It does not take {} nationals.", nationality));
      break;
    }
    if (body_.membership_required && !facts_.union_member) {
      Add("MEMBERSHIP_REQUIRED", -15, "It acts for its members only.");
    }
  }

  void WeighPlaceAndLanguage() {
    if (!body_.territories.empty() && !facts_.territories.empty()) {
      if (Shares(facts_.territories, body_.territories)) {
        Add("IN_TERRITORY", 10, "It acts where it happened.");
      } else {
        Add("OUTSIDE_TERRITORY", -25, "It does not act where it happened.");
      }
    }
    if (facts_.languages.empty()) return;
    if (Shares(facts_.languages, body_.languages)) {
      Add("SPEAKS_LANGUAGE", 10, "It works in a language of the workers.");
    } else {
      Add("NO_COMMON_LANGUAGE", -10, "It works in no language of the workers.");
    }
  }

  bool WeighAgreement(const std::vector<Agreement>& agreements) {
    const Agreement* found =
        FindAgreement(agreements, question_.referring_body, body_.body_id, facts_, today_);
    if (found != nullptr) {
      result_.agreement_id = found->agreement_id;
      Add("AGREEMENT_IN_FORCE", 25,
          fmt::format("Agreement {} covers the case.", found->agreement_id));
      return true;
    }
    for (const Agreement& agreement : agreements) {
      if (Serves(agreement, NodeOf(question_.referring_body), body_.body_id) &&
          StandingOf(agreement, today_) == AgreementStanding::kExpired) {
        Add("AGREEMENT_EXPIRED", -10,
            fmt::format("Agreement {} has ended.", agreement.agreement_id));
        return false;
      }
    }
    Add("NO_AGREEMENT", -10, "No agreement in force covers the case; refer ad hoc.");
    return false;
  }

  bool WeighConsent() {
    const auto found = facts_.consented_receivers.find(body_.body_id);
    if (found != facts_.consented_receivers.end()) {
      Add("CONSENT_GIVEN", 20,
          fmt::format("{} of {} members consent to this receiver.", found->second, facts_.members));
      return true;
    }
    Add("CONSENT_MISSING", -15, "Consent for this receiver is still to be asked.");
    return false;
  }

  void WeighReadiness(const std::vector<Posting>& postings) {
    bool in_office = false;
    bool any_hour = false;
    for (const FocalPoint& point : body_.focal_points) {
      if (!point.in_office.Contains(today_)) continue;
      in_office = true;
      any_hour = any_hour || point.around_the_clock;
    }
    for (const Posting& posting : postings) {  // A mission's attaché is its focal point.
      if (posting.mission == body_.body_id && posting.days.Contains(today_)) in_office = true;
    }
    if (!in_office) Add("NO_FOCAL_POINT", -10, "It lists nobody in office today.");
    if (any_hour && facts_.urgency == "EMERGENCY") {
      Add("AROUND_THE_CLOCK", 15, "Somebody can be reached at any hour.");
    }
    if (body_.assured_on && today_ <= AddDays(*body_.assured_on, kAssuredWithinDays)) {
      Add("ASSURED_RECENTLY", 5,
          fmt::format("Its entry was assured on {}.", body_.assured_on->ToString()));
    }
    const bool copy = body_.provenance.owner != NodeOf(question_.referring_body);
    if (copy && question_.now - body_.provenance.as_of > kStaleAfter) {
      Add("COPY_STALE", -5, "Its node was not heard from for 30 days.");
    }
  }

  // False when an open referral to it exists.
  bool WeighPast() {
    bool free = true;
    for (const PastReferral& past : question_.past) {
      if (past.receiver != body_.body_id) continue;
      const std::string id = past.id.ToString();
      if (past.state == ReferralState::kDeclined) {
        Add("DECLINED_BEFORE", -40, fmt::format("It declined {}.", id));
      } else if (past.state == ReferralState::kNoResponse) {
        Add("DID_NOT_ANSWER", -30, fmt::format("It did not answer {}.", id));
      }
      if (IsOpen(past.state)) {
        if (free) Add("ALREADY_REFERRED", -50, fmt::format("It holds {}.", id));
        free = false;
      }
    }
    return free;
  }

  void WeighRecord() {
    auto found = question_.records.find(body_.body_id);
    const ResponseRecord record =
        found == question_.records.end() ? ResponseRecord() : found->second;
    if (body_.capacity > 0) {
      if (record.open < body_.capacity) {
        Add("HAS_CAPACITY", 5,
            fmt::format("It holds {} of {} referrals.", record.open, body_.capacity));
      } else {
        Add("OVER_CAPACITY", -15,
            fmt::format("It holds {} of {} referrals.", record.open, body_.capacity));
      }
    }
    const uint32_t decided = record.answered + record.silent;
    if (decided == 0) return;
    if (record.answered * 2 >= decided) {
      Add("ANSWERED_BEFORE", 10,
          fmt::format("It answered {} of {} referrals.", record.answered, decided));
    } else {
      Add("DID_NOT_ANSWER", -15,
          fmt::format("It answered {} of {} referrals.", record.answered, decided));
    }
  }

  const RoutingQuestion& question_;
  const CaseFacts& facts_;
  const Body& body_;
  const Date today_;
  Suggestion result_;
};

}  // namespace

ResponseRecord ResponseIn(ReferralState state) {
  ResponseRecord record;
  record.open = IsOpen(state) ? 1 : 0;
  switch (state) {
    case ReferralState::kNoResponse:
      record.silent = 1;
      break;
    case ReferralState::kAccepted:
    case ReferralState::kDeclined:
    case ReferralState::kInfoRequested:
    case ReferralState::kForwarded:
    case ReferralState::kTransferred:
    case ReferralState::kInProgress:
    case ReferralState::kOnHold:
    case ReferralState::kSolutionProposed:
    case ReferralState::kResolved:
    case ReferralState::kUnresolved:
      record.answered = 1;
      break;
    case ReferralState::kNone:
    case ReferralState::kSent:
    case ReferralState::kDelivered:
    case ReferralState::kUndelivered:
    case ReferralState::kAcknowledged:
    case ReferralState::kRecallRequested:
    case ReferralState::kRecalled:
      break;
  }
  return record;
}

std::vector<Suggestion> SuggestRecipients(const RoutingQuestion& question,
                                          const std::vector<Body>& bodies,
                                          const std::vector<Agreement>& agreements,
                                          const std::vector<Posting>& postings) {
  const std::string& country =
      question.country.empty() ? question.facts.destination : question.country;
  std::vector<Suggestion> suggestions;
  for (const Body& body : bodies) {
    if (body.country != country) continue;
    suggestions.push_back(Weighing(question, body).Weigh(agreements, postings));
  }
  std::sort(suggestions.begin(), suggestions.end(), [](const Suggestion& a, const Suggestion& b) {
    if (a.excluded != b.excluded) return b.excluded;
    return a.score != b.score ? a.score > b.score : a.body_id < b.body_id;
  });
  if (suggestions.size() > question.limit) suggestions.resize(question.limit);
  return suggestions;
}

}  // namespace redress::referral
