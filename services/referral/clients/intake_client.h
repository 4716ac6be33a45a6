#ifndef REDRESS_SERVICES_REFERRAL_CLIENTS_INTAKE_CLIENT_H_
#define REDRESS_SERVICES_REFERRAL_CLIENTS_INTAKE_CLIENT_H_

#include <memory>
#include <string>
#include <vector>

#include "grpcpp/channel.h"
#include "services/platform/rpc/call_options.h"
#include "services/platform/rpc/event_loop.h"
#include "services/platform/service/service_tokens.h"
#include "services/referral/app/intake_port.h"

namespace redress::referral {

// The node's own intake over gRPC, called with the node's service token. Each call has a deadline;
// what may run twice is repeated while intake restarts and the deadline lasts. Everything here may,
// since intake answers a repeated request as it did the first. Calls run on the event loop.
class IntakeClient final : public IntakePort {
 public:
  // `loop` and `tokens` are borrowed.
  IntakeClient(rpc::EventLoop& loop, service::ServiceTokens& tokens,
               std::shared_ptr<grpc::Channel> channel);
  ~IntakeClient() override;

  async::Task<absl::StatusOr<intake::v1::GetComplaintResponse>> ShowCase(
      intake::v1::GetComplaintRequest request) override;
  async::Task<absl::StatusOr<intake::v1::DiscloseComplaintResponse>> Disclose(
      intake::v1::DiscloseComplaintRequest request) override;
  async::Task<absl::StatusOr<intake::v1::SettleDisclosureResponse>> Settle(
      intake::v1::SettleDisclosureRequest request) override;
  async::Task<absl::StatusOr<intake::v1::RecordMoneyResponse>> RecordMoney(
      intake::v1::RecordMoneyRequest request) override;
  // One following call each time, which ends with the last event there is.
  async::Task<absl::StatusOr<std::vector<intake::v1::Event>>> ReadEvents(
      uint64_t after, absl::Duration wait, async::CancellationToken cancellation) override;
  async::Task<absl::StatusOr<std::unique_ptr<ByteSource>>> FetchEvidence(
      std::string case_number, std::string evidence_id, std::string referral_id) override;

 private:
  struct Generated;
  rpc::CallOptions Options(absl::Duration time) const;

  rpc::EventLoop& loop_;
  service::ServiceTokens& tokens_;
  const std::unique_ptr<Generated> generated_;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_CLIENTS_INTAKE_CLIENT_H_
