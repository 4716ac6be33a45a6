#include "services/intake/domain/complaint.h"

namespace redress::intake {

void SpreadConsents(ComplaintFiling& filing) {
  for (GroupMember& member : filing.members) {
    member.consents.insert(member.consents.begin(), filing.consents.begin(), filing.consents.end());
  }
  filing.consents.clear();
}

}  // namespace redress::intake
