#include "services/intake/storage/event_codec.h"

#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "redress/intake/v1/events.pb.h"

namespace redress::intake {
namespace {

const MemberId kMember = MemberId::FromTrusted("0123456789ABCDEFGHJKMNPQRS");

CaseEvent Event(decltype(CaseEvent::what) what) {
  return {absl::FromUnixMicros(1'795'334'400'000'001),
          CaseNumber("KH", 26, 417),
          CaseState::kOpen,
          {"kh", "kh:lscw", "DESK", "never shown"},
          std::move(what)};
}

// Compares whole messages, and that the message knows every field.
void ExpectEvent(decltype(CaseEvent::what) what, const std::string& kind) {
  v1::Event expected;
  const std::string common =
      "occurred_at { seconds: 1795334400 nanos: 1000 } case_number: '" +
      CaseNumber("KH", 26, 417).ToString() +
      "' state: CASE_STATE_OPEN actor { node_id: 'kh' body_id: 'kh:lscw' role: 'DESK' } ";
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(common + kind, &expected)) << kind;
  v1::Event event;
  ASSERT_TRUE(event.ParseFromString(EncodeEvent(Event(std::move(what)))));
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(event, expected))
      << event.DebugString();
}

CaseDimensions Dimensions() {
  CaseDimensions dimensions;
  dimensions.destination = "MY";
  dimensions.urgency = "URGENT";
  dimensions.urgency_confirmed = true;
  dimensions.member_counts = {{"FEMALE", "KH", "REGULAR", "AGENCY", 2}};
  dimensions.member_count = 2;
  dimensions.agency_keys = {"licence:L17"};
  return dimensions;
}
constexpr char kDimensions[] =
    "dimensions { destination: 'MY' urgency: 'URGENT' urgency_confirmed: true member_count: 2 "
    "member_counts { sex: 'FEMALE' nationality: 'KH' migration_status: 'REGULAR' "
    "migration_channel: 'AGENCY' count: 2 } agency_keys: 'licence:L17' } ";

MoneyTotals Claimed() {
  MoneyTotals totals;
  totals.currency = "MYR";
  totals.by_kind[0] = 720000;
  totals.owed = 3;
  totals.balance = 2;
  totals.overpaid = 1;  // Not part of events.
  return totals;
}

TEST(EventCodecTest, EachKindIsReadAsWhatItSays) {
  ExpectEvent(
      CaseFiled{Dimensions(),
                {{kMember, "digest", "KH", "FEMALE", "REGULAR", "AGENCY", true, "2027-01-31"}},
                {Claimed()},
                "2024-10"},
      std::string("case_filed { ") + kDimensions +
          "members { member_id: '0123456789ABCDEFGHJKMNPQRS' tracking_digest: 'digest' "
          "nationality: 'KH' sex: 'FEMALE' migration_status: 'REGULAR' "
          "migration_channel: 'AGENCY' embassy_consent: true embassy_expires_on: '2027-01-31' } "
          "totals { currency_code: "
          "'MYR' claimed_minor: 720000 owed_minor: 3 balance_minor: 2 } incident_from: "
          "'2024-10' }");
  ExpectEvent(CaseScreened{true, "", Dimensions()},
              std::string("case_screened { admitted: true ") + kDimensions + "}");
  ExpectEvent(CaseAmended{3, {"narrative"}, {}, std::nullopt, {}},
              "case_amended { amendment_number: 3 paths: 'narrative' }");
  ExpectEvent(CaseWithdrawn{{kMember}, "PRESSURE", absl::FromUnixSeconds(9), {"R"}, {}},
              "case_withdrawn { member_ids: '0123456789ABCDEFGHJKMNPQRS' reason: 'PRESSURE' "
              "undo_until { seconds: 9 } affected_referral_ids: 'R' }");
  ExpectEvent(CaseClosed{{"WAGES_PAID"}, {"FINE"}, ""},
              "case_closed { remedies_obtained: 'WAGES_PAID' sanctions: 'FINE' }");
  ExpectEvent(CaseReopened{"CONTEST", {}, {}}, "case_reopened { kind: 'CONTEST' }");
  ExpectEvent(MembersAdded{{}, Dimensions(), {}},
              std::string("members_added { ") + kDimensions + "}");
  ExpectEvent(
      ConsentChanged{"REFERRAL", "my:mtuc", "GRANTED", {FieldGroup::kMoney}, {}, "2027-01-01", {}},
      "consent_changed { purpose: 'REFERRAL' receiver_body_id: 'my:mtuc' status: 'GRANTED' "
      "groups: FIELD_GROUP_MONEY expires_on: '2027-01-01' }");
  ExpectEvent(EvidenceAdded{kMember, "PHOTO", 7, {}, true},
              "evidence_added { evidence_id: '0123456789ABCDEFGHJKMNPQRS' kind: 'PHOTO' "
              "size_bytes: 7 shareable: true }");
  ExpectEvent(
      MoneyRecorded{{{{kMember, kMember, MoneyKind::kReceived, {"MYR", 5}, {}}, "2026-01-02", "R"}},
                    {}},
      "money_recorded { entries { entry_id: '0123456789ABCDEFGHJKMNPQRS' member_id: "
      "'0123456789ABCDEFGHJKMNPQRS' kind: 'RECEIVED' currency_code: 'MYR' minor_units: 5 "
      "happened_on: '2026-01-02' referral_id: 'R' } }");
  ExpectEvent(DisclosureOpened{"R", "my:mtuc", 1, {FieldGroup::kIdentity}, 2, true},
              "disclosure_opened { referral_id: 'R' receiver_body_id: 'my:mtuc' "
              "disclosure_number: 1 groups: FIELD_GROUP_IDENTITY member_count: 2 by_override: "
              "true }");
  ExpectEvent(DisclosureSettled{"R", "RESOLVED"},
              "disclosure_settled { referral_id: 'R' outcome: 'RESOLVED' }");
  ExpectEvent(ApprovalRequested{"A", "WRITE_OFF"},
              "approval_requested { approval_id: 'A' kind: 'WRITE_OFF' }");
  ExpectEvent(ApprovalDecided{"A", "WRITE_OFF", "REFUSED"},
              "approval_decided { approval_id: 'A' kind: 'WRITE_OFF' decision: 'REFUSED' }");
}

TEST(EventCodecTest, AKindWithoutContentIsStillTheKindItIs) {
  ExpectEvent(CaseClosed{}, "case_closed { }");
}

}  // namespace
}  // namespace redress::intake
