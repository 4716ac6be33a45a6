// RecordReferralMoney: what a receiver knows of offers, awards and payments.
#include <algorithm>
#include <set>
#include <utility>

#include "fmt/format.h"
#include "services/platform/codes/case_codes.h"
#include "services/platform/codes/field_checks.h"
#include "services/platform/money/money.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/money_entries.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/receiver_verbs.h"
#include "services/referral/app/referral_money.h"
#include "services/referral/app/request_checks.h"
#include "services/referral/app/verb_runner.h"

namespace redress::referral {
namespace {

// When it happened; what is due may lie ahead.
void CheckDay(const std::string& field, const intake::v1::MoneyEntry& entry, const Date& today,
              FieldViolations& violations) {
  if (entry.kind() != "DUE") return CheckPastDay(field, entry.happened_on(), today, violations);
  const std::optional<Date> day = Date::Parse(entry.happened_on());
  if (!day || !day->whole()) {
    violations.AddValue(field, entry.happened_on(), "a date YYYY-MM-DD");
  }
}

// Every wrong field of the request. What home's intake would refuse is refused here, where
// somebody can still put it right.
void CheckEntries(const v1::RecordReferralMoneyRequest& request, const AppParts& parts,
                  FieldViolations& violations) {
  if (request.entries().empty() || request.entries_size() > 200) {
    violations.Add("entries", "has to have 1 to 200 entries");
  }
  const Date today = DateOf(parts.clock.Now());
  for (int i = 0; i < request.entries_size(); ++i) {
    const intake::v1::MoneyEntry& entry = request.entries(i);
    const std::string field = fmt::format("entries[{}]", i);
    if (!kDestinationMoneyKinds.Contains(entry.kind())) {
      violations.AddValue(field + ".kind", entry.kind(), kDestinationMoneyKinds.Accepted());
    }
    if (!MemberId::Parse(entry.member_id(), "member_id").ok()) {
      violations.Add(field + ".member_id", "is not the id of a member");
    }
    absl::StatusOr<MoneyAmount> amount =
        ParseMoney(entry.amount().currency_code(), entry.amount().amount(), parts.codes);
    if (!amount.ok()) {
      violations.Add(field + ".amount", std::string(amount.status().message()));
    } else if (amount->minor_units <= 0) {
      violations.Add(field + ".amount", "has to be above zero");
    }
    CheckDay(field + ".happened_on", entry, today, violations);
    if ((entry.kind() == "REVERSAL") != !entry.reverses_entry_id().empty()) {
      violations.Add(field + ".reverses_entry_id", "goes with REVERSAL and with nothing else");
    }
    CheckText(field + ".note", entry.note(), 1'000, violations);
    CheckText(field + ".from_whom", entry.from_whom(), 200, violations);
    CheckText(field + ".to_whom", entry.to_whom(), 200, violations);
    // One without `how` is none, which CheckInstructions answers where one is needed.
    const bool none = entry.kind() == "RECEIVED" && entry.instruction().how().empty();
    if (entry.has_instruction() && !none) {
      CheckInstruction(field + ".instruction", entry.instruction(), today, violations);
    }
  }
}

absl::Status CheckInstructions(const v1::RecordReferralMoneyRequest& request) {
  for (const intake::v1::MoneyEntry& entry : request.entries()) {
    if (entry.kind() == "RECEIVED" && entry.instruction().how().empty()) {
      return RefusePrecondition("INSTRUCTION_MISSING", "say how the worker confirmed the receipt",
                                {{"verb", "RecordReferralMoney"}});
    }
  }
  return absl::OkStatus();
}

// A reversal undoes an entry of this node, once.
Answer<bool> CheckReversals(const AppParts& parts, const std::vector<intake::v1::MoneyEntry>& asked,
                            ReferralRef ref) {
  const bool any = std::any_of(asked.begin(), asked.end(),
                               [](const auto& entry) { return entry.kind() == "REVERSAL"; });
  if (!any) co_return true;
  std::string node = parts.node.ToString();
  absl::StatusOr<ReversibleEntries> known =
      co_await FindReversibleEntries(parts, ref, std::move(node));
  CO_RETURN_IF_ERROR(known.status());
  FieldViolations violations;
  std::set<std::string> undone;
  for (size_t i = 0; i < asked.size(); ++i) {
    if (asked[i].kind() != "REVERSAL") continue;
    absl::StatusOr<intake::v1::PostedEntry> reversal = PostedFormOf(asked[i], parts.codes);
    CO_RETURN_IF_ERROR(reversal.status());
    const std::string field = fmt::format("entries[{}]", i);
    CheckReversal(*reversal, *known, field, violations);
    if (!undone.insert(reversal->reverses_entry_id()).second) {
      violations.Add(field + ".reverses_entry_id", "names what another entry reverses");
    }
  }
  CO_RETURN_IF_ERROR(violations.ToStatus());
  for (const std::string& id : undone) {
    const auto before = known->reversals.find(id);
    if (before == known->reversals.end()) continue;
    co_return RefusePrecondition("ENTRY_ALREADY_REVERSED", "the entry was reversed before",
                                 {{"entry_id", id}, {"reversed_by", before->second.entry_id}});
  }
  co_return true;
}

}  // namespace

Answer<v1::RecordReferralMoneyResponse> ReceiverVerbs::RecordReferralMoney(
    Caller caller, v1::RecordReferralMoneyRequest request) {
  VerbRequest verb = VerbRequestOf("RecordReferralMoney", caller, request, Side::kDestination);
  CheckEntries(request, parts_, verb.faults);
  absl::StatusOr<BegunVerb> begun = co_await BeginVerb(parts_, verb);
  CO_RETURN_IF_ERROR(begun.status());
  EntriesPlan plan;
  std::vector<intake::v1::MoneyEntry> entries;
  if (begun->loaded) {
    CO_RETURN_IF_ERROR(CheckInstructions(request));
    const ReferralRef ref = begun->loaded->ref;
    for (const intake::v1::MoneyEntry& asked : request.entries()) {
      MemberKey key{ref, begun->loaded->record.disclosure_number(),
                    MemberId::FromTrusted(asked.member_id())};
      auto member = co_await parts_.repository.Find(std::move(key));
      CO_RETURN_IF_ERROR(member.status());
      if (!member->has_value()) {
        co_return RefusePrecondition("MEMBER_NOT_DISCLOSED", "the member is not in this referral",
                                     {{"member_ids", asked.member_id()}});
      }
      intake::v1::MoneyEntry entry = asked;
      entry.set_entry_id(NewRandomId(parts_.random).ToString());
      entry.set_referral_id(request.referral_id());
      const Actor actor = ActorOf(*caller);
      entry.mutable_recorded_by()->set_node_id(actor.node.ToString());
      entry.mutable_recorded_by()->set_body_id(actor.body.ToString());
      entry.mutable_recorded_by()->set_role(actor.role);
      SetTimestamp(parts_.clock.Now(), entry.mutable_recorded_at());
      entries.push_back(std::move(entry));
    }
    absl::StatusOr<bool> reversals = co_await CheckReversals(parts_, entries, ref);
    CO_RETURN_IF_ERROR(reversals.status());
    std::vector<intake::v1::MoneyEntry> planned = entries;
    absl::StatusOr<EntriesPlan> made = co_await PlanEntries(parts_, ref, std::move(planned));
    CO_RETURN_IF_ERROR(made.status());
    plan = *std::move(made);
  }
  std::function<absl::Status(ReferralEdit&, v1::RecordReferralMoneyResponse&)> act =
      [plan = std::move(plan), entries = std::move(entries)](
          ReferralEdit& edit, v1::RecordReferralMoneyResponse& response) {
        const bool open = HasOpenBalance(edit.now());
        RETURN_IF_ERROR(
            Move(PositionOf(edit.folded(), Side::kDestination, open), Verb::kRecordMoney).status());
        RETURN_IF_ERROR(ApplyEntries(edit, plan, edit.parts().node.ToString(), false));
        OutgoingMessage message;
        exchange::v1::MoneyMessage* money = message.message.mutable_money();
        money->set_referral_id(edit.now().record.referral_id());
        for (const intake::v1::MoneyEntry& entry : entries) {
          *money->add_entries() = entry;
          response.add_entry_ids(entry.entry_id());
        }
        edit.Send(std::move(message));
        for (const intake::v1::CurrencyTotal& total : TotalsOf(edit.now())) {
          *response.add_balances() = ToBalance(total, edit.parts().codes);
          if (total.claimed_minor() > 0 && total.awarded_minor() > total.claimed_minor()) {
            common::v1::Warning* warning = response.mutable_change()->add_warnings();
            warning->set_code("AWARD_EXCEEDS_CLAIM");
            warning->set_description("more is awarded than was claimed");
          }
        }
        return absl::OkStatus();
      };
  co_return co_await RunVerb(parts_, std::move(verb), std::move(act));
}

}  // namespace redress::referral
