#include "services/intake/app/case_events.h"

namespace redress::intake {

CaseDimensions DimensionsOf(const CaseHead& head) {
  CaseDimensions dimensions;
  dimensions.filed_by_body_id = head.filed_by.body_id;
  dimensions.assisting_organisation =
      head.assisting_organisation.empty() ? head.filed_by.body_id : head.assisting_organisation;
  dimensions.kind = head.kind;
  dimensions.scope = head.scope;
  dimensions.channel = head.channel;
  dimensions.migration_stage = head.migration_stage;
  dimensions.origin = head.origin;
  dimensions.transit = head.transit;
  dimensions.destination = head.destination;
  dimensions.sector = head.sector;
  if (head.screening && head.screening->admitted) {
    dimensions.primary_category = head.screening->primary_category;
    dimensions.secondary_categories = head.screening->secondary_categories;
    dimensions.source_category_code = head.screening->source_category_code;
    dimensions.forced_labour_indicators = head.screening->forced_labour_indicators;
  } else {
    dimensions.primary_category = head.primary_category;
    dimensions.secondary_categories = head.secondary_categories;
    dimensions.source_category_code = head.source_category_code;
  }
  dimensions.urgency = head.Urgency();
  dimensions.urgency_confirmed = head.UrgencyConfirmed();
  dimensions.province = head.province;
  dimensions.district = head.district;
  dimensions.member_counts = head.member_counts;
  dimensions.member_count = head.member_count;
  dimensions.agency_keys = head.agency_keys;
  return dimensions;
}

}  // namespace redress::intake
