#ifndef REDRESS_SERVICES_STATUS_APP_LIST_ROWS_H_
#define REDRESS_SERVICES_STATUS_APP_LIST_ROWS_H_

#include <map>
#include <string>
#include <vector>

#include "services/status/app/read_model.h"
#include "services/status/domain/case_view.h"
#include "services/status/domain/list_index.h"
#include "services/status/domain/scope.h"

namespace redress::status {

// The nationalities of a case, when there are more than the one that its summary names.
std::vector<std::string> MoreNationalities(const CaseView& view);

// The rows that a case has in the lists of those who see it.
std::map<ListKey, ListRow> ListRowsOf(const std::map<Scope, CaseView>& views);

}  // namespace redress::status

#endif  // REDRESS_SERVICES_STATUS_APP_LIST_ROWS_H_
