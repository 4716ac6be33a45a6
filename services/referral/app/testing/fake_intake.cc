#include "services/referral/app/testing/fake_intake.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "fmt/format.h"
#include "services/platform/status/refusal.h"

namespace redress::referral {
namespace {

class Bytes final : public ByteSource {
 public:
  explicit Bytes(std::string bytes) : bytes_(std::move(bytes)) {}
  async::Task<absl::StatusOr<std::string>> Next() override {
    const size_t length = std::min<size_t>(bytes_.size() - offset_, 100'000);
    std::string piece = bytes_.substr(offset_, length);
    offset_ += length;
    co_return piece;
  }

 private:
  const std::string bytes_;
  size_t offset_ = 0;
};

absl::Status Down() { return absl::UnavailableError("intake is down"); }

}  // namespace

std::string FakeIntake::MemberIdOf(int index) { return fmt::format("{:026}", index); }

FakeIntake::Case& FakeIntake::AddCase(const std::string& number, int members) {
  Case& made = cases[number];
  intake::v1::Case& shown = made.shown;
  shown.set_case_number(number);
  shown.set_state(intake::v1::CASE_STATE_OPEN);
  shown.mutable_filed_at()->set_seconds(1'767'000'000);
  shown.mutable_filed_by()->set_node_id("kh");
  shown.mutable_filed_by()->set_body_id("kh:battambang-mrc");
  intake::v1::Complaint& complaint = *shown.mutable_complaint();
  complaint.set_kind("COMPLAINT");
  complaint.set_scope(members > 1 ? "GROUP" : "INDIVIDUAL");
  complaint.mutable_corridor()->set_origin("KH");
  complaint.mutable_corridor()->set_destination("MY");
  complaint.set_sector("MANUFACTURING");
  complaint.mutable_primary_category()->set_code("WAGE_UNDERPAYMENT");
  complaint.set_narrative("We were paid 450 a month and not 750.");
  shown.mutable_screening()->set_urgency("NORMAL");
  shown.mutable_screening()->mutable_primary_category()->set_code("WAGE_UNDERPAYMENT");
  shown.mutable_members()->set_total(static_cast<uint32_t>(members));
  shown.mutable_members()->set_referral_consents(static_cast<uint32_t>(members));
  intake::v1::CodeCount* nationality = shown.mutable_members()->add_by_nationality();
  nationality->set_code("KH");
  nationality->set_count(static_cast<uint32_t>(members));
  intake::v1::ReceiverConsents* consents = shown.mutable_members()->add_consented_receivers();
  consents->set_receiver_body_id("my:mtuc");
  consents->set_member_count(static_cast<uint32_t>(members));
  for (int i = 1; i <= members; ++i) {
    intake::v1::DisclosedMember member;
    member.mutable_member()->set_member_id(MemberIdOf(i));
    member.mutable_member()->mutable_complainant()->set_name(fmt::format("Worker {}", i));
    member.mutable_member()->mutable_complainant()->set_sex(i % 2 == 0 ? "MALE" : "FEMALE");
    member.mutable_member()->mutable_complainant()->set_nationality("KH");
    made.members.push_back(std::move(member));
  }
  return made;
}

async::Task<absl::StatusOr<intake::v1::GetComplaintResponse>> FakeIntake::ShowCase(
    intake::v1::GetComplaintRequest request) {
  if (down) co_return Down();
  auto found = cases.find(request.case_number());
  if (found == cases.end()) co_return NotFound("case");
  intake::v1::GetComplaintResponse response;
  *response.mutable_complaint_case() = found->second.shown;
  response.mutable_complaint_case()->set_etag(std::to_string(found->second.version));
  co_return response;
}

async::Task<absl::StatusOr<intake::v1::DiscloseComplaintResponse>> FakeIntake::Disclose(
    intake::v1::DiscloseComplaintRequest request) {
  if (down) co_return Down();
  if (request.page_token().empty()) last_asked = request;
  if (!refuse_disclosure.ok()) co_return std::exchange(refuse_disclosure, absl::OkStatus());
  auto found = cases.find(request.case_number());
  if (found == cases.end()) co_return NotFound("case");
  Case& known = found->second;
  const auto before = settled.find(request.referral_id());
  if (before != settled.end() && before->second == "UNDELIVERED" && request.reopen()) {
    if (!request.preview()) settled.erase(before);
  } else if (before != settled.end()) {
    co_return RefusePrecondition("DISCLOSURE_SETTLED", "settled before; use a new referral");
  }
  if (!request.preview() && disclosed.insert(request.referral_id()).second) ++known.version;
  if (std::exchange(fall_silent_after_disclosing, false)) co_return Down();
  std::vector<intake::v1::DisclosedMember> members;
  for (const intake::v1::DisclosedMember& member : known.members) {
    const auto& asked = request.member_ids();
    const bool wanted = asked.empty() || std::find(asked.begin(), asked.end(),
                                                   member.member().member_id()) != asked.end();
    if (wanted) members.push_back(member);
  }
  if (disclose_nobody) members.clear();
  if (members.empty() && !disclose_nobody)
    co_return RefusePrecondition("CONSENT_MISSING", "nobody consented");
  intake::v1::DiscloseComplaintResponse response;
  size_t begin = 0;
  if (!request.page_token().empty()) begin = std::stoul(request.page_token());
  if (begin == 0) {
    intake::v1::DisclosedComplaint& complaint = *response.mutable_complaint();
    complaint.set_referral_id(request.referral_id());
    complaint.set_disclosure_number(request.disclosure_number());
    complaint.set_case_number(request.case_number());
    complaint.set_home_node_id("kh");
    *complaint.mutable_complaint() = known.shown.complaint();
    complaint.set_urgency("NORMAL");
    complaint.add_groups(intake::v1::FIELD_GROUP_IDENTITY);
    complaint.set_member_count(static_cast<uint32_t>(members.size()));
    *complaint.mutable_filed_at() = known.shown.filed_at();
    for (const intake::v1::EvidenceFile& file : known.files) {
      *complaint.add_evidence_files() = file;
    }
  }
  const size_t end = std::min(members.size(), begin + static_cast<size_t>(request.page_size()));
  for (size_t i = begin; i < end; ++i) *response.add_members() = members[i];
  if (end < members.size()) response.set_next_page_token(std::to_string(end));
  response.set_case_etag(std::to_string(known.version));
  response.set_case_commit_number(known.version);
  co_return response;
}

async::Task<absl::StatusOr<intake::v1::SettleDisclosureResponse>> FakeIntake::Settle(
    intake::v1::SettleDisclosureRequest request) {
  if (down) co_return Down();
  const auto refused = refuse_settling.find(request.referral_id());
  if (refused != refuse_settling.end()) co_return refused->second;
  if (!disclosed.contains(request.referral_id())) co_return NotFound("disclosure");
  if (settled.emplace(request.referral_id(), request.outcome()).second) {
    const std::string& id = request.referral_id();
    auto found = cases.find(id.substr(0, id.find('/')));
    if (found != cases.end()) ++found->second.version;
  }
  co_return intake::v1::SettleDisclosureResponse();
}

async::Task<absl::StatusOr<intake::v1::RecordMoneyResponse>> FakeIntake::RecordMoney(
    intake::v1::RecordMoneyRequest request) {
  if (down) co_return Down();
  for (const intake::v1::MoneyEntry& entry : request.entries()) {
    const auto refused = refuse_money.find(entry.member_id());
    if (refused != refuse_money.end()) co_return refused->second;
  }
  for (const intake::v1::MoneyEntry& entry : request.entries()) {
    const bool known = std::any_of(ledger.begin(), ledger.end(), [&](const auto& one) {
      return one.entry_id() == entry.entry_id();
    });
    if (!known) ledger.push_back(entry);
  }
  co_return intake::v1::RecordMoneyResponse();
}

async::Task<absl::StatusOr<std::vector<intake::v1::Event>>> FakeIntake::ReadEvents(
    uint64_t after, absl::Duration, async::CancellationToken) {
  if (down) co_return Down();
  std::vector<intake::v1::Event> later;
  for (const intake::v1::Event& event : events) {
    if (event.number() > after) later.push_back(event);
  }
  co_return later;
}

async::Task<absl::StatusOr<std::unique_ptr<ByteSource>>> FakeIntake::FetchEvidence(
    std::string, std::string evidence_id, std::string referral_id) {
  if (down) co_return Down();
  if (settled.contains(referral_id)) co_return NotFound("disclosure");
  auto found = file_bytes.find(evidence_id);
  if (found == file_bytes.end()) co_return NotFound("file");
  std::unique_ptr<ByteSource> source = std::make_unique<Bytes>(found->second);
  co_return source;
}

}  // namespace redress::referral
