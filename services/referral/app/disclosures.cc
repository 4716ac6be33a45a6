#include "services/referral/app/disclosures.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "redress/referral/v1/files.pb.h"
#include "services/platform/crypto/sha256.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/referral/app/proto_time.h"
#include "services/referral/app/verb_runner.h"

namespace redress::referral {
namespace {

using exchange::v1::MemberPage;
using intake::v1::CaseDimensions;
using intake::v1::DisclosedMember;
using intake::v1::MemberDimensions;

constexpr int kMembersAPage = 200;
// A page of members and the rest of its message stay below kMaxMessageBytes.
constexpr size_t kPageBytes = kMaxMessageBytes - (4 << 10);
// A case that changes faster than its members can be read is not refused for ever.
constexpr int kFetchTries = 4;
constexpr size_t kMembersAnEvent = 1'000;

bool IsAgency(const std::string& kind) {
  return kind == "LICENSED_AGENCY" || kind == "UNLICENSED_BROKER" || kind == "LABOUR_CONTRACTOR";
}

std::vector<MemberPage> CutPages(const intake::v1::DisclosedComplaint& complaint,
                                 std::vector<DisclosedMember> members) {
  std::vector<MemberPage> pages;
  size_t bytes = 0;
  for (DisclosedMember& member : members) {
    const size_t size = member.ByteSizeLong() + 16;
    if (pages.empty() || pages.back().members_size() == kMembersAPage ||
        bytes + size > kPageBytes) {
      pages.emplace_back();
      pages.back().set_referral_id(complaint.referral_id());
      pages.back().set_disclosure_number(complaint.disclosure_number());
      pages.back().set_page(static_cast<uint32_t>(pages.size()));
      bytes = 0;
    }
    bytes += size;
    *pages.back().add_members() = std::move(member);
  }
  for (MemberPage& page : pages) page.set_page_count(static_cast<uint32_t>(pages.size()));
  return pages;
}

}  // namespace

MemberDimensions DimensionsOf(const DisclosedMember& member) {
  const intake::v1::Complainant& person = member.member().complainant();
  MemberDimensions dimensions;
  dimensions.set_member_id(member.member().member_id());
  dimensions.set_nationality(person.nationality());
  dimensions.set_sex(person.sex());
  dimensions.set_migration_status(person.migration_status());
  dimensions.set_migration_channel(person.migration_channel());
  return dimensions;
}

CaseDimensions DimensionsOf(const intake::v1::DisclosedComplaint& disclosed,
                            const std::vector<MemberDimensions>& members) {
  const intake::v1::Complaint& complaint = disclosed.complaint();
  CaseDimensions dimensions;
  dimensions.set_assisting_organisation(complaint.assisting_organisation());
  dimensions.set_kind(complaint.kind());
  dimensions.set_scope(complaint.scope());
  dimensions.set_channel(complaint.channel());
  dimensions.set_migration_stage(complaint.migration_stage());
  dimensions.set_origin(complaint.corridor().origin());
  *dimensions.mutable_transit() = complaint.corridor().transit();
  dimensions.set_destination(complaint.corridor().destination());
  dimensions.set_sector(complaint.sector());
  dimensions.set_primary_category(complaint.primary_category().code());
  dimensions.set_source_category_code(complaint.primary_category().source_category_code());
  for (const intake::v1::Category& category : complaint.secondary_categories()) {
    dimensions.add_secondary_categories(category.code());
  }
  dimensions.set_urgency(disclosed.urgency());
  dimensions.set_urgency_confirmed(true);
  *dimensions.mutable_forced_labour_indicators() = disclosed.forced_labour_indicators();
  dimensions.set_province(complaint.province());
  dimensions.set_district(complaint.district());
  std::map<std::tuple<std::string, std::string, std::string, std::string>, uint32_t> counts;
  for (const MemberDimensions& member : members) {
    ++counts[{member.sex(), member.nationality(), member.migration_status(),
              member.migration_channel()}];
  }
  for (const auto& [key, count] : counts) {
    intake::v1::MemberCount* counted = dimensions.add_member_counts();
    std::tie(*counted->mutable_sex(), *counted->mutable_nationality(),
             *counted->mutable_migration_status(), *counted->mutable_migration_channel()) = key;
    counted->set_count(count);
  }
  dimensions.set_member_count(static_cast<uint32_t>(members.size()));
  for (const intake::v1::Respondent& respondent : complaint.respondents()) {
    if (!IsAgency(respondent.kind())) continue;
    if (!respondent.licence_number().empty()) {
      dimensions.add_agency_keys("licence:" + respondent.licence_number());
    }
    if (!respondent.body_id().empty()) {
      dimensions.add_agency_keys("body:" + respondent.body_id());
    }
  }
  return dimensions;
}

std::vector<v1::Event> MembersEvents(uint32_t disclosure,
                                     const std::vector<MemberDimensions>& members) {
  std::vector<v1::Event> events;
  for (size_t i = 0; i < members.size(); ++i) {
    if (i % kMembersAnEvent == 0) {
      events.emplace_back();
      events.back().mutable_members_disclosed()->set_disclosure_number(disclosure);
    }
    *events.back().mutable_members_disclosed()->add_members() = members[i];
  }
  return events;
}

void AddOutgoingFile(ReferralEdit& edit, const intake::v1::EvidenceFile& file,
                     uint32_t disclosure) {
  const FileKey key{edit.now().ref, RandomId::FromTrusted(file.evidence_id())};
  rows::ReceivedFilePersonal personal;
  personal.set_file(file.SerializeAsString());
  rows::ReceivedFileRecord row;
  row.set_disclosure_number(disclosure);
  row.set_added_by(v1::SIDE_HOME);
  row.set_state(v1::FILE_STATE_EXPECTED);
  row.set_size_bytes(file.size_bytes());
  row.set_announced_at_micros(ToMicros(edit.parts().clock.Now()));
  row.set_outgoing(true);
  row.set_sealed(
      edit.parts().repository.Seal(*edit.now().case_key, key, personal.SerializeAsString()));
  const Repository& repository = edit.parts().repository;
  edit.AlsoStage(
      [&repository, key, row](journal::ChangeSet& changes) { repository.Put(changes, key, row); });
  edit.record().set_file_count(edit.record().file_count() + 1);
  edit.LeaveWork(WorkKind::kFile, file.evidence_id());
}

// Reads every page of one moment of the case: when it changed in between, from the start again.
Answer<WholeDisclosure> Disclosures::Fetch(intake::v1::DiscloseComplaintRequest first) {
  for (int attempt = 1;; ++attempt) {
    WholeDisclosure whole;
    std::vector<DisclosedMember> members;
    intake::v1::DiscloseComplaintRequest next = first;
    std::string etag;
    bool changed = false;
    while (true) {
      intake::v1::DiscloseComplaintRequest request = next;
      absl::StatusOr<intake::v1::DiscloseComplaintResponse> page =
          co_await parts_.intake.Disclose(std::move(request));
      CO_RETURN_IF_ERROR(page.status());
      if (next.page_token().empty()) {
        whole.complaint = page->complaint();
        etag = page->case_etag();
        whole.case_commit = page->case_commit_number();
      }
      changed = page->case_etag() != etag;
      if (changed) break;
      for (DisclosedMember& member : *page->mutable_members()) members.push_back(std::move(member));
      next.set_page_token(page->next_page_token());
      if (next.page_token().empty()) break;
    }
    if (changed && attempt < kFetchTries) continue;
    if (changed) co_return absl::UnavailableError("the case keeps changing; repeat the call");
    // All who were disclosed before have withdrawn or taken consent back: a disclosure asked for
    // again then has a head and no members.
    if (members.empty()) {
      co_return RefusePrecondition("CONSENT_MISSING", "nobody's consent reaches the receiver",
                                   {{"purpose", "REFERRAL"}});
    }
    whole.number = first.disclosure_number();
    for (const DisclosedMember& member : members) whole.members.push_back(DimensionsOf(member));
    whole.complaint.set_member_count(static_cast<uint32_t>(members.size()));
    whole.pages = CutPages(whole.complaint, std::move(members));
    co_return whole;
  }
}

namespace {

// Who was named to be added must be among those who leave.
absl::Status CheckJoined(const WholeDisclosure& whole, const std::vector<std::string>& named) {
  std::set<std::string> joined;
  for (const MemberDimensions& member : whole.members) joined.insert(member.member_id());
  std::string missing;
  for (const std::string& member : named) {
    if (!joined.contains(member)) missing += (missing.empty() ? "" : ",") + member;
  }
  if (missing.empty()) return absl::OkStatus();
  return RefusePrecondition("CONSENT_MISSING", "members have no consent in force for the receiver",
                            {{"purpose", "REFERRAL"}, {"member_ids", missing}});
}

}  // namespace

Answer<WholeDisclosure> Disclosures::FetchUpdate(const LoadedReferral& loaded, Joining joining,
                                                 std::vector<std::string> add_members,
                                                 bool preview) {
  intake::v1::DiscloseComplaintRequest request;
  request.set_referral_id(loaded.record.referral_id());
  request.set_disclosure_number(loaded.record.disclosure_number() + 1);
  request.set_case_number(loaded.record.case_number());
  request.set_receiver_body_id(loaded.record.receiver_body_id());
  request.set_page_size(kMembersAPage);
  const bool all_who_consent =
      joining == Joining::kWhoConsents && add_members.empty() && !loaded.record.members_named();
  if (!all_who_consent) {
    std::set<std::string> named(add_members.begin(), add_members.end());
    absl::StatusOr<std::set<MemberId>> current =
        co_await DisclosedMembers(parts_, loaded.ref, loaded.record.disclosure_number());
    CO_RETURN_IF_ERROR(current.status());
    for (const MemberId& member : *current) named.insert(member.ToString());
    for (const std::string& member : named) request.add_member_ids(member);
    request.set_consenting_only(true);
  }
  *request.mutable_groups() = loaded.record.groups_limit();
  request.set_preview(preview);
  request.set_reopen(loaded.record.disclosure_settled());
  absl::StatusOr<WholeDisclosure> whole = co_await Fetch(std::move(request));
  CO_RETURN_IF_ERROR(whole.status());
  CO_RETURN_IF_ERROR(CheckJoined(*whole, add_members));
  co_return whole;
}

Answer<kv::Version> Disclosures::AskingAt(const ReferralId& id) {
  CaseSequenceKey key{id.case_number()};
  auto sequence = co_await parts_.repository.Find(std::move(key));
  CO_RETURN_IF_ERROR(sequence.status());
  co_return sequence->has_value() ? (*sequence)->version : 0;
}

void Disclosures::ExpectAskedAt(ReferralEdit& edit, kv::Version asked_at) {
  const CaseSequenceKey key{edit.now().ref.id.case_number()};
  const Repository& repository = edit.parts().repository;
  edit.AlsoStage([&repository, key, asked_at](journal::ChangeSet& changes) {
    repository.ExpectVersion(changes, key, asked_at);
  });
}

Answer<WholeDisclosure> Disclosures::PrepareUpdate(const LoadedReferral& loaded, Joining joining,
                                                   std::vector<std::string> add_members) {
  absl::StatusOr<kv::Version> asked_at = co_await AskingAt(loaded.ref.id);
  CO_RETURN_IF_ERROR(asked_at.status());
  absl::StatusOr<WholeDisclosure> whole =
      co_await FetchUpdate(loaded, joining, std::move(add_members), /*preview=*/false);
  CO_RETURN_IF_ERROR(whole.status());
  whole->asked_at = *asked_at;
  absl::StatusOr<bool> stored = co_await Store(*whole, loaded.ref, loaded.case_key);
  CO_RETURN_IF_ERROR(stored.status());
  co_return whole;
}

absl::Status Disclosures::ApplyUpdate(ReferralEdit& edit, const WholeDisclosure& disclosure,
                                      const std::vector<std::string>& files) {
  RETURN_IF_ERROR(
      Move(PositionOf(edit.folded(), Side::kHome, false), Verb::kUpdateDisclosure).status());
  rows::ReferralRecord& record = edit.record();
  if (record.disclosure_number() + 1 != disclosure.number) {
    return absl::UnavailableError("another disclosure came first; repeat the call");
  }
  for (const std::string& id : files) {
    const auto& allowed = disclosure.complaint.evidence_files();
    auto file = std::find_if(allowed.begin(), allowed.end(),
                             [&](const auto& one) { return one.evidence_id() == id; });
    if (file == allowed.end()) {
      return RefusePrecondition("EVIDENCE_NOT_SHAREABLE", "consent does not reach the file",
                                {{"evidence_id", id}});
    }
    AddOutgoingFile(edit, *file, disclosure.number);
  }
  ExpectAskedAt(edit, disclosure.asked_at);
  StageWithReferral(edit, disclosure);
  ASSIGN_OR_RETURN(rows::ReferralPersonal personal, OpenPersonal(edit.parts(), edit.now()));
  *personal.mutable_complaint() = disclosure.complaint;
  edit.SetPersonal(personal);
  const std::string filed_by = record.dimensions().filed_by_body_id();
  const std::string urgency = record.dimensions().urgency();
  *record.mutable_dimensions() = DimensionsOf(disclosure.complaint, disclosure.members);
  record.mutable_dimensions()->set_filed_by_body_id(filed_by);
  record.mutable_dimensions()->set_urgency(urgency);
  record.set_disclosure_number(disclosure.number);
  record.set_disclosed_at_commit(disclosure.case_commit);
  record.set_disclosure_settled(
      false);  // Intake has opened it for this, also where it was settled.
  record.set_member_count(static_cast<uint32_t>(disclosure.members.size()));

  OutgoingMessage head;
  exchange::v1::DisclosureUpdate* update = head.message.mutable_disclosure_update();
  update->set_referral_id(record.referral_id());
  *update->mutable_complaint() = disclosure.complaint;
  update->set_page_count(static_cast<uint32_t>(disclosure.pages.size()));
  edit.Send(std::move(head));
  for (const MemberPage& page : disclosure.pages) {
    OutgoingMessage sent;
    *sent.message.mutable_member_page() = page;
    edit.Send(std::move(sent));
  }
  v1::Event event;
  event.mutable_disclosure()->set_disclosure_number(disclosure.number);
  *event.mutable_disclosure()->mutable_dimensions() = record.dimensions();
  edit.AddEvent(std::move(event));
  for (v1::Event& members : MembersEvents(disclosure.number, disclosure.members)) {
    edit.AddEvent(std::move(members));
  }
  return absl::OkStatus();
}

Answer<bool> Disclosures::UpdateByNode(ReferralRef ref) {
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<std::optional<LoadedReferral>> loaded = co_await LoadReferral(parts_, ref);
    CO_RETURN_IF_ERROR(loaded.status());
    if (!loaded->has_value()) co_return false;
    std::vector<std::string> everybody;
    absl::StatusOr<WholeDisclosure> whole =
        co_await PrepareUpdate(**loaded, Joining::kNobody, std::move(everybody));
    CO_RETURN_IF_ERROR(whole.status());
    ReferralEdit edit(parts_, **std::move(loaded));
    journal::ChangeSet changes;
    CO_RETURN_IF_ERROR(ApplyUpdate(edit, *whole, {}));
    CO_RETURN_IF_ERROR(edit.Stage(changes));
    absl::StatusOr<journal::Committed> committed =
        co_await CommitChanges(parts_, std::move(changes));
    if (MayRetry(committed.status(), attempt)) continue;
    CO_RETURN_IF_ERROR(committed.status());
    WakeRunners(parts_, edit.sends(), edit.leaves_work());
    co_return true;
  }
}

Answer<bool> EndBegunDisclosure(const AppParts& parts, OpenDisclosureKey key, kv::Version version) {
  OpenDisclosureKey wanted = key;
  auto begun = co_await parts.repository.Find(std::move(wanted));
  CO_RETURN_IF_ERROR(begun.status());
  if (!begun->has_value() || (*begun)->version != version) co_return false;
  // The row says so first: a repeat that comes at this moment begins anew.
  if (!(*begun)->row.settling()) {
    (*begun)->row.set_settling(true);
    journal::ChangeSet marked;
    parts.repository.ExpectVersion(marked, key, version);
    parts.repository.Put(marked, key, (*begun)->row);
    absl::StatusOr<journal::Committed> kept = co_await CommitChanges(parts, std::move(marked));
    if (absl::IsAborted(kept.status())) co_return false;
    CO_RETURN_IF_ERROR(kept.status());
    version = kept->version;
  }
  intake::v1::SettleDisclosureRequest settle;
  settle.set_referral_id(key.id.ToString());
  settle.set_outcome("ABANDONED");
  absl::StatusOr<intake::v1::SettleDisclosureResponse> settled =
      co_await parts.intake.Settle(std::move(settle));
  const bool never_opened = absl::IsNotFound(settled.status());
  if (!settled.ok() && !never_opened) co_return settled.status();
  journal::ChangeSet changes;
  parts.repository.ExpectVersion(changes, key, version);
  parts.repository.Delete(changes, key);
  if (never_opened) {
    // Nobody has seen the number: the next referral takes it, unless a later one was given.
    const CaseSequenceKey sequence_key{key.id.case_number()};
    CaseSequenceKey wanted_sequence = sequence_key;
    auto sequence = co_await parts.repository.Find(std::move(wanted_sequence));
    CO_RETURN_IF_ERROR(sequence.status());
    if (sequence->has_value() && (*sequence)->row.last_referral() == key.id.ordinal()) {
      rows::CaseSequenceRecord row = (*sequence)->row;
      row.set_last_referral(key.id.ordinal() - 1);
      parts.repository.ExpectVersion(changes, sequence_key, (*sequence)->version);
      parts.repository.Put(changes, sequence_key, row);
    }
  }
  absl::StatusOr<journal::Committed> committed = co_await CommitChanges(parts, std::move(changes));
  CO_RETURN_IF_ERROR(committed.status());
  co_return true;
}

}  // namespace redress::referral
