#ifndef REDRESS_SERVICES_PLATFORM_CRYPTO_SODIUM_H_
#define REDRESS_SERVICES_PLATFORM_CRYPTO_SODIUM_H_

namespace redress::crypto {

// Makes libsodium ready, once per process; every function here that needs it calls this itself, so
// that no main can forget it. Ends the process when the system gives no random bytes, since nothing
// done without them would be safe. Thread-safe; costs one load after the first call.
void EnsureSodium();

}  // namespace redress::crypto

#endif  // REDRESS_SERVICES_PLATFORM_CRYPTO_SODIUM_H_
