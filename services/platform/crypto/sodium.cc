#include "services/platform/crypto/sodium.h"

#include <sodium/core.h>

#include <cstdio>
#include <cstdlib>

namespace redress::crypto {

void EnsureSodium() {
  static const bool ready = [] {
    if (sodium_init() < 0) {
      std::fputs("libsodium could not be initialised\n", stderr);
      std::abort();
    }
    return true;
  }();
  static_cast<void>(ready);
}

}  // namespace redress::crypto
