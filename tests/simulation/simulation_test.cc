#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "tests/simulation/runs.h"

namespace redress::simulation {
namespace {

using testing::HasSubstr;

// A small run with every kind of fault in it.
Options Rough(uint64_t seed) {
  Options options = Options::FromSeed(seed);
  options.nodes = 2;
  options.cases = 1;
  options.steps = 40;
  options.crashes = 60;
  options.broken_streams = 80;
  options.repeated_streams = 300;
  options.partitions = 60;
  options.lost_answers = 60;
  return options;
}

// The first of some seeds for which a run fails; a passing result when none does.
struct Found {
  Options options;
  Result result;
};
Found FindFailure(void (*spoil)(Options&)) {
  Found found;
  for (uint64_t seed = 1; seed <= 200 && found.result.ok(); ++seed) {
    found.options = Rough(seed);
    spoil(found.options);
    found.result = RunOnce(found.options);
  }
  return found;
}

TEST(SimulationTest, TheSameSeedRunsTheSameWay) {
  const Result first = RunOnce(Rough(7));
  const Result second = RunOnce(Rough(7));
  EXPECT_EQ(first.trace, second.trace);
  EXPECT_EQ(first.facts, second.facts);
  EXPECT_EQ(first.done, second.done);
  EXPECT_NE(first.trace, RunOnce(Rough(8)).trace);
}

TEST(SimulationTest, SomethingHappensInARun) {
  Options options = Options::FromSeed(3);
  options.steps = 100;
  const Result result = RunOnce(options);
  EXPECT_GT(result.referrals, 0u);
  EXPECT_GT(result.done, 10u);
  EXPECT_GT(result.refused, 0u);
  EXPECT_GT(result.facts, 10u);
}

TEST(SimulationTest, EveryVerbOfTheLifeCycleTakesEffectUnderSomeSeed) {
  std::set<std::string> missing = {"AcceptReferral",
                                   "AcknowledgeReferral",
                                   "AddGroupMembers",
                                   "AmendComplaint",
                                   "AnswerProposal REFERRAL_STATE_IN_PROGRESS",
                                   "AnswerProposal REFERRAL_STATE_RESOLVED",
                                   "AnswerProposal REFERRAL_STATE_SOLUTION_PROPOSED",
                                   "Approve APPROVED",
                                   "Approve REFUSED",
                                   "CloseComplaint CLOSED_RESOLVED",
                                   "CloseComplaint CLOSED_UNRESOLVED",
                                   "ConcludeReferral RESOLVED",
                                   "ConcludeReferral UNRESOLVED",
                                   "DeclineReferral",
                                   "FileComplaint",
                                   "ForwardReferral",
                                   "HoldReferral",
                                   "ProposeSolution",
                                   "ProvideInformation",
                                   "ProvideInformation WITH_DISCLOSURE",
                                   "RecallReferral",
                                   "RecordConsent",
                                   "RecordMoney",
                                   "RecordReferralMoney",
                                   "RecordStep",
                                   "ReferComplaint",
                                   "ReopenComplaint CONTEST",
                                   "ReopenComplaint REOPEN",
                                   "ReopenComplaint UNDO_WITHDRAWAL",
                                   "RequestApproval",
                                   "RequestInformation",
                                   "RequeueReferral",
                                   "ResumeReferral",
                                   "RevokeConsent",
                                   "ScreenComplaint ADMITTED",
                                   "ScreenComplaint INADMISSIBLE",
                                   "StartReferral",
                                   "UpdateDisclosure",
                                   "WithdrawComplaint MEMBERS",
                                   "WithdrawComplaint WHOLE",
                                   "WithdrawProposal"};
  for (uint64_t seed = 1; seed <= 60 && !missing.empty(); ++seed) {
    Options options = Options::FromSeed(seed);
    options.steps = 200;
    options.partitions = 100;  // With these some referrals are given up on their way.
    options.leaps = 50;
    const Result result = RunOnce(options);
    EXPECT_THAT(result.violations, testing::IsEmpty()) << ToFlags(options);
    for (const std::string& verb : result.verbs) missing.erase(verb);
  }
  EXPECT_THAT(missing, testing::IsEmpty());
}

TEST(SimulationTest, ADiskThatForgetsWhatItAcknowledgedIsFound) {
  const Found found = FindFailure([](Options& options) { options.lying_disk = true; });
  EXPECT_FALSE(found.result.ok());
}

TEST(SimulationTest, AnInboxThatForgetsIsFound) {
  const Found found = FindFailure([](Options& options) { options.forgetful_inbox = true; });
  ASSERT_FALSE(found.result.ok());
  EXPECT_THAT(found.result.violations, testing::Contains(HasSubstr("took effect twice")));
}

TEST(SimulationTest, ALedgerThatForgetsIsFoundAsSoonAsItIsWritten) {
  const Found found = FindFailure([](Options& options) { options.forgetful_ledger = true; });
  ASSERT_FALSE(found.result.ok());
  EXPECT_THAT(found.result.violations, testing::Contains(HasSubstr("the ledger of")));
}

TEST(SimulationTest, AFailingRunShrinksAndSaysHowItIsRepeated) {
  const Found found = FindFailure([](Options& options) { options.lying_disk = true; });
  ASSERT_FALSE(found.result.ok());
  const Shrunk shrunk = Shrink(found.options, found.result, 25);
  EXPECT_FALSE(shrunk.result.ok());
  EXPECT_LE(shrunk.options.steps, found.options.steps);
  const Result again = RunOnce(shrunk.options);
  EXPECT_EQ(again.violations, shrunk.result.violations);
  const std::string report = Report(shrunk.options, shrunk.result);
  EXPECT_THAT(report, HasSubstr("tools/simulate --seed="));
  EXPECT_THAT(report, HasSubstr("--lying-disk=1"));
}

TEST(OptionsTest, TheFlagsOfOptionsGiveTheOptionsBack) {
  const Options options = Options::FromSeed(99);
  Options read;
  read.seed = 99;
  std::string flags = ToFlags(options) + " ";
  while (!flags.empty()) {
    const size_t end = flags.find(' ');
    ASSERT_TRUE(ReadFlag(flags.substr(0, end), read).ok());
    flags.erase(0, end + 1);
  }
  EXPECT_EQ(ToFlags(read), ToFlags(options));
  EXPECT_FALSE(ReadFlag("--no-such-thing=1", read).ok());
}

// Words on consent at these moments, in seconds: begun, and acknowledged.
ConsentWord Word(bool granted, int began, int ended, Outcome outcome = Outcome::kDone) {
  auto deed = std::make_shared<Deed>();
  deed->began = absl::FromUnixSeconds(began);
  deed->ended = absl::FromUnixSeconds(ended);
  deed->outcome = outcome;
  return {granted, deed};
}
bool May(const std::vector<ConsentWord>& words, int from, int to) {
  return MayBeDisclosed(words, absl::FromUnixSeconds(from), absl::FromUnixSeconds(to));
}

TEST(MayBeDisclosedTest, ConsentCountsFromItsFirstToItsLastPossibleMoment) {
  EXPECT_FALSE(May({}, 10, 20));
  EXPECT_TRUE(May({Word(true, 1, 2)}, 10, 20));
  EXPECT_FALSE(May({Word(true, 30, 31)}, 10, 20));
  EXPECT_FALSE(May({Word(true, 1, 2), Word(false, 5, 6)}, 10, 20));
  EXPECT_TRUE(May({Word(true, 1, 2), Word(false, 5, 12)}, 10, 20));
  EXPECT_TRUE(May({Word(true, 1, 2), Word(false, 5, 6), Word(true, 7, 8)}, 10, 20));
  EXPECT_FALSE(May({Word(true, 1, 2, Outcome::kRefused)}, 10, 20));
  EXPECT_TRUE(May({Word(true, 1, 2), Word(false, 5, 6, Outcome::kUnknown)}, 10, 20));
}

}  // namespace
}  // namespace redress::simulation
