#include "services/status/storage/wide_commit.h"

#include <optional>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "redress/status/storage/v1/status_records.pb.h"
#include "services/platform/status/fault_point.h"
#include "services/platform/status/refusal.h"
#include "services/platform/status/status_macros.h"
#include "services/status/storage/keys.h"
#include "services/status/storage/parse_row.h"

namespace redress::status {
namespace {

namespace rows = ::redress::status::storage::v1;

// What is left of a commit's limits for removing the note.
constexpr size_t kMostParts = 99;
constexpr size_t kSliceOperations = kv::kMaxOperationsPerCommit - kMostParts - 1;
constexpr size_t kSliceBytes = kv::kMaxCommitBytes / 10 * 9;
// Of a part's mutations; a row beside them and what the message adds stay below a value's limit.
constexpr size_t kPartBytes = kv::kMaxValueBytes / 4 * 3;

size_t BytesOf(const kv::Mutation& mutation) {
  return mutation.key.size() + (mutation.value.has_value() ? mutation.value->size() : 0);
}

bool FitsOneCommit(const std::vector<kv::Mutation>& mutations) {
  size_t bytes = 0;
  for (const kv::Mutation& mutation : mutations) bytes += BytesOf(mutation);
  return mutations.size() <= kv::kMaxOperationsPerCommit && bytes <= kv::kMaxCommitBytes;
}

void AddTo(rows::UnfinishedPartRow& part, const kv::Mutation& mutation) {
  rows::UnfinishedMutation* added = part.add_mutations();
  added->set_key(mutation.key);
  if (mutation.value.has_value()) added->set_value(*mutation.value);
}

// The parts of a note, in order.
std::vector<std::string> PartsOf(const std::vector<kv::Mutation>& mutations) {
  std::vector<std::string> parts;
  rows::UnfinishedPartRow part;
  size_t bytes = 0;
  for (const kv::Mutation& mutation : mutations) {
    if (bytes > 0 && bytes + BytesOf(mutation) > kPartBytes) {
      parts.push_back(part.SerializeAsString());
      part.Clear();
      bytes = 0;
    }
    AddTo(part, mutation);
    bytes += BytesOf(mutation);
  }
  parts.push_back(part.SerializeAsString());
  return parts;
}

absl::Status AddPart(std::string_view bytes, std::vector<kv::Mutation>& mutations) {
  ASSIGN_OR_RETURN(const rows::UnfinishedPartRow part,
                   ParseRow<rows::UnfinishedPartRow>("unfinished commit's", bytes));
  for (const rows::UnfinishedMutation& mutation : part.mutations()) {
    mutations.push_back(mutation.has_value() ? kv::Mutation::Put(mutation.key(), mutation.value())
                                             : kv::Mutation::Delete(mutation.key()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status StatusOf(const kv::CommitResult& result) {
  switch (result.outcome) {
    case kv::CommitOutcome::kCommitted:
      return absl::OkStatus();
    case kv::CommitOutcome::kNoSpace:
      return RefuseStoreFull(result.free_bytes, result.floor_bytes);
    case kv::CommitOutcome::kUnknown:
      return absl::UnavailableError("it is not known whether the rows were written");
    case kv::CommitOutcome::kUnread:
      return result.error;
    case kv::CommitOutcome::kStopped:
      return absl::UnavailableError("the store is closing");
    default:
      return absl::InternalError(
          fmt::format("the store refused the rows: {}", static_cast<int>(result.outcome)));
  }
}

async::Task<absl::Status> WideCommits::CommitOne(kv::Change change) {
  const kv::CommitResult result = co_await store_.Commit(std::move(change));
  co_return StatusOf(result);
}

async::Task<absl::Status> WideCommits::Commit(std::vector<kv::Mutation> mutations) {
  if (broken_off_) {
    co_return absl::FailedPreconditionError("the commit before this one is not finished");
  }
  if (FitsOneCommit(mutations)) {
    kv::Change change;
    change.mutations = std::move(mutations);
    co_return co_await CommitOne(std::move(change));
  }
  broken_off_ = true;
  size_t parts = 0;
  CO_RETURN_IF_ERROR(co_await Note(mutations, parts));
  REDRESS_FAULT_POINT("status.noted");
  CO_RETURN_IF_ERROR(co_await Write(std::move(mutations), parts));
  broken_off_ = false;
  co_return absl::OkStatus();
}

async::Task<absl::Status> WideCommits::Note(const std::vector<kv::Mutation>& mutations,
                                            size_t& parts) {
  std::vector<std::string> all = PartsOf(mutations);
  parts = all.size();
  if (parts > kMostParts) {
    co_return absl::InternalError(fmt::format("a commit of {} rows is too wide", mutations.size()));
  }
  kv::Change change;
  size_t bytes = 0;
  for (size_t i = 0; i < parts; ++i) {
    if (bytes + all[i].size() > kSliceBytes) {
      CO_RETURN_IF_ERROR(co_await CommitOne(std::exchange(change, kv::Change())));
      bytes = 0;
    }
    bytes += all[i].size();
    change.mutations.push_back(kv::Mutation::Put(UnfinishedKey(i + 1), std::move(all[i])));
  }
  rows::UnfinishedHeadRow head;
  head.set_parts(static_cast<uint32_t>(parts));
  change.mutations.push_back(kv::Mutation::Put(UnfinishedKey(0), head.SerializeAsString()));
  co_return co_await CommitOne(std::move(change));
}

async::Task<absl::Status> WideCommits::Write(std::vector<kv::Mutation> mutations, size_t parts) {
  size_t next = 0;
  while (next < mutations.size()) {
    kv::Change change;
    size_t bytes = 0;
    while (next < mutations.size() && change.mutations.size() < kSliceOperations &&
           (bytes == 0 || bytes + BytesOf(mutations[next]) <= kSliceBytes)) {
      bytes += BytesOf(mutations[next]);
      change.mutations.push_back(std::move(mutations[next++]));
    }
    if (next == mutations.size()) {
      for (size_t i = 0; i <= parts; ++i) {
        change.mutations.push_back(kv::Mutation::Delete(UnfinishedKey(i)));
      }
    }
    CO_RETURN_IF_ERROR(co_await CommitOne(std::move(change)));
    REDRESS_FAULT_POINT("status.written_in_part");
  }
  co_return absl::OkStatus();
}

async::Task<absl::Status> WideCommits::Finish() {
  broken_off_ = true;
  std::string head_key = UnfinishedKey(0);
  CO_ASSIGN_OR_RETURN(const std::optional<kv::Entry> head,
                      co_await store_.Get(std::move(head_key)));
  if (!head.has_value()) {
    CO_RETURN_IF_ERROR(co_await RemoveParts());
    broken_off_ = false;
    co_return absl::OkStatus();
  }
  CO_ASSIGN_OR_RETURN(const rows::UnfinishedHeadRow row,
                      ParseRow<rows::UnfinishedHeadRow>("unfinished commit's", head->value));
  std::vector<kv::Mutation> mutations;
  for (size_t i = 1; i <= row.parts(); ++i) {
    std::string key = UnfinishedKey(i);
    CO_ASSIGN_OR_RETURN(const std::optional<kv::Entry> part, co_await store_.Get(std::move(key)));
    if (!part.has_value()) co_return absl::DataLossError("a part of an unfinished commit is gone");
    CO_RETURN_IF_ERROR(AddPart(part->value, mutations));
  }
  CO_RETURN_IF_ERROR(co_await Write(std::move(mutations), row.parts()));
  broken_off_ = false;
  co_return absl::OkStatus();
}

// Of a note that never was whole.
async::Task<absl::Status> WideCommits::RemoveParts() {
  kv::ScanRequest request{std::string(1, static_cast<char>(kUnfinishedTable)), "", kMostParts,
                          false};
  kv::Change change;
  bool more = true;
  while (more) {
    kv::ScanRequest next = request;
    CO_ASSIGN_OR_RETURN(const kv::ScanPage page, co_await store_.Scan(std::move(next)));
    for (const kv::Entry& entry : page.entries) {
      change.mutations.push_back(kv::Mutation::Delete(entry.key));
    }
    more = page.more;
    if (more) request.after = page.entries.back().key;
  }
  if (change.mutations.empty()) co_return absl::OkStatus();
  co_return co_await CommitOne(std::move(change));
}

}  // namespace redress::status
