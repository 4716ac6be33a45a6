#include "services/intake/app/similar_cases.h"

#include <algorithm>
#include <set>
#include <utility>

#include "services/intake/app/case_reader.h"
#include "services/intake/app/verb_call.h"
#include "services/intake/app/whole_reads.h"
#include "services/intake/domain/similar.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

constexpr size_t kRowsLookedAt = 1000;
constexpr size_t kCasesCompared = 100;
constexpr size_t kMembersCompared = 200;

// A stored case boiled down; of a group the first members.
async::Task<absl::StatusOr<SimilarityFacts>> FactsOfStored(const AppContext& context,
                                                           CaseNumber number) {
  absl::StatusOr<CaseKeyPtr> key = co_await context.cases.KeyOf(number);
  CO_RETURN_IF_ERROR(key.status());
  const absl::StatusOr<Complaint> complaint =
      co_await context.cases.ReadComplaint(number, *key, false, false);
  CO_RETURN_IF_ERROR(complaint.status());
  const absl::StatusOr<std::vector<MemberRow>> rows =
      co_await FirstMembers(context.cases, number, kMembersCompared);
  CO_RETURN_IF_ERROR(rows.status());
  std::vector<GroupMember> members;
  for (const MemberRow& row : *rows) {
    CO_ASSIGN_OR_RETURN(GroupMember member, context.cases.OpenMember(number, **key, row));
    members.push_back(std::move(member));
  }
  co_return SimilarityFactsOf(*complaint, members);
}

}  // namespace

async::Task<absl::StatusOr<SimilarFound>> SimilarCases::FindSimilarTo(Caller caller,
                                                                      CaseNumber case_number,
                                                                      size_t limit) {
  const absl::StatusOr<CaseReader> reader =
      co_await CaseReader::Open(context_, caller, "FindSimilar", case_number);
  CO_RETURN_IF_ERROR(reader.status());
  absl::StatusOr<SimilarityFacts> facts = co_await FactsOfStored(context_, case_number);
  CO_RETURN_IF_ERROR(facts.status());
  absl::StatusOr<SimilarFound> found =
      co_await Search(std::move(caller), *std::move(facts), case_number, limit);
  co_return found;
}

async::Task<absl::StatusOr<SimilarFound>> SimilarCases::FindSimilar(Caller caller,
                                                                    ComplaintFiling filing,
                                                                    size_t limit) {
  CO_RETURN_IF_ERROR(IntakeAccess().Check("FindSimilar", *caller));
  SimilarityFacts facts = SimilarityFactsOf(filing.complaint, filing.members);
  absl::StatusOr<SimilarFound> found =
      co_await Search(std::move(caller), std::move(facts), std::nullopt, limit);
  co_return found;
}

async::Task<absl::StatusOr<SimilarFound>> SimilarCases::Search(Caller caller, SimilarityFacts facts,
                                                               std::optional<CaseNumber> but,
                                                               size_t limit) {
  SimilarFound found;
  std::set<CaseNumber> candidates;
  size_t looked_at = 0;
  for (const std::string& text : CandidateKeys(facts)) {
    if (looked_at >= kRowsLookedAt) break;
    const uint64_t key = context_.cases.SimilarityKey(text);
    const size_t rest = kRowsLookedAt - looked_at;
    const absl::StatusOr<std::vector<CaseNumber>> hits =
        co_await context_.cases.FindSimilar(key, rest);
    CO_RETURN_IF_ERROR(hits.status());
    looked_at += hits->size();
    candidates.insert(hits->begin(), hits->end());
  }
  found.cut_short = looked_at >= kRowsLookedAt;
  if (but.has_value()) candidates.erase(*but);
  size_t compared = 0;
  // Latest first, since the same worker comes back within months.
  for (auto number = candidates.rbegin(); number != candidates.rend(); ++number) {
    const absl::StatusOr<std::optional<StoredCase>> stored =
        co_await context_.cases.FindCase(*number);
    CO_RETURN_IF_ERROR(stored.status());
    if (!stored->has_value() || !MaySeeCase(*caller, FactsOf((*stored)->head))) continue;
    if (++compared > kCasesCompared) {
      found.cut_short = true;
      break;
    }
    const absl::StatusOr<SimilarityFacts> other = co_await FactsOfStored(context_, *number);
    CO_RETURN_IF_ERROR(other.status());
    Similarity similarity = Compare(facts, *other);
    if (similarity.score == 0) continue;
    found.cases.push_back({*number, similarity.score, std::move(similarity.agreeing),
                           (*stored)->head.ConfirmedCategory(), (*stored)->head.destination,
                           similarity.same_worker});
  }
  std::stable_sort(found.cases.begin(), found.cases.end(),
                   [](const SimilarCase& a, const SimilarCase& b) { return a.score > b.score; });
  if (found.cases.size() > limit) found.cases.resize(limit);
  co_return found;
}

}  // namespace redress::intake
