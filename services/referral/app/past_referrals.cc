#include "services/referral/app/past_referrals.h"

#include <set>
#include <utility>

#include "services/platform/crypto/name_digest.h"
#include "services/platform/status/status_macros.h"

namespace redress::referral {
namespace {

void TakeMembers(const intake::v1::MembersSummary& members, CaseFacts& facts) {
  facts.members = members.total() - members.withdrawn();
  for (const intake::v1::CodeCount& one : members.by_nationality()) {
    facts.nationalities.push_back(one.code());
  }
  for (const intake::v1::CodeCount& one : members.by_language()) {
    facts.languages.push_back(one.code());
  }
  facts.union_member = facts.members > 0 && members.union_members() == facts.members;
  for (const intake::v1::ReceiverConsents& one : members.consented_receivers()) {
    facts.consented_receivers.emplace(BodyId::FromTrusted(one.receiver_body_id()),
                                      one.member_count());
  }
}

}  // namespace

CaseFacts FactsOf(const intake::v1::Case& complaint_case) {
  const intake::v1::Complaint& complaint = complaint_case.complaint();
  CaseFacts facts;
  facts.destination = complaint.corridor().destination();
  const intake::v1::Screening& screening = complaint_case.screening();
  facts.category = screening.primary_category().code().empty()
                       ? complaint.primary_category().code()
                       : screening.primary_category().code();
  const auto& others = screening.primary_category().code().empty()
                           ? complaint.secondary_categories()
                           : screening.secondary_categories();
  for (const intake::v1::Category& category : others) {
    facts.other_categories.push_back(category.code());
  }
  facts.sector = complaint.sector();
  facts.urgency = screening.urgency().empty() ? complaint_case.urgency_suggestion().urgency()
                                              : screening.urgency();
  TakeMembers(complaint_case.members(), facts);
  for (const std::string& body : complaint_case.respondent_body_ids()) {
    facts.respondent_bodies.push_back(BodyId::FromTrusted(body));
  }
  return facts;
}

void AddRespondent(const intake::v1::Case& complaint_case, const Body& body, CaseFacts& facts) {
  for (const LocalName& name : body.names) {
    const std::string digest = crypto::NameDigest(complaint_case.case_number(), name.name);
    for (const std::string& respondent : complaint_case.respondent_name_digests()) {
      if (digest.empty() || digest != respondent) continue;
      facts.respondent_bodies.push_back(body.body_id);
      return;
    }
  }
}

std::string StateNameOf(const intake::v1::Case& complaint_case) {
  constexpr std::string_view kPrefix = "CASE_STATE_";
  std::string name = intake::v1::CaseState_Name(complaint_case.state());
  return name.rfind(kPrefix, 0) == 0 ? name.substr(kPrefix.size()) : name;
}

Answer<std::vector<PastReferral>> ReferralsOfCase(const AppParts& parts, std::string case_number) {
  RowRange range{.of = RowRange::Of::kIndex,
                 .scope = IndexScope::kCase,
                 .order = IndexOrder::kUpdated,
                 .text = std::move(case_number)};
  auto lines = co_await parts.repository.ScanAll<IndexKey>(std::move(range));
  CO_RETURN_IF_ERROR(lines.status());
  std::vector<PastReferral> past;
  for (const Found<IndexKey>& line : *lines) {
    if (line.key.ref.side != Side::kHome) continue;
    past.push_back({line.key.ref.id, BodyId::FromTrusted(line.row.receiver_body_id()),
                    static_cast<ReferralState>(line.row.state())});
  }
  co_return past;
}

Answer<ResponseRecord> ResponsesOf(const AppParts& parts, BodyId body) {
  ResponsesKey key{std::move(body)};
  auto found = co_await parts.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(found.status());
  co_return found->has_value() ? (*found)->row.record : ResponseRecord();
}

}  // namespace redress::referral
