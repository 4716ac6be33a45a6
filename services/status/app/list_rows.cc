#include "services/status/app/list_rows.h"

#include <utility>

#include "services/status/app/views.h"

namespace redress::status {

std::vector<std::string> MoreNationalities(const CaseView& view) {
  return view.nationalities.size() > 1 ? view.nationalities : std::vector<std::string>();
}

std::map<ListKey, ListRow> ListRowsOf(const std::map<Scope, CaseView>& views) {
  std::map<ListKey, ListRow> rows;
  for (const auto& [scope, view] : views) {
    const ListRow row{SummaryOf(view).SerializeAsString(), MoreNationalities(view),
                      view.holder_body_id, view.due_at};
    for (ListKey& key : ListKeysOf(scope, view)) rows.emplace(std::move(key), row);
  }
  return rows;
}

}  // namespace redress::status
