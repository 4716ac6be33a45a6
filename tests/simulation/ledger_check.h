#ifndef REDRESS_TESTS_SIMULATION_LEDGER_CHECK_H_
#define REDRESS_TESTS_SIMULATION_LEDGER_CHECK_H_

#include <string>
#include <vector>

#include "services/platform/ids/case_number.h"
#include "tests/simulation/node.h"

namespace redress::simulation {

// The ministry of a node, which may read every case there.
intake::Caller Reader(const std::string& node);

struct LedgerCheck {
  std::vector<std::string> entry_ids;
  std::vector<std::string> problems;
};

// Adds up the ledger of a case from its entries, and holds that against the totals that intake
// shows beside them.
LedgerCheck CheckLedger(Node& node, const CaseNumber& number);

}  // namespace redress::simulation

#endif  // REDRESS_TESTS_SIMULATION_LEDGER_CHECK_H_
