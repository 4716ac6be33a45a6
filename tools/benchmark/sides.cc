#include "tools/benchmark/sides.h"

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>
#include <utility>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "grpcpp/support/proto_buffer_reader.h"
#include "redress/benchmark/v1/bare.pb.h"
#include "redress/benchmark/v1/etcd.pb.h"
#include "redress/intake/v1/filing_requests.pb.h"
#include "redress/status/v1/case_requests.pb.h"
#include "redress/status/v1/tracking.pb.h"
#include "services/platform/status/status_macros.h"
#include "tools/benchmark/bare_server.h"
#include "tools/benchmark/filings.h"
#include "tools/benchmark/records.h"

namespace redress::benchmark {
namespace {

grpc::Slice SliceOf(const google::protobuf::MessageLite& message) {
  return grpc::Slice(message.SerializeAsString());
}

grpc::ByteBuffer BufferOf(const grpc::Slice& slice) { return grpc::ByteBuffer(&slice, 1); }

// The same request again and again, or one of many in turn.
class FixedSide final : public Side {
 public:
  FixedSide(std::string_view method, std::vector<grpc::Slice> requests)
      : method_(method), requests_(std::move(requests)) {}
  std::string_view method() const override { return method_; }
  grpc::ByteBuffer NextRequest() override {
    return BufferOf(requests_[next_++ % requests_.size()]);
  }

 private:
  const std::string_view method_;
  const std::vector<grpc::Slice> requests_;
  size_t next_ = 0;
};

class StoreSide final : public Side {
 public:
  explicit StoreSide(size_t record_bytes) : maker_(record_bytes) {}
  std::string_view method() const override { return "/redress.benchmark.v1.BareService/Store"; }
  grpc::ByteBuffer NextRequest() override {
    const Record& record = maker_.Next();
    request_.set_key(record.key);
    request_.set_record(record.content);
    request_.clear_index_keys();
    for (const std::string& key : record.index_keys) request_.add_index_keys(key);
    return BufferOf(SliceOf(request_));
  }

 private:
  RecordMaker maker_;
  v1::StoreRequest request_;
};

// etcd writes a record alone, or with its index keys as one transaction.
class EtcdWriteSide final : public Side {
 public:
  EtcdWriteSide(size_t record_bytes, bool transaction)
      : maker_(record_bytes), transaction_(transaction) {}
  std::string_view method() const override {
    return transaction_ ? "/etcdserverpb.KV/Txn" : "/etcdserverpb.KV/Put";
  }
  grpc::ByteBuffer NextRequest() override {
    const Record& record = maker_.Next();
    if (!transaction_) return BufferOf(SliceOf(PutOf(record.key, record.content)));
    v1::EtcdTransaction request;
    *request.add_success()->mutable_put() = PutOf(record.key, record.content);
    for (const std::string& key : record.index_keys) {
      *request.add_success()->mutable_put() = PutOf(key, record.key);
    }
    return BufferOf(SliceOf(request));
  }

  static v1::EtcdPut PutOf(const std::string& key, const std::string& value) {
    v1::EtcdPut put;
    put.set_key(key);
    put.set_value(value);
    return put;
  }

 private:
  RecordMaker maker_;
  const bool transaction_;
};

constexpr size_t kEtcdKnownKeys = 2000;

std::string EtcdKnownKey(size_t number) { return fmt::format("known/{}", number); }

// Puts kEtcdKnownKeys keys, or reads them.
std::unique_ptr<Side> EtcdKnownSide(bool read, size_t record_bytes) {
  std::vector<grpc::Slice> requests;
  v1::EtcdRange range;
  for (size_t i = 0; i < kEtcdKnownKeys; ++i) {
    range.set_key(EtcdKnownKey(i));
    requests.push_back(
        read ? SliceOf(range)
             : SliceOf(EtcdWriteSide::PutOf(range.key(), std::string(record_bytes, 'v'))));
  }
  return std::make_unique<FixedSide>(read ? "/etcdserverpb.KV/Range" : "/etcdserverpb.KV/Put",
                                     std::move(requests));
}

// Filings go out as they lie in the file, each behind a request id of its own.
class FileSide final : public Side {
 public:
  FileSide(std::vector<std::string> filings, const SideSettings& settings)
      : filings_(std::move(filings)),
        next_(settings.first_filing),
        run_(fmt::format("bench-{:08x}{:08x}", std::random_device()(), std::random_device()())) {
    if (settings.keep_cases) cases_.open(settings.cases, std::ios::app);
  }
  std::string_view method() const override {
    return "/redress.intake.v1.IntakeService/FileComplaint";
  }
  grpc::ByteBuffer NextRequest() override {
    const std::string& filing = filings_[next_++ % filings_.size()];
    // A message's fields may be written apart: first the request id, then what is filed.
    head_.set_request_id(fmt::format("{}-{}", run_, ++calls_));
    const std::string head = head_.SerializeAsString() + MessageHead(kFilingField, filing.size());
    const grpc::Slice slices[] = {
        grpc::Slice(head), grpc::Slice(filing.data(), filing.size(), grpc::Slice::STATIC_SLICE)};
    return grpc::ByteBuffer(slices, 2);
  }
  bool WantsAnswers() const override { return cases_.is_open(); }
  void Take(const grpc::ByteBuffer& answer) override {
    grpc::ByteBuffer copy = answer;
    grpc::ProtoBufferReader reader(&copy);
    intake::v1::FileComplaintResponse response;
    if (!response.ParseFromZeroCopyStream(&reader) || response.receipts().empty()) return;
    std::string code = response.receipts(0).tracking_code();
    std::erase_if(code, [](char c) { return c < '0' || c > '9'; });
    cases_ << response.case_number() << ' ' << code << '\n';
  }

 private:
  static constexpr uint32_t kFilingField = 2;

  const std::vector<std::string> filings_;
  size_t next_;
  const std::string run_;
  uint64_t calls_ = 0;
  intake::v1::FileComplaintRequest head_;
  std::ofstream cases_;
};

std::vector<KnownCase> Shuffled(std::vector<KnownCase> cases) {
  std::shuffle(cases.begin(), cases.end(), std::mt19937_64(std::random_device()()));
  return cases;
}

std::unique_ptr<Side> StatusSide(const std::vector<KnownCase>& cases) {
  std::vector<grpc::Slice> requests;
  status::v1::GetCaseStatusRequest request;
  for (const KnownCase& known : cases) {
    request.set_case_number(known.number);
    requests.push_back(SliceOf(request));
  }
  return std::make_unique<FixedSide>("/redress.status.v1.StatusService/GetCaseStatus",
                                     std::move(requests));
}

absl::StatusOr<std::unique_ptr<Side>> TrackSide(const std::vector<KnownCase>& cases) {
  std::vector<grpc::Slice> requests;
  status::v1::TrackByReceiptRequest request;
  for (const KnownCase& known : cases) {
    if (known.tracking_code.empty()) continue;
    request.set_tracking_code(known.tracking_code);
    requests.push_back(SliceOf(request));
  }
  if (requests.empty()) return absl::NotFoundError("--cases: no tracking code is in it");
  return std::make_unique<FixedSide>("/redress.status.v1.StatusService/TrackByReceipt",
                                     std::move(requests));
}

std::unique_ptr<Side> ListSide(size_t page_size) {
  status::v1::ListCasesRequest request;
  request.set_page_size(static_cast<int32_t>(page_size));
  return std::make_unique<FixedSide>("/redress.status.v1.StatusService/ListCases",
                                     std::vector{SliceOf(request)});
}

std::unique_ptr<Side> EchoSide(const SideSettings& settings) {
  v1::EchoRequest request;
  request.mutable_payload()->assign(settings.request_bytes, 'r');
  request.set_answer_bytes(static_cast<uint32_t>(settings.answer_bytes));
  return std::make_unique<FixedSide>("/redress.benchmark.v1.BareService/Echo",
                                     std::vector{SliceOf(request)});
}

// Each row in turn, or pages that begin at each that has a whole one.
std::unique_ptr<Side> ReadSide(size_t rows) {
  std::vector<grpc::Slice> requests;
  v1::ReadRequest request;
  request.set_rows(static_cast<uint32_t>(rows));
  for (size_t i = 0; i + rows < kKnownRows; ++i) {
    request.set_key(KnownRowKey(i));
    requests.push_back(SliceOf(request));
  }
  return std::make_unique<FixedSide>("/redress.benchmark.v1.BareService/Read", std::move(requests));
}

}  // namespace

std::vector<std::string> SideNames() {
  return {"echo", "etcd-get", "etcd-known", "etcd-put", "etcd-transaction", "file", "list",
          "read", "status",   "store",      "track"};
}

absl::StatusOr<std::vector<KnownCase>> ReadCases(const std::string& path) {
  std::ifstream file(path);
  std::vector<KnownCase> cases;
  std::string line;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    KnownCase& known = cases.emplace_back();
    words >> known.number >> known.tracking_code;
  }
  if (cases.empty()) return absl::NotFoundError(fmt::format("{}: holds no case", path));
  return Shuffled(std::move(cases));
}

absl::StatusOr<std::unique_ptr<Side>> MakeSide(const SideSettings& settings) {
  if (settings.name == "echo") return EchoSide(settings);
  if (settings.name == "store") return std::make_unique<StoreSide>(settings.request_bytes);
  if (settings.name == "etcd-put" || settings.name == "etcd-transaction") {
    return std::make_unique<EtcdWriteSide>(settings.request_bytes,
                                           settings.name == "etcd-transaction");
  }
  if (settings.name == "etcd-get" || settings.name == "etcd-known") {
    return EtcdKnownSide(settings.name == "etcd-get", settings.request_bytes);
  }
  if (settings.name == "list") return ListSide(settings.page_size);
  if (settings.name == "read") return ReadSide(settings.page_size);
  if (settings.name == "file") {
    ASSIGN_OR_RETURN(std::vector<std::string> filings, ReadFilings(settings.filings));
    return std::make_unique<FileSide>(std::move(filings), settings);
  }
  if (settings.name == "status" || settings.name == "track") {
    ASSIGN_OR_RETURN(const std::vector<KnownCase> cases, ReadCases(settings.cases));
    if (settings.name == "status") return StatusSide(cases);
    return TrackSide(cases);
  }
  return absl::InvalidArgumentError(
      fmt::format("--side: \"{}\" is none of {}", settings.name, fmt::join(SideNames(), ", ")));
}

}  // namespace redress::benchmark
