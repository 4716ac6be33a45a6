// What directory entries must be, as validate_directory.cc says.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/status/field_violations.h"
#include "services/referral/domain/directory.h"
#include "services/referral/domain/directory_samples.h"

namespace redress::referral {
namespace {

using samples::CufMtuc;
using samples::Id;
using samples::kToday;
using samples::Mtuc;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

const IsoCodes& Iso() {
  static const IsoCodes* const iso = new IsoCodes(*IsoCodes::Load());
  return *iso;
}

Posting KualaLumpur() {
  return {.posting_id = "kh:kl-2026",
          .person = PersonId::FromTrusted("a1"),
          .sending_country = "KH",
          .host_country = "MY",
          .days = {{2026, 1, 1}, {}},
          .mission = Id("kh:embassy-kl")};
}

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const FieldViolation& one : GetFieldViolations(status)) fields.push_back(one.field);
  return fields;
}

TEST(ValidateDirectoryTest, GoodEntriesPass) {
  EXPECT_TRUE(ValidateBody(Mtuc(), Iso(), kToday).ok()) << ValidateBody(Mtuc(), Iso(), kToday);
  EXPECT_TRUE(ValidateAgreement(CufMtuc(), Iso()).ok()) << ValidateAgreement(CufMtuc(), Iso());
  EXPECT_TRUE(ValidatePosting(KualaLumpur(), Iso()).ok()) << ValidatePosting(KualaLumpur(), Iso());
}

TEST(ValidateDirectoryTest, EveryWrongFieldOfABodyIsNamedAtOnce) {
  Body body = Mtuc();
  body.kind = "CLUB";
  body.names = {{"english", "Congress"}, {"en", ""}};
  body.country = "XX";
  body.territories = {"XX-9"};
  body.sectors = {"FISHING", "MAGIC"};
  body.categories = {"RAIN"};
  body.nationalities = {"kh"};
  body.languages = {};
  body.focal_points[0].focal_point_id = "my:serc/f1";
  body.focal_points[0].name = "Focal\aPoint";
  body.focal_points[0].in_office.to = Date{2024, 1, 1};
  body.focal_points[0].languages = {"xx"};
  body.focal_points[0].phones = {""};
  body.focal_points[0].e_mails = {std::string(201, 'e')};
  body.mandate = std::string(4'001, 'm');
  body.address = "\x80";
  body.assured_on = Date{2027, 1, 1};
  EXPECT_THAT(
      FieldsOf(ValidateBody(body, Iso(), kToday)),
      UnorderedElementsAre("body.kind", "body.names[0].language", "body.names[1].name",
                           "body.country", "body.territories[0]", "body.sectors[1]",
                           "body.categories[0]", "body.nationalities[0]", "body.languages",
                           "body.focal_points[0].focal_point_id", "body.focal_points[0].name",
                           "body.focal_points[0].to", "body.focal_points[0].languages[0]",
                           "body.focal_points[0].phones[0]", "body.focal_points[0].e_mails[0]",
                           "body.mandate", "body.address", "body.assured_on"));
}

TEST(ValidateDirectoryTest, WhatHangsOnAWrongFieldIsNotWrongToo) {
  Body body = Mtuc();
  body.body_id = BodyId();
  body.country = "";
  body.territories = {"MY-10"};
  EXPECT_THAT(FieldsOf(ValidateBody(body, Iso(), kToday)),
              ElementsAre("body.body_id", "body.country"));
}

TEST(ValidateDirectoryTest, ABodyIsAssuredUpToTodayAndADayForThoseWhoseDayBeganBefore) {
  Body body = Mtuc();
  for (const int days : {-400, 0, 1}) {
    body.assured_on = AddDays(kToday, days);
    EXPECT_TRUE(ValidateBody(body, Iso(), kToday).ok()) << days;
  }
  body.assured_on = AddDays(kToday, 2);
  EXPECT_THAT(FieldsOf(ValidateBody(body, Iso(), kToday)), ElementsAre("body.assured_on"));
}

TEST(ValidateDirectoryTest, TheSlugsOfAllEntriesAreOfTheSameCharacters) {
  const std::string longest(63, 'a');
  for (const std::string& slug : {std::string("f1"), std::string("kl-2026"), longest}) {
    Body body = Mtuc();
    body.focal_points[0].focal_point_id = "my:mtuc/" + slug;
    EXPECT_TRUE(ValidateBody(body, Iso(), kToday).ok()) << slug;
    Agreement agreement = CufMtuc();
    agreement.agreement_id = "kh-my:" + slug;
    EXPECT_TRUE(ValidateAgreement(agreement, Iso()).ok()) << slug;
    Posting posting = KualaLumpur();
    posting.posting_id = "kh:" + slug;
    EXPECT_TRUE(ValidatePosting(posting, Iso()).ok()) << slug;
  }
  for (const std::string& slug : {std::string(), std::string("F1"), std::string("f 1"),
                                  std::string("a/b"), std::string("a\n"), longest + "a"}) {
    Body body = Mtuc();
    body.focal_points[0].focal_point_id = "my:mtuc/" + slug;
    EXPECT_THAT(FieldsOf(ValidateBody(body, Iso(), kToday)),
                ElementsAre("body.focal_points[0].focal_point_id"))
        << slug;
    Agreement agreement = CufMtuc();
    agreement.agreement_id = "kh-my:" + slug;
    EXPECT_THAT(FieldsOf(ValidateAgreement(agreement, Iso())), ElementsAre("agreement_id")) << slug;
    Posting posting = KualaLumpur();
    posting.posting_id = "kh:" + slug;
    EXPECT_THAT(FieldsOf(ValidatePosting(posting, Iso())), ElementsAre("posting.posting_id"))
        << slug;
  }
}

TEST(ValidateDirectoryTest, EveryWrongFieldOfAnAgreementIsNamedAtOnceAsTheRequestCallsIt) {
  Agreement agreement = CufMtuc();
  agreement.agreement_id = "my-kh:cuf";
  agreement.terms.in_force = {{2026, 2, 1}, Date{2026, 1, 1}};
  agreement.terms.categories = {"RAIN"};
  agreement.terms.sectors = {"FISHING", "MAGIC"};
  agreement.terms.nationalities = {"XX"};
  agreement.terms.clocks.proposal = absl::ZeroDuration();
  agreement.terms.clocks.resolution = kLongestClock + absl::Seconds(1);
  agreement.terms.clocks.relay_warning = -absl::Hours(1);
  agreement.terms.clocks.delivery_warning = absl::InfiniteDuration();
  agreement.terms.clocks.give_up = absl::ZeroDuration();
  agreement.terms.clocks.calendar.emplace().weekly_off.fill(true);
  agreement.terms.groups_allowed.set(11);
  agreement.terms.proxy_missions = {{"PH", "PH", "ZZ"}};
  agreement.terms.title = std::string(501, 't');
  EXPECT_THAT(
      FieldsOf(ValidateAgreement(agreement, Iso())),
      UnorderedElementsAre("agreement_id", "terms.in_force.to", "terms.categories[0]",
                           "terms.sectors[1]", "terms.nationalities[0]", "terms.clocks.proposal",
                           "terms.clocks.resolution", "terms.clocks.relay_warning",
                           "terms.clocks.delivery_warning", "terms.clocks.give_up",
                           "terms.clocks.calendar.name", "terms.clocks.calendar.weekly_off",
                           "terms.groups_allowed", "terms.proxy_missions[0].acting_country",
                           "terms.proxy_missions[0].host_country", "terms.title"));
}

TEST(ValidateDirectoryTest, AnAgreementsIdIsHeldAgainstItsPartiesOnceBothAreKnown) {
  Agreement agreement = CufMtuc();
  agreement.agreement_id = "kh-th:cuf-mtuc";
  EXPECT_THAT(FieldsOf(ValidateAgreement(agreement, Iso())), ElementsAre("agreement_id"));
  agreement.terms.parties = {Id("my:mtuc"), Id("kh:cuf")};
  EXPECT_THAT(FieldsOf(ValidateAgreement(agreement, Iso())),
              ElementsAre("terms.party_body_ids", "agreement_id"));
  agreement.terms.parties = {BodyId(), Id("my:mtuc")};
  EXPECT_THAT(FieldsOf(ValidateAgreement(agreement, Iso())),
              ElementsAre("terms.party_body_ids[0]"));
  agreement.terms.parties = {Id("kh:cuf")};
  EXPECT_THAT(FieldsOf(ValidateAgreement(agreement, Iso())), ElementsAre("terms.party_body_ids"));
}

TEST(ValidateDirectoryTest, EveryWrongFieldOfAPostingIsNamedAtOnce) {
  EXPECT_THAT(FieldsOf(ValidatePosting(
                  {.posting_id = "kl", .sending_country = "KH", .host_country = "KH"}, Iso())),
              ElementsAre("posting.posting_id", "posting.person_id", "posting.host_country",
                          "posting.from", "posting.mission_body_id"));
}

}  // namespace
}  // namespace redress::referral
