#include "services/platform/rpc/status_conversion.h"

#include <filesystem>
#include <fstream>

#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "services/platform/rpc/retry_delay.h"
#include "services/platform/rpc/service_main.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"

namespace redress::rpc {
namespace {

using ::testing::ElementsAre;

TEST(StatusConversionTest, EveryCodeSurvivesTheWayThereAndBack) {
  for (int code = 0; code <= 16; ++code) {
    const absl::Status status(static_cast<absl::StatusCode>(code), "said");
    EXPECT_EQ(FromGrpcStatus(ToGrpcStatus(status)).code(), status.code()) << code;
  }
}

TEST(StatusConversionTest, ARefusalIsAnErrorInfoOfTheDomainRedress) {
  const grpc::Status status =
      ToGrpcStatus(RefusePrecondition("AGREEMENT_EXPIRED", "ended", {{"agreement", "kh-my"}}));
  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(status.error_details()));
  EXPECT_EQ(details.code(), 9);
  EXPECT_EQ(details.message(), "ended");
  ASSERT_EQ(details.details_size(), 1);
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(details.details(0).UnpackTo(&info));
  EXPECT_EQ(info.domain(), "redress");
  EXPECT_EQ(info.reason(), "AGREEMENT_EXPIRED");
  EXPECT_EQ(info.metadata().at("agreement"), "kh-my");
}

TEST(StatusConversionTest, RefusalViolationsAndDelaySurviveTogether) {
  FieldViolations violations;
  violations.Add("complaint.sector", "accepted: FISHING");
  absl::Status status = WithRetryDelay(violations.ToStatus(), absl::Milliseconds(1500));

  const absl::Status back = FromGrpcStatus(ToGrpcStatus(status));

  EXPECT_EQ(back, status);
  EXPECT_THAT(GetFieldViolations(back),
              ElementsAre(FieldViolation{"complaint.sector", "accepted: FISHING"}));
  EXPECT_EQ(GetRetryDelay(back), absl::Milliseconds(1500));
}

TEST(StatusConversionTest, WhatWouldNotFitIntoMetadataIsCutAndSaysSo) {
  FieldViolations violations;
  for (int i = 0; i < 500; ++i) violations.Add("complaint.members", "ត្រូវការឈ្មោះ");
  const grpc::Status status = ToGrpcStatus(violations.ToStatus());
  EXPECT_LE(status.error_message().size(), 800);
  EXPECT_TRUE(status.error_message().ends_with("…"));
  EXPECT_LE(status.error_details().size(), 4000);

  const std::vector<FieldViolation> told = GetFieldViolations(FromGrpcStatus(status));
  ASSERT_GT(told.size(), 10);
  EXPECT_EQ(told.front().problem, "ត្រូវការឈ្មោះ");
  EXPECT_EQ(told.back(),
            (FieldViolation{"", "and " + std::to_string(501 - told.size()) + " more"}));
}

TEST(StatusConversionTest, WhatFailedInsideIsNotTold) {
  for (const absl::Status& status :
       {absl::InternalError("/var/lib/x"), absl::UnknownError("/var/lib/x"),
        absl::DataLossError("/var/lib/x"),
        Refuse(absl::StatusCode::kInternal, "X", "/var/lib/x", {{"path", "/var/lib/x"}})}) {
    const grpc::Status sent = ToGrpcStatus(status, "0a1b2c3d");
    EXPECT_EQ(sent.error_message(), "internal error; incident 0a1b2c3d");
    EXPECT_EQ(sent.error_details(), "");
  }
}

TEST(StatusConversionTest, AFileThatArrivedDamagedIsARefusalThatItsSenderHears) {
  const absl::Status status =
      Refuse(absl::StatusCode::kDataLoss, "FILE_DIGEST_MISMATCH", "send it again");
  EXPECT_FALSE(IsInternalError(status));
  EXPECT_EQ(FromGrpcStatus(ToGrpcStatus(status)), status);
}

TEST(StatusConversionTest, DetailsThatCannotBeReadAreLeftOut) {
  const grpc::Status status(grpc::StatusCode::ABORTED, "said", "\xff\xff\xff");
  EXPECT_EQ(FromGrpcStatus(status), absl::AbortedError("said"));
}

TEST(StatusConversionTest, ARefusalOfAnotherDomainIsNotTakenForOurs) {
  google::rpc::ErrorInfo info;
  info.set_domain("example.org");
  info.set_reason("CONSENT_MISSING");
  google::rpc::Status details;
  details.add_details()->PackFrom(info);
  const grpc::Status status(grpc::StatusCode::ABORTED, "said", details.SerializeAsString());
  EXPECT_EQ(GetRefusal(FromGrpcStatus(status)), std::nullopt);
}

TEST(StatusConversionTest, IncidentsDiffer) { EXPECT_NE(NewIncident(), NewIncident()); }

TEST(ServiceMainTest, TheAddressFileSaysWhatWasBound) {
  const std::string path = ::testing::TempDir() + "addresses_" + std::to_string(getpid()) + ".json";
  ASSERT_TRUE(WriteAddressFile(path, "intake", {{"grpc", {"127.0.0.1:4000", "unix:/x"}}}).ok());
  std::ifstream file(path);
  const auto content = nlohmann::json::parse(file, nullptr, false);
  EXPECT_EQ(content["service"], "intake");
  EXPECT_EQ(content["pid"], getpid());
  EXPECT_EQ(content["addresses"]["grpc"][0], "127.0.0.1:4000");
  std::filesystem::remove(path);
  EXPECT_FALSE(WriteAddressFile("/nonexistent/x", "intake", {}).ok());
  EXPECT_TRUE(WriteAddressFile("", "intake", {}).ok());
}

}  // namespace
}  // namespace redress::rpc
