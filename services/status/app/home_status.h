#ifndef REDRESS_SERVICES_STATUS_APP_HOME_STATUS_H_
#define REDRESS_SERVICES_STATUS_APP_HOME_STATUS_H_

#include <string>

#include "absl/time/time.h"
#include "services/platform/codes/iso_codes.h"
#include "services/status/app/directory.h"
#include "services/status/app/read_model.h"
#include "services/status/domain/case_view.h"
#include "services/status/domain/reader.h"

namespace redress::status {

// A case of this node as those see it who see all of it, made ready when it changes, so that a look
// at it hands on what is kept. Pure functions.

// What is kept. `view` is what a scope that SeesAll has. A change of what is kept raises
// kStatusSchema (storage/kv_read_model.h says why).
HomeStatus HomeStatusOf(const CaseView& view);

// Whether the reader may see anybody's case in that way, and this one.
bool MaySeeAll(const Reader& reader);
bool SeesAllOf(const Reader& reader, const HomeStatus& kept);

// The serialised v1::CaseStatus to answer with: what is kept, and behind it names, sums as text and
// what depends on the present, which count on the wire as if they stood among the rest.
std::string BytesToShow(HomeStatus kept, const Directory& directory, const IsoCodes& codes,
                        absl::Time now);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_APP_HOME_STATUS_H_
