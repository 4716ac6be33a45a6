#include "tools/benchmark/referral_trip.h"

#include <memory>
#include <vector>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "redress/intake/v1/intake_service.grpc.pb.h"
#include "redress/referral/v1/referral_service.grpc.pb.h"
#include "services/platform/status/status_macros.h"
#include "tools/benchmark/sides.h"
#include "tools/redress/session.h"

namespace redress::benchmark {
namespace {

using IntakeService = intake::v1::IntakeService;
using ReferralService = referral::v1::ReferralService;

constexpr absl::Duration kLongestTrip = absl::Seconds(20);
// Asking takes time from the six processes that are measured, which share the cores with it, so it
// is not done oftener than a trip of some ten of these needs.
constexpr absl::Duration kBetweenAsking = absl::Milliseconds(1);
// Nobody refers the next case the moment that the last one is there: what that one still has to do,
// receipts and read models, is no part of the next one's way.
constexpr absl::Duration kBetweenTrips = absl::Milliseconds(200);

// The two people, and their nodes.
struct Ends {
  cli::Session home;
  cli::Session abroad;
  std::unique_ptr<IntakeService::Stub> intake;
  std::unique_ptr<ReferralService::Stub> from;
  std::unique_ptr<ReferralService::Stub> to;
};

absl::StatusOr<bool> IsDelivered(Ends& ends, const std::string& referral_id) {
  referral::v1::GetReferralRequest request;
  request.set_referral_id(referral_id);
  const auto answer = ends.abroad.Call(*ends.to, &ReferralService::Stub::GetReferral, request);
  if (absl::IsNotFound(answer.status())) return false;
  RETURN_IF_ERROR(answer.status());
  return answer->referral().state() == referral::v1::REFERRAL_STATE_DELIVERED;
}

absl::StatusOr<absl::Duration> OneTrip(Ends& ends, const ReferralTripSettings& settings,
                                       const std::string& case_number, size_t number) {
  intake::v1::GetComplaintRequest read;
  read.set_case_number(case_number);
  ASSIGN_OR_RETURN(const auto found,
                   ends.home.Call(*ends.intake, &IntakeService::Stub::GetComplaint, read));
  referral::v1::ReferComplaintRequest request;
  request.set_request_id(ends.home.RequestId(number));
  request.set_case_number(case_number);
  request.set_case_etag(found.complaint_case().etag());
  request.set_receiver_body_id(settings.receiver);
  request.set_ad_hoc(true);
  const absl::Time began = absl::Now();
  ASSIGN_OR_RETURN(const auto referred,
                   ends.home.Call(*ends.from, &ReferralService::Stub::ReferComplaint, request));
  while (absl::Now() - began < kLongestTrip) {
    ASSIGN_OR_RETURN(const bool delivered, IsDelivered(ends, referred.change().referral_id()));
    if (delivered) return absl::Now() - began;
    absl::SleepFor(kBetweenAsking);
  }
  return absl::DeadlineExceededError(fmt::format("{} was not there within {}",
                                                 referred.change().referral_id(),
                                                 absl::FormatDuration(kLongestTrip)));
}

}  // namespace

absl::StatusOr<Tally> MeasureReferralTrips(const ReferralTripSettings& settings) {
  ASSIGN_OR_RETURN(const std::vector<KnownCase> cases, ReadCases(settings.cases));
  const cli::Globals home{.profile = settings.home, .profiles = settings.profiles};
  const cli::Globals abroad{.profile = settings.abroad, .profiles = settings.profiles};
  Ends ends{.home = cli::Session(home), .abroad = cli::Session(abroad)};
  RETURN_IF_ERROR(ends.home.Open());
  RETURN_IF_ERROR(ends.abroad.Open());
  ends.intake = ends.home.Intake<IntakeService>();
  ends.from = ends.home.Referral<ReferralService>();
  ends.to = ends.abroad.Referral<ReferralService>();
  Tally tally;
  const absl::Duration own_before = OwnCpuTime();
  for (const KnownCase& known : cases) {
    ASSIGN_OR_RETURN(const absl::Duration took, OneTrip(ends, settings, known.number, tally.done));
    ++tally.done;
    tally.latencies_us.push_back(static_cast<float>(absl::ToDoubleMicroseconds(took)));
    tally.elapsed += took;
    absl::SleepFor(kBetweenTrips);
  }
  tally.own_cpu = OwnCpuTime() - own_before;
  return tally;
}

}  // namespace redress::benchmark
