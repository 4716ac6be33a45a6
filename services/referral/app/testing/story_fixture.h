#ifndef REDRESS_SERVICES_REFERRAL_APP_TESTING_STORY_FIXTURE_H_
#define REDRESS_SERVICES_REFERRAL_APP_TESTING_STORY_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "services/platform/status/refusal.h"
#include "services/referral/app/testing/two_nodes.h"

namespace redress::referral {

inline std::string ReasonOf(const absl::Status& status) {
  const std::optional<Refusal> refusal = GetRefusal(status);
  return refusal ? refusal->reason : status.ToString();
}

// The common fields of a verb's request, at the etag that `shown` has.
template <class Request>
Request RequestOn(TwoNodes& world, const v1::Referral& shown) {
  Request request;
  request.set_request_id(world.RequestId());
  request.set_referral_id(shown.referral_id());
  request.set_etag(shown.etag());
  return request;
}

class StoryTest : public testing::Test {
 protected:
  void Accept(const std::string& id) {
    auto request = RequestOn<v1::AcceptReferralRequest>(world, world.Destination(id));
    request.mutable_acceptance()->set_focal_point_id("my:mtuc/f1");
    request.mutable_acceptance()->set_receiver_reference("MTUC-7");
    auto answer = world.Run(world.my->receiver.AcceptReferral(world.contact, request));
    ASSERT_TRUE(answer.ok()) << answer.status();
    world.Settle();
  }
  void Propose(const std::string& id, const std::string& amount) {
    auto request = RequestOn<v1::ProposeSolutionRequest>(world, world.Destination(id));
    v1::MemberTerms* terms = request.mutable_proposal()->mutable_for_each_other();
    terms->add_remedies("WAGES_PAID");
    terms->add_amounts()->set_currency_code("MYR");
    terms->mutable_amounts(0)->set_amount(amount);
    request.mutable_proposal()->set_payer("EMPLOYER");
    auto answer = world.Run(world.my->receiver.ProposeSolution(world.contact, request));
    ASSERT_TRUE(answer.ok()) << answer.status();
    world.Settle();
  }
  absl::StatusOr<v1::AnswerProposalResponse> Answers(const std::string& id, int from, int to,
                                                     bool accepted) {
    const v1::Referral shown = world.Home(id);
    auto request = RequestOn<v1::AnswerProposalRequest>(world, shown);
    request.set_proposal_number(shown.open_proposal().proposal_number());
    for (int i = from; i <= to; ++i) {
      v1::MemberAnswer* answer = request.add_answers();
      answer->set_member_id(FakeIntake::MemberIdOf(i));
      answer->set_accepted(accepted);
    }
    request.mutable_instruction()->set_how("PHONE");
    request.mutable_instruction()->set_given_on("2026-11-01");
    auto answer = world.Run(world.kh->home.AnswerProposal(world.desk, request));
    world.Settle();
    return answer;
  }
  void Step(const std::string& id, const std::string& kind) {
    auto request = RequestOn<v1::RecordStepRequest>(world, world.Destination(id));
    request.mutable_step()->set_kind(kind);
    request.mutable_step()->mutable_held_at()->set_seconds(1'795'000'000);
    auto answer = world.Run(world.my->receiver.RecordStep(world.contact, request));
    ASSERT_TRUE(answer.ok()) << answer.status();
    world.Settle();
  }

  TwoNodes world;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_TESTING_STORY_FIXTURE_H_
