#ifndef REDRESS_SERVICES_PLATFORM_SERVICE_BEGUN_MARK_H_
#define REDRESS_SERVICES_PLATFORM_SERVICE_BEGUN_MARK_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "services/platform/service/common_options.h"

namespace redress::service {

// A note beside the node's keys, "<service>.begun", that the service's store was begun: a store is
// begun once. Without it a disk that is not mounted is taken for a new node, whose complaints lie
// beneath the mount point and have numbers that were given out before. What lies beside the store
// cannot tell, since it is not there either.
//
//   BegunMark mark(options, "intake");
//   RETURN_IF_ERROR(mark.Check());   // Before anything is made in the data directory.
//   … open the store …
//   RETURN_IF_ERROR(mark.Leave());
//
// Blocks. Not thread-safe.
class BegunMark {
 public:
  BegunMark(const CommonOptions& options, std::string_view service);

  // FAILED_PRECONDITION, naming the runbook, when the store was begun and is not there. UNAVAILABLE
  // when it is to be begun and that cannot be noted, or nobody can tell whether it is there.
  absl::Status Check();

  // Whether there was neither a store nor a note when Check was called.
  bool begins() const { return begins_; }

  // Leaves the note, synced, unless it is there.
  absl::Status Leave();

 private:
  // Writes what will be the note.
  absl::Status Prepare() const;
  std::string Unfinished() const { return path_ + ".new"; }

  const std::string service_;
  const std::string data_dir_;
  const std::string store_;
  const std::string path_;
  bool begins_ = false;
};

}  // namespace redress::service

#endif  // REDRESS_SERVICES_PLATFORM_SERVICE_BEGUN_MARK_H_
