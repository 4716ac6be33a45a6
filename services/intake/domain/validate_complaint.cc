#include "services/intake/domain/validate_complaint.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "services/intake/domain/code_lists.h"
#include "services/intake/domain/validate_parts.h"
#include "services/platform/ids/case_number.h"

namespace redress::intake {
namespace {

using DateKind = FieldChecker::DateKind;
using Future = FieldChecker::Future;

constexpr size_t kNarrativeBytes = 64 * 1024;
constexpr uint32_t kMostAffectedPeople = 1'000'000;

void CheckCorridor(FieldChecker& check, const FieldPath& path, const Corridor& corridor) {
  check.RequiredCountry(path.Field("origin"), corridor.origin);
  const FieldPath transit = path.Field("transit");
  check.AtMost(transit, corridor.transit.size(), 10);
  for (size_t i = 0; i < corridor.transit.size(); ++i) {
    check.RequiredCountry(transit.Item(i), corridor.transit[i]);
  }
  check.RequiredCountry(path.Field("destination"), corridor.destination);
}

void CheckNarratives(FieldChecker& check, const FieldPath& path, const Complaint& complaint) {
  check.Text(path.Field("narrative"), complaint.narrative, kNarrativeBytes);
  check.Text(path.Field("sensitive_narrative"), complaint.sensitive_narrative, kNarrativeBytes);
  const FieldPath language = path.Field("narrative_language");
  if (complaint.narrative.empty() && complaint.sensitive_narrative.empty()) {
    check.Language(language, complaint.narrative_language);
  } else {
    check.RequiredLanguage(language, complaint.narrative_language);
  }
}

// Where the case is kept and counted at home.
void CheckHandling(FieldChecker& check, const FieldPath& path, const Complaint& complaint) {
  check.Optional(path.Field("heard_of_us"), complaint.heard_of_us, kHeardOfUs);
  check.Text(path.Field("own_reference"), complaint.own_reference, 100);
  if (!complaint.earlier_case_number.empty()) {
    const auto number = CaseNumber::Parse(complaint.earlier_case_number, "");
    if (!number.ok()) {
      check.WrongValue(path.Field("earlier_case_number"), complaint.earlier_case_number,
                       "a case number such as KH-26-0000417-X with its check character");
    }
  }
  check.DateField(path.Field("received_on"), complaint.received_on, DateKind::kWhole,
                  Future::kRefused);
  check.Text(path.Field("assisting_organisation"), complaint.assisting_organisation, 200);
  if (!complaint.province.empty() && !check.context().codes.HasSubdivision(complaint.province)) {
    check.WrongValue(path.Field("province"), complaint.province,
                     "an ISO 3166-2 code such as KH-2, or empty");
  }
  check.Text(path.Field("district"), complaint.district, 100);
  if (complaint.affected_people > kMostAffectedPeople) {
    check.Wrong(path.Field("affected_people"), fmt::format("is above {}", kMostAffectedPeople));
  }
}

void CheckComplaint(FieldChecker& check, const FieldPath& path, const Complaint& complaint) {
  check.Required(path.Field("kind"), complaint.kind, kComplaintKinds);
  check.Required(path.Field("scope"), complaint.scope, kScopes);
  check.Required(path.Field("channel"), complaint.channel, kChannels);
  check.Required(path.Field("migration_stage"), complaint.migration_stage, kMigrationStages);
  CheckCorridor(check, path.Field("corridor"), complaint.corridor);
  check.PeriodField(path.Field("incident"), complaint.incident, Future::kRefused);
  check.Required(path.Field("sector"), complaint.sector, kSectors);
  CheckCategories(check, path.Field("primary_category"), complaint.primary_category,
                  path.Field("secondary_categories"), complaint.secondary_categories);
  check.Codes(path.Field("remedies_sought"), complaint.remedies_sought, kRemedies);
  CheckNarratives(check, path, complaint);
  const FieldPath respondents = path.Field("respondents");
  if (complaint.respondents.empty()) {
    check.Wrong(respondents, "needs at least one, as far as known");
  }
  check.AtMost(respondents, complaint.respondents.size(), 20);
  for (size_t i = 0; i < complaint.respondents.size(); ++i) {
    CheckRespondent(check, respondents.Item(i), complaint.respondents[i]);
  }
  const FieldPath clauses = path.Field("contract_clauses");
  check.AtMost(clauses, complaint.contract_clauses.size(), 50);
  for (size_t i = 0; i < complaint.contract_clauses.size(); ++i) {
    CheckContractClause(check, clauses.Item(i), complaint.contract_clauses[i]);
  }
  check.Codes(path.Field("circumstances"), complaint.circumstances, kCircumstances);
  CheckHandling(check, path, complaint);
}

// Claimed so far, per currency, over all members of a call. Their sum must fit as each of them
// does, or the ledger could not add them up.
using Sums = std::map<std::string, int64_t>;

void CheckMember(FieldChecker& check, const FieldPath& path, const GroupMember& member,
                 Sums& claimed) {
  CheckComplainant(check, path.Field("complainant"), member.complainant);
  if (member.representative) {
    CheckRepresentative(check, path.Field("representative"), *member.representative);
  }
  const FieldPath claims = path.Field("claim_lines");
  check.AtMost(claims, member.claim_lines.size(), 100);
  for (size_t i = 0; i < member.claim_lines.size(); ++i) {
    const FieldPath line = claims.Item(i);
    const auto amount = CheckClaimLine(check, line, member.claim_lines[i]);
    if (!amount) continue;
    int64_t& sum = claimed[amount->currency];
    const auto added = AddMinorUnits(sum, amount->minor_units);
    if (added.ok()) {
      sum = *added;
    } else {
      check.Wrong(line.Field("claimed"), "makes the sum of all claims in its currency too large");
    }
  }
  const FieldPath fees = path.Field("fee_lines");
  check.AtMost(fees, member.fee_lines.size(), 50);
  for (size_t i = 0; i < member.fee_lines.size(); ++i) {
    CheckFeeLine(check, fees.Item(i), member.fee_lines[i]);
  }
  check.Text(path.Field("own_reference"), member.own_reference, 100);
}

void CheckOwnConsents(FieldChecker& check, const FieldPath& path,
                      const std::vector<Consent>& consents) {
  check.AtMost(path, consents.size(), 100);
  for (size_t i = 0; i < consents.size(); ++i) CheckConsent(check, path.Item(i), consents[i]);
}

void CheckNewMembers(FieldChecker& check, const FieldPath& path,
                     const std::vector<GroupMember>& members) {
  if (members.empty()) check.Wrong(path, "needs at least one member");
  check.AtMost(path, members.size(), kMaxMembersPerCall);
  std::set<std::string_view> references;
  Sums claimed;
  for (size_t i = 0; i < members.size(); ++i) {
    const FieldPath item = path.Item(i);
    CheckMember(check, item, members[i], claimed);
    CheckOwnConsents(check, item.Field("consents"), members[i].consents);
    if (!members[i].member_id.empty()) {
      check.Wrong(item.Field("member_id"), "must be empty: the node gives the id");
    }
    const std::string& reference = members[i].own_reference;
    if (!reference.empty() && !references.insert(reference).second) {
      check.Wrong(item.Field("own_reference"), "is used by another member of this call");
    }
  }
}

void CheckCommonConsents(FieldChecker& check, const FieldPath& path,
                         const std::vector<Consent>& consents) {
  check.AtMost(path, consents.size(), 20);
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (size_t i = 0; i < consents.size(); ++i) {
    CheckConsent(check, path.Item(i), consents[i]);
    if (!seen.insert({consents[i].purpose, consents[i].receiver_body_id}).second) {
      check.Wrong(path.Item(i), "is a second one for the same purpose and receiver");
    }
  }
}

void WriteInFull(std::optional<WrittenMoney>& money, const IsoCodes& codes) {
  if (!money) return;
  const auto amount = ParseMoney(money->currency_code, money->amount, codes);
  if (amount.ok()) money->amount = FormatAmount(*amount, codes);
}

}  // namespace

void CheckCategory(FieldChecker& check, const FieldPath& path, const Category& category) {
  check.Required(path.Field("code"), category.code, kCategories);
  const FieldPath source = path.Field("source_category_code");
  const FieldPath text = path.Field("other_text");
  if (category.code != "OTHER") {
    if (!category.source_category_code.empty()) {
      check.Wrong(source, "must be empty unless the code is OTHER");
    }
    if (!category.other_text.empty()) check.Wrong(text, "must be empty unless the code is OTHER");
    return;
  }
  if (category.source_category_code.empty() && category.other_text.empty()) {
    check.Wrong(source, "is required with OTHER, or other_text in its place");
  }
  if (!category.source_category_code.empty() && !IsUpperSnake(category.source_category_code)) {
    check.WrongValue(source, category.source_category_code,
                     "a code such as WORK_FROM_HOME of at most 64 bytes");
  }
  check.Text(text, category.other_text, 1'000);
}

void CheckCategories(FieldChecker& check, const FieldPath& primary_path, const Category& primary,
                     const FieldPath& secondary_path, const std::vector<Category>& secondary) {
  CheckCategory(check, primary_path, primary);
  check.AtMost(secondary_path, secondary.size(), 20);
  // Two of OTHER are two things when the source's codes differ.
  std::set<std::pair<std::string_view, std::string_view>> seen{
      {primary.code, primary.source_category_code}};
  for (size_t i = 0; i < secondary.size(); ++i) {
    const FieldPath item = secondary_path.Item(i);
    CheckCategory(check, item, secondary[i]);
    if (!seen.insert({secondary[i].code, secondary[i].source_category_code}).second) {
      check.Wrong(item.Field("code"), "is given twice, or is the primary category");
    }
  }
}

void ValidateFiling(const ComplaintFiling& filing, std::string_view root,
                    const ValidationContext& context, FieldViolations& violations) {
  FieldChecker check(context, violations);
  const FieldPath path(root);
  CheckComplaint(check, path.Field("complaint"), filing.complaint);
  const FieldPath members = path.Field("members");
  CheckNewMembers(check, members, filing.members);
  if (filing.complaint.scope == "INDIVIDUAL" && filing.members.size() > 1) {
    check.Wrong(members, fmt::format("has {} members; an INDIVIDUAL complaint has exactly one",
                                     filing.members.size()));
  }
  CheckCommonConsents(check, path.Field("consents"), filing.consents);
}

void ValidateComplaint(const Complaint& complaint, std::string_view root,
                       const ValidationContext& context, FieldViolations& violations) {
  FieldChecker check(context, violations);
  CheckComplaint(check, FieldPath(root), complaint);
}

void ValidateMember(const GroupMember& member, std::string_view root,
                    const ValidationContext& context, FieldViolations& violations) {
  FieldChecker check(context, violations);
  Sums claimed;
  CheckMember(check, FieldPath(root), member, claimed);
}

void ValidateNewMembers(const std::vector<GroupMember>& members,
                        const std::vector<Consent>& consents, const ValidationContext& context,
                        FieldViolations& violations) {
  FieldChecker check(context, violations);
  CheckNewMembers(check, FieldPath("members"), members);
  CheckCommonConsents(check, FieldPath("consents"), consents);
}

void ValidateConsents(const std::vector<Consent>& consents, std::string_view root,
                      const ValidationContext& context, FieldViolations& violations) {
  FieldChecker check(context, violations);
  const FieldPath path(root);
  if (consents.empty()) check.Wrong(path, "needs at least one consent");
  CheckCommonConsents(check, path, consents);
}

void WriteAmountsInFull(Complaint& complaint, const IsoCodes& codes) {
  for (ContractClause& clause : complaint.contract_clauses) {
    WriteInFull(clause.promised_amount, codes);
    WriteInFull(clause.actual_amount, codes);
  }
}

void WriteAmountsInFull(GroupMember& member, const IsoCodes& codes) {
  for (ClaimLine& line : member.claim_lines) {
    WriteInFull(line.promised, codes);
    WriteInFull(line.received, codes);
    WriteInFull(line.claimed, codes);
  }
  for (FeeLine& line : member.fee_lines) WriteInFull(line.amount, codes);
}

void WriteAmountsInFull(ComplaintFiling& filing, const IsoCodes& codes) {
  WriteAmountsInFull(filing.complaint, codes);
  for (GroupMember& member : filing.members) WriteAmountsInFull(member, codes);
}

}  // namespace redress::intake
