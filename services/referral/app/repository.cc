#include "services/referral/app/repository.h"

#include "services/platform/crypto/sealed.h"
#include "services/platform/journal/commit.h"
#include "services/platform/status/status_macros.h"

namespace redress::referral {
namespace {

// About 250 bytes each: 4 MiB at most.
constexpr size_t kCachedCaseKeys = 16'384;

}  // namespace

Repository::Repository(kv::Store& store, const KeySpace& keys, crypto::SecretKey wrapping_key,
                       std::string wrapping_key_id, RandomSource& random)
    : store_(store),
      keys_(keys),
      wrapping_key_(std::move(wrapping_key)),
      wrapping_key_id_(std::move(wrapping_key_id)),
      random_(random),
      cache_(kCachedCaseKeys) {}

absl::Status Repository::Unreadable() { return absl::DataLossError("a stored row cannot be read"); }

std::string Repository::Seal(const crypto::CaseKey& case_key, const RowKey& key,
                             std::string_view plaintext) const {
  return crypto::Seal(case_key.records(), plaintext, keys_.Encode(key), random_);
}

absl::StatusOr<std::string> Repository::Open(const crypto::CaseKey& case_key, const RowKey& key,
                                             std::string_view sealed) const {
  return crypto::Open(case_key.records(), sealed, keys_.Encode(key));
}

async::Task<absl::StatusOr<CaseKeyPointer>> Repository::FindCaseKey(CaseNumber case_number) {
  const std::string number = case_number.ToString();
  const crypto::CaseKeyCache::Generation generation = cache_.generation();
  if (CaseKeyPointer cached = cache_.Find(number)) co_return cached;
  CaseKeyKey key{case_number};
  auto found = co_await Find(std::move(key));
  CO_RETURN_IF_ERROR(found.status());
  if (!found->has_value()) co_return CaseKeyPointer();
  absl::StatusOr<crypto::CaseKey> unwrapped =
      crypto::CaseKey::Unwrap(wrapping_key_, number, (*found)->row.wrapped_key());
  CO_RETURN_IF_ERROR(unwrapped.status());
  auto pointer = std::make_shared<const crypto::CaseKey>(*std::move(unwrapped));
  cache_.Insert(number, pointer, generation);
  co_return pointer;
}

async::Task<absl::StatusOr<CaseKeyPointer>> Repository::StageCaseKey(journal::ChangeSet& changes,
                                                                     CaseNumber case_number,
                                                                     int64_t now_micros) {
  CaseNumber wanted = case_number;
  absl::StatusOr<CaseKeyPointer> known = co_await FindCaseKey(std::move(wanted));
  if (!known.ok() || *known != nullptr) co_return known;
  const auto made = std::make_shared<const crypto::CaseKey>(crypto::CaseKey::Generate(random_));
  rows::CaseKeyRecord row;
  row.set_wrapping_key_id(wrapping_key_id_);
  row.set_wrapped_key(made->Wrap(wrapping_key_, case_number.ToString(), random_));
  row.set_created_at_micros(now_micros);
  ExpectAbsent(changes, CaseKeyKey{case_number});
  Put(changes, CaseKeyKey{case_number}, row);
  co_return made;
}

}  // namespace redress::referral
