#include <unistd.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "fmt/format.h"
#include "services/platform/crypto/sha256.h"
#include "tools/redress/case_verb.h"
#include "tools/redress/referral_verb.h"

namespace redress::cli {
namespace {

using redress::intake::v1::EvidenceFile;

constexpr size_t kChunkBytes = 256 << 10;

// A case number means the home node's own files; a referral ("…/R1") those of that referral.
bool IsReferral(const std::string& id) { return id.find('/') != std::string::npos; }

struct AddOptions {
  std::string on;
  std::string etag;
  std::string path;
  EvidenceFile file;
  bool not_shareable = false;
};

// Bytes done of all, drawn on stderr when that is a terminal.
class TransferProgress {
 public:
  explicit TransferProgress(uint64_t total) : total_(total) {}
  void Add(size_t bytes) {
    done_ += bytes;
    if (shown_ && total_ > 0) std::cerr << fmt::format("\r{} %", done_ * 100 / total_);
  }
  ~TransferProgress() {
    if (shown_) std::cerr << "\r\x1b[K";
  }

 private:
  const bool shown_ = isatty(STDERR_FILENO) != 0;
  const uint64_t total_;
  uint64_t done_ = 0;
};

// What the ending of a file's name says it is; people seldom know media types.
std::string MediaTypeOf(const std::string& path) {
  static const auto& types = *new std::map<std::string, std::string>{
      {".jpg", "image/jpeg"},        {".jpeg", "image/jpeg"}, {".png", "image/png"},
      {".heic", "image/heic"},       {".webp", "image/webp"}, {".pdf", "application/pdf"},
      {".txt", "text/plain"},        {".mp3", "audio/mpeg"},  {".ogg", "audio/ogg"},
      {".m4a", "audio/mp4"},         {".mp4", "video/mp4"},   {".3gp", "video/3gpp"},
      {".doc", "application/msword"}};
  std::string ending = std::filesystem::path(path).extension().string();
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const auto found = types.find(ending);
  return found == types.end() ? "application/octet-stream" : found->second;
}

absl::Status Describe(AddOptions& options) {
  std::ifstream in(options.path, std::ios::binary);
  if (!in) return UsageError(fmt::format("{}: cannot be read", options.path));
  crypto::Sha256 digest;
  std::vector<char> chunk(kChunkBytes);
  int64_t size = 0;
  while (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())), in.gcount() > 0) {
    digest.Update({chunk.data(), static_cast<size_t>(in.gcount())});
    size += in.gcount();
  }
  options.file.set_size_bytes(size);
  options.file.set_sha256(digest.Finish());
  options.file.set_shareable(!options.not_shareable);
  if (options.file.media_type().empty()) options.file.set_media_type(MediaTypeOf(options.path));
  if (options.file.file_name().empty()) {
    options.file.set_file_name(std::filesystem::path(options.path).filename().string());
  }
  return absl::OkStatus();
}

// Header first, then the file in chunks, then the one answer; the same for both services.
template <class Request, class Stub, class Response>
absl::Status Upload(
    Run& run, const AddOptions& options, Stub& stub,
    std::unique_ptr<grpc::ClientWriter<Request>> (Stub::*method)(grpc::ClientContext*, Response*),
    const Request& header) {
  ASSIGN_OR_RETURN(const auto context, run.session.NewContext(absl::Minutes(30)));
  Response response;
  auto writer = (stub.*method)(context.get(), &response);
  bool open = writer->Write(header);
  std::ifstream in(options.path, std::ios::binary);
  std::vector<char> chunk(kChunkBytes);
  {
    TransferProgress progress(static_cast<uint64_t>(options.file.size_bytes()));
    while (open &&
           (in.read(chunk.data(), static_cast<std::streamsize>(chunk.size())), in.gcount() > 0)) {
      Request part;
      part.set_chunk(chunk.data(), static_cast<size_t>(in.gcount()));
      open = writer->Write(part);
      progress.Add(static_cast<size_t>(in.gcount()));
    }
  }
  writer->WritesDone();
  const grpc::Status status = writer->Finish();
  if (!status.ok()) return rpc::FromGrpcStatus(status);
  run.output.Message(response);
  return absl::OkStatus();
}

absl::Status Add(Run& run, AddOptions& options) {
  RETURN_IF_ERROR(Describe(options));
  if (IsReferral(options.on)) {
    redress::referral::v1::UploadReferralEvidenceRequest header;
    RETURN_IF_ERROR(
        FillReferral(run.session, {options.on, options.etag}, *header.mutable_header()));
    *header.mutable_header()->mutable_file() = options.file;
    const auto stub = ReferralOf(run.session);
    return Upload(run, options, *stub, &ReferralStub::UploadReferralEvidence, header);
  }
  redress::intake::v1::UploadEvidenceRequest header;
  header.mutable_header()->set_request_id(run.session.RequestId());
  header.mutable_header()->set_case_number(options.on);
  header.mutable_header()->set_etag(options.etag);
  *header.mutable_header()->mutable_file() = options.file;
  const auto stub = IntakeOf(run.session);
  return Upload(run, options, *stub, &IntakeStub::UploadEvidence, header);
}

struct GetOptions {
  std::string on;
  std::string evidence_id;
  std::string path;
};

// Writes to a temporary name and checks the digest, so that half a file never passes for one.
template <class Response>
absl::Status Receive(Run& run, const GetOptions& options, grpc::ClientReader<Response>& reader) {
  const std::string temporary = options.path + ".part";
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  if (!out) return UsageError(fmt::format("{}: cannot be written", temporary));
  EvidenceFile file;
  crypto::Sha256 digest;
  std::unique_ptr<TransferProgress> progress;
  for (Response part; reader.Read(&part);) {
    if (part.has_file()) {
      file = part.file();
      progress = std::make_unique<TransferProgress>(static_cast<uint64_t>(file.size_bytes()));
      continue;
    }
    digest.Update(part.chunk());
    out.write(part.chunk().data(), static_cast<std::streamsize>(part.chunk().size()));
    if (progress != nullptr) progress->Add(part.chunk().size());
  }
  progress.reset();
  out.close();
  const grpc::Status status = reader.Finish();
  std::error_code ignored;
  if (!status.ok()) {
    std::filesystem::remove(temporary, ignored);
    return rpc::FromGrpcStatus(status);
  }
  if (!out || digest.Finish() != file.sha256()) {
    std::filesystem::remove(temporary, ignored);
    return absl::DataLossError("the file that arrived does not have the digest it was kept with");
  }
  std::filesystem::rename(temporary, options.path);
  run.output.Message(file);
  return absl::OkStatus();
}

absl::Status Get(Run& run, const GetOptions& options) {
  ASSIGN_OR_RETURN(const auto context, run.session.NewContext(absl::Minutes(30)));
  if (IsReferral(options.on)) {
    redress::referral::v1::DownloadReferralEvidenceRequest request;
    request.set_referral_id(options.on);
    request.set_evidence_id(options.evidence_id);
    const auto stub = ReferralOf(run.session);
    return Receive(run, options, *stub->DownloadReferralEvidence(context.get(), request));
  }
  redress::intake::v1::DownloadEvidenceRequest request;
  request.set_case_number(options.on);
  request.set_evidence_id(options.evidence_id);
  const auto stub = IntakeOf(run.session);
  return Receive(run, options, *stub->DownloadEvidence(context.get(), request));
}

void AddFileRow(Table& table, const EvidenceFile& file, const std::string& state) {
  table.AddRow({file.evidence_id(), file.kind(), file.file_name(),
                std::to_string(file.size_bytes()), ShowTime(file.uploaded_at()), state});
}

absl::Status List(Run& run, const std::string& on, const PageOptions& page) {
  Table table({"EVIDENCE", "KIND", "NAME", "BYTES", "UPLOADED", "STATE"});
  if (IsReferral(on)) {
    redress::referral::v1::ListReferralEvidenceRequest request;
    request.set_referral_id(on);
    const auto stub = ReferralOf(run.session);
    ASSIGN_OR_RETURN(
        const auto response,
        CallPages(run.session, *stub, &ReferralStub::ListReferralEvidence, request, page));
    for (const auto& file : response.files())
      AddFileRow(table, file.file(), ShowEnum(file.state()));
    run.output.List(response, table, "No files.", response.next_page_token());
    return absl::OkStatus();
  }
  redress::intake::v1::ListEvidenceRequest request;
  request.set_case_number(on);
  const auto stub = IntakeOf(run.session);
  ASSIGN_OR_RETURN(const auto response,
                   CallPages(run.session, *stub, &IntakeStub::ListEvidence, request, page));
  for (const auto& file : response.files()) AddFileRow(table, file, "WHOLE");
  run.output.List(response, table, "No files.", response.next_page_token());
  return absl::OkStatus();
}

void AddAdd(Commands& commands, CLI::App* group) {
  auto options = std::make_shared<AddOptions>();
  CLI::App* command =
      commands.Add(group, "add", "Add a file of up to 50 MiB to a case or a referral",
                   "-p kh-desk evidence add KH-26-0000001-9 payslip.jpg --kind PAYSLIP",
                   [options](Run& run) { return Add(run, *options); });
  AddCaseOrReferralArgument(command, options->on);
  command->add_option("file", options->path, "The file")->required();
  command->add_option("--etag", options->etag, "Refuse if it has changed since this etag was read");
  const auto text = [&](const char* name, auto setter, const char* help) {
    return command->add_option_function<std::string>(
        name, [options, setter](const std::string& value) { (options->file.*setter)(value); },
        help);
  };
  Coded(text("--kind", &EvidenceFile::set_kind<const std::string&>,
             "CONTRACT, PAYSLIP, BANK, RECEIPT, PASSPORT_COPY, MESSAGES, PHOTO, MEDICAL,"
             " POLICE_REPORT, WITNESS or OTHER"))
      ->required();
  text("--name", &EvidenceFile::set_file_name<const std::string&>, "Name to show (the file's own)");
  text("--media-type", &EvidenceFile::set_media_type<const std::string&>,
       "As image/jpeg (default: by the file's ending)");
  text("--member", &EvidenceFile::set_member_id<const std::string&>, "The member it belongs to");
  text("--description", &EvidenceFile::set_description<const std::string&>, "What it shows");
  text("--original-at", &EvidenceFile::set_original_at<const std::string&>,
       "Where the original is kept");
  command->add_flag("--not-shareable", options->not_shareable, "It never leaves this node");
}

}  // namespace

void AddEvidenceCommands(Commands& commands) {
  CLI::App* group = commands.AddGroup("evidence", "Evidence files of cases and referrals", "Cases");
  AddAdd(commands, group);

  auto get = std::make_shared<GetOptions>();
  CLI::App* command = commands.Add(
      group, "get", "Fetch a file and check its digest",
      "-p my-mtuc evidence get KH-26-0000001-9/R1 01JDQ8V3M5N7R2T4W6X8Y0Z1AB payslip.jpg",
      [get](Run& run) { return Get(run, *get); });
  AddCaseOrReferralArgument(command, get->on);
  command->add_option("evidence", get->evidence_id, "Which file, as evidence list shows")
      ->required();
  command->add_option("file", get->path, "Where to write it")->required();

  auto on = std::make_shared<std::string>();
  auto page = std::make_shared<PageOptions>();
  command = commands.Add(group, "list", "List the files of a case or a referral",
                         "-p kh-desk evidence list KH-26-0000001-9",
                         [on, page](Run& run) { return List(run, *on, *page); });
  AddCaseOrReferralArgument(command, *on);
  AddPageOptions(command, *page);
}

}  // namespace redress::cli
