#include "services/intake/app/records.h"

#include <algorithm>

namespace redress::intake {

ListRow ListRowOf(const CaseHead& head) {
  ListRow row;
  row.case_number = head.case_number;
  row.state = head.state;
  row.filed_at = head.filed_at;
  row.updated_at = head.updated_at;
  row.filed_by_body_id = head.filed_by.body_id;
  row.origin = head.origin;
  row.transit = head.transit;
  row.destination = head.destination;
  row.sector = head.sector;
  row.primary_category = head.ConfirmedCategory();
  row.urgency = head.Urgency();
  row.urgency_confirmed = head.UrgencyConfirmed();
  row.member_count = head.member_count;
  for (const MemberCount& one : head.member_counts) {
    const auto known =
        std::find(row.nationalities.begin(), row.nationalities.end(), one.nationality);
    if (known == row.nationalities.end()) row.nationalities.push_back(one.nationality);
  }
  row.province = head.province;
  return row;
}

}  // namespace redress::intake
