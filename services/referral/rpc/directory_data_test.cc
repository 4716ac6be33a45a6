// Holds tests/data/directory.json, which the demonstration and the tests across processes load,
// against the rules: what is in it would be accepted, and the halves of its agreements match.
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "services/platform/codes/iso_codes.h"
#include "services/referral/app/directory_conversion.h"
#include "services/referral/domain/directory.h"
#include "services/referral/domain/referral_checks.h"

namespace redress::referral {
namespace {

const Date kToday{2026, 11, 22};

template <class Message>
Message Read(const nlohmann::json& entry) {
  Message message;
  const auto status = google::protobuf::util::JsonStringToMessage(entry.dump(), &message);
  EXPECT_TRUE(status.ok()) << status.ToString() << "\n" << entry.dump(2);
  return message;
}

class DirectoryDataTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ifstream file(REDRESS_TEST_DATA "/directory.json");
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    data_ = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
    ASSERT_TRUE(data_.is_object());
    absl::StatusOr<IsoCodes> codes = IsoCodes::Load();
    ASSERT_TRUE(codes.ok()) << codes.status();
    codes_.emplace(*std::move(codes));
  }

  std::map<std::string, Body> Bodies() const {
    std::map<std::string, Body> bodies;
    for (const auto& [node, entries] : data_.items()) {
      for (const nlohmann::json& entry : entries["bodies"]) {
        FieldViolations violations;
        Body body = FromProto(Read<v1::Body>(entry), violations);
        EXPECT_TRUE(violations.empty()) << violations.ToStatus();
        EXPECT_EQ(NodeOf(body.body_id).ToString(), node);
        bodies.emplace(body.body_id.ToString(), std::move(body));
      }
    }
    return bodies;
  }

  // Each agreement with both halves, as a node holds it that has heard of both.
  std::map<std::string, Agreement> Agreements() const {
    std::map<std::string, Agreement> agreements;
    for (const auto& [node, entries] : data_.items()) {
      for (const nlohmann::json& entry : entries["agreements"]) {
        const v1::AgreementTerms terms = Read<v1::AgreementTerms>(entry["terms"]);
        FieldViolations violations;
        Agreement& agreement = agreements[entry["id"].get<std::string>()];
        agreement.agreement_id = entry["id"].get<std::string>();
        agreement.terms = FromProto(terms, violations);
        EXPECT_TRUE(violations.empty()) << violations.ToStatus();
        AgreementHalf half;
        half.node = NodeId::FromTrusted(node);
        half.party = BodyId::FromTrusted(entry["party"].get<std::string>());
        half.version = entry["version"].get<uint64_t>();
        half.terms_sha256 = TermsDigest(terms);
        EXPECT_EQ(NodeOf(half.party), half.node) << agreement.agreement_id;
        agreement.halves.push_back(std::move(half));
      }
    }
    return agreements;
  }

  nlohmann::json data_;
  std::optional<IsoCodes> codes_;
};

TEST_F(DirectoryDataTest, EveryBodyIsValidAndHasSomebodyInOffice) {
  const std::map<std::string, Body> bodies = Bodies();
  EXPECT_GE(bodies.size(), 15u);
  for (const auto& [id, body] : bodies) {
    const absl::Status valid = ValidateBody(body, *codes_, kToday);
    EXPECT_TRUE(valid.ok()) << id << ": " << valid;
    ASSERT_FALSE(body.focal_points.empty()) << id;
    const FocalPoint& first = body.focal_points.front();
    EXPECT_NE(FocalPointInOffice(body, first.focal_point_id, kToday), nullptr) << id;
  }
}

TEST_F(DirectoryDataTest, EveryAgreementIsValidAndPutAlikeByBothParties) {
  const std::map<std::string, Body> bodies = Bodies();
  const std::map<std::string, Agreement> agreements = Agreements();
  EXPECT_FALSE(agreements.empty());
  for (const auto& [id, agreement] : agreements) {
    EXPECT_TRUE(ValidateAgreement(agreement, *codes_).ok())
        << id << ": " << ValidateAgreement(agreement, *codes_);
    EXPECT_TRUE(HalvesMatch(agreement)) << id;
    EXPECT_EQ(StandingOf(agreement, kToday), AgreementStanding::kInForce) << id;
    for (const BodyId& party : agreement.terms.parties) {
      EXPECT_TRUE(bodies.count(party.ToString()) > 0) << party.ToString();
    }
  }
}

TEST_F(DirectoryDataTest, EveryPostingIsValidAndOfAMissionInTheDirectory) {
  const std::map<std::string, Body> bodies = Bodies();
  int postings = 0;
  for (const auto& [node, entries] : data_.items()) {
    for (const nlohmann::json& entry : entries["postings"]) {
      FieldViolations violations;
      const Posting posting = FromProto(Read<v1::Posting>(entry), violations);
      EXPECT_TRUE(violations.empty()) << violations.ToStatus();
      EXPECT_TRUE(ValidatePosting(posting, *codes_).ok()) << posting.posting_id;
      EXPECT_EQ(posting.posting_id.substr(0, 2), node);
      const auto mission = bodies.find(posting.mission.ToString());
      ASSERT_TRUE(mission != bodies.end());
      EXPECT_EQ(mission->second.kind, "EMBASSY");
      EXPECT_EQ(mission->second.country, posting.host_country);
      ++postings;
    }
  }
  EXPECT_GT(postings, 0);
}

TEST_F(DirectoryDataTest, TheStorysCaseIsCoveredBetweenCambodiaAndTheCongress) {
  CaseFacts facts;
  facts.category = "WAGE_UNDERPAYMENT";
  facts.sector = "MANUFACTURING";
  facts.nationalities = {"KH"};
  std::vector<Agreement> all;
  for (auto& [id, agreement] : Agreements()) all.push_back(agreement);
  const Agreement* found = FindAgreement(all, BodyId::FromTrusted("kh:mlvt"),
                                         BodyId::FromTrusted("my:mtuc"), facts, kToday);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->agreement_id, "kh-my:cuf-mtuc");
}

}  // namespace
}  // namespace redress::referral
