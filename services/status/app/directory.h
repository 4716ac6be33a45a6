#ifndef REDRESS_SERVICES_STATUS_APP_DIRECTORY_H_
#define REDRESS_SERVICES_STATUS_APP_DIRECTORY_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "services/platform/auth/principal.h"
#include "services/status/app/read_model.h"
#include "services/status/domain/reader.h"

namespace redress::status {

// What is known beside cases, in memory: names of bodies, links, and whom attachés may follow. A
// few thousand rows at most. Filled at start and by Ingest after each commit. For the executor's
// thread.
class Directory {
 public:
  void Take(const DirectoryRows& rows);
  void Clear();

  // First language; empty when not known.
  std::string_view NameOf(const std::string& body_id) const;
  // When the peer was last heard from, as its link tells; kNoTime: never.
  absl::Time HeardFrom(const std::string& node) const;

  // What the caller may look at now.
  Reader ReaderFor(const auth::Principal& caller, absl::Time now) const;

 private:
  std::map<std::string, std::string> names_;
  std::map<std::string, absl::Time> heard_;
  std::map<std::string, PostingChange> postings_;           // By posting.
  std::map<std::string, std::vector<Mission>> agreements_;  // By agreement.
};

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_APP_DIRECTORY_H_
