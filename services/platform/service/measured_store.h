#ifndef REDRESS_SERVICES_PLATFORM_SERVICE_MEASURED_STORE_H_
#define REDRESS_SERVICES_PLATFORM_SERVICE_MEASURED_STORE_H_

#include <memory>
#include <string_view>

#include "services/platform/kv/store.h"
#include "services/platform/service/commit_gate.h"
#include "services/platform/telemetry/metrics.h"

namespace redress::service {

// The same store, counting the commits that were refused and why, each of them through `gate`.
// Reads go straight through. `metrics` and `gate` outlive it. Thread-safe as the store below.
std::unique_ptr<kv::Store> MeasureStore(std::unique_ptr<kv::Store> store,
                                        telemetry::Metrics& metrics, CommitGate& gate);

// "conflict", "no_space" …; empty for kCommitted.
std::string_view CommitRefusalName(kv::CommitOutcome outcome);

}  // namespace redress::service

#endif  // REDRESS_SERVICES_PLATFORM_SERVICE_MEASURED_STORE_H_
