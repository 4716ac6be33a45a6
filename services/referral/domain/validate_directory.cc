// What a directory entry must be before it is stored or published; see directory.h.
#include <set>
#include <string>

#include "fmt/format.h"
#include "services/platform/codes/field_checks.h"
#include "services/platform/status/field_violations.h"
#include "services/referral/domain/codes.h"
#include "services/referral/domain/directory.h"

namespace redress::referral {
namespace {

constexpr size_t kMostFocalPoints = 50;
// An office's own day may have begun before the node's, which is counted in UTC.
constexpr int kDaysAhead = 1;
constexpr std::string_view kCountryAccepted = "an ISO 3166-1 alpha-2 code";

// The slug that ends an id; the same for focal points, agreements and postings.
constexpr size_t kLongestSlug = 63;
constexpr std::string_view kSlugAccepted = ", the slug 1 to 63 of a-z, 0-9 and hyphens";
bool IsSlug(std::string_view text) {
  return !text.empty() && text.size() <= kLongestSlug &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

// "kh:" of "kh:kl-2026".
bool BeginsWithNode(std::string_view text, char then) {
  return text.size() > 2 && text[2] == then && NodeId::Parse(text.substr(0, 2), "").ok();
}

// Collects violations under one entry's path; of an agreement, whose fields the request itself has,
// it is empty.
class Checker {
 public:
  Checker(std::string_view path, const IsoCodes& iso) : path_(path), iso_(iso) {}

  void Add(std::string_view field, std::string_view problem) {
    violations_.Add(Path(field), problem);
  }
  void AddValue(std::string_view field, std::string_view seen, std::string_view accepted) {
    violations_.AddValue(Path(field), seen, accepted);
  }

  void Text(std::string_view field, std::string_view text, size_t most, bool required = false) {
    if (required && text.empty()) Add(field, "is required");
    CheckText(Path(field), text, most, violations_);
  }

  void Country(std::string_view field, const std::string& code) {
    if (!iso_.HasCountry(code)) AddValue(field, code, kCountryAccepted);
  }
  void Countries(std::string_view field, const std::vector<std::string>& codes) {
    for (size_t i = 0; i < codes.size(); ++i) Country(fmt::format("{}[{}]", field, i), codes[i]);
  }
  void Languages(std::string_view field, const std::vector<std::string>& codes) {
    for (size_t i = 0; i < codes.size(); ++i) {
      if (!iso_.HasLanguage(codes[i])) {
        AddValue(fmt::format("{}[{}]", field, i), codes[i], "an ISO 639 code");
      }
    }
  }
  void Codes(std::string_view field, const std::vector<std::string>& codes, const CodeList& list) {
    for (size_t i = 0; i < codes.size(); ++i) {
      if (!list.Contains(codes[i])) {
        AddValue(fmt::format("{}[{}]", field, i), codes[i], list.Accepted());
      }
    }
  }
  void Period(std::string_view from_field, std::string_view to_field, const Days& days) {
    if (!days.from.whole()) Add(from_field, "is required: a whole date, YYYY-MM-DD");
    if (days.to && !days.to->whole()) Add(to_field, "must be a whole date, YYYY-MM-DD");
    if (days.to && *days.to < days.from) Add(to_field, "lies before the first day");
  }

  const IsoCodes& iso() const { return iso_; }
  FieldViolations& violations() { return violations_; }
  absl::Status Done() const { return violations_.ToStatus(); }

 private:
  std::string Path(std::string_view field) const {
    return path_.empty() ? std::string(field) : fmt::format("{}.{}", path_, field);
  }

  std::string path_;
  const IsoCodes& iso_;
  FieldViolations violations_;
};

void CheckFocalPointEntry(const Body& body, size_t index, std::set<std::string>& ids,
                          Checker& checker) {
  const FocalPoint& point = body.focal_points[index];
  const std::string at = fmt::format("focal_points[{}]", index);
  const std::string_view id = point.focal_point_id;
  const size_t slash = id.find('/');
  // Whose it is cannot be said while the body's own id is wrong, which is reported by itself.
  const bool of_body = slash != std::string_view::npos &&
                       (body.body_id.empty() || id.substr(0, slash) == body.body_id.ToString());
  if (!of_body || !IsSlug(id.substr(slash + 1))) {
    checker.AddValue(at + ".focal_point_id", id, fmt::format("<body>/<slug>{}", kSlugAccepted));
  } else if (!ids.insert(point.focal_point_id).second) {
    checker.AddValue(at + ".focal_point_id", point.focal_point_id, "each id once");
  }
  checker.Text(at + ".name", point.name, 200, /*required=*/true);
  checker.Text(at + ".position", point.position, 200);
  checker.Period(at + ".from", at + ".to", point.in_office);
  checker.Languages(at + ".languages", point.languages);
  if (point.phones.size() > 5) checker.Add(at + ".phones", "has more than 5 entries");
  if (point.e_mails.size() > 5) checker.Add(at + ".e_mails", "has more than 5 entries");
  if (point.languages.size() > 10) checker.Add(at + ".languages", "has more than 10 entries");
  for (size_t i = 0; i < point.phones.size(); ++i) {
    checker.Text(fmt::format("{}.phones[{}]", at, i), point.phones[i], 40, /*required=*/true);
  }
  for (size_t i = 0; i < point.e_mails.size(); ++i) {
    checker.Text(fmt::format("{}.e_mails[{}]", at, i), point.e_mails[i], 200, /*required=*/true);
  }
}

void CheckNames(const Body& body, Checker& checker) {
  if (body.names.empty()) checker.Add("names", "is empty; at least one name is needed");
  for (size_t i = 0; i < body.names.size(); ++i) {
    if (!checker.iso().HasLanguage(body.names[i].language)) {
      checker.AddValue(fmt::format("names[{}].language", i), body.names[i].language,
                       "an ISO 639 code");
    }
    checker.Text(fmt::format("names[{}].name", i), body.names[i].name, 200, /*required=*/true);
  }
}

void CheckParties(const Agreement& agreement, Checker& checker) {
  const std::vector<BodyId>& parties = agreement.terms.parties;
  bool all_named = true;
  for (size_t i = 0; i < parties.size(); ++i) {
    if (!parties[i].empty()) continue;
    checker.Add(fmt::format("terms.party_body_ids[{}]", i), "is required");
    all_named = false;
  }
  const bool two = parties.size() == 2;
  if (!two || (all_named && !(parties[0] < parties[1]))) {
    checker.Add("terms.party_body_ids", "must be two different bodies in alphabetical order");
  }
  FieldViolations of_id;
  CheckAgreementId("agreement_id", agreement.agreement_id, of_id);
  if (!of_id.empty()) {
    checker.violations().Take(of_id.ToStatus());
  } else if (two && all_named) {
    const std::string nodes =
        fmt::format("{}-{}:", NodeOf(parties[0]).ToString(), NodeOf(parties[1]).ToString());
    if (!agreement.agreement_id.starts_with(nodes)) {
      checker.AddValue("agreement_id", agreement.agreement_id,
                       fmt::format("{}<slug>, by the nodes of its parties", nodes));
    }
  }
}

void CheckClocks(const AgreementClocks& clocks, Checker& checker) {
  auto check = [&](std::string_view field, const std::optional<absl::Duration>& clock) {
    if (clock && !IsClockLength(*clock)) {
      checker.Add(fmt::format("terms.clocks.{}", field),
                  "must be longer than nothing and at most ten years");
    }
  };
  check("accept_emergency", clocks.accept_emergency);
  check("accept_urgent", clocks.accept_urgent);
  check("accept_normal", clocks.accept_normal);
  check("information", clocks.information);
  check("proposal", clocks.proposal);
  check("resolution", clocks.resolution);
  check("relay_warning", clocks.relay_warning);
  check("delivery_warning", clocks.delivery_warning);
  check("give_up", clocks.give_up);
  if (clocks.calendar) {
    CheckCalendar("terms.clocks.calendar", *clocks.calendar, checker.violations());
  }
}

}  // namespace

void CheckAgreementId(std::string_view field, std::string_view id, FieldViolations& violations) {
  if (BeginsWithNode(id, '-') && BeginsWithNode(id.substr(3), ':') &&
      id.substr(0, 2) <= id.substr(3, 2) && IsSlug(id.substr(6))) {
    return;
  }
  violations.AddValue(
      field, id, fmt::format("<node>-<node>:<slug>, nodes in alphabetical order{}", kSlugAccepted));
}

void CheckPostingId(std::string_view field, std::string_view id, FieldViolations& violations) {
  if (BeginsWithNode(id, ':') && IsSlug(id.substr(3))) return;
  violations.AddValue(field, id, fmt::format("<sending node>:<slug>{}", kSlugAccepted));
}

absl::Status ValidateBody(const Body& body, const IsoCodes& iso, const Date& today) {
  Checker checker("body", iso);
  if (body.body_id.empty()) checker.Add("body_id", "is required");
  if (!kBodyKinds.Contains(body.kind)) checker.AddValue("kind", body.kind, kBodyKinds.Accepted());
  CheckNames(body, checker);
  checker.Country("country", body.country);
  for (size_t i = 0; i < body.territories.size(); ++i) {
    const std::string& territory = body.territories[i];
    if (!iso.HasSubdivision(territory) ||
        (iso.HasCountry(body.country) && !territory.starts_with(body.country + "-"))) {
      checker.AddValue(fmt::format("territories[{}]", i), territory,
                       "an ISO 3166-2 code of the body's country");
    }
  }
  checker.Codes("sectors", body.sectors, kSectors);
  checker.Codes("categories", body.categories, kCategories);
  checker.Countries("nationalities", body.nationalities);
  if (body.languages.empty()) checker.Add("languages", "is empty; at least one is needed");
  checker.Languages("languages", body.languages);
  if (body.focal_points.size() > kMostFocalPoints) {
    checker.Add("focal_points", fmt::format("has {} entries; at most {} are accepted",
                                            body.focal_points.size(), kMostFocalPoints));
  }
  std::set<std::string> ids;
  for (size_t i = 0; i < body.focal_points.size() && i < kMostFocalPoints; ++i) {
    CheckFocalPointEntry(body, i, ids, checker);
  }
  checker.Text("mandate", body.mandate, 4'000);
  checker.Text("address", body.address, 500);
  if (body.assured_on && !body.assured_on->whole()) {
    checker.Add("assured_on", "must be a whole date, YYYY-MM-DD");
  } else if (body.assured_on && *body.assured_on > AddDays(today, kDaysAhead)) {
    checker.AddValue("assured_on", body.assured_on->ToString(), "a day that is not to come");
  }
  return checker.Done();
}

absl::Status ValidateAgreement(const Agreement& agreement, const IsoCodes& iso) {
  Checker checker("", iso);
  const AgreementTerms& terms = agreement.terms;
  CheckParties(agreement, checker);
  checker.Period("terms.in_force.from", "terms.in_force.to", terms.in_force);
  checker.Codes("terms.categories", terms.categories, kCategories);
  checker.Codes("terms.sectors", terms.sectors, kSectors);
  checker.Countries("terms.nationalities", terms.nationalities);
  CheckClocks(terms.clocks, checker);
  if (terms.groups_allowed.none()) {
    checker.Add("terms.groups_allowed", "names no group; an agreement lets at least one leave");
  }
  for (size_t group : {size_t{0}, size_t{10}, size_t{11}}) {
    if (terms.groups_allowed.test(group)) {
      checker.Add("terms.groups_allowed", fmt::format("group {} cannot be named", group));
    }
  }
  for (size_t i = 0; i < terms.proxy_missions.size(); ++i) {
    const ProxyMission& proxy = terms.proxy_missions[i];
    const std::string at = fmt::format("terms.proxy_missions[{}]", i);
    checker.Country(at + ".acting_country", proxy.acting_country);
    checker.Country(at + ".nationality", proxy.nationality);
    checker.Country(at + ".host_country", proxy.host_country);
    if (iso.HasCountry(proxy.acting_country) && proxy.acting_country == proxy.nationality) {
      checker.Add(at + ".acting_country", "must be another country than the nationality");
    }
  }
  checker.Text("terms.title", terms.title, 500);
  return checker.Done();
}

absl::Status ValidatePosting(const Posting& posting, const IsoCodes& iso) {
  Checker checker("posting", iso);
  CheckPostingId("posting.posting_id", posting.posting_id, checker.violations());
  if (posting.person.empty()) checker.Add("person_id", "is required");
  checker.Country("sending_country", posting.sending_country);
  checker.Country("host_country", posting.host_country);
  if (iso.HasCountry(posting.host_country) && posting.sending_country == posting.host_country) {
    checker.Add("host_country", "must be another country than the sending one");
  }
  checker.Period("from", "to", posting.days);
  if (posting.mission.empty()) checker.Add("mission_body_id", "is required");
  return checker.Done();
}

}  // namespace redress::referral
