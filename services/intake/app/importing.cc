#include "services/intake/app/importing.h"

#include <memory>
#include <optional>
#include <utility>

#include "services/platform/async/task_group.h"

namespace redress::intake {
namespace {

using Results = std::vector<std::optional<absl::StatusOr<VerbAnswer>>>;

async::Task<void> FileInto(async::Task<absl::StatusOr<VerbAnswer>> filing,
                           std::optional<absl::StatusOr<VerbAnswer>>& result) {
  result.emplace(co_await filing);
}

}  // namespace

async::Task<std::vector<absl::StatusOr<VerbAnswer>>> Importing::ImportBatch(
    Caller caller, std::vector<ImportLine> lines) {
  Results results(lines.size());
  async::TaskGroup group(context_.executor);
  for (size_t i = 0; i < lines.size(); ++i) {
    group.Start(FileInto(filing_.File("ImportComplaints", caller, std::move(lines[i].mark),
                                      std::move(lines[i].filing)),
                         results[i]));
  }
  co_await group.Join();
  std::vector<absl::StatusOr<VerbAnswer>> answers;
  answers.reserve(results.size());
  for (std::optional<absl::StatusOr<VerbAnswer>>& result : results) {
    answers.push_back(*std::move(result));
  }
  co_return answers;
}

}  // namespace redress::intake
