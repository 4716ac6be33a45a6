#include "services/platform/service/node_service.h"

#include <filesystem>
#include <optional>
#include <set>
#include <system_error>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "services/platform/async/cancellation.h"
#include "services/platform/async/signal.h"
#include "services/platform/backup/backup_folder.h"
#include "services/platform/backup/service_copy.h"
#include "services/platform/journal/restored_mark.h"
#include "services/platform/service/wire_handlers.h"
#include "services/platform/status/field_violations.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"

namespace redress::service {
namespace {

namespace v1 = node::v1;
using telemetry::Field;
using Reader = rpc::Reader<v1::TakeBackupRequest>;
using Writer = rpc::Writer<v1::TakeBackupResponse>;

constexpr size_t kQueue = 16;
constexpr absl::Duration kTellEvery = absl::Milliseconds(500);
// Ten services' folders and numbers, with much to spare.
constexpr size_t kLargestRequest = 64 << 10;
constexpr char kName[] = "/redress.node.v1.NodeService/";

absl::Status Gone() { return absl::CancelledError("the caller has gone"); }

absl::Status NotInOrder(std::string_view expected) {
  return Refuse(absl::StatusCode::kInvalidArgument, "NOT_IN_ORDER",
                fmt::format("expected {}", expected), {{"expected", std::string(expected)}});
}

absl::Status HoldTimedOut(absl::Duration held) {
  return Refuse(absl::StatusCode::kAborted, "HOLD_TIMED_OUT",
                "commits could not be held back for long enough; begin again",
                {{"held_ms", fmt::format("{}", absl::ToInt64Milliseconds(held))}});
}

void SetTime(absl::Time time, google::protobuf::Timestamp* out) {
  out->set_seconds(absl::ToUnixSeconds(time));
  out->set_nanos(
      static_cast<int32_t>((time - absl::FromUnixSeconds(out->seconds())) / absl::Nanoseconds(1)));
}

absl::Status CheckPoint(const v1::RestorePoint& point, const std::string& node) {
  FieldViolations wrong;
  if (point.node() != node) wrong.Add("point.node", "is not this node");
  if (!point.has_taken_at()) wrong.Add("point.taken_at", "is required");
  if (point.services().empty() || point.services_size() > 10) {
    wrong.Add("point.services", "1 to 10 are accepted");
  }
  std::set<std::string> names;
  for (int i = 0; i < point.services_size(); ++i) {
    const std::string& name = point.services(i).service();
    const std::string field = fmt::format("point.services[{}].service", i);
    if (!backup::IsServiceName(name)) wrong.Add(field, "is no service's name");
    if (!names.insert(name).second) wrong.Add(field, "is there twice");
  }
  return wrong.ToStatus();
}

template <class Request, class Response, class Act>
async::Task<absl::StatusOr<grpc::ByteBuffer>> AnswerSmall(Act act, rpc::CallContext* context,
                                                          grpc::ByteBuffer bytes) {
  if (bytes.Length() > kLargestRequest) {
    co_return absl::InvalidArgumentError(
        fmt::format("{} bytes; at most {} are accepted", bytes.Length(), kLargestRequest));
  }
  auto answer = AnswerBytes<Request, Response>(std::move(act), context->method(), std::move(bytes));
  co_return co_await answer;
}

// The handler over bytes that answers with `act`, unless they are more than any request has to be.
template <class Request, class Response, class Act>
auto Small(Act act) {
  return [act](rpc::CallContext& context, grpc::ByteBuffer bytes) {
    return AnswerSmall<Request, Response>(act, &context, std::move(bytes));
  };
}

}  // namespace

// What the copying thread and the call share; the call may be gone first.
struct NodeService::Copying {
  std::atomic<uint64_t> bytes = 0;
  std::atomic<bool> stop = false;
  async::Signal done;
  std::optional<absl::StatusOr<v1::ServiceCopy>> result;  // The executor's thread alone.
};

// Held for as long as something is done to the backup folder.
class NodeService::Turn {
 public:
  explicit Turn(bool& busy) : busy_(&busy) { busy = true; }
  Turn(Turn&& other) noexcept : busy_(std::exchange(other.busy_, nullptr)) {}
  Turn& operator=(Turn&&) = delete;
  ~Turn() {
    if (busy_ != nullptr) *busy_ = false;
  }

 private:
  bool* busy_;
};

NodeService::NodeService(Parts parts)
    : parts_(std::move(parts)), gate_(parts_.executor, parts_.steady_now), pool_(1, kQueue) {}
NodeService::~NodeService() { Stop(); }

void NodeService::Stop() {
  BeginStop();
  pool_.Stop();
}

void NodeService::RemoveLeftover() {
  std::error_code ignored;
  std::filesystem::remove_all(PointPath(), ignored);
}

void NodeService::Register(rpc::Server& server) {
  const auto rule = rpc::AnyOfRoles({auth::Role::kAdmin});
  server.Unary(&wire_, &WireService::RequestGetStore, fmt::format("{}GetStore", kName), rule,
               Small<v1::GetStoreRequest, v1::GetStoreResponse>(
                   [this](const v1::GetStoreRequest&) { return GetStore(); }));
  server.Bidi(&wire_, &WireService::RequestTakeBackup, fmt::format("{}TakeBackup", kName), rule,
              [this](rpc::CallContext& context, Reader& reader, Writer& writer) {
                return TakeBackup(context, reader, writer);
              });
  server.Unary(&wire_, &WireService::RequestRecordRestorePoint,
               fmt::format("{}RecordRestorePoint", kName), rule,
               Small<v1::RecordRestorePointRequest, v1::RecordRestorePointResponse>(
                   [this](v1::RecordRestorePointRequest request) {
                     return RecordRestorePoint(std::move(request));
                   }));
  server.Unary(&wire_, &WireService::RequestRemoveOldRestorePoints,
               fmt::format("{}RemoveOldRestorePoints", kName), rule,
               Small<v1::RemoveOldRestorePointsRequest, v1::RemoveOldRestorePointsResponse>(
                   [this](v1::RemoveOldRestorePointsRequest request) {
                     return RemoveOldRestorePoints(std::move(request));
                   }));
  server.Unary(&wire_, &WireService::RequestRemoveOldCopies,
               fmt::format("{}RemoveOldCopies", kName), rule,
               Small<v1::RemoveOldCopiesRequest, v1::RemoveOldCopiesResponse>(
                   [this](v1::RemoveOldCopiesRequest request) {
                     return RemoveOldCopies(std::move(request));
                   }));
}

absl::StatusOr<NodeService::Turn> NodeService::TakeTurn() {
  if (busy_) {
    return Refuse(absl::StatusCode::kAborted, "BACKUP_UNDER_WAY",
                  fmt::format("a backup of {} is being made", parts_.service));
  }
  return Turn(busy_);
}

async::Task<absl::StatusOr<v1::GetStoreResponse>> NodeService::GetStore() {
  v1::GetStoreResponse response;
  response.set_service(parts_.service);
  if (store_ == nullptr) co_return response;
  absl::StatusOr<std::optional<journal::RestoredMark>> mark =
      co_await journal::ReadRestoredMark(*store_);
  CO_RETURN_IF_ERROR(mark.status());
  if (!mark->has_value()) co_return response;
  v1::Restored& restored = *response.mutable_restored();
  restored.set_restores((*mark)->restores);
  restored.set_last_commit((*mark)->last_commit);
  restored.set_next_commit((*mark)->version);
  SetTime((*mark)->taken_at, restored.mutable_taken_at());
  SetTime((*mark)->restored_at, restored.mutable_restored_at());
  co_return response;
}

absl::Status NodeService::GetReady(const std::string& directory) {
  ASSIGN_OR_RETURN(const backup::BackupFolder folder,
                   backup::BackupFolder::Prepare(directory, parts_.node, parts_.data_dir));
  RemoveLeftover();
  // A disk that is full has to become empty again, whatever else is wrong.
  const absl::StatusOr<backup::RemovedCopies> removed = backup::RemoveLeftovers(
      folder, parts_.service, [this](uint64_t) { return !stopping_.load(); });
  if (absl::IsCancelled(removed.status())) return removed.status();
  if (!removed.ok()) {
    parts_.log.Warning("backup.leftovers_stay", {Field::OperatorError("error", removed.status())});
  }
  return points_.Flush();
}

void NodeService::LogFailure(const absl::Status& status) {
  if (status.ok()) return;
  parts_.log.Warning("backup.failed", {Field::OperatorError("error", status)});
}

async::Task<absl::Status> NodeService::TakeBackup(rpc::CallContext& context, Reader& reader,
                                                  Writer& writer) {
  absl::StatusOr<Turn> turn = TakeTurn();
  CO_RETURN_IF_ERROR(turn.status());
  absl::Status taken = co_await TakeSteps(context, reader, writer);
  LogFailure(taken);
  co_return taken;
}

async::Task<absl::Status> NodeService::TakeSteps(rpc::CallContext& context, Reader& reader,
                                                 Writer& writer) {
  std::optional<v1::TakeBackupRequest> first = co_await reader.Read();
  if (!first.has_value()) co_return Gone();
  if (!first->has_begin()) co_return NotInOrder("begin");
  std::string directory = std::move(*first->mutable_begin()->mutable_directory());
  auto get_ready = [this, directory] { return GetReady(directory); };
  absl::Status ready = co_await pool_.Run(parts_.executor, std::move(get_ready));
  CO_RETURN_IF_ERROR(ready);
  v1::TakeBackupResponse answer;
  answer.set_ready(true);
  bool written = co_await writer.Write(std::move(answer));
  if (!written) co_return Gone();

  absl::Status held = co_await Hold(reader, writer);
  CO_RETURN_IF_ERROR(held);
  absl::StatusOr<absl::Duration> taken = co_await TakePoint(reader);
  CO_RETURN_IF_ERROR(taken.status());
  v1::TakeBackupResponse point;
  point.set_taken(absl::ToDoubleMilliseconds(*taken));
  written = co_await writer.Write(std::move(point));
  absl::Status copied = Gone();
  if (written) copied = co_await CopyAndTell(std::move(directory), context, writer, *taken);
  auto tidy = [this]() -> absl::Status {
    RemoveLeftover();
    return absl::OkStatus();
  };
  (void)co_await pool_.Run(parts_.executor, std::move(tidy));
  co_return copied;
}

async::Task<absl::Status> NodeService::Hold(Reader& reader, Writer& writer) {
  std::optional<v1::TakeBackupRequest> next = co_await reader.Read();
  if (!next.has_value()) co_return Gone();
  if (!next->hold()) co_return NotInOrder("hold");
  const bool closed = co_await gate_.Close(parts_.longest_hold);
  if (!closed) co_return HoldTimedOut(parts_.longest_hold);
  v1::TakeBackupResponse answer;
  SetTime(parts_.clock.Now(), answer.mutable_held());
  const bool written = co_await writer.Write(std::move(answer));
  if (written) co_return absl::OkStatus();
  gate_.Open();
  co_return Gone();
}

async::Task<absl::StatusOr<absl::Duration>> NodeService::TakePoint(Reader& reader) {
  std::optional<v1::TakeBackupRequest> next = co_await reader.Read();
  if (!next.has_value() || !next->take()) {
    gate_.Open();
    co_return next.has_value() ? NotInOrder("take") : Gone();
  }
  auto take = [this] { return points_.Take(PointPath()); };
  absl::Status taken = co_await pool_.Run(parts_.executor, std::move(take));
  const std::optional<absl::Duration> held = gate_.Open();
  CO_RETURN_IF_ERROR(taken);
  // Commits may have gone through before the point was taken: it would not be the others' moment.
  if (!held.has_value()) co_return HoldTimedOut(parts_.longest_hold);
  co_return *held;
}

async::Task<void> NodeService::Copy(std::string directory, std::shared_ptr<Copying> copying) {
  auto work = [this, directory, copying]() -> absl::StatusOr<v1::ServiceCopy> {
    ASSIGN_OR_RETURN(const backup::BackupFolder folder,
                     backup::BackupFolder::Prepare(directory, parts_.node, parts_.data_dir));
    return backup::CopyService(PointPath(), parts_.files_directory, folder, parts_.service,
                               [this, copying](uint64_t bytes) {
                                 copying->bytes = bytes;
                                 return !copying->stop && !stopping_;
                               });
  };
  absl::StatusOr<v1::ServiceCopy> result = co_await pool_.Run(parts_.executor, std::move(work));
  copying->result = std::move(result);
  copying->done.Notify();
}

async::Task<absl::Status> NodeService::CopyAndTell(std::string directory, rpc::CallContext& context,
                                                   Writer& writer, absl::Duration held) {
  const auto copying = std::make_shared<Copying>();
  const async::CancellationCallback on_cancel(context.cancellation(),
                                              [copying] { copying->stop = true; });
  async::Spawn(parts_.executor, Copy(std::move(directory), copying));
  for (;;) {
    const uint64_t seen = copying->done.count();
    if (copying->result.has_value()) break;
    const async::Wake wake = co_await copying->done.WaitPast(parts_.executor, seen, {}, kTellEvery);
    if (wake != async::Wake::kTimedOut || copying->stop) continue;
    v1::TakeBackupResponse progress;
    progress.mutable_progress()->set_bytes(copying->bytes);
    const bool written = co_await writer.Write(std::move(progress));
    if (!written) copying->stop = true;
  }
  CO_RETURN_IF_ERROR(copying->result->status());
  v1::TakeBackupResponse last;
  v1::ServiceCopy& copy = *last.mutable_done();
  copy = **copying->result;
  copy.set_held_ms(absl::ToDoubleMilliseconds(held));
  copy.set_data_dir(std::filesystem::absolute(parts_.data_dir).string());
  parts_.log.Info("backup.copied",
                  {Field::Count("commit", copy.last_commit()),
                   Field::Count("bytes", copy.new_bytes()), Field::Millis("held_ms", held)});
  const bool written = co_await writer.Write(std::move(last));
  co_return written ? absl::OkStatus() : Gone();
}

async::Task<absl::StatusOr<v1::RecordRestorePointResponse>> NodeService::RecordRestorePoint(
    v1::RecordRestorePointRequest request) {
  CO_RETURN_IF_ERROR(CheckPoint(request.point(), parts_.node));
  absl::StatusOr<Turn> turn = TakeTurn();
  CO_RETURN_IF_ERROR(turn.status());
  auto work = [this,
               request = std::move(request)]() -> absl::StatusOr<v1::RecordRestorePointResponse> {
    ASSIGN_OR_RETURN(
        const backup::BackupFolder folder,
        backup::BackupFolder::Prepare(request.directory(), parts_.node, parts_.data_dir));
    v1::RecordRestorePointResponse response;
    std::vector<uint32_t> removed;
    ASSIGN_OR_RETURN(*response.mutable_point(),
                     folder.Record(request.point(), request.keep(), removed));
    for (const uint32_t number : removed) response.add_removed(number);
    return response;
  };
  absl::StatusOr<v1::RecordRestorePointResponse> recorded =
      co_await pool_.Run(parts_.executor, std::move(work));
  LogFailure(recorded.status());
  co_return recorded;
}

async::Task<absl::StatusOr<v1::RemoveOldRestorePointsResponse>> NodeService::RemoveOldRestorePoints(
    v1::RemoveOldRestorePointsRequest request) {
  if (request.keep() == 0) co_return InvalidField("keep", "1 or more are accepted");
  absl::StatusOr<Turn> turn = TakeTurn();
  CO_RETURN_IF_ERROR(turn.status());
  auto work = [this, request]() -> absl::StatusOr<v1::RemoveOldRestorePointsResponse> {
    // A name that was mistyped must not become a folder.
    RETURN_IF_ERROR(backup::BackupFolder::Open(request.directory()).status());
    ASSIGN_OR_RETURN(
        const backup::BackupFolder folder,
        backup::BackupFolder::Prepare(request.directory(), parts_.node, parts_.data_dir));
    std::vector<uint32_t> removed;
    RETURN_IF_ERROR(folder.RemoveOld(request.keep(), removed));
    ASSIGN_OR_RETURN(const backup::BackupFolder::PointList left, folder.ReadPoints());
    v1::RemoveOldRestorePointsResponse response;
    for (const uint32_t number : removed) response.add_removed(number);
    for (const v1::RestorePoint& point : left.points) response.add_kept(point.number());
    return response;
  };
  co_return co_await pool_.Run(parts_.executor, std::move(work));
}

async::Task<absl::StatusOr<v1::RemoveOldCopiesResponse>> NodeService::RemoveOldCopies(
    v1::RemoveOldCopiesRequest request) {
  absl::StatusOr<Turn> turn = TakeTurn();
  CO_RETURN_IF_ERROR(turn.status());
  auto work = [this, request]() -> absl::StatusOr<v1::RemoveOldCopiesResponse> {
    ASSIGN_OR_RETURN(
        const backup::BackupFolder folder,
        backup::BackupFolder::Prepare(request.directory(), parts_.node, parts_.data_dir));
    ASSIGN_OR_RETURN(const backup::RemovedCopies removed,
                     backup::RemoveOldCopies(folder, parts_.service,
                                             [this](uint64_t) { return !stopping_.load(); }));
    v1::RemoveOldCopiesResponse response;
    response.set_copies(removed.copies);
    response.set_files(removed.files);
    return response;
  };
  co_return co_await pool_.Run(parts_.executor, std::move(work));
}

}  // namespace redress::service
