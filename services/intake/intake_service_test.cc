#include <set>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "grpcpp/generic/generic_stub.h"
#include "gtest/gtest.h"
#include "services/intake/domain/access.h"
#include "services/intake/domain/testing/sample_filing.h"
#include "services/intake/intake_server_fixture.h"
#include "services/intake/rpc/complaint_conversion.h"
#include "services/platform/rpc/status_conversion.h"
#include "services/platform/rpc/testing/every_method_needs_a_token.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"

namespace redress::intake {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr char kService[] = "redress.intake.v1.IntakeService";

class IntakeRpcTest : public ::testing::Test {
 protected:
  template <class Request, class Response>
  absl::StatusOr<Response> Call(grpc::Status (v1::IntakeService::Stub::*method)(
                                    grpc::ClientContext*, const Request&, Response*),
                                const std::type_identity_t<Request>& request,
                                const std::string& person = "desk") {
    const auto context = IntakeServer::NewContext(person);
    Response response;
    const grpc::Status status = (stub_.get()->*method)(context.get(), request, &response);
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    return response;
  }

  v1::FileComplaintRequest NewFiling(int members = 2) {
    v1::FileComplaintRequest request;
    request.set_request_id(fmt::format("request-{:016}", ++requests_));
    *request.mutable_filing() = ToProto(SampleFiling(members));
    // A reference of its own, since a second one of the same is a likely duplicate.
    request.mutable_filing()->mutable_complaint()->set_own_reference(
        fmt::format("BTB-{}", requests_));
    return request;
  }
  v1::FileComplaintResponse File(int members = 2) {
    return Call(&v1::IntakeService::Stub::FileComplaint, NewFiling(members)).value();
  }

  IntakeServer server_;
  std::unique_ptr<v1::IntakeService::Stub> stub_ = server_.NewStub();
  int requests_ = 0;
};

std::vector<std::string> FieldsOf(const absl::Status& status) {
  std::vector<std::string> fields;
  for (const FieldViolation& violation : GetFieldViolations(status)) {
    fields.push_back(violation.field);
  }
  return fields;
}

TEST_F(IntakeRpcTest, AFiledComplaintIsShownAndListedAsItWasFiled) {
  const v1::FileComplaintRequest request = NewFiling();
  const auto filed = Call(&v1::IntakeService::Stub::FileComplaint, request);
  ASSERT_TRUE(filed.ok()) << filed.status();
  EXPECT_EQ(filed->state(), v1::CASE_STATE_FILED);
  EXPECT_THAT(filed->receipts(), SizeIs(2));
  EXPECT_EQ(filed->etag(), std::to_string(filed->commit_number()));
  EXPECT_EQ(filed->receipts(1).own_reference(), request.filing().members(1).own_reference());

  v1::GetComplaintRequest get;
  get.set_case_number(filed->case_number());
  const auto shown = Call(&v1::IntakeService::Stub::GetComplaint, get);
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_EQ(shown->complaint_case().etag(), filed->etag());
  EXPECT_EQ(shown->complaint_case().complaint().narrative(),
            request.filing().complaint().narrative());

  const auto listed = Call(&v1::IntakeService::Stub::ListComplaints, v1::ListComplaintsRequest());
  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_THAT(listed->cases(), SizeIs(1));
  EXPECT_EQ(listed->cases(0).case_number(), filed->case_number());
  EXPECT_EQ(listed->cases(0).etag(), filed->etag());

  v1::ListGroupMembersRequest members;
  members.set_case_number(filed->case_number());
  const auto people = Call(&v1::IntakeService::Stub::ListGroupMembers, members);
  ASSERT_TRUE(people.ok()) << people.status();
  EXPECT_EQ(people->members(0).complainant().name(),
            request.filing().members(0).complainant().name());
}

TEST_F(IntakeRpcTest, ARepeatedRequestGetsTheFirstAnswerToTheByte) {
  const v1::FileComplaintRequest request = NewFiling();
  const auto first = Call(&v1::IntakeService::Stub::FileComplaint, request);
  File();
  const auto again = Call(&v1::IntakeService::Stub::FileComplaint, request);
  ASSERT_TRUE(first.ok() && again.ok()) << first.status() << again.status();
  EXPECT_EQ(first->SerializeAsString(), again->SerializeAsString());
}

TEST_F(IntakeRpcTest, ARequestIdWithOtherContentIsRefused) {
  v1::FileComplaintRequest request = NewFiling();
  ASSERT_TRUE(Call(&v1::IntakeService::Stub::FileComplaint, request).ok());
  request.mutable_filing()->mutable_complaint()->set_narrative("Something else.");
  const absl::Status status = Call(&v1::IntakeService::Stub::FileComplaint, request).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(GetRefusal(status)->reason, "REQUEST_ID_REUSED");
}

TEST_F(IntakeRpcTest, EveryWrongFieldIsNamedAtOnceAndNothingIsStored) {
  v1::FileComplaintRequest request = NewFiling();
  request.set_request_id("!");
  request.mutable_filing()->mutable_complaint()->mutable_corridor()->set_destination("Malaysia");
  request.mutable_filing()
      ->mutable_members(1)
      ->mutable_claim_lines(0)
      ->mutable_claimed()
      ->set_amount("-5");
  const absl::Status status = Call(&v1::IntakeService::Stub::FileComplaint, request).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(FieldsOf(status),
              UnorderedElementsAre("request_id", "filing.complaint.corridor.destination",
                                   "filing.members[1].claim_lines[0].claimed.amount"));
  const auto listed = Call(&v1::IntakeService::Stub::ListComplaints, v1::ListComplaintsRequest());
  EXPECT_THAT(listed->cases(), IsEmpty());
}

TEST_F(IntakeRpcTest, EveryKindOfBadInputIsNamedInTheOneAnswer) {
  v1::FileComplaintRequest request = NewFiling(4);
  v1::Complaint& complaint = *request.mutable_filing()->mutable_complaint();
  complaint.set_sector("IT");
  complaint.mutable_primary_category()->set_code("wage_nonpayment");
  complaint.mutable_corridor()->set_origin("KHM");
  complaint.mutable_corridor()->set_destination("XX");
  complaint.set_narrative_language("xx");
  complaint.set_narrative(std::string((64 << 10) + 1, 'n'));
  complaint.mutable_incident()->set_from("2026-03");
  complaint.mutable_incident()->set_to("2026-02");
  complaint.set_received_on("2199-01-01");
  std::string earlier = CaseNumber("KH", 26, 417).ToString();
  earlier.back() = earlier.back() == 'A' ? 'B' : 'A';
  complaint.set_earlier_case_number(earlier);
  const auto claimed = [&request](int member) {
    return request.mutable_filing()
        ->mutable_members(member)
        ->mutable_claim_lines(0)
        ->mutable_claimed();
  };
  request.mutable_filing()
      ->mutable_members(0)
      ->mutable_fee_lines(0)
      ->mutable_amount()
      ->set_currency_code("RM");
  claimed(1)->set_amount("-1");
  claimed(2)->set_amount("99999999999999999999");
  claimed(3)->set_amount("1.234");
  const absl::Status status = Call(&v1::IntakeService::Stub::FileComplaint, request).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  const std::string members = "filing.members";
  EXPECT_THAT(
      FieldsOf(status),
      UnorderedElementsAre(
          "filing.complaint.sector", "filing.complaint.primary_category.code",
          "filing.complaint.corridor.origin", "filing.complaint.corridor.destination",
          "filing.complaint.narrative_language", "filing.complaint.narrative",
          "filing.complaint.incident.to", "filing.complaint.received_on",
          "filing.complaint.earlier_case_number", members + "[0].fee_lines[0].amount.currency_code",
          members + "[1].claim_lines[0].claimed.amount",
          members + "[2].claim_lines[0].claimed.amount",
          members + "[3].claim_lines[0].claimed.amount"));
  for (const FieldViolation& violation : GetFieldViolations(status)) {
    EXPECT_NE(violation.problem, "") << violation.field;
  }
  request = NewFiling(2);
  request.mutable_filing()->clear_members();
  EXPECT_THAT(FieldsOf(Call(&v1::IntakeService::Stub::FileComplaint, request).status()),
              ElementsAre("filing.members"));
  const auto listed = Call(&v1::IntakeService::Stub::ListComplaints, v1::ListComplaintsRequest());
  EXPECT_THAT(listed->cases(), IsEmpty());
}

TEST_F(IntakeRpcTest, AVerbNamesWhatIsWrongInItsContentBesideWhatItIsAskedOf) {
  v1::RevokeConsentRequest revoke;
  revoke.set_request_id("!");
  revoke.set_case_number("KH");
  revoke.set_etag("1");
  revoke.add_member_ids("nobody");
  revoke.set_purpose("EVERYTHING");
  revoke.set_receiver_body_id("mtuc");
  revoke.mutable_instruction()->set_how("DREAM");
  revoke.mutable_instruction()->set_given_on("2026-11-20");
  EXPECT_THAT(FieldsOf(Call(&v1::IntakeService::Stub::RevokeConsent, revoke).status()),
              IsSupersetOf({"request_id", "case_number", "member_ids[0]", "purpose",
                            "receiver_body_id", "instruction.how"}));
  v1::RequestApprovalRequest approval;
  approval.set_request_id("!");
  approval.set_case_number("KH");
  approval.set_etag("1");
  approval.add_member_ids("nobody");
  EXPECT_THAT(
      FieldsOf(Call(&v1::IntakeService::Stub::RequestApproval, approval, "ministry").status()),
      UnorderedElementsAre("request_id", "case_number", "reason", "member_ids[0]", "subject"));
  v1::AmendComplaintRequest amend;
  amend.set_request_id("!");
  amend.set_case_number("KH");
  amend.set_etag("1");
  amend.add_paths("scope");
  amend.mutable_complaint();
  EXPECT_THAT(FieldsOf(Call(&v1::IntakeService::Stub::AmendComplaint, amend).status()),
              UnorderedElementsAre("request_id", "case_number", "reason", "paths[0]"));
}

// The answer to a request of these bytes.
absl::Status SendBytes(IntakeServer& server, std::string_view verb, const std::string& bytes) {
  const grpc::Slice slice(bytes);
  grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer response;
  grpc::GenericStub stub(server.NewChannel());
  grpc::CompletionQueue queue;
  const auto context = IntakeServer::NewContext();
  const auto call =
      stub.PrepareUnaryCall(context.get(), fmt::format("/{}/{}", kService, verb), request, &queue);
  grpc::Status status;
  call->StartCall();
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  EXPECT_TRUE(queue.Next(&tag, &ok));
  return rpc::FromGrpcStatus(status);
}

// The message with a stray byte in the middle of `text`.
std::string WithStrayByte(const google::protobuf::Message& message, const std::string& text) {
  std::string bytes = message.SerializeAsString();
  bytes[bytes.find(text) + 3] = '\xff';
  return bytes;
}

TEST_F(IntakeRpcTest, TextThatIsNotUtf8IsNamedAndNothingIsStored) {
  const v1::FileComplaintRequest request = NewFiling();
  const absl::Status status = SendBytes(
      server_, "FileComplaint", WithStrayByte(request, request.filing().complaint().narrative()));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(FieldsOf(status), ElementsAre("filing.complaint.narrative"));
  const auto listed = Call(&v1::IntakeService::Stub::ListComplaints, v1::ListComplaintsRequest());
  ASSERT_TRUE(listed.ok()) << listed.status();
  EXPECT_THAT(listed->cases(), IsEmpty());
}

TEST_F(IntakeRpcTest, WithTextThatIsNotUtf8EverythingElseThatIsWrongIsNamedToo) {
  v1::FileComplaintRequest request = NewFiling();
  request.set_request_id("1");
  request.mutable_filing()->mutable_complaint()->set_sector("NOT_A_SECTOR");
  const std::string bytes = WithStrayByte(request, request.filing().complaint().narrative());
  EXPECT_THAT(
      FieldsOf(SendBytes(server_, "FileComplaint", bytes)),
      UnorderedElementsAre("filing.complaint.narrative", "request_id", "filing.complaint.sector"));

  v1::ListComplaintsRequest list;
  list.set_own_reference("BTB-1");
  list.set_page_size(-1);
  EXPECT_THAT(FieldsOf(SendBytes(server_, "ListComplaints", WithStrayByte(list, "BTB-1"))),
              UnorderedElementsAre("own_reference", "page_size"));
}

TEST_F(IntakeRpcTest, AForeignCaseAndOneThatIsNotThereAreTheSame) {
  v1::GetComplaintRequest get;
  get.set_case_number(File().case_number());
  const absl::Status foreign =
      Call(&v1::IntakeService::Stub::GetComplaint, get, "other-desk").status();
  get.set_case_number(CaseNumber("KH", 26, 999).ToString());
  const absl::Status absent = Call(&v1::IntakeService::Stub::GetComplaint, get).status();
  EXPECT_EQ(foreign.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(foreign, absent);
}

TEST_F(IntakeRpcTest, AWrongCheckCharacterIsSaidToBeOne) {
  v1::GetComplaintRequest get;
  std::string number = CaseNumber("KH", 26, 417).ToString();
  number.back() = number.back() == 'A' ? 'B' : 'A';
  get.set_case_number(number);
  const absl::Status status = Call(&v1::IntakeService::Stub::GetComplaint, get).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(FieldsOf(status), ElementsAre("case_number"));
}

TEST_F(IntakeRpcTest, AStaleETagIsAnsweredWithTheCurrentOne) {
  const v1::FileComplaintResponse filed = File();
  v1::ScreenComplaintRequest screen;
  screen.set_request_id("screen-0000000001");
  screen.set_case_number(filed.case_number());
  screen.set_etag("no etag of ours");
  screen.set_admit(true);
  screen.mutable_primary_category()->set_code("WAGE_UNDERPAYMENT");
  screen.set_urgency("NORMAL");
  const absl::Status stale =
      Call(&v1::IntakeService::Stub::ScreenComplaint, screen, "ministry").status();
  EXPECT_EQ(stale.code(), absl::StatusCode::kAborted) << stale;
  EXPECT_EQ(GetRefusal(stale)->metadata.at("etag"), filed.etag());
  screen.set_etag(filed.etag());
  const auto screened = Call(&v1::IntakeService::Stub::ScreenComplaint, screen, "ministry");
  ASSERT_TRUE(screened.ok()) << screened.status();
  EXPECT_EQ(screened->state(), v1::CASE_STATE_OPEN);
  EXPECT_GT(screened->commit_number(), filed.commit_number());
}

TEST_F(IntakeRpcTest, ARoleThatTheTableDoesNotHoldIsDenied) {
  const absl::Status status =
      Call(&v1::IntakeService::Stub::FileComplaint, NewFiling(), "service").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(GetRefusal(status)->reason, "ROLE_NOT_ALLOWED");
}

TEST_F(IntakeRpcTest, NoMethodAnswersWithoutATokenOrWithoutADeadline) {
  int called = 0;
  EXPECT_THAT(rpc::testing::MethodsOpenWithoutToken(server_.NewChannel(), kService, called),
              IsEmpty());
  EXPECT_EQ(called, 24);
  EXPECT_THAT(
      rpc::testing::MethodsOpenWithoutDeadline(server_.NewChannel(), kService, "desk", called),
      IsEmpty());
}

TEST(IntakeAccessTest, EveryMethodHasALineAndEveryLineAMethod) {
  const auto* service =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(kService);
  ASSERT_NE(service, nullptr);
  std::set<std::string> methods;
  for (int i = 0; i < service->method_count(); ++i) methods.insert(service->method(i)->name());
  std::set<std::string> lines;
  for (std::string_view verb : IntakeAccess().verbs()) lines.insert(std::string(verb));
  EXPECT_EQ(methods, lines);
}

}  // namespace
}  // namespace redress::intake
