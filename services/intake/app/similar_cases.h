#ifndef REDRESS_SERVICES_INTAKE_APP_SIMILAR_CASES_H_
#define REDRESS_SERVICES_INTAKE_APP_SIMILAR_CASES_H_

#include <cstddef>
#include <optional>

#include "absl/status/statusor.h"
#include "services/intake/app/app_context.h"
#include "services/intake/app/caller.h"
#include "services/intake/app/views.h"
#include "services/intake/domain/complaint.h"
#include "services/intake/domain/similar.h"
#include "services/platform/async/task.h"

namespace redress::intake {

// Finding cases that look alike, by keyed hashes of what they have in common; at most 1,000 rows
// are looked at. `limit` is 1 to 50.
class SimilarCases {
 public:
  explicit SimilarCases(const AppContext& context) : context_(context) {}

  async::Task<absl::StatusOr<SimilarFound>> FindSimilarTo(Caller caller, CaseNumber case_number,
                                                          size_t limit);
  // To a complaint that is not filed yet, and need not be complete or valid.
  async::Task<absl::StatusOr<SimilarFound>> FindSimilar(Caller caller, ComplaintFiling filing,
                                                        size_t limit);

 private:
  async::Task<absl::StatusOr<SimilarFound>> Search(Caller caller, SimilarityFacts facts,
                                                   std::optional<CaseNumber> but, size_t limit);

  const AppContext& context_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_SIMILAR_CASES_H_
