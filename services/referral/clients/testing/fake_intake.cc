#include "services/referral/clients/testing/fake_intake.h"

#include <utility>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "grpcpp/server_builder.h"

namespace redress::referral::testing {

namespace wire = intake::v1;

namespace {

constexpr size_t kPiece = 64 * 1024;
// How often a stream that waits for events looks whether its caller is still there.
constexpr absl::Duration kGlance = absl::Milliseconds(10);

wire::Case UnderpaidFactoryCase(const std::string& case_number) {
  wire::Case shown;
  shown.set_case_number(case_number);
  shown.set_etag("1");
  shown.set_state(wire::CASE_STATE_OPEN);
  shown.mutable_filed_by()->set_body_id("kh:battambang-mrc");
  wire::Complaint& complaint = *shown.mutable_complaint();
  complaint.set_kind("INDIVIDUAL");
  complaint.set_sector("MANUFACTURING");
  complaint.mutable_corridor()->set_origin("KH");
  complaint.mutable_corridor()->set_destination("MY");
  complaint.mutable_primary_category()->set_code("WAGE_UNDERPAYMENT");
  complaint.set_narrative("Promised 750 a month and paid 450.");
  complaint.set_narrative_language("en");
  shown.mutable_members()->set_total(1);
  auto* khmer = shown.mutable_members()->add_by_nationality();
  khmer->set_code("KH");
  khmer->set_count(1);
  return shown;
}

}  // namespace

FakeIntake::FakeIntake() {
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(this);
  server_ = builder.BuildAndStart();
  address_ = fmt::format("127.0.0.1:{}", port);
}

FakeIntake::~FakeIntake() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  server_->Shutdown(absl::ToChronoTime(absl::Now()));
}

void FakeIntake::AddCase(const std::string& case_number, const std::string& member_id) {
  absl::MutexLock lock(&mutex_);
  cases_[case_number] = {UnderpaidFactoryCase(case_number), member_id};
}

void FakeIntake::AddEvent(wire::Event event) {
  absl::MutexLock lock(&mutex_);
  event.set_number(events_.size() + 1);
  events_.push_back(std::move(event));
}

void FakeIntake::AddFile(const std::string& evidence_id, std::string bytes) {
  absl::MutexLock lock(&mutex_);
  files_[evidence_id] = std::move(bytes);
}

std::vector<std::string> FakeIntake::settled() const {
  absl::MutexLock lock(&mutex_);
  return settled_;
}

std::string FakeIntake::last_token() const {
  absl::MutexLock lock(&mutex_);
  return last_token_;
}

void FakeIntake::Note(const grpc::ServerContext& context) {
  constexpr size_t kScheme = 7;  // "Bearer "
  const auto found = context.client_metadata().find("authorization");
  absl::MutexLock lock(&mutex_);
  last_token_ = found == context.client_metadata().end()
                    ? std::string()
                    : std::string(found->second.data(), found->second.size()).substr(kScheme);
}

const FakeIntake::KnownCase* FakeIntake::Find(const std::string& case_number) const {
  const auto found = cases_.find(case_number);
  return found == cases_.end() ? nullptr : &found->second;
}

grpc::Status FakeIntake::GetComplaint(grpc::ServerContext* context,
                                      const wire::GetComplaintRequest* request,
                                      wire::GetComplaintResponse* response) {
  Note(*context);
  absl::MutexLock lock(&mutex_);
  const KnownCase* known = Find(request->case_number());
  if (known == nullptr) return {grpc::StatusCode::NOT_FOUND, "case: not found"};
  *response->mutable_complaint_case() = known->complaint_case;
  return grpc::Status::OK;
}

grpc::Status FakeIntake::DiscloseComplaint(grpc::ServerContext* context,
                                           const wire::DiscloseComplaintRequest* request,
                                           wire::DiscloseComplaintResponse* response) {
  Note(*context);
  absl::MutexLock lock(&mutex_);
  const KnownCase* known = Find(request->case_number());
  if (known == nullptr) return {grpc::StatusCode::NOT_FOUND, "case: not found"};
  wire::DisclosedComplaint& disclosed = *response->mutable_complaint();
  disclosed.set_referral_id(request->referral_id());
  disclosed.set_disclosure_number(request->disclosure_number());
  disclosed.set_case_number(request->case_number());
  disclosed.set_home_node_id("kh");
  *disclosed.mutable_complaint() = known->complaint_case.complaint();
  disclosed.set_urgency("NORMAL");
  disclosed.set_member_count(1);
  disclosed.add_groups(wire::FIELD_GROUP_NARRATIVE);
  wire::DisclosedMember& member = *response->add_members();
  member.mutable_member()->set_member_id(known->member_id);
  member.mutable_member()->mutable_complainant()->set_nationality("KH");
  member.mutable_member()->mutable_complainant()->set_sex("FEMALE");
  response->set_case_etag(known->complaint_case.etag());
  return grpc::Status::OK;
}

grpc::Status FakeIntake::SettleDisclosure(grpc::ServerContext* context,
                                          const wire::SettleDisclosureRequest* request,
                                          wire::SettleDisclosureResponse*) {
  Note(*context);
  absl::MutexLock lock(&mutex_);
  settled_.push_back(request->referral_id() + " " + request->outcome());
  return grpc::Status::OK;
}

grpc::Status FakeIntake::DownloadEvidence(
    grpc::ServerContext* context, const wire::DownloadEvidenceRequest* request,
    grpc::ServerWriter<wire::DownloadEvidenceResponse>* writer) {
  Note(*context);
  std::string bytes;
  {
    absl::MutexLock lock(&mutex_);
    const auto found = files_.find(request->evidence_id());
    if (found == files_.end()) return {grpc::StatusCode::NOT_FOUND, "file: not found"};
    bytes = found->second;
  }
  wire::DownloadEvidenceResponse message;
  message.mutable_file()->set_evidence_id(request->evidence_id());
  writer->Write(message);
  for (size_t at = 0; at < bytes.size(); at += kPiece) {
    message.set_chunk(bytes.substr(at, kPiece));
    if (!writer->Write(message)) break;
  }
  return grpc::Status::OK;
}

grpc::Status FakeIntake::ReadEvents(grpc::ServerContext* context,
                                    const wire::ReadEventsRequest* request,
                                    grpc::ServerWriter<wire::ReadEventsResponse>* writer) {
  Note(*context);
  uint64_t after = request->after();
  while (!context->IsCancelled()) {
    wire::ReadEventsResponse message;
    {
      absl::MutexLock lock(&mutex_);
      const auto more = [this, &after]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return stopping_ || events_.size() > after;
      };
      mutex_.AwaitWithTimeout(absl::Condition(&more), kGlance);
      if (stopping_) return {grpc::StatusCode::UNAVAILABLE, "stopping"};
      message.set_last_number(events_.size());
      if (events_.size() > after) *message.mutable_event() = events_[after++];
    }
    if (message.has_event()) {
      if (!writer->Write(message)) break;
    } else if (!request->follow()) {
      return grpc::Status::OK;
    }
  }
  return {grpc::StatusCode::CANCELLED, "the caller has gone"};
}

}  // namespace redress::referral::testing
