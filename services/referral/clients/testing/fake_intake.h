#ifndef REDRESS_SERVICES_REFERRAL_CLIENTS_TESTING_FAKE_INTAKE_H_
#define REDRESS_SERVICES_REFERRAL_CLIENTS_TESTING_FAKE_INTAKE_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/server.h"
#include "redress/intake/v1/intake_service.grpc.pb.h"

namespace redress::referral::testing {

// An intake that answers over a real socket with what a test gave it: cases that are open, the
// members they disclose, the events it has. It checks no rule. Thread-safe.
class FakeIntake final : public intake::v1::IntakeService::Service {
 public:
  FakeIntake();
  ~FakeIntake() override;  // Ends the streams and stops.

  const std::string& address() const { return address_; }

  // A case of one worker who is underpaid in a factory in Malaysia, open, etag "1".
  void AddCase(const std::string& case_number, const std::string& member_id);
  void AddEvent(intake::v1::Event event);
  void AddFile(const std::string& evidence_id, std::string bytes);

  // "REFERRAL-ID OUTCOME" of each disclosure that was settled.
  std::vector<std::string> settled() const;
  // The token of the last call, without "Bearer ".
  std::string last_token() const;

  grpc::Status GetComplaint(grpc::ServerContext* context,
                            const intake::v1::GetComplaintRequest* request,
                            intake::v1::GetComplaintResponse* response) override;
  grpc::Status DiscloseComplaint(grpc::ServerContext* context,
                                 const intake::v1::DiscloseComplaintRequest* request,
                                 intake::v1::DiscloseComplaintResponse* response) override;
  grpc::Status SettleDisclosure(grpc::ServerContext* context,
                                const intake::v1::SettleDisclosureRequest* request,
                                intake::v1::SettleDisclosureResponse* response) override;
  grpc::Status DownloadEvidence(
      grpc::ServerContext* context, const intake::v1::DownloadEvidenceRequest* request,
      grpc::ServerWriter<intake::v1::DownloadEvidenceResponse>* writer) override;
  grpc::Status ReadEvents(grpc::ServerContext* context,
                          const intake::v1::ReadEventsRequest* request,
                          grpc::ServerWriter<intake::v1::ReadEventsResponse>* writer) override;

 private:
  struct KnownCase {
    intake::v1::Case complaint_case;
    std::string member_id;
  };
  void Note(const grpc::ServerContext& context);
  const KnownCase* Find(const std::string& case_number) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  std::string address_;
  mutable absl::Mutex mutex_;
  std::map<std::string, KnownCase> cases_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::string> files_ ABSL_GUARDED_BY(mutex_);
  std::vector<intake::v1::Event> events_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> settled_ ABSL_GUARDED_BY(mutex_);
  std::string last_token_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace redress::referral::testing

#endif  // REDRESS_SERVICES_REFERRAL_CLIENTS_TESTING_FAKE_INTAKE_H_
