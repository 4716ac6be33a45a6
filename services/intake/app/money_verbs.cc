#include "services/intake/app/money_verbs.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "fmt/format.h"
#include "services/intake/app/ledger_posting.h"
#include "services/intake/app/member_loading.h"
#include "services/intake/app/verb_call.h"
#include "services/intake/domain/case_decisions.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

constexpr size_t kMaxEntriesPerCall = 200;
constexpr size_t kBatchesPerPage = 50;

bool IsService(const VerbCall& call) { return call.caller().HasRole(auth::Role::kService); }

absl::StatusOr<std::vector<LedgerEntry>> CheckEntries(const VerbCall& call,
                                                      const std::vector<NewMoneyEntry>& entries) {
  FieldViolations violations;
  if (entries.empty() || entries.size() > kMaxEntriesPerCall) {
    violations.Add("entries", fmt::format("{} entries; accepted are 1 to {}", entries.size(),
                                          kMaxEntriesPerCall));
    return violations.ToStatus();
  }
  std::vector<LedgerEntry> checked;
  const FieldPath root("entries");
  for (size_t i = 0; i < entries.size(); ++i) {
    const FieldPath path = root.Item(i);
    std::optional<LedgerEntry> entry =
        ValidateMoneyEntry(entries[i].entry, path, call.validation(), violations);
    if (!IsService(call) && !entries[i].entry.entry_id.empty()) {
      violations.Add(path.Field("entry_id").ToString(), "must be empty; the node gives one");
    }
    if (entry.has_value()) checked.push_back(*std::move(entry));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return checked;
}

// What may be recorded: never a write-off, which needs a second person, whoever asks. By a person
// not in every state, and a receipt only on the worker's word; what a destination recorded has
// happened, whatever the case's state.
absl::Status CheckMayRecord(const VerbCall& call, const CaseHead& head,
                            const std::vector<NewMoneyEntry>& written,
                            const std::vector<LedgerEntry>& entries) {
  for (const LedgerEntry& entry : entries) RETURN_IF_ERROR(CheckPersonMayRecord(entry.kind));
  if (IsService(call)) return absl::OkStatus();
  RETURN_IF_ERROR(
      NextState(head.state, CaseVerb::kRecordMoney, head.case_number.ToString()).status());
  for (size_t i = 0; i < entries.size(); ++i) {
    const bool receipt = entries[i].kind == MoneyKind::kReceived;
    if (call.acts_for_self() && !receipt) {
      return Refuse(absl::StatusCode::kPermissionDenied, "ROLE_NOT_ALLOWED",
                    "a worker records only what was received",
                    {{"verb", "RecordMoney"}, {"accepted_roles", "desk,province,ministry"}});
    }
    if (receipt) {
      RETURN_IF_ERROR(
          CheckInstructed(call.acts_for_self(), written[i].entry.instruction, "RecordMoney"));
    }
  }
  return absl::OkStatus();
}

MoneyRow RowOf(const VerbCall& call, const NewMoneyEntry& written, LedgerEntry entry) {
  MoneyRow row;
  if (entry.entry_id.empty()) entry.entry_id = NewRandomId(call.context().random);
  row.entry = std::move(entry);
  row.happened_on = written.entry.happened_on;
  row.referral_id = written.entry.referral_id;
  row.recorded_by = call.actor();
  row.recorded_at = call.now();
  if (IsService(call) && !written.recorded_by_node.empty()) {
    row.recorded_by = {
        written.recorded_by_node, written.recorded_by_body, written.recorded_by_role, {}};
    row.recorded_at = written.recorded_at.value_or(call.now());
  }
  row.posted_at = call.now();
  row.from_whom = written.entry.from_whom;
  row.to_whom = written.entry.to_whom;
  row.note = written.entry.note;
  row.instruction = written.entry.instruction;
  return row;
}

async::Task<absl::Status> LoadMembersOf(const VerbCall& call, const CaseHead& head,
                                        std::vector<LedgerEntry> entries, LedgerPosting& posting) {
  std::vector<std::string> ids;
  for (const LedgerEntry& entry : entries) {
    const std::string& id = entry.member_id.ToString();
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  }
  absl::StatusOr<std::vector<MemberRow>> rows = co_await LoadMembers(call, head, std::move(ids));
  CO_RETURN_IF_ERROR(rows.status());
  for (MemberRow& row : *rows) posting.AddMember(std::move(row));
  co_return absl::OkStatus();
}

// Posts one entry; an id that is there already is left alone when it says the same.
async::Task<absl::Status> PostOne(const VerbCall& call, const CaseChange& change, MoneyRow row,
                                  bool id_given, LedgerPosting& posting) {
  CaseStore& cases = call.context().cases;
  const CaseNumber number = change.after.case_number;
  if (id_given) {
    if (posting.HasPosted(row.entry.entry_id)) co_return absl::OkStatus();
    absl::StatusOr<std::optional<FoundEntry>> known =
        co_await cases.FindIndexedEntry(number, change.key, row.entry.entry_id);
    CO_RETURN_IF_ERROR(known.status());
    if (known->has_value()) co_return CheckRepeated((*known)->row().entry, row.entry);
  }
  if (row.entry.reverses_entry_id.empty()) co_return posting.Post(std::move(row), nullptr);
  absl::StatusOr<std::optional<FoundEntry>> undone =
      co_await cases.FindEntry(number, change.key, row.entry.reverses_entry_id);
  CO_RETURN_IF_ERROR(undone.status());
  if (!undone->has_value()) co_return NotFound("ledger entry");
  co_return posting.Post(std::move(row), &**undone);
}

std::optional<uint64_t> ParseNumber(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// What the page is cut to: one member, or everybody.
struct LedgerReader {
  std::optional<MemberId> only;
  size_t size = 0;

  // Adds entries from `from` on until the page is full; the number of the first not looked at.
  uint64_t Take(std::vector<MoneyBatch>& batches, uint64_t from, MoneyPage& page) const {
    uint64_t next = from;
    for (MoneyBatch& batch : batches) {
      for (size_t i = 0; i < batch.rows.size(); ++i) {
        const uint64_t number = batch.first_number + i;
        if (number < from) continue;
        if (page.entries.size() == size) return next;
        next = number + 1;
        if (only.has_value() && batch.rows[i].entry.member_id != *only) continue;
        page.entries.push_back(std::move(batch.rows[i]));
      }
    }
    return next;
  }
};

}  // namespace

async::Task<absl::StatusOr<VerbAnswer>> MoneyVerbs::RecordMoney(Caller caller, RequestMark mark,
                                                                RecordMoneyCommand command) {
  for (int tries = 1;; ++tries) {
    absl::StatusOr<VerbAnswer> answer = co_await TryRecordMoney(caller, mark, command);
    // Without an etag any version will do, so a change that came in between is no obstacle.
    const bool overtaken = answer.status().code() == absl::StatusCode::kAborted;
    if (!overtaken || command.target.version.has_value() || tries == kTriesWithoutEtag) {
      co_return answer;
    }
  }
}

async::Task<absl::StatusOr<VerbAnswer>> MoneyVerbs::TryRecordMoney(
    Caller caller, RequestMark mark, const RecordMoneyCommand& command) {
  VerbCall call(context_, "RecordMoney", std::move(caller), std::move(mark));
  absl::StatusOr<std::optional<VerbAnswer>> answered = co_await call.FindAnswer();
  CO_RETURN_IF_ERROR(answered.status());
  if (answered->has_value()) co_return **std::move(answered);
  absl::StatusOr<std::vector<LedgerEntry>> entries = CheckEntries(call, command.entries);
  CO_RETURN_IF_ERROR(entries.status());
  absl::StatusOr<StoredCase> stored = co_await call.LoadCase(command.target);
  CO_RETURN_IF_ERROR(stored.status());
  const CaseNumber number = stored->head.case_number;
  absl::StatusOr<CaseChange> change = co_await call.Change(*std::move(stored));
  CO_RETURN_IF_ERROR(change.status());
  LedgerPosting posting(call, *change);
  const absl::Status loaded = co_await LoadMembersOf(call, change->after, *entries, posting);
  CO_RETURN_IF_ERROR(loaded);
  absl::Status allowed = CheckMayRecord(call, change->after, command.entries, *entries);
  if (!allowed.ok()) co_return co_await call.Refused(number, std::move(allowed));

  for (size_t i = 0; i < entries->size(); ++i) {
    const bool id_given = !(*entries)[i].entry_id.empty();
    MoneyRow row = RowOf(call, command.entries[i], std::move((*entries)[i]));
    change->answer.entry_ids.push_back(row.entry.entry_id);
    absl::Status posted = co_await PostOne(call, *change, std::move(row), id_given, posting);
    if (!posted.ok()) co_return co_await call.Refused(number, std::move(posted));
  }
  posting.Write();
  change->answer.warnings = posting.Warnings();
  change->answer.totals = change->after.totals;
  std::vector<PostedEntry> posted = posting.posted();
  if (!posted.empty()) {
    change->events.push_back(MoneyRecorded{std::move(posted), change->after.totals});
  }
  co_return co_await call.Commit(*std::move(change));
}

async::Task<absl::StatusOr<MoneyPage>> MoneyVerbs::ListMoney(Caller caller, CaseNumber case_number,
                                                             MemberId member_id, PageRequest page) {
  VerbCall call(context_, "ListMoney", caller, std::nullopt);
  CO_RETURN_IF_ERROR(IntakeAccess().Check("ListMoney", *caller));
  const std::string binding = crypto::PageTokens::Binding(
      {"ListMoney", caller->CallerKey(), case_number.ToString(), member_id.ToString()});
  CO_ASSIGN_OR_RETURN(const std::string cursor, context_.page_tokens.Open(page.token, binding));
  CaseTarget target{case_number, std::nullopt};
  const absl::StatusOr<StoredCase> stored = co_await call.LoadCase(std::move(target));
  CO_RETURN_IF_ERROR(stored.status());
  if (member_id.empty() && !CheckOwnMember(*caller, "").ok()) {
    member_id = MemberId::FromTrusted(caller->member_id);
  }
  LedgerReader reader{std::nullopt, page.size};
  MoneyPage found;
  found.totals = stored->head.totals;
  if (!member_id.empty()) {
    reader.only = member_id;
    std::vector<std::string> ids = {member_id.ToString()};
    const absl::StatusOr<std::vector<MemberRow>> rows =
        co_await LoadMembers(call, stored->head, std::move(ids));
    CO_RETURN_IF_ERROR(rows.status());
    found.totals = rows->front().totals;
  }
  const absl::StatusOr<CaseKeyPtr> key = co_await context_.cases.KeyOf(case_number);
  CO_RETURN_IF_ERROR(key.status());
  const uint64_t from = ParseNumber(cursor).value_or(1);
  absl::StatusOr<RowPage<MoneyBatch>> batches =
      co_await context_.cases.ReadMoney(case_number, *key, from, kBatchesPerPage);
  CO_RETURN_IF_ERROR(batches.status());
  const uint64_t next = reader.Take(batches->rows, from, found);
  if (next == from && next <= stored->head.money_count) {
    co_return absl::DataLossError("a ledger ends before the last entry that its case counts");
  }
  if (next <= stored->head.money_count) {
    found.next_page_token = context_.page_tokens.Seal(std::to_string(next), binding);
  }
  const absl::Status balances = co_await AddBalances(stored->head, found);
  CO_RETURN_IF_ERROR(balances);
  co_return found;
}

async::Task<absl::Status> MoneyVerbs::AddBalances(const CaseHead& head, MoneyPage& page) {
  std::vector<MemberId> ids;
  for (MoneyRow& row : page.entries) {
    row.recorded_by.subject.clear();
    const MemberId& id = row.entry.member_id;
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  }
  const absl::StatusOr<std::vector<std::optional<MemberRow>>> rows =
      co_await context_.cases.FindMembers(head.case_number, head.member_count, std::move(ids));
  CO_RETURN_IF_ERROR(rows.status());
  for (const std::optional<MemberRow>& row : *rows) {
    if (row.has_value()) page.member_balances.push_back({row->member_id, row->totals});
  }
  co_return absl::OkStatus();
}

}  // namespace redress::intake
