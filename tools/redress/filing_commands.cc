#include "tools/redress/filing_commands.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "fmt/format.h"
#include "services/platform/crypto/sha256.h"
#include "tools/redress/case_verb.h"

namespace redress::cli {
namespace {

using namespace redress::intake::v1;  // NOLINT: this file is all about these messages.

// What `complaint file --template` prints: enough to see where things go, valid as it stands.
constexpr char kTemplate[] = R"({
  "complaint": {
    "kind": "COMPLAINT",
    "scope": "INDIVIDUAL",
    "channel": "IN_PERSON",
    "migrationStage": "DURING",
    "corridor": {"origin": "KH", "destination": "MY"},
    "incident": {"from": "2025-01", "to": "2025-12"},
    "sector": "MANUFACTURING",
    "primaryCategory": {"code": "WAGE_UNDERPAYMENT"},
    "remediesSought": ["WAGES_PAID"],
    "narrative": "What happened, in the worker's own words.",
    "narrativeLanguage": "km",
    "respondents": [{"kind": "EMPLOYER", "name": "As far as the worker knows it", "country": "MY"}],
    "province": "KH-2"
  },
  "members": [{
    "complainant": {
      "name": "Name of the worker",
      "sex": "FEMALE",
      "nationality": "KH",
      "languages": ["km"],
      "migrationStatus": "REGULAR",
      "migrationChannel": "AGENCY",
      "whereNow": "DESTINATION"
    },
    "claimLines": [{
      "type": "WAGES",
      "period": {"from": "2025-01", "to": "2025-12"},
      "promised": {"currencyCode": "MYR", "amount": "9000.00"},
      "received": {"currencyCode": "MYR", "amount": "5400.00"},
      "claimed": {"currencyCode": "MYR", "amount": "3600.00"}
    }]
  }],
  "consents": [{"purpose": "FILING", "status": "GRANTED", "how": "SIGNED", "language": "km",
                "givenOn": "2026-01-10"}]
})";

void PrintReceipts(Run& run, const FileComplaintResponse& response) {
  run.output.Line(fmt::format("Filed {}", response.case_number()), Colour::kGreen);
  Table table({"MEMBER", "TRACKING CODE"});
  for (const auto& receipt : response.receipts()) {
    table.AddRow({receipt.member_id(), receipt.tracking_code()});
  }
  run.output.PrintTable(table);
  run.output.Line(fmt::format("Suggested urgency: {}", response.urgency_suggestion().urgency()));
  for (const auto& reason : response.urgency_suggestion().reasons()) {
    run.output.Line(fmt::format("  because {} is {}", reason.field(), reason.code()));
  }
  for (const auto& indicator : response.suggested_indicators()) {
    run.output.Line(fmt::format("Forced-labour indicator to look at: {}", indicator.indicator()),
                    Colour::kYellow);
  }
  for (const auto& warning : response.warnings()) {
    run.output.Line(fmt::format("{}: {}", warning.field(), warning.description()), Colour::kYellow);
  }
  run.output.Line(fmt::format("Kept for good as commit {}; etag {}", response.commit_number(),
                              response.etag()));
}

absl::Status File(Run& run, const std::string& path) {
  FileComplaintRequest request;
  RETURN_IF_ERROR(ReadJson(path, *request.mutable_filing()));
  request.set_request_id(run.session.RequestId());
  const auto stub = IntakeOf(run.session);
  ASSIGN_OR_RETURN(const auto response,
                   run.session.Call(*stub, &IntakeStub::FileComplaint, request));
  run.output.Json(response);
  PrintReceipts(run, response);
  return absl::OkStatus();
}

// Lines read, answered and failed of a running import, drawn on stderr when that is a terminal.
class ImportProgress {
 public:
  void Answered(bool good) {
    ++answered_;
    if (!good) ++failed_;
    if (shown_ && answered_ % 64 == 0) Draw();
  }
  void Finish() {
    if (shown_) std::cerr << "\r\x1b[K";
  }
  uint64_t failed() const { return failed_; }
  uint64_t answered() const { return answered_; }

 private:
  void Draw() { std::cerr << fmt::format("\r{} lines, {} refused", answered_, failed_); }
  const bool shown_ = isatty(STDERR_FILENO) != 0;
  uint64_t answered_ = 0;
  uint64_t failed_ = 0;
};

// The same file imported again has the same marks, so nothing is filed twice.
std::string LineRequestId(const std::string& line, uint64_t number) {
  const std::string digest = crypto::Sha256::Of(fmt::format("{}\n{}", number, line));
  std::string id = "import-";
  for (size_t i = 0; i < 20; ++i) id += fmt::format("{:02x}", static_cast<uint8_t>(digest[i]));
  return id;
}

// The stream's two ends, and what the reading of the file itself found wrong.
struct Import {
  std::unique_ptr<grpc::ClientReaderWriter<ImportComplaintsRequest, ImportComplaintsResponse>>
      stream;
  std::vector<ImportComplaintsResponse> unreadable;
};

void SendLines(std::istream& in, Import& import) {
  std::string line;
  for (uint64_t number = 1; std::getline(in, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    ImportComplaintsRequest request;
    const absl::Status parsed =
        ParseJson("not the JSON of a complaint", line, *request.mutable_filing());
    if (!parsed.ok()) {
      ImportComplaintsResponse& failure = import.unreadable.emplace_back();
      failure.set_line_number(number);
      failure.mutable_failure()->set_code(grpc::StatusCode::INVALID_ARGUMENT);
      failure.mutable_failure()->set_message(std::string(parsed.message()));
      continue;
    }
    request.set_line_number(number);
    request.set_request_id(LineRequestId(line, number));
    if (!import.stream->Write(request)) break;
  }
  import.stream->WritesDone();
}

void PrintFailure(Run& run, const ImportComplaintsResponse& answer) {
  const ImportFailure& failure = answer.failure();
  if (failure.faults().empty()) {
    run.output.Line(fmt::format("line {}: {}", answer.line_number(), failure.message()),
                    Colour::kRed);
  }
  for (const auto& fault : failure.faults()) {
    run.output.Line(
        fmt::format("line {}: {}: {}", answer.line_number(), fault.field(), fault.description()),
        Colour::kRed);
  }
}

absl::Status RunImport(Run& run, std::istream& in) {
  const auto stub = IntakeOf(run.session);
  ASSIGN_OR_RETURN(const auto context, run.session.NewContext(absl::Hours(1)));
  Import import;
  import.stream = stub->ImportComplaints(context.get());
  std::thread sender([&] { SendLines(in, import); });
  ImportProgress progress;
  std::vector<ImportComplaintsResponse> failures;
  for (ImportComplaintsResponse answer; import.stream->Read(&answer);) {
    progress.Answered(answer.has_imported());
    run.output.JsonLine(answer);
    if (answer.has_failure()) failures.push_back(answer);
  }
  sender.join();
  for (const ImportComplaintsResponse& answer : import.unreadable) {
    progress.Answered(false);
    run.output.JsonLine(answer);
    failures.push_back(answer);
  }
  progress.Finish();
  const grpc::Status status = import.stream->Finish();
  std::sort(failures.begin(), failures.end(),
            [](const auto& a, const auto& b) { return a.line_number() < b.line_number(); });
  for (const ImportComplaintsResponse& answer : failures) PrintFailure(run, answer);
  run.output.Line(fmt::format("{} complaints stored, {} lines refused",
                              progress.answered() - progress.failed(), progress.failed()));
  if (!status.ok()) return rpc::FromGrpcStatus(status);
  if (progress.failed() == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("{} of {} lines were refused; the others are stored", progress.failed(),
                  progress.answered()));
}

struct SimilarOptions {
  std::string case_number;
  std::string file;
  int limit = 20;
};

absl::Status Similar(Run& run, const SimilarOptions& options) {
  FindSimilarRequest request;
  if (options.case_number.empty() == options.file.empty()) {
    return UsageError("give a case number or --file, one of the two");
  }
  if (options.file.empty()) {
    request.set_case_number(options.case_number);
  } else {
    RETURN_IF_ERROR(ReadJson(options.file, *request.mutable_filing()));
  }
  request.set_limit(options.limit);
  const auto stub = IntakeOf(run.session);
  ASSIGN_OR_RETURN(const auto response, run.session.Call(*stub, &IntakeStub::FindSimilar, request));
  Table table({"CASE", "SCORE", "CATEGORY", "TO", "AGREEING"});
  for (const auto& row : response.cases()) {
    std::string agreeing;
    for (const std::string& what : row.agreeing()) {
      agreeing += (agreeing.empty() ? "" : ", ") + what;
    }
    table.AddRow({row.case_number(), std::to_string(row.score()), row.primary_category(),
                  row.destination(), agreeing});
  }
  run.output.List(response, table, "Nothing similar.", "");
  return absl::OkStatus();
}

}  // namespace

void AddFilingCommands(Commands& commands, CLI::App* group) {
  auto path = std::make_shared<std::string>();
  auto wants_template = std::make_shared<bool>(false);
  CLI::App* file = commands.Add(
      group, "file", "File a complaint; prints its number and the workers' tracking codes",
      "complaint file --template > own.json; redress -p kh-desk complaint file own.json",
      [path, wants_template](Run& run) -> absl::Status {
        if (*wants_template) {
          run.output.Raw(kTemplate);
          return absl::OkStatus();
        }
        if (path->empty()) return UsageError("a JSON file is needed, or --template");
        RETURN_IF_ERROR(run.session.Open());
        return File(run, *path);
      },
      /*needs_profile=*/false);
  file->add_option("file", *path, "JSON as --template shows; - for standard input");
  file->add_flag("--template", *wants_template, "Print an example to fill in");

  auto lines = std::make_shared<std::string>();
  commands
      .Add(group, "import", "File many complaints: a file with one JSON document on each line",
           "-p kh-desk complaint import complaints.jsonl",
           [lines](Run& run) -> absl::Status {
             if (*lines == "-") return RunImport(run, std::cin);
             std::ifstream in(*lines);
             if (!in) return UsageError(fmt::format("{}: cannot be read", *lines));
             return RunImport(run, in);
           })
      ->add_option("file", *lines, "JSON lines; - for standard input")
      ->required();

  auto similar = std::make_shared<SimilarOptions>();
  CLI::App* command = commands.Add(
      group, "similar", "Find cases that agree with one in employer, route, category or time",
      "-p kh-ministry complaint similar KH-26-0000001-9",
      [similar](Run& run) { return Similar(run, *similar); });
  AddCaseArgument(command, similar->case_number)->required(false);
  command->add_option("--file", similar->file, "A complaint that is not filed yet, as JSON");
  command->add_option("--limit", similar->limit, "How many at most")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
}

}  // namespace redress::cli
