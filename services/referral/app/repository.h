#ifndef REDRESS_SERVICES_REFERRAL_APP_REPOSITORY_H_
#define REDRESS_SERVICES_REFERRAL_APP_REPOSITORY_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/platform/async/task.h"
#include "services/platform/crypto/case_key.h"
#include "services/platform/crypto/case_key_cache.h"
#include "services/platform/crypto/secret_key.h"
#include "services/platform/ids/random.h"
#include "services/platform/journal/change_set.h"
#include "services/platform/kv/store.h"
#include "services/referral/app/row_keys.h"

namespace redress::referral {

// How row keys become bytes and back. Implemented by storage; immutable and thread-safe.
class KeySpace {
 public:
  virtual ~KeySpace() = default;
  virtual std::string Encode(const RowKey& key) const = 0;
  // DATA_LOSS on bytes that Encode would not have made.
  virtual absl::StatusOr<RowKey> Decode(std::string_view bytes) const = 0;
  // The prefix that exactly the keys of the range share.
  virtual std::string Prefix(const RowRange& range) const = 0;
};

template <class Key>
struct Found {
  Key key;
  typename Key::Row row;
  kv::Version version = 0;
};

// What a scan gives: `more` tells whether other rows follow, never the number of these.
template <class Key>
struct FoundPage {
  std::vector<Found<Key>> rows;
  bool more = false;
};

using CaseKeyPointer = std::shared_ptr<const crypto::CaseKey>;

// Reads rows, stages them into a change, and seals what may tell of people under the key of their
// case, bound to the row's own key. Thread-safe.
class Repository {
 public:
  // All borrowed but `wrapping_key`, which wraps the case keys.
  Repository(kv::Store& store, const KeySpace& keys, crypto::SecretKey wrapping_key,
             std::string wrapping_key_id, RandomSource& random);

  // Nullopt when absent; DATA_LOSS when it cannot be read.
  template <class Key>
  async::Task<absl::StatusOr<std::optional<Found<Key>>>> Find(Key key) {
    std::string bytes = keys_.Encode(RowKey(key));
    absl::StatusOr<std::optional<kv::Entry>> entry = co_await store_.Get(std::move(bytes));
    if (!entry.ok()) co_return entry.status();
    std::optional<Found<Key>> found;
    if (entry->has_value()) {
      found.emplace();
      found->key = std::move(key);
      found->version = (*entry)->version;
      if (!found->row.ParseFromString((*entry)->value)) co_return Unreadable();
    }
    co_return found;
  }

  // Up to `limit` rows of the range after `after` (a key of it; from the start when unset), and
  // fewer when they are large.
  template <class Key>
  async::Task<absl::StatusOr<FoundPage<Key>>> Scan(RowRange range, std::optional<Key> after,
                                                   size_t limit) {
    kv::ScanRequest request;
    request.prefix = keys_.Prefix(range);
    if (after.has_value()) request.after = keys_.Encode(RowKey(*after));
    request.limit = limit;
    absl::StatusOr<kv::ScanPage> page = co_await store_.Scan(std::move(request));
    if (!page.ok()) co_return page.status();
    FoundPage<Key> found;
    found.more = page->more;
    found.rows.reserve(page->entries.size());
    for (const kv::Entry& entry : page->entries) {
      absl::StatusOr<RowKey> key = keys_.Decode(entry.key);
      if (!key.ok()) co_return key.status();
      Key* mine = std::get_if<Key>(&*key);
      Found<Key> one;
      if (mine == nullptr || !one.row.ParseFromString(entry.value)) co_return Unreadable();
      one.key = std::move(*mine);
      one.version = entry.version;
      found.rows.push_back(std::move(one));
    }
    co_return found;
  }

  // Every row of the range. For ranges whose size is bounded by a rule (facts, evidence, files).
  template <class Key>
  async::Task<absl::StatusOr<std::vector<Found<Key>>>> ScanAll(RowRange range) {
    std::vector<Found<Key>> all;
    while (true) {
      std::optional<Key> after;
      if (!all.empty()) after = all.back().key;
      RowRange next = range;
      absl::StatusOr<FoundPage<Key>> page =
          co_await Scan<Key>(std::move(next), std::move(after), kv::kMaxScanLimit);
      if (!page.ok()) co_return page.status();
      for (Found<Key>& one : page->rows) all.push_back(std::move(one));
      if (!page->more) co_return all;
    }
  }

  template <class Key>
  void Put(journal::ChangeSet& changes, const Key& key, const typename Key::Row& row) const {
    changes.Put(keys_.Encode(RowKey(key)), row.SerializeAsString());
  }
  void Delete(journal::ChangeSet& changes, const RowKey& key) const {
    changes.Delete(keys_.Encode(key));
  }
  // To the numbers of a row; see kv::Addition.
  void Add(journal::ChangeSet& changes, const RowKey& key, std::vector<int64_t> amounts) const {
    changes.Add(keys_.Encode(key), std::move(amounts));
  }
  void ExpectAbsent(journal::ChangeSet& changes, const RowKey& key) const {
    changes.ExpectAbsent(keys_.Encode(key));
  }
  // 0 stands for "absent".
  void ExpectVersion(journal::ChangeSet& changes, const RowKey& key, kv::Version version) const {
    if (version == 0) {
      ExpectAbsent(changes, key);
    } else {
      changes.ExpectVersion(keys_.Encode(key), version);
    }
  }

  // For the `sealed` field of the row at `key`.
  std::string Seal(const crypto::CaseKey& case_key, const RowKey& key,
                   std::string_view plaintext) const;
  absl::StatusOr<std::string> Open(const crypto::CaseKey& case_key, const RowKey& key,
                                   std::string_view sealed) const;

  // The key of a case known here; null when none was made yet.
  async::Task<absl::StatusOr<CaseKeyPointer>> FindCaseKey(CaseNumber case_number);
  // The key of the case. When there is none one is made as part of `changes`, and is not to be used
  // outside them before they are committed; their commit is ABORTED when somebody was quicker.
  async::Task<absl::StatusOr<CaseKeyPointer>> StageCaseKey(journal::ChangeSet& changes,
                                                           CaseNumber case_number,
                                                           int64_t now_micros);

  const KeySpace& keys() const { return keys_; }

 private:
  static absl::Status Unreadable();

  kv::Store& store_;
  const KeySpace& keys_;
  const crypto::SecretKey wrapping_key_;
  const std::string wrapping_key_id_;
  RandomSource& random_;
  crypto::CaseKeyCache cache_;
};

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_APP_REPOSITORY_H_
