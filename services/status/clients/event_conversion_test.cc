#include "services/status/clients/event_conversion.h"

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace redress::status {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

template <class Message>
Message Parse(const char* text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

TEST(IntakeEventTest, AFiledCaseIsReadWhole) {
  const IntakeEvent event = FromProto(Parse<intake::v1::Event>(R"pb(
    number: 7
    occurred_at { seconds: 100 nanos: 5000 }
    case_number: "KH-26-0000417-X"
    state: CASE_STATE_FILED
    actor { node_id: "kh" body_id: "kh:lscw" role: "DESK" }
    case_filed {
      dimensions {
        destination: "MY"
        member_counts { sex: "FEMALE" nationality: "KH" count: 2 }
        member_count: 2
      }
      members {
        member_id: "A"
        tracking_digest: "xyz"
        embassy_consent: true
        embassy_expires_on: "2026-12-24"
      }
      members { member_id: "B" }
      totals { currency_code: "MYR" claimed_minor: 500 }
    }
  )pb"));
  EXPECT_EQ(event.number, 7u);
  EXPECT_EQ(event.occurred_at, absl::FromUnixMicros(100'000'005));
  EXPECT_EQ(event.state, CaseState::kFiled);
  EXPECT_EQ(event.kind, IntakeKind::kFiled);
  EXPECT_EQ(event.actor, (Actor{"kh", "kh:lscw", "DESK"}));
  EXPECT_EQ(event.dimensions->destination, "MY");
  EXPECT_EQ(event.dimensions->member_counts[0].count, 2u);
  ASSERT_THAT(event.members, SizeIs(2));
  EXPECT_TRUE(event.members[0].embassy_consent);
  EXPECT_EQ(event.members[0].embassy_expires_on, "2026-12-24");
  EXPECT_EQ(event.totals[0].claimed, 500);
}

TEST(IntakeEventTest, ConsentSaysItsPurposeStatusAndMembers) {
  const IntakeEvent event = FromProto(Parse<intake::v1::Event>(R"pb(
    consent_changed {
      purpose: "EMBASSY"
      status: "GRANTED"
      member_ids: "A"
      member_ids: "B"
      expires_on: "2026-12-24"
    }
  )pb"));
  EXPECT_EQ(event.kind, IntakeKind::kConsentChanged);
  EXPECT_EQ(event.detail, "EMBASSY");
  EXPECT_EQ(event.reason, "GRANTED");
  EXPECT_EQ(event.expires_on, "2026-12-24");
  EXPECT_THAT(event.member_ids, ElementsAre("A", "B"));
}

TEST(IntakeEventTest, WhatIsNotKnownOnlyMovesTheCursor) {
  EXPECT_EQ(FromProto(Parse<intake::v1::Event>("number: 3")).kind, IntakeKind::kOther);
  EXPECT_EQ(FromProto(Parse<intake::v1::Event>("number: 3 disclosure_opened {}")).kind,
            IntakeKind::kOther);
}

TEST(ReferralEventTest, AFactIsReadWithClocksAndPeer) {
  const ReferralEvent event = FromProto(Parse<referral::v1::Event>(R"pb(
    number: 9
    occurred_at { seconds: 10 }
    recorded_at { seconds: 20 }
    referral_id: "KH-26-0000417-X/R1"
    case_number: "KH-26-0000417-X"
    local_side: SIDE_HOME
    state_before: REFERRAL_STATE_ACCEPTED
    state_after: REFERRAL_STATE_IN_PROGRESS
    receiver_body_id: "my:mtuc"
    clocks {
      resolve_by { seconds: 99 }
      stopped: true
    }
    peer { home_facts: 2 destination_facts: 5 confirmed_facts: 1 }
    fact {
      fact_number: 5
      fact_kind: FACT_KIND_STEP_RECORDED
      step_kind: "HEARING"
      step_held_at { seconds: 50 }
      answers { member_id: "A" accepted: true }
    }
  )pb"));
  EXPECT_TRUE(event.at_home);
  EXPECT_EQ(event.kind, ReferralKind::kFact);
  EXPECT_EQ(event.fact, "STEP_RECORDED");
  EXPECT_EQ(event.detail, "HEARING");
  EXPECT_EQ(event.date, absl::FromUnixSeconds(50));
  EXPECT_EQ(event.state_after, ReferralState::kInProgress);
  EXPECT_EQ(event.clocks.resolve_by, absl::FromUnixSeconds(99));
  EXPECT_EQ(event.clocks.accept_by, kNoTime);
  EXPECT_TRUE(event.clocks.stopped);
  EXPECT_EQ(event.destination_facts, 5u);
  ASSERT_THAT(event.answers, SizeIs(1));
  EXPECT_TRUE(event.answers[0].accepted);
}

TEST(ReferralEventTest, AnAgreementWhoseHalvesDifferAllowsNothing) {
  const char* text = R"pb(
    agreement {
      agreement_id: "ph-kh:proxy"
      halves_match: true
      in_force { from: "2026-01-01" }
      proxy_missions { acting_country: "PH" nationality: "KH" host_country: "MY" }
    }
  )pb";
  auto message = Parse<referral::v1::Event>(text);
  EXPECT_THAT(FromProto(message).agreement.missions,
              ElementsAre(Mission{"PH", "KH", "MY", "2026-01-01", ""}));
  message.mutable_agreement()->set_halves_match(false);
  EXPECT_THAT(FromProto(message).agreement.missions, SizeIs(0));
}

TEST(ReferralEventTest, APostingIsOfTheOwnNationality) {
  const ReferralEvent event = FromProto(Parse<referral::v1::Event>(R"pb(
    posting {
      posting {
        posting_id: "kh:kl"
        person_id: "attache.kl"
        sending_country: "KH"
        host_country: "MY"
        from: "2026-01-01"
      }
    }
  )pb"));
  EXPECT_EQ(event.kind, ReferralKind::kPosting);
  EXPECT_EQ(event.posting.person_id, "attache.kl");
  EXPECT_EQ(event.posting.mission, (Mission{"KH", "KH", "MY", "2026-01-01", ""}));
}

}  // namespace
}  // namespace redress::status
