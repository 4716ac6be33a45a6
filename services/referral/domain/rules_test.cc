// Codes, proposals, evidence and the link: the smaller rules.
#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"
#include "services/referral/domain/codes.h"
#include "services/referral/domain/evidence.h"
#include "services/referral/domain/fact_log.h"
#include "services/referral/domain/fact_samples.h"
#include "services/referral/domain/link.h"
#include "services/referral/domain/proposal.h"

namespace redress::referral {
namespace {

using samples::Answers;
using samples::At;
using samples::Member;
using samples::Of;
using samples::Story;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using K = FactKind;

std::string ReasonOf(const absl::Status& status) {
  const std::optional<Refusal> refusal = GetRefusal(status);
  return refusal ? refusal->reason : std::string(status.message());
}

// The field at fault, if any.
std::string FaultsOfReason(FactKind kind, std::string_view reason, std::string_view note) {
  FieldViolations faults;
  CheckReason(kind, reason, note, faults);
  return faults.empty() ? "" : faults.list().front().field;
}

TEST(ReasonTest, IrregularStatusIsNeverAReasonForAnythingNegative) {
  for (const char* code :
       {"IRREGULAR_STATUS", "UNDOCUMENTED", "MIGRATION_STATUS", "OVERSTAYED_VISA", "ILLEGAL_WORKER",
        "NO_PERMIT", "IMMIGRATION_OFFENCE"}) {
    for (K kind : {K::kDeclined, K::kUnresolved, K::kHeld, K::kForwardRequested}) {
      EXPECT_TRUE(FaultsOfReason(kind, code, "").empty()) << code;
      EXPECT_EQ(ReasonOf(RefuseIrregularStatus(code)), "IRREGULAR_STATUS_IS_NO_REASON") << code;
    }
  }
}

TEST(ReasonTest, NoAcceptedReasonIsMistakenForOne) {
  for (K kind : {K::kDeclined, K::kUnresolved, K::kHeld, K::kRecallRequested, K::kForwardRefused,
                 K::kProposalWithdrawn, K::kUndelivered, K::kNoResponse, K::kForwardRequested}) {
    for (std::string_view code : ReasonsOf(kind)->codes()) {
      EXPECT_TRUE(FaultsOfReason(kind, code, "why").empty()) << code;
      EXPECT_TRUE(RefuseIrregularStatus(code).ok()) << code;
    }
  }
}

TEST(ReasonTest, EveryKindThatNeedsAReasonHasAListAndOtherNeedsANote) {
  for (K kind : kHomeFactKinds) EXPECT_EQ(ReasonsOf(kind) != nullptr, FactNeedsReason(kind));
  for (K kind : kDestinationFactKinds) EXPECT_EQ(ReasonsOf(kind) != nullptr, FactNeedsReason(kind));
  EXPECT_EQ(FaultsOfReason(K::kDeclined, "OTHER", ""), "note");
  EXPECT_EQ(FaultsOfReason(K::kDeclined, "LAZY", ""), "reason");
  EXPECT_EQ(FaultsOfReason(K::kRecallRequested, "OTHER", ""), "reason");
  EXPECT_EQ(FaultsOfReason(K::kAccepted, "OTHER", ""), "reason");
}

TEST(TermsTest, EveryWrongFieldIsNamed) {
  FieldViolations violations;
  CheckTermsCodes({.members = {{Member(1), {}, {{"MYR", -1}, {"MYR", 2}}}},
                   .for_each_other = MemberTerms{{}, {"GOLD"}, {}}},
                  /*remedy_required=*/true, "proposal", violations);
  std::vector<std::string> fields;
  for (const FieldViolation& one : violations.list()) fields.push_back(one.field);
  EXPECT_THAT(fields,
              ElementsAre("proposal.members[0].remedies", "proposal.members[0].amounts[0].amount",
                          "proposal.members[0].amounts[1].currency_code",
                          "proposal.for_each_other.remedies[0]"));
}

Story Proposed() {
  return Story().Then(K::kSent).Then(K::kDelivered).Then(K::kAccepted).Then(K::kSolutionProposed);
}

const std::set<MemberId> kThree = {Member(1), Member(2), Member(3)};

TEST(ProposalTest, ItIsResolvedWhenTheLastDisclosedMemberAccepts) {
  Story story = Proposed();
  absl::StatusOr<ProposalAnswerDetails> first =
      PrepareAnswers(story.Folded(), 1, {{Member(1), true}, {Member(2), true}}, kThree);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->members_left, 1u);
  story.Then(Of(K::kProposalAnswered, *first));
  EXPECT_EQ(CountAnswers(story.Folded(), kThree), (AnswerCount{2, 0, 1}));
  EXPECT_THAT(WaitingMembers(story.Folded(), kThree), ElementsAre(Member(3)));
  absl::StatusOr<ProposalAnswerDetails> last =
      PrepareAnswers(story.Folded(), 1, {{Member(3), true}}, kThree);
  ASSERT_TRUE(last.ok());
  story.Then(Of(K::kProposalAnswered, *last));
  EXPECT_EQ(story.Folded().state, ReferralState::kResolved);
  EXPECT_EQ(ObtainedTerms(story.Folded(), Member(3))->amounts[0].minor_units, 720'000);
}

TEST(ProposalTest, WhoAgreedBeforeIsNotAskedAgainByTheNextProposal) {
  Story story = Proposed();
  story.Then(Of(K::kProposalAnswered, Answers(1, {{Member(1), true}, {Member(2), false}}, 2)));
  ASSERT_EQ(story.Folded().state, ReferralState::kInProgress);
  Fact better = Of(K::kSolutionProposed);
  std::get<ProposalDetails>(better.details).proposal_number = 2;
  std::get<ProposalDetails>(better.details).terms.for_each_other->amounts[0].minor_units = 800'000;
  story.Then(better);
  EXPECT_THAT(WaitingMembers(story.Folded(), kThree), ElementsAre(Member(2), Member(3)));
  EXPECT_EQ(ReasonOf(PrepareAnswers(story.Folded(), 2, {{Member(1), false}}, kThree).status()),
            "PROPOSAL_ALREADY_ANSWERED");
  absl::StatusOr<ProposalAnswerDetails> rest =
      PrepareAnswers(story.Folded(), 2, {{Member(2), true}, {Member(3), true}}, kThree);
  ASSERT_TRUE(rest.ok());
  EXPECT_EQ(rest->members_left, 0u);
  story.Then(Of(K::kProposalAnswered, *rest));
  EXPECT_EQ(story.Folded().state, ReferralState::kResolved);
  EXPECT_EQ(ObtainedTerms(story.Folded(), Member(1))->amounts[0].minor_units, 720'000);
  EXPECT_EQ(ObtainedTerms(story.Folded(), Member(2))->amounts[0].minor_units, 800'000);
}

TEST(ProposalTest, AMemberNamedAnewIsAskedAnew) {
  Story story = Proposed();
  story.Then(Of(K::kProposalAnswered, Answers(1, {{Member(1), true}, {Member(2), false}}, 2)));
  Fact second = Of(K::kSolutionProposed);
  auto& details = std::get<ProposalDetails>(second.details);
  details.proposal_number = 2;
  details.terms.members = {{Member(1), {"WAGES_PAID"}, {{"MYR", 1}}}};
  story.Then(second);
  EXPECT_THAT(WaitingMembers(story.Folded(), kThree), ElementsAre(Member(1), Member(2), Member(3)));
}

TEST(ProposalTest, AnswersThatCannotBeAreRefused) {
  const FoldedReferral open = Proposed().Folded();
  EXPECT_EQ(ReasonOf(PrepareAnswers(open, 2, {{Member(1), true}}, kThree).status()),
            "PROPOSAL_NOT_CURRENT");
  EXPECT_EQ(ReasonOf(PrepareAnswers(open, 1, {{Member(9), true}}, kThree).status()),
            "MEMBER_NOT_DISCLOSED");
  EXPECT_EQ(PrepareAnswers(open, 1, {}, kThree).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(
      PrepareAnswers(open, 1, {{Member(1), true}, {Member(1), false}}, kThree).status().code(),
      absl::StatusCode::kInvalidArgument);
}

TEST(ProposalTest, TermsMustReachEveryDisclosedMemberAndNobodyElse) {
  const FoldedReferral folded = Proposed().Folded();
  const MemberTerms some = {{}, {"COMPENSATION"}, {}};
  GroupTerms terms = {.members = {{Member(1), {"COMPENSATION"}, {}}}};
  EXPECT_EQ(CheckTermsCover(folded, terms, kThree, "proposal").code(),
            absl::StatusCode::kInvalidArgument);
  terms.for_each_other = some;
  EXPECT_TRUE(CheckTermsCover(folded, terms, kThree, "proposal").ok());
  terms.members.push_back({Member(9), {"COMPENSATION"}, {}});
  EXPECT_EQ(ReasonOf(CheckTermsCover(folded, terms, kThree, "proposal")), "MEMBER_NOT_DISCLOSED");
}

EvidenceStatement Statement() {
  return {.referral = ReferralId(CaseNumber("KH", 26, 417), 1),
          .kind = EvidenceKind::kDelivery,
          .issuer = NodeId::FromTrusted("my"),
          .number = 1,
          .occurred_at = At(1),
          .subject_digest = std::string(32, 's')};
}

TEST(EvidenceTest, EveryFieldIsInTheBytes) {
  const std::string base = CanonicalBytes(Statement());
  std::set<std::string> all = {base};
  auto other = [&](auto change) {
    EvidenceStatement statement = Statement();
    change(statement);
    EXPECT_TRUE(all.insert(CanonicalBytes(statement)).second);
  };
  other([](auto& s) { s.referral = ReferralId(CaseNumber("KH", 26, 417), 2); });
  other([](auto& s) { s.kind = EvidenceKind::kRetrieval; });
  other([](auto& s) { s.issuer = NodeId::FromTrusted("th"); });
  other([](auto& s) { s.number = 2; });
  other([](auto& s) { s.occurred_at += absl::Microseconds(1); });
  other([](auto& s) { s.subject_digest.back() = 't'; });
  other([](auto& s) { s.previous_digest = std::string(32, 'p'); });
  other([](auto& s) { s.accepted = true; });
  other([](auto& s) { s.reason = "LINK_SILENT"; });
  other([](auto& s) { s.fact_number = 1; });
  EXPECT_EQ(all.size(), 11u);
}

TEST(EvidenceTest, AChainIsFollowedLinkByLink) {
  EvidenceStatement first = Statement();
  Chain({}, first);
  EXPECT_TRUE(CheckNext({}, first, Side::kDestination).ok());
  const ChainHead head = {1, std::string(32, 'h')};
  EvidenceStatement second = Statement();
  Chain(head, second);
  EXPECT_EQ(second.number, 2u);
  EXPECT_TRUE(CheckNext(head, second, Side::kDestination).ok());
  EXPECT_EQ(ReasonOf(CheckNext({1, std::string(32, 'x')}, second, Side::kDestination)),
            "EVIDENCE_CHAIN_BROKEN");
  EXPECT_EQ(ReasonOf(CheckNext({}, second, Side::kDestination)), "EVIDENCE_CHAIN_BROKEN");
  EXPECT_EQ(CheckNext(head, second, Side::kHome).code(), absl::StatusCode::kInvalidArgument);
}

TEST(LinkTest, EnvelopesAreTakenInOrderAndRepetitionsKnown) {
  HalfLink sender;
  HalfLink receiver;
  const Placing first = NextPlace(sender);
  EXPECT_EQ(first, (Placing{1, 1, ""}));
  EXPECT_EQ(Judge(receiver, first), Arrival::kNext);
  sender = receiver = Advanced(first, "d1");
  EXPECT_EQ(Judge(receiver, first), Arrival::kRepeated);
  const Placing second = NextPlace(sender);
  const Placing third = NextPlace(Advanced(second, "d2"));
  EXPECT_EQ(Judge(receiver, third), Arrival::kGap);
  EXPECT_EQ(Judge(receiver, second), Arrival::kNext);
  EXPECT_EQ(Judge(receiver, {1, 2, "forged"}), Arrival::kBrokenChain);
  EXPECT_EQ(Judge(receiver, {1, 0, ""}), Arrival::kGap);
}

TEST(LinkTest, ANewEpochBeginsAtOneAndEndsTheOldOne) {
  const HalfLink held = {1, 7, "d7"};
  const HalfLink fresh = NewEpoch(held);
  EXPECT_EQ(Judge(held, NextPlace(fresh)), Arrival::kNext);
  EXPECT_EQ(Judge(held, {2, 2, "x"}), Arrival::kGap);
  EXPECT_EQ(Judge(Advanced(NextPlace(fresh), "e1"), {1, 8, "d7"}), Arrival::kOldEpoch);
}

TEST(LinkTest, ARestoredSenderIsToldToBeginANewEpoch) {
  const HalfLink held = {3, 7, "d7"};
  EXPECT_TRUE(CheckOpening(held, {3, 7, "d7"}).ok());
  EXPECT_TRUE(CheckOpening(held, {3, 9, "d9"}).ok());
  EXPECT_TRUE(CheckOpening(held, {4, 0, ""}).ok());
  EXPECT_EQ(ReasonOf(CheckOpening(held, {3, 5, "d5"})), "LINK_EPOCH_OLD");
  EXPECT_EQ(ReasonOf(CheckOpening(held, {3, 7, "other"})), "LINK_EPOCH_OLD");
  EXPECT_EQ(ReasonOf(CheckOpening(held, {2, 90, "x"})), "LINK_EPOCH_OLD");
}

TEST(BackOffTest, ItDoublesUpToAQuarterOfAnHourAndIsSpread) {
  EXPECT_TRUE(rc::check("between half and whole", [] {
    SeededRandom random(*rc::gen::arbitrary<uint64_t>());
    const auto failures = *rc::gen::inRange(1u, 10'000u);
    const absl::Duration whole =
        failures > 10 ? absl::Minutes(15) : absl::Seconds(1 << (failures - 1));
    const absl::Duration wait = BackOff(failures, random);
    RC_ASSERT(wait >= whole / 2);
    RC_ASSERT(wait <= whole);
  }));
}

TEST(FactLogTest, AnotherFactUnderATakenNumberIsAConflict) {
  FactLog log;
  Fact fact = Of(K::kSent);
  fact.number = 1;
  EXPECT_EQ(log.Take(fact), Taken::kNew);
  fact.recorded_at = At(3);
  EXPECT_EQ(log.Take(fact), Taken::kDuplicate);
  fact.note = "otherwise";
  EXPECT_EQ(log.Take(fact), Taken::kConflict);
  fact.number = 0;
  EXPECT_EQ(log.Take(fact), Taken::kOutOfRange);
  fact.number = 5'000;
  EXPECT_EQ(log.Take(fact), Taken::kOutOfRange);
  fact.number = 3;
  EXPECT_EQ(log.Take(fact), Taken::kEarly);
  EXPECT_EQ(log.early(), 1u);
}

}  // namespace
}  // namespace redress::referral
