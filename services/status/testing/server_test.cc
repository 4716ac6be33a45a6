// The service on a socket, with the checks that no method gets round.
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "gtest/gtest.h"
#include "redress/status/v1/status_service.grpc.pb.h"
#include "services/platform/async/task_group.h"
#include "services/platform/kv/memory_store.h"
#include "services/platform/rpc/status_conversion.h"
#include "services/platform/rpc/testing/every_method_needs_a_token.h"
#include "services/platform/rpc/testing/fake_authenticator.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"
#include "services/status/app/read_model.h"
#include "services/status/rpc/status_server.h"
#include "services/status/storage/kv_read_model.h"

namespace redress::status {
namespace {

using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using Stub = v1::StatusService::Stub;

class ServerTest : public ::testing::Test {
 protected:
  ServerTest() {
    progress_.stage = BuildStage::kWhole;
    server_.Register(rpc_server_);
    EXPECT_TRUE(rpc_server_.Start().ok());
    channel_ = grpc::CreateChannel(rpc_server_.addresses()[0], grpc::InsecureChannelCredentials());
    stub_ = v1::StatusService::NewStub(channel_);
  }
  ~ServerTest() override {
    rpc_server_.Shutdown(absl::Seconds(1));
    loop_.Stop();
  }

  template <class Request, class Response>
  absl::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response& response,
                    const std::string& role = "ministry") {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + role);
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    return rpc::FromGrpcStatus(((*stub_).*method)(&context, request, &response));
  }

  static rpc::ServerOptions Options(auth::Authenticator* authenticator) {
    rpc::ServerOptions options;
    options.listeners.push_back({.address = "127.0.0.1:0"});
    options.authenticator = authenticator;
    return options;
  }

  rpc::EventLoop loop_;
  SystemClock clock_;
  kv::MemoryStore store_{loop_};
  const std::unique_ptr<ReadModel> model_ = MakeReadModel(store_);
  Directory directory_;
  Progress progress_;
  SeededRandom random_{3};
  const crypto::SecretKey key_ = crypto::SecretKey::Generate(random_);
  const crypto::PageTokens page_tokens_{key_, random_};
  const IsoCodes codes_ = IsoCodes::Load().value();
  const AppParts parts_{*model_, directory_,   progress_, clock_, clock_,
                        codes_,  page_tokens_, key_,      loop_};
  rpc::testing::FakeAuthenticator authenticator_;
  StatusServer server_{parts_};
  rpc::Server rpc_server_{loop_, Options(&authenticator_)};
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<Stub> stub_;
};

TEST_F(ServerTest, AWatchWithTextThatIsNotUtf8IsRefusedWithAllThatIsWrong) {
  v1::WatchCasesRequest request;
  request.mutable_filter()->set_category("WAGE\xff");
  request.mutable_filter()->set_destination("XX");
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer ministry");
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
  const auto stream = stub_->WatchCases(&context, request);
  v1::WatchCasesResponse response;
  EXPECT_FALSE(stream->Read(&response));
  const absl::Status refused = rpc::FromGrpcStatus(stream->Finish());
  std::vector<std::string> fields;
  for (const FieldViolation& fault : GetFieldViolations(refused)) fields.push_back(fault.field);
  EXPECT_THAT(fields, UnorderedElementsAre("filter.category", "filter.destination")) << refused;
}

TEST_F(ServerTest, EveryMethodNeedsATokenAndADeadline) {
  int called = 0;
  EXPECT_THAT(rpc::testing::MethodsOpenWithoutToken(channel_, kStatusServiceName, called),
              IsEmpty());
  EXPECT_EQ(called, 6);
  EXPECT_THAT(
      rpc::testing::MethodsOpenWithoutDeadline(channel_, kStatusServiceName, "ministry", called),
      IsEmpty());
}

TEST_F(ServerTest, ARoleThatMayNotIsToldWhichMay) {
  v1::TrackByReceiptResponse response;
  const absl::Status status =
      Call(&Stub::TrackByReceipt, v1::TrackByReceiptRequest(), response, "ministry");
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(GetRefusal(status)->reason, "ROLE_NOT_ALLOWED");
}

TEST_F(ServerTest, EveryWrongFieldIsNamedAtOnce) {
  v1::ListCasesRequest request;
  request.mutable_filter()->set_nationality("kh");
  request.mutable_filter()->set_holder_body_id("MTUC");
  request.mutable_filter()->set_category("wages");
  request.set_page_size(201);
  v1::ListCasesResponse response;
  const absl::Status status = Call(&Stub::ListCases, request, response);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  std::vector<std::string> fields;
  for (const FieldViolation& one : GetFieldViolations(status)) fields.push_back(one.field);
  EXPECT_THAT(fields, ::testing::ElementsAre("filter.nationality", "filter.holder_body_id",
                                             "filter.category", "page_size"));
}

TEST_F(ServerTest, AWrongCheckCharacterIsSaid) {
  v1::GetCaseStatusRequest request;
  request.set_case_number("KH-26-0000417-A");
  v1::GetCaseStatusResponse response;
  const absl::Status status = Call(&Stub::GetCaseStatus, request, response);
  ASSERT_EQ(GetFieldViolations(status).size(), 1u) << status;
  EXPECT_EQ(GetFieldViolations(status)[0].field, "case_number");
}

TEST_F(ServerTest, AnEmptyNodeListsAndCountsNothing) {
  v1::ListCasesResponse listed;
  EXPECT_TRUE(Call(&Stub::ListCases, v1::ListCasesRequest(), listed).ok());
  EXPECT_THAT(listed.cases(), IsEmpty());
  EXPECT_FALSE(listed.watch_token().empty());
  v1::CountCasesRequest request;
  request.set_row(v1::DIMENSION_SEX);
  v1::CountCasesResponse counted;
  EXPECT_TRUE(Call(&Stub::CountCases, request, counted).ok());
  EXPECT_EQ(counted.total_cases(), 0u);
}

TEST_F(ServerTest, AMonthRangeNeedsMonthsAsADimension) {
  v1::CountCasesRequest request;
  request.set_row(v1::DIMENSION_SEX);
  request.set_from_month("2026-13");
  v1::CountCasesResponse response;
  const absl::Status status = Call(&Stub::CountCases, request, response);
  EXPECT_EQ(GetFieldViolations(status).size(), 2u) << status;
}

}  // namespace
}  // namespace redress::status
