#include "services/status/app/directory.h"

#include <algorithm>

#include "services/platform/time/date.h"

namespace redress::status {

void Directory::Take(const DirectoryRows& rows) {
  for (const BodyChange& body : rows.bodies) names_[body.body_id] = body.name;
  for (const LinkChange& link : rows.links) {
    absl::Time& heard = heard_[link.peer_node];
    heard = std::max(heard, link.heard_at);
  }
  for (const PostingChange& posting : rows.postings) postings_[posting.posting_id] = posting;
  for (const AgreementChange& agreement : rows.agreements) {
    agreements_[agreement.agreement_id] = agreement.missions;
  }
}

void Directory::Clear() { *this = Directory(); }

std::string_view Directory::NameOf(const std::string& body_id) const {
  const auto found = names_.find(body_id);
  return found == names_.end() ? std::string_view() : std::string_view(found->second);
}

absl::Time Directory::HeardFrom(const std::string& node) const {
  const auto found = heard_.find(node);
  return found == heard_.end() ? kNoTime : found->second;
}

Reader Directory::ReaderFor(const auth::Principal& caller, absl::Time now) const {
  std::vector<Mission> own;
  std::vector<Mission> proxies;
  if (caller.HasRole(auth::Role::kAttache)) {
    for (const auto& [id, posting] : postings_) {
      if (posting.person_id == caller.person_id) own.push_back(posting.mission);
    }
    for (const auto& [id, missions] : agreements_) {
      proxies.insert(proxies.end(), missions.begin(), missions.end());
    }
  }
  return ReaderOf(caller, own, proxies, DateOf(now));
}

}  // namespace redress::status
