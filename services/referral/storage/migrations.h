#ifndef REDRESS_SERVICES_REFERRAL_STORAGE_MIGRATIONS_H_
#define REDRESS_SERVICES_REFERRAL_STORAGE_MIGRATIONS_H_

#include <cstdint>
#include <vector>

#include "services/platform/kv/schema.h"

namespace redress::referral {

// The schema of referral's store. 2: how bodies answered is counted.
inline constexpr uint32_t kSchemaVersion = 2;

// What leads to it from each earlier one.
std::vector<kv::Migration> ReferralMigrations();

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_STORAGE_MIGRATIONS_H_
