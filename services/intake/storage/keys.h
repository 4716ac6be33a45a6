#ifndef REDRESS_SERVICES_INTAKE_STORAGE_KEYS_H_
#define REDRESS_SERVICES_INTAKE_STORAGE_KEYS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/intake/app/case_store.h"
#include "services/platform/ids/case_number.h"
#include "services/platform/ids/names.h"

namespace redress::intake {

// The key space of intake's store, above the platform's tables (journal/keys.h). Table bytes are on
// disk and never reused. CASE is the printed case number as a String, so that a country's cases of
// one year stand in the order of their serials. Sealed parts are bound to the row's key.
//
//   0x10  CASE                       CaseHead; its version is the case's etag
//   0x11  CASE                       the case's key, wrapped (crypto::CaseKey::Wrap); destroying
//                                    it in every copy erases the case
//   0x12  CASE                       Complaint without narratives, sealed
//   0x13  CASE ‖ Byte(kind) ‖ U64(n) a narrative, sealed: kind 1 plain, 2 sensitive; n 0 is the
//                                    one in force, others were replaced by amendment n
//   0x14  CASE ‖ U64(number)         HistoryRow, from 1
//   0x15  CASE ‖ U64(ordinal)        MemberRow, from 1
//   0x16  CASE ‖ U64(ordinal)        ids of the members that joined in one call; the first has
//                                    that ordinal
//   0x17  CASE ‖ U64(first number)   MoneyBatch: the ledger entries of one commit
//   0x18  String(entry id)           MoneyIndex: where the entry stands
//   0x19  CASE ‖ U64(number)         EvidenceRow, from 1
//   0x1a  String(evidence id)        EvidenceIndex
//   0x1b  CASE ‖ U64(ordinal)        DisclosureRow of referral CASE/R<ordinal>
//   0x1c  CASE ‖ String(approval id) ApprovalRow
//   0x1d  Byte(scope) ‖ String(value) ‖ String(nationality) ‖ TimeDescending(filed) ‖ CASE
//                                    ListRow; its version is the case's
//   0x1e  U64(keyed hash) ‖ CASE     empty: a candidate of the search for similar cases
namespace keys {

inline constexpr uint8_t kCaseTable = 0x10;
inline constexpr uint8_t kCaseKeyTable = 0x11;
inline constexpr uint8_t kComplaintTable = 0x12;
inline constexpr uint8_t kNarrativeTable = 0x13;
inline constexpr uint8_t kHistoryTable = 0x14;
inline constexpr uint8_t kMemberTable = 0x15;
inline constexpr uint8_t kMemberIdsTable = 0x16;
inline constexpr uint8_t kMoneyTable = 0x17;
inline constexpr uint8_t kMoneyByIdTable = 0x18;
inline constexpr uint8_t kEvidenceTable = 0x19;
inline constexpr uint8_t kEvidenceByIdTable = 0x1a;
inline constexpr uint8_t kDisclosureTable = 0x1b;
inline constexpr uint8_t kApprovalTable = 0x1c;
inline constexpr uint8_t kListTable = 0x1d;
inline constexpr uint8_t kSimilarTable = 0x1e;

inline constexpr uint8_t kPlainNarrative = 1;
inline constexpr uint8_t kSensitiveNarrative = 2;

// The row, or with the whole rest left out the prefix, of one case in any of its tables.
std::string OfCase(uint8_t table, const CaseNumber& number);
std::string OfCase(uint8_t table, const CaseNumber& number, uint64_t row);
// The number that ends such a key; DATA_LOSS on another.
absl::StatusOr<uint64_t> RowNumber(uint8_t table, std::string_view key);

// All cases of a country and year begin so.
std::string CasesOfYear(std::string_view country, int year);

std::string Narrative(const CaseNumber& number, uint8_t kind, uint64_t amendment_number);
std::string MoneyById(const RandomId& entry_id);
std::string EvidenceById(const RandomId& evidence_id);
std::string Disclosure(const ReferralId& referral_id);
std::string Approval(const CaseNumber& number, const RandomId& approval_id);

std::string ListPrefix(const ListScope& scope);
std::string List(const ListScope& scope, absl::Time filed_at, const CaseNumber& number);

std::string SimilarPrefix(uint64_t key);
std::string Similar(uint64_t key, const CaseNumber& number);
absl::StatusOr<CaseNumber> CaseOfSimilar(std::string_view key);

}  // namespace keys
}  // namespace redress::intake

#endif  // REDRESS_SERVICES_INTAKE_STORAGE_KEYS_H_
