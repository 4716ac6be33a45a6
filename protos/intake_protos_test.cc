// What the compiler cannot see about the protos of intake: that every datum belongs to a group of
// data, and that what is stored can be read as what the API speaks.

#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "redress/intake/storage/v1/complaint_personal.pb.h"
#include "redress/intake/storage/v1/member_personal.pb.h"
#include "redress/intake/v1/case.pb.h"
#include "redress/intake/v1/complaint.pb.h"
#include "redress/intake/v1/evidence.pb.h"
#include "redress/intake/v1/field_group.pb.h"
#include "redress/intake/v1/person.pb.h"

namespace redress::intake {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;
using ::testing::IsEmpty;

bool IsSharedValue(const Descriptor& message) {
  return message.file()->package() == "redress.common.v1" ||
         message.file()->package() == "google.protobuf";
}

// Appends the path of each field below `message` that belongs to no group. `covered` says that a
// field above put everything below it into a group.
void CollectUngrouped(const Descriptor& message, const std::string& path, bool covered,
                      std::vector<std::string>& ungrouped) {
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    const std::string field_path = path + "." + field.name();
    const v1::FieldGroup group = field.options().GetExtension(v1::group);
    if (group == v1::FIELD_GROUP_UNSPECIFIED && !covered) ungrouped.push_back(field_path);
    if (field.message_type() == nullptr) continue;
    const bool covers_below =
        group == v1::FIELD_GROUP_UNSPECIFIED
            ? covered
            : group != v1::FIELD_GROUP_ALWAYS || IsSharedValue(*field.message_type());
    CollectUngrouped(*field.message_type(), field_path, covers_below, ungrouped);
  }
}

// Appends each field of `stored` that the API's message lacks or has otherwise, and each field of
// the API's message that `stored` neither has nor reserves.
void CollectDifferences(const Descriptor& api, const Descriptor& stored,
                        std::set<std::string>& seen, std::vector<std::string>& differences) {
  if (&api == &stored || !seen.insert(api.full_name()).second) return;
  for (int i = 0; i < api.field_count(); ++i) {
    const FieldDescriptor& field = *api.field(i);
    const FieldDescriptor* twin = stored.FindFieldByNumber(field.number());
    if (twin == nullptr) {
      if (!stored.IsReservedNumber(field.number())) differences.push_back(field.full_name());
      continue;
    }
    // Enums are stored as their numbers, which have the same bytes.
    const bool same_bytes =
        field.type() == twin->type() || (field.type() == FieldDescriptor::TYPE_ENUM &&
                                         twin->type() == FieldDescriptor::TYPE_UINT32);
    if (!same_bytes || field.name() != twin->name() || field.is_repeated() != twin->is_repeated()) {
      differences.push_back(field.full_name());
    } else if (field.message_type() != nullptr) {
      CollectDifferences(*field.message_type(), *twin->message_type(), seen, differences);
    }
  }
  for (int i = 0; i < stored.field_count(); ++i) {
    if (api.FindFieldByNumber(stored.field(i)->number()) == nullptr) {
      differences.push_back(stored.field(i)->full_name());
    }
  }
}

std::vector<std::string> Differences(const Descriptor& api, const Descriptor& stored) {
  std::set<std::string> seen;
  std::vector<std::string> differences;
  CollectDifferences(api, stored, seen, differences);
  return differences;
}

TEST(FieldGroupTest, EveryDatumOfAFilingBelongsToAGroup) {
  std::vector<std::string> ungrouped;
  CollectUngrouped(*v1::ComplaintFiling::descriptor(), "filing", false, ungrouped);
  EXPECT_THAT(ungrouped, IsEmpty());
}

TEST(FieldGroupTest, EveryDatumOfTheMembersInNumbersBelongsToAGroup) {
  std::vector<std::string> ungrouped;
  CollectUngrouped(*v1::MembersSummary::descriptor(), "members", false, ungrouped);
  EXPECT_THAT(ungrouped, IsEmpty());
}

TEST(FieldGroupTest, EveryDatumOfAnEvidenceFileBelongsToAGroup) {
  std::vector<std::string> ungrouped;
  CollectUngrouped(*v1::EvidenceFile::descriptor(), "file", false, ungrouped);
  EXPECT_THAT(ungrouped, IsEmpty());
}

TEST(FieldGroupTest, AFieldBelowOneThatIsOnlyAlwaysThereMustNameItsOwn) {
  std::vector<std::string> ungrouped;
  CollectUngrouped(*v1::Representative::descriptor(), "representative", false, ungrouped);
  EXPECT_THAT(ungrouped, ::testing::Contains("representative.name"));
}

TEST(StoredComplaintTest, CanBeReadAsTheApisComplaint) {
  EXPECT_THAT(
      Differences(*v1::Complaint::descriptor(), *storage::v1::ComplaintPersonal::descriptor()),
      IsEmpty());
}

TEST(StoredComplaintTest, KeepsNoNarrativeInTheHead) {
  v1::Complaint complaint;
  complaint.set_narrative("told in confidence");
  complaint.set_sector("MANUFACTURING");
  storage::v1::ComplaintPersonal stored;
  ASSERT_TRUE(stored.ParseFromString(complaint.SerializeAsString()));
  stored.DiscardUnknownFields();
  EXPECT_EQ(stored.SerializeAsString().find("confidence"), std::string::npos);
  EXPECT_EQ(stored.sector(), "MANUFACTURING");
}

TEST(StoredMemberTest, CanBeReadAsTheApisMember) {
  EXPECT_THAT(
      Differences(*v1::GroupMember::descriptor(), *storage::v1::MemberPersonal::descriptor()),
      IsEmpty());
}

TEST(StoredConsentTest, CanBeReadAsTheApisConsent) {
  v1::Consent consent;
  consent.set_purpose("REFERRAL");
  consent.add_groups(v1::FIELD_GROUP_MONEY);
  storage::v1::ConsentPersonal stored;
  ASSERT_TRUE(stored.ParseFromString(consent.SerializeAsString()));
  ASSERT_EQ(stored.groups_size(), 1);
  EXPECT_EQ(stored.groups(0), static_cast<uint32_t>(v1::FIELD_GROUP_MONEY));
  EXPECT_THAT(Differences(*v1::Consent::descriptor(), *storage::v1::ConsentPersonal::descriptor()),
              IsEmpty());
}

}  // namespace
}  // namespace redress::intake
