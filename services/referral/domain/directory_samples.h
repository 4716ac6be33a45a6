#ifndef REDRESS_SERVICES_REFERRAL_DOMAIN_DIRECTORY_SAMPLES_H_
#define REDRESS_SERVICES_REFERRAL_DOMAIN_DIRECTORY_SAMPLES_H_

#include <string>
#include <string_view>
#include <vector>

#include "services/referral/domain/directory.h"
#include "services/referral/domain/referral_checks.h"

// A union, an agreement with it and a case that it covers, for tests of the directory's rules.
namespace redress::referral::samples {

inline constexpr Date kToday = {2026, 11, 22};

inline BodyId Id(std::string_view text) { return BodyId::FromTrusted(std::string(text)); }

inline Body Mtuc() {
  Body body;
  body.body_id = Id("my:mtuc");
  body.kind = "TRADE_UNION";
  body.names = {{"en", "Malaysian Trades Union Congress"}};
  body.country = "MY";
  body.categories = {"WAGE_UNDERPAYMENT", "WAGE_NONPAYMENT"};
  body.languages = {"ms", "en"};
  body.focal_points = {{.focal_point_id = "my:mtuc/f1",
                        .name = "Focal Point",
                        .in_office = {{2025, 1, 1}, Date{2026, 12, 31}},
                        .languages = {"en"},
                        .around_the_clock = true}};
  body.provenance = {NodeId::FromTrusted("my"), 1, absl::InfinitePast(), StartOf(kToday)};
  return body;
}

inline Agreement CufMtuc() {
  const NodeId kh = NodeId::FromTrusted("kh");
  const NodeId my = NodeId::FromTrusted("my");
  return {.agreement_id = "kh-my:cuf-mtuc",
          .terms = {.parties = {Id("kh:cuf"), Id("my:mtuc")},
                    .in_force = {{2026, 1, 1}, Date{2026, 12, 31}},
                    .covers_non_members = true,
                    .groups_allowed = DataGroups(0b1111111110)},
          .halves = {{kh, Id("kh:cuf"), 1, std::string(32, 'd')},
                     {my, Id("my:mtuc"), 1, std::string(32, 'd')}}};
}

inline CaseFacts Facts() {
  return {.destination = "MY",
          .category = "WAGE_UNDERPAYMENT",
          .sector = "MANUFACTURING",
          .urgency = "NORMAL",
          .members = 2,
          .nationalities = {"KH"},
          .languages = {"km", "en"},
          .consented_receivers = {{Id("my:mtuc"), 1}}};
}

template <class Reason>
std::vector<std::string> CodesOf(const std::vector<Reason>& reasons) {
  std::vector<std::string> codes;
  for (const Reason& reason : reasons) codes.push_back(reason.code);
  return codes;
}

}  // namespace redress::referral::samples

#endif  // REDRESS_SERVICES_REFERRAL_DOMAIN_DIRECTORY_SAMPLES_H_
