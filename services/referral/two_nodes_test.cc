// What two nodes do with each other: both come to the same state, whoever was away meanwhile.
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/status/field_violations.h"
#include "services/referral/two_nodes_fixture.h"

namespace redress::referral {
namespace {

using auth::Role;
using testing::Eventually;

class TwoNodesTest : public testing::TwoNodes {};

TEST_F(TwoNodesTest, AReferralGoesAbroadIsAcceptedAndBothNodesShowTheSame) {
  PublishUnion();
  const std::string id = Refer("my:mtuc");
  EXPECT_EQ(id, case_ + "/R1");
  ASSERT_TRUE(Eventually([&] { return AtUnion(id).state() == v1::REFERRAL_STATE_DELIVERED; }));
  EXPECT_EQ(AtUnion(id).complaint().complaint().narrative(), "Promised 750 a month and paid 450.");
  v1::AcceptReferralResponse accepted;
  const absl::Status status = Accept(id, accepted);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(accepted.change().state(), v1::REFERRAL_STATE_ACCEPTED);
  EXPECT_TRUE(Eventually([&] { return AtHome(id).state() == v1::REFERRAL_STATE_ACCEPTED; }));
  EXPECT_EQ(AtHome(id).etag(), AtUnion(id).etag());
}

TEST_F(TwoNodesTest, WhatIsReferredWhileThePeerIsDownArrivesWhenItIsBack) {
  PublishUnion();
  // So that kh has a stream to my open, and quiet, when my goes.
  ASSERT_NO_FATAL_FAILURE(Publish(kh_, "kh:cuf", "KH"));
  AwaitBody(my_, "kh:cuf");
  my_.Stop();
  const std::string id = Refer("my:mtuc");
  EXPECT_EQ(AtHome(id).state(), v1::REFERRAL_STATE_SENT);
  ASSERT_NO_FATAL_FAILURE(my_.Start());
  EXPECT_TRUE(Eventually([&] { return AtUnion(id).state() == v1::REFERRAL_STATE_DELIVERED; }));
  EXPECT_TRUE(Eventually([&] { return AtHome(id).state() == v1::REFERRAL_STATE_DELIVERED; }));
}

TEST_F(TwoNodesTest, AReferralWithinTheNodeTakesTheLoopbackLink) {
  ASSERT_NO_FATAL_FAILURE(Publish(kh_, "kh:lscw", "KH"));
  const std::string id = Refer("kh:lscw");
  EXPECT_TRUE(Eventually([&] {
    return Shown(kh_, Role::kContact, "kh:lscw", id).state() == v1::REFERRAL_STATE_DELIVERED;
  }));
}

TEST_F(TwoNodesTest, TextThatIsNotUtf8IsNamedWithWhateverElseIsWrong) {
  v1::AcceptReferralRequest request;
  request.set_request_id(RequestId());
  request.set_note("caf\xe9");
  v1::AcceptReferralResponse response;
  const absl::Status status = my_.Call(my_.referrals(), &v1::ReferralService::Stub::AcceptReferral,
                                       Role::kContact, "my:mtuc", request, response);
  std::vector<std::string> fields;
  for (const FieldViolation& fault : GetFieldViolations(status)) fields.push_back(fault.field);
  EXPECT_THAT(fields, ::testing::UnorderedElementsAre("note", "referral_id", "etag",
                                                      "acceptance.focal_point_id"))
      << status;
}

}  // namespace
}  // namespace redress::referral
