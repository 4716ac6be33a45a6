#include "services/referral/app/fact_conversion.h"

#include <gtest/gtest.h>

#include "services/referral/domain/fact_samples.h"

namespace redress::referral {
namespace {

const IsoCodes& Codes() {
  static const IsoCodes codes = *IsoCodes::Load();
  return codes;
}

std::vector<Fact> OneOfEachKind() {
  std::vector<Fact> facts;
  auto add = [&facts](FactKind kind) {
    Fact fact = samples::Of(kind);
    fact.number = 7;
    fact.seen = 3;
    fact.note = "a word";
    facts.push_back(std::move(fact));
  };
  for (FactKind kind : kHomeFactKinds) add(kind);
  for (FactKind kind : kDestinationFactKinds) add(kind);
  return facts;
}

TEST(FactConversionTest, EveryKindOfFactComesBackAsItWent) {
  for (Fact fact : OneOfEachKind()) {
    const absl::StatusOr<Fact> back = FromProto(ToProto(fact, Codes()), Codes());
    ASSERT_TRUE(back.ok()) << FactKindName(fact.kind) << back.status();
    fact.recorded_at = absl::InfinitePast();  // Each node's own.
    EXPECT_EQ(*back, fact) << FactKindName(fact.kind);
  }
}

TEST(FactConversionTest, AmountsKeepTheirMinorUnits) {
  ProposalDetails proposal;
  proposal.terms.for_each_other = MemberTerms{{}, {"WAGES_PAID"}, {{"MYR", 720'000}, {"VND", 5}}};
  const v1::ProposalDetails written = ToProto(proposal, Codes());
  EXPECT_EQ(written.for_each_other().amounts(0).amount(), "7200.00");
  EXPECT_EQ(written.for_each_other().amounts(1).amount(), "5");
  FieldViolations violations;
  EXPECT_EQ(FromProto(written, Codes(), violations), proposal);
  EXPECT_TRUE(violations.empty());
}

TEST(FactConversionTest, TheDigestDoesNotTellThePerson) {
  v1::Fact fact = ToProto(samples::Of(FactKind::kAccepted), Codes());
  const std::string digest = FactDigest(fact);
  fact.set_person_id("somebody.else");
  EXPECT_EQ(FactDigest(fact), digest);
  EXPECT_TRUE(ExchangedForm(fact).person_id().empty());
  fact.set_note("another word");
  EXPECT_NE(FactDigest(fact), digest);
}

TEST(FactConversionTest, HostileFieldsAreNamed) {
  v1::Fact fact = ToProto(samples::Of(FactKind::kProposalAnswered), Codes());
  fact.mutable_proposal_answer()->mutable_answers(0)->set_member_id("../../etc");
  fact.set_side(v1::SIDE_DESTINATION);
  const absl::Status status = FromProto(fact, Codes()).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(GetFieldViolations(status).size(), 2u);
  fact.set_kind(static_cast<v1::FactKind>(77));
  EXPECT_TRUE(absl::IsInvalidArgument(FromProto(fact, Codes()).status()));
}

}  // namespace
}  // namespace redress::referral
