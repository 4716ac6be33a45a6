#ifndef REDRESS_SERVICES_REFERRAL_DOMAIN_FACT_DETAILS_H_
#define REDRESS_SERVICES_REFERRAL_DOMAIN_FACT_DETAILS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "services/platform/ids/case_number.h"
#include "services/platform/ids/names.h"
#include "services/platform/time/date.h"
#include "services/referral/domain/terms.h"

namespace redress::referral {

// What each kind of fact carries beside who, when and why; limits and meaning of each field are
// those of protos/redress/referral/v1/fact_details.proto. Free text may hold personal data. An
// instant that is not known is absl::InfinitePast().

struct SentDetails {
  BodyId receiver;
  std::string urgency;        // EMERGENCY, URGENT, NORMAL.
  uint32_t member_count = 0;  // Disclosed at first.
  friend bool operator==(const SentDetails&, const SentDetails&) = default;
};

struct DeliveredDetails {
  absl::Time arrived_at = absl::InfinitePast();
  std::string head_sha256;  // 32 bytes.
  friend bool operator==(const DeliveredDetails&, const DeliveredDetails&) = default;
};

// With UNDELIVERED and NO_RESPONSE.
struct SilenceDetails {
  absl::Time due_at = absl::InfinitePast();
  bool link_drained = false;  // False: the link itself was silent, an answer may be stuck.
  absl::Time peer_heard_at = absl::InfinitePast();
  friend bool operator==(const SilenceDetails&, const SilenceDetails&) = default;
};

struct AcknowledgedDetails {
  std::string focal_point_id;  // May be empty.
  friend bool operator==(const AcknowledgedDetails&, const AcknowledgedDetails&) = default;
};

struct AcceptedDetails {
  std::string focal_point_id;  // Required.
  std::string receiver_reference;
  friend bool operator==(const AcceptedDetails&, const AcceptedDetails&) = default;
};

struct DeclinedDetails {
  std::vector<BodyId> suggested;
  friend bool operator==(const DeclinedDetails&, const DeclinedDetails&) = default;
};

struct InformationItem {
  uint32_t field_group = 0;  // redress.intake.v1.FieldGroup.
  std::string question;
  MemberId member;  // Empty: the whole case.
  friend bool operator==(const InformationItem&, const InformationItem&) = default;
};

struct InformationRequestDetails {
  uint32_t question_number = 0;  // From 1.
  std::vector<InformationItem> items;
  absl::Time answer_by = absl::InfinitePast();
  friend bool operator==(const InformationRequestDetails&,
                         const InformationRequestDetails&) = default;
};

struct InformationAnswerDetails {
  uint32_t question_number = 0;
  std::string answer;
  uint32_t disclosure_number = 0;  // 0: none was sent along.
  std::vector<RandomId> files;
  friend bool operator==(const InformationAnswerDetails&,
                         const InformationAnswerDetails&) = default;
};

struct ForwardDetails {
  BodyId to;
  std::optional<ReferralId> child;
  friend bool operator==(const ForwardDetails&, const ForwardDetails&) = default;
};

// Whether one party of a hearing was told, and came. Kept because workers have lost wages waiting
// for a hearing that nobody came to.
struct HearingNotice {
  std::string party;  // WORKER, REPRESENTATIVE, RESPONDENT, WITNESS, INTERPRETER, ATTACHE.
  MemberId member;    // Empty: every disclosed member.
  absl::Time notified_at = absl::InfinitePast();
  std::string channel;
  bool attended = false;
  friend bool operator==(const HearingNotice&, const HearingNotice&) = default;
};

struct StepDetails {
  std::string kind;  // codes.h.
  absl::Time held_at = absl::InfinitePast();
  std::string place;
  bool announced = false;  // Of an inspection or a visit.
  std::string summary;
  std::vector<HearingNotice> notices;
  absl::Time next_date = absl::InfinitePast();
  std::vector<RandomId> files;
  friend bool operator==(const StepDetails&, const StepDetails&) = default;
};

struct HoldDetails {
  std::optional<Date> until;
  friend bool operator==(const HoldDetails&, const HoldDetails&) = default;
};

struct ProposalDetails {
  uint32_t proposal_number = 0;  // From 1.
  GroupTerms terms;
  std::string payer;
  std::string conditions;
  absl::Time answer_by = absl::InfinitePast();
  friend bool operator==(const ProposalDetails&, const ProposalDetails&) = default;
};

struct MemberAnswer {
  MemberId member;
  bool accepted = false;
  friend bool operator==(const MemberAnswer&, const MemberAnswer&) = default;
};

struct ProposalAnswerDetails {
  uint32_t proposal_number = 0;
  std::vector<MemberAnswer> answers;
  // Disclosed members who, after these answers, have still to accept. Home alone knows who is
  // disclosed now, so it says so in the fact, and both nodes resolve at the same one.
  uint32_t members_left = 0;
  friend bool operator==(const ProposalAnswerDetails&, const ProposalAnswerDetails&) = default;
};

struct OutcomeDetails {
  GroupTerms terms;
  bool awarded = false;  // Ordered by an authority; otherwise agreed between the parties.
  std::string sanction;
  std::string summary;
  std::optional<Date> due;
  friend bool operator==(const OutcomeDetails&, const OutcomeDetails&) = default;
};

struct RecallDetails {
  bool erasure_required = false;  // Then it holds whichever fact wins.
  friend bool operator==(const RecallDetails&, const RecallDetails&) = default;
};

using FactDetails =
    std::variant<std::monostate, SentDetails, DeliveredDetails, SilenceDetails, AcknowledgedDetails,
                 AcceptedDetails, DeclinedDetails, InformationRequestDetails,
                 InformationAnswerDetails, ForwardDetails, StepDetails, HoldDetails,
                 ProposalDetails, ProposalAnswerDetails, OutcomeDetails, RecallDetails>;

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_DOMAIN_FACT_DETAILS_H_
