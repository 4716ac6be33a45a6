#include "services/status/app/read_model.h"

namespace redress::status {

size_t WriteSet::operations() const {
  return cases.size() + home_statuses.size() + members.size() + posted.size() + tracking.size() +
         lists.size() + cells.size() + timeline.size() + changes.size() + bands.size() +
         consent_ends.size() + cursors.size() + directory.bodies.size() + directory.links.size() +
         directory.postings.size() + directory.agreements.size() + (stage.has_value() ? 1 : 0);
}

}  // namespace redress::status
