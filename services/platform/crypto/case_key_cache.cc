#include "services/platform/crypto/case_key_cache.h"

#include <algorithm>
#include <utility>

namespace redress::crypto {

CaseKeyCache::CaseKeyCache(size_t capacity) : capacity_(std::max<size_t>(capacity, 1)) {}

std::shared_ptr<const CaseKey> CaseKeyCache::Find(std::string_view case_number) {
  absl::MutexLock lock(&mutex_);
  const auto found = by_case_.find(case_number);
  if (found == by_case_.end()) return nullptr;
  by_use_.splice(by_use_.begin(), by_use_, found->second);
  return found->second->key;
}

CaseKeyCache::Generation CaseKeyCache::generation() const {
  absl::MutexLock lock(&mutex_);
  return Generation{erasures_};
}

void CaseKeyCache::Insert(std::string_view case_number, std::shared_ptr<const CaseKey> key,
                          Generation read_at) {
  absl::MutexLock lock(&mutex_);
  if (read_at != Generation{erasures_}) return;
  if (const auto found = by_case_.find(case_number); found != by_case_.end()) {
    found->second->key = std::move(key);
    by_use_.splice(by_use_.begin(), by_use_, found->second);
    return;
  }
  if (by_use_.size() == capacity_) {
    by_case_.erase(by_use_.back().case_number);
    by_use_.pop_back();
  }
  by_use_.push_front({std::string(case_number), std::move(key)});
  by_case_.emplace(by_use_.front().case_number, by_use_.begin());
}

void CaseKeyCache::Erase(std::string_view case_number) {
  absl::MutexLock lock(&mutex_);
  ++erasures_;
  const auto found = by_case_.find(case_number);
  if (found == by_case_.end()) return;
  const Entries::iterator entry = found->second;
  by_case_.erase(found);  // First: its key views the entry's string.
  by_use_.erase(entry);
}

void CaseKeyCache::Clear() {
  absl::MutexLock lock(&mutex_);
  ++erasures_;
  by_case_.clear();
  by_use_.clear();
}

size_t CaseKeyCache::size() const {
  absl::MutexLock lock(&mutex_);
  return by_use_.size();
}

}  // namespace redress::crypto
