#include "services/intake/app/whole_reads.h"

#include <utility>

#include "services/intake/app/evidence_verbs.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake {

async::Task<absl::StatusOr<std::vector<MemberRow>>> FirstMembers(CaseStore& cases,
                                                                 CaseNumber number, size_t limit) {
  std::vector<MemberRow> rows;
  bool more = true;
  while (more && rows.size() < limit) {
    const uint32_t after = rows.empty() ? 0 : rows.back().ordinal;
    absl::StatusOr<RowPage<MemberRow>> page =
        co_await cases.ReadMembers(number, after, limit - rows.size());
    CO_RETURN_IF_ERROR(page.status());
    for (MemberRow& row : page->rows) rows.push_back(std::move(row));
    more = page->more;
  }
  co_return rows;
}

async::Task<absl::StatusOr<std::vector<EvidenceRow>>> AllEvidence(CaseStore& cases,
                                                                  CaseNumber number,
                                                                  CaseKeyPtr key) {
  std::vector<EvidenceRow> rows;
  bool more = true;
  while (more) {
    const uint32_t after = rows.empty() ? 0 : rows.back().number;
    absl::StatusOr<RowPage<EvidenceRow>> page =
        co_await cases.ReadEvidence(number, key, after, kMaxEvidenceFiles);
    CO_RETURN_IF_ERROR(page.status());
    for (EvidenceRow& row : page->rows) rows.push_back(std::move(row));
    more = page->more;
  }
  co_return rows;
}

}  // namespace redress::intake
