#include "tools/redress/backup_commands.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <iostream>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "nlohmann/json.hpp"
#include "redress/node/v1/node_service.grpc.pb.h"
#include "services/platform/backup/backup_folder.h"
#include "services/platform/status/refusal.h"

namespace redress::cli {
namespace {

namespace v1 = node::v1;
using Stub = v1::NodeService::Stub;
using Stream = grpc::ClientReaderWriter<v1::TakeBackupRequest, v1::TakeBackupResponse>;

// A first backup may copy for hours over a slow disk.
constexpr absl::Duration kLongestBackup = absl::Hours(24);
// How often it is tried again when the services could not be held together.
constexpr int kAttempts = 5;
constexpr absl::Duration kPause = absl::Milliseconds(300);

struct BackupOptions {
  std::string directory;
  uint32_t keep = 0;
};

// One service's stream. Destroying it ends the call.
class Taking {
 public:
  Taking(std::string service, std::unique_ptr<Stub> stub,
         std::unique_ptr<grpc::ClientContext> context)
      : service_(std::move(service)),
        stub_(std::move(stub)),
        context_(std::move(context)),
        stream_(stub_->TakeBackup(context_.get())) {}
  ~Taking() {
    if (over_) return;
    context_->TryCancel();
    (void)stream_->Finish();
  }
  Taking(const Taking&) = delete;
  Taking& operator=(const Taking&) = delete;

  const std::string& service() const { return service_; }

  // When it fails, Next tells why.
  void Say(const v1::TakeBackupRequest& step) { (void)stream_->Write(step); }

  absl::StatusOr<v1::TakeBackupResponse> Next() {
    v1::TakeBackupResponse answer;
    if (stream_->Read(&answer)) return answer;
    RETURN_IF_ERROR(End());
    return absl::InternalError(service_ + ": ended before it was done");
  }

  // Waits for the end of the call: how it ended, naming the service.
  absl::Status End() {
    over_ = true;
    const absl::Status ended = rpc::FromGrpcStatus(stream_->Finish());
    if (ended.ok()) return ended;
    absl::Status named(ended.code(), fmt::format("{}: {}", service_, std::string(ended.message())));
    ended.ForEachPayload([&](absl::string_view type, const absl::Cord& payload) {
      named.SetPayload(type, payload);
    });
    return named;
  }

 private:
  const std::string service_;
  const std::unique_ptr<Stub> stub_;
  const std::unique_ptr<grpc::ClientContext> context_;
  const std::unique_ptr<Stream> stream_;
  bool over_ = false;
};

std::vector<std::pair<std::string, std::string>> ServicesOf(const Profile& profile) {
  return {{"intake", profile.intake}, {"referral", profile.referral}, {"status", profile.status}};
}

std::unique_ptr<Stub> StubOf(Session& session, const std::string& address) {
  return v1::NodeService::NewStub(session.ChannelTo(address));
}

absl::StatusOr<std::vector<std::unique_ptr<Taking>>> OpenAll(Session& session) {
  std::vector<std::unique_ptr<Taking>> all;
  for (const auto& [service, address] : ServicesOf(session.profile())) {
    ASSIGN_OR_RETURN(auto context, session.NewContext(kLongestBackup));
    all.push_back(std::make_unique<Taking>(service, StubOf(session, address), std::move(context)));
  }
  return all;
}

// Each step is taken by all before any takes the next, so that while the points are taken, all of
// them stand still.
absl::StatusOr<std::vector<v1::TakeBackupResponse>> StepAll(
    const std::vector<std::unique_ptr<Taking>>& all, const v1::TakeBackupRequest& step) {
  for (const std::unique_ptr<Taking>& one : all) one->Say(step);
  std::vector<v1::TakeBackupResponse> answers;
  for (const std::unique_ptr<Taking>& one : all) {
    ASSIGN_OR_RETURN(answers.emplace_back(), one->Next());
  }
  return answers;
}

absl::StatusOr<v1::ServiceCopy> AwaitCopy(Taking& one) {
  bool told = false;
  for (;;) {
    ASSIGN_OR_RETURN(const v1::TakeBackupResponse next, one.Next());
    if (next.has_progress() && isatty(STDERR_FILENO) != 0) {
      std::cerr << fmt::format("\r{}: {} copied", one.service(), SizeText(next.progress().bytes()));
      told = true;
    }
    if (!next.has_done()) continue;
    if (told) std::cerr << "\n";
    // Until its call is over the service takes nothing else in hand.
    RETURN_IF_ERROR(one.End());
    return next.done();
  }
}

absl::StatusOr<v1::RestorePoint> TakeAll(Session& session, const std::string& directory) {
  ASSIGN_OR_RETURN(const auto all, OpenAll(session));
  v1::TakeBackupRequest step;
  step.mutable_begin()->set_directory(directory);
  // One after another: the first one makes the folder.
  for (const std::unique_ptr<Taking>& one : all) {
    one->Say(step);
    RETURN_IF_ERROR(one->Next().status());
  }
  step.set_hold(true);
  ASSIGN_OR_RETURN(const std::vector<v1::TakeBackupResponse> held, StepAll(all, step));
  step.set_take(true);
  RETURN_IF_ERROR(StepAll(all, step).status());
  v1::RestorePoint point;
  point.set_node(session.profile().node);
  // All were held from the last of these on.
  *point.mutable_taken_at() =
      std::max_element(held.begin(), held.end(), [](const auto& a, const auto& b) {
        return std::pair(a.held().seconds(), a.held().nanos()) <
               std::pair(b.held().seconds(), b.held().nanos());
      })->held();
  for (const std::unique_ptr<Taking>& one : all) {
    ASSIGN_OR_RETURN(*point.add_services(), AwaitCopy(*one));
  }
  return point;
}

// A call that has just ended may still hold the turn.
bool MayWorkSoon(const absl::Status& status) {
  const auto refusal = GetRefusal(status);
  return refusal.has_value() &&
         (refusal->reason == "HOLD_TIMED_OUT" || refusal->reason == "BACKUP_UNDER_WAY");
}

absl::StatusOr<v1::RestorePoint> TakeAllInTime(Session& session, const std::string& directory) {
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<v1::RestorePoint> point = TakeAll(session, directory);
    if (!MayWorkSoon(point.status()) || attempt == kAttempts) return point;
    absl::SleepFor(kPause * attempt);
  }
}

Table TableOf(const v1::RestorePoint& point) {
  Table table({"SERVICE", "LAST COMMIT", "EVENTS", "FILES", "COPIED NOW", "HELD"});
  for (const v1::ServiceCopy& copy : point.services()) {
    table.AddRow({copy.service(), fmt::format("{}", copy.last_commit()),
                  fmt::format("{}", copy.event_number()), fmt::format("{}", copy.files()),
                  fmt::format("{} in {} files", SizeText(copy.new_bytes()), copy.new_files()),
                  fmt::format("{:.0f} ms", copy.held_ms())});
  }
  return table;
}

// The services would take a relative path for one of their own.
std::string AsServicesSeeIt(const std::string& directory) {
  return std::filesystem::absolute(directory).lexically_normal();
}

// Asks every service; one that cannot is named to `failed`.
v1::RemoveOldCopiesResponse RemoveOldCopies(
    Session& session, const std::string& directory,
    const std::function<void(const std::string& service, const absl::Status& why)>& failed) {
  v1::RemoveOldCopiesRequest remove;
  remove.set_directory(directory);
  v1::RemoveOldCopiesResponse all;
  for (const auto& [service, address] : ServicesOf(session.profile())) {
    const auto stub = StubOf(session, address);
    const auto removed = session.Call(*stub, &Stub::RemoveOldCopies, remove);
    if (!removed.ok()) {
      failed(service, removed.status());
      continue;
    }
    all.set_copies(all.copies() + removed->copies());
    all.set_files(all.files() + removed->files());
  }
  return all;
}

absl::Status BackUp(Run& run, const BackupOptions& options) {
  Session& session = run.session;
  const std::string directory = AsServicesSeeIt(options.directory);
  ASSIGN_OR_RETURN(const v1::RestorePoint taken, TakeAllInTime(session, directory));
  v1::RecordRestorePointRequest record;
  record.set_directory(directory);
  *record.mutable_point() = taken;
  record.set_keep(options.keep);
  const auto intake = StubOf(session, session.profile().intake);
  ASSIGN_OR_RETURN(const v1::RecordRestorePointResponse recorded,
                   session.Call(*intake, &Stub::RecordRestorePoint, record));
  // Here the backup counts. What is left to do can be done by the next one.
  (void)RemoveOldCopies(session, directory,
                        [](const std::string& service, const absl::Status& why) {
                          TellProgress(fmt::format("{}: old copies stay until the next backup: {}",
                                                   service, std::string(why.message())));
                        });
  run.output.Json(recorded.point());
  run.output.Line(
      fmt::format("Restore point {} of node {}, {}, in {}", recorded.point().number(),
                  recorded.point().node(), MomentText(recorded.point().taken_at()), directory),
      Colour::kBold);
  run.output.PrintTable(TableOf(recorded.point()));
  if (!recorded.removed().empty()) {
    run.output.Line(
        fmt::format("Removed {} older, {} kept", recorded.removed_size(), options.keep));
  }
  run.output.Line(
      "The node's keys are not in it: keep them elsewhere. Without them it is of no use.");
  return absl::OkStatus();
}

// Without a new backup, for which a full disk has no room.
absl::Status Prune(Run& run, const BackupOptions& options) {
  Session& session = run.session;
  v1::RemoveOldRestorePointsRequest request;
  request.set_directory(AsServicesSeeIt(options.directory));
  request.set_keep(options.keep);
  const auto intake = StubOf(session, session.profile().intake);
  ASSIGN_OR_RETURN(const v1::RemoveOldRestorePointsResponse points,
                   session.Call(*intake, &Stub::RemoveOldRestorePoints, request));
  // Also when no point went: an earlier try may have come no further than to the points.
  absl::Status failure;
  const v1::RemoveOldCopiesResponse copies = RemoveOldCopies(
      session, request.directory(), [&](const std::string& service, const absl::Status& why) {
        failure.Update(absl::Status(
            why.code(), fmt::format("{}: what no restore point needs is still there; say it "
                                    "again: {}",
                                    service, std::string(why.message()))));
      });
  const std::vector<uint32_t> removed(points.removed().begin(), points.removed().end());
  const std::vector<uint32_t> kept(points.kept().begin(), points.kept().end());
  run.output.Document(nlohmann::json({{"removed", removed},
                                      {"kept", kept},
                                      {"copies", copies.copies()},
                                      {"files", fmt::format("{}", copies.files())}})
                          .dump(2));
  run.output.Line(removed.empty()
                      ? "No older restore point was there."
                      : fmt::format("Removed restore point {}", fmt::join(removed, ", ")),
                  Colour::kBold);
  run.output.Line(fmt::format("What no other needs went with it: {} copies of stores, {} files",
                              copies.copies(), copies.files()));
  run.output.Line(fmt::format("Kept: {}", fmt::join(kept, ", ")));
  return failure;
}

absl::Status ListPoints(Run& run, const std::string& directory) {
  const absl::StatusOr<backup::BackupFolder> folder = backup::BackupFolder::Open(directory);
  RETURN_IF_ERROR(LocalError(folder.status()));
  const absl::StatusOr<backup::BackupFolder::PointList> points = folder->ReadPoints();
  RETURN_IF_ERROR(LocalError(points.status()));
  TellUnreadable(points->unreadable);
  Table table({"POINT", "TAKEN", "INTAKE", "REFERRAL", "STATUS", "FILES", "COPIED THEN"});
  for (const v1::RestorePoint& point : points->points) {
    std::vector<std::string> row = {fmt::format("{}", point.number()),
                                    MomentText(point.taken_at())};
    uint64_t files = 0;
    uint64_t bytes = 0;
    for (const char* service : {"intake", "referral", "status"}) {
      std::string commit = "-";
      for (const v1::ServiceCopy& copy : point.services()) {
        if (copy.service() != service) continue;
        commit = fmt::format("commit {}", copy.last_commit());
        files += copy.files();
        bytes += copy.new_bytes();
      }
      row.push_back(std::move(commit));
    }
    row.push_back(fmt::format("{}", files));
    row.push_back(SizeText(bytes));
    table.AddRow(std::move(row));
    run.output.JsonLine(point);
  }
  run.output.Line(fmt::format("Backups of node {}", folder->node()), Colour::kBold);
  if (table.empty()) {
    run.output.Line(points->unreadable.empty() ? "No restore point: no backup was finished."
                                               : "No restore point that can be read.");
  } else {
    run.output.PrintTable(table);
  }
  return absl::OkStatus();
}

}  // namespace

std::string SizeText(uint64_t bytes) {
  if (bytes < 1024) return fmt::format("{} bytes", bytes);
  double size = static_cast<double>(bytes) / 1024;
  const char* unit = "KiB";
  for (const char* larger : {"MiB", "GiB", "TiB"}) {
    if (size < 1024) break;
    size /= 1024;
    unit = larger;
  }
  return fmt::format("{:.1f} {}", size, unit);
}

std::string MomentText(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", absl::FromUnixSeconds(time.seconds()),
                          absl::UTCTimeZone());
}

void TellProgress(std::string_view what) { std::cerr << what << "\n"; }

void TellUnreadable(const std::vector<absl::Status>& points) {
  for (const absl::Status& point : points) {
    TellProgress(fmt::format("left out: {}", std::string(point.message())));
  }
}

absl::Status LocalError(const absl::Status& status) {
  if (!absl::IsUnavailable(status)) return status;
  return absl::FailedPreconditionError(status.message());
}

CLI::App* AddBackupCommands(Commands& commands, CLI::App* node_group) {
  auto options = std::make_shared<BackupOptions>();
  CLI::App* backup = commands.Add(
      node_group, "backup", "Back the node up while it serves; list and verify backups",
      "--profile kh-admin node backup /backup/kh --keep 14\n"
      "  redress node backup list /backup/kh\n"
      "  redress node backup verify /backup/kh\n"
      "  redress --profile kh-admin node backup prune /backup/kh --keep 7\n\n"
      "Stores and evidence files of all three services are copied as they are at one moment, into\n"
      "a folder of the services' machine that they can write to; what an earlier backup has is "
      "not\n"
      "copied again. Commits wait for some milliseconds, nothing is refused.\n"
      "The node's keys are NOT in a backup. Keep a copy of the folder --node_keys and of the\n"
      "certificates elsewhere and apart from the backups: without the keys a backup cannot be "
      "read\n"
      "by anybody, and with them by everybody.",
      [options](Run& run) -> absl::Status {
        if (options->directory.empty()) {
          return UsageError("directory: is required; or list, verify, prune");
        }
        return BackUp(run, *options);
      });
  backup->add_option("directory", options->directory,
                     "Where backups of this node are: absent, empty, or an earlier backup of it");
  backup
      ->add_option("--keep", options->keep,
                   "How many restore points to keep, this one included; 0 keeps all")
      ->capture_default_str();
  auto pruned = std::make_shared<BackupOptions>();
  CLI::App* prune = commands.Add(
      backup, "prune", "Remove older restore points, without a new backup",
      "--profile kh-admin node backup prune /backup/kh --keep 7\n\n"
      "Removes all restore points but the newest, and the copies and files that only they need.\n"
      "It needs no room, so it is what helps when the backup's disk is full.",
      [pruned](Run& run) { return Prune(run, *pruned); });
  prune->add_option("directory", pruned->directory, "The backup folder")->required();
  prune
      ->add_option("--keep", pruned->keep, "How many restore points to keep, the newest: 1 or more")
      ->check(CLI::Range(1u, std::numeric_limits<uint32_t>::max()))
      ->required();
  auto directory = std::make_shared<std::string>();
  commands
      .Add(
          backup, "list", "The restore points of a backup folder", "node backup list /backup/kh",
          [directory](Run& run) { return ListPoints(run, *directory); },
          /*needs_profile=*/false)
      ->add_option("directory", *directory, "The backup folder")
      ->required();
  return backup;
}

}  // namespace redress::cli
