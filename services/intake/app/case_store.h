#ifndef REDRESS_SERVICES_INTAKE_APP_CASE_STORE_H_
#define REDRESS_SERVICES_INTAKE_APP_CASE_STORE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/intake/app/answers.h"
#include "services/intake/app/case_events.h"
#include "services/intake/app/records.h"
#include "services/platform/async/task.h"
#include "services/platform/crypto/case_key.h"
#include "services/platform/ids/case_number.h"
#include "services/platform/ids/names.h"
#include "services/platform/journal/change_set.h"
#include "services/platform/kv/store.h"

namespace redress::intake {

using CaseKeyPtr = std::shared_ptr<const crypto::CaseKey>;

// The case of a year with the highest number.
struct LastCase {
  uint32_t serial = 0;         // 0: there is none.
  kv::Version filed_with = 0;  // The commit that filed it.
};

// Who sees the cases of one list index.
struct ListScope {
  enum class Kind : uint8_t {
    kAll = 1,       // Everything of the node.
    kBody = 2,      // Filed by `value`, a body.
    kProvince = 3,  // Handled in `value`, an ISO 3166-2 code.
    kEmbassy = 4,   // To the country `value` with members of `nationality` who agreed.
  };
  Kind kind = Kind::kAll;
  std::string value;
  std::string nationality;
};

// What a read of a range gives: up to as many rows as were asked for, and fewer when they are
// large. Whether others follow tells `more`, never the number of these.
template <class Row>
struct RowPage {
  std::vector<Row> rows;
  bool more = false;
};

// Rows of a list and where to go on.
struct ListSlice {
  std::vector<ListRow> rows;
  std::string cursor;  // After the last row looked at; empty: there is no more.
};

// A ledger entry, within the batch that it was posted in.
struct FoundEntry {
  MoneyBatch batch;
  size_t index = 0;
  MoneyRow& row() { return batch.rows[index]; }
};

// What the verbs read and write of cases: the port between app and storage. Reads are single rows
// or bounded ranges; writes only add to a ChangeSet, which the verb commits through the journal, so
// that one verb is one commit. What is personal is sealed and opened here under the case key.
//
// An absent row is nullopt; an error means that the store cannot answer or that a row is damaged.
// Thread-safe as the kv::Store below it. Must outlive its tasks.
class CaseStore {
 public:
  virtual ~CaseStore() = default;

  // --- Cases. ---
  virtual async::Task<absl::StatusOr<std::optional<StoredCase>>> FindCase(CaseNumber number) = 0;
  // The last case of `year` (two digits).
  virtual async::Task<absl::StatusOr<LastCase>> LastCaseOf(std::string country, int year) = 0;
  // Expects that the number is new, and writes the case's wrapped key.
  virtual CaseKeyPtr CreateCase(journal::ChangeSet& changes, const CaseHead& head) = 0;
  // Writes head and list rows. `before` is what they were, null for a new case. Callers expect a
  // version by themselves (ExpectCase).
  virtual void PutCase(journal::ChangeSet& changes, const CaseHead* before,
                       const CaseHead& after) = 0;
  virtual void ExpectCase(journal::ChangeSet& changes, const CaseNumber& number,
                          kv::Version version) = 0;
  // NOT_FOUND when erased.
  virtual async::Task<absl::StatusOr<CaseKeyPtr>> KeyOf(CaseNumber number) = 0;

  // --- What was filed. Narratives lie apart. ---
  virtual async::Task<absl::StatusOr<Complaint>> ReadComplaint(CaseNumber number, CaseKeyPtr key,
                                                               bool narrative, bool sensitive) = 0;
  // Narratives only as far as they are named.
  virtual void PutComplaint(journal::ChangeSet& changes, const CaseNumber& number,
                            const crypto::CaseKey& key, const Complaint& complaint, bool narrative,
                            bool sensitive) = 0;
  // The sensitive narrative that amendment `amendment_number` replaced.
  virtual void PutFormerSensitiveNarrative(journal::ChangeSet& changes, const CaseNumber& number,
                                           const crypto::CaseKey& key, uint32_t amendment_number,
                                           const std::string& text) = 0;

  // --- Members, of a large group so many in one read. ---
  static constexpr size_t kMembersPerRead = 500;
  virtual async::Task<absl::StatusOr<RowPage<MemberRow>>> ReadMembers(CaseNumber number,
                                                                      uint32_t after_ordinal,
                                                                      size_t limit) = 0;
  // One per id, in order; nullopt where the case has no such member.
  virtual async::Task<absl::StatusOr<std::vector<std::optional<MemberRow>>>> FindMembers(
      CaseNumber number, uint32_t member_count, std::vector<MemberId> ids) = 0;
  // The whole member, id and withdrawal filled in.
  virtual absl::StatusOr<GroupMember> OpenMember(const CaseNumber& number,
                                                 const crypto::CaseKey& key,
                                                 const MemberRow& row) = 0;
  // Seals `member` into `row.sealed`.
  virtual void SealMember(const CaseNumber& number, const crypto::CaseKey& key,
                          const GroupMember& member, MemberRow& row) = 0;
  virtual void PutMember(journal::ChangeSet& changes, const CaseNumber& number,
                         const MemberRow& row) = 0;
  // Makes new members findable by id: their ids in order, the first of which has `first_ordinal`.
  virtual void PutMemberIds(journal::ChangeSet& changes, const CaseNumber& number,
                            uint32_t first_ordinal, const std::vector<MemberId>& ids) = 0;

  // --- History. ---
  // Newest first; from before row `before_number` on, and from the newest when that is 0.
  virtual async::Task<absl::StatusOr<RowPage<HistoryRow>>> ReadHistory(CaseNumber number,
                                                                       CaseKeyPtr key,
                                                                       uint64_t before_number,
                                                                       size_t limit) = 0;
  virtual void PutHistory(journal::ChangeSet& changes, const CaseNumber& number,
                          const crypto::CaseKey& key, const HistoryRow& row) = 0;

  // --- Money. ---
  // Batches from the one that holds entry `from_number` on.
  virtual async::Task<absl::StatusOr<RowPage<MoneyBatch>>> ReadMoney(CaseNumber number,
                                                                     CaseKeyPtr key,
                                                                     uint64_t from_number,
                                                                     size_t limit) = 0;
  virtual async::Task<absl::StatusOr<std::optional<FoundEntry>>> FindEntry(CaseNumber number,
                                                                           CaseKeyPtr key,
                                                                           RandomId entry_id) = 0;
  // The same among indexed entries only, without the search: what a repetition needs, which may ask
  // for hundreds of entries that are not there.
  virtual async::Task<absl::StatusOr<std::optional<FoundEntry>>> FindIndexedEntry(
      CaseNumber number, CaseKeyPtr key, RandomId entry_id) = 0;
  // `indexed` makes each entry's id findable by one read, which entries that others name
  // (reversals, repetitions from a destination) need; without it FindEntry looks through the
  // ledger.
  virtual void PutMoney(journal::ChangeSet& changes, const CaseNumber& number,
                        const crypto::CaseKey& key, const MoneyBatch& batch, bool indexed) = 0;

  // --- Evidence. ---
  virtual async::Task<absl::StatusOr<RowPage<EvidenceRow>>> ReadEvidence(CaseNumber number,
                                                                         CaseKeyPtr key,
                                                                         uint32_t after_number,
                                                                         size_t limit) = 0;
  virtual async::Task<absl::StatusOr<std::optional<EvidenceRow>>> FindEvidence(
      CaseNumber number, CaseKeyPtr key, RandomId evidence_id) = 0;
  virtual async::Task<absl::StatusOr<bool>> HasEvidence(RandomId evidence_id) = 0;
  virtual void PutEvidence(journal::ChangeSet& changes, const CaseNumber& number,
                           const crypto::CaseKey& key, const EvidenceRow& row) = 0;

  // --- Disclosures and approvals. ---
  // The last `limit`, oldest first.
  virtual async::Task<absl::StatusOr<std::vector<DisclosureRow>>> ReadDisclosures(CaseNumber number,
                                                                                  size_t limit) = 0;
  virtual async::Task<absl::StatusOr<std::optional<DisclosureRow>>> FindDisclosure(
      ReferralId referral_id) = 0;
  virtual void PutDisclosure(journal::ChangeSet& changes, const CaseNumber& number,
                             const DisclosureRow& row) = 0;
  // All of a case, oldest first.
  virtual async::Task<absl::StatusOr<std::vector<ApprovalRow>>> ReadApprovals(CaseNumber number,
                                                                              CaseKeyPtr key) = 0;
  virtual void PutApproval(journal::ChangeSet& changes, const CaseNumber& number,
                           const crypto::CaseKey& key, const ApprovalRow& row) = 0;

  // --- Lists and look-alikes. ---
  // Latest filed first; `cursor` as the last slice gave it, empty for the start.
  virtual async::Task<absl::StatusOr<ListSlice>> List(ListScope scope, std::string cursor,
                                                      size_t limit) = 0;
  // The keyed hash under which a candidate key (domain/similar.h) is stored.
  virtual uint64_t SimilarityKey(std::string_view candidate_key) const = 0;
  virtual async::Task<absl::StatusOr<std::vector<CaseNumber>>> FindSimilar(uint64_t key,
                                                                           size_t limit) = 0;
  virtual void PutSimilarity(journal::ChangeSet& changes, const CaseNumber& number,
                             uint64_t key) = 0;
  virtual void DeleteSimilarity(journal::ChangeSet& changes, const CaseNumber& number,
                                uint64_t key) = 0;

  // --- Bytes for the journal. ---
  virtual std::string EncodeEvent(const CaseEvent& event) = 0;
  // Without version, repetition mark, tracking codes and own references.
  virtual std::string EncodeAnswer(const VerbAnswer& answer) = 0;
  virtual absl::StatusOr<VerbAnswer> DecodeAnswer(std::string_view bytes) = 0;
};

}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_APP_CASE_STORE_H_
