#ifndef REDRESS_SERVICES_REFERRAL_CHECK_ROW_CHECK_H_
#define REDRESS_SERVICES_REFERRAL_CHECK_ROW_CHECK_H_

#include "absl/status/status.h"
#include "services/platform/check/report.h"
#include "services/platform/check/store_rows.h"

namespace redress::referral {

// Every row by itself: its key is one that the service makes, its value is the message that such a
// key has, and what is of a referral belongs to one that is there. Index rows are left to those
// who know what they should say. An error means that the store cannot be read.
absl::Status CheckRows(check::StoreRows& rows, check::Report& report);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_CHECK_ROW_CHECK_H_
