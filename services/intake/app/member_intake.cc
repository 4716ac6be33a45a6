#include "services/intake/app/member_intake.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "services/intake/app/case_tally.h"
#include "services/intake/domain/similar.h"
#include "services/platform/crypto/tracking_code.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

// With many members in one commit each is indexed by fewer keys, so that 200 of them stay within
// the store's 1,000 operations.
constexpr size_t kManyMembers = 20;
constexpr size_t kSimilarityKeysOfMany = 2;

LedgerEntry Claim(const VerbCall& call, const MemberId& member, MoneyAmount amount) {
  return {NewRandomId(call.context().random), member, MoneyKind::kClaimed, std::move(amount), {}};
}

crypto::TrackingCode TrackingCodeOf(const MemberRow& row, const AppContext& context) {
  return crypto::TrackingCode::Derive(context.tracking_key, row.member_id.ToString());
}

MemberDimensions WithCode(const MemberRow& row, const crypto::TrackingCode& code,
                          const AppContext& context, const Date& today) {
  MemberDimensions dimensions;
  dimensions.member_id = row.member_id;
  dimensions.tracking_digest = code.LookupDigest(context.tracking_key);
  dimensions.nationality = row.nationality;
  dimensions.sex = row.sex;
  dimensions.migration_status = row.migration_status;
  dimensions.migration_channel = row.migration_channel;
  for (const ConsentBit& bit : row.consents) {
    if (bit.purpose != kEmbassyPurpose || StatusOn(bit, today) != "GRANTED") continue;
    dimensions.embassy_consent = true;
    dimensions.embassy_expires_on = bit.expires_on;
  }
  return dimensions;
}

absl::Status TooMuch(size_t index) {
  return InvalidField(fmt::format("members[{}].claim_lines", index),
                      "the claims of the case add up to more than an amount can hold");
}

absl::Status TakeInOne(const VerbCall& call, const GroupMember& member, CaseChange& change,
                       size_t similarity_limit, MoneyBatch& claims, MemberRow& row) {
  CaseHead& head = change.after;
  CaseStore& cases = call.context().cases;
  row.member_id = NewRandomId(call.context().random);
  row.ordinal = ++head.member_count;
  DescribeMember(member, row);
  for (MoneyRow& claim : ClaimsOf(member, call)) {
    claim.entry.member_id = row.member_id;
    RETURN_IF_ERROR(PostToTotals(claim.entry, nullptr, row, head));
    claims.rows.push_back(std::move(claim));
  }
  CountIn(row, call.today(), head);
  head.member_facts.Add(member, call.today());
  NarrowFilingGroups(row, row.ordinal == 1, head);
  if (similarity_limit > 0) {
    row.similarity_keys = IndexSimilar(call, Complaint(), {member}, similarity_limit, change);
  }
  cases.SealMember(head.case_number, *change.key, member, row);
  cases.PutMember(change.changes, head.case_number, row);
  return absl::OkStatus();
}

}  // namespace

std::vector<MoneyRow> ClaimsOf(const GroupMember& member, const VerbCall& call) {
  std::vector<MoneyRow> rows;
  for (const ClaimLine& line : member.claim_lines) {
    if (!line.claimed.has_value()) continue;
    const absl::StatusOr<MoneyAmount> amount =
        ParseMoney(line.claimed->currency_code, line.claimed->amount, call.context().codes);
    if (!amount.ok() || amount->minor_units == 0) continue;  // Validated before.
    const auto same = std::find_if(rows.begin(), rows.end(), [&amount](const MoneyRow& row) {
      return row.entry.amount.currency == amount->currency;
    });
    if (same != rows.end()) {
      const absl::StatusOr<MoneyAmount> sum = Add(same->entry.amount, *amount);
      if (sum.ok()) {
        same->entry.amount = *sum;
        continue;
      }
      // Beyond one entry's range: posting the next one will say so.
    }
    MoneyRow row;
    row.entry = Claim(call, member.member_id, *amount);
    row.happened_on = call.today().ToString();
    row.recorded_by = call.actor();
    row.recorded_at = call.now();
    row.posted_at = call.now();
    row.from_claim_lines = true;
    rows.push_back(std::move(row));
  }
  return rows;
}

MemberDimensions DimensionsOf(const MemberRow& row, const AppContext& context, const Date& today) {
  return WithCode(row, TrackingCodeOf(row, context), context, today);
}

std::vector<uint64_t> IndexSimilar(const VerbCall& call, const Complaint& complaint,
                                   const std::vector<GroupMember>& members, size_t limit,
                                   CaseChange& change) {
  std::vector<uint64_t> keys;
  CaseStore& cases = call.context().cases;
  for (const std::string& candidate : CandidateKeys(SimilarityFactsOf(complaint, members))) {
    if (keys.size() == limit) break;
    const uint64_t key = cases.SimilarityKey(candidate);
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    keys.push_back(key);
    cases.PutSimilarity(change.changes, change.after.case_number, key);
  }
  return keys;
}

absl::StatusOr<std::vector<MemberDimensions>> TakeInMembers(const VerbCall& call,
                                                            const std::vector<GroupMember>& members,
                                                            bool group, CaseChange& change) {
  CaseHead& head = change.after;
  CaseStore& cases = call.context().cases;
  const uint32_t first_ordinal = head.member_count + 1;
  size_t similarity_limit = 0;
  if (group) {
    similarity_limit =
        members.size() > kManyMembers ? kSimilarityKeysOfMany : kMaxMemberSimilarityKeys;
  }
  MoneyBatch claims;
  claims.first_number = head.money_count + 1;
  std::vector<MemberDimensions> dimensions;
  dimensions.reserve(members.size());
  for (size_t i = 0; i < members.size(); ++i) {
    MemberRow row;
    if (!TakeInOne(call, members[i], change, similarity_limit, claims, row).ok()) {
      return TooMuch(i);
    }
    change.answer.member_ids.push_back(row.member_id);
    change.answer.own_references.push_back(members[i].own_reference);
    const crypto::TrackingCode code = TrackingCodeOf(row, call.context());
    change.answer.tracking_codes.push_back(code.ToString());
    dimensions.push_back(WithCode(row, code, call.context(), call.today()));
  }
  cases.PutMemberIds(change.changes, head.case_number, first_ordinal, change.answer.member_ids);
  if (!claims.rows.empty()) {
    head.money_count += claims.rows.size();
    cases.PutMoney(change.changes, head.case_number, *change.key, claims, /*indexed=*/false);
  }
  change.answer.member_count = head.member_count;
  return dimensions;
}

}  // namespace redress::intake
