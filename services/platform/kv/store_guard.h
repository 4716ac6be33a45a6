#ifndef REDRESS_SERVICES_PLATFORM_KV_STORE_GUARD_H_
#define REDRESS_SERVICES_PLATFORM_KV_STORE_GUARD_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/kv/engine.h"
#include "services/platform/kv/sentinel.h"

namespace redress::kv {

// What stands beside a store and watches over it: the sentinel, which notices that a store has lost
// commits, and the ballast, room that is set aside so that a store on a full disk can be opened
// once more. Messages name the entry of docs/runbook.md that says what to do.

std::string SentinelPath(const std::string& store_path);
std::string BallastPath(const std::string& store_path);

// Whether another process has the store open: RocksDB holds a lock of its file LOCK while it has.
// False when there is none; UNAVAILABLE when nobody can tell.
//
// Must not be asked of a store that this very process has open: it would say no, and the process's
// own lock would be gone.
absl::StatusOr<bool> IsStoreOpen(const std::string& store_path);

// What the operator was told and agreed to: go on although everything after commit `last` is lost.
using AcceptedLoss = std::optional<Version>;

// Compares an opened store, before anything is written to it, with its sentinel. The result is the
// number that the next commit must be above: that of the sentinel when a loss was accepted, since
// etags with the lost numbers may still be in people's hands.
//
// DATA_LOSS when the store is behind its sentinel, when a sentinel is missing that was kept before,
// or when it is damaged; unless `accepted` names exactly the commit that the store ends with.
absl::StatusOr<Version> CheckSentinel(const std::string& store_path, Engine& engine,
                                      const AcceptedLoss& accepted);

// Begins the sentinel anew at `last`, and notes in the store that it has one from now on.
absl::StatusOr<std::unique_ptr<Sentinel>> BeginSentinel(const std::string& store_path, Version last,
                                                        Engine& engine);

// Gives the ballast up when `free_bytes` is less than its size: opening a store writes what its log
// holds into tables, and RocksDB ends the process when there is no room. True when it was given up.
bool ReleaseBallastIfNeeded(const std::string& store_path, uint64_t ballast_bytes,
                            uint64_t free_bytes);

// Sets the ballast aside when it is not there and `floor_bytes` would still be left. A disk without
// that much room goes without: new work is refused there anyway.
absl::Status SetBallastAside(const std::string& store_path, uint64_t ballast_bytes,
                             uint64_t free_bytes, uint64_t floor_bytes);

}  // namespace redress::kv

#endif  // REDRESS_SERVICES_PLATFORM_KV_STORE_GUARD_H_
