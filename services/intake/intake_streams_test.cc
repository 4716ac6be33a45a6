#include <string>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/intake/domain/testing/sample_filing.h"
#include "services/intake/intake_server_fixture.h"
#include "services/intake/rpc/complaint_conversion.h"
#include "services/platform/crypto/sha256.h"
#include "services/platform/rpc/status_conversion.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"

namespace redress::intake {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class IntakeStreamsTest : public ::testing::Test {
 protected:
  v1::ImportComplaintsRequest Line(uint64_t number) {
    v1::ImportComplaintsRequest line;
    line.set_line_number(number);
    line.set_request_id(fmt::format("import-{:016}", number));
    *line.mutable_filing() = ToProto(SampleFiling(1));
    return line;
  }

  // Sends all lines, then reads all answers.
  std::vector<v1::ImportComplaintsResponse> Import(
      const std::vector<v1::ImportComplaintsRequest>& lines, grpc::Status* status) {
    const auto context = IntakeServer::NewContext();
    const auto stream = stub_->ImportComplaints(context.get());
    for (const auto& line : lines) stream->Write(line);
    stream->WritesDone();
    std::vector<v1::ImportComplaintsResponse> answers;
    v1::ImportComplaintsResponse answer;
    while (stream->Read(&answer)) answers.push_back(answer);
    *status = stream->Finish();
    return answers;
  }

  std::string FileOne() {
    v1::FileComplaintRequest request;
    request.set_request_id("file-000000000001");
    *request.mutable_filing() = ToProto(SampleFiling(1));
    v1::FileComplaintResponse response;
    const auto context = IntakeServer::NewContext();
    const grpc::Status status = stub_->FileComplaint(context.get(), request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.case_number();
  }

  static v1::UploadEvidenceRequest Header(const std::string& case_number,
                                          const std::string& content) {
    v1::UploadEvidenceRequest part;
    v1::EvidenceHeader& header = *part.mutable_header();
    header.set_request_id("upload-0000000001");
    header.set_case_number(case_number);
    header.mutable_file()->set_kind("PAYSLIP");
    header.mutable_file()->set_file_name("slip.jpg");
    header.mutable_file()->set_media_type("image/jpeg");
    header.mutable_file()->set_size_bytes(static_cast<int64_t>(content.size()));
    header.mutable_file()->set_sha256(crypto::Sha256::Of(content));
    header.mutable_file()->set_shareable(true);
    return part;
  }

  grpc::Status Upload(const std::vector<v1::UploadEvidenceRequest>& parts,
                      v1::UploadEvidenceResponse* response) {
    const auto context = IntakeServer::NewContext();
    const auto stream = stub_->UploadEvidence(context.get(), response);
    for (const auto& part : parts) stream->Write(part);
    stream->WritesDone();
    return stream->Finish();
  }

  static v1::UploadEvidenceRequest Chunk(std::string bytes) {
    v1::UploadEvidenceRequest part;
    part.set_chunk(std::move(bytes));
    return part;
  }

  static std::vector<std::string> FaultyFields(const v1::ImportComplaintsResponse& answer) {
    std::vector<std::string> fields;
    for (const v1::FieldFault& fault : answer.failure().faults()) fields.push_back(fault.field());
    return fields;
  }

  IntakeServer server_;
  std::unique_ptr<v1::IntakeService::Stub> stub_ = server_.NewStub();
};

TEST_F(IntakeStreamsTest, AnImportStoresTheGoodLinesAndNamesWhatIsWrongWithTheBad) {
  std::vector<v1::ImportComplaintsRequest> lines;
  for (uint64_t n = 1; n <= 100; ++n) lines.push_back(Line(n));
  lines[41].mutable_filing()->mutable_complaint()->set_sector("MOONSHINE");
  lines[76].set_request_id("");
  lines[76].mutable_filing()->mutable_members(0)->mutable_complainant()->set_nationality("KHM");
  grpc::Status status;
  const auto answers = Import(lines, &status);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_THAT(answers, SizeIs(100));
  for (size_t i = 0; i < answers.size(); ++i) {
    EXPECT_EQ(answers[i].line_number(), i + 1);
    EXPECT_EQ(answers[i].has_imported(), i != 41 && i != 76) << answers[i].DebugString();
  }
  EXPECT_EQ(answers[41].failure().code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(answers[41].failure().faults(0).field(), "filing.complaint.sector");
  EXPECT_THAT(answers[76].failure().faults(), SizeIs(2));
}

TEST_F(IntakeStreamsTest, ALineWithTextThatIsNotUtf8IsNotStoredAndAllThatIsWrongWithItIsNamed) {
  std::vector<v1::ImportComplaintsRequest> lines = {Line(1), Line(2), Line(3)};
  lines[0].mutable_filing()->mutable_complaint()->set_narrative("no wages\xff");
  lines[1].mutable_filing()->mutable_complaint()->set_narrative("no wages\xff");
  lines[1].mutable_filing()->mutable_complaint()->set_sector("MOONSHINE");
  grpc::Status status;
  const auto answers = Import(lines, &status);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_THAT(answers, SizeIs(3));
  EXPECT_THAT(FaultyFields(answers[0]), ElementsAre("filing.complaint.narrative"));
  EXPECT_THAT(FaultyFields(answers[1]),
              UnorderedElementsAre("filing.complaint.narrative", "filing.complaint.sector"));
  EXPECT_TRUE(answers[2].has_imported());
}

TEST_F(IntakeStreamsTest, AnUploadWithTextThatIsNotUtf8IsNotStoredAndAllThatIsWrongIsNamed) {
  const std::string number = FileOne();
  v1::UploadEvidenceRequest header = Header(number, "bytes");
  header.mutable_header()->mutable_file()->set_file_name("slip\xff.jpg");
  header.mutable_header()->mutable_file()->set_kind("MOONSHINE");
  v1::UploadEvidenceResponse response;
  const absl::Status refused = rpc::FromGrpcStatus(Upload({header, Chunk("bytes")}, &response));
  std::vector<std::string> fields;
  for (const FieldViolation& fault : GetFieldViolations(refused)) fields.push_back(fault.field);
  EXPECT_THAT(fields, UnorderedElementsAre("header.file.file_name", "file.kind")) << refused;
}

TEST_F(IntakeStreamsTest, AnImportThatIsSentAgainStoresNothingTwice) {
  grpc::Status status;
  const auto first = Import({Line(1), Line(2)}, &status);
  const auto again = Import({Line(1), Line(2), Line(3)}, &status);
  ASSERT_THAT(again, SizeIs(3));
  EXPECT_FALSE(first[0].imported().already_imported());
  EXPECT_TRUE(again[1].imported().already_imported());
  EXPECT_EQ(again[1].imported().case_number(), first[1].imported().case_number());
  EXPECT_FALSE(again[2].imported().already_imported());
}

TEST_F(IntakeStreamsTest, LinesThatDoNotRiseEndTheImport) {
  grpc::Status status;
  Import({Line(2), Line(2)}, &status);
  const absl::Status refused = rpc::FromGrpcStatus(status);
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetRefusal(refused)->reason, "NOT_IN_ORDER");
}

TEST_F(IntakeStreamsTest, AnErrorEndsAnImportWhoseClientGoesOnWaiting) {
  const auto context = IntakeServer::NewContext();
  const auto stream = stub_->ImportComplaints(context.get());
  stream->Write(Line(0));
  v1::ImportComplaintsResponse answer;
  EXPECT_FALSE(stream->Read(&answer));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(IntakeStreamsTest, ASingleRecordIsAnsweredBeforeTheNextIsSent) {
  const auto context = IntakeServer::NewContext();
  const auto stream = stub_->ImportComplaints(context.get());
  v1::ImportComplaintsResponse answer;
  for (uint64_t n = 1; n <= 3; ++n) {
    stream->Write(Line(n));
    ASSERT_TRUE(stream->Read(&answer));
    EXPECT_TRUE(answer.has_imported()) << answer.DebugString();
  }
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(IntakeStreamsTest, AFileComesBackAsItWasSent) {
  const std::string number = FileOne();
  std::string content;
  for (int i = 0; i < 300'000; ++i) content.push_back(static_cast<char>(i * 7));
  v1::UploadEvidenceResponse uploaded;
  const std::vector<v1::UploadEvidenceRequest> parts = {
      Header(number, content), Chunk(content.substr(0, 200'000)), Chunk(content.substr(200'000))};
  const grpc::Status status = Upload(parts, &uploaded);
  ASSERT_TRUE(status.ok()) << status.error_message();

  v1::DownloadEvidenceRequest request;
  request.set_case_number(number);
  request.set_evidence_id(uploaded.evidence_id());
  const auto context = IntakeServer::NewContext();
  const auto stream = stub_->DownloadEvidence(context.get(), request);
  v1::DownloadEvidenceResponse part;
  ASSERT_TRUE(stream->Read(&part));
  EXPECT_EQ(part.file().file_name(), "slip.jpg");
  std::string received;
  while (stream->Read(&part)) received += part.chunk();
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(received, content);

  v1::ListEvidenceRequest list;
  list.set_case_number(number);
  v1::ListEvidenceResponse listed;
  EXPECT_TRUE(stub_->ListEvidence(IntakeServer::NewContext().get(), list, &listed).ok());
  EXPECT_THAT(listed.files(), SizeIs(1));
}

TEST_F(IntakeStreamsTest, AnUploadBeginsWithItsHeader) {
  v1::UploadEvidenceResponse response;
  const absl::Status status = rpc::FromGrpcStatus(Upload({Chunk("bytes")}, &response));
  EXPECT_EQ(GetRefusal(status)->reason, "NOT_IN_ORDER");
}

TEST_F(IntakeStreamsTest, AFileWithOtherBytesThanAnnouncedIsNotStored) {
  const std::string number = FileOne();
  v1::UploadEvidenceResponse response;
  const absl::Status status =
      rpc::FromGrpcStatus(Upload({Header(number, "these"), Chunk("those")}, &response));
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  v1::ListEvidenceRequest list;
  list.set_case_number(number);
  v1::ListEvidenceResponse listed;
  EXPECT_TRUE(stub_->ListEvidence(IntakeServer::NewContext().get(), list, &listed).ok());
  EXPECT_THAT(listed.files(), IsEmpty());
}

TEST_F(IntakeStreamsTest, AFollowerOfTheEventsHearsOfWhatComesLater) {
  v1::ReadEventsRequest request;
  request.set_follow(true);
  const auto context = IntakeServer::NewContext("service");
  const auto stream = stub_->ReadEvents(context.get(), request);
  const std::string number = FileOne();
  v1::ReadEventsResponse response;
  do {
    ASSERT_TRUE(stream->Read(&response));
  } while (!response.has_event());
  EXPECT_EQ(response.event().number(), 1u);
  EXPECT_GT(response.event().commit_number(), 0u);
  EXPECT_EQ(response.event().case_number(), number);
  EXPECT_TRUE(response.event().has_case_filed());
  EXPECT_THAT(response.event().case_filed().members(), Not(IsEmpty()));
  context->TryCancel();
  stream->Finish();
}

TEST_F(IntakeStreamsTest, ReadingBeyondTheEventLogIsRefused) {
  v1::ReadEventsRequest request;
  request.set_after(7);
  const auto context = IntakeServer::NewContext("service");
  const auto stream = stub_->ReadEvents(context.get(), request);
  v1::ReadEventsResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::OUT_OF_RANGE);
}

}  // namespace
}  // namespace redress::intake
