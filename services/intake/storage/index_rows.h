#ifndef REDRESS_SERVICES_INTAKE_STORAGE_INDEX_ROWS_H_
#define REDRESS_SERVICES_INTAKE_STORAGE_INDEX_ROWS_H_

#include <string>
#include <vector>

#include "services/intake/app/records.h"

namespace redress::intake {

// The keys of the list rows of a case, each once: what PutCase keeps, and what a check of the store
// looks for. The value of all of them is ListRowOf(head).
std::vector<std::string> ListKeysOf(const CaseHead& head);

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_STORAGE_INDEX_ROWS_H_
