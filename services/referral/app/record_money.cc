// RecordReferralMoney: what a receiver knows of offers, awards and payments.
#include <set>
#include <utility>

#include "fmt/format.h"
#include "services/platform/codes/code_list.h"
#include "services/platform/codes/utf8.h"
#include "services/platform/money/money.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/money_entries.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/receiver_verbs.h"
#include "services/referral/app/referral_money.h"
#include "services/referral/app/verb_runner.h"

namespace redress::referral {
namespace {

constexpr std::string_view kKindCodes[] = {
    "OFFERED",      "AWARDED",  "DUE",     "PAID", "PAID_TO_INTERMEDIARY",
    "DEPOSIT_USED", "RECEIVED", "REVERSAL"};
constexpr CodeList kKinds(kKindCodes);

// Every wrong field of the request at once.
absl::Status CheckEntries(const v1::RecordReferralMoneyRequest& request, const AppParts& parts) {
  FieldViolations violations;
  if (request.entries().empty() || request.entries_size() > 200) {
    violations.Add("entries", "has to have 1 to 200 entries");
  }
  const Date tomorrow = AddDays(DateOf(parts.clock.Now()), 1);
  for (int i = 0; i < request.entries_size(); ++i) {
    const intake::v1::MoneyEntry& entry = request.entries(i);
    const std::string field = fmt::format("entries[{}]", i);
    if (!kKinds.Contains(entry.kind())) {
      violations.AddValue(field + ".kind", entry.kind(), kKinds.Accepted());
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
    const std::optional<Date> day = Date::Parse(entry.happened_on());
    if (!day || !day->whole() || (entry.kind() != "DUE" && *day > tomorrow)) {
      violations.AddValue(field + ".happened_on", entry.happened_on(),
                          "a date YYYY-MM-DD that is not in the future");
    }
    if ((entry.kind() == "REVERSAL") != !entry.reverses_entry_id().empty()) {
      violations.Add(field + ".reverses_entry_id", "goes with REVERSAL and with nothing else");
    }
    if (entry.note().size() > 1'000 || entry.from_whom().size() > 200 ||
        entry.to_whom().size() > 200) {
      violations.Add(field, "has a text that is too long");
    }
    if (!IsValidUtf8(entry.note()) || !IsValidUtf8(entry.from_whom()) ||
        !IsValidUtf8(entry.to_whom())) {
      violations.Add(field, "has a text that is not valid UTF-8");
    }
  }
  return violations.ToStatus();
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
Answer<bool> CheckReversals(const AppParts& parts, const v1::RecordReferralMoneyRequest& request,
                            ReferralRef ref) {
  std::set<std::string> wanted;
  for (const intake::v1::MoneyEntry& entry : request.entries()) {
    if (!entry.reverses_entry_id().empty()) wanted.insert(entry.reverses_entry_id());
  }
  if (wanted.empty()) co_return true;
  RowRange range{.of = RowRange::Of::kMoney, .ref = ref};
  auto entries = co_await parts.repository.ScanAll<MoneyKey>(std::move(range));
  CO_RETURN_IF_ERROR(entries.status());
  std::set<std::string> known;
  for (const Found<MoneyKey>& one : *entries) {
    if (wanted.contains(one.row.entry().reverses_entry_id())) {
      co_return RefusePrecondition("ENTRY_ALREADY_REVERSED", "the entry was reversed before",
                                   {{"entry_id", one.row.entry().reverses_entry_id()},
                                    {"reversed_by", one.row.entry().entry_id()}});
    }
    if (one.row.recorded_by_node() == parts.node.ToString()) {
      known.insert(one.row.entry().entry_id());
    }
  }
  for (const std::string& id : wanted) {
    if (!known.contains(id)) {
      co_return InvalidField("entries.reverses_entry_id", "names no entry of this node");
    }
  }
  co_return true;
}

}  // namespace

Answer<v1::RecordReferralMoneyResponse> ReceiverVerbs::RecordReferralMoney(
    Caller caller, v1::RecordReferralMoneyRequest request) {
  VerbRequest verb = VerbRequestOf("RecordReferralMoney", caller, request, Side::kDestination);
  CO_RETURN_IF_ERROR(CheckEntries(request, parts_));
  absl::StatusOr<BegunVerb> begun = co_await BeginVerb(parts_, verb);
  CO_RETURN_IF_ERROR(begun.status());
  EntriesPlan plan;
  std::vector<intake::v1::MoneyEntry> entries;
  if (begun->loaded) {
    CO_RETURN_IF_ERROR(CheckInstructions(request));
    const ReferralRef ref = begun->loaded->ref;
    absl::StatusOr<bool> reversals = co_await CheckReversals(parts_, request, ref);
    CO_RETURN_IF_ERROR(reversals.status());
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
