#include "services/intake/storage/keys.h"

#include "fmt/format.h"
#include "services/platform/kv/key_codec.h"
#include "services/platform/status/status_macros.h"

namespace redress::intake::keys {

using kv::KeyReader;
using kv::KeyWriter;

std::string OfCase(uint8_t table, const CaseNumber& number) {
  return KeyWriter(table).String(number.ToString()).Take();
}

std::string OfCase(uint8_t table, const CaseNumber& number, uint64_t row) {
  return KeyWriter(table).String(number.ToString()).U64(row).Take();
}

absl::StatusOr<uint64_t> RowNumber(uint8_t table, std::string_view key) {
  KeyReader reader(key);
  RETURN_IF_ERROR(reader.ExpectTable(table));
  RETURN_IF_ERROR(reader.String().status());
  ASSIGN_OR_RETURN(const uint64_t row, reader.U64());
  RETURN_IF_ERROR(reader.ExpectEnd());
  return row;
}

std::string CasesOfYear(std::string_view country, int year) {
  // Within a String component, whose letters and digits are written as they are.
  return KeyWriter(kCaseTable).Take() + fmt::format("{}-{:02}-", country, year);
}

std::string Narrative(const CaseNumber& number, uint8_t kind, uint64_t amendment_number) {
  return KeyWriter(kNarrativeTable)
      .String(number.ToString())
      .Byte(kind)
      .U64(amendment_number)
      .Take();
}

std::string MoneyById(const RandomId& entry_id) {
  return KeyWriter(kMoneyByIdTable).String(entry_id.ToString()).Take();
}

std::string EvidenceById(const RandomId& evidence_id) {
  return KeyWriter(kEvidenceByIdTable).String(evidence_id.ToString()).Take();
}

std::string Disclosure(const ReferralId& referral_id) {
  return OfCase(kDisclosureTable, referral_id.case_number(), referral_id.ordinal());
}

std::string Approval(const CaseNumber& number, const RandomId& approval_id) {
  return KeyWriter(kApprovalTable).String(number.ToString()).String(approval_id.ToString()).Take();
}

std::string ListPrefix(const ListScope& scope) {
  return KeyWriter(kListTable)
      .Byte(static_cast<uint8_t>(scope.kind))
      .String(scope.value)
      .String(scope.nationality)
      .Take();
}

std::string List(const ListScope& scope, absl::Time filed_at, const CaseNumber& number) {
  return KeyWriter(kListTable)
      .Byte(static_cast<uint8_t>(scope.kind))
      .String(scope.value)
      .String(scope.nationality)
      .TimeDescending(filed_at)
      .String(number.ToString())
      .Take();
}

std::string SimilarPrefix(uint64_t key) { return KeyWriter(kSimilarTable).U64(key).Take(); }

std::string Similar(uint64_t key, const CaseNumber& number) {
  return KeyWriter(kSimilarTable).U64(key).String(number.ToString()).Take();
}

absl::StatusOr<CaseNumber> CaseOfSimilar(std::string_view key) {
  KeyReader reader(key);
  RETURN_IF_ERROR(reader.ExpectTable(kSimilarTable));
  RETURN_IF_ERROR(reader.U64().status());
  ASSIGN_OR_RETURN(const std::string number, reader.String());
  RETURN_IF_ERROR(reader.ExpectEnd());
  absl::StatusOr<CaseNumber> parsed = CaseNumber::Parse(number, "key");
  if (!parsed.ok()) return absl::DataLossError("key: not a case number");
  return parsed;
}

}  // namespace redress::intake::keys
