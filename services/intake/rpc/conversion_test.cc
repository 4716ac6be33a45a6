#include <utility>

#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "services/intake/domain/testing/sample_filing.h"
#include "services/intake/rpc/common_conversion.h"
#include "services/intake/rpc/complaint_conversion.h"
#include "services/intake/rpc/evidence_conversion.h"
#include "services/intake/rpc/money_conversion.h"
#include "services/intake/rpc/person_conversion.h"
#include "services/intake/rpc/testing/filled_messages.h"

namespace redress::intake {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

template <class Proto>
void SurvivesTheWayThere(const Proto& written) {
  Proto moved = written;
  const Proto back = ToProto(FromProto(std::move(moved)));
  google::protobuf::util::MessageDifferencer differencer;
  std::string difference;
  differencer.ReportDifferencesToString(&difference);
  EXPECT_TRUE(differencer.Compare(written, back)) << difference;
}

TEST(ConversionTest, AFilingWithEveryFieldSetComesBackWhole) {
  v1::ComplaintFiling filing;
  FillEveryField(filing);
  ASSERT_THAT(UnsetFields(filing), IsEmpty());
  SurvivesTheWayThere(filing);
}

TEST(ConversionTest, AnEmptyMemberComesBackWithoutMessagesThatWereNotThere) {
  const v1::GroupMember back = ToProto(FromProto(v1::GroupMember()));
  EXPECT_FALSE(back.has_representative());
  EXPECT_FALSE(back.complainant().has_safe_contact());
}

TEST(ConversionTest, AClaimWithoutAmountsComesBackWithoutThem) {
  const v1::ClaimLine back = ToProto(FromProto(v1::ClaimLine()));
  EXPECT_FALSE(back.has_promised());
  EXPECT_FALSE(back.has_claimed());
  EXPECT_FALSE(back.has_period());
}

TEST(ConversionTest, AnInstructionWithEveryFieldSetComesBackWhole) {
  common::v1::WorkerInstruction instruction;
  FillEveryField(instruction);
  SurvivesTheWayThere(instruction);
}

TEST(ConversionTest, ASampleOfTheDomainComesBackTheSame) {
  const ComplaintFiling filing = SampleFiling(3);
  EXPECT_EQ(FromProto(ToProto(filing)), filing);
}

TEST(ConversionTest, AnEnumNumberThatIsUnknownIsUnspecified) {
  EXPECT_EQ(FromProto(static_cast<v1::CaseState>(99)), CaseState::kUnspecified);
  v1::Consent consent;
  consent.add_groups(v1::FIELD_GROUP_MONEY);
  // 257 is 1 in a byte.
  consent.mutable_groups()->Add(257);
  EXPECT_THAT(FromProto(std::move(consent)).groups,
              ElementsAre(FieldGroup::kMoney, FieldGroup::kUnspecified));
}

TEST(ConversionTest, TimestampsBeforeTheEpochKeepTheirNanoseconds) {
  const absl::Time time = absl::FromUnixSeconds(-5) + absl::Nanoseconds(250);
  const google::protobuf::Timestamp timestamp = ToProto(time);
  EXPECT_EQ(timestamp.seconds(), -5);
  EXPECT_EQ(timestamp.nanos(), 250);
  EXPECT_EQ(FromProto(timestamp), time);
}

TEST(ConversionTest, TimestampsThatAreNoneAreRefused) {
  google::protobuf::Timestamp timestamp;
  timestamp.set_nanos(-1);
  EXPECT_EQ(FromProto(timestamp), std::nullopt);
  timestamp.set_nanos(0);
  timestamp.set_seconds(253'402'300'800);
  EXPECT_EQ(FromProto(timestamp), std::nullopt);
}

TEST(ConversionTest, AmountsHaveTheDecimalsOfTheirCurrency) {
  EXPECT_EQ(ToProto(MoneyAmount{"MYR", 50'400'000}, SampleCodes()).amount(), "504000.00");
  EXPECT_EQ(ToProto(MoneyAmount{"VND", 504'000}, SampleCodes()).amount(), "504000");
  EXPECT_EQ(ToProto(MoneyAmount{"KWD", 1}, SampleCodes()).amount(), "0.001");
}

TEST(ConversionTest, EveryFieldOfAMoneyEntryIsTaken) {
  v1::MoneyEntry written;
  FillEveryField(written);
  const v1::MoneyEntry expected = written;
  const NewMoneyEntry taken = FromProto(std::move(written));
  EXPECT_EQ(taken.entry.entry_id, expected.entry_id());
  EXPECT_EQ(taken.entry.member_id, expected.member_id());
  EXPECT_EQ(taken.entry.kind, expected.kind());
  EXPECT_EQ(taken.entry.amount->amount, expected.amount().amount());
  EXPECT_EQ(taken.entry.happened_on, expected.happened_on());
  EXPECT_EQ(taken.entry.from_whom, expected.from_whom());
  EXPECT_EQ(taken.entry.to_whom, expected.to_whom());
  EXPECT_EQ(taken.entry.reverses_entry_id, expected.reverses_entry_id());
  EXPECT_EQ(taken.entry.referral_id, expected.referral_id());
  EXPECT_EQ(taken.entry.instruction->how, expected.instruction().how());
  EXPECT_EQ(taken.entry.note, expected.note());
  EXPECT_EQ(taken.recorded_by_node, expected.recorded_by().node_id());
  EXPECT_EQ(taken.recorded_by_body, expected.recorded_by().body_id());
  EXPECT_EQ(taken.recorded_by_role, expected.recorded_by().role());
  EXPECT_EQ(taken.recorded_at, FromProto(expected.recorded_at()));
}

TEST(ConversionTest, EveryFieldOfAnEvidenceFileIsTaken) {
  v1::EvidenceFile written;
  FillEveryField(written);
  const v1::EvidenceFile expected = written;
  const EvidenceFile taken = FromProto(std::move(written));
  EXPECT_EQ(taken.kind, expected.kind());
  EXPECT_EQ(taken.file_name, expected.file_name());
  EXPECT_EQ(taken.media_type, expected.media_type());
  EXPECT_EQ(taken.size_bytes, expected.size_bytes());
  EXPECT_EQ(taken.sha256, expected.sha256());
  EXPECT_EQ(taken.member_id, expected.member_id());
  EXPECT_EQ(taken.description, expected.description());
  EXPECT_EQ(taken.original_at, expected.original_at());
  EXPECT_TRUE(taken.shareable);
  EXPECT_TRUE(taken.sensitive);
}

}  // namespace
}  // namespace redress::intake
