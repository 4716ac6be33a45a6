// What is kept of the same events, by the schema of the store.
#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/platform/audit/content_hash.h"
#include "services/status/domain/testing/sample_events.h"
#include "services/status/storage/kv_read_model.h"
#include "services/status/testing/service_fixture.h"

namespace redress::status {
namespace {

// Of all that is kept of WholeStory() with that schema. When it changes, a store from before holds
// rows that are made otherwise now: raise kStatusSchema, so that it is built anew, and put the new
// digest here.
constexpr uint32_t kSchema = 7;
constexpr char kDigest[] = "cfe68848f4518125cedce80188b6e3440dcdab0cb1cd0ad6cf3effc74f6a9761";

TEST(SchemaTest, TheSameEventsAreKeptInTheSameWayAsLongAsTheSchemaIsTheSame) {
  testing::TestService service;
  const testing::Logs logs = testing::WholeStory();
  for (const IntakeEvent& event : logs.intake) service.intake().Add(event);
  for (const ReferralEvent& event : logs.referral) service.referral().Add(event);
  service.Start();
  service.Settle();
  std::string kept;
  for (const auto& [key, value] : service.Contents()) {
    kept += absl::BytesToHexString(key) + " " + absl::BytesToHexString(value) + "\n";
  }
  const audit::Sha256Digest digest = audit::Sha256({kept});
  const std::string hex = absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
  EXPECT_EQ(kStatusSchema, kSchema) << "put its digest here";
  EXPECT_EQ(hex, kDigest);
}

}  // namespace
}  // namespace redress::status
