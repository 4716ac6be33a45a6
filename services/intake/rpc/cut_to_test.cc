// The groups of data stand twice: as options in the protos, which say it to the reader of the API,
// and in CutTo, which does it. Here the one is held against the other, field by field.

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "redress/intake/v1/complaint.pb.h"
#include "redress/intake/v1/field_group.pb.h"
#include "redress/intake/v1/person.pb.h"
#include "services/intake/domain/disclosure.h"
#include "services/intake/rpc/complaint_conversion.h"
#include "services/intake/rpc/person_conversion.h"
#include "services/intake/rpc/testing/filled_messages.h"

namespace redress::intake {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

bool Holds(const FieldView& view, v1::FieldGroup group) {
  if (group == v1::FIELD_GROUP_UNSPECIFIED) return true;  // As the field above it.
  if (group == v1::FIELD_GROUP_NEVER) return view.home_fields;
  return view.groups.Has(static_cast<FieldGroup>(group));
}

// Empties what the options say a reader with `view` does not get.
void CutByOptions(const FieldView& view, Message& message) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (!Holds(view, field->options().GetExtension(v1::group))) {
      reflection.ClearField(&message, field);
    } else if (field->message_type() != nullptr && field->is_repeated()) {
      for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
        CutByOptions(view, *reflection.MutableRepeatedMessage(&message, field, i));
      }
    } else if (field->message_type() != nullptr) {
      CutByOptions(view, *reflection.MutableMessage(&message, field));
    }
  }
}

// Every set of groups, with and without what stays at home.
std::vector<FieldView> EveryView() {
  const std::vector<FieldGroup> all = FieldGroupSet::All().ToVector();
  std::vector<FieldView> views;
  for (unsigned set = 0; set < 1u << all.size(); ++set) {
    FieldGroupSet groups;
    for (size_t i = 0; i < all.size(); ++i) {
      if ((set >> i) & 1) groups.Add(all[i]);
    }
    views.push_back({groups, false});
    views.push_back({groups, true});
  }
  return views;
}

template <class Proto>
void IsCutAsItsOptionsSay() {
  Proto whole;
  FillEveryField(whole);
  Proto nothing_cut = whole;
  CutByOptions({FieldGroupSet::All(), true}, nothing_cut);
  ASSERT_EQ(nothing_cut.SerializeAsString(), whole.SerializeAsString());
  for (const FieldView& view : EveryView()) {
    Proto expected = whole;
    CutByOptions(view, expected);
    Proto taken = whole;
    const Proto cut = ToProto(CutTo(FromProto(std::move(taken)), view));
    std::string difference;
    google::protobuf::util::MessageDifferencer differencer;
    differencer.ReportDifferencesToString(&difference);
    ASSERT_TRUE(differencer.Compare(expected, cut))
        << "with " << view.groups.ToString() << (view.home_fields ? " at home" : "") << ":\n"
        << difference;
  }
}

TEST(CutToTest, EachFieldOfAComplaintIsCutExactlyWhenItsGroupIsAbsent) {
  IsCutAsItsOptionsSay<v1::Complaint>();
}

TEST(CutToTest, EachFieldOfAMemberIsCutExactlyWhenItsGroupIsAbsent) {
  IsCutAsItsOptionsSay<v1::GroupMember>();
}

}  // namespace
}  // namespace redress::intake
