#ifndef REDRESS_SERVICES_REFERRAL_APP_TESTING_FAKE_INTAKE_H_
#define REDRESS_SERVICES_REFERRAL_APP_TESTING_FAKE_INTAKE_H_

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "services/referral/app/intake_port.h"

namespace redress::referral {

// An intake with cases made by hand, that keeps to the contract of the port: disclosures idempotent
// by referral and number, settling idempotent by referral, entries posted once by id. `down` makes
// every call UNAVAILABLE.
class FakeIntake final : public IntakePort {
 public:
  struct Case {
    intake::v1::Case shown;
    std::vector<intake::v1::DisclosedMember> members;
    std::vector<intake::v1::EvidenceFile> files;
    uint64_t version = 1;
  };

  // A case of `members` people, OPEN, of the node "kh" towards Malaysia.
  Case& AddCase(const std::string& number, int members);

  bool down = false;
  std::map<std::string, Case> cases;
  std::map<std::string, std::string> settled;  // Referral id → outcome.
  std::set<std::string> disclosed;             // Referral ids ever disclosed.
  std::vector<intake::v1::MoneyEntry> ledger;
  std::vector<intake::v1::Event> events;
  std::map<std::string, std::string> file_bytes;  // By evidence id.
  // By member id: any call with an entry of that member is answered so and posts nothing.
  std::map<std::string, absl::Status> refuse_money;
  std::map<std::string, absl::Status> refuse_settling;  // By referral.
  // Answered to the next Disclose, once, when it is not OK.
  absl::Status refuse_disclosure;
  // What is disclosed has a head and no members, as when all have withdrawn since.
  bool disclose_nobody = false;
  // The next Disclose takes effect, once, and its answer is lost.
  bool fall_silent_after_disclosing = false;

  async::Task<absl::StatusOr<intake::v1::GetComplaintResponse>> ShowCase(
      intake::v1::GetComplaintRequest request) override;
  async::Task<absl::StatusOr<intake::v1::DiscloseComplaintResponse>> Disclose(
      intake::v1::DiscloseComplaintRequest request) override;
  async::Task<absl::StatusOr<intake::v1::SettleDisclosureResponse>> Settle(
      intake::v1::SettleDisclosureRequest request) override;
  async::Task<absl::StatusOr<intake::v1::RecordMoneyResponse>> RecordMoney(
      intake::v1::RecordMoneyRequest request) override;
  async::Task<absl::StatusOr<std::vector<intake::v1::Event>>> ReadEvents(
      uint64_t after, absl::Duration wait, async::CancellationToken cancellation) override;
  async::Task<absl::StatusOr<std::unique_ptr<ByteSource>>> FetchEvidence(
      std::string case_number, std::string evidence_id, std::string referral_id) override;

  static std::string MemberIdOf(int index);

  // What was last asked to be let out.
  intake::v1::DiscloseComplaintRequest last_asked;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_TESTING_FAKE_INTAKE_H_
