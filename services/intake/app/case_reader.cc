#include "services/intake/app/case_reader.h"

#include <algorithm>
#include <utility>

#include "services/intake/app/verb_call.h"
#include "services/intake/domain/consent.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

bool IsAttacheOnly(const auth::Principal& caller, const CaseFacts& facts) {
  auth::Principal others = caller;
  others.roles = others.roles.Without({auth::Role::kAttache});
  return caller.HasRole(auth::Role::kAttache) && !MaySeeCase(others, facts);
}

}  // namespace

CaseReader::CaseReader(const AppContext& context, Caller caller, StoredCase stored, CaseKeyPtr key)
    : context_(&context),
      caller_(std::move(caller)),
      stored_(std::move(stored)),
      key_(std::move(key)),
      facts_(FactsOf(stored_.head)),
      today_(DateOf(context.clock.Now())) {}

async::Task<absl::StatusOr<CaseReader>> CaseReader::Open(const AppContext& context, Caller caller,
                                                         std::string_view verb, CaseNumber number) {
  CO_RETURN_IF_ERROR(IntakeAccess().Check(verb, *caller));
  absl::StatusOr<std::optional<StoredCase>> stored = co_await context.cases.FindCase(number);
  CO_RETURN_IF_ERROR(stored.status());
  if (!stored->has_value() || !MaySeeCase(*caller, FactsOf((*stored)->head))) {
    co_return CaseNotFound();
  }
  absl::StatusOr<CaseKeyPtr> key = co_await context.cases.KeyOf(number);
  CO_RETURN_IF_ERROR(key.status());
  co_return CaseReader(context, std::move(caller), **std::move(stored), *std::move(key));
}

MemberAccessFacts CaseReader::AccessFacts(const MemberRow& row) const {
  return {row.member_id.ToString(), row.nationality, row.consents};
}

bool CaseReader::SeesMember(const MemberRow& row) const {
  return MaySeeMember(*caller_, facts_, AccessFacts(row), {AttacheNationality(*caller_)}, today_);
}

async::Task<absl::StatusOr<MemberLook>> CaseReader::LookForMember(uint32_t after,
                                                                  size_t most) const {
  MemberLook look;
  while (look.looked_at < most) {
    const size_t limit = std::min(most - look.looked_at, CaseStore::kMembersPerRead);
    const absl::StatusOr<RowPage<MemberRow>> page =
        co_await context_->cases.ReadMembers(stored_.head.case_number, after, limit);
    CO_RETURN_IF_ERROR(page.status());
    look.looked_at += page->rows.size();
    for (const MemberRow& row : page->rows) {
      look.seen = SeesMember(row);
      if (look.seen) co_return look;
      after = row.ordinal;
    }
    if (!page->more) co_return look;
  }
  look.after = after;
  co_return look;
}

absl::StatusOr<GroupMember> CaseReader::View(const MemberRow& row) const {
  ASSIGN_OR_RETURN(GroupMember member,
                   context_->cases.OpenMember(stored_.head.case_number, *key_, row));
  const bool in_shelter = member.complainant.where_now == "SHELTER";
  const FieldView view = MemberView(*caller_, facts_, AccessFacts(row), in_shelter, today_);
  for (Consent& consent : member.consents) {
    consent.status = std::string(StatusOn(BitOf(consent), today_));
  }
  member.withdrawn = row.withdrawn() || stored_.head.state == CaseState::kWithdrawn;
  return CutTo(std::move(member), view);
}

async::Task<absl::StatusOr<FieldView>> CaseReader::ViewOfHead() const {
  FieldGroupSet embassy = FieldGroupSet::All();
  const bool attache = IsAttacheOnly(*caller_, facts_);
  bool sees_anybody = !attache;
  for (uint32_t after = 0; attache && after < stored_.head.member_count;) {
    const absl::StatusOr<RowPage<MemberRow>> page = co_await context_->cases.ReadMembers(
        stored_.head.case_number, after, CaseStore::kMembersPerRead);
    CO_RETURN_IF_ERROR(page.status());
    if (page->rows.empty()) break;
    for (const MemberRow& row : page->rows) {
      if (!SeesMember(row)) continue;
      sees_anybody = true;
      embassy = embassy.And(
          DisclosableGroups(row.consents, kEmbassyPurpose, "", today_).value_or(FieldGroupSet()));
    }
    after = page->rows.back().ordinal;
  }
  if (!sees_anybody) co_return CaseNotFound();
  co_return HeadView(*caller_, facts_, stored_.head.scope == "GROUP", stored_.head.filing_groups,
                     embassy);
}

async::Task<absl::StatusOr<std::map<MemberId, FieldView>>> CaseReader::ViewsOfMembers(
    std::set<MemberId> ids) const {
  std::vector<MemberId> wanted(ids.begin(), ids.end());
  const absl::StatusOr<std::vector<std::optional<MemberRow>>> rows =
      co_await context_->cases.FindMembers(stored_.head.case_number, stored_.head.member_count,
                                           std::move(wanted));
  CO_RETURN_IF_ERROR(rows.status());
  std::map<MemberId, FieldView> views;
  for (const std::optional<MemberRow>& row : *rows) {
    if (!row.has_value() || !SeesMember(*row)) continue;
    views.emplace(row->member_id, MemberView(*caller_, facts_, AccessFacts(*row), false, today_));
  }
  co_return views;
}

}  // namespace redress::intake
