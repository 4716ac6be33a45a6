#include "tests/simulation/life_cycle_table.h"

#include <algorithm>
#include <vector>

namespace redress::simulation {
namespace {

using K = referral::FactKind;
using S = referral::ReferralState;
using States = std::vector<S>;

struct Row {
  K kind;
  States from;
  States to;  // Empty: the state stays.
};

const States kAsked = {S::kDelivered, S::kAcknowledged, S::kNoResponse, S::kAccepted,
                       S::kInProgress};
const States kUndecided = {S::kDelivered, S::kAcknowledged, S::kNoResponse};

const std::vector<Row>& Table() {
  static const std::vector<Row> table = {
      {K::kSent, {S::kNone}, {S::kSent}},
      {K::kDelivered, {S::kSent, S::kUndelivered}, {S::kDelivered}},
      // A recall that overtook the last page: arrival is noted, and nobody is shown anything.
      {K::kDelivered, {S::kRecallRequested}, {}},
      {K::kUndelivered, {S::kSent}, {S::kUndelivered}},
      // Recalled on its way and never there.
      {K::kUndelivered, {S::kRecallRequested}, {S::kRecalled}},
      {K::kRequeued, {S::kUndelivered}, {S::kSent}},
      {K::kAcknowledged, {S::kDelivered, S::kNoResponse}, {S::kAcknowledged}},
      {K::kAccepted, kUndecided, {S::kAccepted}},
      {K::kDeclined,
       {S::kDelivered, S::kAcknowledged, S::kNoResponse, S::kAccepted, S::kInfoRequested,
        S::kInProgress, S::kOnHold},
       {S::kDeclined}},
      {K::kNoResponse, {S::kDelivered, S::kAcknowledged}, {S::kNoResponse}},
      {K::kInformationRequested, kAsked, {S::kInfoRequested}},
      {K::kInformationProvided, {S::kInfoRequested}, kAsked},
      {K::kInformationOverdue, {S::kInfoRequested}, kAsked},
      {K::kForwardRequested, kAsked, {S::kForwarded}},
      {K::kForwardRefused, {S::kForwarded}, kAsked},
      {K::kForwardSent, {S::kForwarded}, {}},
      {K::kTransferred, {S::kForwarded}, {S::kTransferred}},
      {K::kStarted, {S::kAccepted}, {S::kInProgress}},
      {K::kStepRecorded, {S::kAccepted}, {S::kInProgress}},
      {K::kStepRecorded, {S::kInProgress, S::kResolved, S::kUnresolved}, {}},
      {K::kHeld, {S::kInProgress}, {S::kOnHold}},
      {K::kResumed, {S::kOnHold}, {S::kInProgress}},
      {K::kSolutionProposed, {S::kAccepted, S::kInProgress}, {S::kSolutionProposed}},
      {K::kProposalWithdrawn, {S::kSolutionProposed}, {S::kInProgress}},
      {K::kProposalAnswered,
       {S::kSolutionProposed},
       {S::kSolutionProposed, S::kResolved, S::kInProgress}},
      {K::kResolved,
       {S::kAccepted, S::kInProgress, S::kOnHold, S::kSolutionProposed},
       {S::kResolved}},
      {K::kUnresolved,
       {S::kAccepted, S::kInfoRequested, S::kInProgress, S::kOnHold, S::kSolutionProposed},
       {S::kUnresolved}},
      {K::kRecallRequested,
       {S::kSent, S::kDelivered, S::kAcknowledged, S::kNoResponse, S::kAccepted, S::kInfoRequested,
        S::kForwarded, S::kInProgress, S::kOnHold, S::kSolutionProposed},
       {S::kRecallRequested}},
      {K::kRecalled, {S::kRecallRequested}, {S::kRecalled}},
  };
  return table;
}

bool Holds(const States& states, S state) {
  return std::find(states.begin(), states.end(), state) != states.end();
}

}  // namespace

bool InLifeCycle(S before, K kind, S after) {
  return std::any_of(Table().begin(), Table().end(), [&](const Row& row) {
    if (row.kind != kind || !Holds(row.from, before)) return false;
    return row.to.empty() ? after == before : Holds(row.to, after);
  });
}

}  // namespace redress::simulation
