#include "tests/simulation/rest_checks.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "services/platform/journal/keys.h"
#include "services/referral/app/verb_runner.h"
#include "tests/simulation/ledger_check.h"

namespace redress::simulation {
namespace {

using intake::CaseState;
using referral::LoadedReferral;
using referral::ReferralRef;
using referral::ReferralState;
using referral::RowRange;
using referral::Side;

template <class Key>
size_t CountRows(Node& node, RowRange range) {
  const auto rows =
      node.inspector.Run(node.inspector.referral().repository.ScanAll<Key>(std::move(range)));
  return rows.ok() ? rows->size() : 1;
}

// The same on both nodes, but for what each notes for itself.
std::vector<referral::Fact> Shared(std::vector<referral::Fact> facts) {
  for (referral::Fact& fact : facts) {
    fact.recorded_at = absl::InfinitePast();
    fact.actor.person = PersonId();
  }
  return facts;
}

std::set<std::string> MembersOf(Node& node, const LoadedReferral& loaded) {
  const auto members = node.inspector.Run(referral::DisclosedMembers(
      node.inspector.referral(), loaded.ref, loaded.record.disclosure_number()));
  std::set<std::string> ids;
  if (!members.ok()) return ids;
  for (const MemberId& member : *members) ids.insert(member.ToString());
  return ids;
}

// The state first: what differs says the most there.
std::string Show(const LoadedReferral& loaded) {
  return fmt::format("{} {} disclosure {}", referral::ReferralStateName(loaded.folded.state),
                     referral::EtagOf(loaded.folded), loaded.record.disclosure_number());
}

}  // namespace

std::string RestChecks::Unfinished(Node& node) {
  if (!node.intake_up() || !node.referral_up()) return "a process is down";
  std::vector<std::string> left;
  for (const std::string& peer : node.referral.life->parts.peers) {
    kv::ScanRequest request;
    request.prefix = journal::OutboxLog(peer);
    const auto page = node.inspector.Run(node.referral_disk.rows.Scan(std::move(request)));
    if (!page.ok() || !page->entries.empty()) left.push_back("an outbox to " + peer);
  }
  if (CountRows<referral::OpenDisclosureKey>(node, {.of = RowRange::Of::kOpenDisclosures}) > 0) {
    left.emplace_back("an open disclosure");
  }
  using referral::WorkKind;
  for (const WorkKind kind : {WorkKind::kSettle, WorkKind::kFile, WorkKind::kForward}) {
    if (CountRows<referral::WorkKey>(node, {.of = RowRange::Of::kWork, .work = kind}) > 0) {
      left.push_back(fmt::format("work of kind {}", static_cast<int>(kind)));
    }
  }
  const auto last = node.inspector.Run(node.inspector.intake().events().Read(0, 1));
  referral::CursorKey key{"intake"};
  const auto cursor = node.inspector.Run(node.inspector.referral().repository.Find(std::move(key)));
  if (!last.ok() || !cursor.ok()) {
    left.emplace_back("a log that cannot be read");
  } else {
    const uint64_t at = cursor->has_value() ? (*cursor)->row.number() : 0;
    if (at < last->last_number) left.emplace_back("an event of intake");
  }
  return fmt::format("{}", fmt::join(left, ", "));
}

void RestChecks::Check() {
  for (const auto& [id, known] : knowledge_.referrals) CheckReferral(known);
  for (const auto& [number, known] : knowledge_.cases) CheckCase(known);
  CheckDeeds();
}

void RestChecks::CheckReferral(const KnownReferral& known) {
  std::array<std::optional<LoadedReferral>, 2> sides;
  std::set<std::string> members;
  for (const Side side : {Side::kHome, Side::kDestination}) {
    Node& node = *nodes_.at(side == Side::kHome ? known.home : known.destination);
    const ReferralRef ref{side, *ReferralId::Parse(known.id, "id")};
    auto loaded = node.inspector.Run(referral::LoadReferral(node.inspector.referral(), ref));
    if (!loaded.ok() || !loaded->has_value()) {
      const bool given_up = side == Side::kDestination && knowledge_.expired.contains(known.id);
      const ReferralState at_home = sides[0] ? sides[0]->folded.state : ReferralState::kNone;
      if (given_up &&
          (at_home == ReferralState::kUndelivered || at_home == ReferralState::kRecalled)) {
        return;
      }
      return on_violation_(fmt::format("{} is not at {}, and at home it is {}", known.id,
                                       node.name(), sides[0] ? Show(*sides[0]) : "not either"));
    }
    if (CountRows<referral::HeldKey>(node, {.of = RowRange::Of::kHeld, .ref = ref}) > 0 ||
        CountRows<referral::PendingKey>(node, {.of = RowRange::Of::kPending, .ref = ref}) > 0) {
      on_violation_(fmt::format("something of {} waits for ever at {}", known.id, node.name()));
    }
    const auto& own = (*loaded)->own();
    for (const referral::Fact& fact : own) ++facts_of_[{node.name(), fact.actor.person.ToString()}];
    sides[side == Side::kHome ? 0 : 1] = **std::move(loaded);
  }
  CheckAgreement(known, *sides[0], *sides[1]);
  CheckConsents(known, *sides[0], MembersOf(*nodes_.at(known.home), *sides[0]));
}

void RestChecks::CheckAgreement(const KnownReferral& known, const LoadedReferral& home,
                                const LoadedReferral& destination) {
  if (home.folded.state != destination.folded.state ||
      referral::EtagOf(home.folded) != referral::EtagOf(destination.folded)) {
    on_violation_(fmt::format("{} is {} at home and {} at its destination", known.id, Show(home),
                              Show(destination)));
  }
  if (Shared(home.home) != Shared(destination.home) ||
      Shared(home.destination) != Shared(destination.destination)) {
    on_violation_(fmt::format("the nodes hold different facts of {}", known.id));
  }
  if (home.folded.waiting_facts + destination.folded.waiting_facts > 0) {
    on_violation_(fmt::format("facts of {} wait for ever", known.id));
  }
  for (const LoadedReferral* side : {&home, &destination}) {
    if (side->record.confirmed_facts() != side->own_facts()) {
      on_violation_(fmt::format("{} has {} facts of {} and knows the other has {}", known.id,
                                side->own_facts(), referral::SideName(side->ref.side),
                                side->record.confirmed_facts()));
    }
  }
  // What an ended referral discloses may have been narrowed or erased on one side alone.
  if (!referral::IsOpen(home.folded.state)) return;
  if (home.record.disclosure_number() != destination.record.disclosure_number() ||
      MembersOf(*nodes_.at(known.home), home) !=
          MembersOf(*nodes_.at(known.destination), destination)) {
    on_violation_(fmt::format("the nodes differ in who is disclosed in {}: {} and {}", known.id,
                              Show(home), Show(destination)));
  }
}

void RestChecks::CheckConsents(const KnownReferral& known, const LoadedReferral& home,
                               const std::set<std::string>& members) {
  if (!referral::IsOpen(home.folded.state)) return;
  const auto known_case = knowledge_.cases.find(known.case_number);
  if (known_case == knowledge_.cases.end()) return;
  for (const std::string& member : members) {
    const auto& words = known_case->second.consents[{member, known.receiver}];
    // Now: whoever took it back for certain, and said nothing since.
    if (!MayBeDisclosed(words, absl::InfiniteFuture(), absl::InfiniteFuture())) {
      on_violation_(fmt::format("{} is {} and discloses a member who took consent back", known.id,
                                referral::ReferralStateName(home.folded.state)));
    }
  }
  Node& node = *nodes_.at(known.home);
  const auto number = CaseNumber::Parse(known.case_number, "case_number");
  const auto view = node.inspector.Run(
      node.inspector.intake().queries().GetComplaint(Reader(node.name()), *number));
  if (view.ok() && view->head.state == CaseState::kWithdrawn) {
    std::string kinds;
    for (const referral::FoldStep& step : home.folded.steps) {
      kinds += fmt::format(" {}", referral::FactKindName(step.kind));
    }
    on_violation_(fmt::format("{} is {} and its case is withdrawn; its facts:{}", known.id,
                              referral::ReferralStateName(home.folded.state), kinds));
  }
}

void RestChecks::CheckCase(const KnownCase& known) {
  Node& node = *nodes_.at(known.home);
  const auto number = CaseNumber::Parse(known.number, "case_number");
  const auto view = node.inspector.Run(
      node.inspector.intake().queries().GetComplaint(Reader(node.name()), *number));
  if (!view.ok()) return on_violation_(fmt::format("{} is lost", known.number));
  // Intake counts as open what referral has not settled.
  std::set<std::string> open;
  std::set<std::string> counted(view->head.open_referral_ids.begin(),
                                view->head.open_referral_ids.end());
  for (const auto& [id, referral] : knowledge_.referrals) {
    if (referral.case_number != known.number) continue;
    const ReferralRef ref{Side::kHome, *ReferralId::Parse(id, "id")};
    const auto loaded = node.inspector.Run(referral::LoadReferral(node.inspector.referral(), ref));
    if (!loaded.ok() || !loaded->has_value()) continue;
    if (referral::IsOpen((*loaded)->folded.state)) open.insert(id);
  }
  if (counted != open) {
    on_violation_(fmt::format("{} has {} open referrals and intake counts {}", known.number,
                              open.size(), counted.size()));
  }
  const bool closed = view->head.state == CaseState::kClosedResolved ||
                      view->head.state == CaseState::kClosedUnresolved;
  if (closed && !open.empty()) {
    on_violation_(fmt::format("{} is closed with an open referral", known.number));
  }
  const LedgerCheck ledger = CheckLedger(node, *number);
  for (const std::string& problem : ledger.problems) on_violation_(problem);
  for (const std::string& id : ledger.entry_ids) ++entries_[{node.name(), id}];
}

void RestChecks::CheckDeeds() {
  static const std::set<std::string> kWithoutFact = {"RecordReferralMoney", "UpdateDisclosure"};
  static const std::set<std::string> kMoney = {"RecordReferralMoney", "RecordMoney"};
  for (const auto& [entry, count] : entries_) {
    if (count > 1) on_violation_(fmt::format("{} has a ledger entry {} times", entry.first, count));
  }
  for (const std::shared_ptr<Deed>& deed : knowledge_.deeds) {
    const bool of_referral = deed->about.find('/') != std::string::npos;
    const bool writes_fact =
        (of_referral && !kWithoutFact.contains(deed->verb)) || deed->verb == "ReferComplaint";
    const int most = deed->outcome == Outcome::kRefused ? 0 : writes_fact ? 1 : 0;
    const int least = deed->outcome == Outcome::kDone && writes_fact ? 1 : 0;
    const int count = facts_of_[{deed->node, deed->person}];
    if (count < least || count > most) {
      on_violation_(fmt::format("{} by {} on {} is {} and has left {} facts", deed->verb,
                                deed->person, deed->about,
                                deed->outcome == Outcome::kDone      ? "done"
                                : deed->outcome == Outcome::kRefused ? "refused"
                                                                     : "unknown",
                                count));
    }
    if (!kMoney.contains(deed->verb) || deed->outcome != Outcome::kDone) continue;
    const auto referral = knowledge_.referrals.find(deed->about);
    const std::string home =
        referral == knowledge_.referrals.end() ? deed->node : referral->second.home;
    for (const std::string& id : deed->entry_ids) {
      if (entries_[{home, id}] != 1) {
        on_violation_(fmt::format("{} by {} on {} is not in the ledger", deed->verb, deed->person,
                                  deed->about));
      }
    }
  }
}

}  // namespace redress::simulation
