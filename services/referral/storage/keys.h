#ifndef REDRESS_SERVICES_REFERRAL_STORAGE_KEYS_H_
#define REDRESS_SERVICES_REFERRAL_STORAGE_KEYS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/referral/app/repository.h"

namespace redress::referral {

// The whole key space of the referral service's store. The first byte is the table; numbers are on
// disk and never reused. 0x00 to 0x0f belong to the engine and the journal (journal/keys.h: events,
// audit log, requests, outbox logs by peer). Components are those of kv/key_codec.h.
//
//   ref = Byte(side) ‖ String(case number) ‖ U64(ordinal)
//
// clang-format off
//   table                      key after the table byte                     row (storage/v1)
//   0x10 kReferralTable        ref                                          ReferralRecord
//   0x11 kFactTable            ref ‖ Byte(side of fact) ‖ U64(number)       FactRecord
//   0x12 kEvidenceTable        ref ‖ Byte(issuer) ‖ U64(number)             EvidenceRecord
//   0x13 kMemberTable          ref ‖ U64(disclosure) ‖ String(member id)    ReferralMemberRecord
//   0x14 kPageTable            ref ‖ U64(disclosure) ‖ U64(page)            HeldMessageRecord
//   0x15 kPendingTable         ref ‖ U64(disclosure)                        PendingDisclosureRecord
//   0x16 kHeldTable            ref ‖ Byte(kind) ‖ U64(number)               HeldMessageRecord
//   0x17 kMoneyTable           ref ‖ String(entry id)                       MoneyEntryRecord
//   0x18 kFileTable            ref ‖ String(evidence id)                    ReceivedFileRecord
//   0x19 kDueTable             Time(due) ‖ ref                              ClockRecord
//   0x1a kFiredTable           ref ‖ Byte(clock) ‖ U64(round)               ClockRecord
//   0x1b kIndexTable           Byte(scope) ‖ String(value) ‖ Byte(order) ‖  v1.ReferralSummary
//                              Time(due) or TimeDescending(updated) ‖ ref
//   0x1c kCaseKeyTable         String(case number)                          CaseKeyRecord
//   0x1d kCaseSequenceTable    String(case number)                          CaseSequenceRecord
//   0x1e kOpenDisclosureTable  String(case number) ‖ U64(ordinal)           OpenDisclosureRecord
//   0x1f kWorkTable            Byte(kind) ‖ ref ‖ String(item)              EventCursorRecord
//   0x20 kBodyTable            String(body id)                              BodyRecord
//   0x21 kAgreementTable       String(agreement id) ‖ String(party)         AgreementRecord
//   0x22 kPostingTable         String(posting id)                           PostingRecord
//   0x23 kLinkTable            String(peer) ‖ Byte(half)                    LinkRecord
//   0x24 kInboxTable           String(sender) ‖ String(message id)          InboxRecord
//   0x25 kFailedTable          String(peer) ‖ U64(epoch) ‖ U64(sequence)    FailedEnvelopeRecord
//   0x26 kCursorTable          String(log)                                  EventCursorRecord
//   0x27 kResponsesTable       String(body id)                              app/responses_row.h
// clang-format on
inline constexpr uint8_t kReferralTable = 0x10;
inline constexpr uint8_t kFactTable = 0x11;
inline constexpr uint8_t kEvidenceTable = 0x12;
inline constexpr uint8_t kMemberTable = 0x13;
inline constexpr uint8_t kPageTable = 0x14;
inline constexpr uint8_t kPendingTable = 0x15;
inline constexpr uint8_t kHeldTable = 0x16;
inline constexpr uint8_t kMoneyTable = 0x17;
inline constexpr uint8_t kFileTable = 0x18;
inline constexpr uint8_t kDueTable = 0x19;
inline constexpr uint8_t kFiredTable = 0x1a;
inline constexpr uint8_t kIndexTable = 0x1b;
inline constexpr uint8_t kCaseKeyTable = 0x1c;
inline constexpr uint8_t kCaseSequenceTable = 0x1d;
inline constexpr uint8_t kOpenDisclosureTable = 0x1e;
inline constexpr uint8_t kWorkTable = 0x1f;
inline constexpr uint8_t kBodyTable = 0x20;
inline constexpr uint8_t kAgreementTable = 0x21;
inline constexpr uint8_t kPostingTable = 0x22;
inline constexpr uint8_t kLinkTable = 0x23;
inline constexpr uint8_t kInboxTable = 0x24;
inline constexpr uint8_t kFailedTable = 0x25;
inline constexpr uint8_t kCursorTable = 0x26;
inline constexpr uint8_t kResponsesTable = 0x27;
inline constexpr uint8_t kLastTable = kResponsesTable;

// The key space as the application uses it. Has no state; thread-safe.
class ReferralKeySpace final : public KeySpace {
 public:
  std::string Encode(const RowKey& key) const override;
  absl::StatusOr<RowKey> Decode(std::string_view bytes) const override;
  std::string Prefix(const RowRange& range) const override;
};

// For people: the table's name and the components. Never personal data, since keys hold none. Falls
// back to kv::DebugPrintKey for keys of the platform and for damaged ones.
std::string DebugPrint(std::string_view key);

// The name of a table of this service, "referral"; empty when it is none of ours.
std::string_view TableName(uint8_t table);

}  // namespace redress::referral

#endif  // REDRESS_SERVICES_REFERRAL_STORAGE_KEYS_H_
