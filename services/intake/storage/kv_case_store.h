#ifndef REDRESS_SERVICES_INTAKE_STORAGE_KV_CASE_STORE_H_
#define REDRESS_SERVICES_INTAKE_STORAGE_KV_CASE_STORE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/intake/app/case_store.h"
#include "services/platform/crypto/case_key_cache.h"
#include "services/platform/crypto/secret_key.h"
#include "services/platform/ids/random.h"
#include "services/platform/kv/store.h"

namespace redress::intake {

// The schema that this code reads and writes: kv::RocksDbOptions::schema_version.
inline constexpr uint32_t kIntakeSchemaVersion = 1;

// CaseStore over any kv::Store; keys.h maps the rows. Case keys are made and wrapped here and kept
// unwrapped in a small cache. Thread-safe; it keeps nothing else between calls.
class KvCaseStore final : public CaseStore {
 public:
  static constexpr size_t kDefaultKeyCacheSize = 4096;

  // All borrowed, and outlive this. `wrapping_key` is the node's key-encryption key.
  KvCaseStore(kv::Store& store, const crypto::SecretKey& wrapping_key, RandomSource& random,
              size_t key_cache_size = kDefaultKeyCacheSize);

  async::Task<absl::StatusOr<std::optional<StoredCase>>> FindCase(CaseNumber number) override;
  async::Task<absl::StatusOr<LastCase>> LastCaseOf(std::string country, int year) override;
  CaseKeyPtr CreateCase(journal::ChangeSet& changes, const CaseHead& head) override;
  void PutCase(journal::ChangeSet& changes, const CaseHead* before, const CaseHead& after) override;
  void ExpectCase(journal::ChangeSet& changes, const CaseNumber& number,
                  kv::Version version) override;
  async::Task<absl::StatusOr<CaseKeyPtr>> KeyOf(CaseNumber number) override;

  async::Task<absl::StatusOr<Complaint>> ReadComplaint(CaseNumber number, CaseKeyPtr key,
                                                       bool narrative, bool sensitive) override;
  void PutComplaint(journal::ChangeSet& changes, const CaseNumber& number,
                    const crypto::CaseKey& key, const Complaint& complaint, bool narrative,
                    bool sensitive) override;
  void PutFormerSensitiveNarrative(journal::ChangeSet& changes, const CaseNumber& number,
                                   const crypto::CaseKey& key, uint32_t amendment_number,
                                   const std::string& text) override;

  async::Task<absl::StatusOr<RowPage<MemberRow>>> ReadMembers(CaseNumber number,
                                                              uint32_t after_ordinal,
                                                              size_t limit) override;
  async::Task<absl::StatusOr<std::vector<std::optional<MemberRow>>>> FindMembers(
      CaseNumber number, uint32_t member_count, std::vector<MemberId> ids) override;
  absl::StatusOr<GroupMember> OpenMember(const CaseNumber& number, const crypto::CaseKey& key,
                                         const MemberRow& row) override;
  void SealMember(const CaseNumber& number, const crypto::CaseKey& key, const GroupMember& member,
                  MemberRow& row) override;
  void PutMember(journal::ChangeSet& changes, const CaseNumber& number,
                 const MemberRow& row) override;
  void PutMemberIds(journal::ChangeSet& changes, const CaseNumber& number, uint32_t first_ordinal,
                    const std::vector<MemberId>& ids) override;

  async::Task<absl::StatusOr<RowPage<HistoryRow>>> ReadHistory(CaseNumber number, CaseKeyPtr key,
                                                               uint64_t before_number,
                                                               size_t limit) override;
  void PutHistory(journal::ChangeSet& changes, const CaseNumber& number, const crypto::CaseKey& key,
                  const HistoryRow& row) override;

  async::Task<absl::StatusOr<RowPage<MoneyBatch>>> ReadMoney(CaseNumber number, CaseKeyPtr key,
                                                             uint64_t from_number,
                                                             size_t limit) override;
  async::Task<absl::StatusOr<std::optional<FoundEntry>>> FindIndexedEntry(
      CaseNumber number, CaseKeyPtr key, RandomId entry_id) override;
  async::Task<absl::StatusOr<std::optional<FoundEntry>>> FindEntry(CaseNumber number,
                                                                   CaseKeyPtr key,
                                                                   RandomId entry_id) override;
  void PutMoney(journal::ChangeSet& changes, const CaseNumber& number, const crypto::CaseKey& key,
                const MoneyBatch& batch, bool indexed) override;

  async::Task<absl::StatusOr<RowPage<EvidenceRow>>> ReadEvidence(CaseNumber number, CaseKeyPtr key,
                                                                 uint32_t after_number,
                                                                 size_t limit) override;
  async::Task<absl::StatusOr<std::optional<EvidenceRow>>> FindEvidence(
      CaseNumber number, CaseKeyPtr key, RandomId evidence_id) override;
  async::Task<absl::StatusOr<bool>> HasEvidence(RandomId evidence_id) override;
  void PutEvidence(journal::ChangeSet& changes, const CaseNumber& number,
                   const crypto::CaseKey& key, const EvidenceRow& row) override;

  async::Task<absl::StatusOr<std::vector<DisclosureRow>>> ReadDisclosures(CaseNumber number,
                                                                          size_t limit) override;
  async::Task<absl::StatusOr<std::optional<DisclosureRow>>> FindDisclosure(
      ReferralId referral_id) override;
  void PutDisclosure(journal::ChangeSet& changes, const CaseNumber& number,
                     const DisclosureRow& row) override;
  async::Task<absl::StatusOr<std::vector<ApprovalRow>>> ReadApprovals(CaseNumber number,
                                                                      CaseKeyPtr key) override;
  void PutApproval(journal::ChangeSet& changes, const CaseNumber& number,
                   const crypto::CaseKey& key, const ApprovalRow& row) override;

  async::Task<absl::StatusOr<ListSlice>> List(ListScope scope, std::string cursor,
                                              size_t limit) override;
  uint64_t SimilarityKey(std::string_view candidate_key) const override;
  async::Task<absl::StatusOr<std::vector<CaseNumber>>> FindSimilar(uint64_t key,
                                                                   size_t limit) override;
  void PutSimilarity(journal::ChangeSet& changes, const CaseNumber& number, uint64_t key) override;
  void DeleteSimilarity(journal::ChangeSet& changes, const CaseNumber& number,
                        uint64_t key) override;

  std::string EncodeEvent(const CaseEvent& event) override;
  std::string EncodeAnswer(const VerbAnswer& answer) override;
  absl::StatusOr<VerbAnswer> DecodeAnswer(std::string_view bytes) override;

 private:
  // Rows of one case in one table, in rising order, those after `after_row` only.
  async::Task<absl::StatusOr<kv::ScanPage>> ScanCase(uint8_t table, CaseNumber number,
                                                     uint64_t after_row, size_t limit);
  // The first `limit` entries of a range, or all there are, in as many pages as that takes. For
  // ranges that a rule keeps small.
  async::Task<absl::StatusOr<std::vector<kv::Entry>>> ScanWhole(kv::ScanRequest request,
                                                                size_t limit);
  // The text of a narrative; empty when there is none.
  async::Task<absl::StatusOr<std::string>> ReadNarrative(CaseNumber number, CaseKeyPtr key,
                                                         uint8_t kind);
  void PutNarrative(journal::ChangeSet& changes, const CaseNumber& number,
                    const crypto::CaseKey& key, uint8_t kind, uint64_t amendment_number,
                    const std::string& text);
  // The ordinals of `ids`; 0 where the case has no such member.
  async::Task<absl::StatusOr<std::vector<uint32_t>>> OrdinalsOf(CaseNumber number,
                                                                std::vector<MemberId> ids);

  kv::Store& store_;
  const crypto::SecretKey& wrapping_key_;
  RandomSource& random_;
  crypto::CaseKeyCache keys_;
  // For SipHash. Derived from the wrapping key, so that hashes stay the same over restarts.
  std::array<uint8_t, 16> similarity_key_;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_STORAGE_KV_CASE_STORE_H_
