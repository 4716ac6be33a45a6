#include "tools/benchmark/import_stream.h"

#include <deque>
#include <fstream>
#include <memory>
#include <random>
#include <utility>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "redress/intake/v1/bulk_requests.pb.h"
#include "services/platform/rpc/status_conversion.h"
#include "tools/benchmark/filings.h"

namespace redress::benchmark {
namespace {

constexpr char kMethod[] = "/redress.intake.v1.IntakeService/ImportComplaints";
constexpr absl::Duration kDeadline = absl::Hours(3);

// One stream. Tags name what is over; one write and one read are under way at a time.
class Import {
 public:
  Import(const ImportSettings& settings, const NextFiling& next)
      : settings_(settings),
        next_(next),
        run_(fmt::format("import-{:08x}{:08x}", std::random_device()(), std::random_device()())) {
    if (!settings.cases.empty()) cases_.open(settings.cases, std::ios::app);
  }

  absl::StatusOr<Tally> Run(const std::string& authorization) {
    grpc::GenericStub stub(
        grpc::CreateChannel(settings_.target, grpc::InsecureChannelCredentials()));
    context_.AddMetadata("authorization", authorization);
    context_.set_deadline(absl::ToChronoTime(absl::Now() + kDeadline));
    stream_ = stub.PrepareCall(&context_, kMethod, &queue_);
    const absl::Time began = absl::Now();
    const absl::Duration own_before = OwnCpuTime();
    const std::optional<absl::Duration> server_before = CpuTimeOf(settings_.server);
    stream_->StartCall(Tag(kStarted));
    void* tag = nullptr;
    bool ok = false;
    while (!finished_ && queue_.Next(&tag, &ok)) {
      OnEvent(static_cast<Event>(reinterpret_cast<intptr_t>(tag)), ok);
    }
    tally_.elapsed = absl::Now() - began;
    tally_.own_cpu = OwnCpuTime() - own_before;
    const std::optional<absl::Duration> server = CpuTimeOf(settings_.server);
    if (server.has_value() && server_before.has_value()) {
      tally_.server_cpu = *server - *server_before;
    }
    if (!status_.ok()) return rpc::FromGrpcStatus(status_);
    return std::move(tally_);
  }

 private:
  enum Event : intptr_t { kStarted = 1, kWritten, kRead, kEnded, kFinished };
  static void* Tag(Event event) { return reinterpret_cast<void*>(event); }

  void OnEvent(Event event, bool ok) {
    switch (event) {
      case kStarted:
        stream_->Read(&answer_, Tag(kRead));
        writing_ = false;
        break;
      case kWritten:
        writing_ = false;
        break;
      case kRead:
        if (!ok) {
          stream_->Finish(&status_, Tag(kFinished));
          broken_ = true;
          return;
        }
        TakeAnswer();
        stream_->Read(&answer_, Tag(kRead));
        break;
      case kEnded:
        return;
      case kFinished:
        finished_ = true;
        return;
    }
    WriteOn();
  }

  void WriteOn() {
    if (writing_ || broken_ || ended_) return;
    if (sent_ == settings_.count) {
      ended_ = true;
      stream_->WritesDone(Tag(kEnded));
      return;
    }
    if (sent_times_.size() >= settings_.window) return;
    writing_ = true;
    ++sent_;
    sent_times_.push_back(absl::Now());
    const grpc::ByteBuffer record = NextRecord();
    tally_.request_bytes += record.Length();
    stream_->Write(record, Tag(kWritten));
  }

  // The filing goes out as it is, behind the line's number and request id.
  grpc::ByteBuffer NextRecord() {
    intake::v1::ImportComplaintsRequest head;
    head.set_line_number(sent_);
    head.set_request_id(fmt::format("{}-{}", run_, sent_));
    const std::string filing = next_();
    const std::string start = head.SerializeAsString() + MessageHead(kFilingField, filing.size());
    const grpc::Slice slices[] = {grpc::Slice(start), grpc::Slice(filing)};
    return grpc::ByteBuffer(slices, 2);
  }

  void TakeAnswer() {
    grpc::ProtoBufferReader reader(&answer_);
    intake::v1::ImportComplaintsResponse response;
    tally_.answer_bytes += answer_.Length();
    const bool parsed = response.ParseFromZeroCopyStream(&reader);
    const absl::Time sent = sent_times_.front();
    sent_times_.pop_front();
    if (!parsed || !response.has_imported()) {
      const auto code = static_cast<absl::StatusCode>(response.failure().code());
      ++tally_.refused[absl::StatusCodeToString(code)];
      return;
    }
    ++tally_.done;
    tally_.latencies_us.push_back(
        static_cast<float>(absl::ToDoubleMicroseconds(absl::Now() - sent)));
    if (cases_.is_open() && tally_.done % settings_.note_each == 0) {
      cases_ << response.imported().case_number() << '\n';
    }
  }

  static constexpr uint32_t kFilingField = 3;

  const ImportSettings& settings_;
  const NextFiling& next_;
  const std::string run_;
  std::ofstream cases_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  grpc::ByteBuffer answer_;
  grpc::Status status_;
  Tally tally_;
  std::deque<absl::Time> sent_times_;  // Of the records that have no answer yet.
  uint64_t sent_ = 0;
  bool writing_ = true;
  bool ended_ = false;
  bool broken_ = false;
  bool finished_ = false;
};

}  // namespace

absl::StatusOr<Tally> ImportAll(const ImportSettings& settings, Callers& callers,
                                const NextFiling& next) {
  return Import(settings, next).Run(callers.Authorization(0, absl::Now()));
}

}  // namespace redress::benchmark
