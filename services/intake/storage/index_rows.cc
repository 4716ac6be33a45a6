#include "services/intake/storage/index_rows.h"

#include "services/intake/app/case_store.h"
#include "services/intake/storage/keys.h"

namespace redress::intake {
namespace {

// The lists that a case stands in.
std::vector<ListScope> ScopesOf(const CaseHead& head) {
  using Kind = ListScope::Kind;
  std::vector<ListScope> scopes = {{Kind::kAll, {}, {}}};
  if (!head.filed_by.body_id.empty()) scopes.push_back({Kind::kBody, head.filed_by.body_id, {}});
  if (!head.province.empty()) scopes.push_back({Kind::kProvince, head.province, {}});
  for (const EmbassyCount& one : head.embassy_counts) {
    scopes.push_back({Kind::kEmbassy, head.destination, one.nationality});
  }
  return scopes;
}

}  // namespace

std::vector<std::string> ListKeysOf(const CaseHead& head) {
  std::vector<std::string> rows;
  for (const ListScope& scope : ScopesOf(head)) {
    rows.push_back(keys::List(scope, head.filed_at, head.case_number));
  }
  return rows;
}

}  // namespace redress::intake
