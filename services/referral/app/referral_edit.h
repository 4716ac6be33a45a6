#ifndef REDRESS_SERVICES_REFERRAL_APP_REFERRAL_EDIT_H_
#define REDRESS_SERVICES_REFERRAL_APP_REFERRAL_EDIT_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "redress/exchange/v1/message.pb.h"
#include "redress/referral/v1/change.pb.h"
#include "redress/referral/v1/events.pb.h"
#include "services/platform/async/cancellation.h"
#include "services/platform/async/task.h"
#include "services/platform/journal/change_set.h"
#include "services/referral/app/loaded_referral.h"
#include "services/referral/app/outbox.h"

namespace redress::referral {

// One change of one side of a referral: gathers new facts, messages, events and evidence, and
// stages all that follows from them (the record and its index lines, what it counts for, fact and
// evidence rows, what goes to the other side, the event log, the next look of the clocks, work for
// the runners) into one ChangeSet. Nothing is written before that set is committed; when it
// conflicts, load and edit again.
//
//   ReferralEdit edit(parts, *std::move(loaded));
//   RETURN_IF_ERROR(edit.Write(std::move(fact)).status());
//   RETURN_IF_ERROR(edit.Stage(changes));
//
// Not thread-safe; `parts` outlives it.
class ReferralEdit {
 public:
  ReferralEdit(const AppParts& parts, LoadedReferral before);

  // The referral as it is with what was gathered so far.
  const LoadedReferral& now() const { return now_; }
  const FoldedReferral& folded() const { return now_.folded; }
  // For what no fact says: disclosure, money, work done.
  rows::ReferralRecord& record() { return now_.record; }
  const AppParts& parts() const { return parts_; }

  // A fact of this side: tried against the life cycle, numbered, checked. Kind, reason, note,
  // details and actor are the caller's.
  absl::StatusOr<Fact> Write(Fact fact);

  // The next fact of the other side. REQUIRES: its number follows the last one here.
  void Take(Fact fact);

  // Evidence that no standing fact asks for: RELAY, and the warning's NON_DELIVERY.
  void Issue(EvidenceKind kind, std::string reason);
  // Evidence of the other side, verified.
  void TakeEvidence(v1::Evidence evidence, const v1::EvidenceStatement& statement);

  // A message for the other side besides the facts.
  void Send(OutgoingMessage message) { messages_.push_back(std::move(message)); }
  // The same, ahead of the facts of this change.
  void SendFirst(OutgoingMessage message) { first_messages_.push_back(std::move(message)); }
  // Makes the first fact travel in this head, and not by itself.
  void SetHead(exchange::v1::ReferralHead head) { head_ = std::move(head); }

  // An event besides those of the facts; only its `kind` needs to be set.
  void AddEvent(v1::Event event) { events_.push_back(std::move(event)); }
  // The same, put before the events of the facts.
  void AddFirstEvent(v1::Event event) { first_events_.push_back(std::move(event)); }

  void MarkFired(ClockKey clock) { fired_.push_back(clock); }
  void SetPersonal(const rows::ReferralPersonal& personal);
  // Leaves something to a background runner.
  void LeaveWork(WorkKind kind, std::string item = "");

  // More rows for the same change.
  void AlsoStage(std::function<void(journal::ChangeSet&)> rows) {
    more_rows_.push_back(std::move(rows));
  }

  // REQUIRES: called once, last.
  absl::Status Stage(journal::ChangeSet& changes);

  // After Stage: whether somebody is to be woken when it is committed.
  bool sends() const { return sends_; }
  bool leaves_work() const { return !work_.empty(); }

  // What a verb answers; the commit number is filled in after the commit.
  v1::ReferralChange Change() const;

 private:
  struct NewFact {
    Fact fact;
    ReferralState before;
    ReferralState after;
    bool own = false;
    v1::EvidenceKind evidence = v1::EVIDENCE_KIND_UNSPECIFIED;
  };

  void Append(Fact fact, bool own);
  absl::Status React();
  void IssueObligations();
  std::string SubjectOf(EvidenceKind kind, const std::optional<FactRef>& about) const;
  void AddOwnEvidence(EvidenceKind kind, const std::optional<FactRef>& about, bool accepted,
                      std::string reason);
  void UpdateRecord();
  absl::Status StageFacts(journal::ChangeSet& changes);
  void AuditNodeFact(const NewFact& added, journal::ChangeSet& changes);
  absl::Status StageMessages(journal::ChangeSet& changes);
  absl::Status SendFacts();
  void StageEvidence(journal::ChangeSet& changes);
  void StageEvents(journal::ChangeSet& changes);
  void StageIndexes(journal::ChangeSet& changes);
  void StageResponses(journal::ChangeSet& changes);
  void StageClocks(journal::ChangeSet& changes);
  void DecideWork();

  const AppParts& parts_;
  const rows::ReferralRecord before_;
  LoadedReferral now_;
  std::vector<NewFact> facts_;
  // Own new evidence with the own fact it goes with, 0 for none.
  std::vector<std::pair<uint32_t, v1::Evidence>> own_evidence_;
  std::vector<std::pair<uint32_t, v1::Evidence>> taken_evidence_;  // With the number in its chain.
  std::vector<OutgoingMessage> first_messages_;
  std::vector<OutgoingMessage> messages_;
  std::optional<exchange::v1::ReferralHead> head_;
  std::vector<v1::Event> first_events_;
  std::vector<v1::Event> events_;
  std::vector<ClockKey> fired_;
  std::vector<std::pair<WorkKind, std::string>> work_;
  std::vector<std::function<void(journal::ChangeSet&)>> more_rows_;
  bool sends_ = false;
};

// Who acts: the caller, or the node itself.
Actor ActorOf(const auth::Principal& caller);
Actor NodeActor(const AppParts& parts);

// The digest that SUBMISSION, RELAY and DELIVERY speak of: that of the head as serialised without
// its fact and evidence, which cannot hold their own digest.
std::string HeadDigest(exchange::v1::ReferralHead head);

// Tells the runners what a committed edit left for them.
void WakeRunners(const AppParts& parts, bool sends, bool work);

// What a runner does between two looks at its list: waits until somebody has left work since `seen`
// was read, and looks again by itself within two seconds when the last look failed, within a minute
// otherwise. Returns at once when cancelled.
async::Task<void> AwaitWork(const AppParts& parts, uint64_t seen, bool went_well,
                            async::CancellationToken cancellation);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_REFERRAL_EDIT_H_
