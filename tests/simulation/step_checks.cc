#include "tests/simulation/step_checks.h"

#include <algorithm>
#include <variant>

#include "fmt/format.h"
#include "services/intake/storage/keys.h"
#include "services/platform/kv/key_codec.h"
#include "services/referral/app/verb_runner.h"
#include "tests/simulation/ledger_check.h"
#include "tests/simulation/life_cycle_table.h"

namespace redress::simulation {
namespace {

using referral::ReferralRef;
using referral::Side;

std::string NameOf(const ReferralRef& ref) {
  return fmt::format("{} ({})", ref.id.ToString(), referral::SideName(ref.side));
}

}  // namespace

bool MayBeDisclosed(const std::vector<ConsentWord>& words, absl::Time from, absl::Time to) {
  // A word in force at some moment of the stretch: a granted one that may have been spoken before
  // its end and that no later one had surely taken back before its beginning.
  for (size_t i = 0; i < words.size(); ++i) {
    const Deed& given = *words[i].deed;
    if (!words[i].granted || given.outcome == Outcome::kRefused || given.began > to) continue;
    const bool taken_back = std::any_of(words.begin(), words.end(), [&](const ConsentWord& other) {
      const Deed& deed = *other.deed;
      return !other.granted && deed.outcome == Outcome::kDone && deed.ended < from &&
             deed.began > given.ended;
    });
    if (!taken_back) return true;
  }
  return false;
}

void StepChecks::OnReferral(const std::string& node, const referral::ReferralKey& key,
                            const std::string& bytes) {
  changed_.insert_or_assign(Place{node, NameOf(key.ref)}, key.ref);
  const std::string id = key.ref.id.ToString();
  if (knowledge_.referrals.contains(id)) return;
  referral::rows::ReferralRecord record;
  record.ParseFromString(bytes);
  knowledge_.referrals[id] = {id, record.case_number(), record.home_node(),
                              record.destination_node(), record.receiver_body_id()};
}

void StepChecks::OnFact(const std::string& node, const referral::FactKey& key) {
  ++facts_written_;
  changed_.insert_or_assign(Place{node, NameOf(key.ref)}, key.ref);
  uint32_t& last = last_fact_[{node, NameOf(key.ref), key.side}];
  if (key.number != last + 1) {
    on_violation_(fmt::format("{} wrote fact {} of {} of {} after {}", node, key.number,
                              referral::SideName(key.side), NameOf(key.ref), last));
  }
  last = key.number;
}

void StepChecks::OnIntakeCommit(const std::string& node, const kv::Change& change) {
  for (const kv::Mutation& mutation : change.mutations) {
    kv::KeyReader key(mutation.key);
    if (!key.ExpectTable(intake::keys::kMoneyTable).ok()) continue;
    const absl::StatusOr<std::string> text = key.String();
    const auto number = CaseNumber::Parse(text.ok() ? *text : "", "case_number");
    if (number.ok()) {
      changed_ledgers_.emplace(node, *number);
    } else {
      on_violation_(fmt::format("{} wrote money of no case", node));
    }
  }
}

void StepChecks::OnReferralCommit(const std::string& node, const kv::Change& change) {
  for (const kv::Mutation& mutation : change.mutations) {
    const auto key = keys_.Decode(mutation.key);
    if (!key.ok()) continue;  // Of the platform's tables.
    const bool put = mutation.value.has_value();
    if (const auto* referral = std::get_if<referral::ReferralKey>(&*key); referral && put) {
      OnReferral(node, *referral, *mutation.value);
    } else if (const auto* fact = std::get_if<referral::FactKey>(&*key)) {
      if (put) OnFact(node, *fact);
      if (!put) on_violation_(fmt::format("{} removed a fact of {}", node, NameOf(fact->ref)));
    } else if (const auto* inbox = std::get_if<referral::InboxKey>(&*key); inbox && put) {
      if (!taken_.emplace(node, inbox->message_id).second) {
        on_violation_(fmt::format("a message took effect twice at {}", node));
      }
    } else if (const auto* failed = std::get_if<referral::FailedEnvelopeKey>(&*key)) {
      if (!put) continue;
      referral::rows::FailedEnvelopeRecord row;
      row.ParseFromString(*mutation.value);
      // Days passed while it was on its way: home gives it up. What follows finds nothing there.
      if (row.reason() == "EXPIRED") knowledge_.expired.insert(row.referral_id());
      if (knowledge_.expired.contains(row.referral_id())) continue;
      on_violation_(fmt::format("{} refused a message of {} on {}: {}", failed->peer.ToString(),
                                node, row.referral_id(), row.reason()));
    }
  }
}

void StepChecks::Check() {
  const std::map<Place, ReferralRef> changed = std::exchange(changed_, {});
  for (const auto& [place, ref] : changed) CheckReferral(place.first, ref);
  for (const auto& [node, number] : std::exchange(changed_ledgers_, {})) {
    for (const std::string& problem : CheckLedger(*nodes_.at(node), number).problems) {
      on_violation_(problem);
    }
  }
}

void StepChecks::CheckReferral(const std::string& name, const ReferralRef& ref) {
  Node& node = *nodes_.at(name);
  const auto loaded = node.inspector.Run(referral::LoadReferral(node.inspector.referral(), ref));
  if (!loaded.ok() || !loaded->has_value()) {
    return on_violation_(
        fmt::format("{} cannot be read at {}: {}", NameOf(ref), name, loaded.status().ToString()));
  }
  const referral::FoldedReferral& folded = (*loaded)->folded;
  for (const referral::FoldStep& step : folded.steps) {
    if (step.loss == referral::Loss::kOutOfRules) {
      on_violation_(fmt::format("{} at {}: {} is against the rules in {}", NameOf(ref), name,
                                referral::FactKindName(step.kind),
                                referral::ReferralStateName(step.before)));
    }
    if (!step.lost() && !InLifeCycle(step.before, step.kind, step.after)) {
      on_violation_(fmt::format(
          "{} at {}: {} led from {} to {}", NameOf(ref), name, referral::FactKindName(step.kind),
          referral::ReferralStateName(step.before), referral::ReferralStateName(step.after)));
    }
  }
  if (static_cast<int>((*loaded)->record.state()) != static_cast<int>(folded.state)) {
    on_violation_(fmt::format("{} is stored at {} as {} and is {}", NameOf(ref), name,
                              static_cast<int>((*loaded)->record.state()),
                              referral::ReferralStateName(folded.state)));
  }
  int& strength = strength_[{name, NameOf(ref)}];
  const int now = referral::OutcomeStrength(folded.state);
  if (now < strength) {
    on_violation_(fmt::format("{} at {} fell back to {}", NameOf(ref), name,
                              referral::ReferralStateName(folded.state)));
  }
  strength = now;
  if (ref.side == Side::kHome) CheckConsent(node, **loaded);
}

void StepChecks::CheckConsent(Node& node, const referral::LoadedReferral& loaded) {
  uint32_t& last = disclosure_[{node.name(), NameOf(loaded.ref)}];
  const uint32_t number = loaded.record.disclosure_number();
  if (number == last) return;
  last = number;
  const auto members =
      node.inspector.Run(referral::DisclosedMembers(node.inspector.referral(), loaded.ref, number));
  if (!members.ok()) return on_violation_("disclosed members cannot be read");
  const auto known = knowledge_.cases.find(loaded.record.case_number());
  if (known == knowledge_.cases.end()) return;
  // It was let out some time before it was committed; how long, a crash in between decides.
  const absl::Time from = scheduler_.now() - absl::Minutes(2);
  for (const MemberId& member : *members) {
    const auto& words =
        known->second.consents[{member.ToString(), loaded.record.receiver_body_id()}];
    if (!MayBeDisclosed(words, from, scheduler_.now())) {
      on_violation_(fmt::format("{} discloses a member to {} without consent", NameOf(loaded.ref),
                                loaded.record.receiver_body_id()));
    }
  }
}

}  // namespace redress::simulation
