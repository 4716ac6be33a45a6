#ifndef REDRESS_SERVICES_PLATFORM_CRYPTO_CASE_KEY_CACHE_H_
#define REDRESS_SERVICES_PLATFORM_CRYPTO_CASE_KEY_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "services/platform/crypto/case_key.h"

namespace redress::crypto {

// The case keys used last, unwrapped, so that reading a case costs one store read less and no
// decryption of its key. Bounded: the one used longest ago leaves first. Thread-safe.
//
// Erase a case here once the erasure of its wraps is committed. Whoever was reading the wrap
// meanwhile still has a key in hand and must not bring it back, so a key is put here with the
// generation of before it was read or made:
//
//   const auto generation = cache.generation();
//   … read the wrap from the store, unwrap …
//   cache.Insert(case_number, key, generation);
//
// Who holds the pointer keeps the key until the pointer goes, so do not keep it beyond one call.
class CaseKeyCache {
 public:
  // How often something was erased here.
  enum class Generation : uint64_t {};

  // At least 1. An entry takes about 250 bytes.
  explicit CaseKeyCache(size_t capacity);

  // Null when it is not here.
  std::shared_ptr<const CaseKey> Find(std::string_view case_number);
  Generation generation() const;
  // Replaces what is there. Leaves the key out when any case was erased since `read_at`, for it may
  // have been this one: the next reader asks the store again.
  void Insert(std::string_view case_number, std::shared_ptr<const CaseKey> key, Generation read_at);
  void Erase(std::string_view case_number);
  void Clear();

  size_t size() const;

 private:
  struct Entry {
    std::string case_number;
    std::shared_ptr<const CaseKey> key;
  };
  using Entries = std::list<Entry>;

  const size_t capacity_;
  mutable absl::Mutex mutex_;
  uint64_t erasures_ ABSL_GUARDED_BY(mutex_) = 0;
  Entries by_use_ ABSL_GUARDED_BY(mutex_);  // Used last in front.
  // The keys view the strings of the list's nodes, which do not move.
  absl::flat_hash_map<std::string_view, Entries::iterator> by_case_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace redress::crypto

#endif  // REDRESS_SERVICES_PLATFORM_CRYPTO_CASE_KEY_CACHE_H_
