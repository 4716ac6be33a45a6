#include "services/intake/rpc/import_rpc.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "services/intake/domain/validate_complaint.h"
#include "services/intake/rpc/answer_conversion.h"
#include "services/intake/rpc/complaint_conversion.h"
#include "services/intake/rpc/request_reader.h"
#include "services/platform/async/channel.h"
#include "services/platform/service/unreadable_request.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {
namespace {

using Record = ImportRpc::Record;
using Records = async::Channel<Record>;

constexpr std::string_view kMethod = "/redress.intake.v1.IntakeService/ImportComplaints";

// Reads ahead until the stream ends or the handler has closed the channel. It may outlive the
// handler by one read, so it shares the channel and touches the reader only while that is open.
async::Task<void> ReadAhead(rpc::Reader<Record>* in, std::shared_ptr<Records> records,
                            async::Executor* executor) {
  while (!records->closed()) {
    std::optional<Record> record = co_await in->Read();
    if (!record.has_value() || records->closed()) break;
    if (record->message.ByteSizeLong() > kMaxFilingBytes) {
      RequestReader reader;
      reader.CheckSize(record->message, "filing");
      record->status = reader.ToStatus();
      record->message.clear_filing();  // Not to be kept until its turn.
    }
    Record waiting = std::move(*record);
    const bool taken = co_await records->Push(*executor, std::move(waiting));
    if (!taken) break;
  }
  records->Close();
}

// What has come meanwhile, at least one; empty at the end.
async::Task<std::vector<Record>> TakePending(Records* records, async::Executor* executor,
                                             async::CancellationToken cancellation) {
  std::vector<Record> pending;
  std::optional<Record> first = co_await records->Pop(*executor, std::move(cancellation));
  if (!first.has_value()) co_return pending;
  pending.push_back(*std::move(first));
  while (pending.size() < Importing::kMaxLines) {
    std::optional<Record> next = records->TryPop();
    if (!next.has_value()) break;
    pending.push_back(*std::move(next));
  }
  co_return pending;
}

// The line as the application takes it, or everything that is wrong with it.
absl::StatusOr<ImportLine> ReadLine(Record record, const ValidationContext& validation) {
  v1::ImportComplaintsRequest& message = record.message;
  std::optional<service::UnreadableRequest> unreadable;
  if (!record.status.ok()) {
    if (!message.has_filing()) return record.status;
    unreadable.emplace(record.status);
    if (!unreadable->Disarm(kMethod, message)) return unreadable->ToStatus();
  }
  RequestReader reader;
  RequestMark mark = reader.MarkOfLine(message);
  ComplaintFiling filing = FromProto(std::move(*message.mutable_filing()));
  if (unreadable || !reader.ok()) ValidateFiling(filing, "filing", validation, reader.violations());
  if (unreadable) {
    unreadable->Take(reader.ToStatus());
    return unreadable->ToStatus();
  }
  RETURN_IF_ERROR(reader.ToStatus());
  return ImportLine{std::move(mark), std::move(filing)};
}

absl::Status CheckLinesRise(const std::vector<Record>& records, uint64_t& last) {
  for (const Record& record : records) {
    const uint64_t line = record.message.line_number();
    if (line <= last) {
      return Refuse(absl::StatusCode::kInvalidArgument, "NOT_IN_ORDER",
                    "lines are counted from 1 and rise",
                    {{"expected", std::to_string(last + 1)}, {"seen", std::to_string(line)}});
    }
    last = line;
  }
  return absl::OkStatus();
}

}  // namespace

v1::ImportFailure FailureOf(const absl::Status& status) {
  v1::ImportFailure failure;
  failure.set_code(static_cast<int32_t>(status.code()));
  // The messages of failures of the service itself are for its log.
  const bool internal = status.code() == absl::StatusCode::kInternal ||
                        status.code() == absl::StatusCode::kUnknown ||
                        status.code() == absl::StatusCode::kDataLoss;
  failure.set_message(internal ? "the service failed" : std::string(status.message()));
  const std::optional<Refusal> refusal = GetRefusal(status);
  if (refusal.has_value()) failure.set_reason(refusal->reason);
  for (const FieldViolation& violation : GetFieldViolations(status)) {
    v1::FieldFault* fault = failure.add_faults();
    fault->set_field(violation.field);
    fault->set_description(violation.problem);
  }
  return failure;
}

async::Task<absl::Status> ImportRpc::ImportComplaints(
    rpc::CallContext& context, rpc::Reader<Record>& in,
    rpc::Writer<v1::ImportComplaintsResponse>& out) {
  auto records = std::make_shared<Records>(Importing::kMaxLines);
  async::Executor& executor = context.executor();
  async::Spawn(executor, ReadAhead(&in, records, &executor));
  absl::Status status;
  uint64_t last_line = 0;
  bool wanted = true;
  while (wanted && status.ok()) {
    std::vector<Record> pending =
        co_await TakePending(records.get(), &executor, context.cancellation());
    if (pending.empty()) break;
    status = CheckLinesRise(pending, last_line);
    if (!status.ok()) break;
    std::vector<v1::ImportComplaintsResponse> answers =
        co_await ImportRecords(context.shared_principal(), std::move(pending));
    for (v1::ImportComplaintsResponse& answer : answers) {
      wanted = co_await out.Write(std::move(answer));
      if (!wanted) break;
    }
  }
  records->Close();
  if (status.ok()) status = context.cancellation().ToStatus();
  co_return status;
}

async::Task<std::vector<v1::ImportComplaintsResponse>> ImportRpc::ImportRecords(
    Caller caller, std::vector<Record> records) {
  std::vector<v1::ImportComplaintsResponse> answers(records.size());
  std::vector<ImportLine> lines;
  std::vector<size_t> places;  // Of each line among the answers.
  const ValidationContext validation = parts_.Validation();
  for (size_t i = 0; i < records.size(); ++i) {
    answers[i].set_line_number(records[i].message.line_number());
    absl::StatusOr<ImportLine> line = ReadLine(std::move(records[i]), validation);
    if (line.ok()) {
      lines.push_back(*std::move(line));
      places.push_back(i);
    } else {
      *answers[i].mutable_failure() = FailureOf(line.status());
    }
  }
  const std::vector<absl::StatusOr<VerbAnswer>> results =
      co_await parts_.app.importing().ImportBatch(std::move(caller), std::move(lines));
  for (size_t i = 0; i < results.size(); ++i) {
    v1::ImportComplaintsResponse& answer = answers[places[i]];
    if (results[i].ok()) {
      *answer.mutable_imported() = ImportedToProto(*results[i]);
    } else {
      *answer.mutable_failure() = FailureOf(results[i].status());
    }
  }
  co_return answers;
}

}  // namespace redress::intake
