#include "services/platform/crypto/tracking_code.h"

#include <set>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/crypto/encoding.h"

namespace redress::crypto {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

SecretKey Key(char fill) { return *SecretKey::FromBytes(std::string(32, fill)); }

TEST(TrackingCodeTest, IsTheSameForTheSameMember) {
  const TrackingCode code = TrackingCode::Derive(Key('k'), "01ARZ3NDEKTSV4RRFFQ69G5FAV");
  EXPECT_EQ(code.ToString(), "6878-4565-8984-8147");
  EXPECT_EQ(HexEncode(code.LookupDigest(Key('k'))), "47783362d43f2b20278e0b959997d8c7");
}

TEST(TrackingCodeTest, DiffersByMemberAndByNode) {
  std::set<std::string> codes;
  for (int i = 0; i < 1000; ++i) {
    codes.insert(TrackingCode::Derive(Key('k'), fmt::format("{}", i)).ToString());
  }
  EXPECT_EQ(codes.size(), 1000u);
  EXPECT_NE(TrackingCode::Derive(Key('k'), "m"), TrackingCode::Derive(Key('l'), "m"));
}

TEST(TrackingCodeTest, IsReadAsPeopleTypeIt) {
  for (std::string_view text :
       {"1234-5678-9012-3456", "1234567890123456", " 1234 5678 9012 3456 ", "1234–5678–9012–3456",
        "12 34-56 78-90 12-34 56", "១២៣៤-៥៦៧៨-៩០១២-៣៤៥៦", "၁၂၃၄ ၅၆၇၈ ၉၀၁၂ ၃၄၅၆",
        "١٢٣٤ ٥٦٧٨ ٩٠١٢ ٣٤٥٦", "१२३४ ५६७८ ९०१२ ३४५६", "১২৩৪ ৫৬৭৮ ৯০১২ ৩৪৫৬", "๑๒๓๔ ๕๖๗๘ ๙๐๑๒ ๓๔๕๖",
        "１２３４－５６７８－９０１２－３４５６"}) {
    const absl::StatusOr<TrackingCode> code = TrackingCode::Parse(text);
    ASSERT_TRUE(code.ok()) << text << code.status();
    EXPECT_EQ(code->ToString(), "1234-5678-9012-3456");
  }
}

TEST(TrackingCodeTest, AnythingElseIsRefusedWithoutRepeatingIt) {
  for (std::string_view text :
       {std::string_view(""), std::string_view("4234-5678-9012-345"),
        std::string_view("4234-5678-9012-34567"), std::string_view("4234-5678-9012-345O"),
        std::string_view("1234\0"
                         "567890123456",
                         17),
        std::string_view("\xe1\x9f"), std::string_view("\xc0\xb1"),
        std::string_view("\xff\xfe\xfd")}) {
    const absl::Status status = TrackingCode::Parse(text).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status));
    if (text.empty()) continue;
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr(text)));
  }
  EXPECT_TRUE(absl::IsInvalidArgument(TrackingCode::Parse(std::string(100'000, '1')).status()));
}

TEST(TrackingCodeTest, TheDigestNeedsTheKey) {
  const TrackingCode code = *TrackingCode::Parse("1234567890123456");
  EXPECT_EQ(code.LookupDigest(Key('k')).size(), TrackingCode::kLookupDigestSize);
  EXPECT_NE(code.LookupDigest(Key('k')), code.LookupDigest(Key('l')));
}

}  // namespace
}  // namespace redress::crypto
