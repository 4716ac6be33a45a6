#include "tools/storedump/describe.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "redress/intake/storage/v1/history_record.pb.h"
#include "services/intake/storage/keys.h"
#include "services/platform/audit/audit_leaf.h"
#include "services/platform/journal/keys.h"
#include "services/referral/storage/keys.h"
#include "services/status/storage/keys.h"

namespace redress::storedump {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string KeyOf(uint8_t table) { return std::string(1, static_cast<char>(table)) + "x"; }

TEST(DescribeTest, ARowIsShownByItsFieldsAndItsSealedPartByItsSize) {
  redress::intake::storage::v1::HistoryRecord row;
  row.set_sealed("not for the eye");
  const std::string shown = DescribeValue(
      Service::kIntake, KeyOf(redress::intake::keys::kHistoryTable), row.SerializeAsString());
  EXPECT_THAT(shown, HasSubstr("<15 bytes>"));
  EXPECT_THAT(shown, Not(HasSubstr("not for the eye")));
}

TEST(DescribeTest, ADamagedRowIsCalledUnreadable) {
  EXPECT_THAT(DescribeValue(Service::kIntake, KeyOf(redress::intake::keys::kCaseTable), "\xff"),
              HasSubstr("UNREADABLE"));
}

TEST(DescribeTest, AnAuditLeafSaysWhoDidWhat) {
  audit::AuditLeaf leaf;
  leaf.actor.body = "kh:lscw";
  leaf.verb = "FileComplaint";
  const std::string shown =
      DescribeValue(Service::kIntake, KeyOf(journal::kAuditTable), audit::EncodeAuditLeaf(leaf));
  EXPECT_THAT(shown, HasSubstr("kh:lscw"));
  EXPECT_THAT(shown, HasSubstr("FileComplaint"));

  leaf.outcome = audit::Outcome::kRefused;
  leaf.reason = "TRANSITION_NOT_ALLOWED";
  leaf.left_out = 7;
  EXPECT_THAT(
      DescribeValue(Service::kIntake, KeyOf(journal::kAuditTable), audit::EncodeAuditLeaf(leaf)),
      HasSubstr("refused TRANSITION_NOT_ALLOWED and 7 more like it"));
}

TEST(DescribeTest, EveryTableHasANameThatFindsItAgain) {
  for (Service service : {Service::kIntake, Service::kReferral, Service::kStatus}) {
    int tables = 0;
    for (int number = 0; number < 256; ++number) {
      const std::string_view name = TableName(service, static_cast<uint8_t>(number));
      if (name.empty()) continue;
      ++tables;
      EXPECT_EQ(TableByName(service, name), number) << name;
    }
    EXPECT_GT(tables, 10);
  }
}

TEST(TellServiceTest, TheFirstTableTellsWhoseStoreItIs) {
  const CaseNumber number("KH", 2026, 1);
  EXPECT_EQ(TellService(intake::keys::OfCase(intake::keys::kCaseTable, number), ""),
            Service::kIntake);
  // A referral's key begins with the byte of its side.
  EXPECT_EQ(TellService(KeyOf(referral::kReferralTable).substr(0, 1) + "\x01KH-26-0000001-9", ""),
            Service::kReferral);
  EXPECT_EQ(TellService(status::BuildKey(), ""), Service::kStatus);
  EXPECT_EQ(TellService(status::BuildKey(), status::HomeStatusKey("KH-26-0000001-4")),
            Service::kStatus);
}

TEST(TellServiceTest, ATableThatIntakeHasNotTellsToo) {
  EXPECT_EQ(TellService("", KeyOf(redress::referral::kBodyTable)), Service::kReferral);
}

TEST(TellServiceTest, AnEmptyStoreIsNobodys) {
  EXPECT_EQ(TellService("", ""), std::nullopt);
  EXPECT_EQ(TellService(KeyOf(redress::intake::keys::kListTable), ""), std::nullopt);
}

TEST(DescribeTest, AnUnknownTableIsSaidToBeOne) {
  EXPECT_THAT(DescribeValue(Service::kStatus, KeyOf(0xf0), "abc"), HasSubstr("UNKNOWN"));
  EXPECT_EQ(TableByName(Service::kStatus, "nothing"), std::nullopt);
}

}  // namespace
}  // namespace redress::storedump
