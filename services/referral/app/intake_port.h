#ifndef REDRESS_SERVICES_REFERRAL_APP_INTAKE_PORT_H_
#define REDRESS_SERVICES_REFERRAL_APP_INTAKE_PORT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "redress/intake/v1/case_requests.pb.h"
#include "redress/intake/v1/disclosure.pb.h"
#include "redress/intake/v1/events.pb.h"
#include "redress/intake/v1/filing_requests.pb.h"
#include "redress/intake/v1/money.pb.h"
#include "services/platform/async/cancellation.h"
#include "services/platform/async/task.h"

namespace redress::referral {

// Bytes that come one piece after another.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // The next piece, at most 256 KiB; empty at the end.
  virtual async::Task<absl::StatusOr<std::string>> Next() = 0;
};

// What the referral service asks of its own node's intake, always in the role `service`. An
// implementation sets a deadline on each call and passes errors on as they came, reasons included;
// UNAVAILABLE when intake cannot be reached. Thread-safe.
class IntakePort {
 public:
  virtual ~IntakePort() = default;

  // GetComplaint: the case as a service sees it.
  virtual async::Task<absl::StatusOr<intake::v1::GetComplaintResponse>> ShowCase(
      intake::v1::GetComplaintRequest request) = 0;

  // One page of what may leave; idempotent by referral id and disclosure number.
  virtual async::Task<absl::StatusOr<intake::v1::DiscloseComplaintResponse>> Disclose(
      intake::v1::DiscloseComplaintRequest request) = 0;

  // Ends a disclosure; idempotent by referral id. NOT_FOUND when there is none.
  virtual async::Task<absl::StatusOr<intake::v1::SettleDisclosureResponse>> Settle(
      intake::v1::SettleDisclosureRequest request) = 0;

  // Posts entries that came from a destination; an entry id is posted once.
  virtual async::Task<absl::StatusOr<intake::v1::RecordMoneyResponse>> RecordMoney(
      intake::v1::RecordMoneyRequest request) = 0;

  // The events after number `after`, in order, at most some hundreds. When there are none it waits
  // up to `wait` for one and may answer with none. OUT_OF_RANGE when `after` lies beyond the log.
  virtual async::Task<absl::StatusOr<std::vector<intake::v1::Event>>> ReadEvents(
      uint64_t after, absl::Duration wait, async::CancellationToken cancellation) = 0;

  // DownloadEvidence of a file that the disclosure of `referral_id` lets out.
  virtual async::Task<absl::StatusOr<std::unique_ptr<ByteSource>>> FetchEvidence(
      std::string case_number, std::string evidence_id, std::string referral_id) = 0;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_INTAKE_PORT_H_
